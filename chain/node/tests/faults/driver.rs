//! A farming node without threads: the machine, a farm in memory, and a clock that the test turns.

use crate::extension::extension;
use crate::fixture::{farmer, genesis};
use auto_core::{
    BlockNumber, Genesis, Hash, HistorySize, Piece, PieceIndex, PotProof, SectorIndex, Solution,
};
use auto_farmer::{Farm, FarmConfig, Layout, PlotControl, PlotFile, SourceError};
use auto_node::{
    Audit, Chain, Effect, Event, Follower, NodeError, NodeEvent, NodeMachine, PeerId, Retention, Roles, Tick,
};
use auto_proof_of_time::NextInput;
use auto_store::{Column, MemoryStore, Store};
use parking_lot::RwLock;
use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

#[derive(Debug, Default)]
struct MemoryFile(RwLock<Vec<u8>>);

fn range(position: u64, length: usize) -> std::ops::Range<usize> {
    let start = usize::try_from(position).expect("a small file");
    start..start + length
}

impl PlotFile for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        u64::try_from(self.0.read().len()).map_err(io::Error::other)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<()> {
        let file = self.0.read();
        buffer.copy_from_slice(file.get(range(position, buffer.len())).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        let mut file = self.0.write();
        file.get_mut(range(position, bytes.len())).ok_or(io::ErrorKind::StorageFull)?.copy_from_slice(bytes);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn reserve(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut file = self.0.write();
        let length = length.max(file.len());
        file.resize(length, 0);
        Ok(())
    }
}

/// The farm of the fixture's chain with segment zero plotted; plotted once for all tests.
fn farm() -> &'static Farm {
    static FARM: OnceLock<Farm> = OnceLock::new();
    FARM.get_or_init(|| {
        let genesis = genesis();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let chain =
            Chain::open(Arc::clone(&store), &genesis, extension(), Retention::default()).expect("opens");
        let config = FarmConfig {
            path: PathBuf::from("in memory"),
            size: Layout::new(&genesis.params).expect("the parameters are valid").file_bytes(1),
            public_key: farmer().public_key(),
            genesis: chain.genesis_hash(),
            params: genesis.params,
            first_sector: SectorIndex(0),
            threads: 1,
            directory_memory: FarmConfig::DIRECTORY_MEMORY,
        };
        let farm = Farm::with_file(&config, Box::new(MemoryFile::default())).expect("opens");
        let source = |index: PieceIndex| -> Result<Option<Piece>, SourceError> {
            let bytes = store.get(Column::Pieces, &index.0.to_be_bytes()).expect("reads");
            Ok(bytes.as_deref().and_then(Piece::from_bytes))
        };
        let stop = AtomicBool::new(false);
        let control = PlotControl { stop: &stop, progress: &|_| {} };
        farm.plot_sector(SectorIndex(0), HistorySize::ONE, &source, &control).expect("plots");
        farm
    })
}

fn solve(audit: &Audit) -> Option<Solution> {
    let report = farm().audit(&audit.challenge, audit.range);
    let candidate = report.candidates.first()?;
    Some(farm().prove(candidate, farmer().public_key().address(), &|| true).expect("proves"))
}

/// A node that does everything in one thread.
pub(crate) struct Driver<'a> {
    pub(crate) machine: NodeMachine,
    /// What the machine told its users.
    pub(crate) told: Vec<NodeEvent>,
    /// What it wants sent.
    pub(crate) sent: VecDeque<(PeerId, Vec<u8>)>,
    /// Why peers were left.
    pub(crate) dropped: Vec<String>,
    /// Why the last solution that missed did so.
    missed: Option<String>,
    clock: Box<dyn FnMut() -> Tick + 'a>,
    time: Option<NextInput>,
}

impl<'a> Driver<'a> {
    /// A node over a store, with a clock that is read for each event.
    pub(crate) fn open(
        store: Arc<dyn Store>,
        genesis: &Genesis,
        farms: bool,
        clock: impl FnMut() -> Tick + 'a,
    ) -> Result<Self, NodeError> {
        Self::with(store, genesis, farms, Vec::new(), clock)
    }

    /// A node that followers follow.
    pub(crate) fn with(
        store: Arc<dyn Store>,
        genesis: &Genesis,
        farms: bool,
        followers: Vec<Box<dyn Follower>>,
        clock: impl FnMut() -> Tick + 'a,
    ) -> Result<Self, NodeError> {
        let chain = Chain::open(store, genesis, extension(), Retention::default())?;
        Ok(Self::over(chain, farms, followers, clock))
    }

    /// A node over an open chain.
    pub(crate) fn over(
        chain: Chain,
        farms: bool,
        followers: Vec<Box<dyn Follower>>,
        clock: impl FnMut() -> Tick + 'a,
    ) -> Self {
        let farmers = farms.then(farmer).into_iter().collect();
        let roles = Roles { timekeeper: farms, farmers, followers };
        Self {
            machine: NodeMachine::new(chain, roles),
            told: Vec::new(),
            sent: VecDeque::new(),
            dropped: Vec::new(),
            missed: None,
            clock: Box::new(clock),
            time: None,
        }
    }

    /// One event, and all that follows from it except new slots.
    pub(crate) fn step(&mut self, event: Event) -> Result<(), NodeError> {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let now = (self.clock)();
            let mut effects = self.machine.take_effects();
            effects.extend(self.machine.step(now, event)?);
            for effect in effects {
                match effect {
                    Effect::ProveTime(input) => self.time = Some(input),
                    Effect::Audit(audit) => {
                        if let Some(solution) = solve(&audit) {
                            let solution = Box::new(solution);
                            events.push_back(Event::Solved { slot: audit.slot, solution });
                        }
                    }
                    Effect::Notify(event) => self.told.push(event),
                    Effect::Send(peer, bytes) => self.sent.push_back((peer, bytes)),
                    Effect::Disconnect(_, reason) => self.dropped.push(reason),
                    Effect::Missed(_, _, reason) => self.missed = Some(reason),
                    Effect::Won(..) => {}
                }
            }
        }
        Ok(())
    }

    /// Computes the next slot.
    pub(crate) fn slot(&mut self) -> Result<(), NodeError> {
        self.step(Event::Timer)?;
        let NextInput { slot, seed, iterations } = self.time.expect("a timekeeper is asked for a slot");
        let checkpoints = auto_proof_of_time::prove(seed, iterations).expect("the iterations are valid");
        self.step(Event::TimeProved(PotProof { slot, seed, iterations, checkpoints }))
    }

    /// Goes on until the head is at a height.
    pub(crate) fn run_to(&mut self, height: u64) -> Result<(), NodeError> {
        for _ in 0..10_000 {
            if self.head() >= height {
                return Ok(());
            }
            self.slot()?;
        }
        assert!(self.head() >= height, "10,000 slots brought only block {}: {:?}", self.head(), self.missed);
        Ok(())
    }

    /// Height of the head.
    pub(crate) fn head(&self) -> u64 {
        self.machine.chain().head().number().0
    }

    /// The best chain, from the first block on.
    pub(crate) fn blocks(&self) -> Vec<Hash> {
        let store = self.machine.chain().store();
        let hash = |number: u64| {
            let bytes = store.get(Column::Canonical, &BlockNumber(number).0.to_be_bytes()).expect("reads");
            Hash(bytes.expect("the height is there").try_into().expect("a hash"))
        };
        (1..=self.head()).map(hash).collect()
    }
}
