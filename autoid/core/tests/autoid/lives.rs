//! Frozen lives of identities: `tests/vectors/identities.json`.
//!
//! `steps` are inceptions and operations in COSE, one after the other on a state that is empty at first. Each
//! step tells its block and time, and what becomes of the identity: its record in SCALE, or the code that
//! refuses. Whoever carries them out must come to the same.

use autoid_core::transition::{apply, incept};
use autoid_core::{
    Action, Genesis, Guardians, IdentityRecord, Inception, KeyOf, Kind, Operation, Point, Reason, Refusal,
    Service, Sign, Time,
};
use ed25519_dalek::SigningKey;
use parity_scale_codec::Encode as _;
use serde_json::{Value, json};

use crate::world::{Actor, GENESIS, NOW, World, inception, key, refused, single};

const FROZEN: &str = include_str!("../vectors/identities.json");
const PAYER: [u8; 32] = [9; 32];
const DEPOSIT: u128 = 10;

/// A world that writes down what happens in it.
struct Chronicle {
    world: World,
    steps: Vec<Value>,
}

impl Chronicle {
    fn note(&mut self, kind: &str, what: &str, bytes: &[u8], result: Result<IdentityRecord, Refusal>) {
        let Point { block, time } = self.world.point;
        let outcome = match result {
            Ok(record) => {
                let encoded = hex::encode(record.encode());
                self.world.records.insert(record.id, record);
                json!({ "record": encoded })
            }
            Err(refusal) => json!({ "code": refusal.code() }),
        };
        let step = json!({ "what": what, "kind": kind, "block": block, "time": time.0, "after": outcome,
            "statement": hex::encode(bytes) });
        self.steps.push(step);
        self.world.point = Point { block: block + 1, time: Time(time.0 + 2) };
    }

    fn begin(&mut self, name: &str, body: &Inception, parent: Option<&Actor>) -> Actor {
        let actor = self.world.actor(name, body);
        let mut signed = Sign::new(body.clone()).unwrap();
        for signer in [Some(&actor), parent].into_iter().flatten() {
            signed = signed.signed(&GENESIS, KeyOf { identity: signer.id, kid: 0 }, &signer.key).unwrap();
        }
        let result = incept(&signed, PAYER, DEPOSIT, &self.world, &self.world.rules).map_err(refused);
        self.note("inception", &format!("{name} begins"), &signed.to_cose(), result);
        actor
    }

    fn act(&mut self, what: &str, target: &Actor, action: Action, signers: &[(&Actor, u32, &SigningKey)]) {
        let own = signers.iter().all(|(signer, ..)| signer.id == target.id);
        let mut signed = Sign::new(self.world.operation(&target.id, action, own)).unwrap();
        for (signer, kid, key) in signers {
            signed = signed.signed(&GENESIS, KeyOf { identity: signer.id, kid: *kid }, *key).unwrap();
        }
        self.repeat(what, &signed);
    }

    fn repeat(&mut self, what: &str, signed: &Sign<Operation>) {
        let result = apply(signed, &self.world, &self.world.rules).map_err(refused);
        self.note("operation", what, &signed.to_cose(), result);
    }
}

