//! Blocks out of segments, for a node that syncs from the archive.

use crate::{ArchiveError, SegmentItem, parse_segment};
use auto_core::{BlockNumber, SegmentHeader, SegmentIndex};

/// Puts blocks together out of segments that are given in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentReader {
    previous: Option<SegmentHeader>,
    /// The unfinished block; `None` where its start is not known.
    unfinished: Option<Vec<u8>>,
}

impl Default for SegmentReader {
    fn default() -> Self {
        Self::new()
    }
}

impl SegmentReader {
    /// A reader whose first segment is segment zero.
    #[must_use]
    pub const fn new() -> Self {
        Self { previous: None, unfinished: None }
    }

    /// A reader whose first segment is the one behind the segment with header `previous`.
    ///
    /// A block that `previous` leaves unfinished is left out, unless `unfinished` holds its archived bytes.
    #[must_use]
    pub const fn after(previous: SegmentHeader, unfinished: Option<Vec<u8>>) -> Self {
        Self { previous: Some(previous), unfinished }
    }

    /// Reads the next segment: the blocks that end in it, with their heights, in order.
    ///
    /// `raw` are the segment's bytes, which the caller has verified against `header`.
    ///
    /// # Errors
    /// When the segment is malformed, does not follow the one before, or ends elsewhere than `header`
    /// says; the reader is then as before.
    pub fn push(
        &mut self,
        header: &SegmentHeader,
        raw: &[u8],
    ) -> Result<Vec<(BlockNumber, Vec<u8>)>, ArchiveError> {
        let index = header.index;
        let broken = |rule| ArchiveError::Discontinuous { index, rule };
        let due = match &self.previous {
            None => SegmentIndex(0),
            Some(previous) => previous.index.checked_add(1).ok_or(ArchiveError::Overflow)?,
        };
        if index != due {
            return Err(broken("segments are read in order"));
        }
        let mut items = parse_segment(raw)?.into_iter().peekable();
        if let Some(previous) = &self.previous {
            if header.previous_hash != previous.hash() {
                return Err(broken("its header links to the segment before"));
            }
            if items.next() != Some(SegmentItem::ParentSegmentHeader(previous.clone())) {
                return Err(broken("it starts with the header of the segment before"));
            }
        }

        let before = self.previous.as_ref().map(|previous| previous.last_archived_block);
        let mut next = match before {
            None => BlockNumber(0),
            Some(last) if last.partial_bytes.is_some() => last.number,
            Some(last) => last.number.checked_add(1).ok_or(ArchiveError::Overflow)?,
        };
        let mut blocks = Vec::new();
        let mut unfinished = None;
        let mut partial_bytes = None;
        let end = header.last_archived_block;
        if let Some(archived) = before.and_then(|last| last.partial_bytes) {
            let Some(SegmentItem::BlockContinuation(content)) = items.next() else {
                return Err(broken("it continues the unfinished block"));
            };
            let length = u32::try_from(content.len()).map_err(|_| ArchiveError::Overflow)?;
            let whole = self.unfinished.as_ref().map(|start| [start.as_slice(), &content].concat());
            if end.number == next && end.partial_bytes.is_some() {
                partial_bytes = Some(archived.checked_add(length).ok_or(ArchiveError::Overflow)?);
                unfinished = whole;
            } else {
                blocks.extend(whole.map(|block| (next, block)));
                next = next.checked_add(1).ok_or(ArchiveError::Overflow)?;
            }
        }
        for item in items {
            if partial_bytes.is_some() {
                return Err(broken("an unfinished block ends the segment"));
            }
            match item {
                SegmentItem::Block(block) => {
                    blocks.push((next, block));
                    next = next.checked_add(1).ok_or(ArchiveError::Overflow)?;
                }
                SegmentItem::BlockStart(content) => {
                    partial_bytes = Some(u32::try_from(content.len()).map_err(|_| ArchiveError::Overflow)?);
                    unfinished = Some(content);
                }
                SegmentItem::Padding(_) => {}
                _ => return Err(broken("only the first items refer to the segment before")),
            }
        }
        let last_whole = next.checked_sub(1);
        let holds = match partial_bytes {
            Some(_) => end.number == next && end.partial_bytes == partial_bytes,
            None => Some(end.number) == last_whole && end.partial_bytes.is_none(),
        };
        if !holds {
            return Err(broken("it ends where its header says"));
        }
        self.previous = Some(header.clone());
        self.unfinished = unfinished;
        Ok(blocks)
    }
}
