//! What all simulations of one kind share: a genesis, its store, plotted farms, and proven solutions.

use crate::Failure;
use crate::genesis::{BankAndMessages, accounts};
use crate::plot::MemoryPlot;
use auto_core::{
    Address, Amount, Blob, DomainId, Genesis, Hash, HistorySize, KeyPair, Piece, PieceIndex, Preset,
    ProtocolParams, SectorIndex, Solution, SolutionRange,
};
use auto_domains::Domains;
use auto_farmer::{Candidate, Farm, FarmConfig, Layout, PlotControl, Recovered, SourceError};
use auto_ledger::{Extension, NoExtension, Rules};
use auto_node::{Chain, Retention};
use auto_store::{Batch, Column, Direction, MemoryStore, Store};
use domains::{DOMAINS, owner};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

pub(crate) mod domains;

/// Farmers whose sectors a world has plotted.
pub const FARMERS: usize = 4;
/// Accounts that send transfers.
pub const USERS: usize = 4;

/// Which rules a world has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WorldKind {
    /// Sectors stay valid for the whole simulation, so that all simulations share them.
    Lasting,
    /// Sectors expire as the history grows and are plotted anew from it.
    Expiring,
    /// Nearly every stored chunk wins, so that a solution meets the range of any slot.
    Generous,
    /// Lasting, with domains beside the ledger.
    Domains,
}

/// What makes one solution the same as another.
type ProofKey = (usize, SectorIndex, u16, u16);

/// What makes one piece of a plot the same as another.
type PieceKey = (usize, SectorIndex, u16);

/// A genesis with everything that it decides.
pub struct World {
    kind: WorldKind,
    genesis: Genesis,
    genesis_hash: Hash,
    extension: Arc<dyn Extension>,
    rows: Vec<(Column, Vec<u8>, Vec<u8>)>,
    farmers: Vec<Farmer>,
    users: Vec<Arc<KeyPair>>,
    proofs: Mutex<BTreeMap<ProofKey, Solution>>,
    pieces: Mutex<BTreeMap<PieceKey, Arc<Recovered>>>,
}

/// One farmer of a world.
struct Farmer {
    pair: Arc<KeyPair>,
    plot: MemoryPlot,
    farm: Arc<Farm>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World")
            .field("kind", &self.kind)
            .field("genesis", &self.genesis_hash)
            .finish_non_exhaustive()
    }
}

fn params(kind: WorldKind) -> ProtocolParams {
    let preset = ProtocolParams::preset(Preset::Test);
    let with_domains = kind == WorldKind::Domains;
    ProtocolParams {
        confirmation_depth: 10,
        segment_blocks_max: if kind == WorldKind::Expiring { 5 } else { 9 },
        min_sector_lifetime: if kind == WorldKind::Expiring { 2 } else { 1000 },
        // Half of what suits one farm: several farms together then win the wanted share of slots.
        initial_solution_range: match kind {
            WorldKind::Generous => SolutionRange(u64::MAX / 16 * 15),
            _ => SolutionRange(preset.initial_solution_range.0 / 2),
        },
        challenge_period: if with_domains { domains::CHALLENGE } else { preset.challenge_period },
        staking_epoch: if with_domains { domains::EPOCH } else { preset.staking_epoch },
        ..preset
    }
}

fn key(kind: u8, number: usize) -> Arc<KeyPair> {
    let mut secret = [kind; 32];
    secret[0] = u8::try_from(number).unwrap_or(u8::MAX);
    Arc::new(KeyPair::from_secret(&secret))
}

