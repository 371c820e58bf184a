//! The one encoding of a signed manifest.

use crate::world::{NETWORK, TEXT, World, key};
use auto_core::ErrorCode;
use autoid_core::cbor::Canonical as _;
use autoid_core::{AutoId, GrantId, Time};
use autoid_provenance::{Acting, Content, MAGIC, MANIFEST_BYTES_MAX, Manifest, PARENTS_MAX, Sealed, verify};
use proptest::collection::btree_set;
use proptest::option;
use proptest::prelude::*;
use std::sync::LazyLock;

fn code(bytes: &[u8]) -> &'static str {
    Sealed::from_bytes(bytes).err().map_or("ok", |error| error.code())
}

#[test]
fn the_largest_manifest_fits() {
    let longest = |text: &str, length: usize| text.chars().cycle().take(length).collect::<String>();
    let manifest = Manifest {
        size: u64::MAX,
        media_type: longest("text/a", 127).replace("/atext", "-atext").parse().unwrap(),
        acting: Some(Acting { agent: AutoId([9; 32]), grant: GrantId([8; 32]) }),
        parents: (0..16).map(|at| [at; 32]).collect(),
        licence: Some(longest("M", 64).parse().unwrap()),
        made_at: Time(u64::MAX),
        ..World::new().manifest()
    };
    assert_eq!(manifest.parents.len(), PARENTS_MAX);
    assert!(manifest.to_cbor().len() <= MANIFEST_BYTES_MAX);
    let sealed = Sealed::sign(manifest, u32::MAX, &key("anyone", 0, 0)).unwrap();
    assert_eq!(Sealed::from_bytes(&sealed.to_bytes()).unwrap(), sealed);
}

/// The frozen bytes of a manifest; a test never writes them.
const VECTOR: &str = include_str!("../vectors/manifest.hex");

#[test]
fn the_format_is_the_frozen_one() {
    let manifest = Manifest {
        acting: Some(Acting { agent: AutoId([3; 32]), grant: GrantId([4; 32]) }),
        author: AutoId([2; 32]),
        parents: vec![[5; 32], [6; 32]],
        ..World::new().manifest()
    };
    let bytes = Sealed::sign(manifest, 7, &key("vector", 0, 0)).unwrap().to_bytes();
    let found: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found, VECTOR.split_whitespace().collect::<String>());
}

#[test]
fn other_objects_are_no_manifests() {
    for other in [&b""[..], b"auto/manifest/v1", b"hello", b"auto/manifest/v2\0", MAGIC] {
        assert!(Sealed::from_bytes(other).is_err());
    }
    assert_eq!((code(b"hello"), code(MAGIC)), ("PRV-0001", "PRV-0002"));
}

#[test]
fn bytes_that_are_not_canonical_are_refused() {
    let world = World::new();
    let bytes = world.sealed().to_bytes();
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(
        (code(&bytes), code(&longer), code(&bytes[..bytes.len() - 1])),
        ("ok", "PRV-0002", "PRV-0002")
    );
    // A count of three in one byte more than it takes, inside the signed body.
    let body = Manifest { size: 3, ..world.manifest() };
    let good = Sealed::sign(body, 1, &key("press", 0, 1)).unwrap().to_bytes();
    let at = good.windows(3).position(|part| part == [3, 3, 4]).unwrap();
    let mut stretched = good.clone();
    stretched.splice(at + 1..at + 2, [0x18, 3]);
    assert_eq!(code(&stretched), "PRV-0002");
    // Parents out of order, and twice.
    for parents in [vec![[2; 32], [1; 32]], vec![[1; 32], [1; 32]], (0..17).map(|at| [at; 32]).collect()] {
        let manifest = Manifest { parents, ..world.manifest() };
        assert_eq!(Sealed::sign(manifest, 1, &key("press", 0, 1)).unwrap_err().code(), "PRV-0002");
    }
}

#[test]
fn an_author_is_not_its_own_agent() {
    let world = World::new();
    let acting = Some(Acting { agent: world.author.id, grant: GrantId([1; 32]) });
    let manifest = Manifest { acting, ..world.manifest() };
    assert_eq!(Sealed::sign(manifest, 1, &key("press", 0, 1)).unwrap_err().code(), "PRV-0002");
}

static WORLD: LazyLock<World> = LazyLock::new(World::new);

fn manifests() -> impl Strategy<Value = Manifest> {
    let media_type = "[a-z0-9][a-z0-9+.-]{0,20}[a-z0-9]/[a-z0-9][a-z0-9+.-]{0,20}[a-z0-9]";
    let licence = "(MIT|GPL-2[.]0[+]|[(]MIT OR CC0-1[.]0[)])( (AND|OR) (Apache-2[.]0|LicenseRef-x))?";
    let acting = option::of((any::<[u8; 32]>(), any::<[u8; 32]>()));
    let parents = btree_set(any::<[u8; 32]>(), 0..=PARENTS_MAX);
    (any::<u64>(), media_type, acting, parents, option::of(licence), any::<u64>()).prop_map(
        |(size, media_type, acting, parents, licence, made_at)| Manifest {
            size,
            media_type: media_type.parse().unwrap(),
            acting: acting.map(|(agent, grant)| Acting { agent: AutoId(agent), grant: GrantId(grant) }),
            parents: parents.into_iter().collect(),
            licence: licence.map(|licence| licence.parse().unwrap()),
            made_at: Time(made_at),
            ..WORLD.manifest()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_encoded_decodes_to_the_same(manifest in manifests()) {
        let sealed = Sealed::sign(manifest.clone(), 1, &key("press", 0, 1)).unwrap();
        let again = Sealed::from_bytes(&sealed.to_bytes()).unwrap();
        prop_assert_eq!(again.manifest(), &manifest);
        prop_assert_eq!((again.to_bytes(), again.id()), (sealed.to_bytes(), sealed.id()));
    }

    #[test]
    fn the_verdict_is_the_same_after_encoding(manifest in manifests()) {
        let world = &*WORLD;
        let content = Content { size: manifest.size, ..Content::of_bytes(TEXT) };
        let manifest = Manifest { acting: None, ..manifest };
        let sealed = Sealed::sign(manifest, 1, &key("press", 0, 1)).unwrap();
        let again = Sealed::from_bytes(&sealed.to_bytes()).unwrap();
        let verdict = |sealed: &Sealed| verify(sealed, &content, &[], world, &NETWORK);
        prop_assert_eq!(verdict(&sealed), verdict(&again));
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused(bit in 0_usize..8, at in any::<prop::sample::Index>()) {
        let mut bytes = WORLD.sealed().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let verdict = Sealed::from_bytes(&bytes).map(|sealed| WORLD.verify(&sealed, &[]));
        prop_assert!(!matches!(verdict, Ok(Ok(_))));
    }
}
