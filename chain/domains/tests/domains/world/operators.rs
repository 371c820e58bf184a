//! What operators of the world do: draw, derive, state and submit.

use super::{World, operator_pair, pair};
use auto_core::{
    Amount, Blob, BlockFees, BlockNumber, Bundle, BundleHeader, BundleVerdict, Call, DomainId,
    ExecutionReceipt, Genesis, Hash, InboxedBundle, List, Nonce, OpaqueExtrinsic, OperatorId,
    ProofOfElection, SealedReceipt, Slot, Submission, Transaction, Transfers, extrinsic_hash, merkle_root,
    tag,
};
use auto_domains::derive::{BlockRules, Derived, ParentTip, execute};
use auto_domains::election::{is_elected, verify_draw};
use auto_domains::genesis::domain_genesis;
use auto_domains::state::{BLOCK, DomainBlock, EPOCH, RECEIPT};
use auto_ledger::ExecutedBlock;
use auto_module::bank::{self, Bank};
use auto_module::{Domain, Environment, Extrinsic, Module, Runtimes};
use parity_scale_codec::Encode;
use std::sync::Arc;

impl World {
    /// Writes the first states of the domains of genesis.
    pub(crate) fn found_domains(&mut self, genesis: &Genesis) {
        for (at, domain) in genesis.domains.iter().enumerate() {
            let id = DomainId(u32::try_from(at + 1).expect("few"));
            let code = Self::runtime(1);
            let start =
                domain_genesis(&self.rules.params, id, &*code, domain, BlockNumber(0)).expect("a domain");
            assert_eq!(self.head_receipt(id), start.receipt);
            self.domain_nodes.extend(start.commit.fresh);
        }
    }

    pub(crate) fn runtime(version: u32) -> Arc<dyn Domain> {
        super::TestRuntimes.domain(&super::TestRuntimes::modules(), version).expect("known")
    }

    pub(crate) fn environment(&self, domain: DomainId) -> Environment {
        Environment { params: self.rules.params.clone(), genesis: self.rules.genesis, domain }
    }

    /// What an operator draws in a slot, elected or not.
    pub(crate) fn right_in(&self, operator: u64, domain: DomainId, slot: Slot) -> ProofOfElection {
        let proof_of_time = Self::output(slot);
        let vrf = operator_pair(operator).draw(&self.rules.genesis, domain, slot, &proof_of_time);
        ProofOfElection { domain, operator: OperatorId(operator), slot, proof_of_time, vrf }
    }

    /// Whether an operator is elected with this right.
    pub(crate) fn is_elected(&self, right: &ProofOfElection) -> bool {
        let epoch = EPOCH.get(&self.contents, &right.domain).expect("sound").unwrap_or_default();
        let key = operator_pair(right.operator.0).key();
        let drawn = verify_draw(&key, &self.rules.genesis, right).expect("its own draw");
        let stake = epoch.stake_of(right.operator).unwrap_or_default();
        is_elected(&epoch, self.record(right.domain).config.bundle_probability, stake, drawn)
    }

    /// The slots that the next block brings.
    pub(crate) fn new_slots(&self) -> impl Iterator<Item = Slot> + use<> {
        let (first, last) = (Self::last_slot(self.number.0).0 + 1, Self::last_slot(self.number.0 + 1).0);
        (first..=last).map(Slot)
    }

    /// An operator's right to submit in the next block: in the first new slot in which it is elected.
    pub(crate) fn right(&self, operator: u64) -> ProofOfElection {
        self.rights(operator).next().expect("elected in one of the slots")
    }

