//! Identities from their beginning to their end.

use crate::world::{World, code};
use auto_core::{DomainId, ErrorCode as _};
use auto_sdk::identity::{
    Founding, FreshKeys, IdentityKey, alias_of, commit_alias, finish_recovery, guardians, operate, resolve,
    reveal_alias, rotate, start_recovery,
};
use auto_sdk::{IdentityFile, IdentityName, KdfCost, KeyError, Keystore, Secret};
use autoid_core::{Action, Genesis, Kind, Reason, Service, Signer as _, Status};

const PASSWORD: &[u8] = b"a long password";

fn file(world: &World, keys: &FreshKeys, id: autoid_core::AutoId) -> IdentityFile {
    let name = IdentityName { id, network: world.network, domain: DomainId(1) };
    IdentityFile::seal(name, keys, PASSWORD, KdfCost::MIN).expect("sealed")
}

#[tokio::test]
async fn keys_rotate_through_the_keystore_and_the_old_one_is_worth_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = Keystore::new(folder.path());
    let mut world = World::new();
    let keys = world.keys();
    let founded = Founding::of(Kind::Human).begin(world.network, &keys, None).expect("sound");
    keystore.add_identity("alice", &file(&world, &keys, founded.id)).expect("added");
    world.run(founded.call);
    let old = world.record(&founded.id).await;

    let mut state = world.state().await;
    assert_eq!(resolve(&mut state, Some(&keystore), "alice").await.expect("kept"), founded.id);
    let mut kept = keystore.read_identity("alice").expect("kept");
    let after = kept.prepare_rotation(&old.keys, PASSWORD, KdfCost::MIN).expect("prepared");
    // A crash between the two steps loses nothing: the key after the next is drawn once.
    assert_eq!(kept.prepare_rotation(&old.keys, PASSWORD, KdfCost::MIN).expect("prepared"), after);
    keystore.update_identity("alice", &kept).expect("written");
    let kept = keystore.read_identity("alice").expect("kept");
    let current = kept.open(&old.keys, PASSWORD).expect("opens");
    let next = kept.open_next(&old.keys, PASSWORD).expect("opens");
    world.run(rotate(&old, state.point(), (&current, &next), after).expect("sound"));

    let new = world.record(&founded.id).await;
    assert_eq!((new.seq, new.keys.keys[0].kid), (1, 2));
    let mut kept = keystore.read_identity("alice").expect("kept");
    assert_eq!(kept.open(&new.keys, PASSWORD).expect("opens").public_key(), next.public_key());
    assert!(kept.settle(&new.keys).expect("in force") && !kept.settle(&new.keys).expect("in force"));
    keystore.update_identity("alice", &kept).expect("written");
    assert_eq!(kept.open(&old.keys, PASSWORD).expect_err("forgotten").code(), "KEY-0018");
    assert_eq!(kept.open_next(&new.keys, PASSWORD).expect("kept").public_key(), after);
    let point = world.state().await.point();
    let stale = operate(&new, point, Action::BumpEpoch, &[&current]).expect("signed");
    assert_eq!(world.try_run(vec![stale]).expect_err("refused"), "AID-0014");
    let key = kept.open(&new.keys, PASSWORD).expect("opens");
    world.run(operate(&new, point, Action::BumpEpoch, &[&key]).expect("signed"));
    assert_eq!(world.record(&founded.id).await.grant_epoch, 1);
}

