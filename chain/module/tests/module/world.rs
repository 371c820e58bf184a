//! A consensus chain and domains that move in step: a block of each at every height.

use crate::hub::{self, Books};
use crate::notes::Notes;
use auto_core::{
    Address, Amount, Blob, BlockNumber, Call, DomainConfig, DomainId, GenesisAccount, GenesisDomain, Hash,
    KeyPair, List, ModuleGenesis, ModuleId, Nonce, OperatorAllowList, Preset, ProtocolParams, Slot,
    Transaction,
};
use auto_module::bank::{self, Bank};
use auto_module::messages::{
    self, CHANNELS, CONFIRMED, Confirmed, MessageError, Messages, MessagesGenesis, Post, Relay,
};
use auto_module::{
    CheckedExtrinsic, Contents, Domain, DomainError, Environment, Executed, Extrinsic, Inherent, Module,
    Runtime, module,
};
use auto_state::mmr::{Mmr, MmrLeaf};
use auto_state::{Changes, EMPTY_ROOT, MemoryNodes, Overlay, Snapshot, StateProof};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

pub(crate) const HUB: DomainId = DomainId::CONSENSUS;
pub(crate) const ONE: DomainId = DomainId(1);
pub(crate) const TWO: DomainId = DomainId(2);

pub(crate) fn pair(byte: u8) -> KeyPair {
    KeyPair::from_secret(&[byte; 32])
}

pub(crate) fn address(byte: u8) -> Address {
    pair(byte).public_key().address()
}

pub(crate) fn params() -> ProtocolParams {
    ProtocolParams { message_roots: 8, confirmation_depth: 2, ..ProtocolParams::preset(Preset::Test) }
}

pub(crate) fn environment(domain: DomainId) -> Environment {
    Environment { params: params(), genesis: Hash([9; 32]), domain }
}

pub(crate) fn runtime() -> Runtime {
    Runtime::new(1, vec![module::<Bank>(), module::<Messages>(), module::<Notes>()]).expect("a runtime")
}

