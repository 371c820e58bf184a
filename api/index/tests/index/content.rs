//! Manifests of content on the consensus chain.

use crate::chain::id;
use auto_core::{BlockNumber, ErrorCode, Hash};
use auto_index::{ContentBlock, ContentOf, Index, IndexError};
use autoid_core::{Algorithm, Genesis, GrantId, Sign1, Signature, Time};
use autoid_provenance::{Acting, MAGIC, Manifest, Sealed};

fn hash(number: u64) -> Hash {
    Hash::of_object(&number.to_le_bytes())
}

/// The object of a manifest; whether its signature holds is nothing to the index.
fn object(content: u8, author: u8, agent: Option<u8>, parents: &[u8]) -> Vec<u8> {
    let manifest = Manifest {
        network: Genesis([0x5a; 32]),
        content: [content; 32],
        size: 1,
        media_type: "text/plain".parse().unwrap(),
        author: id(author),
        acting: agent.map(|agent| Acting { agent: id(agent), grant: GrantId([1; 32]) }),
        parents: parents.iter().map(|parent| [*parent; 32]).collect(),
        licence: None,
        made_at: Time(1),
    };
    let signed = Sign1::new(manifest, 0, Algorithm::Ed25519, Signature([0; 64])).unwrap();
    [MAGIC, &signed.to_cose()].concat()
}

fn apply(index: &Index, number: u64, objects: &[&[u8]]) -> Result<(), IndexError> {
    let (number, hash, parent) = (BlockNumber(number), hash(number), hash(number - 1));
    index.apply_content(&ContentBlock { number, hash, parent, objects })
}

fn found(index: &Index, of: ContentOf) -> Vec<(u8, u64)> {
    let page = index.content(None, of, None, 100).unwrap();
    page.rows.iter().map(|(_, row)| (row.sealed.manifest().content[0], row.block.0)).collect()
}

#[test]
fn lineage_is_followed_both_ways() {
    let index = Index::in_memory().unwrap();
    let (first, second) = (object(1, 5, None, &[]), object(2, 5, Some(6), &[1]));
    let third = object(3, 7, None, &[1, 2]);
    apply(&index, 1, &[b"no manifest", &first, MAGIC]).unwrap();
    apply(&index, 2, &[&third, &second]).unwrap();
    assert_eq!(found(&index, ContentOf::Content([1; 32])), [(1, 1)]);
    assert_eq!(found(&index, ContentOf::Parent([1; 32])), [(3, 2), (2, 2)]);
    assert_eq!(found(&index, ContentOf::Parent([2; 32])), [(3, 2)]);
    assert_eq!(found(&index, ContentOf::Author(id(5))), [(1, 1), (2, 2)]);
    assert_eq!(found(&index, ContentOf::Agent(id(6))), [(2, 2)]);
    let page = index.content(None, ContentOf::Parent([1; 32]), None, 1).unwrap();
    assert_eq!(page.rows[0].1.object, Hash::of_object(&third));
    assert_eq!(page.rows[0].1.sealed, Sealed::from_bytes(&third).unwrap());
    let rest = index.content(None, ContentOf::Parent([1; 32]), page.next, 1).unwrap();
    assert_eq!((rest.rows[0].1.sealed.to_bytes(), rest.next), (second, None));
    let then = index.content(Some(BlockNumber(1)), ContentOf::Parent([1; 32]), None, 9).unwrap();
    assert!(then.rows.is_empty());
}

#[test]
fn the_first_of_two_copies_counts_and_a_fork_takes_back_both() {
    let index = Index::in_memory().unwrap();
    let one = object(1, 5, None, &[9]);
    apply(&index, 1, &[]).unwrap();
    apply(&index, 2, &[&one, &one]).unwrap();
    apply(&index, 3, &[&one]).unwrap();
    assert_eq!(found(&index, ContentOf::Content([1; 32])), [(1, 2)]);
    index.rewind_content(BlockNumber(2)).unwrap();
    assert_eq!(found(&index, ContentOf::Parent([9; 32])), [(1, 2)]);
    index.rewind_content(BlockNumber(1)).unwrap();
    assert!(found(&index, ContentOf::Content([1; 32])).is_empty());
    assert_eq!(apply(&index, 3, &[]).unwrap_err().code(), "IXD-0003");
    apply(&index, 2, &[]).unwrap();
    apply(&index, 3, &[&one]).unwrap();
    assert_eq!(found(&index, ContentOf::Parent([9; 32])), [(1, 3)]);
    index.clear_content().unwrap();
    assert_eq!(index.content_coverage().unwrap(), None);
}

#[test]
fn a_domain_and_the_consensus_chain_do_not_meet() {
    let index = Index::in_memory().unwrap();
    apply(&index, 1, &[&object(1, 5, None, &[])]).unwrap();
    assert_eq!(index.coverage(crate::chain::DOMAIN).unwrap(), None);
    index.clear(crate::chain::DOMAIN).unwrap();
    assert_eq!(index.content_coverage().unwrap().unwrap().hash, hash(1));
    assert_eq!(index.content_block_hash(BlockNumber(1)).unwrap(), Some(hash(1)));
}
