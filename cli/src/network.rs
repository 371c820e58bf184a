//! A node with its API in this process: what `auto dev`, `node`, `farm` and the demo run.

use crate::context::{exposed, file_fault};
use crate::error::{CliError, Fault, internal};
use crate::wires::WiredNode;
use auto_api::ServerHandle;
use auto_core::{Address, Genesis, KeyPair};
use auto_domains::Domains;
use auto_farmer::FarmSpec;
use auto_ledger::Rules;
use auto_node::{
    Chain, Extension, FarmSetup, Follower, NodeConfig, NodeHandle, OperatorFollower, Retention, StoreKind,
};
use auto_operator::{Operator, OperatorConfig, Role, Serve};
use auto_registry::registry;
use auto_sdk::{DevAccount, dev_operators};
use auto_store::{RocksStore, Store};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// The file with a farm's key, in the folder of its plot.
const FARM_KEY: &str = "farm.key";
/// The file of the index of identities, agents and content, in the folder of the node.
const INDEX: &str = "index.sqlite";
/// The development account that pays for fraud proofs, and earns the reward of the reporter.
pub(crate) const DEV_REPORTER: &str = "grace";
/// The number of the node among those that it is wired to.
const FIRST: u64 = 0;
/// How long requests that are being answered may take at the end.
const SERVER_ENDS: Duration = Duration::from_secs(5);

/// What to run.
#[derive(Debug, Clone)]
pub(crate) struct NetworkConfig {
    pub(crate) genesis: Genesis,
    /// Folder of the chain.
    pub(crate) data: PathBuf,
    pub(crate) farms: Vec<FarmSpec>,
    /// Who is paid for blocks.
    pub(crate) reward: Address,
    pub(crate) timekeeper: bool,
    pub(crate) addr: SocketAddr,
}

/// What a node does for the domains, all of which it follows.
#[derive(Debug, Default)]
pub(crate) struct Operators {
    /// The operators that it acts as; without any, it only watches.
    pub(crate) roles: Vec<Role>,
    /// The account that pays for fraud proofs and for relayed messages, and earns the reward of the reporter;
    /// without one there are neither.
    pub(crate) account: Option<KeyPair>,
}

impl Operators {
    /// Every operator of the development genesis, honest.
    pub(crate) fn dev() -> Self {
        let pairs = dev_operators().into_iter().map(|(owner, domain)| owner.operator_pair(domain));
        let account = DevAccount::named(DEV_REPORTER).map(DevAccount::pair);
        Self { roles: pairs.map(Role::honest).collect(), account }
    }
}

/// What follows the domains for a node, over the node's own store.
pub(crate) fn follower(
    genesis: &Genesis,
    store: &Arc<dyn Store>,
    operators: Operators,
) -> Result<Box<dyn Follower>, CliError> {
    // Signatures cover the hash of the genesis block, which opening the chain computes.
    let chain = Chain::open(Arc::clone(store), genesis, extension(), Retention::default())?;
    let setup = OperatorConfig {
        genesis: genesis.clone(),
        rules: Rules::new(genesis.params.clone(), chain.genesis_hash(), extension()),
        runtimes: registry(),
        serve: Serve::All,
        roles: operators.roles,
        relay: operators.account.is_some(),
        account: operators.account,
    };
    let operator = Operator::new(setup, Arc::clone(store)).map_err(internal)?;
    Ok(Box::new(OperatorFollower::new(operator)))
}

/// A node that runs; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) handle: NodeHandle,
    pub(crate) addr: SocketAddr,
    pub(crate) started: Instant,
    node: Option<WiredNode>,
    server: Option<ServerHandle>,
    shutdown: CancellationToken,
}

