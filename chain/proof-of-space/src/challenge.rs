//! The challenge that an s-bucket puts to the tables.

use crate::{SpaceError, shape::Shape};
use auto_core::{S_BUCKETS, SBucket};

/// Bits of an s-bucket.
const BUCKET_BITS: u8 = 13;
const _: () = assert!(S_BUCKETS == 1 << BUCKET_BITS, "an s-bucket has 13 bits");

/// The `K`-bit challenge of an s-bucket: its 13 bits, followed by zeros.
///
/// # Errors
/// When `k` is not a table parameter or the record has no such s-bucket.
pub fn challenge(k: u8, bucket: SBucket) -> Result<u32, SpaceError> {
    let shape = Shape::new(k)?;
    if usize::from(bucket.0) >= S_BUCKETS {
        return Err(SpaceError::Bucket { bucket });
    }
    Ok(u32::from(bucket.0) << (shape.k - BUCKET_BITS))
}
