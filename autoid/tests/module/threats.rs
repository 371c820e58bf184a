//! What must be refused, by the number of the threat.

use crate::aliases::{SALT, commit, reveal, take};
use crate::certificates::certified;
use crate::grants::{below, grant, line, meter, registration};
use crate::people::{Person, guardians, inception, key, keys, ordered, signed};
use crate::world::World;
use auto_core::{Blob, ErrorCode, Hash};
use autoid::{Call, Incept, Operate, RegisterGrant};
use autoid_core::{
    Action, Grant, Inception, Key, KeySet, Kind, Reason, Relations, RevocationPlace, Service, Sign, Sign1,
    Signer, Status,
};
use autoid_interface::{Envelope, REVOKED};

#[test]
fn threat_14_a_revoked_grant_anywhere_in_the_line_stores_nothing_below() {
    let mut world = World::new();
    let ([ann, agent, helper], [first, second]) = line(&mut world);
    world.register(&first);
    let revocation = world.revocation(first.id(&world.network), &ann, &[]);
    world.apply(revocation);
    assert_eq!(world.refuse(registration(&second)), "AID-0114");
    let other = world.granted(grant(&ann, &agent, 1), &ann);
    world.register(&other);
    let fresh = world.granted(below(&other, &agent, &helper, &world), &agent);
    world.register(&fresh);
}

#[test]
fn threat_15_under_a_suspended_or_revoked_ancestor_nothing_is_issued() {
    let mut world = World::new();
    let ([ann, agent, _], [first, second]) = line(&mut world);
    world.register(&first);
    let reason = Reason::Unspecified;
    world.operate(&agent, Action::Suspend { reason }, &[&ann]);
    assert_eq!(world.refuse(registration(&second)), "AID-0032");
    world.operate(&agent, Action::Resume, &[&ann]);
    world.operate(&ann, Action::Revoke { reason, guardians: None }, &[&ann]);
    assert_eq!(world.refuse(registration(&second)), "AID-0032");
}

#[test]
fn threat_16_a_grant_of_an_ended_epoch_or_of_the_future_is_not_stored() {
    let mut world = World::new();
    let ann = world.person("ann");
    let agent = world.child("agent", Kind::Agent, &ann);
    let future = world.granted(Grant { epoch: 1, ..grant(&ann, &agent, 0) }, &ann);
    assert_eq!(world.refuse(registration(&future)), "AID-0116");
    let later = world.granted(Grant { iss_seq: 7, ..grant(&ann, &agent, 0) }, &ann);
    assert_eq!(world.refuse(registration(&later)), "AID-0116");
    let present = world.granted(grant(&ann, &agent, 0), &ann);
    world.operate(&ann, Action::BumpEpoch, &[&ann]);
    assert_eq!(world.refuse(registration(&present)), "AID-0115");
    world.register(&future);
}

#[test]
fn threat_18_a_revocation_list_is_what_the_root_of_the_state_says_it_is() {
    let mut world = World::new();
    let ([ann, ..], [first, _]) = line(&mut world);
    world.register(&first);
    let key = REVOKED.key(&(ann.id, first.body().rev.list));
    let (old, unset) = (world.domain.receipt().final_state_root, world.domain.prove(&key));
    let revocation = world.revocation(first.id(&world.network), &ann, &[]);
    world.apply(revocation);
    let (new, set) = (world.domain.receipt().final_state_root, world.domain.prove(&key));
    assert_ne!(unset.verify(&old, &key).ok(), set.verify(&new, &key).ok());
    // Neither the list of before under the root of now, nor either under a root that was made up.
    for (proof, root) in [(&unset, new), (&set, old), (&unset, Hash([7; 32])), (&set, Hash([7; 32]))] {
        assert_eq!(proof.verify(&root, &key).map_err(|error| error.code()), Err("STA-0007"));
    }
}