impl World {
    /// The world of a kind; made once in a process.
    ///
    /// # Errors
    /// When it could not be made.
    pub fn of(kind: WorldKind) -> Result<&'static Self, Failure> {
        static LASTING: OnceLock<Result<World, Failure>> = OnceLock::new();
        static EXPIRING: OnceLock<Result<World, Failure>> = OnceLock::new();
        static GENEROUS: OnceLock<Result<World, Failure>> = OnceLock::new();
        static DOMAINS: OnceLock<Result<World, Failure>> = OnceLock::new();
        let cell = match kind {
            WorldKind::Lasting => &LASTING,
            WorldKind::Expiring => &EXPIRING,
            WorldKind::Generous => &GENEROUS,
            WorldKind::Domains => &DOMAINS,
        };
        cell.get_or_init(|| Self::make(kind)).as_ref().map_err(Clone::clone)
    }

    fn make(kind: WorldKind) -> Result<Self, Failure> {
        let users: Vec<_> = (0..USERS).map(|number| key(201, number)).collect();
        let addresses = users.iter().map(|pair| pair.public_key().address());
        let mut genesis = Genesis {
            entropy: Blob::new(b"simulation".to_vec()).unwrap_or_default(),
            ..Genesis::new(params(kind), accounts(addresses, Amount::ai3(1000)))
        };
        let mut extension: Arc<dyn Extension> = Arc::new(NoExtension);
        if kind == WorldKind::Domains {
            domains::add(&mut genesis, &users);
            extension = Arc::new(Domains::new(Arc::new(BankAndMessages)));
        }
        let store = Arc::new(MemoryStore::new());
        let rows = Arc::clone(&store) as Arc<dyn Store>;
        let chain = Chain::open(rows, &genesis, Arc::clone(&extension), Retention::default())
            .map_err(|error| Failure::of("opening the genesis", &error))?;
        let genesis_hash = chain.genesis_hash();
        let mut farmers = Vec::new();
        for number in 0..FARMERS {
            let pair = key(101, number);
            let plot = MemoryPlot::default();
            let farm = open_farm(&genesis.params, genesis_hash, &pair, plot.clone())?;
            plot_sector(&farm, HistorySize::ONE, &*store)?;
            farmers.push(Farmer { pair, plot, farm });
        }
        let mut rows = Vec::new();
        for column in Column::ALL {
            let pairs = store
                .scan(column, &[], None, Direction::Forward, usize::MAX)
                .map_err(|error| Failure::of("reading the genesis", &error))?;
            rows.extend(pairs.into_iter().map(|(key, value)| (column, key, value)));
        }
        Ok(Self {
            kind,
            genesis,
            genesis_hash,
            extension,
            rows,
            farmers,
            users,
            proofs: Mutex::default(),
            pieces: Mutex::default(),
        })
    }

    /// Which rules it has.
    #[must_use]
    pub const fn kind(&self) -> WorldKind {
        self.kind
    }

    /// What its chains start from.
    #[must_use]
    pub const fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// What its chains run beside accounts and objects.
    #[must_use]
    pub fn extension(&self) -> &Arc<dyn Extension> {
        &self.extension
    }

    /// Hash of the genesis block.
    #[must_use]
    pub const fn genesis_hash(&self) -> Hash {
        self.genesis_hash
    }

    /// Its domains; none where it has only the ledger.
    #[must_use]
    pub fn domains(&self) -> Vec<DomainId> {
        let count = if self.genesis.domains.is_empty() { 0 } else { DOMAINS };
        (1..=count).map(DomainId).collect()
    }

    /// What its blocks are judged by.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules::new(self.params().clone(), self.genesis_hash, Arc::clone(&self.extension))
    }

    /// The parameters.
    #[must_use]
    pub const fn params(&self) -> &ProtocolParams {
        &self.genesis.params
    }

    /// A new store that holds the genesis block and segment zero.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn store(&self) -> Result<Arc<MemoryStore>, Failure> {
        let store = MemoryStore::new();
        let mut batch = Batch::new();
        for (column, key, value) in &self.rows {
            batch.put(*column, key.clone(), value.clone());
        }
        store.write(batch).map_err(|error| Failure::of("copying the genesis", &error))?;
        Ok(Arc::new(store))
    }

    /// The key of a farmer.
    #[must_use]
    pub fn farmer(&self, number: usize) -> Option<&Arc<KeyPair>> {
        self.farmers.get(number).map(|farmer| &farmer.pair)
    }

    /// The keys of the users.
    #[must_use]
    pub fn users(&self) -> &[Arc<KeyPair>] {
        &self.users
    }

    /// Every address that can hold money.
    #[must_use]
    pub fn addresses(&self) -> Vec<Address> {
        let farmers = self.farmers.iter().map(|farmer| &farmer.pair);
        let own = farmers.chain(&self.users).map(|pair| pair.public_key().address());
        let operators = 0..u64::try_from(self.genesis.operators.len()).unwrap_or(u64::MAX);
        own.chain(operators.map(|number| owner(number).public_key().address())).collect()
    }

    /// The farm of a farmer as it is at genesis; its own copy where sectors expire.
    ///
    /// # Errors
    /// When the copy does not open.
    pub fn farm(&self, number: usize) -> Result<Option<Arc<Farm>>, Failure> {
        let Some(farmer) = self.farmers.get(number) else { return Ok(None) };
        match self.kind {
            WorldKind::Expiring => {
                open_farm(self.params(), self.genesis_hash, &farmer.pair, farmer.plot.copy()).map(Some)
            }
            _ => Ok(Some(Arc::clone(&farmer.farm))),
        }
    }

    /// Proves a candidate; over segment zero pieces are read back once in a process, and solutions proven once.
    pub fn prove(&self, number: usize, farm: &Farm, candidate: &Candidate) -> Option<Solution> {
        let address = self.farmers.get(number)?.pair.public_key().address();
        if candidate.history_size != HistorySize::ONE {
            return farm.prove(candidate, address, &|| true).ok();
        }
        let key = (number, candidate.sector, candidate.offset.0, candidate.s_bucket.0);
        if let Some(known) = self.proofs.lock().get(&key) {
            return Some(known.clone());
        }
        let piece = (number, candidate.sector, candidate.offset.0);
        let known = self.pieces.lock().get(&piece).map(Arc::clone);
        let recovered = match known {
            Some(known) => known,
            None => Arc::new(farm.recover(candidate, &|| true).ok()?),
        };
        let solution = farm.solve(candidate, &recovered, address, &|| true).ok()?;
        self.pieces.lock().insert(piece, recovered);
        self.proofs.lock().insert(key, solution.clone());
        Some(solution)
    }
}

