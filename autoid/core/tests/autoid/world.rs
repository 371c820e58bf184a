//! A state of identities, made by the very transitions that a chain makes it by.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use autoid_core::transition::{self, Rules};
use autoid_core::{
    Action, Approval, Asset, Authority, AutoId, Call, Command, Failure, Genesis, Grant, GrantId,
    IdentityRecord, Inception, Key, KeyOf, KeySet, Kind, KindSet, Meter, Mode, NoMemo, Operation, Point,
    Policy, PublicKey, Refusal, Relations, Reversibility, RevocationPlace, Sign, Sign1, Signer as _, Time,
    Trust, View, Window,
};
use ed25519_dalek::SigningKey;

pub(crate) const GENESIS: Genesis = Genesis([0x5a; 32]);
pub(crate) const NOW: Time = Time(1_800_000_000);
pub(crate) const AI3: u128 = 1_000_000_000_000_000_000;

/// An identity, and the keys that its owner has.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) id: AutoId,
    /// One key for everything, number 0.
    pub(crate) key: SigningKey,
    /// The key that comes next, number 1.
    pub(crate) next: SigningKey,
}

pub(crate) fn key(seed: &str) -> SigningKey {
    SigningKey::from_bytes(blake3::hash(seed.as_bytes()).as_bytes())
}

/// A set of one key for everything.
pub(crate) fn single(kid: u32, key: &SigningKey) -> KeySet {
    KeySet::new(vec![whole(kid, key.public_key())], 1).unwrap()
}

pub(crate) fn whole(kid: u32, key: PublicKey) -> Key {
    Key { kid, key, relations: Relations::ALL, not_after: None }
}

pub(crate) fn any_authority() -> Authority {
    Authority { is_ca: true, path_len: None, kinds: KindSet::of(&Kind::ALL), name_subtree: None }
}

