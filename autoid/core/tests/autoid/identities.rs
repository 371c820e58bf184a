//! Attacks on identities, each refused with its own code. The numbers are those of the threat list.

use autoid_core::transition::{self, lapse};
use autoid_core::{
    Action, Authority, AutoId, Genesis, Guardians, Inception, KeyOf, KeySet, Kind, KindSet, Operation, Point,
    Reason, Refusal, Relations, Sign, Signer as _, Status,
};

use crate::world::{Actor, Cast, GENESIS, World, any_authority, inception, key, refused, single, whole};

fn revoke() -> Action {
    Action::Revoke { reason: Reason::KeyCompromise, guardians: None }
}

fn rotation(actor: &Actor) -> Action {
    Action::Rotate { keys: single(1, &actor.next), next: [7; 32] }
}

/// Rotates with both keys.
fn rotate(world: &mut World, actor: &Actor) -> Result<(), Refusal> {
    world.act(&actor.id, rotation(actor), &[(actor, 0, &actor.key), (actor, 1, &actor.next)])
}

/// What comes of an inception under the cast's organisation.
fn under(change: impl FnOnce(&mut Inception)) -> Result<(), Refusal> {
    let cast = Cast::new();
    let mut body = inception("child", Kind::Agent, Some(cast.org.id));
    change(&mut body);
    cast.world.try_incept("child", &body, Some(&cast.org)).map(|_| ())
}

/// What comes of an agent under an organisation with some authority.
fn below(authority: Authority, change: impl FnOnce(&mut Inception)) -> Result<(), Refusal> {
    let mut world = World::new();
    let body = Inception { authority, ..inception("org", Kind::Org, None) };
    let record = world.try_incept("org", &body, None)?;
    let org = world.actor("org", &body);
    world.records.insert(record.id, record);
    let mut body = inception("child", Kind::Agent, Some(org.id));
    change(&mut body);
    world.try_incept("child", &body, Some(&org)).map(|_| ())
}

#[test]
fn an_id_depends_on_every_byte_of_the_inception_and_on_the_network() {
    let body = inception("one", Kind::Human, None);
    let id = body.id(&GENESIS);
    assert_ne!(id, Inception { salt: [1; 16], ..body.clone() }.id(&GENESIS));
    assert_ne!(id, body.id(&Genesis([1; 32])));
}

#[test]
fn threat_39_rotation_to_other_keys_than_committed() {
    let mut cast = Cast::new();
    let (agent, other) = (cast.agent.clone(), key("other"));
    let keys = single(1, &other);
    let action = Action::Rotate { keys, next: [0; 32] };
    let result = cast.world.act(&agent.id, action, &[(&agent, 0, &agent.key), (&agent, 1, &other)]);
    assert_eq!(result, Err(Refusal::NextMismatch));
}

#[test]
fn threat_39_rotation_that_one_side_did_not_sign() {
    let mut cast = Cast::new();
    let agent = cast.agent.clone();
    let few = Refusal::TooFewSignatures { have: 0, need: 1 };
    for signer in [(&agent, 0, &agent.key), (&agent, 1, &agent.next)] {
        assert_eq!(cast.world.act(&agent.id, rotation(&agent), &[signer]), Err(few.clone()));
    }
}

#[test]
fn threat_39_rotation_that_gives_a_number_to_another_key() {
    let mut world = World::new();
    let next = key("next");
    let body = Inception { next: single(0, &next).commitment(), ..inception("one", Kind::Human, None) };
    let record = world.try_incept("one", &body, None).unwrap();
    world.records.insert(record.id, record);
    let one = world.actor("one", &body);
    let action = Action::Rotate { keys: single(0, &next), next: [0; 32] };
    assert_eq!(world.act(&one.id, action, &[(&one, 0, &one.key)]), Err(Refusal::KidReused { kid: 0 }));
}

