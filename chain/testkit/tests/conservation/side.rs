//! A domain as an honest operator has it.

use super::setup::runtime;
use auto_core::{
    Address, Amount, BlockNumber, BundleVerdict, ChannelId, DomainId, ExecutionReceipt, GenesisDomain, Hash,
    OpaqueExtrinsic, VrfSignature,
};
use auto_domains::derive::{BlockRules, Derived, ParentTip, execute, verdict};
use auto_domains::fraud::{Claim, Evidence, FraudProof, prove};
use auto_domains::genesis::domain_genesis;
use auto_domains::state::DomainBlock;
use auto_module::bank::{self, ISSUANCE};
use auto_module::{Contents, Domain, Environment, Invariant, Outcome};
use auto_state::Snapshot;
use auto_testkit::consensus::{ConsensusChain, CountedNodes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Newest states of a domain whose nodes are kept: those of every state that a kept consensus state confirms.
const STATES: usize = 160;

/// A transaction that waits for a bundle.
#[derive(Debug, Clone)]
pub(crate) struct Pooled {
    pub(crate) sender: Address,
    pub(crate) nonce: u64,
    pub(crate) bytes: OpaqueExtrinsic,
}

/// A block that can still be disputed, with all that it was derived from.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) block: DomainBlock,
    pub(crate) bodies: Vec<Vec<OpaqueExtrinsic>>,
    pub(crate) tip: ParentTip,
    pub(crate) derived: Derived,
}

/// A domain as an honest operator has it.
pub(crate) struct Side {
    pub(crate) id: DomainId,
    /// What the newest block ran.
    pub(crate) code: Arc<dyn Domain>,
    pub(crate) environment: Environment,
    pub(crate) nodes: CountedNodes,
    pub(crate) contents: Contents,
    /// Height of the newest block.
    pub(crate) head: u64,
    /// The right receipts, from the newest confirmed on.
    pub(crate) receipts: BTreeMap<u64, ExecutionReceipt>,
    /// The money on the domain after each of them.
    pub(crate) issuance: BTreeMap<u64, Amount>,
    pub(crate) open: BTreeMap<u64, Open>,
    /// Bundles that wait to be derived.
    pub(crate) bodies: BTreeMap<Hash, Vec<OpaqueExtrinsic>>,
    /// Bundles that are meant to be invalid.
    pub(crate) bad_bundles: BTreeSet<Hash>,
    pub(crate) pool: Vec<Pooled>,
    /// Transactions that each account ever signed.
    pub(crate) issued: BTreeMap<Address, u64>,
    /// Messages that were relayed since the newest block.
    pub(crate) relays: Vec<OpaqueExtrinsic>,
    /// How many of each direction of a channel.
    pub(crate) ahead: BTreeMap<(DomainId, ChannelId), u64>,
    /// The consensus block until which nobody relays to or from the domain.
    pub(crate) cut_until: u64,
}

impl Side {
    /// A domain of this number, which a consensus block created with a version of its runtime.
    pub(crate) fn new(
        chain: &ConsensusChain,
        genesis: &GenesisDomain,
        (id, created, version): (DomainId, BlockNumber, u32),
    ) -> Self {
        let code = Arc::new(runtime(version));
        let start =
            domain_genesis(&chain.rules().params, id, &*code, genesis, created).expect("it was founded");
        let mut nodes = CountedNodes::new(STATES);
        nodes.apply(start.commit);
        let contents: Contents =
            start.changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let issuance = ISSUANCE.get(&contents).expect("sound").expect("written");
        Self {
            id,
            code,
            environment: chain.environment(id),
            nodes,
            contents,
            head: 0,
            receipts: [(0, start.receipt)].into(),
            issuance: [(0, issuance)].into(),
            open: BTreeMap::new(),
            bodies: BTreeMap::new(),
            bad_bundles: BTreeSet::new(),
            pool: Vec::new(),
            issued: BTreeMap::new(),
            relays: Vec::new(),
            ahead: BTreeMap::new(),
            cut_until: 0,
        }
    }

    /// The state after a block of this root.
    pub(crate) fn state_at(&self, root: Hash) -> Snapshot<&CountedNodes> {
        Snapshot::new(&self.nodes, root)
    }

    pub(crate) fn nonce(&self, address: &Address) -> u64 {
        bank::account(&self.contents, address).expect("sound").nonce.0
    }

    /// The nonce of the next transaction of an account.
    pub(crate) fn next_nonce(&mut self, address: &Address) -> u64 {
        let used = self.nonce(address);
        let next = self.issued.entry(*address).or_insert(0);
        *next = used.max(*next) + 1;
        *next - 1
    }