    /// All rights of an operator that the next block brings.
    pub(crate) fn rights(&self, operator: u64) -> impl Iterator<Item = ProofOfElection> + '_ {
        let domain = self.operator(operator).domain;
        let claimed = self.claimed.get(&OperatorId(operator)).copied().unwrap_or_default();
        let slots = self.new_slots().filter(move |slot| *slot > claimed);
        slots.map(move |slot| self.right_in(operator, domain, slot)).filter(|right| self.is_elected(right))
    }

    /// A transfer on a domain, as bundles carry it.
    pub(crate) fn payment(
        &self,
        domain: DomainId,
        from: u8,
        nonce: u64,
        to: u8,
        amount: Amount,
    ) -> OpaqueExtrinsic {
        let transfer = bank::Transfer { to: super::address(to), amount };
        self.extrinsic(domain, from, nonce, Bank::ID, bank::Call::Transfer(transfer).encode())
    }

    /// A call on a domain, as bundles carry it.
    pub(crate) fn extrinsic(
        &self,
        domain: DomainId,
        from: u8,
        nonce: u64,
        module: auto_core::ModuleId,
        payload: Vec<u8>,
    ) -> OpaqueExtrinsic {
        let calls = vec![Call { module, payload: Blob::new(payload).expect("short") }];
        let transaction = Transaction {
            domain,
            signer: pair(from).public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(1_000_000),
            fee_limit: Amount::ai3(100),
            calls: List::new(calls).expect("one"),
        };
        let signed = transaction.sign(&pair(from), &self.rules.genesis);
        Blob::new(Extrinsic::Signed(Box::new(signed)).encode()).expect("short")
    }

    /// Weight of extrinsics together; what cannot be checked has none.
    pub(crate) fn weight(&self, domain: DomainId, extrinsics: &[OpaqueExtrinsic]) -> u64 {
        let (runtime, environment) = (Self::runtime(1), self.environment(domain));
        let checked = extrinsics.iter().filter_map(|bytes| {
            runtime.decode(bytes).and_then(|extrinsic| runtime.check(&environment, extrinsic)).ok()
        });
        checked.map(|extrinsic| extrinsic.weight().0).sum()
    }

    /// A bundle with this right, receipt and extrinsics, signed.
    pub(crate) fn bundle_with(
        &self,
        election: ProofOfElection,
        receipt: ExecutionReceipt,
        extrinsics: &[OpaqueExtrinsic],
    ) -> Bundle {
        let hashes: Vec<Hash> = extrinsics.iter().map(|bytes| extrinsic_hash(bytes)).collect();
        let weight = self.weight(election.domain, extrinsics);
        let header = BundleHeader { election, receipt, weight, extrinsics_root: merkle_root(&hashes) };
        self.seal_bundle(header, extrinsics)
    }

    /// A bundle with this header, signed by the operator that the header names.
    pub(crate) fn seal_bundle(&self, header: BundleHeader, extrinsics: &[OpaqueExtrinsic]) -> Bundle {
        let pair = operator_pair(header.election.operator.0);
        let signature = pair.sign(tag::BUNDLE_SIGNATURE, &self.rules.genesis, header.hash().as_ref());
        Bundle { header, signature, extrinsics: List::new(extrinsics.to_vec()).expect("few") }
    }

    /// A receipt alone, signed.
    pub(crate) fn sealed(&self, election: ProofOfElection, receipt: ExecutionReceipt) -> Submission {
        let signature = auto_core::OperatorSignature([0; 64]);
        let mut sealed = SealedReceipt { election, receipt, signature };
        let pair = operator_pair(election.operator.0);
        sealed.signature = pair.sign(tag::BUNDLE_SIGNATURE, &self.rules.genesis, sealed.hash().as_ref());
        Submission::Receipt(Box::new(sealed))
    }

    /// An honest bundle for the next block: the next receipt if there is one, else the newest.
    pub(crate) fn bundle(&mut self, operator: u64, extrinsics: &[OpaqueExtrinsic]) -> Submission {
        let right = self.right(operator);
        let receipt = self.honest_receipt(right.domain);
        Submission::Bundle(Box::new(self.bundle_with(right, receipt, extrinsics)))
    }

    /// A block with an honest, empty bundle of each of these operators.
    pub(crate) fn step(&mut self, operators: &[u64]) -> ExecutedBlock {
        let bundles: Vec<_> = operators.iter().map(|operator| self.bundle(*operator, &[])).collect();
        self.submit(&bundles)
    }

    /// The newest receipt of a domain.
    pub(crate) fn head_receipt(&self, domain: DomainId) -> ExecutionReceipt {
        let hash = self.record(domain).head_receipt_hash;
        RECEIPT.get(&self.contents, &hash).expect("sound").expect("the newest receipt").receipt
    }

    /// What a block of a domain is derived from; only once the consensus block after it exists.
    pub(crate) fn derivation(&self, domain: DomainId, number: BlockNumber) -> Option<DomainBlock> {
        let mut block = BLOCK.get(&self.contents, &(domain, number)).expect("sound")?;
        // The state learns the hash with the next block; operators know it at once.
        let leaf = &self.leaves[usize::try_from(block.inherent.consensus_number.0).expect("small")];
        block.inherent.consensus_hash = leaf.block_hash;
        Some(block)
    }

    /// Derives the block after the newest receipt; `None` when the domain has no such block.
    pub(crate) fn derive_next(&mut self, domain: DomainId) -> Option<Derived> {
        let parent = self.head_receipt(domain);
        let block = self.derivation(domain, BlockNumber(parent.number.0 + 1))?;
        let runtime = Self::runtime(block.inherent.runtime_version);
        let environment = self.environment(domain);
        let rules = BlockRules { domain: &*runtime, environment: &environment, block: &block };
        let bodies: Vec<_> = block.inbox.iter().map(|entry| self.bodies[&entry.bundle].clone()).collect();
        let bodies: Vec<&[OpaqueExtrinsic]> = bodies.iter().map(Vec::as_slice).collect();
        let derived = execute(&rules, &bodies, &ParentTip::of(&parent), &self.domain_nodes).expect("derives");
        self.domain_nodes.extend(derived.commit.fresh.iter().cloned());
        Some(derived)
    }

    /// The receipt that an honest operator submits next.
    pub(crate) fn honest_receipt(&mut self, domain: DomainId) -> ExecutionReceipt {
        match self.derive_next(domain) {
            Some(derived) => derived.receipt,
            None => self.head_receipt(domain),
        }
    }

    /// A receipt of the block after the newest receipt that passes the door, with roots made up.
    ///
    /// Blocks that follow it cannot be derived, only claimed.
    pub(crate) fn claim(&self, domain: DomainId) -> ExecutionReceipt {
        let parent = self.head_receipt(domain);
        self.claim_after(&parent).expect("the domain has another block")
    }

    /// A receipt that passes the door after `parent`, with roots made up; `None` without such a block.
    pub(crate) fn claim_after(&self, parent: &ExecutionReceipt) -> Option<ExecutionReceipt> {
        let (domain, number) = (parent.domain, BlockNumber(parent.number.0 + 1));
        let block = self.derivation(domain, number)?;
        let root = |part: &str| auto_core::hash(&(part, domain, number).encode());
        let trace = vec![root("begin"), root("end")];
        let inboxed = block.inbox.iter().map(|entry| InboxedBundle {
            verdict: BundleVerdict::Valid(root("digest")),
            extrinsics_root: entry.extrinsics_root,
        });
        Some(ExecutionReceipt {
            domain,
            number,
            block_hash: root("block"),
            extrinsics_root: root("extrinsics"),
            parent_receipt: parent.hash(),
            consensus_number: block.inherent.consensus_number,
            consensus_hash: block.inherent.consensus_hash,
            bundles: List::new(inboxed.collect()).expect("few"),
            final_state_root: trace[1],
            trace_root: merkle_root(&trace),
            trace: List::new(trace).expect("two"),
            fees: BlockFees::default(),
            transfers: Transfers::default(),
        })
    }

    /// Replaces the trace of a receipt, with all that follows from it.
    pub(crate) fn retrace(receipt: &mut ExecutionReceipt, trace: Vec<Hash>) {
        receipt.trace_root = merkle_root(&trace);
        receipt.final_state_root = *trace.last().expect("not empty");
        receipt.trace = List::new(trace).expect("few");
    }

    /// A block with a bundle of `operator` that carries `receipt`.
    pub(crate) fn submit_receipt(&mut self, operator: u64, receipt: ExecutionReceipt) -> ExecutedBlock {
        let bundle = self.bundle_with(self.right(operator), receipt, &[]);
        self.submit(&[Submission::Bundle(Box::new(bundle))])
    }
}
