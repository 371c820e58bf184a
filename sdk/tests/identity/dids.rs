//! DIDs of method `auto` out of proven records.

use crate::world::{World, code};
use auto_sdk::identity::{AutoDids, ResolutionFile, Version, operate};
use autoid_core::{Action, AutoId, Genesis, Kind, Service, Time};
use autoid_credentials::did::{Nobody, Resolver};

fn service(name: &str) -> Action {
    let endpoint = format!("https://{name}.example/");
    Action::SetServices {
        services: vec![Service { name: name.to_owned(), kind: "HTTP".to_owned(), endpoint }],
    }
}

#[tokio::test]
async fn a_resolver_finds_documents_of_this_network_and_no_other() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let resolver = Resolver { web: Nobody, auto: AutoDids::new(world.book()) };
    let did = alice.id().did(&world.network).to_string();
    let document = resolver.resolve(&did.parse().expect("a DID")).await.expect("resolves");
    assert!(format!("{document:?}").contains("key-1"));
    for other in [
        alice.id().did(&Genesis([1; 32])).to_string(),
        AutoId([9; 32]).did(&world.network).to_string(),
        "did:auto:xyz".to_owned(),
    ] {
        assert!(resolver.resolve(&other.parse().expect("a DID")).await.is_err(), "{other}");
    }
}

#[tokio::test]
async fn older_versions_are_found_by_number_and_by_time() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let mut times = vec![world.state().await.point().time];
    for name in ["one", "two", "three"] {
        world.advance(2);
        let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
        world.run(operate(&record, point, service(name), &[&alice]).expect("signed"));
        times.push(world.state().await.point().time);
    }
    world.advance(1);
    let dids = AutoDids::new(world.book());
    for (version, name) in [(1, "one"), (2, "two"), (3, "three")] {
        for wanted in [Version::Id(version), Version::Time(times[usize::try_from(version).expect("few")])] {
            let found = dids.resolve(&alice.id(), wanted).await.expect("kept");
            assert_eq!(found.record.version(), version, "{wanted:?}");
            assert!(found.document.contains(&format!("https://{name}.example/")), "{wanted:?}");
        }
    }
    let newest = dids.resolve(&alice.id(), Version::Newest).await.expect("kept");
    assert_eq!((newest.record.version(), newest.state.number().0), (3, world.chain.number().0));
    assert_eq!(code(dids.resolve(&alice.id(), Version::Id(4)).await.map(|_| ())), "SDK-0005");
    assert_eq!(code(dids.resolve(&alice.id(), Version::Time(Time(5))).await.map(|_| ())), "SDK-0005");
    assert_eq!(code(dids.resolve(&AutoId([9; 32]), Version::Newest).await.map(|_| ())), "AID-0030");
}

#[tokio::test]
async fn what_a_node_has_forgotten_is_told_and_what_it_keeps_is_found() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let mut times = vec![world.state().await.point().time];
    for name in ["one", "two", "three", "four"] {
        world.advance(2);
        let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
        world.run(operate(&record, point, service(name), &[&alice]).expect("signed"));
        times.push(world.state().await.point().time);
    }
    let mut book = world.book();
    // Only the versions three and four are kept.
    book.oldest = world.chain.number().0 - 4;
    let dids = AutoDids::new(book);
    for (version, name) in [(3, "three"), (4, "four")] {
        let found = dids.resolve(&alice.id(), Version::Id(version)).await.expect("kept");
        assert!(found.document.contains(&format!("https://{name}.example/")), "{version}");
    }
    for version in [Version::Id(1), Version::Time(times[0]), Version::Time(Time(5))] {
        assert_eq!(code(dids.resolve(&alice.id(), version).await.map(|_| ())), "SDK-0032", "{version:?}");
    }
    assert_eq!(code(dids.resolve(&alice.id(), Version::Id(5)).await.map(|_| ())), "SDK-0005");
}

#[tokio::test]
async fn a_document_is_proven_offline_and_a_changed_byte_is_found() {
    let mut world = World::new();
    let alice = world.identity(Kind::Human, None);
    let (record, point) = (world.record(&alice.id()).await, world.state().await.point());
    world.run(operate(&record, point, service("one"), &[&alice]).expect("signed"));
    let dids = AutoDids::new(world.book());
    let mut resolved = dids.resolve(&alice.id(), Version::Id(1)).await.expect("kept");
    let text = resolved.proof().await.expect("vouched for").to_text();
    let proven = ResolutionFile::parse(&text).expect("reads").verify(None).expect("holds");
    assert_eq!((&proven.document, &proven.metadata), (&resolved.document, &resolved.metadata));
    assert_eq!(proven.did.id, alice.id());
    let file = ResolutionFile::parse(&text).expect("reads");
    file.verify(Some(proven.block_hash)).expect("the block that is trusted");
    assert_eq!(code(file.verify(Some(auto_core::Hash([1; 32])))), "SDK-0008");
    for at in (0..text.len()).step_by(5) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let altered = String::from_utf8(bytes).expect("ASCII");
        let pinned = Some(proven.block_hash);
        let held = ResolutionFile::parse(&altered).and_then(|file| file.verify(pinned));
        assert!(held.is_err() || altered == text, "byte {at}");
    }
}
