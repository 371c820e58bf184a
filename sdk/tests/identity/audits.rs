//! Audits: exported from a proven state, checked without a node, and broken by any change.

use crate::world::{World, code};
use auto_agents::Entry;
use auto_core::{Amount, ErrorCode as _, Hash};
use auto_sdk::agent::{self, Errand, Permission, act, told};
use auto_sdk::audit::{AuditFile, Trusted, export};
use auto_sdk::identity::IdentityKey;
use auto_sdk::identity::grant::{issue, revoke, store};
use autoid_core::{GrantId, Kind, Payee};
use proptest::prelude::*;
use std::sync::LazyLock;

struct Story {
    world: World,
    alice: IdentityKey,
    agent: IdentityKey,
    grant: GrantId,
    entries: Vec<Entry>,
}

impl Story {
    async fn of(acts: u32) -> Self {
        let mut world = World::new();
        let alice = world.identity(Kind::Human, None);
        let agent = world.identity(Kind::Agent, Some(&alice));
        world.run(agent::deposit(alice.id(), Amount::ai3(1_000)).expect("something"));
        let mut state = world.state().await;
        let permission: Permission = "spend<=100".parse().expect("sound");
        let terms = permission.terms(&mut state, None, 2_000).await.expect("sound");
        let signed = issue(&mut state, &alice, agent.id(), &terms, None).await.expect("signed");
        let grant = signed.id(&world.network);
        world.run(store(signed).expect("small"));
        let mut story = Self { world, alice, agent, grant, entries: Vec::new() };
        for amount in 1..=acts {
            story.pay(amount).await;
        }
        story
    }

    async fn pay(&mut self, amount: u32) {
        let to = Payee::Address(auto_testkit::address("bob").0);
        let errand = Errand::pay(Amount::ai3(amount), to).expect("sound");
        let (point, intent) = (self.world.state().await.point(), told("pay bob"));
        let done = act(&self.agent, point, vec![self.grant], &errand, &intent).expect("signed");
        let done = self.world.run(done.carried(Vec::new(), intent).expect("small"));
        self.entries.extend(World::entries(&done, &self.agent.id()));
    }

    async fn audit(&self, since: Option<u64>) -> AuditFile {
        let mut state = self.world.state().await;
        export(&mut state, self.agent.id(), self.entries.clone(), since).await.expect("in order")
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    let file = AuditFile::parse(text).map_err(|error| error.code())?;
    file.verify(&Trusted::default()).map(drop).map_err(|error| error.code())
}

#[tokio::test]
async fn an_audit_shows_acts_spending_grants_and_who_answers() {
    let story = Story::of(3).await;
    let text = story.audit(None).await.to_text();
    let file = AuditFile::parse(&text).expect("its own text");
    let hash = file.block_hash();
    let found = file.verify(&Trusted { block_hash: Some(hash), head: None }).expect("holds");
    assert!(found.is_pinned && !found.is_confirmed);
    let answerers: Vec<_> = found.findings.answerers.iter().map(|one| one.id).collect();
    assert_eq!(answerers, [story.agent.id(), story.alice.id()]);
    assert_eq!(found.findings.tally.as_ref().expect("whole").paid, Amount::ai3(6));
    assert_eq!((found.grants.len(), found.grants[0].spent), (1, Some(Amount::ai3(6))));
    assert_eq!((found.grants[0].id, &found.grants[0].refusal), (story.grant, &None));
    assert_eq!(found.point.block, story.world.chain.number().0);
    let elsewhere = Trusted { block_hash: Some(Hash([1; 32])), head: None };
    assert_eq!(code(file.verify(&elsewhere)), "SDK-0008");
}

#[tokio::test]
async fn a_part_of_a_log_is_checked_against_the_whole() {
    let story = Story::of(4).await;
    let third = story.entries[2].block;
    let file = story.audit(Some(third)).await;
    let found = file.verify(&Trusted::default()).expect("holds");
    assert_eq!((found.extract.entries.len(), found.extract.before.leaves()), (2, 2));
    assert!(found.findings.tally.is_none());
    let mut state = story.world.state().await;
    let mut fewer = story.entries.clone();
    fewer.remove(1);
    assert_eq!(code(export(&mut state, story.agent.id(), fewer, None).await), "AGT-0101");
    let later = story.entries.last().expect("some").clone();
    let mut more = story.entries.clone();
    more.push(Entry { position: 4, ..later });
    assert!(export(&mut state, story.agent.id(), more, None).await.is_ok(), "the state does not know it yet");
}

#[tokio::test]
async fn a_revoked_grant_and_a_state_that_is_too_old_are_named() {
    let mut story = Story::of(1).await;
    let (record, point) = (story.world.record(&story.alice.id()).await, story.world.state().await.point());
    story.world.run(revoke(&record, point, story.grant, Vec::new(), &story.alice).expect("signed"));
    let found = story.audit(None).await.verify(&Trusted::default()).expect("holds");
    assert_eq!(found.grants[0].refusal.as_ref().expect("revoked").code(), "AID-0114");
    let story = Story::of(1).await;
    let head = Some(story.world.chain.number().0 + 101);
    let found = story.audit(None).await.verify(&Trusted { block_hash: None, head }).expect("holds");
    assert_eq!(found.grants[0].refusal.as_ref().expect("stale").code(), "AID-0117");
}

/// One audit for all cases.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async { Story::of(3).await.audit(Some(0)).await.to_text() })
});

#[test]
fn one_changed_byte_of_any_field_is_found_out() {
    let text = TEXT.as_str();
    assert_eq!(check(text), Ok(()));
    // Every kind of place: each field's name and value, at its begin, middle and end, and what is between.
    let mut places = vec![0, text.len() - 1];
    for field in [
        "format",
        "kind",
        "agent",
        "genesis",
        "domain",
        "block_hash",
        "header",
        "anchor",
        "receipt",
        "witness",
        "extract",
        "grants",
    ] {
        let name = text.find(&format!("\"{field}\"")).expect("there");
        let end = text[name..].find('\n').map_or(text.len() - 1, |end| name + end);
        places.extend([name - 1, name, name + 1, (name + end) / 2, end - 3, end - 2, end - 1, end]);
        let value = name + field.len() + 4;
        places.extend(value..(value + 40).min(end));
    }
    for place in places {
        for other in [b'0', b'1', b'a', b'f', b' ', b'\n', b'"'] {
            let mut bytes = text.as_bytes().to_vec();
            if bytes[place] == other {
                continue;
            }
            bytes[place] = other;
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert!(
                check(&changed).is_err(),
                "place {place}: {}",
                &changed[place.saturating_sub(20)..=place]
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn one_changed_byte_anywhere_is_found_out(place in any::<prop::sample::Index>(), other in 1u8..128) {
        let text = TEXT.as_str();
        let place = place.index(text.len());
        let mut bytes = text.as_bytes().to_vec();
        prop_assume!(bytes[place] != other);
        bytes[place] = other;
        let changed = String::from_utf8(bytes).expect("ASCII");
        prop_assert!(check(&changed).is_err());
    }

    #[test]
    fn no_file_of_anybody_panics(text in ".{0,400}") {
        let _ = check(&text);
    }
}
