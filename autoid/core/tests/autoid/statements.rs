//! Statements that cannot even be made, signatures that do not count, and revocations by strangers.

use autoid_core::cbor::Canonical as _;
use autoid_core::verify::{check_issue, check_revoker};
use autoid_core::{
    Algorithm, AutoId, Failure, Grant, IdentityRecord, KeySet, NoMemo, Point, PublicKey, Refusal, Relations,
    Remembered, RevocationPlace, Sign1, Signature, Signer as _, Time, View, verify, verify_own,
};

use crate::world::{Actor, Cast, GENESIS, NOW, call, grant, key, pay, refused, sign, whole};

/// Why a grant cannot be made.
fn unmade(change: impl FnOnce(&mut Grant)) -> &'static str {
    let cast = Cast::new();
    let mut body = grant(&cast.person, &cast.org, &cast.person, None);
    change(&mut body);
    Sign1::sign(body, &GENESIS, 0, &cast.person.key).unwrap_err().code()
}

#[test]
fn threat_03_resources_in_another_form_cannot_be_written() {
    let mut body = grant(&Cast::new().person, &Cast::new().org, &Cast::new().person, None);
    body.res = vec!["calendar:team/monday".parse().unwrap()];
    let bytes = body.to_cbor();
    let plain = b"calendar:team/monday";
    let at = bytes.windows(plain.len()).position(|window| window == plain).unwrap();
    for other in [
        "calendar:team/../all",
        "calendar:team/%2e%2e",
        "Calendar:team/monday",
        "calendar:team//onday",
        "calendar:team/monda.",
        "calendar:team/m\u{f3}nda",
    ] {
        assert_eq!(other.len(), plain.len());
        let mut bytes = bytes.clone();
        bytes[at..at + plain.len()].copy_from_slice(other.as_bytes());
        assert_eq!(Grant::from_cbor(&bytes, 4_000), Err(Refusal::Resource), "{other}");
    }
}

#[test]
fn threat_04_a_grant_that_ends_before_it_begins() {
    assert_eq!(unmade(|grant| grant.exp = grant.nbf), Refusal::EmptyWindow.code());
}

#[test]
fn threat_08_depth_beyond_eight_links() {
    assert_eq!(unmade(|grant| grant.max_depth = 8), Refusal::Depth { link: None }.code());
}

#[test]
fn threat_12_root_grant_not_by_the_owner() {
    assert_eq!(unmade(|grant| grant.sub = AutoId([3; 32])), Refusal::RootNotOwner.code());
}

#[test]
fn threat_13_root_without_an_owner() {
    assert_eq!(unmade(|grant| grant.sub = AutoId([0; 32])), Refusal::NullIdentity.code());
    assert_eq!(unmade(|grant| grant.aud = AutoId([0; 32])), Refusal::NullIdentity.code());
}

#[test]
fn unbounded_grants_must_be_marked_and_shallow() {
    assert_eq!(unmade(|grant| grant.res.clear()), Refusal::Dangerous.code());
    assert_eq!(unmade(|grant| grant.cmd = vec!["/".parse().unwrap()]), Refusal::Dangerous.code());
    assert_eq!(
        unmade(|grant| {
            grant.res.clear();
            (grant.dangerous, grant.max_depth) = (true, 2);
        }),
        Refusal::Dangerous.code()
    );
    assert_eq!(unmade(|grant| grant.cmd.clear()), Refusal::NoCommand.code());
}

#[test]
fn limits_must_make_sense() {
    let place = RevocationPlace { list: 0, index: 8_192 };
    assert_eq!(unmade(|grant| grant.rev = place), Refusal::RevocationPlace.code());
    assert_eq!(unmade(|grant| grant.meters[0].per_call = u128::MAX), Refusal::Meter.code());
    assert_eq!(unmade(|grant| grant.meters[0].window.as_mut().unwrap().blocks = 0), Refusal::Meter.code());
    let cast = Cast::new();
    let mut nothing = call(&cast.person, &cast.service, &[]);
    pay(&mut nothing, 0, &cast.org);
    assert_eq!(Sign1::sign(nothing, &GENESIS, 0, &cast.person.key), Err(Refusal::NothingSpent));
}