#[test]
fn threat_19_the_revocation_of_one_grant_never_hits_another() {
    let mut world = World::new();
    let ann = world.person("ann");
    let agent = world.child("agent", Kind::Agent, &ann);
    let (old, new) = (grant(&ann, &agent, 0), grant(&ann, &agent, 0));
    let old = world.granted(old, &ann);
    let new = world.granted(Grant { nonce: [1; 16], ..new }, &ann);
    world.register(&old);
    // The same place again: refused when it is stored, and when it is revoked.
    assert_eq!(world.refuse(registration(&new)), "AID-0509");
    let mixed = world.revocation(new.id(&world.network), &agent, &[&new]);
    assert_eq!(world.refuse(mixed), "AID-0509");
    assert!(!world.is_revoked(&old));
    // Issued again in a place of its own it lives, whatever becomes of the old one.
    let again = world.granted(grant(&ann, &agent, 1), &ann);
    world.register(&again);
    let revocation = world.revocation(old.id(&world.network), &ann, &[]);
    world.apply(revocation);
    assert!(world.is_revoked(&old) && !world.is_revoked(&again));
    // The place of another issuer's list is another place.
    let ben = world.person("ben");
    let his = world.granted(grant(&ben, &agent, 0), &ben);
    world.register(&his);
    assert!(!world.is_revoked(&his));
}

#[test]
fn threat_20_strangers_and_holders_further_down_revoke_nothing() {
    let mut world = World::new();
    let ([_, _, helper], [first, second]) = line(&mut world);
    let stranger = world.person("stranger");
    world.register(&first);
    world.register(&second);
    let id = first.id(&world.network);
    for by in [&helper, &stranger] {
        let revocation = world.revocation(id, by, &[]);
        assert_eq!(world.refuse(revocation), "AID-0138");
    }
    // A chain that the stranger invents to reach somebody's place: the signature is missing.
    let invented = Grant { aud: stranger.id, ..first.body().clone() };
    let invented = world.granted(invented, &stranger);
    let revocation = world.revocation(invented.id(&world.network), &stranger, &[&invented]);
    assert_eq!(world.refuse(revocation), "AID-0111");
    assert!(!world.is_revoked(&first));
}

#[test]
fn threat_28_to_34_certificates_that_break_the_profile_are_refused() {
    let mut world = World::new();
    let [ann, org, agent] = certified(&mut world);
    let der = world.certificate(&agent, &org, 3, |_| {});
    // Every byte counts: of the certificate with one bit flipped nothing is attached.
    for at in (0..der.len()).step_by(41) {
        let mut changed = der.clone();
        changed[at] ^= 0x10;
        let call = world.attachment(&agent, changed);
        let code = world.refuse(call);
        assert!(code.starts_with("IDX-") || code.starts_with("AID-04"), "byte {at}: {code}");
    }
    // 34: the content of the serial number is bounded, and burned by its issuer.
    world.certify(&agent, &org, 3);
    let again = world.certificate(&agent, &org, 3, |order| order.to.0 -= 1);
    let call = world.attachment(&agent, again);
    assert_eq!(world.refuse(call), "AID-0505");
    // 37: what is no DER is no certificate.
    let call = world.attachment(&agent, vec![0x30, 0x80, 0, 0]);
    assert_eq!(world.refuse(call), "IDX-0001");
    // 31: a name beyond the identity's own.
    let spare = world.certificate(&ann, &ann, 4, |_| {});
    let call = world.attachment(&agent, spare);
    assert_eq!(world.refuse(call), "AID-0401");
}

#[test]
fn threat_38_one_key_in_two_identities_speaks_for_the_one_that_the_signature_names() {
    let mut world = World::new();
    let ann = world.person("ann");
    let twin = Inception { salt: [1; 16], ..inception("ann", Kind::Human) };
    let twin = world.begin("ann", twin, &[]);
    assert_ne!(ann.id, twin.id);
    // Both have the key; what is signed for one is nothing to the other.
    let operation = world.next(&ann, Action::BumpEpoch, &[&ann]);
    let by_twin = Call::Operate(Operate { operation: ordered(operation, &world.network, &[&twin]).into() });
    assert_eq!(world.refuse(by_twin), "AID-0013");
    world.operate(&ann, Action::BumpEpoch, &[&ann]);
    assert_eq!((world.record(&ann).grant_epoch, world.record(&twin).grant_epoch), (1, 0));
}