fn open_farm(
    params: &ProtocolParams,
    genesis: Hash,
    pair: &KeyPair,
    plot: MemoryPlot,
) -> Result<Arc<Farm>, Failure> {
    let layout = Layout::new(params).map_err(|error| Failure::of("laying out a farm", &error))?;
    let config = FarmConfig {
        path: PathBuf::from("in memory"),
        size: layout.file_bytes(1),
        public_key: pair.public_key(),
        genesis,
        params: params.clone(),
        first_sector: SectorIndex(0),
        threads: 1,
        directory_memory: FarmConfig::DIRECTORY_MEMORY,
    };
    let farm =
        Farm::with_file(&config, Box::new(plot)).map_err(|error| Failure::of("opening a farm", &error))?;
    Ok(Arc::new(farm))
}

/// Plots the one sector of a farm with a history of `size`, out of the pieces of a store.
///
/// # Errors
/// When the store lacks a piece, or plotting fails.
pub fn plot_sector(farm: &Farm, size: HistorySize, store: &dyn Store) -> Result<(), Failure> {
    let source = |index: PieceIndex| -> Result<Option<Piece>, SourceError> {
        let bytes = store.get(Column::Pieces, &index.0.to_be_bytes());
        let bytes = bytes.map_err(|error| SourceError(error.to_string()))?;
        Ok(bytes.as_deref().and_then(Piece::from_bytes))
    };
    let stop = AtomicBool::new(false);
    let control = PlotControl { stop: &stop, progress: &|_| {} };
    let plotted = farm.plot_sector(SectorIndex(0), size, &source, &control);
    plotted.map(drop).map_err(|error| Failure::of("plotting", &error))
}
