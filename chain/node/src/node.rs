//! A running node: the machine, the threads around it, and their end.

use crate::farming::{self, FarmLinks, Farming};
use crate::machine::{Audit, Effect, Event, NodeMachine, Roles, Tick};
use crate::retrieval::Retriever;
use crate::timekeeper::{self, Task};
use crate::{Chain, EventLog, Follower, NodeError, NodeHandle, PeerId, Retention};
use auto_core::{Address, Genesis, KeyPair, SectorIndex};
use auto_farmer::{Farm, FarmConfig, FarmSpec};
use auto_ledger::Extension;
use auto_operator::DomainsHandle;
use auto_store::{MemoryStore, RocksStore, Store};
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Events that may wait for the machine.
const EVENTS: usize = 1024;

/// Slots that may wait for a farm: more than the authoring delay of any preset.
const AUDITS: usize = 64;

/// Carries messages between nodes; whoever implements it also feeds [`Node::events`].
pub trait Transport: Send + Sync {
    /// Sends a message, or drops it: the machine asks again for what matters.
    fn send(&self, peer: PeerId, bytes: Vec<u8>);
    /// Ends the connection to a peer.
    fn disconnect(&self, peer: PeerId, reason: &str);
}

/// Where the chain is kept.
#[derive(Clone)]
pub enum StoreKind {
    /// In memory, gone with the process.
    Memory,
    /// In a folder.
    Folder(PathBuf),
    /// In a store that the caller opened.
    Given(Arc<dyn Store>),
}

impl std::fmt::Debug for StoreKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("Memory"),
            Self::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            Self::Given(_) => f.debug_tuple("Given").finish_non_exhaustive(),
        }
    }
}

/// One farm of a node.
#[derive(Debug, Clone)]
pub struct FarmSetup {
    /// Folder and size.
    pub spec: FarmSpec,
    /// The farm's own key, which seals its blocks; no two farms may share one, since sectors are
    /// numbered per key.
    pub key: Arc<KeyPair>,
    /// Who is paid.
    pub reward_address: Address,
}

/// What a node is started with.
pub struct NodeConfig {
    /// The chain.
    pub genesis: Genesis,
    /// Where it is kept.
    pub store: StoreKind,
    /// What the chain runs beside accounts and objects; the same on every node of the chain.
    pub extension: Arc<dyn Extension>,
    /// Follow the best chain: operators of domains.
    pub followers: Vec<Box<dyn Follower>>,
    /// How much of the past stays readable.
    pub retention: Retention,
    /// Whether it computes proof of time.
    pub timekeeper: bool,
    /// Whether the timekeeper holds slots back to their nominal length.
    pub pace_slots: bool,
    /// The farms.
    pub farms: Vec<FarmSetup>,
    /// The way to peers, if there are any.
    pub transport: Option<Arc<dyn Transport>>,
}

impl std::fmt::Debug for NodeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeConfig")
            .field("store", &self.store)
            .field("farms", &self.farms)
            .finish_non_exhaustive()
    }
}

/// What the threads of a node share.
pub(crate) struct Shared {
    pub genesis: Genesis,
    pub genesis_hash: auto_core::Hash,
    pub store: Arc<dyn Store>,
    pub machine: Mutex<NodeMachine>,
    pub domains: Option<DomainsHandle>,
    pub events: EventLog,
    pub retriever: Arc<Retriever>,
    pub farms: Vec<Arc<Farming>>,
    pub slot: Arc<AtomicU64>,
    pub started: Instant,
    pub failure: Mutex<Option<String>>,
    stop: Arc<AtomicBool>,
    task: Task,
    audits: Vec<SyncSender<Audit>>,
    transport: Option<Arc<dyn Transport>>,
}

impl Shared {
    pub(crate) fn now(&self) -> Tick {
        Tick(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Carries effects out.
    pub(crate) fn carry_out(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(peer, bytes) => {
                    if let Some(transport) = &self.transport {
                        transport.send(peer, bytes);
                    }
                }
                Effect::Disconnect(peer, reason) => {
                    if let Some(transport) = &self.transport {
                        transport.disconnect(peer, &reason);
                    }
                }
                Effect::ProveTime(input) => self.task.set(input),
                Effect::Audit(audit) => {
                    for audits in &self.audits {
                        // A farm so far behind could not meet this slot either.
                        let _ = audits.try_send(audit);
                    }
                }
                Effect::Notify(event) => self.events.push(event),
                Effect::Missed(slot, key, reason) => {
                    if let Some(farming) = self.farms.iter().find(|farming| *farming.farm.public_key() == key)
                    {
                        farming.miss(slot, reason);
                    }
                }
                Effect::Won(_, key) => {
                    if let Some(farming) = self.farms.iter().find(|farming| *farming.farm.public_key() == key)
                    {
                        farming::won(farming);
                    }
                }
            }
        }
    }