pub(crate) fn genesis(accounts: &[(u8, Amount)], allowed: &[DomainId]) -> GenesisDomain {
    let accounts =
        accounts.iter().map(|(byte, balance)| GenesisAccount { address: address(*byte), balance: *balance });
    let config =
        MessagesGenesis { allowed: List::new(allowed.to_vec()).expect("few"), established: List::default() };
    let modules = [(Bank::ID, Vec::new()), (Messages::ID, config.encode()), (Notes::ID, Vec::new())];
    let modules =
        modules.map(|(module, bytes)| ModuleGenesis { module, genesis: Blob::new(bytes).expect("short") });
    GenesisDomain {
        owner: address(1),
        config: DomainConfig {
            name: Blob::new(b"test".to_vec()).expect("short"),
            bundle_bytes_max: 1 << 16,
            bundle_weight_max: 1 << 40,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: Blob::new(b"test".to_vec()).expect("short"),
        modules: List::new(modules.to_vec()).expect("few"),
        accounts: List::new(accounts.collect()).expect("few"),
    }
}

pub(crate) fn merge(contents: &mut Contents, changes: Changes) {
    for (key, value) in changes {
        match value {
            Some(value) => drop(contents.insert(key, value)),
            None => drop(contents.remove(&key)),
        }
    }
}

/// The state after one block, with its tree.
#[derive(Clone)]
pub(crate) struct Committed {
    pub(crate) contents: Contents,
    nodes: MemoryNodes,
    pub(crate) root: Hash,
}

impl Committed {
    fn new(contents: &Contents) -> Self {
        let changes = contents.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("fits");
        Self { contents: contents.clone(), nodes: commit.fresh.into_iter().collect(), root: commit.root }
    }

    pub(crate) fn prove(&self, key: &[u8]) -> StateProof {
        Snapshot::new(&self.nodes, self.root).prove(key).expect("whole")
    }
}

pub(crate) struct Chain {
    pub(crate) env: Environment,
    pub(crate) contents: Contents,
    pub(crate) number: u64,
    /// State after every block.
    pub(crate) blocks: Vec<Committed>,
    pub(crate) queue: Vec<Extrinsic>,
    pub(crate) executed: Vec<Executed>,
}

pub(crate) struct World {
    pub(crate) runtime: Runtime,
    pub(crate) hub: Contents,
    pub(crate) height: u64,
    pub(crate) hub_blocks: Vec<Committed>,
    pub(crate) leaves: Vec<MmrLeaf>,
    pub(crate) mmr: Mmr,
    pub(crate) domains: BTreeMap<DomainId, Chain>,
    /// Messages for the consensus chain's next block.
    pub(crate) hub_queue: Vec<Relay>,
    pub(crate) hub_results: Vec<Result<messages::Delivery, MessageError>>,
    /// Whether blocks of domains are confirmed at once.
    pub(crate) confirming: bool,
}

impl World {
    /// Accounts 1 to 4 with 1,000 AI3 on every chain; all chains allow one another.
    pub(crate) fn new() -> Self {
        let rich: Vec<(u8, Amount)> = (1..=4).map(|byte| (byte, Amount::ai3(1000))).collect();
        let runtime = runtime();
        let mut hub = Contents::new();
        let empty = Contents::new();
        let mut state = Overlay::new(&empty);
        for (byte, balance) in &rich {
            hub::add(&mut state, &hub::ACCOUNTS, &address(*byte), *balance);
        }
        for domain in [ONE, TWO] {
            messages::allow(&mut state, domain);
            hub::add(&mut state, &hub::BALANCES, &domain, Amount::ai3(4000));
        }
        merge(&mut hub, state.into_changes());
        let domains = [(ONE, TWO), (TWO, ONE)].map(|(domain, other)| {
            let env = environment(domain);
            let changes = runtime.genesis(&env, &genesis(&rich, &[other])).expect("a domain");
            let mut contents = Contents::new();
            merge(&mut contents, changes);
            let blocks = vec![Committed::new(&contents)];
            (domain, Chain { env, contents, number: 0, blocks, queue: Vec::new(), executed: Vec::new() })
        });
        Self {
            runtime,
            hub,
            height: 0,
            hub_blocks: Vec::new(),
            leaves: Vec::new(),
            mmr: Mmr::default(),
            domains: domains.into(),
            hub_queue: Vec::new(),
            hub_results: Vec::new(),
            confirming: true,
        }
    }

    pub(crate) fn domain(&mut self, domain: DomainId) -> &mut Chain {
        self.domains.get_mut(&domain).expect("exists")
    }

    /// Runs `work` on the consensus chain's state outside of any message.
    pub(crate) fn on_hub<T>(
        &mut self,
        work: impl FnOnce(&mut Post<'_>, &mut dyn auto_state::StateWrite) -> Result<T, MessageError>,
    ) -> Result<T, MessageError> {
        let params = params();
        let mut till = Books;
        let mut post = Post::new(HUB, &params, &mut till);
        let mut overlay = Overlay::new(&self.hub);
        let value = work(&mut post, &mut overlay)?;
        let changes = overlay.into_changes();
        merge(&mut self.hub, changes);
        Ok(value)
    }

    /// Changes whether the consensus chain deals with a domain.
    pub(crate) fn allow_on_hub(&mut self, domain: DomainId, allowed: bool) {
        let mut overlay = Overlay::new(&self.hub);
        if allowed {
            messages::allow(&mut overlay, domain);
        } else {
            messages::disallow(&mut overlay, domain);
        }
        let changes = overlay.into_changes();
        merge(&mut self.hub, changes);
    }

    pub(crate) fn transaction(&self, domain: DomainId, from: u8, calls: Vec<Call>) -> Transaction {
        let chain = &self.domains[&domain];
        let queued = chain.queue.iter().filter(|extrinsic| extrinsic.sender() == Some(address(from))).count();
        let account = bank::account(&chain.contents, &address(from)).expect("readable");
        Transaction {
            domain,
            signer: pair(from).public_key(),
            nonce: Nonce(account.nonce.0 + u64::try_from(queued).expect("few")),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(1),
            calls: List::new(calls).expect("few"),
        }
    }

    pub(crate) fn sign(&self, transaction: Transaction, by: u8) -> Extrinsic {
        Extrinsic::Signed(Box::new(transaction.sign(&pair(by), &environment(ONE).genesis)))
    }

    /// Queues a transaction of one call of module `M`.
    pub(crate) fn submit<M: Module>(&mut self, domain: DomainId, from: u8, call: &M::Call) {
        let call = M::encode_call(call).expect("short");
        let extrinsic = self.sign(self.transaction(domain, from, vec![call]), from);
        self.domain(domain).queue.push(extrinsic);
    }

    pub(crate) fn inherent(&self, domain: DomainId) -> Inherent {
        Inherent {
            number: BlockNumber(self.domains[&domain].number + 1),
            consensus_number: BlockNumber(self.height),
            consensus_hash: Hash([7; 32]),
            mmr_root: self.mmr.root(),
            slot: Slot(self.height),
            byte_fee: Amount::from_base_units(1000),
            runtime_version: 1,
        }
    }

    pub(crate) fn check(
        &self,
        domain: DomainId,
        extrinsic: Extrinsic,
    ) -> Result<CheckedExtrinsic, DomainError> {
        self.runtime.check(&self.domains[&domain].env, extrinsic)
    }

    /// One block of the consensus chain, then one of each domain.
    pub(crate) fn step(&mut self) {
        self.hub_block();
        for domain in [ONE, TWO] {
            self.domain_block(domain);
        }
    }

    fn hub_block(&mut self) {
        let (params, mut till) = (params(), Books);
        let number = BlockNumber(self.height);
        let mut state = Overlay::new(&self.hub);
        messages::record_root(&mut state, &params, number, number, &self.mmr.root()).expect("readable");
        if self.confirming && self.height > 0 {
            for (domain, chain) in &self.domains {
                let fees = bank::FEES.get(&chain.contents).expect("sound").unwrap_or_default();
                let transfers = bank::TRANSFERS.get(&chain.contents).expect("sound").unwrap_or_default();
                hub::confirm(&mut state, *domain, &fees, &transfers).expect("the books hold it");
                let state_root = chain.blocks.last().expect("genesis").root;
                let confirmed =
                    Confirmed { number: BlockNumber(chain.number), receipt: Hash::ZERO, state_root };
                CONFIRMED.put(&mut state, domain, &confirmed);
            }
        }
        self.hub_results.clear();
        for relay in std::mem::take(&mut self.hub_queue) {
            state.checkpoint();
            let mut post = Post::new(HUB, &params, &mut till);
            let result =
                messages::legal(HUB, &state, &relay).and_then(|()| post.receive(&mut state, &relay.message));
            if result.is_ok() {
                state.accept()
            } else {
                state.revert()
            };
            self.hub_results.push(result);
        }
        let changes = state.into_changes();
        merge(&mut self.hub, changes);
    }

    fn domain_block(&mut self, domain: DomainId) {
        let inherent = self.inherent(domain);
        let runtime = &self.runtime;
        let chain = self.domains.get_mut(&domain).expect("exists");
        let parent = chain.contents.clone();
        let mut state = Overlay::new(&parent);
        runtime.initialize(&chain.env, &inherent, &mut state).expect("readable");
        chain.executed.clear();
        for extrinsic in std::mem::take(&mut chain.queue) {
            let checked = runtime.check(&chain.env, extrinsic).expect("well formed");
            if runtime.legal(&chain.env, &inherent, &checked, &parent).is_ok() {
                let executed = runtime.apply(&chain.env, &inherent, &checked, &mut state);
                chain.executed.push(executed.expect("readable"));
            }
        }
        runtime.finalize(&chain.env, &inherent, &mut state).expect("readable");
        let changes = state.into_changes();
        merge(&mut chain.contents, changes);
        chain.number += 1;
        for invariant in runtime.invariants() {
            (invariant.check)(&parent, &chain.contents).expect(invariant.name);
        }
        chain.blocks.push(Committed::new(&chain.contents));
        if domain == TWO {
            self.seal();
        }
    }

    /// Ends the height: the consensus state becomes a leaf.
    fn seal(&mut self) {
        let committed = Committed::new(&self.hub);
        let leaf = MmrLeaf {
            number: BlockNumber(self.height),
            block_hash: Hash([8; 32]),
            state_root: committed.root,
        };
        self.mmr.append(&leaf).expect("in order");
        self.leaves.push(leaf);
        self.hub_blocks.push(committed);
        self.height += 1;
    }

    pub(crate) fn balance(&self, chain: DomainId, who: u8) -> u128 {
        let address = address(who);
        if chain == HUB {
            return hub::ACCOUNTS.get(&self.hub, &address).expect("sound").unwrap_or_default().base_units();
        }
        bank::account(&self.domains[&chain].contents, &address).expect("sound").balance.base_units()
    }

    /// A channel from `from` to `to`, opened by account 1 there and answered.
    pub(crate) fn channel(&mut self, from: DomainId, to: DomainId) -> auto_core::ChannelId {
        let opened = if from == HUB {
            self.on_hub(|post, state| post.open(state, to, Some(address(1)))).expect("allowed")
        } else {
            let open = messages::Call::Open(messages::Open { chain: to });
            self.submit::<Messages>(from, 1, &open);
            self.step();
            let place = CHANNELS.entries(&self.domains[&from].contents).expect("sound");
            place
                .into_iter()
                .filter(|((peer, _), _)| *peer == to)
                .map(|((_, id), _)| id)
                .max()
                .expect("opened")
        };
        self.settle();
        opened
    }
}

/// A module id that no runtime here has.
pub(crate) const NOBODY: ModuleId = ModuleId(999);
