//! Blocks in which agents are registered, by numbers that look drawn.

use crate::error::{CliError, internal};
use auto_agents::{AgentRecord, Agents, DataPolicy, Price, Profile, RECORDS, Skill};
use auto_core::{Address, Amount, Blob, BlockNumber, DomainId, Hash, List, ModuleId};
use auto_index::{Block, Happening, Index};
use auto_module::Module;
use auto_state::{StateError, StateRead};
use autoid::Autoid;
use autoid_core::grant::Asset;
use autoid_core::keys::{KeySet, PublicKey};
use autoid_core::{Authority, AutoId, IdentityRecord, Key, Kind, KindSet, Relations, Status, Time};
use autoid_interface::IDENTITIES;
use parity_scale_codec::Encode;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const DOMAIN: u32 = 1;
pub(super) const OWNERS: usize = 50_000;
/// Prices are multiples of it up to a hundred.
pub(super) const PRICE_STEP: u128 = 10_000_000_000_000_000;
const AGENTS_PER_BLOCK: usize = 10_000;
const WORDS: usize = 40_000;
const CAPABILITIES: usize = 2_000;

/// Numbers that look drawn, the same ones every time (SplitMix64).
pub(super) struct Draws(pub(super) u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A number below a limit, by Zipf's law: number `n` about `1 / (n + 1)` times as often as the first.
    fn uneven(&mut self, limit: usize) -> usize {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((limit as f64 + 1.0).powf(even) - 1.0) as usize % limit
    }
}

pub(super) fn word(at: usize) -> String {
    format!("w{at}rd")
}

pub(super) fn capability(at: usize) -> String {
    format!("skill-{at}")
}

fn id(kind: &[u8], at: usize) -> AutoId {
    AutoId(Hash::of_object(&[kind, &(at as u64).to_le_bytes()].concat()).0)
}

pub(super) fn owner(at: usize) -> AutoId {
    id(b"owner", at)
}

fn identity(id: AutoId, kind: Kind, parent: Option<AutoId>, created: u64) -> IdentityRecord {
    let key = Key { kid: 1, key: PublicKey::Ed25519(id.0), relations: Relations::ALL, not_after: None };
    IdentityRecord {
        id,
        kind,
        status: Status::Active,
        seq: 0,
        oversight: 0,
        keys: KeySet { keys: vec![key], threshold: 1 },
        next: [0; 32],
        recovery: None,
        recovering: None,
        parent,
        depth: u8::from(parent.is_some()),
        issuers: Vec::new(),
        threshold: 0,
        endorsements: 0,
        deadline: None,
        authority: Authority { is_ca: false, path_len: None, kinds: KindSet::default(), name_subtree: None },
        grant_epoch: 0,
        certificate: None,
        services: Vec::new(),
        suspension: None,
        revocation: None,
        deposit: 0,
        payer: [0; 32],
        created,
        updated: created,
        updated_at: Time(created),
    }
}

fn blob<const MAX: usize>(text: String) -> Result<Blob<MAX>, CliError> {
    Blob::new(text.into_bytes()).map_err(|_| internal("a text is too long"))
}

fn list<T, const MAX: usize>(items: Vec<T>) -> Result<List<T, MAX>, CliError> {
    List::new(items).map_err(|_| internal("a list is too long"))
}

/// What is read of the state while a block is added: what changed in it and, as agents run out, in the one
/// before.
#[derive(Default)]
struct Recent {
    current: BTreeMap<Vec<u8>, Vec<u8>>,
    previous: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl StateRead for Recent {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.current.get(key).or_else(|| self.previous.get(key)).cloned())
    }
}

/// Makes agents.
pub(super) struct Synthetic {
    draws: Draws,
    state: Recent,
    events: Vec<(ModuleId, Vec<u8>)>,
}

impl Default for Synthetic {
    fn default() -> Self {
        Self { draws: Draws(1), state: Recent::default(), events: Vec::new() }
    }
}

impl Synthetic {
    fn incept(&mut self, id: AutoId, kind: Kind, parent: Option<AutoId>, block: u64) {
        let record = identity(id, kind, parent, block);
        self.state.current.insert(IDENTITIES.key(&id), record.encode());
        let event = autoid::Event::Incepted { id, kind, parent, status: Status::Active };
        self.events.push((Autoid::ID, event.encode()));
    }

    fn register(&mut self, at: usize, block: u64) -> Result<(), CliError> {
        let owner = owner(self.draws.uneven(OWNERS));
        let agent = id(b"agent", at);
        self.incept(agent, Kind::Agent, Some(owner), block);
        let mut words: Vec<String> = (0..12).map(|_| word(self.draws.uneven(WORDS))).collect();
        words.push(word(20_000 + at % 20_000));
        let mut skills = BTreeMap::new();
        for _ in 0..3 {
            let tags: BTreeSet<_> = [0, 1].map(|_| self.draws.uneven(CAPABILITIES)).into();
            let tags = tags.into_iter().map(|at| blob(capability(at))).collect::<Result<Vec<_>, _>>()?;
            skills.insert(self.draws.uneven(CAPABILITIES), tags);
        }
        let skills = skills
            .into_iter()
            .map(|(name, tags)| Ok(Skill { id: blob(capability(name))?, tags: list(tags)? }))
            .collect::<Result<_, CliError>>()?;
        let price = PRICE_STEP.saturating_mul(self.draws.below(101) as u128);
        let expired = self.draws.below(5) == 0;
        let profile = Profile {
            owner,
            purpose: blob(words.join(" "))?,
            model: None,
            skills: list(skills)?,
            interfaces: List::default(),
            price: Some(Price { asset: Asset::AI3, amount: price }),
            accepts: List::default(),
            stake: Amount::ai3(self.draws.uneven(1_000) as u32),
            live_until: if expired { block } else { 1_000_000 },
            card_hash: None,
            data_policy: DataPolicy::Forgotten,
        };
        let record = AgentRecord {
            id: agent,
            profile,
            deposit: Amount::ai3(1),
            payer: Address([0; 32]),
            registered: block,
            updated: block,
        };
        self.state.current.insert(RECORDS.key(&agent), record.encode());
        self.events.push((Agents::ID, auto_agents::Event::Registered(Box::new(record)).encode()));
        Ok(())
    }

    /// Fills an index with agents, one in five of them not live.
    pub(super) fn fill(mut self, index: &Index, agents: usize) -> Result<(), CliError> {
        let blocks = agents.div_ceil(AGENTS_PER_BLOCK) as u64;
        for at in 0..OWNERS {
            self.incept(owner(at), Kind::Org, None, 1);
        }
        for block in 1..=blocks + 1 {
            let first = (block as usize - 1) * AGENTS_PER_BLOCK;
            for at in first..(first + AGENTS_PER_BLOCK).min(agents) {
                self.register(at, block)?;
            }
            self.apply(index, block)?;
            self.state.previous = std::mem::take(&mut self.state.current);
            self.events.clear();
        }
        Ok(())
    }

    fn apply(&self, index: &Index, block: u64) -> Result<(), CliError> {
        let hash = |block: u64| Hash::of_object(&block.to_le_bytes());
        let happenings: Vec<_> = self
            .events
            .iter()
            .map(|(module, event)| Happening { module: *module, event, extrinsic: None })
            .collect();
        let block = Block {
            domain: DomainId(DOMAIN),
            number: BlockNumber(block),
            hash: hash(block),
            parent: hash(block - 1),
            time: Time(block),
            happenings: &happenings,
        };
        index.apply(&block, &self.state).map_err(internal)
    }
}
