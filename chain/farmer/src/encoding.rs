//! How a record becomes chunks on disk, and back.

use crate::ContentsMap;
use crate::layout::CHUNK_BYTES;
use auto_core::{CHUNKS_PER_RECORD, Hash, S_BUCKETS, SCALAR_BYTES, ScalarBytes, mask_chunk};

/// The chunks of one record as they lie on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedRecord {
    /// Which s-buckets hold an encoded chunk.
    pub map: ContentsMap,
    /// The encoded chunks by s-bucket, then the extra chunks by s-bucket: 4096 in all.
    pub chunks: Vec<u8>,
}

/// Encodes an extended record of 8192 chunks with the hashes of its proofs of space.
///
/// S-buckets are walked in order, and those that have a proof are taken until there are 4096: each
/// keeps its chunk XOR the hash of its proof. If proofs run out before, the chunks of the first
/// s-buckets without one are appended as they are: they make the record recoverable, but lie in no
/// s-bucket, so no audit ever meets them.
///
/// `None` when either list has another length than 8192.
#[must_use]
pub fn encode_record(extended: &[ScalarBytes], proofs: &[Option<Hash>]) -> Option<EncodedRecord> {
    if extended.len() != S_BUCKETS || proofs.len() != S_BUCKETS {
        return None;
    }
    let mut map = ContentsMap::default();
    let mut chunks = Vec::with_capacity(CHUNK_BYTES);
    let proven = extended.iter().zip(proofs).enumerate();
    let proven = proven.filter_map(|(bucket, (chunk, proof))| Some((bucket, chunk, proof.as_ref()?)));
    let mut encoded = 0;
    for (bucket, chunk, proof) in proven.take(CHUNKS_PER_RECORD) {
        map.insert(bucket);
        chunks.extend_from_slice(&mask_chunk(chunk, proof).0);
        encoded += 1;
    }
    let extra = map.free().take(CHUNKS_PER_RECORD - encoded).filter_map(|bucket| extended.get(bucket));
    for chunk in extra {
        chunks.extend_from_slice(&chunk.0);
    }
    Some(EncodedRecord { map, chunks })
}

/// The chunks of an extended record at the s-buckets that `chunks` covers, unmasked.
///
/// `None` when the chunks are not 4096, or the map marks an s-bucket that has no proof.
#[must_use]
pub fn decode_chunks(
    map: &ContentsMap,
    chunks: &[u8],
    proofs: &[Option<Hash>],
) -> Option<Vec<Option<ScalarBytes>>> {
    if chunks.len() != CHUNK_BYTES || proofs.len() != S_BUCKETS {
        return None;
    }
    let mut decoded = vec![None; S_BUCKETS];
    let mut stored = chunks.chunks_exact(SCALAR_BYTES);
    for bucket in map.encoded() {
        let chunk = ScalarBytes(stored.next()?.try_into().ok()?);
        *decoded.get_mut(bucket)? = Some(mask_chunk(&chunk, proofs.get(bucket)?.as_ref()?));
    }
    for (bucket, chunk) in map.free().zip(stored) {
        *decoded.get_mut(bucket)? = Some(ScalarBytes(chunk.try_into().ok()?));
    }
    Some(decoded)
}