/// A rotation that is signed with the keys of two generations.
fn rotation(world: &World, of: &Person, to: u32, next: u32) -> Call {
    let action = Action::Rotate { keys: keys(&of.name, to), next: keys(&of.name, next).commitment() };
    let new = Person { generation: to, ..of.clone() };
    let envelope = Sign::new(world.next(of, action, &[of])).expect("well formed");
    let envelope = signed(envelope, &world.network, [of, &new]);
    Call::Operate(Operate { operation: envelope.into() })
}

#[test]
fn threat_39_keys_that_were_not_committed_to_do_not_come_in() {
    let mut world = World::new();
    let ann = world.person("ann");
    let call = rotation(&world, &ann, 5, 6);
    assert_eq!(world.refuse(call), "AID-0048");
    // Whoever holds today's key only lacks tomorrow's.
    let action = Action::Rotate { keys: keys("ann", 1), next: keys("thief", 2).commitment() };
    assert_eq!(world.refuse_operation(&ann, action, &[&ann]), "AID-0014");
}

#[test]
fn threat_40_an_operation_takes_effect_once_and_in_its_turn() {
    let mut world = World::new();
    let ann = world.person("ann");
    let first = world.operation(&ann, Action::BumpEpoch, &[&ann]);
    let mut skipped = world.next(&ann, Action::BumpEpoch, &[&ann]);
    skipped.seq += 1;
    let skipped = Call::Operate(Operate { operation: ordered(skipped, &world.network, &[&ann]).into() });
    assert_eq!(world.refuse(skipped.clone()), "AID-0045");
    world.apply(first.clone());
    assert_eq!(world.refuse(first), "AID-0045");
    world.apply(skipped);
    let rotate = rotation(&world, &ann, 1, 2);
    world.apply(rotate.clone());
    assert_eq!(world.refuse(rotate), "AID-0045");
}

#[test]
fn threat_41_a_recovery_needs_distinct_guardians_and_survives_no_veto() {
    let mut world = World::new();
    let guards = ["g1", "g2", "g3"].map(|name| world.person(name));
    let all: Vec<&Person> = guards.iter().collect();
    let body = Inception { recovery: Some(guardians(&all, 2).commitment()), ..inception("ann", Kind::Human) };
    let ann = world.begin("ann", body, &[]);
    let stranger = world.person("stranger");
    let start =
        |set| Action::StartRecovery { guardians: set, keys: keys("x", 7), next: keys("x", 8).commitment() };
    assert_eq!(world.refuse_operation(&ann, start(guardians(&all, 2)), &[&guards[0]]), "AID-0051");
    let with_stranger = world.refuse_operation(&ann, start(guardians(&all, 2)), &[&guards[0], &stranger]);
    assert_eq!(with_stranger, "AID-0013");
    assert_eq!(world.refuse_operation(&ann, start(guardians(&[&stranger], 1)), &[&stranger]), "AID-0050");
    world.operate(&ann, start(guardians(&all, 2)), &[&guards[0], &guards[1]]);
    world.operate(&ann, Action::VetoRecovery, &[&ann]);
    world.domain.advance(4);
    let new = Person { name: "x".to_owned(), generation: 7, ..ann.clone() };
    assert_eq!(world.refuse_operation(&ann, Action::FinishRecovery, &[&new]), "AID-0052");
}

#[test]
fn threat_42_a_tombstone_is_never_brought_back() {
    let mut world = World::new();
    let ann = world.person("ann");
    world.operate(&ann, Action::Deactivate, &[&ann]);
    let again = world.incept(&ann, &[]);
    assert_eq!(world.refuse(again), "AID-0031");
    for action in [Action::BumpEpoch, Action::Resume, Action::Deactivate] {
        assert_eq!(world.refuse_operation(&ann, action, &[&ann]), "AID-0047");
    }
    // Another key makes another identity.
    let other = Person::of(
        "ben",
        Inception { salt: ann.inception.salt, ..inception("ben", Kind::Human) },
        &world.network,
    );
    assert_ne!(other.id, ann.id);
    assert_eq!(world.status(&ann), Status::Tombstone);
}

