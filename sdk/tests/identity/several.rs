//! Operations that several sign on machines of their own, and the files of guardians.

use crate::world::{World, code};
use auto_core::DomainId;
use auto_sdk::identity::{
    Founding, FreshKeys, GuardiansFile, IdentityKey, OperationFile, Side, finish_recovery, guardians,
    operate, recovery_start, tell, unsigned,
};
use auto_sdk::{IdentityFile, IdentityName, KdfCost, Keystore};
use autoid_core::{Action, AutoId, Guardians, Kind, Reason, Status};

/// An operation on an identity that nobody signed yet, as a file.
async fn begun(world: &World, id: &AutoId, action: Action) -> OperationFile {
    let (record, state) = (world.record(id).await, world.state().await);
    let operation = unsigned(&record, state.number().0 + 50, action, Side::Others).expect("sound");
    OperationFile::new(world.network, state.domain(), operation).expect("carried by itself")
}

/// The file as the next machine reads it.
fn passed_on(file: &OperationFile) -> OperationFile {
    let read = OperationFile::parse(&file.to_text()).expect("reads back");
    assert_eq!(read, *file);
    read
}

async fn guarded(world: &mut World) -> (IdentityKey, [IdentityKey; 3], Guardians) {
    let members = [(); 3].map(|()| world.identity(Kind::Human, None));
    let alice = world.identity(Kind::Human, None);
    let set = guardians(members.iter().map(IdentityKey::id).collect(), 2).expect("reachable");
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    let action = Action::SetRecovery { guardians: Some(set.commitment()) };
    world.run(operate(&record, point, action, &[&alice]).expect("signed"));
    (alice, members, set)
}

#[tokio::test]
async fn guardians_on_their_own_machines_recover_an_identity() {
    let mut world = World::new();
    let (alice, [one, two, _], set) = guarded(&mut world).await;
    let record = world.record(&alice.id()).await;
    let fresh = FreshKeys::after(&record.keys).expect("drawn");
    let start = recovery_start(&record, set, &fresh).expect("the guardians");
    let file = begun(&world, &alice.id(), start).await;
    assert_eq!(code(file.clone().call()), "AID-0014");

    let file = passed_on(&file).signed(&one).expect("signs");
    let few = file.clone().call().expect("signed by one");
    assert_eq!(world.try_run(vec![few]).expect_err("one of two"), "AID-0051");
    assert_eq!(code(file.clone().signed(&one)), "SDK-0030");
    let file = passed_on(&file).signed(&two).expect("signs");
    file.check(&mut world.state().await).await.expect("both hold");
    assert_eq!(file.signers().count(), 2);
    world.run(file.clone().call().expect("signed"));
    // Its turn is over, so nobody carries it out twice.
    assert_eq!(code(file.check(&mut world.state().await).await), "AID-0045");

    world.advance(3);
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    let new = fresh.key(alice.id(), world.network);
    world.run(finish_recovery(&record, point, &new).expect("the delay is over"));
    assert_eq!(world.record(&alice.id()).await.keys.keys[0].kid, new.number());
}

#[tokio::test]
async fn enough_issuers_suspend_together_and_one_does_not() {
    let mut world = World::new();
    let [one, two] = [(); 2].map(|()| world.identity(Kind::Org, None));
    let keys = world.keys();
    let founding = Founding::of(Kind::Agent).endorsed_by(vec![one.id(), two.id()], 2);
    let founded = founding.begin(world.network, &keys, None).expect("sound");
    world.run(founded.call);
    for issuer in [&one, &two] {
        let (record, point) = (world.record(&founded.id).await, world.state().await.point());
        world.run(operate(&record, point, Action::Endorse, &[issuer]).expect("signed"));
    }
    assert_eq!(world.record(&founded.id).await.status, Status::Active);
    let file = begun(&world, &founded.id, Action::Suspend { reason: Reason::KeyCompromise }).await;
    let file = file.signed(&one).expect("signs");
    assert_eq!(world.try_run(vec![file.clone().call().expect("signed")]).expect_err("one"), "AID-0054");
    world.run(file.signed(&two).expect("signs").call().expect("signed"));
    assert_eq!(world.record(&founded.id).await.status, Status::Suspended);
}

#[tokio::test]
async fn a_file_takes_no_strangers_and_no_false_signatures() {
    let mut world = World::new();
    let (alice, [one, two, _], set) = guarded(&mut world).await;
    let record = world.record(&alice.id()).await;
    let fresh = FreshKeys::after(&record.keys).expect("drawn");
    let file = begun(&world, &alice.id(), recovery_start(&record, set, &fresh).expect("guardians")).await;
    let mut state = world.state().await;
    file.admit(&mut state, &one.id()).await.expect("a guardian");
    assert_eq!(code(file.admit(&mut state, &alice.id()).await), "AID-0013");
    let stop = begun(&world, &alice.id(), Action::Suspend { reason: Reason::Unspecified }).await;
    assert_eq!(code(stop.admit(&mut state, &one.id()).await), "AID-0013");

    // A signature of one key under the name of another.
    let foreign = IdentityKey::new(one.id(), world.network, one.number(), &auto_sdk::Secret::new([77; 32]));
    let forged = file.clone().signed(&foreign).expect("made");
    assert_eq!(code(forged.check(&mut state).await), "AID-0009");
    let elsewhere =
        IdentityKey::new(two.id(), autoid_core::Genesis([3; 32]), 1, &auto_sdk::Secret::new([1; 32]));
    assert_eq!(code(file.clone().signed(&elsewhere)), "AID-0005");
    let other = unsigned(&record, 99, Action::Resume, Side::Others).expect("sound");
    let other = OperationFile::new(world.network, DomainId(77), other).expect("sound");
    assert_eq!(code(other.check(&mut state).await), "SDK-0030");
}

