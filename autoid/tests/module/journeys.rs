//! Lives of identities, from the first statement to the last.

use crate::people::{Person, guardians, inception, keys};
use crate::world::World;
use autoid::{Call, Change, Event, Lapse};
use autoid_core::{Action, Inception, Kind, Reason, Service, Status, who_answers};
use autoid_interface::StateView;

#[test]
fn somebody_issues_an_identity_to_themselves() {
    let mut world = World::new();
    let ann = Person::of("ann", inception("ann", Kind::Human), &world.network);
    let call = world.incept(&ann, &[]);
    let events = world.apply(call);
    let begun = Event::Incepted { id: ann.id, kind: Kind::Human, parent: None, status: Status::Active };
    assert_eq!(events, [begun]);
    let record = world.record(&ann);
    assert_eq!((record.seq, record.depth, record.keys), (0, 0, keys("ann", 0)));
}

#[test]
fn an_organisation_issues_an_identity_to_its_agent_who_answers_through_it() {
    let mut world = World::new();
    let ann = world.person("ann");
    let org = world.child("org", Kind::Org, &ann);
    let agent = world.child("agent", Kind::Agent, &org);
    assert_eq!(world.record(&agent).depth, 2);
    let view = StateView::new(world.domain.state()).expect("sound");
    let path: Vec<_> = who_answers(&view, &agent.id).expect("sound").iter().map(|one| one.id).collect();
    assert_eq!(path, [agent.id, org.id, ann.id]);
}

#[test]
fn two_of_three_issuers_endorse_an_identity() {
    let mut world = World::new();
    let issuers = ["one", "two", "three"].map(|name| world.person(name));
    let mut ids: Vec<_> = issuers.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    let body = Inception { issuers: ids, threshold: 2, ..inception("dao", Kind::Dao) };
    let dao = world.begin("dao", body, &[]);
    assert_eq!(world.status(&dao), Status::Pending);
    world.operate(&dao, Action::Endorse, &[&issuers[0]]);
    assert_eq!(world.status(&dao), Status::Pending);
    world.operate(&dao, Action::Endorse, &[&issuers[2]]);
    assert_eq!(world.status(&dao), Status::Active);
}

#[test]
fn an_identity_that_is_not_endorsed_in_time_lapses_and_its_deposit_comes_back() {
    let mut world = World::new();
    let issuer = world.person("issuer");
    let body = Inception { issuers: vec![issuer.id], threshold: 1, ..inception("org", Kind::Org) };
    let org = world.begin("org", body, &[]);
    let lapse = Call::Lapse(Lapse { id: org.id });
    assert_eq!(world.refuse(lapse.clone()), "AID-0047");
    world.domain.advance(6);
    assert_eq!(world.refuse_operation(&org, Action::Endorse, &[&issuer]), "AID-0060");
    let (held, before) = (world.record(&org).deposit, world.domain.balance("alice"));
    assert_eq!(world.apply_from("bob", lapse), [Event::Expired { id: org.id }]);
    assert_eq!(world.status(&org), Status::Tombstone);
    let back = world.domain.balance("alice").saturating_sub(before).base_units();
    assert_eq!(back, held - world.record(&org).deposit);
    assert!(back > 0);
    let again = world.incept(&org, &[]);
    assert_eq!(world.refuse(again), "AID-0031");
}

#[test]
fn keys_rotate_to_those_committed_to_and_the_old_ones_are_worth_nothing() {
    let mut world = World::new();
    let mut ann = world.person("ann");
    let rotate = |generation: u32| Action::Rotate {
        keys: keys("ann", generation),
        next: keys("ann", generation + 1).commitment(),
    };
    let new = Person { generation: 1, ..ann.clone() };
    let operation = world.next(&ann, rotate(1), &[&ann]);
    let mut envelope = autoid_core::Sign::new(operation).expect("well formed");
    for signer in [&ann, &new] {
        envelope = envelope.signed(&world.network, signer.by(), &signer.key()).expect("signs");
    }
    let events = world.apply(Call::Operate(autoid::Operate { operation: envelope.into() }));
    assert!(matches!(events[..], [Event::Changed { version: 1, change: Change::Rotated, .. }]));
    assert_eq!(world.refuse_operation(&ann, Action::BumpEpoch, &[&ann]), "AID-0014");
    ann.generation = 1;
    world.operate(&ann, Action::BumpEpoch, &[&ann]);
    assert_eq!((world.record(&ann).seq, world.record(&ann).grant_epoch), (2, 1));
}

/// An identity with three guardians, of whom two suffice.
fn guarded(world: &mut World) -> (Person, [Person; 3]) {
    let guards = ["g1", "g2", "g3"].map(|name| world.person(name));
    let all: Vec<&Person> = guards.iter().collect();
    let commitment = guardians(&all, 2).commitment();
    let body = Inception { recovery: Some(commitment), ..inception("ann", Kind::Human) };
    (world.begin("ann", body, &[]), guards)
}