#[test]
fn sets_out_of_order_are_refused() {
    assert_eq!(unmade(|grant| grant.cmd.reverse()), "AID-0001");
    assert_eq!(unmade(|grant| grant.meters = vec![grant.meters[0].clone(); 2]), "AID-0001");
    assert_eq!(unmade(|grant| grant.res = vec![grant.res[0].clone(); 2]), "AID-0001");
}

#[test]
fn threat_25_arguments_differ_from_their_hash() {
    let cast = Cast::new();
    let mut body = call(&cast.person, &cast.service, &[]);
    body.args = Some(autoid_core::policy::Value::Int(1));
    assert_eq!(Sign1::sign(body, &GENESIS, 0, &cast.person.key), Err(Refusal::ArgumentsDiffer));
}

/// A view of which something cannot be read.
struct Broken<'w>(&'w crate::world::World, AutoId);

#[derive(Debug, PartialEq, Eq)]
struct Unproven;

impl View for Broken<'_> {
    type Error = Unproven;

    fn point(&self) -> Point {
        self.0.point()
    }

    fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, Unproven> {
        if *id == self.1 { Err(Unproven) } else { Ok(self.0.records.get(id).cloned()) }
    }

    fn revoked(&self, issuer: &AutoId, _: u32, _: u32) -> Result<bool, Unproven> {
        if *issuer == self.1 { Err(Unproven) } else { Ok(false) }
    }
}

#[test]
fn threat_18_what_a_witness_does_not_prove_is_no_answer() {
    let cast = Cast::new();
    let hidden = [cast.person.id, cast.org.id, cast.agent.id, cast.second.id];
    let case = cast.plain();
    for id in hidden {
        let view = Broken(&case.world, id);
        let failure = verify(&case.call, &case.grants, &[], &view, &case.trust, &mut NoMemo).unwrap_err();
        assert_eq!(failure, Failure::View(Unproven));
    }
}

/// Whose bit would be set by a revocation of the last grant.
fn place(
    cast: &Cast,
    revoker: &Actor,
    grants: &[Sign1<Grant>],
) -> Result<(AutoId, RevocationPlace), Refusal> {
    let trust = cast.world.trust(cast.service.id);
    check_revoker(&revoker.id, grants, &cast.world, &trust, &mut NoMemo).map_err(refused)
}

#[test]
fn issuers_owner_and_holder_revoke() {
    let cast = Cast::new();
    let grants = cast.chain(|_, _| {});
    for revoker in [&cast.person, &cast.org, &cast.agent, &cast.second] {
        assert_eq!(
            place(&cast, revoker, &grants),
            Ok((cast.agent.id, RevocationPlace { list: 0, index: 2 }))
        );
    }
}

#[test]
fn threat_20_revocation_by_a_stranger() {
    let cast = Cast::new();
    let grants = cast.chain(|_, _| {});
    assert_eq!(place(&cast, &cast.bystander, &grants), Err(Refusal::NotRevoker));
}

#[test]
fn threat_20_revocation_by_a_holder_further_down() {
    let cast = Cast::new();
    let grants = cast.chain(|_, _| {});
    assert_eq!(place(&cast, &cast.second, &grants[..2]), Err(Refusal::NotRevoker));
}

#[test]
fn threat_20_revocation_by_an_invented_chain() {
    let cast = Cast::new();
    // A grant of the person that was never signed by it, in the place of a real one, to the bystander.
    let real = grant(&cast.person, &cast.org, &cast.person, None);
    let invented = Grant { aud: cast.bystander.id, ..real.clone() };
    let forged = sign(invented.clone(), &cast.bystander);
    assert_eq!(place(&cast, &cast.bystander, &[forged]), Err(Refusal::GrantSignature { link: 0 }));
    // The same below a root of the bystander's own.
    let root = sign(grant(&cast.bystander, &cast.person, &cast.bystander, None), &cast.bystander);
    let below = grant(&cast.person, &cast.org, &cast.bystander, Some(&root));
    let forged = sign(below, &cast.bystander);
    assert_eq!(place(&cast, &cast.bystander, &[root, forged]), Err(Refusal::GrantSignature { link: 1 }));
}