#[test]
fn threat_40_operations_replayed_or_with_a_gap() {
    let mut cast = Cast::new();
    let person = cast.person.clone();
    let by = KeyOf { identity: person.id, kid: 0 };
    let body = cast.world.operation(&person.id, Action::BumpEpoch, true);
    let signed = Sign::new(body.clone()).unwrap().signed(&GENESIS, by, &person.key).unwrap();
    cast.world.apply(&signed).unwrap();
    assert_eq!(cast.world.apply(&signed), Err(Refusal::Sequence { expected: 2, found: 1 }));
    let gap = Sign::new(Operation { seq: 3, ..body.clone() }).unwrap();
    let gap = gap.signed(&GENESIS, by, &person.key).unwrap();
    assert_eq!(cast.world.apply(&gap), Err(Refusal::Sequence { expected: 2, found: 3 }));
    let elsewhere = Sign::new(Operation { seq: 2, ..body.clone() }).unwrap();
    let elsewhere = elsewhere.signed(&Genesis([1; 32]), by, &person.key).unwrap();
    assert_eq!(cast.world.apply(&elsewhere), Err(Refusal::Signature));
    let late = Sign::new(Operation { seq: 2, valid_until: 99, ..body }).unwrap();
    let late = late.signed(&GENESIS, by, &person.key).unwrap();
    assert_eq!(cast.world.apply(&late), Err(Refusal::OperationExpired { valid_until: 99, block: 100 }));
}

#[test]
fn threat_40_a_rotated_key_signs_nothing_more() {
    let mut cast = Cast::new();
    let agent = cast.agent.clone();
    rotate(&mut cast.world, &agent).unwrap();
    let few = Refusal::TooFewSignatures { have: 0, need: 1 };
    assert_eq!(cast.world.act_as(&agent.id, Action::BumpEpoch, &agent), Err(few));
    cast.world.act(&agent.id, Action::BumpEpoch, &[(&agent, 1, &agent.next)]).unwrap();
}

/// A person whose three guardians are other people, two of whom suffice.
fn guarded() -> (World, Actor, Guardians, Vec<Actor>) {
    let mut world = World::new();
    let mut actors: Vec<Actor> =
        ["g1", "g2", "g3"].iter().map(|name| world.incept(name, Kind::Human, None)).collect();
    actors.sort_by_key(|actor| actor.id);
    let members = actors.iter().map(|actor| actor.id).collect();
    let guardians = Guardians { members, threshold: 2, salt: [1; 16] };
    let body = Inception { recovery: Some(guardians.commitment()), ..inception("one", Kind::Human, None) };
    let record = world.try_incept("one", &body, None).unwrap();
    world.records.insert(record.id, record);
    let one = world.actor("one", &body);
    (world, one, guardians, actors)
}

fn recovery(guardians: &Guardians) -> Action {
    Action::StartRecovery { guardians: guardians.clone(), keys: single(9, &key("new")), next: [9; 32] }
}

fn start(world: &mut World, one: &Actor, guardians: &Guardians, by: &[&Actor]) -> Result<(), Refusal> {
    let signers: Vec<_> = by.iter().map(|actor| (*actor, 0, &actor.key)).collect();
    world.act(&one.id, recovery(guardians), &signers)
}

#[test]
fn a_recovery_replaces_the_keys_after_its_delay() {
    let (mut world, one, guardians, actors) = guarded();
    start(&mut world, &one, &guardians, &[&actors[0], &actors[2]]).unwrap();
    let new = key("new");
    let finish = |world: &mut World| world.act(&one.id, Action::FinishRecovery, &[(&one, 9, &new)]);
    assert_eq!(finish(&mut world), Err(Refusal::RecoveryTooEarly { ready: 120 }));
    world.point.block = 120;
    assert_eq!(
        world.act_as(&one.id, Action::FinishRecovery, &one),
        Err(Refusal::TooFewSignatures { have: 0, need: 1 })
    );
    finish(&mut world).unwrap();
    let record = world.record(&one.id);
    assert_eq!((record.keys.clone(), record.grant_epoch, record.seq), (single(9, &new), 1, 1));
    assert_eq!(finish(&mut world), Err(Refusal::RecoveryNotStarted));
}

#[test]
fn threat_41_recovery_while_the_controller_vetoes() {
    let (mut world, one, guardians, actors) = guarded();
    assert_eq!(world.act_as(&one.id, Action::VetoRecovery, &one), Err(Refusal::RecoveryNotStarted));
    for veto in [Action::VetoRecovery, Action::BumpEpoch] {
        start(&mut world, &one, &guardians, &[&actors[0], &actors[1]]).unwrap();
        world.act_as(&one.id, veto, &one).unwrap();
        world.point.block += 30;
        let new = key("new");
        let result = world.act(&one.id, Action::FinishRecovery, &[(&one, 9, &new)]);
        assert_eq!(result, Err(Refusal::RecoveryNotStarted));
    }
}