fn written() -> Value {
    let mut chronicle = Chronicle { world: World::new(), steps: Vec::new() };
    let c = &mut chronicle;
    let person = c.begin("person", &inception("person", Kind::Human, None), None);
    let friend = c.begin("friend", &inception("friend", Kind::Human, None), None);
    let guardians = Guardians { members: vec![friend.id], threshold: 1, salt: [4; 16] };
    let mut issuers = vec![person.id, friend.id];
    issuers.sort_unstable();
    let recovery = Some(guardians.commitment());
    let body = Inception { issuers, threshold: 2, recovery, ..inception("org", Kind::Org, Some(person.id)) };
    let org = c.begin("org", &body, Some(&person));
    c.act("a pending org serves nobody", &org, services(), &[(&org, 0, &org.key)]);
    c.act("a friend endorses", &org, Action::Endorse, &[(&friend, 0, &friend.key)]);
    c.act("a friend endorses again", &org, Action::Endorse, &[(&friend, 0, &friend.key)]);
    c.act("the person endorses", &org, Action::Endorse, &[(&person, 0, &person.key)]);
    let orphan = inception("agent", Kind::Agent, Some(org.id));
    c.begin("agent without its parent's signature", &orphan, None);
    let agent = c.begin("agent", &orphan, Some(&org));
    c.act("the agent serves", &agent, services(), &[(&agent, 0, &agent.key)]);
    let rotate = Action::Rotate { keys: single(1, &agent.next), next: single(2, &key("third")).commitment() };
    c.act("one key does not rotate", &agent, rotate.clone(), &[(&agent, 0, &agent.key)]);
    let both = [(&agent, 0, &agent.key), (&agent, 1, &agent.next)];
    c.act("the agent rotates", &agent, rotate, &both);
    let other = Action::Rotate { keys: single(3, &key("other")), next: [0; 32] };
    c.act(
        "to other keys than committed",
        &agent,
        other,
        &[(&agent, 1, &agent.next), (&agent, 3, &key("other"))],
    );
    let suspend = || Action::Suspend { reason: Reason::KeyCompromise };
    c.act("the person suspends the agent", &agent, suspend(), &[(&person, 0, &person.key)]);
    c.act("the org cannot resume it", &agent, Action::Resume, &[(&org, 0, &org.key)]);
    c.act("the person resumes it", &agent, Action::Resume, &[(&person, 0, &person.key)]);
    let start = || Action::StartRecovery {
        guardians: guardians.clone(),
        keys: single(7, &key("new")),
        next: [7; 32],
    };
    c.act("the org's guardian starts a recovery", &org, start(), &[(&friend, 0, &friend.key)]);
    c.act("the org ends all its grants, and so vetoes", &org, Action::BumpEpoch, &[(&org, 0, &org.key)]);
    c.act("there is nothing to finish", &org, Action::FinishRecovery, &[(&org, 7, &key("new"))]);
    c.act("the guardian starts again", &org, start(), &[(&friend, 0, &friend.key)]);
    c.act("too early", &org, Action::FinishRecovery, &[(&org, 7, &key("new"))]);
    c.world.point.block += 20;
    c.act("the recovery is finished", &org, Action::FinishRecovery, &[(&org, 7, &key("new"))]);
    c.act("the lost key signs no more", &org, Action::BumpEpoch, &[(&org, 0, &org.key)]);
    c.act(
        "certificate",
        &agent,
        Action::AttachCertificate { certificate: [5; 32] },
        &[(&agent, 1, &agent.next)],
    );
    let revoke = Action::Revoke { reason: Reason::PrivilegeWithdrawn, guardians: None };
    c.act("the person revokes the agent", &agent, revoke, &[(&person, 0, &person.key)]);
    c.act("nothing returns", &agent, Action::Resume, &[(&person, 0, &person.key)]);
    let end = Sign::new(c.world.operation(&friend.id, Action::Deactivate, true)).unwrap();
    let end = end.signed(&GENESIS, KeyOf { identity: friend.id, kid: 0 }, &friend.key).unwrap();
    c.repeat("the friend leaves", &end);
    c.repeat("twice", &end);
    c.begin("friend", &inception("friend", Kind::Human, None), None);
    let rules = chronicle.world.rules;
    json!({
        "genesis": hex::encode(GENESIS.0),
        "recovery_delay": rules.recovery_delay,
        "endorsement_window": rules.endorsement_window,
        "payer": hex::encode(PAYER),
        "deposit": DEPOSIT.to_string(),
        "steps": chronicle.steps,
    })
}

fn services() -> Action {
    let endpoint = "https://agent.example/a2a".into();
    Action::SetServices { services: vec![Service { name: "a2a".into(), kind: "A2A".into(), endpoint }] }
}

#[test]
fn the_lives_end_as_they_are_frozen() {
    let frozen: Value = serde_json::from_str(FROZEN).unwrap();
    let mut world = World::new();
    let genesis: [u8; 32] = hex::decode(frozen["genesis"].as_str().unwrap()).unwrap().try_into().unwrap();
    world.rules.genesis = Genesis(genesis);
    assert_eq!(world.point.time, NOW);
    for step in frozen["steps"].as_array().unwrap() {
        let bytes = hex::decode(step["statement"].as_str().unwrap()).unwrap();
        let number = |field: &str| step[field].as_u64().unwrap();
        world.point = Point { block: number("block"), time: Time(number("time")) };
        let result = match step["kind"].as_str().unwrap() {
            "inception" => {
                let signed = Sign::from_cose(&bytes).unwrap();
                incept(&signed, PAYER, DEPOSIT, &world, &world.rules)
            }
            _ => apply(&Sign::from_cose(&bytes).unwrap(), &world, &world.rules),
        };
        let after = match result.map_err(refused) {
            Ok(record) => {
                let encoded = hex::encode(record.encode());
                world.records.insert(record.id, record);
                json!({ "record": encoded })
            }
            Err(refusal) => json!({ "code": refusal.code() }),
        };
        assert_eq!(after, step["after"], "{}", step["what"]);
    }
}

#[test]
fn the_same_lives_make_the_frozen_bytes() {
    let frozen: Value = serde_json::from_str(FROZEN).unwrap();
    let written = written();
    for (frozen, written) in
        frozen["steps"].as_array().unwrap().iter().zip(written["steps"].as_array().unwrap())
    {
        assert_eq!(frozen, written, "{}", written["what"]);
    }
    assert!(frozen == written, "other bytes, or another number of steps");
}