#[test]
fn a_grant_is_judged_when_it_is_issued() {
    let mut cast = Cast::new();
    let issue = |cast: &Cast, grants: &[Sign1<Grant>]| {
        let trust = cast.world.trust(cast.service.id);
        check_issue(grants, &cast.world, &trust, &mut NoMemo).map(|ids| ids.len()).map_err(refused)
    };
    let later = cast.chain(|link, grant| grant.nbf = Time(NOW.0 + u64::try_from(link).unwrap()));
    assert_eq!(issue(&cast, &later), Ok(3));
    let wider = cast.chain(|link, grant| grant.calls = (link == 0).then_some(1));
    assert_eq!(issue(&cast, &wider), Err(Refusal::CallsWidened { link: 1 }));
    let ended = cast.chain(|_, grant| grant.exp = NOW);
    assert_eq!(issue(&cast, &ended), Err(Refusal::GrantExpired { link: 0, exp: NOW, now: NOW }));
    let mut forged = cast.chain(|_, _| {});
    forged[2] = sign(forged[2].body().clone(), &cast.bystander);
    assert_eq!(issue(&cast, &forged), Err(Refusal::GrantSignature { link: 2 }));
    assert_eq!(issue(&cast, &[]), Err(Refusal::ChainLength));
    let plain = cast.chain(|_, _| {});
    let org = cast.org.id;
    cast.world.revoked.insert((org, 0, 3));
    assert_eq!(issue(&cast, &plain), Err(Refusal::GrantRevoked { link: 1 }));
}

#[test]
fn threat_38_one_key_twice_in_a_set() {
    let one = key("one").public_key();
    assert_eq!(KeySet::new(vec![whole(0, one), whole(1, one)], 1), Err(Refusal::KeySet));
    assert_eq!(KeySet::new(vec![whole(0, one)], 2), Err(Refusal::KeySet));
    assert_eq!(KeySet::new(Vec::new(), 0), Err(Refusal::KeySet));
}

#[test]
fn threat_50_small_order_and_malformed_points() {
    let mut identity_point = [0; 32];
    identity_point[0] = 1;
    // y of an order-8 point (RFC 8032's curve), from the published list of small-order points.
    let order_8 = hex::decode("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a").unwrap();
    for point in [identity_point, [0; 32], order_8.try_into().unwrap(), [0xff; 32]] {
        assert_eq!(PublicKey::Ed25519(point).check(), Err(Refusal::WeakKey), "{point:?}");
    }
    for (prefix, rest) in [(2, 0xff), (4, 1), (0, 0)] {
        let mut point = [rest; 33];
        point[0] = prefix;
        assert_eq!(PublicKey::Es256(point).check(), Err(Refusal::WeakKey));
    }
}