    /// What an honest operator puts into a bundle: a few relayed messages and transactions that are legal.
    pub(crate) fn choose(
        &self,
        foreseen: &DomainBlock,
        vrf: &VrfSignature,
        most: usize,
    ) -> Vec<OpaqueExtrinsic> {
        let rules = BlockRules { domain: &*self.code, environment: &self.environment, block: foreseen };
        let mut chosen: Vec<OpaqueExtrinsic> = Vec::new();
        let mut bytes = 0;
        for extrinsic in self.relays.iter().take(10).chain(self.pool.iter().map(|pooled| &pooled.bytes)) {
            bytes += extrinsic.len();
            if chosen.len() >= most || bytes > 20_000 {
                break;
            }
            let index = u32::try_from(chosen.len()).expect("few");
            let judged = verdict::extrinsic(&rules, vrf, index, extrinsic, &self.contents);
            if judged.expect("the state is whole").is_ok() {
                chosen.push(extrinsic.clone());
            }
        }
        chosen
    }

    /// Derives the block that the newest consensus block made, if it made one; gives how it went.
    pub(crate) fn follow(&mut self, chain: &ConsensusChain, head: u64) -> Option<&Open> {
        self.relays.clear();
        self.ahead.clear();
        if head == self.head {
            return None;
        }
        assert_eq!(head, self.head + 1, "a consensus block makes one block of a domain at most");
        let block = chain.derivation(self.id, BlockNumber(head)).expect("sound").expect("it was made");
        let bodies: Vec<Vec<OpaqueExtrinsic>> = block
            .inbox
            .iter()
            .map(|entry| self.bodies.remove(&entry.bundle).expect("was included"))
            .collect();
        let slices: Vec<&[OpaqueExtrinsic]> = bodies.iter().map(Vec::as_slice).collect();
        self.code = Arc::new(runtime(block.inherent.runtime_version));
        let rules = BlockRules { domain: &*self.code, environment: &self.environment, block: &block };
        let tip = ParentTip::of(&self.receipts[&self.head]);
        let derived = execute(&rules, &slices, &tip, &self.nodes).expect("the state is whole");
        for (entry, bundle) in block.inbox.iter().zip(derived.receipt.bundles.iter()) {
            let valid = matches!(bundle.verdict, BundleVerdict::Valid(_));
            assert_eq!(valid, !self.bad_bundles.remove(&entry.bundle), "bundle {}", entry.bundle);
        }
        self.advance(&derived);
        self.head = head;
        self.receipts.insert(head, derived.receipt.clone());
        let issuance = ISSUANCE.get(&self.contents).expect("sound").expect("written");
        self.issuance.insert(head, issuance);
        self.clean_pool(&derived);
        self.open.insert(head, Open { block, bodies, tip, derived });
        self.open.get(&head)
    }

    /// Goes on to the state after a block, in which every invariant holds.
    fn advance(&mut self, derived: &Derived) {
        let mut after = self.contents.clone();
        for (key, value) in derived.steps.iter().flatten() {
            match value {
                Some(value) => after.insert(key.clone(), value.clone()),
                None => after.remove(key),
            };
        }
        for Invariant { name, check } in self.code.invariants() {
            if let Err(what) = check(&self.contents, &after) {
                panic!("domain {}: \"{name}\" is broken: {what}", self.id);
            }
        }
        self.contents = after;
        self.nodes.apply(derived.commit.clone());
    }

    /// Forgets transactions that had their turn, and all of an account of which one was skipped.
    fn clean_pool(&mut self, derived: &Derived) {
        let skipped = derived.executed.iter().filter(|done| matches!(done.outcome, Outcome::Skipped { .. }));
        let skipped: BTreeSet<Hash> = skipped.map(|done| done.hash).collect();
        let stuck: BTreeSet<Address> = self
            .pool
            .iter()
            .filter(|pooled| skipped.contains(&auto_core::extrinsic_hash(&pooled.bytes)))
            .map(|pooled| pooled.sender)
            .collect();
        let mut pool = std::mem::take(&mut self.pool);
        pool.retain(|pooled| pooled.nonce >= self.nonce(&pooled.sender) && !stuck.contains(&pooled.sender));
        self.pool = pool;
        self.issued.retain(|sender, _| !stuck.contains(sender));
    }

    /// Forgets what is settled.
    pub(crate) fn forget(&mut self, confirmed: u64) {
        self.open.retain(|number, _| *number > confirmed);
        self.receipts.retain(|number, _| *number >= confirmed);
        self.issuance.retain(|number, _| *number >= confirmed);
    }

    /// Proves a receipt wrong.
    pub(crate) fn prove(&self, bad: &ExecutionReceipt) -> FraudProof {
        let open = &self.open[&bad.number.0];
        let code = runtime(open.block.inherent.runtime_version);
        let rules = BlockRules { domain: &code, environment: &self.environment, block: &open.block };
        let bundles: Vec<&[OpaqueExtrinsic]> = open.bodies.iter().map(Vec::as_slice).collect();
        let evidence = Evidence { bundles: &bundles, derived: &open.derived, source: &self.nodes };
        let proof = prove(&Claim { rules, parent: &open.tip, receipt: bad }, &evidence);
        proof.expect("the state is whole").expect("it is wrong")
    }
}