#[test]
fn threat_41_too_few_other_or_doubled_guardians() {
    let (mut world, one, guardians, actors) = guarded();
    let few = Refusal::TooFewGuardians { have: 1, need: 2 };
    assert_eq!(start(&mut world, &one, &guardians, &[&actors[0]]), Err(few.clone()));
    let stranger = world.incept("stranger", Kind::Human, None);
    let unexpected = Refusal::UnexpectedSigner { id: stranger.id };
    assert_eq!(start(&mut world, &one, &guardians, &[&actors[0], &stranger]), Err(unexpected));
    // Two keys of one guardian are one guardian.
    let twin = &mut world.records.get_mut(&actors[0].id).unwrap().keys;
    *twin = KeySet::new(vec![whole(0, actors[0].key.public_key()), whole(1, key("twin").public_key())], 1)
        .unwrap();
    let (first, second) = (&actors[0], key("twin"));
    let result = world.act(&one.id, recovery(&guardians), &[(first, 0, &first.key), (first, 1, &second)]);
    assert_eq!(result, Err(few));
    // The same signature twice has no envelope.
    let signed = Sign::new(world.operation(&one.id, recovery(&guardians), false)).unwrap();
    let by = KeyOf { identity: first.id, kid: 0 };
    let signed = signed.signed(&GENESIS, by, &first.key).unwrap();
    assert_eq!(signed.signed(&GENESIS, by, &first.key).unwrap_err().code(), "AID-0001");
    // Other guardians than those committed to.
    let lower = Guardians { threshold: 1, ..guardians };
    assert_eq!(start(&mut world, &one, &lower, &[&actors[0]]), Err(Refusal::NotGuardians));
}

#[test]
fn threat_42_nothing_returns_from_the_dead() {
    for end in [Action::Deactivate, revoke()] {
        let mut cast = Cast::new();
        let person = cast.person.clone();
        cast.world.act_as(&person.id, end, &person).unwrap();
        let body = inception("person", Kind::Human, None);
        let again = cast.world.try_incept("person", &body, None).unwrap_err();
        assert_eq!(again, Refusal::IdentityExists { id: person.id });
        for action in [Action::Resume, Action::BumpEpoch, Action::Deactivate, revoke(), rotation(&person)] {
            let result = cast.world.act_as(&person.id, action, &person).unwrap_err();
            assert_eq!(result.code(), "AID-0047", "{result}");
        }
    }
}

#[test]
fn a_tombstone_keeps_the_counters_and_the_hash_of_the_last_keys() {
    let mut cast = Cast::new();
    let person = cast.person.clone();
    cast.world.act_as(&person.id, Action::Deactivate, &person).unwrap();
    let record = cast.world.record(&person.id);
    assert_eq!((record.status, record.seq), (Status::Tombstone, 1));
    assert_eq!(record.next, single(0, &person.key).commitment());
    assert!(record.keys.keys.is_empty());
}

/// An identity with issuers of which some must endorse it.
fn pending(world: &mut World, issuers: &[&Actor], threshold: u8) -> Actor {
    let mut issuers: Vec<AutoId> = issuers.iter().map(|issuer| issuer.id).collect();
    issuers.sort_unstable();
    let body = Inception { issuers, threshold, ..inception("candidate", Kind::Org, None) };
    let record = world.try_incept("candidate", &body, None).unwrap();
    world.records.insert(record.id, record);
    world.actor("candidate", &body)
}

#[test]
fn endorsements_of_enough_issuers_make_an_identity_active() {
    let mut cast = Cast::new();
    let (person, bystander) = (cast.person.clone(), cast.bystander.clone());
    let candidate = pending(&mut cast.world, &[&person, &bystander], 2);
    assert_eq!(cast.world.record(&candidate.id).status, Status::Pending);
    cast.world.act_as(&candidate.id, Action::Endorse, &person).unwrap();
    assert_eq!(cast.world.record(&candidate.id).status, Status::Pending);
    cast.world.act_as(&candidate.id, Action::Endorse, &bystander).unwrap();
    let record = cast.world.record(&candidate.id);
    assert_eq!((record.status, record.deadline, record.version()), (Status::Active, None, 2));
}

