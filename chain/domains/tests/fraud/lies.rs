//! Every way to lie in a receipt.

use super::fixture::Scene;
use auto_core::{
    Amount, BlockFees, BundleVerdict, DomainHeader, DomainId, ExecutionReceipt, Hash, InboxedBundle,
    InvalidBundle, List, TRACE_ROOTS_MAX, Transfers, hash, merkle_root,
};
use auto_domains::derive::{bundle_digest, execute::extrinsic_leaves};
use auto_domains::fraud::FraudKind;

/// A receipt with a lie that passes the door, and what proves it.
pub(crate) struct Lie {
    pub(crate) name: String,
    pub(crate) bad: ExecutionReceipt,
    pub(crate) kind: &'static str,
}

pub(crate) const fn name_of(kind: &FraudKind) -> &'static str {
    match kind {
        FraudKind::StateTransition { .. } => "state transition",
        FraudKind::TraceLength { .. } => "trace length",
        FraudKind::ValidBundle { .. } => "valid bundle",
        FraudKind::ExtrinsicsRoot { .. } => "extrinsics root",
        FraudKind::InvalidBundle { is_true: true, .. } => "true invalid bundle",
        FraudKind::InvalidBundle { is_true: false, .. } => "false invalid bundle",
        FraudKind::BlockHash => "block hash",
        FraudKind::Fees { .. } => "fees",
        FraudKind::Transfers { .. } => "transfers",
    }
}

/// Makes a receipt pass the door again: the root over its trace, and its last root.
pub(crate) fn seal(receipt: &mut ExecutionReceipt) {
    receipt.trace_root = merkle_root(&receipt.trace);
    receipt.final_state_root = *receipt.trace.last().expect("two roots");
}

/// Likewise, with the block hash that the other fields have.
fn seal_with_hash(scene: &Scene, receipt: &mut ExecutionReceipt) {
    seal(receipt);
    let header = DomainHeader {
        domain: receipt.domain,
        number: receipt.number,
        parent_hash: scene.tip.block_hash,
        extrinsics_root: receipt.extrinsics_root,
        state_root: receipt.final_state_root,
    };
    receipt.block_hash = header.hash();
}

struct Liar<'a> {
    scene: &'a Scene,
    lies: Vec<Lie>,
}

