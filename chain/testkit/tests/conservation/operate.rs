//! What operators submit, the honest and the others, and what becomes of liars.

use super::side::Side;
use super::world::{Member, World};
use auto_core::{
    Blob, BlockFees, BlockNumber, BundleVerdict, DomainId, ExecutionReceipt, Hash, InboxedBundle, List,
    OpaqueExtrinsic, ProofOfElection, Slot, Transfers, hash, merkle_root,
};
use auto_domains::DomainsCall;
use auto_domains::receipt;
use auto_domains::state::{DomainBlock, DomainRecord};
use auto_ledger::byte_fees;
use auto_module::Inherent;
use auto_testkit::consensus::weight;
use auto_testkit::lies;

impl World {
    /// Some operator offers something.
    pub(crate) fn offer_somewhere(&mut self) {
        let domain = self.some_domain();
        let there: Vec<usize> = (0..self.members.len())
            .filter(|at| self.members[*at].operator.domain == domain && self.takes_part(*at))
            .collect();
        if there.is_empty() {
            return self.tally.count("nobody to offer");
        }
        let at = there[self.rng.index(there.len())];
        if self.members[at].cut_until > self.number() {
            return self.tally.count("attempts while cut off");
        }
        self.offer(at);
    }

    fn takes_part(&self, at: usize) -> bool {
        let Member { operator, .. } = &self.members[at];
        let epoch = auto_domains::state::EPOCH.get(self.chain.state(), &operator.domain).expect("sound");
        epoch.is_some_and(|epoch| epoch.stake_of(operator.id).is_some())
    }

    fn offer(&mut self, at: usize) {
        let Member { operator, liar, claimed, .. } = self.members[at].clone();
        let Some(right) = self.chain.right(&operator, claimed) else {
            // No other slot before the next block.
            self.members[at].claimed = Slot(u64::MAX);
            return self.tally.count("not elected");
        };
        let domain = operator.domain;
        let record = self.record(domain);
        let next = record.head_receipt.0 + 1;
        let side = self.side(domain);
        let newest = side.receipts.get(&record.head_receipt.0);
        let newest = newest.filter(|newest| newest.hash() == record.head_receipt_hash).cloned();
        let receipt = match newest {
            // An honest operator vouches for nothing that is built on a lie.
            None if !liar => return self.tally.count("abstained"),
            None => match self.lie_on_a_lie(domain, &record) {
                Some(receipt) => receipt,
                None => return,
            },
            Some(newest) => match side.receipts.get(&next).cloned() {
                None => newest,
                Some(_) if liar && self.rng.chance(45) => self.lie_about(domain, next),
                Some(right) => right,
            },
        };
        self.members[at].claimed = right.slot;
        if record.head.0 - record.head_receipt.0 > 1 {
            let sealed = self.chain.sealed_receipt(&operator, right, receipt);
            return self.submit(sealed, None);
        }
        let bad = liar && self.rng.chance(12);
        let (body, stated) =
            if bad { self.bad_body(domain, &right) } else { self.good_body(domain, &record, &right) };
        let bundle = self.chain.bundle(&operator, right, receipt, stated, &body);
        if bad {
            self.tally.count("invalid bundles");
            let hash = bundle.hash();
            self.side_mut(domain).bad_bundles.insert(hash);
        }
        self.submit(bundle, Some(body));
    }

    /// What the next block of a domain is foreseen to be derived from.
    fn foreseen(&self, domain: DomainId, record: &DomainRecord) -> DomainBlock {
        let cx = self.chain.context();
        let inherent = Inherent {
            number: BlockNumber(record.head.0 + 1),
            consensus_number: cx.number,
            consensus_hash: Hash::ZERO,
            mmr_root: cx.mmr_root,
            slot: cx.slot,
            byte_fee: byte_fees(self.chain.state()).expect("sound").next,
            runtime_version: self.runtime_version(domain),
        };
        DomainBlock { inherent, seed: Hash::ZERO, range: record.range, inbox: List::default() }
    }

    fn good_body(
        &mut self,
        domain: DomainId,
        record: &DomainRecord,
        right: &ProofOfElection,
    ) -> (Vec<OpaqueExtrinsic>, u64) {
        let (foreseen, most) = (self.foreseen(domain, record), 4 + self.rng.index(16));
        let side = self.side(domain);
        let body = side.choose(&foreseen, &right.vrf, most);
        let weight = weight(&*side.code, &side.environment, &body);
        (body, weight)
    }