#[test]
fn threat_43_endorsers_who_do_not_count() {
    let mut cast = Cast::new();
    let (person, org, bystander) = (cast.person.clone(), cast.org.clone(), cast.bystander.clone());
    let candidate = pending(&mut cast.world, &[&person, &org, &bystander], 2);
    let endorse = |world: &mut World, by: &Actor| world.act_as(&candidate.id, Action::Endorse, by);
    assert_eq!(endorse(&mut cast.world, &cast.agent), Err(Refusal::NotIssuer { id: cast.agent.id }));
    endorse(&mut cast.world, &person).unwrap();
    assert_eq!(endorse(&mut cast.world, &person), Err(Refusal::AlreadyEndorsed { id: person.id }));
    assert_eq!(endorse(&mut cast.world, &org), Err(Refusal::SamePrincipal { id: org.id }));
    cast.world.point.block = 151;
    assert_eq!(endorse(&mut cast.world, &bystander), Err(Refusal::EndorsementClosed));
    let lapsed = lapse(cast.world.record(&candidate.id), cast.world.point).unwrap();
    assert_eq!(lapsed.status, Status::Tombstone);
    assert!(lapse(&lapsed, cast.world.point).is_err());
    let early = Point { block: 150, ..cast.world.point };
    assert!(lapse(cast.world.record(&candidate.id), early).is_err());
}

#[test]
fn threat_43_an_endorsement_of_another_inception() {
    let mut cast = Cast::new();
    let (person, bystander) = (cast.person.clone(), cast.bystander.clone());
    let candidate = pending(&mut cast.world, &[&person, &bystander], 1);
    let body = cast.world.operation(&candidate.id, Action::Endorse, false);
    let by = KeyOf { identity: person.id, kid: 0 };
    let signed = Sign::new(Operation { id: AutoId([4; 32]), ..body }).unwrap();
    let signed = signed.signed(&GENESIS, by, &person.key).unwrap();
    assert_eq!(cast.world.apply(&signed), Err(Refusal::UnknownIdentity { id: AutoId([4; 32]) }));
}

#[test]
fn threat_43_an_endorser_below_the_identity() {
    // Children need an active parent, so such a record can only come from a state that is damaged.
    let mut cast = Cast::new();
    let (org, person) = (cast.org.clone(), cast.person.clone());
    let record = cast.world.records.get_mut(&person.id).unwrap();
    (record.status, record.threshold, record.deadline) = (Status::Pending, 1, Some(200));
    record.issuers = vec![org.id];
    // An endorser must be active, and below a pending identity nobody is.
    let refusal = cast.world.act_as(&person.id, Action::Endorse, &org).unwrap_err();
    let expected = Refusal::AncestorInactive { id: org.id, ancestor: person.id, status: Status::Pending };
    assert_eq!(refusal, expected);
}

#[test]
fn threat_45_a_cycle_in_the_tree() {
    let mut cast = Cast::new();
    let (person, org) = (cast.person.id, cast.org.id);
    let record = cast.world.records.get_mut(&person).unwrap();
    (record.parent, record.depth) = (Some(org), 2);
    assert_eq!(cast.plain().verify().unwrap_err().code(), Refusal::TreeDamaged { id: person }.code());
}

#[test]
fn threat_45_an_orphan_that_claims_to_be_deep() {
    let mut cast = Cast::new();
    let person = cast.person.id;
    cast.world.records.get_mut(&person).unwrap().depth = u8::MAX;
    assert_eq!(cast.plain().verify(), Err(Refusal::TreeDamaged { id: person }));
}

#[test]
fn a_parent_must_sign() {
    let cast = Cast::new();
    let body = inception("child", Kind::Agent, Some(cast.org.id));
    assert_eq!(cast.world.try_incept("child", &body, None), Err(Refusal::ParentConsent));
    let unexpected = Refusal::UnexpectedSigner { id: cast.bystander.id };
    assert_eq!(cast.world.try_incept("child", &body, Some(&cast.bystander)), Err(unexpected));
}

#[test]
fn a_parent_must_be_active() {
    let mut cast = Cast::new();
    let (org, person) = (cast.org.clone(), cast.person.clone());
    cast.world.act_as(&org.id, revoke(), &person).unwrap();
    let body = inception("child", Kind::Agent, Some(org.id));
    let refusal = cast.world.try_incept("child", &body, Some(&org)).unwrap_err();
    assert_eq!(refusal, Refusal::Inactive { id: org.id, status: Status::Revoked });
}

