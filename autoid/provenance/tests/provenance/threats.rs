//! Everything that a manifest can be wrong in, by its code.

use crate::world::{NETWORK, NOW, TEXT, World, key, refused, sign};
use auto_core::ErrorCode;
use autoid_core::{Action, Genesis, Grant, Reason, Sign1, Time};
use autoid_provenance::{Acting, Content, ERRORS, Manifest, ProvenanceError, Sealed};
use std::slice::from_ref;

fn code(world: &World, sealed: &Sealed, grants: &[Sign1<Grant>]) -> &'static str {
    world.verify(sealed, grants).err().map_or("ok", |error| error.code())
}

#[test]
fn an_authors_manifest_says_who_answers() {
    let world = World::new();
    let verified = world.verify(&world.sealed(), &[]).unwrap();
    assert_eq!((verified.signer, verified.key.kid, verified.at.block), (world.author.id, 1, 100));
    assert_eq!(verified.answers.len(), 2);
    assert_eq!((verified.answers[0].id, verified.chain.len()), (world.author.id, 0));
}

#[test]
fn an_agent_signs_under_a_grant_of_the_author() {
    let world = World::new();
    let grant = world.grant(|_| {});
    let verified = world.verify(&world.by_agent(&grant), from_ref(&grant)).unwrap();
    assert_eq!((verified.signer, verified.chain), (world.agent.id, vec![grant.id(&NETWORK)]));
    assert_eq!(verified.answers[0].id, world.author.id);
}

#[test]
fn another_content_is_refused() {
    let world = World::new();
    for other in [&b"once upon a time."[..], b"", b"Once upon a time"] {
        let error = world.verify_of(&world.sealed(), other, &[]).unwrap_err();
        assert_eq!(error.code(), "PRV-0006");
    }
    let sealed = sign(Manifest { size: 3, ..world.manifest() }, &world.author, 1);
    assert_eq!(code(&world, &sealed, &[]), "PRV-0006");
}

#[test]
fn another_network_is_refused() {
    let world = World::new();
    let other = Genesis([0x5b; 32]);
    let error = autoid_provenance::verify(&world.sealed(), &Content::of_bytes(TEXT), &[], &world, &other);
    assert_eq!(refused(error.unwrap_err()), ProvenanceError::OtherNetwork);
    // Nor does naming this network make a signature for the other one hold here.
    let foreign = sign(Manifest { network: other, ..world.manifest() }, &world.author, 1);
    let signature = foreign.statement().to_cose();
    let own = world.sealed().statement().to_cose();
    let spliced = [&own[..own.len() - 64], &signature[signature.len() - 64..]].concat();
    let spliced = Sealed::from_bytes(&[autoid_provenance::MAGIC, &spliced].concat()).unwrap();
    assert_eq!(code(&world, &spliced, &[]), "PRV-0013");
}

#[test]
fn a_key_that_is_not_for_statements_is_refused() {
    let world = World::new();
    assert_eq!(code(&world, &sign(world.manifest(), &world.author, 2), &[]), "PRV-0011");
}

#[test]
fn a_key_whose_time_is_over_is_refused() {
    let world = World::new();
    assert_eq!(code(&world, &sign(world.manifest(), &world.author, 3), &[]), "PRV-0012");
}

#[test]
fn content_stays_verifiable_at_its_time_after_a_rotation() {
    let mut world = World::new();
    let (then, old) = (world.clone(), world.sealed());
    let author = world.author.clone();
    world.rotate(&author);
    assert_eq!(code(&then, &old, &[]), "ok");
    assert_eq!(code(&world, &old, &[]), "PRV-0010");
    assert_eq!(code(&world, &sign(world.manifest(), &author, 11), &[]), "ok");
}

#[test]
fn new_content_by_an_old_key_is_refused_whatever_time_it_claims() {
    let mut world = World::new();
    let author = world.author.clone();
    world.rotate(&author);
    let backdated = Manifest { made_at: Time(NOW - 100_000), ..world.manifest() };
    assert_eq!(code(&world, &sign(backdated, &author, 1), &[]), "PRV-0010");
    // Under the number of the new key the old one signs nothing either.
    let forged = Sealed::sign(world.manifest(), 11, &key(author.name, 0, 1)).unwrap();
    assert_eq!(code(&world, &forged, &[]), "PRV-0013");
}

#[test]
fn a_revoked_author_is_refused_and_what_it_stored_before_is_not() {
    let mut world = World::new();
    let (then, sealed) = (world.clone(), world.sealed());
    let author = world.author.clone();
    world.operate(&author, Action::Revoke { reason: Reason::KeyCompromise, guardians: None }, &[0]);
    assert_eq!(code(&world, &sealed, &[]), "PRV-0009");
    assert_eq!(code(&then, &sealed, &[]), "ok");
    // Neither does an agent below it speak any more, for itself or for it.
    let own = sign(Manifest { author: world.agent.id, ..world.manifest() }, &world.agent, 1);
    assert_eq!(code(&world, &own, &[]), "PRV-0009");
}