    /// A body that breaks a rule, or a weight that is not that of the body.
    fn bad_body(&mut self, domain: DomainId, right: &ProofOfElection) -> (Vec<OpaqueExtrinsic>, u64) {
        let record = self.record(domain);
        let (mut body, weight) = self.good_body(domain, &record, right);
        if self.rng.chance(50) {
            return (body, weight + 1);
        }
        body.push(Blob::new(vec![9; 40]).expect("short"));
        (body, weight)
    }

    fn lie_about(&mut self, domain: DomainId, number: u64) -> ExecutionReceipt {
        let open = &self.side(domain).open[&number];
        let counts: Vec<usize> = open.bodies.iter().map(Vec::len).collect();
        let mut all = lies(&open.derived, &open.tip, &counts);
        let lie = all.swap_remove(self.rng.index(all.len()));
        self.tally.count("lies stated");
        lie.bad
    }

    /// A receipt on top of one that is wrong; whatever it says is wrong too.
    fn lie_on_a_lie(&mut self, domain: DomainId, record: &DomainRecord) -> Option<ExecutionReceipt> {
        let number = BlockNumber(record.head_receipt.0 + 1);
        let block = self.chain.derivation(domain, number).expect("sound")?;
        let trace = vec![hash(b"begin"), hash(b"end")];
        let bundles = block.inbox.iter().map(|entry| InboxedBundle {
            verdict: BundleVerdict::Valid(hash(b"digest")),
            extrinsics_root: entry.extrinsics_root,
        });
        self.tally.count("lies on lies");
        Some(ExecutionReceipt {
            domain,
            number,
            block_hash: hash(b"block"),
            extrinsics_root: hash(b"extrinsics"),
            parent_receipt: record.head_receipt_hash,
            consensus_number: block.inherent.consensus_number,
            consensus_hash: block.inherent.consensus_hash,
            bundles: List::new(bundles.collect()).expect("as many"),
            final_state_root: trace[1],
            trace_root: merkle_root(&trace),
            trace: List::new(trace).expect("two"),
            fees: BlockFees::default(),
            transfers: Transfers::default(),
        })
    }

    /// The first receipt of a domain that is wrong and not confirmed.
    fn first_wrong(&self, side: &Side) -> Option<ExecutionReceipt> {
        let record = self.record(side.id);
        for number in record.confirmed.0 + 1..=record.head_receipt.0 {
            let known = receipt::at(self.chain.state(), side.id, BlockNumber(number)).expect("sound");
            let known = known.expect("part of the line").receipt;
            if side.receipts[&number] != known {
                return Some(known);
            }
        }
        None
    }

    fn accuse(&mut self, at: usize) {
        let side = &self.sides[at];
        let Some(bad) = self.first_wrong(side) else { return };
        let domain = side.id;
        if self.accused.insert(domain) {
            let proof = self.sides[at].prove(&bad);
            self.report(DomainsCall::SubmitFraudProof(Box::new(proof)).into_call());
        }
    }

    /// Someone looks for a wrong receipt of some domain.
    pub(crate) fn report_some_fraud(&mut self) {
        let at = self.rng.index(self.sides.len());
        self.accuse(at);
    }

    /// Reports what the block after the next could confirm: nobody waits longer.
    pub(crate) fn report_what_would_be_confirmed(&mut self) {
        let period = self.chain.rules().params.challenge_period;
        for at in 0..self.sides.len() {
            let head = self.record(self.sides[at].id).head_receipt.0;
            // Submissions come first in a block, and one of them may extend the line.
            let is_late = |bad: &ExecutionReceipt| bad.number.0 + period <= head + 2;
            if self.first_wrong(&self.sides[at]).is_some_and(|bad| is_late(&bad)) {
                self.accuse(at);
            }
        }
    }

    /// Cuts off the relayers of a domain, all of its operators, or one of them, for a while.
    pub(crate) fn cut_off(&mut self) {
        let (domain, kind) = (self.some_domain(), self.rng.between(1, 10));
        let until = self.number() + self.rng.between(1, 12);
        match kind {
            1..=5 => {
                self.tally.count("relayers cut off");
                self.side_mut(domain).cut_until = until;
            }
            6..=7 => {
                self.tally.count("domains cut off");
                let there = self.members.iter_mut().filter(|member| member.operator.domain == domain);
                there.for_each(|member| member.cut_until = until);
            }
            _ => {
                let at = self.some_member();
                self.members[at].cut_until = until;
            }
        }
    }
}