/// The key of the farm in a folder, made when there is none.
pub(crate) fn farm_key(folder: &Path) -> Result<KeyPair, CliError> {
    let path = folder.join(FARM_KEY);
    let unusable =
        |reason: &str| CliError::from(Fault::FarmKey { path: path.clone(), reason: reason.to_owned() });
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            if exposed(&path) {
                return Err(unusable("others may read it"));
            }
            let mut secret = Zeroizing::new([0; 32]);
            hex::decode_to_slice(text.trim(), secret.as_mut_slice())
                .map_err(|_| unusable("it is not 64 hex digits"))?;
            Ok(KeyPair::from_secret(&secret))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::create_dir_all(folder).map_err(|error| file_fault("create", folder, error))?;
            let mut secret = Zeroizing::new([0; 32]);
            getrandom::fill(secret.as_mut_slice()).map_err(internal)?;
            let text = Zeroizing::new(hex::encode(*secret));
            let mut file = tempfile::NamedTempFile::new_in(folder)
                .map_err(|error| file_fault("write to", folder, error))?;
            let written = file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all());
            written.map_err(|error| file_fault("write", &path, error))?;
            file.persist_noclobber(&path).map_err(|error| file_fault("write", &path, error.error))?;
            Ok(KeyPair::from_secret(&secret))
        }
        Err(error) => Err(file_fault("read", &path, error)),
    }
}

/// What the chain runs beside accounts and objects.
pub(crate) fn extension() -> Arc<dyn Extension> {
    Arc::new(Domains::new(registry()))
}

impl Network {
    /// Opens the folders, starts every role, and serves the API. Without `operators` the domains are not
    /// followed.
    pub(crate) async fn start(config: NetworkConfig, operators: Option<Operators>) -> Result<Self, CliError> {
        let mut farms = Vec::new();
        for spec in &config.farms {
            spec.check(&config.genesis.params)?;
            let key = Arc::new(farm_key(&spec.path)?);
            farms.push(FarmSetup { spec: spec.clone(), key, reward_address: config.reward });
        }
        std::fs::create_dir_all(&config.data).map_err(|error| file_fault("create", &config.data, error))?;
        let store: Arc<dyn Store> = Arc::new(RocksStore::open(&config.data)?);
        let followers =
            operators.map(|operators| follower(&config.genesis, &store, operators)).transpose()?;
        let node = NodeConfig {
            genesis: config.genesis,
            store: StoreKind::Given(store),
            extension: extension(),
            followers: followers.into_iter().collect(),
            retention: Retention::default(),
            timekeeper: config.timekeeper,
            pace_slots: true,
            farms,
            transport: None,
        };
        let node =
            tokio::task::spawn_blocking(move || WiredNode::start(FIRST, node)).await.map_err(internal)??;
        let handle = node.handle.clone();
        let shutdown = CancellationToken::new();
        let mut network = Self {
            handle: handle.clone(),
            addr: config.addr,
            started: Instant::now(),
            node: Some(node),
            server: None,
            shutdown: shutdown.clone(),
        };
        let api = auto_api::Config { index: Some(config.data.join(INDEX)), ..auto_api::Config::default() };
        let server = auto_api::serve_with(Arc::new(handle), config.addr, api, shutdown).await?;
        network.addr = server.addr;
        network.server = Some(server);
        Ok(network)
    }

    /// Where the API is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Why the node stopped by itself, if it did.
    pub(crate) fn failure(&self) -> Option<String> {
        self.node.as_ref().and_then(WiredNode::failure)
    }

    /// Connects another node of this process.
    pub(crate) fn connect(&self, other: &WiredNode) {
        if let Some(node) = &self.node {
            node.connect(other);
        }
    }

    /// Stops the API, then the node, and waits for both.
    pub(crate) async fn stop(mut self) {
        self.shutdown.cancel();
        if let Some(server) = self.server.take() {
            // A client that holds a request open does not hold up the end.
            let _ = tokio::time::timeout(SERVER_ENDS, server.stopped()).await;
        }
        if let Some(node) = self.node.take() {
            let _ = tokio::task::spawn_blocking(move || node.stop()).await;
        }
    }

    /// Waits until a person or the system asks to stop, or the node stops by itself.
    pub(crate) async fn until_stopped(&self) -> Result<(), CliError> {
        let mut look = tokio::time::interval(Duration::from_millis(500));
        let signal = stop_signal();
        tokio::pin!(signal);
        loop {
            tokio::select! {
                () = &mut signal => return Ok(()),
                _ = look.tick() => {
                    if let Some(reason) = self.failure() {
                        return Err(Fault::NodeStopped(reason).into());
                    }
                }
            }
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Ends when the process is asked to end.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}
