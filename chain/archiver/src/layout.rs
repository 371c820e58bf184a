//! The bytes of the segment that is being filled; nothing of commitments.

use crate::ArchiveError;
use crate::geometry::Geometry;
use crate::item::{
    BLOCK, BLOCK_CONTINUATION, BLOCK_START, ITEM_BYTES_MIN, ITEM_HEADER_BYTES, PADDING,
    PARENT_SEGMENT_HEADER, push_item,
};
use auto_core::{BlockNumber, BlockObject, GlobalObject, LastArchivedBlock, SegmentHeader, SegmentIndex};
use parity_scale_codec::Encode;

/// The segment that is being filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    geometry: Geometry,
    /// Blocks whose end closes the segment; zero for never.
    blocks_max: u32,
    segment: SegmentIndex,
    bytes: Vec<u8>,
    /// Blocks that end in this segment.
    blocks: u32,
    last: Option<LastArchivedBlock>,
    objects: Vec<GlobalObject>,
}

/// A segment whose bytes are complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilledSegment {
    pub(crate) index: SegmentIndex,
    pub(crate) bytes: Vec<u8>,
    pub(crate) last: LastArchivedBlock,
    pub(crate) objects: Vec<GlobalObject>,
}

impl Layout {
    /// The first segment, still empty.
    pub(crate) fn new(geometry: Geometry, blocks_max: u32) -> Self {
        let segment = SegmentIndex(0);
        Self { geometry, blocks_max, segment, bytes: Vec::new(), blocks: 0, last: None, objects: Vec::new() }
    }

    /// The segment after the one with `parent`, with nothing but that header.
    pub(crate) fn after(
        geometry: Geometry,
        blocks_max: u32,
        parent: &SegmentHeader,
    ) -> Result<Self, ArchiveError> {
        let segment = parent.index.checked_add(1).ok_or(ArchiveError::Overflow)?;
        let mut layout = Self { segment, ..Self::new(geometry, blocks_max) };
        push_item(&mut layout.bytes, PARENT_SEGMENT_HEADER, &parent.encode())?;
        Ok(layout)
    }

    /// The bytes so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn rest(&self) -> usize {
        self.geometry.segment_bytes().saturating_sub(self.bytes.len())
    }

    /// Appends what fits of `block` from byte `from` on, and returns the end of what is archived of it.
    pub(crate) fn append(
        &mut self,
        number: BlockNumber,
        block: &[u8],
        from: usize,
        objects: &[BlockObject],
    ) -> Result<usize, ArchiveError> {
        let left = block.get(from..).unwrap_or_default();
        let room = self.rest().saturating_sub(ITEM_HEADER_BYTES);
        let content = left.get(..room).unwrap_or(left);
        let end = from.checked_add(content.len()).ok_or(ArchiveError::Overflow)?;
        let is_whole = end == block.len();
        let kind = match (from, is_whole) {
            (0, true) => BLOCK,
            (0, false) => BLOCK_START,
            _ => BLOCK_CONTINUATION,
        };
        push_item(&mut self.bytes, kind, content)?;
        let content_start = self.bytes.len() - content.len();
        for object in objects {
            let offset = usize::try_from(object.offset).map_err(|_| ArchiveError::Overflow)?;
            if (from..end).contains(&offset) {
                self.objects.push(self.map(object, content_start + (offset - from))?);
            }
        }
        self.blocks = self.blocks.saturating_add(u32::from(is_whole));
        let archived = u32::try_from(end).map_err(|_| ArchiveError::Overflow)?;
        self.last = Some(LastArchivedBlock { number, partial_bytes: (!is_whole).then_some(archived) });
        Ok(end)
    }

    fn map(&self, object: &BlockObject, position: usize) -> Result<GlobalObject, ArchiveError> {
        let record = position / self.geometry.record_bytes;
        let offset = position % self.geometry.record_bytes;
        Ok(GlobalObject {
            hash: object.hash,
            piece_index: self.geometry.source_piece(self.segment, record).ok_or(ArchiveError::Overflow)?,
            offset: u32::try_from(offset).map_err(|_| ArchiveError::Overflow)?,
        })
    }

    /// The last block and its end, when the segment is to be cut now.
    fn due(&self) -> Option<LastArchivedBlock> {
        let last = self.last?;
        let is_full = self.rest() < ITEM_BYTES_MIN;
        let is_old = self.blocks_max != 0 && self.blocks >= self.blocks_max;
        let is_genesis = last.number == BlockNumber(0) && last.partial_bytes.is_none();
        (is_full || is_old || is_genesis).then_some(last)
    }

    /// The segment, filled up, when it is to be cut now. [`Layout::after`] then makes the next.
    pub(crate) fn cut(&mut self) -> Result<Option<FilledSegment>, ArchiveError> {
        let Some(last) = self.due() else { return Ok(None) };
        let rest = self.rest();
        if rest >= ITEM_BYTES_MIN {
            push_item(&mut self.bytes, PADDING, &vec![0; rest - ITEM_HEADER_BYTES])?;
        } else {
            self.bytes.resize(self.geometry.segment_bytes(), 0);
        }
        Ok(Some(FilledSegment {
            index: self.segment,
            bytes: std::mem::take(&mut self.bytes),
            last,
            objects: std::mem::take(&mut self.objects),
        }))
    }
}

#[cfg(test)]
mod tests;