#[tokio::test]
async fn files_of_operations_are_read_strictly() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let file = begun(&world, &alice.id(), Action::Resume).await.signed(&alice).expect("signs");
    let text = file.to_text();
    passed_on(&file);
    let long = "x".repeat(100_000);
    for bad in ["", "{}", "[]", &text[1..], &text.to_uppercase(), &format!("{text} "), &long] {
        assert_eq!(code(OperationFile::parse(bad)), "SDK-0030", "{bad:.40}");
    }
    for (from, to) in
        [("\"format\": 1", "\"format\": 2"), ("\"operation\",", "\"guardians\","), ("d862", "d863")]
    {
        assert_eq!(code(OperationFile::parse(&text.replacen(from, to, 1))), "SDK-0030", "{from}");
    }
    // Every byte counts: what still reads is another file, whose signature does not hold.
    let mut state = world.state().await;
    for at in (0..text.len()).step_by(3) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let Ok(altered) = OperationFile::parse(&String::from_utf8(bytes).expect("ASCII")) else { continue };
        assert!(altered.check(&mut state).await.is_err(), "byte {at}");
    }
    let record = world.record(&alice.id()).await;
    let own = Action::AttachCertificate { certificate: [1; 32] };
    let own = unsigned(&record, 99, own, Side::Own).expect("sound");
    assert_eq!(code(OperationFile::new(world.network, DomainId(1), own)), "SDK-0030");
}

#[tokio::test]
async fn guardians_and_their_salt_are_kept_beside_the_keys() {
    let mut world = World::new();
    let (alice, members, set) = guarded(&mut world).await;
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = Keystore::new(folder.path());
    let name = IdentityName { id: alice.id(), network: world.network, domain: DomainId(1) };
    let mut file = IdentityFile::seal(name, &world.keys(), b"a password", KdfCost::MIN).expect("sealed");
    let before = file.to_text();
    assert!(!before.contains("guardians"), "a file without guardians is as it always was");
    let present = Some(set.commitment());
    file.keep_guardians(None, set.clone());
    // New ones beside the old ones, until the chain says which count.
    let newer = guardians(vec![members[0].id()], 1).expect("reachable");
    file.keep_guardians(present, newer.clone());
    keystore.add_identity("alice", &file).expect("written");
    let mut read = keystore.read_identity("alice").expect("kept");
    assert_eq!(read, file);
    assert_eq!(read.guardians(present), Some(&set));
    assert_eq!(read.guardians(Some(newer.commitment())), Some(&newer));
    assert!(read.settle_guardians(Some(newer.commitment())));
    assert_eq!((read.guardians(present), read.guardians(None)), (None, None));

    let exported = GuardiansFile::new(alice.id(), &world.network, set.clone());
    assert_eq!(GuardiansFile::parse(&exported.to_text()).expect("reads back"), exported);
    let text = exported.to_text();
    let reversed = text.replacen("\"threshold\": 2", "\"threshold\": 4", 1);
    for bad in [
        "",
        "{}",
        &reversed,
        &text.replacen("did:auto", "did:key", 1),
        &text.replacen("salt\": \"", "salt\": \"00", 1),
    ] {
        assert_eq!(code(GuardiansFile::parse(bad)), "SDK-0031", "{bad:.60}");
    }
    assert_eq!(code(guardians(vec![alice.id()], 2)), "AID-0043");
    assert_eq!(code(guardians((0..9).map(|n| AutoId([n; 32])).collect(), 2)), "AID-0043");
}

#[test]
fn an_operation_is_told_in_words_that_it_cannot_choose() {
    let id = AutoId([1; 32]);
    let alias = Action::RevealAlias { alias: "nice`\u{1b}[2J\nsigned by: you".to_owned(), salt: [0; 16] };
    let told = tell(&id, &alias, &|_| "alice".to_owned());
    assert_eq!(told.len(), 1);
    assert!(!told[0].contains('\n') && !told[0].contains('\u{1b}'), "{told:?}");
    let stop = Action::Suspend { reason: Reason::PrivilegeWithdrawn };
    assert_eq!(
        tell(&id, &stop, &|_| "alice".to_owned()),
        ["stops alice, with everything under it, because it broke a rule"]
    );
}