    fn fail(&self, error: &NodeError) {
        use auto_core::ErrorCode;
        *self.failure.lock() = Some(format!("{error} ({})", error.code()));
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// A running node. It stops when this is dropped.
pub struct Node {
    shared: Arc<Shared>,
    events: SyncSender<Event>,
    threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

impl Node {
    /// Opens the store and the farms and starts every role.
    ///
    /// # Errors
    /// When the store or a farm cannot be opened or belongs to another chain.
    pub fn start(config: NodeConfig) -> Result<Self, NodeError> {
        let store: Arc<dyn Store> = match &config.store {
            StoreKind::Memory => Arc::new(MemoryStore::new()),
            StoreKind::Folder(path) => Arc::new(RocksStore::open(path)?),
            StoreKind::Given(store) => Arc::clone(store),
        };
        let chain = Chain::open(Arc::clone(&store), &config.genesis, config.extension, config.retention)?;
        let genesis_hash = chain.genesis_hash();
        let params = config.genesis.params.clone();
        let retriever = Arc::new(Retriever::new(params.clone(), Arc::clone(&store)));
        let mut farms = Vec::new();
        for setup in &config.farms {
            let farm = Farm::open_or_create(&FarmConfig {
                path: setup.spec.path.clone(),
                size: Some(setup.spec.size),
                public_key: setup.key.public_key(),
                genesis: genesis_hash,
                params: params.clone(),
                first_sector: SectorIndex(0),
                threads: 0,
                directory_memory: FarmConfig::DIRECTORY_MEMORY,
            })?;
            let farm = Arc::new(farm);
            retriever.add_farm(Arc::clone(&farm));
            farms.push(Arc::new(Farming::new(farm, setup.reward_address)));
        }
        let farmers = config.farms.iter().map(|setup| Arc::clone(&setup.key)).collect();
        let slot = Arc::new(AtomicU64::new(chain.head().future_slot().0));
        let domains = config.followers.iter().find_map(|follower| follower.domains());
        let machine = NodeMachine::new(
            chain,
            Roles { timekeeper: config.timekeeper, farmers, followers: config.followers },
        );
        let (audits, receivers): (Vec<_>, Vec<_>) = farms.iter().map(|_| sync_channel(AUDITS)).unzip();
        let shared = Arc::new(Shared {
            genesis: config.genesis,
            genesis_hash,
            store,
            machine: Mutex::new(machine),
            domains,
            events: EventLog::default(),
            retriever,
            farms,
            slot,
            started: Instant::now(),
            failure: Mutex::new(None),
            stop: Arc::new(AtomicBool::new(false)),
            task: Task::default(),
            audits,
            transport: config.transport,
        });
        let pace = config.pace_slots.then(|| Duration::from_millis(params.slot_duration_ms));
        let mut node = Self { events: sync_channel(1).0, threads: Vec::new(), shared };
        node.spawn(receivers, config.timekeeper.then_some(pace), params.authoring_delay)?;
        Ok(node)
    }

    fn spawn(
        &mut self,
        audits: Vec<Receiver<Audit>>,
        timekeeper: Option<Option<Duration>>,
        authoring_delay: u64,
    ) -> Result<(), NodeError> {
        let (events, inbox) = sync_channel(EVENTS);
        self.events = events.clone();
        let shared = Arc::clone(&self.shared);
        self.thread("auto-chain", move || drive(&shared, &inbox))?;
        if let Some(pace) = timekeeper {
            let (shared, events) = (Arc::clone(&self.shared), events.clone());
            self.thread("auto-time", move || timekeeper::run(&shared.task, pace, &events, &shared.stop))?;
        }
        let farms = self.shared.farms.clone();
        for (farming, audits) in farms.into_iter().zip(audits) {
            let links = FarmLinks {
                events: events.clone(),
                stop: Arc::clone(&self.shared.stop),
                slot: Arc::clone(&self.shared.slot),
                authoring_delay,
                retriever: Arc::clone(&self.shared.retriever),
            };
            let (other, other_links) = (Arc::clone(&farming), links.clone());
            self.thread("auto-farm", move || farming::answer(&farming, &audits, &links))?;
            self.thread("auto-plot", move || farming::plot(&other, &other_links))?;
        }
        Ok(())
    }

    fn thread(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), NodeError> {
        let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        let handle = spawned
            .map_err(|error| NodeError::Stopped { reason: format!("no thread could be started: {error}") })?;
        self.threads.push(handle);
        Ok(())
    }

    /// What answers questions about the node.
    #[must_use]
    pub fn handle(&self) -> NodeHandle {
        NodeHandle::new(Arc::clone(&self.shared))
    }

    /// Where a transport puts what it hears.
    #[must_use]
    pub fn events(&self) -> SyncSender<Event> {
        self.events.clone()
    }

    /// Why the node stopped by itself, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.shared.failure.lock().clone()
    }

    /// Stops every thread and waits for it; the store is closed once no handle is left.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.end();
    }
}

/// Drives the machine until told to stop.
fn drive(shared: &Shared, inbox: &Receiver<Event>) {
    let effects = shared.machine.lock().take_effects();
    shared.carry_out(effects);
    let mut timer = Instant::now();
    while !shared.stop.load(Ordering::Relaxed) {
        let event = match inbox.recv_timeout(Duration::from_millis(200)) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Timer,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut result = step(shared, event);
        if timer.elapsed() >= Duration::from_secs(1) {
            timer = Instant::now();
            result = result.and_then(|()| step(shared, Event::Timer));
        }
        if let Err(error) = result {
            shared.fail(&error);
            return;
        }
    }
}

fn step(shared: &Shared, event: Event) -> Result<(), NodeError> {
    let mut machine = shared.machine.lock();
    let effects = machine.step(shared.now(), event)?;
    // Farmers judge by it whether a proof can still be in time.
    shared.slot.store(machine.slot().0, Ordering::Relaxed);
    drop(machine);
    shared.carry_out(effects);
    Ok(())
}