impl Liar<'_> {
    /// Adds a lie, with and without a block hash that fits it.
    fn tell(&mut self, name: String, kind: &'static str, change: impl Fn(&mut ExecutionReceipt)) {
        let mut bad = self.scene.right().clone();
        change(&mut bad);
        seal(&mut bad);
        let mut fitting = bad.clone();
        seal_with_hash(self.scene, &mut fitting);
        for bad in [bad, fitting] {
            // Some changes change nothing, such as a swap of equal roots.
            if bad != *self.scene.right() {
                self.lies.push(Lie { name: name.clone(), bad, kind });
            }
        }
    }

    fn traces(&mut self) {
        let right = self.scene.right().trace.to_vec();
        let parent = self.scene.tip.state_root;
        for at in 0..right.len() {
            let others = [hash(b"other"), Hash::ZERO, parent, right[0], right[right.len() - 1]]
                .into_iter()
                .chain(right.get(at + 1).copied())
                .chain(at.checked_sub(1).map(|before| right[before]));
            for other in others.filter(|other| *other != right[at]) {
                self.tell(format!("root {at}"), "state transition", |bad| {
                    let mut trace = right.clone();
                    trace[at] = other;
                    bad.trace = List::new(trace).expect("as many");
                });
            }
            self.tell(format!("all roots from {at}"), "state transition", |bad| {
                let mut trace = right.clone();
                trace[at..].iter_mut().for_each(|root| root.0[0] ^= 1);
                bad.trace = List::new(trace).expect("as many");
            });
        }
        for at in 0..right.len() - 1 {
            if right[at] != right[at + 1] {
                self.tell(format!("roots {at} and next swapped"), "state transition", |bad| {
                    let mut trace = right.clone();
                    trace.swap(at, at + 1);
                    bad.trace = List::new(trace).expect("as many");
                });
            }
        }
    }

    fn lengths(&mut self) {
        let right = self.scene.right().trace.to_vec();
        for at in 0..=right.len() {
            for root in [hash(b"more"), right[at.min(right.len() - 1)]] {
                self.tell(format!("one root more at {at}"), "trace length", |bad| {
                    let mut trace = right.clone();
                    trace.insert(at, root);
                    bad.trace = List::new(trace).expect("one more");
                });
            }
        }
        for at in 0..right.len() {
            if right.len() > 2 {
                self.tell(format!("one root less at {at}"), "trace length", |bad| {
                    let mut trace = right.clone();
                    trace.remove(at);
                    bad.trace = List::new(trace).expect("one less");
                });
            }
        }
        for length in (2..right.len()).chain([right.len() + 7, TRACE_ROOTS_MAX]) {
            self.tell(format!("{length} roots"), "trace length", |bad| {
                let mut trace = right.clone();
                trace.resize(length, hash(b"more"));
                bad.trace = List::new(trace).expect("as many as there may be");
            });
        }
    }

    fn extrinsics(&mut self) {
        let hashes: Vec<Hash> = self.scene.derived.ordered.iter().map(|(hash, _)| *hash).collect();
        let leaves = extrinsic_leaves(&self.scene.rules(), hashes.iter().copied());
        let mut reversed = leaves.clone();
        reversed[1..].reverse();
        let mut other_inherent = leaves.clone();
        other_inherent[0].0[0] ^= 1;
        let more = [leaves.as_slice(), &[hash(b"more")]].concat();
        let twice = [leaves.as_slice(), &leaves[leaves.len() - 1..]].concat();
        let lists = [
            ("reversed", reversed),
            ("without inherent", hashes),
            ("with another inherent", other_inherent),
            ("one less", leaves[..leaves.len() - 1].to_vec()),
            ("one more", more),
            ("last twice", twice),
            ("empty", Vec::new()),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| *list != leaves) {
            self.tell(format!("extrinsics {name}"), "extrinsics root", |bad| {
                bad.extrinsics_root = merkle_root(&list);
            });
            // And a trace of the length that would go with it.
            self.tell(format!("extrinsics {name}, with trace"), "extrinsics root", |bad| {
                bad.extrinsics_root = merkle_root(&list);
                let mut trace = bad.trace.to_vec();
                trace.resize(list.len() + 1, hash(b"more"));
                trace.resize(trace.len().max(2), hash(b"more"));
                bad.trace = List::new(trace).expect("few");
            });
        }
        for root in [Hash::ZERO, hash(b"root"), self.scene.parent.extrinsics_root] {
            self.tell("extrinsics root".to_owned(), "extrinsics root", |bad| bad.extrinsics_root = root);
        }
    }

    fn hashes(&mut self) {
        let right = self.scene.right();
        let header = DomainHeader {
            domain: right.domain,
            number: right.number,
            parent_hash: self.scene.tip.block_hash,
            extrinsics_root: right.extrinsics_root,
            state_root: right.final_state_root,
        };
        let mut number = header;
        number.number.0 += 1;
        let others = [
            Hash::ZERO,
            hash(b"block"),
            self.scene.tip.block_hash,
            DomainHeader { parent_hash: self.scene.tip.receipt_hash, ..header }.hash(),
            DomainHeader { state_root: self.scene.tip.state_root, ..header }.hash(),
            DomainHeader { extrinsics_root: Hash::ZERO, ..header }.hash(),
            DomainHeader { domain: DomainId(1), ..header }.hash(),
            number.hash(),
        ];
        for other in others {
            let mut bad = right.clone();
            bad.block_hash = other;
            self.lies.push(Lie { name: "block hash".to_owned(), bad, kind: "block hash" });
        }
    }

    fn fees(&mut self) {
        let right = self.scene.right().fees;
        let field: [fn(&mut BlockFees) -> &mut Amount; 3] =
            [|fees| &mut fees.storage, |fees| &mut fees.execution, |fees| &mut fees.burned];
        for (at, field) in field.iter().enumerate() {
            for units in [0, 1, u128::MAX] {
                self.tell(format!("fee {at}"), "fees", |bad| {
                    *field(&mut bad.fees) = Amount::from_base_units(units);
                });
            }
            self.tell(format!("fee {at} and one"), "fees", |bad| {
                let fee = field(&mut bad.fees);
                *fee = fee.checked_add(Amount::from_base_units(1)).expect("small");
            });
        }
        self.tell("fees swapped".to_owned(), "fees", |bad| {
            bad.fees = BlockFees { storage: right.execution, execution: right.storage, ..right };
        });
    }

    fn transfers(&mut self) {
        type Chains = List<(DomainId, Amount), { auto_core::TRANSFER_CHAINS_MAX }>;
        let field: [fn(&mut Transfers) -> &mut Chains; 4] = [
            |transfers| &mut transfers.incoming,
            |transfers| &mut transfers.outgoing,
            |transfers| &mut transfers.rejected,
            |transfers| &mut transfers.reclaimed,
        ];
        for (at, field) in field.iter().enumerate() {
            let right = field(&mut self.scene.right().transfers.clone()).to_vec();
            let mut lists: Vec<Vec<(DomainId, Amount)>> = vec![
                Vec::new(),
                vec![(DomainId(0), Amount::ai3(1))],
                [right.as_slice(), &[(DomainId(99), Amount::ai3(1))]].concat(),
                (0..64).map(|chain| (DomainId(chain), Amount::ai3(1))).collect(),
            ];
            if let Some((chain, amount)) = right.first() {
                let more = amount.checked_add(Amount::from_base_units(1)).expect("small");
                lists.push(vec![(*chain, more)]);
                lists.push(vec![(DomainId(chain.0 + 1), *amount)]);
            }
            for list in lists {
                self.tell(format!("transfers {at}"), "transfers", |bad| {
                    *field(&mut bad.transfers) = List::new(list.clone()).expect("few");
                });
            }
        }
        self.tell("directions swapped".to_owned(), "transfers", |bad| {
            let transfers = bad.transfers.clone();
            bad.transfers = Transfers {
                incoming: transfers.outgoing,
                outgoing: transfers.incoming,
                rejected: transfers.reclaimed,
                reclaimed: transfers.rejected,
            };
        });
    }

    fn verdicts(&mut self) {
        for (at, own) in self.scene.verdicts().into_iter().enumerate() {
            for other in verdicts(self.scene, at).into_iter().filter(|other| *other != own) {
                let kind = match (own, other) {
                    (BundleVerdict::Valid(_), BundleVerdict::Valid(_)) => "valid bundle",
                    (BundleVerdict::Invalid(_), BundleVerdict::Valid(_)) => "true invalid bundle",
                    (BundleVerdict::Invalid(own), BundleVerdict::Invalid(other))
                        if own.order() < other.order() =>
                    {
                        "true invalid bundle"
                    }
                    (_, BundleVerdict::Invalid(_)) => "false invalid bundle",
                };
                self.tell(format!("bundle {at}: {other:?}"), kind, |bad| {
                    let mut bundles: Vec<InboxedBundle> = bad.bundles.to_vec();
                    bundles[at].verdict = other;
                    bad.bundles = List::new(bundles).expect("as many");
                });
            }
        }
    }
}

