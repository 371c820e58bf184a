//! A chain of blocks with identities, agents, grants and acts on it.

use auto_agents::{AgentRecord, Agents, DataPolicy, Deed, Entry, Intent, Price, Profile, RECORDS, Skill};
use auto_core::{Address, Amount, Blob, BlockNumber, DomainId, Hash, List, ModuleId};
use auto_index::{At, Block, Happening, Index, IndexError};
use auto_module::Module;
use autoid::{Autoid, Change};
use autoid_core::grant::Asset;
use autoid_core::keys::{KeySet, PublicKey};
use autoid_core::{
    Authority, AutoId, CallDigest, Genesis, Grant, GrantId, IdentityRecord, Key, Kind, KindSet, Policy,
    Relations, Reversibility, RevocationPlace, Sign1, Signature, Status, Time,
};
use autoid_interface::{ALIAS_OF, ALIASES, Alias, AliasRecord, GRANTS, IDENTITIES, StoredGrant};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

pub(crate) const DOMAIN: DomainId = DomainId(1);
const NETWORK: Genesis = Genesis([0x5a; 32]);

pub(crate) fn newest() -> At {
    At::newest(DOMAIN)
}

pub(crate) fn at(number: u64) -> At {
    At::block(DOMAIN, BlockNumber(number))
}

pub(crate) fn id(number: u8) -> AutoId {
    AutoId([number; 32])
}

fn tag(text: &str) -> Blob<32> {
    Blob::new(text.as_bytes().to_vec()).unwrap()
}

/// What an agent says about itself, in short.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) owner: AutoId,
    pub(crate) purpose: String,
    pub(crate) skills: Vec<(String, Vec<String>)>,
    pub(crate) price: Option<u32>,
    pub(crate) stake: u32,
    pub(crate) live_until: u64,
}

impl Default for Says {
    fn default() -> Self {
        Self {
            owner: id(1),
            purpose: "Does things".to_owned(),
            skills: Vec::new(),
            price: Some(1),
            stake: 1,
            live_until: 1_000,
        }
    }
}

impl Says {
    fn profile(&self) -> Profile {
        let skills = self.skills.iter().map(|(name, tags)| Skill {
            id: tag(name),
            tags: List::new(tags.iter().map(|text| tag(text)).collect()).unwrap(),
        });
        Profile {
            owner: self.owner,
            purpose: Blob::new(self.purpose.clone().into_bytes()).unwrap(),
            model: None,
            skills: List::new(skills.collect()).unwrap(),
            interfaces: List::default(),
            price: self
                .price
                .map(|price| Price { asset: Asset::AI3, amount: Amount::ai3(price).base_units() }),
            accepts: List::default(),
            stake: Amount::ai3(self.stake),
            live_until: self.live_until,
            card_hash: None,
            data_policy: DataPolicy::Forgotten,
        }
    }
}

/// The state, and the events of the block that is being made.
#[derive(Clone)]
pub(crate) struct Chain {
    pub(crate) state: BTreeMap<Vec<u8>, Vec<u8>>,
    events: Vec<(ModuleId, Vec<u8>)>,
    pub(crate) number: u64,
    /// Distinguishes the blocks of two branches.
    pub(crate) branch: u64,
    pub(crate) hash: Hash,
}

impl Chain {
    pub(crate) fn new() -> Self {
        Self { state: BTreeMap::new(), events: Vec::new(), number: 0, branch: 0, hash: Hash([0; 32]) }
    }

    fn autoid(&mut self, event: autoid::Event) {
        self.events.push((Autoid::ID, event.encode()));
    }

    fn agents(&mut self, event: auto_agents::Event) {
        self.events.push((Agents::ID, event.encode()));
    }

    pub(crate) fn event(&mut self, module: ModuleId, bytes: &[u8]) {
        self.events.push((module, bytes.to_vec()));
    }

    pub(crate) fn identity(&self, of: AutoId) -> Option<IdentityRecord> {
        IDENTITIES.get(&self.state, &of).unwrap()
    }

    fn put_identity(&mut self, record: &IdentityRecord) {
        self.state.insert(IDENTITIES.key(&record.id), record.encode());
    }

    pub(crate) fn incept(&mut self, id: AutoId, parent: Option<AutoId>) {
        let kind = if parent.is_some() { Kind::Agent } else { Kind::Human };
        let key = Key { kid: 0, key: PublicKey::Ed25519(id.0), relations: Relations::ALL, not_after: None };
        let block = self.number + 1;
        self.put_identity(&IdentityRecord {
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
            authority: Authority {
                is_ca: false,
                path_len: None,
                kinds: KindSet::default(),
                name_subtree: None,
            },
            grant_epoch: 0,
            certificate: None,
            services: Vec::new(),
            suspension: None,
            revocation: None,
            deposit: 0,
            payer: [0; 32],
            created: block,
            updated: block,
            updated_at: Time(block),
        });
        self.autoid(autoid::Event::Incepted { id, kind, parent, status: Status::Active });
    }

    pub(crate) fn set_status(&mut self, id: AutoId, status: Status) {
        let mut record = self.identity(id).unwrap();
        record.status = status;
        record.seq += 1;
        record.updated = self.number + 1;
        self.put_identity(&record);
        let change = Change::Resumed;
        self.autoid(autoid::Event::Changed { id, version: record.seq, status, change });
    }

    pub(crate) fn alias(&self, id: AutoId) -> Option<Alias> {
        let look = ALIAS_OF.get(&self.state, &id).unwrap()?;
        Some(ALIASES.get(&self.state, &look).unwrap().unwrap().alias)
    }

