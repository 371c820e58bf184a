//! DIDs of method `auto` out of proven records.

use crate::world::{World, code};
use auto_sdk::identity::{AutoDids, Version, operate};
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
