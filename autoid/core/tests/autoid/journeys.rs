//! What owners, parents, issuers and guardians do to identities.

use autoid_core::{Action, Inception, Kind, Reason, Refusal, Service, Standing, Status, Suspension};

use crate::world::{Actor, Cast, GENESIS, World, inception, key, single};

fn suspend() -> Action {
    Action::Suspend { reason: Reason::PrivilegeWithdrawn }
}

#[test]
fn keys_rotate_and_the_id_stays() {
    let mut world = World::new();
    let one = world.incept("one", Kind::Human, None);
    let (second, third) = (one.next.clone(), key("third"));
    let first_rotation = Action::Rotate { keys: single(1, &second), next: single(2, &third).commitment() };
    world.act(&one.id, first_rotation, &[(&one, 0, &one.key), (&one, 1, &second)]).unwrap();
    let second_rotation = Action::Rotate { keys: single(2, &third), next: [0; 32] };
    world.act(&one.id, second_rotation, &[(&one, 1, &second), (&one, 2, &third)]).unwrap();
    let record = world.record(&one.id);
    assert_eq!((record.id, record.seq, record.keys.clone()), (one.id, 2, single(2, &third)));
}

#[test]
fn a_suspension_is_ended_by_whoever_stands_as_high() {
    let mut cast = Cast::new();
    let (person, org, agent) = (cast.person.clone(), cast.org.clone(), cast.agent.clone());
    let act = |world: &mut World, action: Action, by: &Actor| world.act_as(&agent.id, action, by);
    let world = &mut cast.world;
    act(world, suspend(), &agent).unwrap();
    assert_eq!(act(world, suspend(), &agent), Err(Refusal::StandingTooLow));
    act(world, suspend(), &org).unwrap();
    let by = Standing::Ancestor { above: 1 };
    let expected = Suspension { by, reason: Reason::PrivilegeWithdrawn };
    assert_eq!(world.record(&agent.id).suspension, Some(expected));
    assert_eq!(act(world, Action::Resume, &agent), Err(Refusal::StandingTooLow));
    act(world, Action::Resume, &person).unwrap();
    assert_eq!(world.record(&agent.id).status, Status::Active);
    act(world, suspend(), &person).unwrap();
    assert_eq!(act(world, Action::Resume, &org), Err(Refusal::StandingTooLow));
    act(world, Action::Resume, &person).unwrap();
    assert_eq!(act(world, Action::Resume, &person).unwrap_err().code(), "AID-0047");
}

#[test]
fn a_controller_cannot_outrun_who_wants_to_stop_it() {
    let mut cast = Cast::new();
    let (org, agent) = (cast.org.clone(), cast.agent.clone());
    let stop = cast.world.operation(&agent.id, suspend(), false);
    for _ in 0..5 {
        cast.world.act_as(&agent.id, Action::BumpEpoch, &agent).unwrap();
    }
    let by = autoid_core::KeyOf { identity: org.id, kid: 0 };
    let signed = autoid_core::Sign::new(stop).unwrap().signed(&GENESIS, by, &org.key).unwrap();
    cast.world.apply(&signed).unwrap();
    assert_eq!(cast.world.record(&agent.id).version(), 6);
}

#[test]
fn strangers_and_children_have_no_standing() {
    let mut cast = Cast::new();
    let (org, agent, bystander) = (cast.org.clone(), cast.agent.clone(), cast.bystander.clone());
    assert_eq!(cast.world.act_as(&org.id, suspend(), &agent), Err(Refusal::NoStanding));
    assert_eq!(cast.world.act_as(&org.id, suspend(), &bystander), Err(Refusal::NoStanding));
    let unexpected = Refusal::UnexpectedSigner { id: bystander.id };
    assert_eq!(cast.world.act_as(&org.id, Action::BumpEpoch, &bystander), Err(unexpected));
    let both = [(&org, 0, &org.key), (&cast.person, 0, &cast.person.key)];
    let refusal = cast.world.act(&org.id, suspend(), &both).unwrap_err();
    assert_eq!(refusal, Refusal::UnexpectedSigner { id: org.id });
}

#[test]
fn a_suspended_parent_stops_nobody() {
    let mut cast = Cast::new();
    let (person, org, agent) = (cast.person.clone(), cast.org.clone(), cast.agent.clone());
    cast.world.act_as(&org.id, suspend(), &person).unwrap();
    let refusal = cast.world.act_as(&agent.id, suspend(), &org).unwrap_err();
    assert_eq!(refusal, Refusal::Inactive { id: org.id, status: Status::Suspended });
}

#[test]
fn those_who_endorsed_can_revoke_together() {
    let mut cast = Cast::new();
    let (person, bystander) = (cast.person.clone(), cast.bystander.clone());
    let third = cast.world.incept("third", Kind::Human, None);
    let mut issuers = vec![person.id, bystander.id, third.id];
    issuers.sort_unstable();
    let body = Inception { issuers, threshold: 2, ..inception("candidate", Kind::Org, None) };
    let record = cast.world.try_incept("candidate", &body, None).unwrap();
    let id = record.id;
    cast.world.records.insert(id, record);
    let mut both = [&person, &bystander].map(|one| (one, 0, &one.key));
    cast.world.act(&id, Action::Endorse, &both).unwrap();
    assert_eq!(cast.world.record(&id).status, Status::Active);
    let revoke = || Action::Revoke { reason: Reason::AffiliationChanged, guardians: None };
    assert_eq!(cast.world.act(&id, revoke(), &both[..1]), Err(Refusal::NoStanding));
    // The third issuer never endorsed.
    both[1] = (&third, 0, &third.key);
    assert_eq!(cast.world.act(&id, revoke(), &both), Err(Refusal::NoStanding));
    both[1] = (&bystander, 0, &bystander.key);
    cast.world.act(&id, revoke(), &both).unwrap();
    let record = cast.world.record(&id);
    assert_eq!((record.status, record.revocation), (Status::Revoked, Some(Reason::AffiliationChanged)));
}

#[test]
fn services_and_certificates_are_replaced() {
    let mut cast = Cast::new();
    let agent = cast.agent.clone();
    let service = |name: &str, endpoint: &str| Service {
        name: name.into(),
        kind: "A2A".into(),
        endpoint: endpoint.into(),
    };
    let good = vec![service("a2a", "https://agent.example/a2a")];
    cast.world.act_as(&agent.id, Action::SetServices { services: good.clone() }, &agent).unwrap();
    cast.world.act_as(&agent.id, Action::AttachCertificate { certificate: [5; 32] }, &agent).unwrap();
    let record = cast.world.record(&agent.id);
    assert_eq!((&record.services, record.certificate), (&good, Some([5; 32])));
    for bad in [
        service("A2A", "https://agent.example"),
        service("a2a", "agent.example"),
        service("a2a", "https://agent.example/\"><script>"),
        service("", "https://agent.example"),
    ] {
        let action = Action::SetServices { services: vec![bad] };
        assert_eq!(cast.world.act_as(&agent.id, action, &agent), Err(Refusal::Service));
    }
    let twice = Action::SetServices { services: vec![good[0].clone(), good[0].clone()] };
    assert_eq!(cast.world.act_as(&agent.id, twice, &agent).unwrap_err().code(), "AID-0001");
}
