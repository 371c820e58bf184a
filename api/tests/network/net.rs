//! A node of the development network at the pace of tests, and its API.

use auto_api::{Backend, Finder, Limits, ServerHandle, schema, serve};
use auto_core::{Address, Amount, DomainId, Genesis, KeyPair, Preset, ProtocolParams};
use auto_domains::Domains;
use auto_farmer::FarmSpec;
use auto_index::Index;
use auto_ledger::Rules;
use auto_node::{
    Chain, Extension, FarmSetup, Node, NodeConfig, NodeHandle, OperatorFollower, Retention, StoreKind,
    Transport,
};
use auto_operator::{Operator, OperatorConfig, Role, Serve};
use auto_registry::registry;
use auto_sdk::{
    Client, Delivery, DevAccount, DomainReceipt, DomainStage, MessageId, PreparedThere, Stage, dev_genesis,
    dev_operators,
};
use auto_store::{MemoryStore, Store};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) const IDENTITY: DomainId = DomainId(1);
pub(crate) const AI: DomainId = DomainId(2);
/// Only a network that makes no progress for so long fails a test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);
const FARM_BYTES: u64 = 4 << 20;

pub(crate) struct Net {
    pub(crate) client: Client,
    pub(crate) node: NodeHandle,
    pub(crate) http: reqwest::Client,
    server: Option<ServerHandle>,
    stop: CancellationToken,
    running: Option<Node>,
    _folder: TempDir,
}

/// The key pair of a development account.
pub(crate) fn pair(name: &str) -> KeyPair {
    DevAccount::named(name).expect("a development account").pair()
}

/// The address of a development account.
pub(crate) fn address(name: &str) -> Address {
    pair(name).public_key().address()
}

/// The preset for tests, with blocks about three times a second and a farm that stands still.
fn params() -> ProtocolParams {
    let mut params = ProtocolParams::preset(Preset::Test);
    params.slot_duration_ms = 100;
    params.slot_probability = (1, 3);
    params.era_blocks = 1_000_000;
    params.min_sector_lifetime = 1_000_000;
    params.staking_epoch = 10;
    // The bundles of the development network are half of what its domain blocks take.
    let dev = ProtocolParams::preset(Preset::Dev);
    params.block_bytes_max = dev.block_bytes_max;
    params.domain_block_bytes_max = dev.domain_block_bytes_max;
    params
}

fn genesis(farm: &FarmSpec, mut params: ProtocolParams) -> Genesis {
    let sectors = farm.check(&params).expect("the farm has room for a sector");
    let pieces = u64::from(sectors) * u64::from(params.pieces_in_sector);
    params.initial_solution_range = auto_core::pieces_to_range(&params, pieces);
    Genesis { params, ..dev_genesis() }
}

fn extension() -> Arc<dyn Extension> {
    Arc::new(Domains::new(registry()))
}

/// All operators of the development network, over the node's own store.
fn operators(genesis: &Genesis, store: &Arc<dyn Store>) -> OperatorFollower {
    let chain = Chain::open(Arc::clone(store), genesis, extension(), Retention::default()).expect("opens");
    let roles = dev_operators().into_iter();
    let setup = OperatorConfig {
        genesis: genesis.clone(),
        rules: Rules::new(genesis.params.clone(), chain.genesis_hash(), extension()),
        runtimes: registry(),
        serve: Serve::All,
        roles: roles.map(|(owner, domain)| Role::honest(owner.operator_pair(domain))).collect(),
        account: Some(pair("grace")),
        relay: true,
    };
    OperatorFollower::new(Operator::new(setup, Arc::clone(store)).expect("the genesis makes domains"))
}

/// A node that only farms, of the same genesis as another one and with three times its farm.
pub(crate) async fn rival(genesis: Genesis, folder: &TempDir, transport: Arc<dyn Transport>) -> Node {
    let spec = FarmSpec { path: folder.path().to_owned(), size: 3 * FARM_BYTES };
    let config = NodeConfig {
        followers: Vec::new(),
        genesis,
        store: StoreKind::Memory,
        extension: extension(),
        retention: Retention::default(),
        timekeeper: true,
        pace_slots: true,
        farms: vec![FarmSetup { spec, key: Arc::new(pair("dave")), reward_address: address("dave") }],
        transport: Some(transport),
    };
    let started = tokio::task::spawn_blocking(move || Node::start(config)).await.expect("no panic");
    started.expect("the node starts")
}

impl Net {
    pub(crate) async fn start() -> Self {
        Self::begin(params(), None).await.0
    }

