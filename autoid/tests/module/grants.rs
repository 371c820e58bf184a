//! Grants that are stored, revoked and forgotten.

use crate::people::{Person, ordered};
use crate::world::{CLOCK, World};
use auto_core::List;
use autoid::{Call, Event, PruneGrant, RegisterGrant, RevokeGrant};
use autoid_core::{
    Action, Asset, Grant, GrantId, Kind, Meter, Mode, Policy, Reversibility, RevocationPlace, Sign1, Time,
};
use autoid_interface::{Envelope, GRANTS, REVOKED};

/// A grant for payments that may be passed on, in place `index` of the issuer's first list.
pub(crate) fn grant(from: &Person, to: &Person, index: u32) -> Grant {
    Grant {
        iss: from.id,
        aud: to.id,
        sub: from.id,
        cmd: vec!["/pay".parse().expect("a command")],
        res: vec!["shop:*".parse().expect("a pattern")],
        pol: Policy(Vec::new()),
        payees: None,
        nbf: Time(CLOCK),
        exp: Time(CLOCK + 100_000),
        max_depth: 3,
        max_staleness: 10,
        rev: RevocationPlace { list: 0, index },
        epoch: 0,
        iss_seq: 0,
        parent: None,
        meters: vec![meter(100)],
        calls: None,
        class: Reversibility::Compensable,
        approve_over: None,
        dangerous: false,
        nonce: [0; 16],
    }
}

pub(crate) fn meter(total: u128) -> Meter {
    Meter { asset: Asset::AI3, per_call: 10, window: None, total, mode: Mode::Shared }
}

/// A grant that rests on another.
pub(crate) fn below(parent: &Sign1<Grant>, from: &Person, to: &Person, world: &World) -> Grant {
    let above = parent.body();
    Grant {
        sub: above.sub,
        max_depth: above.max_depth - 1,
        parent: Some(parent.id(&world.network)),
        ..grant(from, to, 0)
    }
}

impl World {
    pub(crate) fn granted(&self, grant: Grant, by: &Person) -> Sign1<Grant> {
        Sign1::sign(grant, &self.network, by.generation, &by.key()).expect("well formed")
    }

    pub(crate) fn register(&mut self, grant: &Sign1<Grant>) -> Vec<Event> {
        self.apply(registration(grant))
    }

    /// A revocation by somebody, with grants that are not stored.
    pub(crate) fn revocation(&self, grant: GrantId, by: &Person, shown: &[&Sign1<Grant>]) -> Call {
        let operation = self.next(by, Action::RevokeGrant { grant }, &[by]);
        let operation = ordered(operation, &self.network, &[by]).into();
        let shown: Vec<Envelope<Sign1<Grant>>> = shown.iter().map(|grant| (*grant).clone().into()).collect();
        Call::RevokeGrant(RevokeGrant { operation, unstored: List::new(shown).expect("few") })
    }

    pub(crate) fn is_revoked(&self, grant: &Sign1<Grant>) -> bool {
        let body = grant.body();
        let list = REVOKED.get(self.domain.state(), &(body.iss, body.rev.list)).expect("sound");
        list.is_some_and(|list| list.contains(body.rev.index))
    }
}

pub(crate) fn registration(grant: &Sign1<Grant>) -> Call {
    Call::RegisterGrant(RegisterGrant { grant: grant.clone().into() })
}

/// Ann, her agent, and the agent's agent; and two grants down that line.
pub(crate) fn line(world: &mut World) -> ([Person; 3], [Sign1<Grant>; 2]) {
    let ann = world.person("ann");
    let agent = world.child("agent", Kind::Agent, &ann);
    let helper = world.child("helper", Kind::Agent, &agent);
    let first = world.granted(grant(&ann, &agent, 0), &ann);
    let second = world.granted(below(&first, &agent, &helper, world), &agent);
    ([ann, agent, helper], [first, second])
}

#[test]
fn a_chain_of_grants_is_stored_under_the_ids_of_its_grants() {
    let mut world = World::new();
    let ([ann, agent, helper], [first, second]) = line(&mut world);
    let events = world.register(&first);
    let (grant, issuer) = (first.id(&world.network), ann.id);
    let stored = Event::GrantRegistered { grant, issuer, holder: agent.id, owner: ann.id, parent: None };
    assert_eq!(events, [stored]);
    world.register(&second);
    let kept = GRANTS.get(world.domain.state(), &second.id(&world.network)).expect("sound").expect("stored");
    assert_eq!((kept.grant.body().aud, kept.grant), (helper.id, second.clone()));
    assert_eq!(world.refuse(registration(&second)), "AID-0506");
}