#[test]
fn threat_50_a_signature_has_one_form() {
    // s of Ed25519 raised by the order of the group.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let ed25519 = key("one");
    let mut signature = ed25519.sign(b"message").unwrap();
    assert_eq!(ed25519.public_key().verify(b"message", &signature), Ok(()));
    let mut carry = 0_u16;
    for (byte, addend) in signature.0[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(addend) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(ed25519.public_key().verify(b"message", &signature), Err(Refusal::Signature));
    // The higher s of ES256.
    let es256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let low = autoid_core::Signer::sign(&es256, b"message").unwrap();
    let key = autoid_core::Signer::public_key(&es256);
    assert_eq!(key.verify(b"message", &low), Ok(()));
    let parsed = p256::ecdsa::Signature::from_slice(&low.0).unwrap();
    let high =
        p256::ecdsa::Signature::from_scalars(parsed.r().to_bytes(), (-*parsed.s()).to_bytes()).unwrap();
    assert_eq!(key.verify(b"message", &Signature(high.to_bytes().into())), Err(Refusal::Signature));
}

#[test]
fn an_es256_key_grants_and_calls_as_well() {
    let cast = Cast::new();
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let public = autoid_core::Signer::public_key(&key);
    assert_eq!(PublicKey::from_spki(&public.spki().unwrap()), Ok(public));
    let mut cast = cast;
    let record = cast.world.records.get_mut(&cast.second.id).unwrap();
    record.keys = KeySet::new(vec![whole(5, public)], 1).unwrap();
    let mut case = cast.plain();
    case.call = Sign1::sign(case.call.body().clone(), &GENESIS, 5, &key).unwrap();
    assert_eq!(case.code(), "ok");
    let reread = Sign1::from_cose(&case.call.to_cose()).unwrap();
    assert_eq!(reread, case.call);
    // An envelope that names the other algorithm than the key's.
    case.call = Sign1::new(case.call.body().clone(), 5, Algorithm::Ed25519, Signature([1; 64])).unwrap();
    assert_eq!(case.verify(), Err(Refusal::Algorithm));
}

#[test]
fn keys_are_held_to_their_relations_and_their_end() {
    let limited = |relations: Relations, not_after: Option<Time>| {
        let mut cast = Cast::new();
        let record = cast.world.records.get_mut(&cast.second.id).unwrap();
        record.keys.keys[0].relations = relations;
        record.keys.keys[0].not_after = not_after;
        cast.plain().verify().map(|_| ())
    };
    assert_eq!(limited(Relations::INVOKE, None), Ok(()));
    assert_eq!(limited(Relations::INVOKE, Some(NOW)), Ok(()));
    assert_eq!(limited(Relations::DELEGATE, None), Err(Refusal::KeyRelation { kid: 0 }));
    assert_eq!(limited(Relations::ALL, Some(Time(NOW.0 - 1))), Err(Refusal::KeyExpired { kid: 0 }));
    let mut cast = Cast::new();
    cast.world.records.get_mut(&cast.org.id).unwrap().keys.keys[0].relations = Relations::INVOKE;
    assert_eq!(cast.plain().verify(), Err(Refusal::KeyRelation { kid: 0 }));
}

#[test]
fn a_memo_saves_signatures_and_nothing_else() {
    let mut case = Cast::new().plain();
    let mut memo = Remembered::new(16);
    let verify = |case: &crate::world::Case, memo: &mut Remembered| {
        verify(&case.call, &case.grants, &[], &case.world, &case.trust, memo).map(|_| ()).map_err(refused)
    };
    assert_eq!(verify(&case, &mut memo), Ok(()));
    // The same grant with a signature that is not one: the issuer did sign this body.
    let body = case.grants[1].body().clone();
    case.grants[1] = Sign1::new(body, 0, Algorithm::Ed25519, Signature([1; 64])).unwrap();
    assert_eq!(verify(&case, &mut memo), Ok(()));
    assert_eq!(verify(&case, &mut Remembered::new(16)), Err(Refusal::GrantSignature { link: 1 }));
    // A revocation is seen at once.
    case.world.revoked.insert((case.grants[0].body().iss, 0, 4));
    assert_eq!(verify(&case, &mut memo), Err(Refusal::GrantRevoked { link: 0 }));
}

#[test]
fn an_owner_acts_without_grants() {
    let cast = Cast::new();
    let trust = cast.world.trust(cast.service.id);
    let own = |body, key| {
        let call = Sign1::sign(body, &GENESIS, 0, key)?;
        verify_own(&call, &cast.world, &trust).map_err(refused)
    };
    let plain = call(&cast.person, &cast.service, &[]);
    assert!(own(plain.clone(), &cast.person.key).is_ok());
    assert_eq!(own(plain.clone(), &cast.org.key), Err(Refusal::CallSignature));
    let elsewhere = autoid_core::Call { aud: cast.org.id, ..plain.clone() };
    assert_eq!(own(elsewhere, &cast.person.key), Err(Refusal::Audience));
    let granted = call(&cast.person, &cast.service, &cast.chain(|_, _| {}));
    assert_eq!(own(granted, &cast.person.key), Err(Refusal::NotByGrant));
    let body = plain;
    let call = Sign1::sign(body, &GENESIS, 0, &cast.person.key).unwrap();
    assert_eq!(
        verify(&call, &[], &[], &cast.world, &trust, &mut NoMemo).map_err(refused),
        Err(Refusal::ChainLength)
    );
}