#[test]
fn a_file_of_an_identity_is_sealed_strict_and_bound_to_its_identity() {
    let keys = FreshKeys::of(Secret::new([1; 32]), Secret::new([2; 32]));
    let name =
        IdentityName { id: autoid_core::AutoId([7; 32]), network: Genesis([8; 32]), domain: DomainId(1) };
    let sealed = IdentityFile::seal(name, &keys, PASSWORD, KdfCost::MIN).expect("sealed");
    let text = sealed.to_text();
    assert!(text.len() <= 4096 && !text.contains(&"01".repeat(32)));
    assert_eq!(IdentityFile::parse(&text).expect("its own text"), sealed);
    let secrets = sealed.secrets(PASSWORD).expect("opens");
    assert_eq!(secrets.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2]);
    assert!(matches!(sealed.secrets(b"another"), Err(KeyError::WrongPassword)));
    // A key in another identity's file, on another network, in another place, or for another key.
    let other = autoid_core::AutoId([6; 32]).to_string();
    for (from, to) in [
        (name.id.to_string(), other),
        ("08".repeat(32), "09".repeat(32)),
        ("\"domain\": 1".to_owned(), "\"domain\": 2".to_owned()),
    ] {
        let moved = IdentityFile::parse(&text.replace(&from, &to)).expect("well formed");
        assert!(matches!(moved.secrets(PASSWORD), Err(KeyError::WrongPassword)), "{from}");
    }
    let swapped = text.replace("\"number\": 1", "\"number\": 3");
    assert!(matches!(IdentityFile::parse(&swapped), Err(KeyError::Malformed { .. })));
    for bad in ["", "{}", &text.replace("\"version\": 1", "\"version\": 2"), &text[1..]] {
        assert!(IdentityFile::parse(bad).is_err());
    }
    let shown = format!("{keys:?} {:?}", keys.key(name.id, name.network));
    assert!(!shown.contains("01010101") && !shown.contains("1, 1, 1"));
}

#[test]
fn names_of_identities_are_their_own_and_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = Keystore::new(folder.path());
    let keys = FreshKeys::of(Secret::new([1; 32]), Secret::new([2; 32]));
    let of = |id: u8| IdentityName {
        id: autoid_core::AutoId([id; 32]),
        network: Genesis([8; 32]),
        domain: DomainId(1),
    };
    let seal = |id| IdentityFile::seal(of(id), &keys, PASSWORD, KdfCost::MIN).expect("sealed");
    keystore.add("alice", &Secret::new([3; 32]), PASSWORD, KdfCost::MIN).expect("an account");
    keystore.add_identity("alice", &seal(1)).expect("an identity of the same name");
    assert_eq!(keystore.identity_names().expect("readable"), ["alice"]);
    assert_eq!(keystore.names().expect("readable"), ["alice"]);
    assert_eq!(keystore.add_identity("alice", &seal(2)).expect_err("taken").code(), "KEY-0017");
    assert_eq!(keystore.update_identity("alice", &seal(2)).expect_err("another").code(), "KEY-0017");
    assert_eq!(keystore.read_identity("bob").expect_err("unknown").code(), "KEY-0016");
    assert_eq!(keystore.add_identity("../x", &seal(1)).expect_err("no name").code(), "KEY-0009");
    assert_eq!(keystore.name_of_identity(&of(1).id).expect("readable").as_deref(), Some("alice"));
    keystore.remove_identity("alice").expect("removed");
    assert_eq!(keystore.name_of_identity(&of(1).id).expect("readable"), None);
}

#[tokio::test]
async fn issuers_endorse_and_a_parent_suspends_resumes_and_revokes() {
    let mut world = World::new();
    let person = world.identity(Kind::Human, None);
    let [one, two, three] = [(); 3].map(|()| world.identity(Kind::Org, None));
    let keys = world.keys();
    let founding = Founding::of(Kind::Agent).endorsed_by(vec![one.id(), two.id(), three.id()], 2);
    let founded = founding.begin(world.network, &keys, Some(&person)).expect("sound");
    world.run(founded.call);
    let agent = keys.key(founded.id, world.network);
    for issuer in [&three, &one] {
        let record = world.record(&agent.id()).await;
        assert_eq!(record.status, Status::Pending);
        let point = world.state().await.point();
        world.run(operate(&record, point, Action::Endorse, &[issuer]).expect("signed"));
    }
    for (action, by, status) in [
        (Action::Suspend { reason: Reason::PrivilegeWithdrawn }, &person, Status::Suspended),
        (Action::Resume, &person, Status::Active),
        (Action::Revoke { reason: Reason::KeyCompromise, guardians: None }, &person, Status::Revoked),
    ] {
        let (record, point) = (world.record(&agent.id()).await, world.state().await.point());
        world.run(operate(&record, point, action, &[by]).expect("signed"));
        assert_eq!(world.record(&agent.id()).await.status, status);
    }
    let none = Founding { issuers: vec![one.id()], ..Founding::of(Kind::Agent) };
    assert_eq!(code(none.begin(world.network, &keys, None)), "AID-0042");
}