#[test]
fn a_grant_is_not_stored_before_the_one_it_rests_on() {
    let mut world = World::new();
    let (_, [_, second]) = line(&mut world);
    assert_eq!(world.refuse(registration(&second)), "AID-0507");
}

#[test]
fn each_of_those_concerned_revokes_a_grant_and_nobody_undoes_it() {
    for revoker in 0..3 {
        let mut world = World::with(|builder| builder.lies_per_block(4));
        let (people, [first, second]) = line(&mut world);
        world.register(&first);
        world.register(&second);
        let id = second.id(&world.network);
        let revocation = world.revocation(id, &people[revoker], &[]);
        let events = world.apply(revocation);
        let place = second.body().rev;
        let (issuer, by) = (people[1].id, people[revoker].id);
        assert_eq!(events[1], Event::GrantRevoked { grant: id, issuer, place, by });
        assert!(world.is_revoked(&second) && !world.is_revoked(&first));
        // Once more is fine, and changes nothing.
        let again = world.revocation(id, &people[0], &[]);
        assert_eq!(world.apply(again).len(), 1);
        assert!(world.is_revoked(&second));
    }
}

#[test]
fn a_grant_that_is_not_stored_is_shown_to_be_revoked() {
    let mut world = World::new();
    let ([ann, ..], [first, second]) = line(&mut world);
    let id = second.id(&world.network);
    let alone = world.revocation(id, &ann, &[]);
    assert_eq!(world.refuse(alone), "AID-0507");
    let incomplete = world.revocation(id, &ann, &[&second]);
    assert_eq!(world.refuse(incomplete), "AID-0507");
    let other = world.revocation(id, &ann, &[&first]);
    assert_eq!(world.refuse(other), "AID-0508");
    let whole = world.revocation(id, &ann, &[&first, &second]);
    world.apply(whole);
    assert!(world.is_revoked(&second) && !world.is_revoked(&first));
    // It cannot be stored any more.
    world.register(&first);
    assert_eq!(world.refuse(registration(&second)), "AID-0114");
}

#[test]
fn part_of_a_chain_may_be_stored_when_its_end_is_revoked() {
    let mut world = World::new();
    let ([ann, ..], [first, second]) = line(&mut world);
    world.register(&first);
    let revocation = world.revocation(second.id(&world.network), &ann, &[&second]);
    world.apply(revocation);
    assert!(world.is_revoked(&second));
}

#[test]
fn a_grant_is_forgotten_when_its_time_is_over_and_its_deposit_comes_back() {
    let mut world = World::new();
    let ann = world.person("ann");
    let agent = world.child("agent", Kind::Agent, &ann);
    let soon = Time(world.now().0 + 60);
    let short = world.granted(Grant { exp: soon, ..grant(&ann, &agent, 0) }, &ann);
    world.register(&short);
    let prune = Call::PruneGrant(PruneGrant { grant: short.id(&world.network) });
    assert_eq!(world.refuse(prune.clone()), "AID-0510");
    while world.now() < soon {
        world.domain.advance(1);
    }
    let before = world.domain.balance("alice");
    world.apply_from("bob", prune.clone());
    assert!(world.domain.balance("alice") > before);
    assert_eq!(world.refuse(prune), "AID-0507");
    assert_eq!(world.refuse(registration(&short)), "AID-0113");
}

#[test]
fn a_grant_of_the_future_is_stored_and_one_of_an_older_epoch_is_not() {
    let mut world = World::new();
    let ann = world.person("ann");
    let agent = world.child("agent", Kind::Agent, &ann);
    let later = Grant { nbf: Time(CLOCK + 90_000), ..grant(&ann, &agent, 0) };
    let later = world.granted(later, &ann);
    world.register(&later);
    world.operate(&ann, Action::BumpEpoch, &[&ann]);
    let stale = world.granted(grant(&ann, &agent, 1), &ann);
    assert_eq!(world.refuse(registration(&stale)), "AID-0115");
}
