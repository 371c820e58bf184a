//! A node of the simulation: the machine, and what outlives it.

use crate::plan::Part;
use crate::{Failure, World};
use auto_consensus::ChainState;
use auto_core::{BlockNumber, Hash, Header, SegmentHeader, SegmentIndex};
use auto_farmer::Farm;
use auto_node::{Chain, Effect, Event, NodeError, NodeMachine, Retention, Roles, Tick};
use auto_operator::DomainsHandle;
use auto_proof_of_time::NextInput;
use auto_state::Snapshot;
use auto_store::{Column, FullDisk, MemoryStore, StateNodes, Store};
use parity_scale_codec::Decode;
use std::sync::Arc;

/// One node.
pub(crate) struct SimNode {
    pub(crate) part: Part,
    pub(crate) rows: Arc<MemoryStore>,
    pub(crate) disk: Arc<FullDisk<Arc<MemoryStore>>>,
    pub(crate) machine: Option<NodeMachine>,
    /// How often it was started; what was begun in another life is void.
    pub(crate) life: u64,
    born: u64,
    pub(crate) farm: Option<Arc<Farm>>,
    /// The slot that it computes.
    pub(crate) computing: Option<NextInput>,
    /// Highest confirmed block that was compared with the other nodes.
    pub(crate) compared: u64,
    /// The head that was looked at last.
    pub(crate) head: Option<Hash>,
    /// The weight of that head.
    pub(crate) weight: u128,
    pub(crate) started: bool,
    /// What its operators know, if it is any.
    pub(crate) domains: Option<DomainsHandle>,
}

impl SimNode {
    pub(crate) fn new(world: &World, part: Part) -> Result<Self, Failure> {
        let rows = world.store()?;
        let farm = match part.farmer {
            Some(number) => world.farm(number)?,
            None => None,
        };
        Ok(Self {
            part,
            disk: Arc::new(FullDisk::new(Arc::clone(&rows), "/disk of the simulation")),
            rows,
            machine: None,
            life: 0,
            born: 0,
            farm,
            computing: None,
            compared: 0,
            head: None,
            weight: 0,
            started: false,
            domains: None,
        })
    }

    /// Opens the chain anew on what is stored, and says what is to be done first.
    pub(crate) fn start(&mut self, world: &World, now: u64) -> Result<Vec<Effect>, Failure> {
        self.disk.make_room();
        let store = Arc::clone(&self.disk) as Arc<dyn Store>;
        let retention = Retention { states: Some(self.part.states) };
        let chain = Chain::open(store, world.genesis(), Arc::clone(world.extension()), retention)
            .map_err(|error| Failure::of("opening", &error))?;
        let farmers = self.part.farmer.and_then(|number| world.farmer(number)).map(Arc::clone);
        let mut roles = Roles {
            timekeeper: self.part.slot_ms.is_some(),
            farmers: farmers.into_iter().collect(),
            ..Roles::default()
        };
        if !self.part.operators.is_empty() {
            let store = Arc::clone(&self.disk) as Arc<dyn Store>;
            let follower = world.follower(&self.part.operators, store)?;
            self.domains = follower.domains();
            roles.followers.push(follower);
        }
        let mut machine = NodeMachine::new(chain, roles);
        let effects = machine.take_effects();
        self.machine = Some(machine);
        self.life = self.life.saturating_add(1);
        self.born = now;
        self.computing = None;
        // What is stored is looked at from the beginning.
        self.compared = 0;
        self.head = None;
        self.started = true;
        Ok(effects)
    }

    /// Dies.
    pub(crate) fn die(&mut self) {
        self.machine = None;
        self.domains = None;
        self.computing = None;
        self.life = self.life.saturating_add(1);
    }

    pub(crate) const fn is_up(&self) -> bool {
        self.machine.is_some()
    }

    pub(crate) fn step(&mut self, now: u64, event: Event) -> Result<Vec<Effect>, NodeError> {
        match self.machine.as_mut() {
            Some(machine) => machine.step(Tick(now.saturating_sub(self.born)), event),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn chain(&self) -> Option<&Chain> {
        self.machine.as_ref().map(NodeMachine::chain)
    }

    pub(crate) fn state(&self) -> Option<&ChainState> {
        self.chain().map(Chain::head)
    }

    /// Height of its head.
    pub(crate) fn height(&self) -> u64 {
        self.state().map_or(0, |state| state.number().0)
    }

    pub(crate) fn row(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        self.rows.get(column, key).map_err(|error| Failure::of("reading", &error))
    }

    /// The block of a height on its best chain.
    pub(crate) fn canonical(&self, number: u64) -> Result<Option<Hash>, Failure> {
        let row = self.row(Column::Canonical, &BlockNumber(number).0.to_be_bytes())?;
        Ok(row.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).map(Hash))
    }

    /// The header of a block that it knows.
    pub(crate) fn header(&self, hash: &Hash) -> Result<Option<Header>, Failure> {
        let row = self.row(Column::Blocks, hash.as_ref())?;
        Ok(row.and_then(|bytes| Header::decode(&mut bytes.as_slice()).ok()))
    }

    /// The state after its head.
    pub(crate) fn head_state(&self) -> Result<Option<Snapshot<StateNodes<'_>>>, Failure> {
        let Some(head) = self.state() else { return Ok(None) };
        let header = self.header(&head.hash())?;
        let header = header.ok_or_else(|| Failure(format!("head {} has no header", head.hash())))?;
        Ok(Some(Snapshot::new(StateNodes(&*self.disk), header.state_root)))
    }

    /// The header of a segment in its store.
    pub(crate) fn segment(&self, index: SegmentIndex) -> Result<Option<SegmentHeader>, Failure> {
        let row = self.row(Column::Segments, &index.0.to_be_bytes())?;
        Ok(row.and_then(|bytes| SegmentHeader::decode(&mut bytes.as_slice()).ok()))
    }
}
