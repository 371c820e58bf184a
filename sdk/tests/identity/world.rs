//! A domain whose states are proven as a node proves them.

use auto_agents::{Agents, Entry, Event};
use auto_core::{Amount, Blob, BlockNumber, Call, DomainId, ErrorCode as _, ExecutionReceipt, Hash, Header};
use auto_core::{Digest, KeyPair, List, MerkleProof, Nonce, ShardId, Transaction, merkle_root};
use auto_domains::state::{DOMAIN, RECEIPT_AT};
use auto_ledger::LedgerCall;
use auto_module::bank::Bank;
use auto_module::{Contents, Outcome, module};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey, record};
use auto_sdk::provenance::{Place, Sealed};
use auto_sdk::{Anchor, At, DomainState, Evidence, Prover, SdkError, Secret, Signer};
use auto_state::{EMPTY_ROOT, MemoryNodes, Recorder, Snapshot, Witness};
use auto_testkit::{DomainHarness, Done, Tx};
use autoid::{Autoid, AutoidGenesis, Params};
use autoid_core::{AutoId, Genesis, IdentityRecord, Kind};
use autoid_interface::network_of;
use parity_scale_codec::Encode;
use std::sync::Arc;

/// One block as it can be proven.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    nodes: MemoryNodes,
    receipt: ExecutionReceipt,
    anchor: Anchor,
}

/// Who proves blocks of a domain out of memory, honestly unless it is told otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub(crate) domain: DomainId,
    pub(crate) genesis: Hash,
    pub(crate) blocks: Arc<Vec<Block>>,
    /// The first block whose state is kept.
    pub(crate) oldest: u64,
    /// Whether answers leave out the last node that they need.
    pub(crate) withholds: bool,
}

impl Prover for Book {
    fn domain(&self) -> DomainId {
        self.domain
    }

    async fn genesis(&self) -> Result<Hash, SdkError> {
        Ok(self.genesis)
    }

    async fn prove(&self, keys: &[Vec<u8>], at: At) -> Result<Evidence, SdkError> {
        if let At::Block(number) = at
            && number.0 < self.oldest
        {
            return Err(SdkError::Refused {
                remote: "API-0105".to_owned(),
                kind: "HEIGHT_UNAVAILABLE".to_owned(),
                message: format!("the state of block {number} is not kept"),
            });
        }
        let wanted = match at {
            At::Block(number) => self.blocks.iter().find(|block| block.receipt.number == number),
            At::Newest | At::Vouched | At::AsOf(_) => self.blocks.last(),
        };
        let gone = || SdkError::NotFound { what: "block", key: format!("{at:?}") };
        let block = wanted.ok_or_else(gone)?;
        let shown = if self.withholds && !matches!(at, At::Newest) { &keys[..0] } else { keys };
        let witness = witness(&block.nodes, block.receipt.final_state_root, shown);
        Ok(Evidence { receipt: block.receipt.clone(), anchor: Some(block.anchor.clone()), witness })
    }
}

impl auto_sdk::identity::States for Book {
    type Prover = Self;

    async fn state(&self, at: At) -> Result<DomainState<Self>, SdkError> {
        DomainState::of(self.clone(), at).await
    }
}

/// The nodes that lead to keys.
pub(crate) fn witness(nodes: &MemoryNodes, root: Hash, keys: &[Vec<u8>]) -> Witness {
    let recorder = Recorder::new(nodes);
    let state = Snapshot::new(&recorder, root);
    for key in keys {
        state.get(key).expect("whole");
    }
    recorder.into_witness()
}

/// A tree of some values.
fn tree(contents: &Contents) -> (MemoryNodes, Hash) {
    let changes = contents.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("commits");
    (commit.fresh.into_iter().collect(), commit.root)
}

pub(crate) struct World {
    pub(crate) chain: DomainHarness,
    pub(crate) network: Genesis,
    blocks: Vec<Block>,
    drawn: u8,
}

impl World {
    pub(crate) fn new() -> Self {
        let params = Params {
            recovery_delay: 3,
            endorsement_window: 20,
            alias_age_min: 2,
            alias_age_max: 20,
            ..Params::default()
        };
        let modules = vec![module::<Bank>(), module::<Autoid>(), module::<Agents>()];
        let chain = DomainHarness::builder(modules)
            .account("alice", Amount::ai3(100_000))
            .account("bob", Amount::ai3(1_000))
            .genesis::<Autoid>(&AutoidGenesis { clock: 1_800_000_000, params })
            .genesis::<Agents>(&auto_agents::Params { outcome_blocks: 20, ..auto_agents::Params::default() })
            .operators(1)
            .lies_per_block(0)
            .start();
        let environment = chain.environment();
        let network = network_of(&environment.genesis, environment.domain);
        let mut world = Self { chain, network, blocks: Vec::new(), drawn: 0 };
        world.remember();
        world
    }

