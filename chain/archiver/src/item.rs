//! The items of a segment.

use crate::ArchiveError;
use auto_core::{SegmentHeader, decode_strict};
use parity_scale_codec::Encode;

/// Bytes in front of every item's content: kind and length.
pub const ITEM_HEADER_BYTES: usize = 5;
/// Where fewer bytes are left in a segment, they are zeros: a header and one byte do not fit.
pub(crate) const ITEM_BYTES_MIN: usize = ITEM_HEADER_BYTES + 1;
/// Bytes that the encoding of a segment header has at most.
pub(crate) const SEGMENT_HEADER_BYTES_MAX: usize = 128;

pub(crate) const PADDING: u8 = 0;
pub(crate) const BLOCK: u8 = 1;
pub(crate) const BLOCK_START: u8 = 2;
pub(crate) const BLOCK_CONTINUATION: u8 = 3;
pub(crate) const PARENT_SEGMENT_HEADER: u8 = 4;

/// One item of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentItem {
    /// So many zero bytes up to the segment's end.
    Padding(u32),
    /// A whole block.
    Block(Vec<u8>),
    /// The first bytes of a block that the next segment continues.
    BlockStart(Vec<u8>),
    /// Further bytes of the block that the segment before did not finish.
    BlockContinuation(Vec<u8>),
    /// The header of the segment before.
    ParentSegmentHeader(SegmentHeader),
}

/// Appends one item to a segment's bytes.
pub(crate) fn push_item(segment: &mut Vec<u8>, kind: u8, content: &[u8]) -> Result<(), ArchiveError> {
    let length = u32::try_from(content.len()).map_err(|_| ArchiveError::Overflow)?;
    segment.push(kind);
    segment.extend_from_slice(&length.to_le_bytes());
    segment.extend_from_slice(content);
    Ok(())
}

impl SegmentItem {
    /// The item as it stands in a segment.
    ///
    /// # Errors
    /// When its content is longer than a `u32` can say.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        match self {
            Self::Padding(length) => {
                let length = usize::try_from(*length).map_err(|_| ArchiveError::Overflow)?;
                push_item(&mut bytes, PADDING, &vec![0; length])?;
            }
            Self::Block(content) => push_item(&mut bytes, BLOCK, content)?,
            Self::BlockStart(content) => push_item(&mut bytes, BLOCK_START, content)?,
            Self::BlockContinuation(content) => push_item(&mut bytes, BLOCK_CONTINUATION, content)?,
            Self::ParentSegmentHeader(header) => {
                push_item(&mut bytes, PARENT_SEGMENT_HEADER, &header.encode())?;
            }
        }
        Ok(bytes)
    }
}

/// Splits the bytes of a whole segment into its items.
///
/// # Errors
/// [`ArchiveError::Malformed`] at the first byte that breaks the format.
pub fn parse_segment(raw: &[u8]) -> Result<Vec<SegmentItem>, ArchiveError> {
    let mut items = Vec::new();
    let mut at = 0usize;
    let mut ended = false;
    loop {
        let rest = raw.get(at..).unwrap_or_default();
        let malformed = |rule| ArchiveError::Malformed { at, rule };
        if rest.len() < ITEM_BYTES_MIN {
            if rest.iter().any(|byte| *byte != 0) {
                return Err(malformed("bytes after the last item are zero"));
            }
            return Ok(items);
        }
        if ended {
            return Err(malformed("padding and a block start reach to the segment's end"));
        }
        let (header, behind) = rest.split_at(ITEM_HEADER_BYTES);
        let &[kind, a, b, c, d] = header else { return Err(malformed("an item has a kind and a length")) };
        let length = u32::from_le_bytes([a, b, c, d]);
        let content = usize::try_from(length)
            .ok()
            .and_then(|length| behind.get(..length))
            .ok_or_else(|| malformed("an item ends inside its segment"))?;
        if content.is_empty() {
            return Err(malformed("an item has content"));
        }
        // Nothing but zeros can follow an item that leaves no room for another.
        let is_last = behind.len() - content.len() < ITEM_BYTES_MIN;
        let item = match kind {
            PADDING if content.iter().all(|byte| *byte == 0) => SegmentItem::Padding(length),
            PADDING => return Err(malformed("padding is zero")),
            BLOCK => SegmentItem::Block(content.to_vec()),
            BLOCK_START => SegmentItem::BlockStart(content.to_vec()),
            BLOCK_CONTINUATION => SegmentItem::BlockContinuation(content.to_vec()),
            PARENT_SEGMENT_HEADER => decode_strict(content, SEGMENT_HEADER_BYTES_MAX)
                .map(SegmentItem::ParentSegmentHeader)
                .map_err(|_| malformed("the parent segment header is a segment header"))?,
            _ => return Err(malformed("an item's kind is known")),
        };
        match &item {
            SegmentItem::ParentSegmentHeader(_) if !items.is_empty() => {
                return Err(malformed("the parent segment header comes first"));
            }
            SegmentItem::BlockContinuation(_)
                if !matches!(items.as_slice(), [SegmentItem::ParentSegmentHeader(_)]) =>
            {
                return Err(malformed("a continuation follows the parent segment header"));
            }
            SegmentItem::Padding(_) | SegmentItem::BlockStart(_) => {
                if !is_last || behind.len() != content.len() {
                    return Err(malformed("padding and a block start reach to the segment's end"));
                }
                ended = true;
            }
            _ => {}
        }
        at += ITEM_HEADER_BYTES + content.len();
        items.push(item);
    }
}