/// The inception of a world's identity with keys made from its name.
pub(crate) fn inception(name: &str, kind: Kind, parent: Option<AutoId>) -> Inception {
    let salt = *blake3::hash(name.as_bytes()).as_bytes();
    Inception {
        kind,
        keys: single(0, &key(name)),
        next: single(1, &key(&format!("{name} next"))).commitment(),
        recovery: None,
        parent,
        issuers: Vec::new(),
        threshold: 0,
        salt: salt[..16].try_into().unwrap(),
        authority: any_authority(),
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) records: BTreeMap<AutoId, IdentityRecord>,
    pub(crate) revoked: BTreeSet<(AutoId, u32, u32)>,
    pub(crate) point: Point,
    pub(crate) rules: Rules,
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

/// The refusal of a failure in a view that cannot fail.
pub(crate) fn refused(failure: Failure<Infallible>) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal,
        Failure::View(never) => match never {},
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let rules = Rules { genesis: GENESIS, recovery_delay: 20, endorsement_window: 50 };
        let point = Point { block: 100, time: NOW };
        Self { records: BTreeMap::new(), revoked: BTreeSet::new(), point, rules }
    }

    pub(crate) fn actor(&self, name: &str, inception: &Inception) -> Actor {
        let (key, next) = (key(name), key(&format!("{name} next")));
        Actor { id: inception.id(&GENESIS), key, next }
    }

    /// Tries an inception that its own key and the parent's key sign.
    pub(crate) fn try_incept(
        &self,
        name: &str,
        inception: &Inception,
        parent: Option<&Actor>,
    ) -> Result<IdentityRecord, Refusal> {
        let own = KeyOf { identity: inception.id(&GENESIS), kid: 0 };
        let mut signed = Sign::new(inception.clone())?.signed(&GENESIS, own, &key(name))?;
        if let Some(parent) = parent {
            signed = signed.signed(&GENESIS, KeyOf { identity: parent.id, kid: 0 }, &parent.key)?;
        }
        transition::incept(&signed, [9; 32], 10, self, &self.rules).map_err(refused)
    }

    pub(crate) fn incept(&mut self, name: &str, kind: Kind, parent: Option<&Actor>) -> Actor {
        let inception = inception(name, kind, parent.map(|parent| parent.id));
        let record = self.try_incept(name, &inception, parent).unwrap();
        self.records.insert(record.id, record);
        self.actor(name, &inception)
    }

    pub(crate) fn record(&self, id: &AutoId) -> &IdentityRecord {
        &self.records[id]
    }

    /// An operation that counts as its signers' next.
    pub(crate) fn operation(&self, target: &AutoId, action: Action, by_controller: bool) -> Operation {
        let record = self.record(target);
        let seq = match action {
            Action::Endorse => 0,
            _ if by_controller => record.seq + 1,
            _ => record.oversight + 1,
        };
        Operation { id: *target, seq, valid_until: self.point.block + 10, action }
    }

    pub(crate) fn apply(&mut self, signed: &Sign<Operation>) -> Result<(), Refusal> {
        let record = transition::apply(signed, self, &self.rules).map_err(refused)?;
        self.records.insert(record.id, record);
        Ok(())
    }

    /// Carries out an action that the given keys sign.
    pub(crate) fn act(
        &mut self,
        target: &AutoId,
        action: Action,
        signers: &[(&Actor, u32, &SigningKey)],
    ) -> Result<(), Refusal> {
        let by_controller = signers.iter().all(|(signer, ..)| signer.id == *target);
        let mut signed = Sign::new(self.operation(target, action, by_controller))?;
        for (signer, kid, key) in signers {
            signed = signed.signed(&GENESIS, KeyOf { identity: signer.id, kid: *kid }, *key)?;
        }
        self.apply(&signed)
    }

    /// Carries out an action that one identity signs with its first key.
    pub(crate) fn act_as(&mut self, target: &AutoId, action: Action, signer: &Actor) -> Result<(), Refusal> {
        self.act(target, action, &[(signer, 0, &signer.key)])
    }

    pub(crate) fn trust(&self, audience: AutoId) -> Trust {
        Trust { now: self.point.time, head: self.point.block, audience, binding: None, genesis: GENESIS }
    }
}

/// A grant that lets pay up to 10 AI3 a call and look into a calendar.
pub(crate) fn grant(iss: &Actor, aud: &Actor, sub: &Actor, parent: Option<&Sign1<Grant>>) -> Grant {
    let depth = parent.map_or(4, |parent| parent.body().max_depth.saturating_sub(1));
    Grant {
        iss: iss.id,
        aud: aud.id,
        sub: sub.id,
        cmd: vec!["/calendar".parse().unwrap(), "/pay".parse().unwrap()],
        res: vec!["calendar:team/**".parse().unwrap(), "vault:main".parse().unwrap()],
        pol: Policy::default(),
        payees: None,
        nbf: Time(NOW.0 - 1_000),
        exp: Time(NOW.0 + 86_400),
        max_depth: depth,
        max_staleness: 5,
        rev: RevocationPlace { list: 0, index: u32::from(depth) },
        epoch: 0,
        iss_seq: 0,
        parent: parent.map(|parent| parent.id(&GENESIS)),
        meters: vec![meter(10 * AI3, 50 * AI3)],
        calls: None,
        class: Reversibility::Irreversible,
        approve_over: None,
        dangerous: false,
        nonce: [depth; 16],
    }
}

pub(crate) fn meter(per_call: u128, total: u128) -> Meter {
    let window = Some(Window { blocks: 100, cap: total });
    Meter { asset: Asset::AI3, per_call, window, total, mode: Mode::Shared }
}

pub(crate) fn sign(grant: Grant, issuer: &Actor) -> Sign1<Grant> {
    Sign1::sign(grant, &GENESIS, 0, &issuer.key).unwrap()
}