#[tokio::test]
async fn guardians_recover_an_identity_unless_its_key_vetoes() {
    let mut world = World::new();
    let [one, two] = [(); 2].map(|()| world.identity(Kind::Human, None));
    let mut alice = world.identity(Kind::Human, None);
    let by = guardians(vec![one.id(), two.id()], 2).expect("drawn");
    let record = world.record(&alice.id()).await;
    let point = world.state().await.point();
    let set = Action::SetRecovery { guardians: Some(by.commitment()) };
    world.run(operate(&record, point, set, &[&alice]).expect("signed"));

    for vetoed in [true, false] {
        let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
        let fresh = FreshKeys::after(&record.keys).expect("drawn");
        let start = start_recovery(&record, point, by.clone(), &fresh, &[&one, &two]).expect("signed");
        world.run(start);
        let new = fresh.key(alice.id(), world.network);
        let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
        assert_eq!(code(finish_recovery(&record, point, &new)), "AID-0053");
        if vetoed {
            world.run(operate(&record, point, Action::VetoRecovery, &[&alice]).expect("signed"));
            let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
            assert_eq!(code(finish_recovery(&record, point, &new)), "AID-0052");
            continue;
        }
        world.advance(3);
        let point = world.state().await.point();
        world.run(finish_recovery(&record, point, &new).expect("signed"));
        alice = new;
    }
    let record = world.record(&alice.id()).await;
    assert_eq!(record.keys.keys[0].key, alice.public_key());
    let others = guardians(vec![one.id()], 1).expect("drawn");
    let fresh = FreshKeys::after(&record.keys).expect("drawn");
    let point = world.state().await.point();
    assert!(start_recovery(&record, point, others, &fresh, &[&one]).is_err());
}

#[tokio::test]
async fn an_alias_is_committed_to_and_then_revealed() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    world.run(commit_alias("alice-of-kyiv", &alice).expect("an alias"));
    world.advance(2);
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    world.run(reveal_alias(&record, point, "alice-of-kyiv", &alice).expect("an alias"));
    let mut state = world.state().await;
    assert_eq!(resolve(&mut state, None, "alice-of-kyiv").await.expect("known"), alice.id());
    assert_eq!(code(resolve(&mut state, None, "a1ice-of-kyiv").await), "SDK-0005");
    let name = alias_of(&mut state, &alice.id()).await.expect("readable").expect("has one");
    assert_eq!(name.as_str(), "alice-of-kyiv");
    assert_eq!(code(commit_alias("Alice!", &alice)), "SDK-0017");
    let (record, point) = (world.record(&alice.id()).await, state.point());
    world.run(operate(&record, point, Action::ReleaseAlias, &[&alice]).expect("signed"));
    assert_eq!(alias_of(&mut world.state().await, &alice.id()).await.expect("readable"), None);
}

#[tokio::test]
async fn a_key_signs_for_its_own_network_only() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let foreign = IdentityKey::new(alice.id(), Genesis([3; 32]), 1, &Secret::new([9; 32]));
    let keys = world.keys();
    assert_eq!(code(Founding::of(Kind::Agent).begin(world.network, &keys, Some(&foreign))), "AID-0005");
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    assert_eq!(code(operate(&record, point, Action::BumpEpoch, &[&alice, &foreign])), "AID-0005");
    let services = vec![Service {
        name: "a2a".to_owned(),
        kind: "A2A".to_owned(),
        endpoint: "https://alice.example/a2a".to_owned(),
    }];
    world.run(operate(&record, point, Action::SetServices { services }, &[&alice]).expect("signed"));
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    assert_eq!(record.services.len(), 1);
    world.run(operate(&record, point, Action::Deactivate, &[&alice]).expect("signed"));
    assert_eq!(world.record(&alice.id()).await.status, Status::Tombstone);
    assert_eq!(code(operate(&record, point, Action::Resume, &[])), "AID-0014");
}