#[test]
fn threat_43_endorsements_are_of_distinct_issuers_over_one_inception() {
    let mut world = World::new();
    let ann = world.person("ann");
    let (one, other) = (world.child("one", Kind::Org, &ann), world.child("other", Kind::Org, &ann));
    let (ben, stranger) = (world.person("ben"), world.person("stranger"));
    let mut issuers = vec![one.id, other.id, ben.id];
    issuers.sort_unstable();
    let body = Inception { issuers, threshold: 2, ..inception("dao", Kind::Dao) };
    let dao = world.begin("dao", body, &[]);
    world.operate(&dao, Action::Endorse, &[&one]);
    assert_eq!(world.refuse_operation(&dao, Action::Endorse, &[&one]), "AID-0057");
    assert_eq!(world.refuse_operation(&dao, Action::Endorse, &[&other]), "AID-0058");
    assert_eq!(world.refuse_operation(&dao, Action::Endorse, &[&stranger]), "AID-0056");
    world.operate(&dao, Action::Endorse, &[&ben]);
    assert_eq!(world.status(&dao), Status::Active);
    // A changed inception is another identity, which nobody endorsed.
    let swapped = Inception { kind: Kind::Org, ..dao.inception.clone() };
    let swapped = Person::of("dao", swapped, &world.network);
    let call = world.incept(&swapped, &[]);
    world.apply(call);
    assert_eq!((world.record(&swapped).endorsements, world.status(&swapped)), (0, Status::Pending));
}

#[test]
fn threat_44_an_alias_is_neither_squatted_nor_imitated_nor_taken_in_flight() {
    let mut world = World::new();
    let (ann, eve) = (world.person("ann"), world.person("eve"));
    let call = commit(&mut world, &ann, "paypal");
    world.apply(call);
    world.domain.advance(1);
    // Eve sees the reveal: without a commitment of her own, old enough, it is worth nothing to her.
    assert_eq!(world.refuse_operation(&eve, reveal("paypal"), &[&eve]), "AID-0513");
    let hers = commit(&mut world, &eve, "paypal");
    world.apply(hers);
    assert_eq!(world.refuse_operation(&eve, reveal("paypal"), &[&eve]), "AID-0514");
    world.operate(&ann, reveal("paypal"), &[&ann]);
    assert_eq!(world.refuse_operation(&eve, reveal("paypal"), &[&eve]), "AID-0516");
    // Nor does she get what looks like it.
    for imitation in ["paypa1", "pay-pal"] {
        let call = commit(&mut world, &eve, imitation);
        world.apply(call);
        world.domain.advance(1);
        assert_eq!(world.refuse_operation(&eve, reveal(imitation), &[&eve]), "AID-0516");
    }
    assert_eq!(SALT, [3; 16]);
    take(&mut world, &eve, "eve");
}

#[test]
fn threat_45_no_tree_has_a_loop_or_is_too_deep() {
    let mut world = World::with(|builder| builder.lies_per_block(4));
    let mut parent = world.person("p0");
    // An identity names its parent in the hash that is its id, so the parent is older: no loop can close.
    let own = Inception { parent: Some(parent.id), ..inception("p0", Kind::Human) };
    assert_ne!(own.id(&world.network), parent.id);
    for level in 1..=8 {
        parent = world.child(&format!("p{level}"), Kind::Agent, &parent);
    }
    assert_eq!(world.record(&parent).depth, 8);
    let body = Inception { parent: Some(parent.id), ..inception("p9", Kind::Agent) };
    let deeper = Person::of("p9", body, &world.network);
    let call = world.incept(&deeper, &[&parent]);
    assert_eq!(world.refuse(call), "AID-0034");
}