    /// Keeps the newest block as it can be proven.
    fn remember(&mut self) {
        let receipt = self.chain.receipt().clone();
        let (nodes, root) = tree(self.chain.state());
        assert_eq!(root, receipt.final_state_root);
        // The line of receipts as the consensus chain will have it once the receipt is on it.
        let mut consensus: Contents = self.chain.consensus().state().clone();
        let key = DOMAIN.key(&receipt.domain);
        let mut record = DOMAIN.decode_value(&consensus[&key]).expect("sound");
        record.head_receipt = record.head_receipt.max(receipt.number);
        consensus.insert(key.clone(), record.encode());
        consensus.insert(RECEIPT_AT.key(&(receipt.domain, receipt.number)), receipt.hash().encode());
        let (above, state_root) = tree(&consensus);
        let keys = [key, RECEIPT_AT.key(&(receipt.domain, receipt.number))];
        let header = Header {
            shard: ShardId(0),
            number: BlockNumber(receipt.consensus_number.0 + 2),
            parent_hash: receipt.consensus_hash,
            transactions_root: Hash::ZERO,
            state_root,
            mmr_root: Hash::ZERO,
            digest: Digest::default(),
        };
        let anchor = Anchor { header, witness: witness(&above, state_root, &keys) };
        self.blocks.push(Block { nodes, receipt, anchor });
    }

    /// Puts a manifest into the consensus block that anchors the newest block.
    pub(crate) fn stored(&mut self, sealed: &Sealed) -> Place {
        let store = LedgerCall::Store { data: Blob::new(sealed.to_bytes()).expect("short") };
        let pair = KeyPair::from_secret(&[7; 32]);
        let transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair.public_key(),
            nonce: Nonce(0),
            expiry: BlockNumber(1_000),
            fee_limit: Amount::ai3(1),
            calls: List::new(vec![store.into_call().expect("short")]).expect("one"),
        };
        let transaction = Signer::sign(&pair, transaction, &self.chain.environment().genesis);
        let leaves = [Hash([3; 32]), transaction.hash(), Hash([4; 32])];
        let block = self.blocks.last_mut().expect("there is genesis");
        block.anchor.header.transactions_root = merkle_root(&leaves);
        Place { transaction, proof: MerkleProof::new(&leaves, 1).expect("a leaf") }
    }

    pub(crate) fn book(&self) -> Book {
        let environment = self.chain.environment();
        Book {
            domain: environment.domain,
            genesis: environment.genesis,
            blocks: Arc::new(self.blocks.clone()),
            oldest: 0,
            withholds: false,
        }
    }

    pub(crate) async fn state(&self) -> DomainState<Book> {
        DomainState::of(self.book(), At::Newest).await.expect("proven")
    }

    /// Runs calls in a block of their own, paid by alice; the code when they are refused.
    pub(crate) fn try_run(&mut self, calls: Vec<Call>) -> Result<(Done, Tx), &'static str> {
        let tx = self.chain.sign_calls("alice", calls);
        let done = self.chain.run(&tx);
        self.remember();
        match done.outcome(&tx) {
            Some(Outcome::Applied) => Ok((done, tx)),
            Some(_) => Err(done.code(&tx).expect("refused")),
            None => Err(done.refusal(&tx).expect("offered or refused")),
        }
    }

    pub(crate) fn run(&mut self, call: Call) -> (Done, Tx) {
        match self.try_run(vec![call]) {
            Ok(done) => done,
            Err(code) => panic!("refused: {code}"),
        }
    }

    pub(crate) fn advance(&mut self, blocks: u64) {
        for _ in 0..blocks {
            self.chain.advance(1);
            self.remember();
        }
    }

    pub(crate) fn keys(&mut self) -> FreshKeys {
        self.drawn += 2;
        FreshKeys::of(Secret::new([self.drawn; 32]), Secret::new([self.drawn + 1; 32]))
    }

    /// An identity under another or under none.
    pub(crate) fn identity(&mut self, kind: Kind, parent: Option<&IdentityKey>) -> IdentityKey {
        let keys = self.keys();
        let founded = Founding::of(kind).begin(self.network, &keys, parent).expect("sound");
        self.run(founded.call);
        keys.key(founded.id, self.network)
    }

    pub(crate) async fn record(&self, id: &AutoId) -> IdentityRecord {
        record(&mut self.state().await, id).await.expect("known")
    }

    /// The whole log of an agent, as events told it.
    pub(crate) fn entries((done, tx): &(Done, Tx), of: &AutoId) -> Vec<Entry> {
        let events = done.events_of::<Agents>(tx).into_iter();
        let entry = |event| match event {
            Event::Logged { agent, entry } if agent == *of => Some(*entry),
            _ => None,
        };
        events.filter_map(entry).collect()
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, SdkError>) -> &'static str {
    result.expect_err("refused").code()
}
