//! Signed contents: whose key counts, agents under grants, and files that are checked without a node.

use crate::world::{World, code};
use auto_core::{BlockNumber, Hash};
use auto_sdk::Secret;
use auto_sdk::agent::Permission;
use auto_sdk::audit::Trusted;
use auto_sdk::identity::grant::{issue, revoke, store};
use auto_sdk::identity::{FreshKeys, IdentityKey, rotate};
use auto_sdk::provenance::{Claim, Content, InNameOf, ProvenanceFile, Sealed, sign, verify};
use autoid_core::{GrantId, Kind, Signer as _, Time};
use proptest::prelude::*;
use std::sync::LazyLock;

const TEXT: &[u8] = b"once upon a time";

fn claim() -> Claim {
    Claim {
        licence: Some("CC-BY-4.0".parse().expect("SPDX")),
        ..Claim::of("text/plain".parse().expect("sound"))
    }
}

/// Signs the text as of the newest state.
async fn signed(world: &World, key: &IdentityKey, acting: Option<InNameOf>) -> Sealed {
    let now = world.state().await.point().time;
    sign(key, &Content::of_bytes(TEXT), &claim(), acting, now).expect("signed")
}

async fn file(world: &mut World, sealed: &Sealed) -> ProvenanceFile {
    let place = world.stored(sealed);
    let mut state = world.state().await;
    ProvenanceFile::new(&mut state, sealed, &Content::of_bytes(TEXT), &place).await.expect("holds")
}

async fn granted(world: &mut World, by: &IdentityKey, to: &IdentityKey, sentence: &str) -> GrantId {
    let mut state = world.state().await;
    let permission: Permission = sentence.parse().expect("sound");
    let terms = permission.terms(&mut state, None, 2_000).await.expect("sound");
    let grant = issue(&mut state, by, to.id(), &terms, None).await.expect("signed");
    let id = grant.id(&world.network);
    world.run(store(grant).expect("small"));
    id
}

#[tokio::test]
async fn a_file_shows_who_answers_for_a_content_when_it_was_stored() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let sealed = signed(&world, &alice, None).await;
    let text = file(&mut world, &sealed).await.to_text();
    let parsed = ProvenanceFile::parse(&text).expect("its own text");
    let content = Content::of_bytes(TEXT);
    let found = parsed.verify(&content, &Trusted::default()).expect("holds");
    assert_eq!((found.sealed.id(), found.verified.signer), (sealed.id(), alice.id()));
    assert_eq!(found.verified.answers.len(), 1);
    assert_eq!((found.verified.at.block, found.is_pinned), (world.chain.number().0, false));
    let pinned = Trusted { block_hash: Some(found.block_hash), head: None };
    assert!(parsed.verify(&content, &pinned).expect("holds").is_pinned);
    let elsewhere = Trusted { block_hash: Some(Hash([1; 32])), head: None };
    assert_eq!(code(parsed.verify(&content, &elsewhere)), "SDK-0008");
    assert_eq!(code(parsed.verify(&Content::of_bytes(b"Once upon a time"), &Trusted::default())), "PRV-0006");
}

#[tokio::test]
async fn a_key_that_was_rotated_out_signs_nothing_any_more_and_what_it_signed_before_stands() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let sealed = signed(&world, &alice, None).await;
    let before = file(&mut world, &sealed).await;
    // The key that the first identity committed to.
    let next = IdentityKey::new(alice.id(), world.network, 2, &Secret::new([3; 32]));
    let after = IdentityKey::new(alice.id(), world.network, 3, &Secret::new([9; 32])).public_key();
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    world.run(rotate(&record, point, (&alice, &next), after).expect("sound"));
    let content = Content::of_bytes(TEXT);
    assert_eq!(code(verify(&mut world.state().await, &sealed, &content).await), "PRV-0010");
    let place = world.stored(&sealed);
    let late = ProvenanceFile::new(&mut world.state().await, &sealed, &content, &place).await;
    assert_eq!(code(late), "PRV-0010");
    before.verify(&content, &Trusted::default()).expect("it was signed before");
}