    pub(crate) fn take_alias(&mut self, id: AutoId, alias: &str) {
        let alias: Alias = alias.parse().unwrap();
        let look = alias.look();
        if self.alias(id).is_some() || self.state.contains_key(&ALIASES.key(&look)) {
            return;
        }
        let record = AliasRecord {
            alias: alias.clone(),
            id,
            since: self.number + 1,
            deposit: Amount::ai3(1),
            payer: Address([0; 32]),
        };
        self.state.insert(ALIAS_OF.key(&id), look.encode());
        self.state.insert(ALIASES.key(&look), record.encode());
        self.autoid(autoid::Event::AliasTaken { id, alias });
    }

    pub(crate) fn free_alias(&mut self, id: AutoId) {
        let Some(alias) = self.alias(id) else { return };
        self.state.remove(&ALIAS_OF.key(&id));
        self.state.remove(&ALIASES.key(&alias.look()));
        self.autoid(autoid::Event::AliasFreed { id, alias });
    }

    pub(crate) fn record(&self, of: AutoId) -> Option<AgentRecord> {
        RECORDS.get(&self.state, &of).unwrap()
    }

    pub(crate) fn register(&mut self, agent: AutoId, says: &Says) {
        let block = self.number + 1;
        let registered = self.record(agent).map_or(block, |record| record.registered);
        let record = AgentRecord {
            id: agent,
            profile: says.profile(),
            deposit: Amount::ai3(1),
            payer: Address([0; 32]),
            registered,
            updated: block,
        };
        self.state.insert(RECORDS.key(&agent), record.encode());
        self.agents(auto_agents::Event::Registered(Box::new(record)));
    }

    pub(crate) fn renew(&mut self, agent: AutoId, live_until: u64) {
        let Some(mut record) = self.record(agent) else { return };
        record.profile.live_until = live_until;
        record.updated = self.number + 1;
        self.state.insert(RECORDS.key(&agent), record.encode());
        self.agents(auto_agents::Event::Renewed { agent, live_until });
    }

    pub(crate) fn retire(&mut self, agent: AutoId) {
        if self.state.remove(&RECORDS.key(&agent)).is_some() {
            let (payer, returned) = (Address([0; 32]), Amount::ai3(1));
            self.agents(auto_agents::Event::Retired { agent, payer, returned });
        }
    }

    pub(crate) fn grant(
        &mut self,
        number: u8,
        (issuer, holder): (AutoId, AutoId),
        parent: Option<GrantId>,
    ) -> GrantId {
        let grant = Grant {
            iss: issuer,
            aud: holder,
            sub: issuer,
            cmd: vec!["/pay".parse().unwrap()],
            res: vec!["vault:main".parse().unwrap()],
            pol: Policy::default(),
            payees: None,
            nbf: Time(0),
            exp: Time(1_000),
            max_depth: 1,
            max_staleness: 5,
            rev: RevocationPlace { list: 0, index: u32::from(number) },
            epoch: 0,
            iss_seq: 0,
            parent,
            meters: Vec::new(),
            calls: None,
            class: Reversibility::Read,
            approve_over: None,
            dangerous: false,
            nonce: [number; 16],
        };
        let signature = Signature([number; 64]);
        let grant = Sign1::new(grant, 0, autoid_core::Algorithm::Ed25519, signature).unwrap();
        let id = grant.id(&NETWORK);
        let stored = StoredGrant {
            grant,
            key: PublicKey::Ed25519([1; 32]),
            since: self.number + 1,
            deposit: Amount::ai3(1),
            payer: Address([0; 32]),
        };
        self.state.insert(GRANTS.key(&id), stored.encode());
        self.autoid(autoid::Event::GrantRegistered { grant: id, issuer, holder, owner: issuer, parent });
        id
    }

    pub(crate) fn revoke(&mut self, grant: GrantId, issuer: AutoId) {
        let place = RevocationPlace { list: 3, index: 4 };
        self.autoid(autoid::Event::GrantRevoked { grant, issuer, place, by: issuer });
    }

    pub(crate) fn prune(&mut self, grant: GrantId) {
        if self.state.remove(&GRANTS.key(&grant)).is_some() {
            self.autoid(autoid::Event::GrantPruned { grant });
        }
    }

    pub(crate) fn act(&mut self, agent: AutoId, position: u64) -> Entry {
        let intent = Intent { policy: Hash([1; 32]), model: Hash([2; 32]), inputs: Hash([3; 32]) };
        let deed = Deed::Acted {
            act: position,
            call: CallDigest([4; 32]),
            grant: None,
            subject: agent,
            intent,
            payment: None,
            due: 9,
        };
        let entry = Entry { position, block: self.number + 1, time: Time(self.number + 1), deed };
        self.agents(auto_agents::Event::Logged { agent, entry: Box::new(entry.clone()) });
        entry
    }

    /// Ends the block and gives it to an index.
    pub(crate) fn end_block(&mut self, index: &Index) -> Result<(), IndexError> {
        let parent = self.hash;
        self.number += 1;
        self.hash = Hash::of_object(&(self.number, self.branch, parent).encode());
        let result = self.give(index, parent);
        self.events.clear();
        result
    }

    /// Gives the newest block to an index.
    pub(crate) fn give(&self, index: &Index, parent: Hash) -> Result<(), IndexError> {
        let happenings: Vec<_> = self
            .events
            .iter()
            .map(|(module, event)| Happening { module: *module, event, extrinsic: Some(Hash([9; 32])) })
            .collect();
        let block = Block {
            domain: DOMAIN,
            number: BlockNumber(self.number),
            hash: self.hash,
            parent,
            time: Time(self.number),
            happenings: &happenings,
        };
        index.apply(&block, &self.state)
    }
}
