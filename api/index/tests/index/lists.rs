//! Lists by key.

use crate::chain::{Chain, at, id, newest};
use auto_core::{BlockNumber, Hash};
use auto_index::{Cursor, GrantsOf, Index};
use autoid_core::AutoId;

#[test]
fn grants_are_listed_from_every_side() {
    let index = Index::in_memory().unwrap();
    let mut chain = Chain::new();
    let root = chain.grant(1, (id(1), id(2)), None);
    let child = chain.grant(2, (id(2), id(3)), Some(root));
    chain.end_block(&index).unwrap();
    let ids = |of| {
        let page = index.grants(newest(), of, None, 10).unwrap();
        page.rows.into_iter().map(|(_, row)| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(GrantsOf::Issuer(id(1))), [root]);
    assert_eq!(ids(GrantsOf::Holder(id(3))), [child]);
    assert_eq!(ids(GrantsOf::Owner(id(2))), [child]);
    assert_eq!(ids(GrantsOf::Parent(root)), [child]);
    assert!(ids(GrantsOf::Parent(child)).is_empty());
    let row = index.grant(newest(), &child).unwrap().unwrap();
    assert_eq!(
        (row.grant.body().iss, row.since, row.revoked, row.pruned),
        (id(2), BlockNumber(1), None, None)
    );
}

#[test]
fn a_grant_that_ended_is_still_there_with_when_and_how() {
    let index = Index::in_memory().unwrap();
    let mut chain = Chain::new();
    let grant = chain.grant(1, (id(1), id(2)), None);
    chain.end_block(&index).unwrap();
    chain.revoke(grant, id(1));
    chain.end_block(&index).unwrap();
    chain.revoke(grant, id(1));
    chain.prune(grant);
    chain.end_block(&index).unwrap();
    let ends = |at| {
        let row = index.grant(at, &grant).unwrap().unwrap();
        (row.revoked.map(|at| at.0), row.pruned.map(|at| at.0))
    };
    assert_eq!(ends(at(1)), (None, None));
    assert_eq!(ends(at(2)), (Some(2), None));
    assert_eq!(ends(newest()), (Some(2), Some(3)));
}

#[test]
fn revocations_of_grants_that_were_never_stored_are_listed() {
    let index = Index::in_memory().unwrap();
    let mut chain = Chain::new();
    for block in 1..=5_u8 {
        chain.revoke(autoid_core::GrantId([block; 32]), id(block));
        chain.end_block(&index).unwrap();
    }
    let page = index.revocations(newest(), BlockNumber(2), None, 2).unwrap();
    let issuers: Vec<AutoId> = page.rows.iter().map(|(_, row)| row.issuer).collect();
    assert_eq!(issuers, [id(3), id(4)]);
    assert_eq!(page.rows[0].1.place, autoid_core::RevocationPlace { list: 3, index: 4 });
    assert_eq!((page.rows[0].1.block, page.rows[0].1.time), (BlockNumber(3), autoid_core::Time(3)));
    let rest = index.revocations(newest(), BlockNumber(2), page.next, 2).unwrap();
    assert_eq!((rest.rows.len(), rest.rows[0].1.issuer, rest.next), (1, id(5), None));
    assert!(index.revocations(newest(), BlockNumber(5), None, 2).unwrap().rows.is_empty());
    assert!(index.revocations(at(1), BlockNumber(1), None, 2).unwrap().rows.is_empty());
}

#[test]
fn entries_are_whole_and_go_on_after_a_position() {
    let index = Index::in_memory().unwrap();
    let mut chain = Chain::new();
    let mut entries = Vec::new();
    for position in 0..5 {
        entries.push(chain.act(id(2), position));
        chain.end_block(&index).unwrap();
    }
    let page = index.entries(newest(), &id(2), Some(Cursor::position(2)), 10).unwrap();
    let found: Vec<_> = page.rows.iter().map(|(place, row)| (*place, &row.entry)).collect();
    assert_eq!(found, [(Cursor::position(3), &entries[3]), (Cursor::position(4), &entries[4])]);
    assert_eq!(page.rows[0].1.extrinsic, Some(Hash([9; 32])));
    assert_eq!(index.entries(at(2), &id(2), None, 10).unwrap().rows.len(), 2);
    assert!(index.entries(newest(), &id(3), None, 10).unwrap().rows.is_empty());
}
