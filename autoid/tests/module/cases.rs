//! Cases of the chain's own list: certificates, renewals, revocations and replays.

use crate::certificates::{DAY, certified};
use crate::people::{Person, inception, ordered};
use crate::world::World;
use autoid::{Call, Operate};
use autoid_core::{Action, Authority, Inception, Kind, KindSet, Operation, Reason, Signer, Time};
use autoid_interface::network_of;

/// Issues with a change, attaches, and gives the code of the refusal.
fn refused(
    world: &mut World,
    of: &Person,
    by: &Person,
    change: impl FnOnce(&mut autoid_certificates::Order<'_>),
) -> &'static str {
    let der = world.certificate(of, by, 9, change);
    let call = world.attachment(of, der);
    world.refuse(call)
}

#[test]
fn case_75_certificates_that_are_out_of_time_or_altered_are_refused() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    let now = world.now().0;
    let expired = refused(&mut world, &agent, &org, |order| {
        (order.from, order.to) = (Time(now - 2 * DAY), Time(now - DAY));
    });
    let early = refused(&mut world, &agent, &org, |order| {
        (order.from, order.to) = (Time(now + DAY), Time(now + 2 * DAY));
    });
    assert_eq!((expired, early), ("IDX-0015", "IDX-0014"));
    // Trailing bytes, and an inner algorithm that is not the outer one.
    let der = world.certificate(&agent, &org, 9, |_| {});
    let mut trailing = der.clone();
    trailing.push(0);
    let call = world.attachment(&agent, trailing);
    assert_eq!(world.refuse(call), "IDX-0001");
    let ed25519 = [0x06, 0x03, 0x2b, 0x65, 0x70];
    let at = der.windows(5).position(|window| window == ed25519).expect("the inner algorithm");
    let mut mixed = der.clone();
    mixed[at + 4] = 0x71;
    let call = world.attachment(&agent, mixed);
    assert_eq!(world.refuse(call), "IDX-0006");
}

#[test]
fn case_75_a_serial_number_is_used_once_and_only_by_its_issuer() {
    let mut world = World::new();
    let [ann, org, agent] = certified(&mut world);
    world.certify(&agent, &org, 1);
    let again = world.certificate(&agent, &org, 1, |order| order.to = Time(order.to.0 - 1));
    let call = world.attachment(&agent, again);
    assert_eq!(world.refuse(call), "AID-0505");
    let used = world.certificate(&org, &ann, 1, |order| order.to = Time(order.to.0 - 1));
    let call = world.attachment(&org, used);
    assert_eq!(world.refuse(call), "AID-0505");
}

#[test]
fn case_75_a_certificate_by_the_wrong_issuer_is_refused() {
    let mut world = World::new();
    let [ann, _, agent] = certified(&mut world);
    // The grandparent signs in its own name what only the parent may issue.
    let line = world.certificate(&agent, &ann, 9, |order| order.ancestors = &order.ancestors[1..]);
    let call = world.attachment(&agent, line);
    assert_eq!(world.refuse(call), "AID-0401");
}

#[test]
fn case_76_nobody_acts_under_a_certificate_whose_issuer_has_ended() {
    let mut world = World::new();
    let [ann, org, agent] = certified(&mut world);
    world.certify(&agent, &org, 2);
    // The organisation's certificate runs out before the agent's renewal.
    let end = world.now().0 + 30;
    let short = world.certificate(&org, &ann, 8, |order| order.to = Time(end));
    let call = world.attachment(&org, short);
    world.apply(call);
    while world.now().0 <= end {
        world.domain.advance(1);
    }
    assert_eq!(refused(&mut world, &agent, &org, |_| {}), "IDX-0015");
}

#[test]
fn case_76_nothing_is_attached_under_a_revoked_or_suspended_intermediate() {
    let mut world = World::new();
    let [ann, org, agent] = certified(&mut world);
    let der = world.certificate(&agent, &org, 2, |_| {});
    let reason = Reason::KeyCompromise;
    world.operate(&org, Action::Suspend { reason }, &[&ann]);
    let call = world.attachment(&agent, der.clone());
    assert_eq!(world.refuse(call), "AID-0033");
    world.operate(&org, Action::Resume, &[&ann]);
    let call = world.attachment(&agent, der.clone());
    world.apply(call);
    world.operate(&org, Action::Revoke { reason, guardians: None }, &[&ann]);
    let again = world.certificate(&agent, &org, 3, |_| {});
    let call = world.attachment(&agent, again);
    assert_eq!(world.refuse(call), "AID-0033");
}

#[test]
fn case_76_a_leaf_issues_nothing_and_no_path_is_longer_than_allowed() {
    let mut world = World::new();
    let body = Inception {
        authority: Authority {
            path_len: Some(0),
            is_ca: true,
            kinds: KindSet::of(&Kind::ALL),
            name_subtree: None,
        },
        ..inception("ann", Kind::Human)
    };
    let ann = world.begin("ann", body, &[]);
    let leaf =
        Inception { parent: Some(ann.id), authority: Authority::default(), ..inception("leaf", Kind::Agent) };
    let leaf = world.begin("leaf", leaf, &[&ann]);
    let below = |parent: &Person, name: &str, authority: Authority| Inception {
        parent: Some(parent.id),
        authority,
        ..inception(name, Kind::Agent)
    };
    // Not even the identity below can begin, so no certificate can.
    let under_leaf = Person::of("x", below(&leaf, "x", Authority::default()), &world.network);
    let call = world.incept(&under_leaf, &[&leaf]);
    assert_eq!(world.refuse(call), "AID-0037");
    let deeper =
        Authority { is_ca: true, path_len: Some(0), kinds: KindSet::of(&Kind::ALL), name_subtree: None };
    let too_long = Person::of("y", below(&ann, "y", deeper), &world.network);
    let call = world.incept(&too_long, &[&ann]);
    assert_eq!(world.refuse(call), "AID-0039");
}

