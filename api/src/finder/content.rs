//! Signed manifests of content among the objects of the consensus chain.

use super::FeedError;
use crate::Backend;
use auto_core::{BlockNumber, Hash};
use auto_index::{ContentBlock, Index};
use auto_node::{BlockView, CallView, Withheld};
use autoid_core::Sign1;
use autoid_interface::Cose;
use autoid_provenance::{MAGIC, Manifest};

/// Adds up to `blocks` blocks of the consensus chain, or takes reverted ones back; says whether anything changed.
pub(super) fn feed(node: &dyn Backend, index: &Index, blocks: usize) -> Result<bool, FeedError> {
    let mut changed = false;
    while let Some(covered) = index.content_coverage()? {
        let here = node.block(covered.newest)?;
        if here.is_some_and(|block| block.id.hash == covered.hash) {
            break;
        }
        let before = BlockNumber(covered.newest.0.saturating_sub(1));
        index.rewind_content(before)?;
        changed = true;
    }
    let head = node.status()?.head.number;
    for _ in 0..blocks {
        let covered = index.content_coverage()?;
        let next = covered.map_or(BlockNumber(0), |covered| BlockNumber(covered.newest.0.saturating_add(1)));
        let Some(block) = node.block(next)?.filter(|_| next <= head) else { break };
        if covered.is_some_and(|covered| covered.hash != block.parent_hash) {
            // A fork began meanwhile; it is dealt with first the next time.
            return Ok(true);
        }
        let objects = objects(node, &block)?;
        let objects: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
        let (number, hash, parent) = (block.id.number, block.id.hash, block.parent_hash);
        index.apply_content(&ContentBlock { number, hash, parent, objects: &objects })?;
        changed = true;
    }
    Ok(changed)
}

/// The objects that a block stores and that are short enough to be manifests.
fn objects(node: &dyn Backend, block: &BlockView) -> Result<Vec<Vec<u8>>, FeedError> {
    let mut objects = Vec::new();
    for transaction in &block.transactions {
        let Some(view) = node.transaction(transaction)? else { continue };
        if view.failure.is_some() {
            continue;
        }
        for call in &view.calls {
            if let CallView::Store { object, size_bytes } = call
                && usize::try_from(*size_bytes)
                    .is_ok_and(|size| size <= MAGIC.len() + Sign1::<Manifest>::BYTES_MAX)
            {
                objects.extend(bytes(node, object));
            }
        }
    }
    Ok(objects)
}

/// The bytes of an object; one that cannot be read is passed over, so that it does not hold up the rest.
fn bytes(node: &dyn Backend, hash: &Hash) -> Option<Vec<u8>> {
    match node.object(hash, Withheld::Nothing) {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%hash, %error, "an object that may be a manifest cannot be read");
            None
        }
    }
}