#[test]
fn a_parents_authority_covers_kind_depth_and_names() {
    let named = |name: &str| Authority { name_subtree: Some(name.into()), ..any_authority() };
    assert_eq!(below(Authority::default(), |_| {}), Err(Refusal::ParentNotAuthority));
    let services = Authority { kinds: KindSet::of(&[Kind::Service]), ..any_authority() };
    assert_eq!(below(services, |_| {}), Err(Refusal::ParentKind { kind: Kind::Agent }));
    let last = Authority { path_len: Some(0), ..any_authority() };
    assert_eq!(below(last.clone(), |_| {}), Err(Refusal::ParentPathLength));
    assert_eq!(below(last, |child| child.authority = Authority::default()), Ok(()));
    let two = Authority { path_len: Some(2), ..any_authority() };
    assert_eq!(
        below(two.clone(), |child| child.authority.path_len = Some(2)),
        Err(Refusal::ParentPathLength)
    );
    assert_eq!(below(two, |child| child.authority.path_len = Some(1)), Ok(()));
    assert_eq!(below(named("acme.example"), |_| {}), Err(Refusal::ParentSubtree));
    assert_eq!(
        below(named("acme.example"), |child| child.authority = named("notacme.example")),
        Err(Refusal::ParentSubtree)
    );
    assert_eq!(below(named("acme.example"), |child| child.authority = named("bots.acme.example")), Ok(()));
}

#[test]
fn malformed_inceptions_are_refused() {
    assert_eq!(under(|child| child.threshold = 1), Err(Refusal::IssuerThreshold));
    let limits = Authority { path_len: Some(1), ..Authority::default() };
    assert_eq!(under(|child| child.authority = limits), Err(Refusal::Authority));
    let upper = Authority { name_subtree: Some("Acme.example".into()), ..any_authority() };
    assert_eq!(under(|child| child.authority = upper), Err(Refusal::Authority));
    let few = Refusal::TooFewSignatures { have: 1, need: 2 };
    let two =
        KeySet::new(vec![whole(0, key("child").public_key()), whole(1, key("x").public_key())], 2).unwrap();
    assert_eq!(under(|child| child.keys = two), Err(few));
    assert_eq!(under(|child| child.keys = single(0, &key("x"))), Err(Refusal::Signature));
    let mut weak = whole(0, key("child").public_key());
    weak.relations = Relations::INVOKE;
    assert_eq!(KeySet::new(vec![weak], 1), Err(Refusal::KeySet));
}

#[test]
fn trees_end_at_eight_steps() {
    let mut world = World::new();
    let mut last = world.incept("0", Kind::Org, None);
    for step in 1..=8 {
        last = world.incept(&step.to_string(), Kind::Org, Some(&last));
    }
    let body = inception("9", Kind::Org, Some(last.id));
    assert_eq!(world.try_incept("9", &body, Some(&last)), Err(Refusal::TreeTooDeep));
}

#[test]
fn an_inception_is_checked_without_a_state() {
    let body = inception("one", Kind::Human, None);
    let signed = Sign::new(body.clone()).unwrap();
    let few = Refusal::TooFewSignatures { have: 0, need: 1 };
    assert_eq!(transition::check_inception(&signed, &GENESIS), Err(few));
    let by = KeyOf { identity: body.id(&GENESIS), kid: 0 };
    let signed = signed.signed(&GENESIS, by, &key("one")).unwrap();
    assert_eq!(transition::check_inception(&signed, &GENESIS), Ok(body.id(&GENESIS)));
    let elsewhere = transition::check_inception(&signed, &Genesis([1; 32])).unwrap_err();
    assert_eq!(elsewhere, Refusal::UnexpectedSigner { id: body.id(&GENESIS) });
}

#[test]
fn keys_control_and_speak_only_if_they_are_meant_to() {
    let mut cast = Cast::new();
    let (org, agent) = (cast.org.clone(), cast.agent.clone());
    let invoker = key("invoker");
    let mut extra = whole(5, invoker.public_key());
    extra.relations = Relations::INVOKE;
    for id in [org.id, agent.id] {
        cast.world.records.get_mut(&id).unwrap().keys.keys.push(extra.clone());
    }
    let unfit = Err(Refusal::KeyRelation { kid: 5 });
    let suspend = || Action::Suspend { reason: Reason::Unspecified };
    // For itself, for a child, and for a child to be.
    assert_eq!(cast.world.act(&agent.id, Action::BumpEpoch, &[(&agent, 5, &invoker)]), unfit);
    assert_eq!(cast.world.act(&agent.id, suspend(), &[(&org, 5, &invoker)]), unfit);
    let body = inception("child", Kind::Agent, Some(org.id));
    let own = KeyOf { identity: body.id(&GENESIS), kid: 0 };
    let signed = Sign::new(body).unwrap().signed(&GENESIS, own, &key("child")).unwrap();
    let signed = signed.signed(&GENESIS, KeyOf { identity: org.id, kid: 5 }, &invoker).unwrap();
    let result = transition::incept(&signed, [0; 32], 0, &cast.world, &cast.world.rules);
    assert_eq!(result.map(|_| ()).map_err(refused), unfit);
}