pub(crate) fn call(actor: &Actor, audience: &Actor, grants: &[Sign1<Grant>]) -> Call {
    Call {
        iss: actor.id,
        aud: audience.id,
        chain: grants.iter().map(|grant| grant.id(&GENESIS)).collect::<Vec<GrantId>>(),
        cmd: command("/calendar/read"),
        res: "calendar:team/monday".parse().unwrap(),
        class: Reversibility::Read,
        args_hash: [0; 32],
        args: None,
        spend: None,
        call_id: [1; 16],
        exp: Time(NOW.0 + 60),
        binding: None,
        intent: [2; 32],
    }
}

pub(crate) fn command(text: &str) -> Command {
    text.parse().unwrap()
}

/// Everything that one verification looks at.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) world: World,
    pub(crate) trust: Trust,
    pub(crate) call: Sign1<Call>,
    pub(crate) grants: Vec<Sign1<Grant>>,
    pub(crate) approvals: Vec<Sign1<Approval>>,
}

impl Case {
    pub(crate) fn verify(&self) -> Result<autoid_core::Authorized, Refusal> {
        let Self { world, trust, call, grants, approvals } = self;
        autoid_core::verify(call, grants, approvals, world, trust, &mut NoMemo).map_err(refused)
    }

    pub(crate) fn code(&self) -> &'static str {
        match self.verify() {
            Ok(_) => "ok",
            Err(refusal) => refusal.code(),
        }
    }
}

/// A person, their organisation, its agent and a second agent; a bystander; and the verifier, a service.
#[derive(Clone)]
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) person: Actor,
    pub(crate) org: Actor,
    pub(crate) agent: Actor,
    pub(crate) second: Actor,
    pub(crate) bystander: Actor,
    pub(crate) service: Actor,
}

impl Cast {
    pub(crate) fn new() -> Self {
        let mut world = World::new();
        let person = world.incept("person", Kind::Human, None);
        let org = world.incept("org", Kind::Org, Some(&person));
        let agent = world.incept("agent", Kind::Agent, Some(&org));
        let second = world.incept("second", Kind::Agent, Some(&org));
        let bystander = world.incept("bystander", Kind::Human, None);
        let service = world.incept("service", Kind::Service, Some(&bystander));
        Self { world, person, org, agent, second, bystander, service }
    }

    /// The grants from the person to the organisation, the agent and the second agent, each changed.
    pub(crate) fn chain(&self, mut change: impl FnMut(usize, &mut Grant)) -> Vec<Sign1<Grant>> {
        let way = [&self.person, &self.org, &self.agent, &self.second];
        let mut grants: Vec<Sign1<Grant>> = Vec::new();
        for (link, pair) in way.windows(2).enumerate() {
            let mut body = grant(pair[0], pair[1], &self.person, grants.last());
            change(link, &mut body);
            grants.push(sign(body, pair[0]));
        }
        grants
    }

    /// The second agent's call under a chain, changed.
    pub(crate) fn case(self, grants: Vec<Sign1<Grant>>, change: impl FnOnce(&mut Call)) -> Case {
        let mut body = call(&self.second, &self.service, &grants);
        change(&mut body);
        let call = Sign1::sign(body, &GENESIS, 0, &self.second.key).unwrap();
        let trust = self.world.trust(self.service.id);
        Case { world: self.world, trust, call, grants, approvals: Vec::new() }
    }

    /// The plain case, which is allowed.
    pub(crate) fn plain(self) -> Case {
        let grants = self.chain(|_, _| {});
        self.case(grants, |_| {})
    }
}

/// A payment by a call.
pub(crate) fn pay(call: &mut Call, amount: u128, payee: &Actor) {
    call.cmd = command("/pay");
    call.res = "vault:main".parse().unwrap();
    call.class = Reversibility::Irreversible;
    let payee = autoid_core::Payee::Identity(payee.id);
    call.spend = Some(autoid_core::Spend { asset: Asset::AI3, amount, payee });
}
