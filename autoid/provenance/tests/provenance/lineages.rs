//! What was made from what.

use crate::world::{World, refused, sign};
use auto_core::ErrorCode;
use autoid_provenance::{LINEAGE_MAX, Manifest, ProvenanceError, Sealed, lineage};
use std::collections::BTreeMap;
use std::convert::Infallible;

fn hash(number: usize) -> [u8; 32] {
    *blake3::hash(&number.to_le_bytes()).as_bytes()
}

fn made(content: usize, parents: &[usize]) -> Sealed {
    let world = World::new();
    let mut parents: Vec<_> = parents.iter().map(|parent| hash(*parent)).collect();
    parents.sort_unstable();
    sign(Manifest { content: hash(content), parents, ..world.manifest() }, &world.author, 1)
}

fn walk(of: &Sealed, known: &[Sealed]) -> Result<Vec<[u8; 32]>, ProvenanceError> {
    let known: BTreeMap<_, _> =
        known.iter().map(|sealed| (sealed.manifest().content, sealed.clone())).collect();
    let found = lineage(of, |content| Ok::<_, Infallible>(known.get(content).cloned()));
    found.map(|list| list.into_iter().map(|one| one.content).collect()).map_err(refused)
}

#[test]
fn every_ancestor_comes_once_and_before_what_was_made_from_it() {
    let known = [made(2, &[4]), made(3, &[4, 5]), made(4, &[6])];
    let found = walk(&made(1, &[2, 3]), &known).unwrap();
    let at = |number| found.iter().position(|content| *content == hash(number)).unwrap();
    assert_eq!(found.len(), 5);
    assert!(at(6) < at(4) && at(4) < at(2) && at(4) < at(3) && at(5) < at(3));
    assert!(walk(&made(1, &[]), &known).unwrap().is_empty());
}

#[test]
fn a_circle_of_parents_is_refused() {
    let known = [made(2, &[3]), made(3, &[1])];
    assert_eq!(walk(&made(1, &[2]), &known).unwrap_err(), ProvenanceError::Cycle { content: hash(1) });
    let known = [made(2, &[3]), made(3, &[2])];
    assert_eq!(walk(&made(1, &[2]), &known).unwrap_err().code(), "PRV-0017");
}

#[test]
fn a_content_is_not_its_own_parent() {
    let world = World::new();
    let manifest = Manifest { parents: vec![world.manifest().content], ..world.manifest() };
    let refused = Sealed::sign(manifest, 1, &crate::world::key("press", 0, 1)).unwrap_err();
    assert_eq!(refused.code(), "PRV-0002");
}

#[test]
fn a_walk_is_bounded_however_long_the_line() {
    let line = |length: usize| (1..length).map(|at| made(at, &[at + 1])).collect::<Vec<_>>();
    assert_eq!(walk(&made(0, &[1]), &line(LINEAGE_MAX)).unwrap().len(), LINEAGE_MAX);
    assert_eq!(walk(&made(0, &[1]), &line(LINEAGE_MAX + 1)).unwrap_err().code(), "PRV-0018");
}

#[test]
fn a_manifest_of_another_content_is_not_taken_for_a_parents() {
    let found = lineage(&made(1, &[2]), |_| Ok::<_, Infallible>(Some(made(3, &[]))));
    assert_eq!(refused(found.unwrap_err()), ProvenanceError::OtherContent);
}
