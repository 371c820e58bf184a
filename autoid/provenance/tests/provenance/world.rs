//! A person with an organisation and an agent, a stranger, and what they sign.

use autoid_core::transition::{self, Rules};
use autoid_core::{
    Action, Authority, AutoId, Genesis, Grant, IdentityRecord, Inception, Key, KeyOf, KeySet, Kind, KindSet,
    Operation, Point, Policy, Relations, Reversibility, RevocationPlace, Sign, Sign1, Signer as _, Time,
    View,
};
use autoid_provenance::{Acting, Content, Manifest, ProvenanceError, Sealed, Unverified, Verified};
use ed25519_dalek::SigningKey;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

pub(crate) const NETWORK: Genesis = Genesis([0x5a; 32]);
pub(crate) const NOW: u64 = 1_800_000_000;
pub(crate) const TEXT: &[u8] = b"once upon a time";

/// An identity; key 0 controls it, key 1 makes statements and grants, key 2 calls only.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) id: AutoId,
    pub(crate) name: &'static str,
}

pub(crate) fn key(name: &str, generation: u32, kid: u32) -> SigningKey {
    SigningKey::from_bytes(blake3::hash(format!("{name} {generation} {kid}").as_bytes()).as_bytes())
}

fn keys(name: &str, generation: u32) -> KeySet {
    let one = |kid, relations: Relations| Key {
        kid,
        key: key(name, generation, kid).public_key(),
        relations,
        not_after: (kid == 3).then_some(Time(NOW - 1)),
    };
    let first = generation * 10;
    let speak = Relations::ASSERT.and(Relations::DELEGATE);
    KeySet::new(
        vec![
            one(first, Relations::AUTH.and(speak)),
            one(first + 1, speak),
            one(first + 2, Relations::INVOKE),
            one(first + 3, speak),
        ],
        1,
    )
    .unwrap()
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) records: BTreeMap<AutoId, IdentityRecord>,
    pub(crate) revoked: BTreeSet<(AutoId, u32, u32)>,
    pub(crate) point: Point,
    pub(crate) author: Actor,
    pub(crate) agent: Actor,
    pub(crate) stranger: Actor,
}

impl View for World {
    type Error = Infallible;

    fn point(&self) -> Point {
        self.point
    }

    fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, Infallible> {
        Ok(self.records.get(id).cloned())
    }

    fn revoked(&self, issuer: &AutoId, list: u32, index: u32) -> Result<bool, Infallible> {
        Ok(self.revoked.contains(&(*issuer, list, index)))
    }
}

const RULES: Rules = Rules { genesis: NETWORK, recovery_delay: 20, endorsement_window: 50 };

impl World {
    pub(crate) fn new() -> Self {
        let nobody = Actor { id: AutoId([0; 32]), name: "nobody" };
        let mut world = Self {
            records: BTreeMap::new(),
            revoked: BTreeSet::new(),
            point: Point { block: 100, time: Time(NOW) },
            author: nobody.clone(),
            agent: nobody.clone(),
            stranger: nobody,
        };
        let person = world.incept("person", Kind::Human, None);
        world.author = world.incept("press", Kind::Org, Some(&person));
        let author = world.author.clone();
        world.agent = world.incept("writer", Kind::Agent, Some(&author));
        world.stranger = world.incept("stranger", Kind::Human, None);
        world
    }

    fn incept(&mut self, name: &'static str, kind: Kind, parent: Option<&Actor>) -> Actor {
        let inception = Inception {
            kind,
            keys: keys(name, 0),
            next: keys(name, 1).commitment(),
            recovery: None,
            parent: parent.map(|parent| parent.id),
            issuers: Vec::new(),
            threshold: 0,
            salt: [7; 16],
            authority: Authority {
                is_ca: true,
                path_len: None,
                kinds: KindSet::of(&Kind::ALL),
                name_subtree: None,
            },
        };
        let own = KeyOf { identity: inception.id(&NETWORK), kid: 0 };
        let mut signed = Sign::new(inception).unwrap().signed(&NETWORK, own, &key(name, 0, 0)).unwrap();
        if let Some(parent) = parent {
            let by = KeyOf { identity: parent.id, kid: 0 };
            signed = signed.signed(&NETWORK, by, &key(parent.name, 0, 0)).unwrap();
        }
        let record = transition::incept(&signed, [9; 32], 10, self, &RULES).unwrap();
        let actor = Actor { id: record.id, name };
        self.records.insert(record.id, record);
        actor
    }