/// Every verdict that could be stated of a bundle.
fn verdicts(scene: &Scene, at: usize) -> Vec<BundleVerdict> {
    let count = u32::try_from(scene.bundles[at].len()).expect("few");
    let reasons = (0..count + 2).chain([u32::MAX]).flat_map(|index| {
        [
            InvalidBundle::UndecodableTx(index),
            InvalidBundle::OutOfRangeTx(index),
            InvalidBundle::InherentExtrinsic(index),
            InvalidBundle::InvalidMessage(index),
            InvalidBundle::IllegalTx(index),
        ]
    });
    let entries = scene.derived.entries[at].to_vec();
    let mut reversed = entries.clone();
    reversed.reverse();
    let mut shorter = entries.clone();
    shorter.pop();
    let lists = [Vec::new(), reversed, shorter, entries];
    let digests = lists.into_iter().map(|list| bundle_digest(&List::new(list).expect("few")));
    let digests = digests.chain([Hash::ZERO, hash(b"digest"), scene.right().bundles[at].extrinsics_root]);
    let invalid = reasons.chain([InvalidBundle::InvalidWeight]).map(BundleVerdict::Invalid);
    invalid.chain(digests.map(BundleVerdict::Valid)).collect()
}

/// Every lie about a block that this test knows.
pub(crate) fn lies(scene: &Scene) -> Vec<Lie> {
    let mut liar = Liar { scene, lies: Vec::new() };
    liar.verdicts();
    liar.extrinsics();
    liar.lengths();
    liar.traces();
    liar.hashes();
    liar.fees();
    liar.transfers();
    liar.lies
}