#[test]
fn case_77_a_renewal_with_another_key_or_issuer_fails_and_leaves_nothing_behind() {
    let mut world = World::new();
    let [ann, org, agent] = certified(&mut world);
    world.certify(&agent, &org, 2);
    let before = world.record(&agent);
    // A key that is not the identity's: the issuer certifies an imagined record of it.
    let other = crate::people::key("other", 0).public_key();
    let mut imagined = before.clone();
    imagined.keys.keys[0].key = other;
    let forged = {
        let (holder, key) = (&imagined, &other);
        let above = [world.record(&org), world.record(&ann)];
        let now = world.now().0;
        let order = autoid_certificates::Order {
            genesis: &world.network,
            holder,
            ancestors: &above,
            key,
            serial: [5; 16],
            from: Time(now - 1),
            to: Time(now + DAY),
            hosts: &[],
        };
        autoid_certificates::issue(&order, &org.key()).expect("issued")
    };
    let call = world.attachment(&agent, forged);
    assert_eq!(world.refuse(call), "AID-0406");
    let by_other = world.certificate(&agent, &ann, 5, |order| order.ancestors = &order.ancestors[1..]);
    let call = world.attachment(&agent, by_other);
    assert_eq!(world.refuse(call), "AID-0401");
    assert_eq!(world.record(&agent), before);
    // The serial number of the failed attempts is not used up.
    world.certify(&agent, &org, 5);
}

#[test]
fn case_77_a_renewal_in_the_name_of_another_identity_is_refused() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    let twin = world.child("twin", Kind::Agent, &org);
    world.certify(&agent, &org, 2);
    let before = world.record(&agent);
    // The same issuer, the same place in the tree, another name.
    let other = world.certificate(&twin, &org, 5, |_| {});
    let call = world.attachment(&agent, other.clone());
    assert_eq!(world.refuse(call), "AID-0402");
    assert_eq!(world.record(&agent), before);
    let call = world.attachment(&twin, other);
    world.apply(call);
}

#[test]
fn case_77_a_revoked_identity_renews_nothing() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    world.operate(&agent, Action::Revoke { reason: Reason::KeyCompromise, guardians: None }, &[&org]);
    assert_eq!(refused(&mut world, &agent, &org, |_| {}), "AID-0047");
}

#[test]
fn case_78_a_leaf_does_not_revoke_those_above_and_a_revocation_is_not_replayed() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    let reason = Reason::Unspecified;
    assert_eq!(
        world.refuse_operation(&org, Action::Revoke { reason, guardians: None }, &[&agent]),
        "AID-0054"
    );
    let suspend = world.operation(&agent, Action::Suspend { reason }, &[&org]);
    world.apply(suspend.clone());
    world.operate(&agent, Action::Resume, &[&org]);
    assert_eq!(world.refuse(suspend), "AID-0045");
}

#[test]
fn case_78_what_is_signed_for_one_domain_holds_in_no_other() {
    let mut world = World::new();
    let ann = world.person("ann");
    let environment = world.domain.environment();
    let other = network_of(&environment.genesis, auto_core::DomainId(environment.domain.0 + 1));
    let operation = world.next(&ann, Action::BumpEpoch, &[&ann]);
    let foreign = Call::Operate(Operate { operation: ordered(operation, &other, &[&ann]).into() });
    assert_eq!(world.refuse(foreign), "AID-0009");
    // The very inception makes another identity there.
    assert_ne!(inception("ann", Kind::Human).id(&other), ann.id);
}

#[test]
fn case_78_nothing_signed_before_a_deactivation_has_an_effect_after_it() {
    let mut world = World::new();
    let ann = world.person("ann");
    let later = Operation { id: ann.id, seq: 2, valid_until: u64::MAX, action: Action::BumpEpoch };
    let later = Call::Operate(Operate { operation: ordered(later, &world.network, &[&ann]).into() });
    let deactivate = world.operation(&ann, Action::Deactivate, &[&ann]);
    world.apply(deactivate.clone());
    assert_eq!(world.refuse(deactivate), "AID-0047");
    let again = world.incept(&ann, &[]);
    assert_eq!(world.refuse(again), "AID-0031");
    assert_eq!(world.refuse(later), "AID-0047");
    assert!(world.record(&ann).keys.keys.is_empty());
}

#[test]
fn an_operation_ends_with_its_last_block() {
    let mut world = World::new();
    let ann = world.person("ann");
    let operation = Operation { valid_until: 1, ..world.next(&ann, Action::BumpEpoch, &[&ann]) };
    let call = Call::Operate(Operate { operation: ordered(operation, &world.network, &[&ann]).into() });
    assert_eq!(world.refuse(call), "AID-0046");
}