#[test]
fn an_author_that_does_not_exist_is_refused() {
    let world = World::new();
    let author = autoid_core::AutoId([8; 32]);
    assert_eq!(
        code(&world, &sign(Manifest { author, ..world.manifest() }, &world.author, 1), &[]),
        "PRV-0008"
    );
}

#[test]
fn a_forged_signature_is_refused() {
    let world = World::new();
    let forged = Sealed::sign(world.manifest(), 1, &key(world.stranger.name, 0, 1)).unwrap();
    assert_eq!(code(&world, &forged, &[]), "PRV-0013");
}

#[test]
fn an_agent_without_its_grants_is_refused() {
    let world = World::new();
    let (grant, other) = (world.grant(|_| {}), world.grant(|grant| grant.nonce = [2; 16]));
    let sealed = world.by_agent(&grant);
    assert_eq!(code(&world, &sealed, &[]), "PRV-0014");
    assert_eq!(code(&world, &sealed, &[other]), "PRV-0014");
}

#[test]
fn a_forged_grant_is_refused() {
    let world = World::new();
    let body = world.grant(|_| {}).body().clone();
    let forged = Sign1::sign(body, &NETWORK, 1, &key(world.agent.name, 0, 1)).unwrap();
    assert_eq!(code(&world, &world.by_agent(&forged), &[forged]), "PRV-0016");
}

#[test]
fn an_agent_that_the_grant_does_not_name_is_refused() {
    let world = World::new();
    let grant = world.grant(|_| {});
    let acting = Some(Acting { agent: world.stranger.id, grant: grant.id(&NETWORK) });
    let sealed = sign(Manifest { acting, ..world.manifest() }, &world.stranger, 1);
    assert_eq!(code(&world, &sealed, &[grant]), "PRV-0016");
}

#[test]
fn a_grant_of_somebody_else_does_not_make_an_author() {
    let world = World::new();
    let grant = world.grant(|_| {});
    let sealed = world.by_agent(&grant);
    let manifest = Manifest { author: world.stranger.id, ..sealed.manifest().clone() };
    assert_eq!(code(&world, &sign(manifest, &world.agent, 1), &[grant]), "PRV-0015");
}

#[test]
fn a_grant_that_does_not_cover_it_is_refused() {
    let world = World::new();
    let changes: [fn(&mut Grant); 5] = [
        |grant| grant.cmd = vec!["/content/read".parse().unwrap()],
        |grant| grant.res = vec!["content:image/*".parse().unwrap()],
        |grant| grant.class = autoid_core::Reversibility::Compensable,
        |grant| grant.exp = Time(NOW),
        |grant| grant.nbf = Time(NOW + 1),
    ];
    for change in changes {
        let grant = world.grant(change);
        assert_eq!(code(&world, &world.by_agent(&grant), &[grant]), "PRV-0016");
    }
}

#[test]
fn a_policy_of_a_grant_sees_the_licence() {
    use autoid_core::policy::{Comparison, Selector, Statement, Value};
    let world = World::new();
    let licensed = |licence: &str| {
        world.grant(|grant| {
            let field: Selector = ".licence".parse().unwrap();
            let licence = Value::Text(licence.to_owned());
            grant.pol.0.push(Statement::Compare(Comparison::Equal, field, licence));
        })
    };
    let (fits, other) = (licensed("CC-BY-4.0"), licensed("CC0-1.0"));
    assert_eq!(code(&world, &world.by_agent(&fits), &[fits]), "ok");
    assert_eq!(code(&world, &world.by_agent(&other), &[other]), "PRV-0016");
}

#[test]
fn a_revoked_grant_is_refused_from_then_on() {
    let mut world = World::new();
    let grant = world.grant(|_| {});
    let (then, sealed) = (world.clone(), world.by_agent(&grant));
    world.revoked.insert((world.author.id, 0, 0));
    assert_eq!(code(&world, &sealed, from_ref(&grant)), "PRV-0016");
    assert_eq!(code(&then, &sealed, &[grant]), "ok");
}

#[test]
fn a_manifest_from_the_future_is_refused() {
    let world = World::new();
    let at = |made_at| sign(Manifest { made_at: Time(made_at), ..world.manifest() }, &world.author, 1);
    assert_eq!(code(&world, &at(NOW + 300), &[]), "ok");
    assert_eq!(code(&world, &at(NOW + 301), &[]), "PRV-0007");
    assert_eq!(code(&world, &at(u64::MAX), &[]), "PRV-0007");
}

#[test]
fn every_code_is_explained_once() {
    let codes: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    let expected: Vec<String> = (1..=18).map(|number| format!("PRV-{number:04}")).collect();
    assert_eq!(codes, expected);
}