    /// A network of which nothing is final for long, with a way to another node.
    pub(crate) async fn that_may_turn(transport: Arc<dyn Transport>) -> (Self, Genesis) {
        let mut params = params();
        (params.confirmation_depth, params.message_roots) = (1_000, 1_024);
        Self::begin(params, Some(transport)).await
    }

    /// Where messages of other nodes go.
    pub(crate) fn events(&self) -> std::sync::mpsc::SyncSender<auto_node::Event> {
        self.running.as_ref().expect("it runs until it is stopped").events()
    }

    async fn begin(params: ProtocolParams, transport: Option<Arc<dyn Transport>>) -> (Self, Genesis) {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = FarmSpec { path: folder.path().to_owned(), size: FARM_BYTES };
        let genesis = genesis(&spec, params);
        let shared = genesis.clone();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let config = NodeConfig {
            followers: vec![Box::new(operators(&genesis, &store))],
            genesis,
            store: StoreKind::Given(store),
            extension: extension(),
            retention: Retention::default(),
            timekeeper: true,
            pace_slots: true,
            farms: vec![FarmSetup { spec, key: Arc::new(pair("farmer")), reward_address: address("farmer") }],
            transport,
        };
        let started = tokio::task::spawn_blocking(move || Node::start(config)).await.expect("no panic");
        let running = started.expect("the node starts");
        let (node, stop) = (running.handle(), CancellationToken::new());
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = auto_api_server(node.clone(), addr, stop.clone()).await;
        let client = Client::new(&format!("http://{}", server.addr)).expect("well formed");
        let net = Self {
            client,
            node,
            http: reqwest::Client::new(),
            server: Some(server),
            stop,
            running: Some(running),
            _folder: folder,
        };
        // Transactions of domains are judged by the newest block that was followed.
        net.client.wait_for_height(auto_core::BlockNumber(2), PATIENCE).await.expect("blocks come");
        (net, shared)
    }

    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        if let Some(server) = self.server.take() {
            server.stopped().await;
        }
        if let Some(node) = self.running.take() {
            tokio::task::spawn_blocking(move || node.stop()).await.expect("no panic");
        }
    }

    /// The schema over the node, without a server in between.
    pub(crate) fn schema(&self) -> auto_api::ApiSchema {
        let node: Arc<dyn Backend> = Arc::new(self.node.clone());
        let index = Index::in_memory().expect("there is memory");
        let (finder, _) = Finder::start(Arc::clone(&node), index, self.stop.clone());
        schema(node, Limits::default(), finder)
    }

    pub(crate) async fn page(&self, path: &str) -> (u16, String) {
        let sent = self.http.get(format!("{}{path}", self.client.url())).send().await;
        let response = sent.expect("the server answers");
        (response.status().as_u16(), response.text().await.expect("text"))
    }

    pub(crate) async fn balance(&self, domain: DomainId, address: &Address) -> Amount {
        if domain == DomainId::CONSENSUS {
            return self.client.account(address, None).await.expect("the node answers").balance;
        }
        self.client.domain(domain).account(address).await.expect("the node answers").balance
    }

    /// Sends a transaction of a domain and waits for a stage.
    pub(crate) async fn send(&self, prepared: &PreparedThere, until: DomainStage) -> DomainReceipt {
        let domain = self.client.domain(prepared.signed.transaction.domain);
        domain.send(&prepared.signed, until, PATIENCE, &|_| {}).await.expect("it takes effect")
    }

    /// Sends money from the consensus chain to a domain, and waits until it is there.
    pub(crate) async fn fund(&self, from: &str, domain: DomainId, to: Address, amount: Amount) -> MessageId {
        let prepared = self.client.transfer_to_domain(&pair(from), domain, to, amount).await;
        let prepared = prepared.expect("the node answers");
        let sent = self.client.send(&prepared.signed, Stage::InBlock, PATIENCE, &|_| {}).await;
        let message = self.client.message_of(&sent.expect("included").hash).await.expect("the node answers");
        let message = message.expect("a transfer to a domain sends a message");
        assert_eq!((message.source, message.destination), (DomainId::CONSENSUS, domain));
        self.arrived(&message).await;
        message
    }

    /// Waits until a message is taken by its destination.
    pub(crate) async fn arrived(&self, message: &MessageId) {
        let delivery = self.client.delivered(message, PATIENCE).await.expect("it arrives");
        assert_eq!(delivery, Delivery::Done);
    }
}

async fn auto_api_server(node: NodeHandle, addr: SocketAddr, stop: CancellationToken) -> ServerHandle {
    serve(Arc::new(node), addr, stop).await.expect("port zero is free")
}