fn recovery(guards: &[Person; 3]) -> Action {
    let all: Vec<&Person> = guards.iter().collect();
    Action::StartRecovery {
        guardians: guardians(&all, 2),
        keys: keys("ann", 7),
        next: keys("ann", 8).commitment(),
    }
}

#[test]
fn guardians_recover_an_identity_after_the_delay_and_its_grants_die() {
    let mut world = World::new();
    let (ann, guards) = guarded(&mut world);
    world.operate(&ann, recovery(&guards), &[&guards[0], &guards[1]]);
    let new = Person { generation: 7, ..ann.clone() };
    assert_eq!(world.refuse_operation(&ann, Action::FinishRecovery, &[&new]), "AID-0053");
    world.domain.advance(2);
    world.operate(&ann, Action::FinishRecovery, &[&new]);
    let record = world.record(&ann);
    assert_eq!((record.keys, record.grant_epoch), (keys("ann", 7), 1));
    assert_eq!(world.refuse_operation(&ann, Action::BumpEpoch, &[&ann]), "AID-0014");
}

#[test]
fn the_controller_vetoes_a_recovery() {
    let mut world = World::new();
    let (ann, guards) = guarded(&mut world);
    world.operate(&ann, recovery(&guards), &[&guards[0], &guards[2]]);
    let events = world.operate(&ann, Action::VetoRecovery, &[&ann]);
    assert!(matches!(events[..], [Event::Changed { change: Change::RecoveryVetoed, .. }]));
    world.domain.advance(4);
    let new = Person { generation: 7, ..ann.clone() };
    assert_eq!(world.refuse_operation(&ann, Action::FinishRecovery, &[&new]), "AID-0052");
}

#[test]
fn an_identity_is_suspended_and_goes_on() {
    let mut world = World::new();
    let org = world.person("org");
    let agent = world.child("agent", Kind::Agent, &org);
    let reason = Reason::PrivilegeWithdrawn;
    world.operate(&agent, Action::Suspend { reason }, &[&org]);
    assert_eq!(world.status(&agent), Status::Suspended);
    // The agent itself is the weaker hand.
    assert_eq!(world.refuse_operation(&agent, Action::Resume, &[&agent]), "AID-0055");
    let events = world.operate(&agent, Action::Resume, &[&org]);
    assert!(matches!(events[..], [Event::Changed { change: Change::Resumed, .. }]));
    assert_eq!(world.status(&agent), Status::Active);
}

#[test]
fn a_revoked_identity_stays_revoked_and_so_does_its_subtree() {
    let mut world = World::new();
    let org = world.person("org");
    let team = world.child("team", Kind::Org, &org);
    let agent = world.child("agent", Kind::Agent, &team);
    world.operate(&team, Action::Revoke { reason: Reason::KeyCompromise, guardians: None }, &[&org]);
    assert_eq!(world.status(&team), Status::Revoked);
    assert_eq!(world.refuse_operation(&team, Action::Resume, &[&org]), "AID-0047");
    // Nothing was written to the agent, and yet nobody acts under the team any more.
    assert_eq!(world.status(&agent), Status::Active);
    let body = Inception { parent: Some(agent.id), ..inception("sub", Kind::Agent) };
    let sub = Person::of("sub", body, &world.network);
    let call = world.incept(&sub, &[&agent]);
    assert_eq!(world.refuse(call), "AID-0033");
}

#[test]
fn an_identity_ends_by_its_own_will_and_leaves_a_tombstone() {
    let mut world = World::new();
    let ann = world.person("ann");
    world.operate(&ann, Action::BumpEpoch, &[&ann]);
    let before = world.domain.balance("alice");
    let call = world.operation(&ann, Action::Deactivate, &[&ann]);
    let (tx, done) = world.send_from("bob", call);
    assert!(done.applied(&tx));
    let record = world.record(&ann);
    assert_eq!((record.status, record.seq), (Status::Tombstone, 2));
    assert_eq!(record.next, keys("ann", 0).commitment(), "the hash of the last keys");
    assert!(record.keys.keys.is_empty());
    assert!(world.domain.balance("alice") > before);
    let again = world.incept(&ann, &[]);
    assert_eq!(world.refuse(again), "AID-0031");
}

#[test]
fn services_are_replaced_and_paid_for_by_their_size() {
    let mut world = World::new();
    let ann = world.person("ann");
    let service = |name: &str| Service {
        name: name.to_owned(),
        kind: "MCP".to_owned(),
        endpoint: "https://ann.example/mcp".to_owned(),
    };
    let bare = world.record(&ann).deposit;
    world.operate(&ann, Action::SetServices { services: vec![service("a"), service("b")] }, &[&ann]);
    let (two, held) = (world.record(&ann).services.len(), world.record(&ann).deposit);
    assert!(two == 2 && held > bare);
    world.operate(&ann, Action::SetServices { services: vec![service("a")] }, &[&ann]);
    assert!(world.record(&ann).deposit < held);
}