#[test]
fn threat_46_an_identity_is_not_placed_under_a_parent_that_did_not_sign() {
    let mut world = World::new();
    let org = world.person("org");
    let body = Inception { parent: Some(org.id), ..inception("agent", Kind::Agent) };
    let agent = Person::of("agent", body, &world.network);
    let call = world.incept(&agent, &[]);
    assert_eq!(world.refuse(call), "AID-0041");
    let other = world.person("other");
    let call = world.incept(&agent, &[&other]);
    assert_eq!(world.refuse(call), "AID-0013");
    // And none begins whose own key did not.
    let envelope = signed(Sign::new(agent.inception.clone()).expect("well formed"), &world.network, [&org]);
    assert_eq!(world.refuse(Call::Incept(Incept { inception: envelope.into() })), "AID-0014");
}

#[test]
fn threat_64_state_is_paid_for_by_its_size_and_no_list_is_longer_than_its_bound() {
    let mut world = World::new();
    let ann = world.person("ann");
    let bare = world.record(&ann).deposit;
    let services = |count: usize| {
        let service = |at: usize| Service {
            name: format!("s{at:02}"),
            kind: "HTTP".to_owned(),
            endpoint: format!("https://{}.example", "x".repeat(200)),
        };
        Action::SetServices { services: (0..count).map(service).collect() }
    };
    world.operate(&ann, services(16), &[&ann]);
    let full = world.record(&ann).deposit;
    assert!(full > bare + 16 * 200 * 50_000_000_000_000, "{bare} {full}");
    let seventeen = world.next(&ann, services(17), &[&ann]);
    let refused = Sign::new(seventeen).map(drop).map_err(|error| error.code());
    assert_eq!(refused, Err("AID-0001"), "seventeen services are no operation");
    // Too many keys are no key set, too many issuers no inception.
    let key =
        |kid: u32| Key { kid, key: key("k", kid).public_key(), relations: Relations::ALL, not_after: None };
    let refused = KeySet::new((0..17).map(key).collect(), 1).map(drop).map_err(|error| error.code());
    assert_eq!(refused, Err("AID-0008"));
    // A certificate with more names than fit is over the bound of the call.
    assert!(Blob::<4_096>::new(vec![0; 4_097]).is_err());
    // A whole list of meters is bounded by the grant's size.
    let agent = world.child("agent", Kind::Agent, &ann);
    let many = Grant { meters: vec![meter(5); 9], ..grant(&ann, &agent, 0) };
    let refused = Sign1::sign(many, &world.network, 0, &ann.key()).map(drop).map_err(|error| error.code());
    assert_eq!(refused, Err("AID-0001"));
    // So is a revocation list, even the last of four thousand million: whoever begins it pays for it.
    let place = RevocationPlace { list: u32::MAX, index: 8_191 };
    let far = world.granted(Grant { rev: place, ..grant(&ann, &agent, 0) }, &ann);
    let before = world.domain.balance("alice");
    world.register(&far);
    let paid = before.saturating_sub(world.domain.balance("alice")).base_units();
    assert!(paid > 1_024 * 50_000_000_000_000, "a new list is paid for");
}

#[test]
fn bytes_that_are_no_statement_are_refused_by_the_rule_they_break() {
    let mut world = World::new();
    for (bytes, code) in [(vec![], "AID-0001"), (vec![0xff; 40], "AID-0001"), (vec![0xd2, 0x80], "AID-0003")]
    {
        let inception = Envelope::<Sign<Inception>>::of_bytes(bytes.clone());
        assert_eq!(world.refuse(Call::Incept(Incept { inception })), code);
        let grant = Envelope::<Sign1<Grant>>::of_bytes(bytes);
        assert!(world.refuse(Call::RegisterGrant(RegisterGrant { grant })).starts_with("AID-"));
    }
}

#[test]
fn operations_come_with_the_call_that_is_theirs() {
    let mut world = World::new();
    let ann = world.person("ann");
    let attach = Action::AttachCertificate { certificate: [0; 32] };
    assert_eq!(world.refuse_operation(&ann, attach, &[&ann]), "AID-0502");
    let revoke = Action::RevokeGrant { grant: autoid_core::GrantId([0; 32]) };
    assert_eq!(world.refuse_operation(&ann, revoke, &[&ann]), "AID-0502");
}