#[tokio::test]
async fn an_old_state_is_not_taken_for_the_one_when_it_was_stored() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let sealed = signed(&world, &alice, None).await;
    let mut old = world.state().await;
    world.advance(2);
    let place = world.stored(&sealed);
    let backdated = ProvenanceFile::new(&mut old, &sealed, &Content::of_bytes(TEXT), &place).await;
    assert_eq!(code(backdated), "SDK-0008");
}

#[tokio::test]
async fn an_agent_signs_within_its_grant_and_not_beyond() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let agent = world.identity(Kind::Agent, Some(&alice));
    let may = "do content/sign on content:text/* irreversible";
    let grant = granted(&mut world, &alice, &agent, may).await;
    let name = InNameOf { author: alice.id(), grant };
    let sealed = signed(&world, &agent, Some(name)).await;
    let found = file(&mut world, &sealed).await;
    let found = found.verify(&Content::of_bytes(TEXT), &Trusted::default()).expect("holds");
    assert_eq!((found.verified.signer, found.verified.chain), (agent.id(), vec![grant]));
    assert_eq!(found.verified.answers[0].id, alice.id());

    let content = Content::of_bytes(TEXT);
    for beyond in ["do content/sign on content:image/* irreversible", "do content/sign on content:text/*"] {
        let grant = granted(&mut world, &alice, &agent, beyond).await;
        let sealed = signed(&world, &agent, Some(InNameOf { author: alice.id(), grant })).await;
        assert_eq!(code(verify(&mut world.state().await, &sealed, &content).await), "PRV-0016", "{beyond}");
    }
    let unknown = InNameOf { author: alice.id(), grant: GrantId([9; 32]) };
    let sealed = signed(&world, &agent, Some(unknown)).await;
    assert_eq!(code(verify(&mut world.state().await, &sealed, &content).await), "PRV-0014");
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    world.run(revoke(&record, point, grant, Vec::new(), &alice).expect("signed"));
    let sealed = signed(&world, &agent, Some(name)).await;
    assert_eq!(code(verify(&mut world.state().await, &sealed, &content).await), "PRV-0016");
}

#[tokio::test]
async fn nobody_signs_for_the_future_or_for_another_network() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let content = Content::of_bytes(TEXT);
    let now = world.state().await.point().time.0;
    let sealed = sign(&alice, &content, &claim(), None, Time(now + 301)).expect("signed");
    assert_eq!(code(verify(&mut world.state().await, &sealed, &content).await), "PRV-0007");
    let elsewhere = World::new();
    let keys = FreshKeys::generate().expect("random");
    let stranger = keys.key(alice.id(), autoid_core::Genesis([7; 32]));
    let sealed = sign(&stranger, &content, &claim(), None, Time(now)).expect("signed");
    assert_eq!(code(verify(&mut elsewhere.state().await, &sealed, &content).await), "PRV-0005");
    let own = Claim { parents: vec![content.hash], ..claim() };
    assert_eq!(code(sign(&alice, &content, &own, None, Time(now))), "PRV-0002");
}

/// One file for all cases.
static FILE: LazyLock<String> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut world = World::new();
        let alice = world.identity(Kind::Human, None);
        let sealed = signed(&world, &alice, None).await;
        file(&mut world, &sealed).await.to_text()
    })
});

fn check(text: &str) -> Result<BlockNumber, auto_sdk::SdkError> {
    Ok(ProvenanceFile::parse(text)?.verify(&Content::of_bytes(TEXT), &Trusted::default())?.stored)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn one_changed_byte_of_the_file_is_found_out(place in any::<prop::sample::Index>(), other in 1u8..128) {
        check(&FILE).expect("unchanged it holds");
        let mut bytes = FILE.as_bytes().to_vec();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != other);
        bytes[place] = other;
        prop_assert!(check(&String::from_utf8(bytes).expect("ASCII")).is_err());
    }

    #[test]
    fn no_file_of_anybody_panics(text in ".{0,400}") {
        let _ = check(&text);
    }
}
