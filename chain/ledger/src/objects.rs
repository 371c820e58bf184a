//! Where objects lie in a block.

use crate::{LedgerCall, MODULE};
use auto_core::{Block, BlockObject, Call, DomainId, Hash, SignedTransaction, decode_strict};
use parity_scale_codec::Encode;

/// Bytes of a call before its payload: module and length.
const CALL_HEAD: usize = 2 + 4;
/// Bytes of a `Store` call before the object's length: the variant.
const STORE_HEAD: usize = 1;
/// Bytes of the count before a body's transactions.
const COUNT: usize = 4;

/// The objects of a block by rising offset, where an offset is that of the object's `u32` length in
/// `block.encode()`.
///
/// Every `Store` call of the consensus domain that decodes strictly counts, whether or not its transaction
/// took effect. A call that does not decode, which no valid block holds, gives no object; nor would an
/// object behind the first 4 GiB.
#[must_use]
pub fn block_objects(block: &Block) -> Vec<BlockObject> {
    let mut objects = Vec::new();
    let mut at = block.header.encoded_size() + block.justification.encoded_size() + COUNT;
    for signed in block.body.transactions.iter() {
        let mut call_at = at + SignedTransaction::CALLS_OFFSET;
        let counts = signed.transaction.domain == DomainId::CONSENSUS;
        for call in signed.transaction.calls.iter() {
            let payload_at = call_at + CALL_HEAD;
            if let (true, Some(hash), Ok(offset)) =
                (counts, object(call), u32::try_from(payload_at + STORE_HEAD))
            {
                objects.push(BlockObject { hash, offset });
            }
            call_at = payload_at + call.payload.len();
        }
        at += signed.encoded_size();
    }
    objects
}

fn object(call: &Call) -> Option<Hash> {
    // The variant is looked at first, so that only a call that stores something is decoded.
    if call.module != MODULE || call.payload.first() != Some(&1) {
        return None;
    }
    match decode_strict(&call.payload, Call::PAYLOAD_MAX) {
        Ok(LedgerCall::Store { data }) if !data.is_empty() => Some(Hash::of_object(&data)),
        _ => None,
    }
}
