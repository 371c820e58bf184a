//! Every way to lie about a block, and what proves each wrong.

use auto_core::{
    Amount, BundleVerdict, DomainHeader, DomainId, ExecutionReceipt, Hash, InvalidBundle, List, Transfers,
    hash, merkle_root,
};
use auto_domains::derive::{Derived, ParentTip};
use auto_domains::fraud::{FraudKind, Phase};
use std::fmt;

/// What proves a lie wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proves {
    Initialize,
    Apply,
    Finalize,
    TraceLength,
    ValidBundle,
    ExtrinsicsRoot,
    InvalidBundle,
    BlockHash,
    Fees,
    Transfers,
}

impl Proves {
    pub(super) const fn of(kind: &FraudKind) -> Self {
        match kind {
            FraudKind::StateTransition { phase: Phase::Initialize, .. } => Self::Initialize,
            FraudKind::StateTransition { phase: Phase::Apply { .. }, .. } => Self::Apply,
            FraudKind::StateTransition { phase: Phase::Finalize, .. } => Self::Finalize,
            FraudKind::TraceLength { .. } => Self::TraceLength,
            FraudKind::ValidBundle { .. } => Self::ValidBundle,
            FraudKind::ExtrinsicsRoot { .. } => Self::ExtrinsicsRoot,
            FraudKind::InvalidBundle { .. } => Self::InvalidBundle,
            FraudKind::BlockHash => Self::BlockHash,
            FraudKind::Fees { .. } => Self::Fees,
            FraudKind::Transfers { .. } => Self::Transfers,
        }
    }
}

/// A receipt with one lie in it, that passes the door unless it moves more money than there is.
#[derive(Debug, Clone)]
pub struct Lie {
    /// What is wrong with it.
    pub name: String,
    /// The receipt.
    pub bad: ExecutionReceipt,
    pub(super) proves: Proves,
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

struct Liar<'a> {
    right: &'a ExecutionReceipt,
    tip: &'a ParentTip,
    lies: Vec<Lie>,
}

/// Every lie about a block that follows on `tip` and has bundles of so many extrinsics, in the order of the
/// block.
#[must_use]
pub fn lies(derived: &Derived, tip: &ParentTip, bundles: &[usize]) -> Vec<Lie> {
    let mut liar = Liar { right: &derived.receipt, tip, lies: Vec::new() };
    liar.trace();
    liar.roots();
    liar.sums();
    liar.verdicts(bundles);
    liar.lies
}

impl Liar<'_> {
    /// Tells a lie whose trace is sealed and whose block hash fits, so that nothing else is wrong.
    fn tell(&mut self, name: String, proves: Proves, change: impl FnOnce(&mut ExecutionReceipt)) {
        let mut bad = self.right.clone();
        change(&mut bad);
        bad.trace_root = merkle_root(&bad.trace);
        bad.final_state_root = bad.trace.last().copied().unwrap_or_default();
        let header = DomainHeader {
            domain: bad.domain,
            number: bad.number,
            parent_hash: self.tip.block_hash,
            extrinsics_root: bad.extrinsics_root,
            state_root: bad.final_state_root,
        };
        bad.block_hash = header.hash();
        self.lies.push(Lie { name, bad, proves });
    }

    fn trace(&mut self) {
        let right = self.right.trace.to_vec();
        let last = right.len().saturating_sub(1);
        let with = |bad: &mut ExecutionReceipt, trace: Vec<Hash>| {
            bad.trace = List::new(trace).unwrap_or_default();
        };
        for at in 0..right.len() {
            let (name, proves) = match at {
                0 => ("the root after initialization".to_owned(), Proves::Initialize),
                _ if at == last => ("the root after finalization".to_owned(), Proves::Finalize),
                _ => (format!("the root after extrinsic {}", at.saturating_sub(1)), Proves::Apply),
            };
            let mut trace = right.clone();
            trace[at].0[0] ^= 1;
            self.tell(name, proves, |bad| with(bad, trace));
        }
        let mut longer = right.clone();
        longer.insert(last, hash(b"one more"));
        self.tell("one root more".to_owned(), Proves::TraceLength, |bad| with(bad, longer));
        // A trace of one root is refused at the door.
        if right.len() > 2 {
            let mut shorter = right;
            shorter.remove(0);
            self.tell("one root less".to_owned(), Proves::TraceLength, |bad| with(bad, shorter));
        }
    }

    fn roots(&mut self) {
        self.tell("the extrinsics root".to_owned(), Proves::ExtrinsicsRoot, |bad| {
            bad.extrinsics_root.0[0] ^= 1;
        });
        let mut bad = self.right.clone();
        bad.block_hash.0[0] ^= 1;
        self.lies.push(Lie { name: "the block hash".to_owned(), bad, proves: Proves::BlockHash });
    }

    fn sums(&mut self) {
        let one = Amount::from_base_units(1);
        let more = |amount: &mut Amount| *amount = amount.checked_add(one).unwrap_or_default();
        self.tell("the storage fees".to_owned(), Proves::Fees, |bad| more(&mut bad.fees.storage));
        self.tell("the execution fees".to_owned(), Proves::Fees, |bad| more(&mut bad.fees.execution));
        self.tell("the burned fees".to_owned(), Proves::Fees, |bad| more(&mut bad.fees.burned));
        if self.right.transfers == Transfers::default() {
            self.tell("the transfers, one made up".to_owned(), Proves::Transfers, |bad| {
                let outgoing = vec![(DomainId::CONSENSUS, one)];
                bad.transfers.outgoing = List::new(outgoing).unwrap_or_default();
            });
        } else {
            self.tell("the transfers, all hidden".to_owned(), Proves::Transfers, |bad| {
                bad.transfers = Transfers::default();
            });
        }
    }

    fn verdicts(&mut self, bundles: &[usize]) {
        for (bundle, count) in bundles.iter().enumerate() {
            let mut accuse = |name: String, proves: Proves, verdict: BundleVerdict| {
                self.tell(name, proves, |bad| {
                    let mut list = bad.bundles.to_vec();
                    if let Some(entry) = list.get_mut(bundle) {
                        entry.verdict = verdict;
                    }
                    bad.bundles = List::new(list).unwrap_or_default();
                });
            };
            let digest = BundleVerdict::Valid(hash(b"digest"));
            accuse(format!("the digest of bundle {bundle}"), Proves::ValidBundle, digest);
            let heavy = BundleVerdict::Invalid(InvalidBundle::InvalidWeight);
            accuse(format!("the weight of bundle {bundle}"), Proves::InvalidBundle, heavy);
            for index in 0..u32::try_from(*count).unwrap_or(0) {
                let illegal = BundleVerdict::Invalid(InvalidBundle::IllegalTx(index));
                let name = format!("calling extrinsic {index} of bundle {bundle} illegal");
                accuse(name, Proves::InvalidBundle, illegal);
            }
        }
    }
}