    /// Carries out an operation that the keys of given generations of an identity sign.
    pub(crate) fn operate(&mut self, actor: &Actor, action: Action, generations: &[u32]) {
        let seq = self.records[&actor.id].seq + 1;
        let operation = Operation { id: actor.id, seq, valid_until: self.point.block + 10, action };
        let mut signed = Sign::new(operation).unwrap();
        for generation in generations {
            let kid = generation * 10;
            let by = KeyOf { identity: actor.id, kid };
            signed = signed.signed(&NETWORK, by, &key(actor.name, *generation, kid)).unwrap();
        }
        let record = transition::apply(&signed, self, &RULES).unwrap();
        self.records.insert(record.id, record);
        self.point = Point { block: self.point.block + 1, time: Time(self.point.time.0 + 60) };
    }

    pub(crate) fn rotate(&mut self, actor: &Actor) {
        let next = keys(actor.name, 2).commitment();
        self.operate(actor, Action::Rotate { keys: keys(actor.name, 1), next }, &[0, 1]);
    }

    /// What the author says of the text.
    pub(crate) fn manifest(&self) -> Manifest {
        let content = Content::of_bytes(TEXT);
        Manifest {
            network: NETWORK,
            content: content.hash,
            size: content.size,
            media_type: "text/plain".parse().unwrap(),
            author: self.author.id,
            acting: None,
            parents: Vec::new(),
            licence: Some("CC-BY-4.0".parse().unwrap()),
            made_at: Time(NOW - 10),
        }
    }

    /// The author's manifest, signed with its key for statements.
    pub(crate) fn sealed(&self) -> Sealed {
        sign(self.manifest(), &self.author, 1)
    }

    /// A grant of the author to the agent to sign texts.
    pub(crate) fn grant(&self, change: impl FnOnce(&mut Grant)) -> Sign1<Grant> {
        let mut grant = Grant {
            iss: self.author.id,
            aud: self.agent.id,
            sub: self.author.id,
            cmd: vec!["/content/sign".parse().unwrap()],
            res: vec!["content:text/*".parse().unwrap()],
            pol: Policy::default(),
            payees: None,
            nbf: Time(NOW - 1_000),
            exp: Time(NOW + 1_000),
            max_depth: 1,
            max_staleness: 5,
            rev: RevocationPlace { list: 0, index: 0 },
            epoch: 0,
            iss_seq: 0,
            parent: None,
            meters: Vec::new(),
            calls: None,
            class: Reversibility::Irreversible,
            approve_over: None,
            dangerous: false,
            nonce: [1; 16],
        };
        change(&mut grant);
        Sign1::sign(grant, &NETWORK, 1, &key(self.author.name, 0, 1)).unwrap()
    }

    /// The manifest of the agent in the author's name.
    pub(crate) fn by_agent(&self, grant: &Sign1<Grant>) -> Sealed {
        let acting = Some(Acting { agent: self.agent.id, grant: grant.id(&NETWORK) });
        sign(Manifest { acting, ..self.manifest() }, &self.agent, 1)
    }

    pub(crate) fn verify(
        &self,
        sealed: &Sealed,
        grants: &[Sign1<Grant>],
    ) -> Result<Verified, ProvenanceError> {
        self.verify_of(sealed, TEXT, grants)
    }

    pub(crate) fn verify_of(
        &self,
        sealed: &Sealed,
        content: &[u8],
        grants: &[Sign1<Grant>],
    ) -> Result<Verified, ProvenanceError> {
        autoid_provenance::verify(sealed, &Content::of_bytes(content), grants, self, &NETWORK)
            .map_err(refused)
    }
}

pub(crate) fn sign(manifest: Manifest, signer: &Actor, kid: u32) -> Sealed {
    Sealed::sign(manifest, kid, &key(signer.name, kid / 10, kid)).unwrap()
}

pub(crate) fn refused(error: Unverified<Infallible>) -> ProvenanceError {
    match error {
        Unverified::Refused(error) => error,
        Unverified::View(never) => match never {},
    }
}
