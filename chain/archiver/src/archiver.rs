//! The machine that turns confirmed blocks into segments.

use crate::ArchiveError;
use crate::geometry::Geometry;
use crate::layout::{FilledSegment, Layout};
use auto_core::{
    BlockNumber, BlockObject, Commitment, GlobalObject, Hash, LastArchivedBlock, Piece, ProtocolParams,
    RAW_RECORD_BYTES, SegmentHeader,
};
use auto_kzg::{Kzg, extend_commitments, extend_segment, raw_to_record};
use rayon::prelude::*;

/// A segment with all its pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedSegment {
    /// Its header.
    pub header: SegmentHeader,
    /// Its pieces by position: even source, odd parity.
    pub pieces: Vec<Piece>,
    /// The objects that start in it.
    pub objects: Vec<GlobalObject>,
}

/// Appends blocks to the archived history and cuts segments off it.
///
/// It holds no clock and does no I/O. Its caller gives it each block once the block is at confirmation
/// depth, in order of height.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archiver {
    geometry: Geometry,
    blocks_max: u32,
    next_block: BlockNumber,
    previous: Option<SegmentHeader>,
    layout: Layout,
    /// The segment's complete records so far, and their commitments.
    records: Vec<Vec<u8>>,
    commitments: Vec<Commitment>,
}

impl Archiver {
    /// The archiver of an empty history; its first block is the genesis block.
    #[must_use]
    pub fn new(params: &ProtocolParams) -> Self {
        let geometry = Geometry::new(params);
        Self {
            geometry,
            blocks_max: params.segment_blocks_max,
            next_block: BlockNumber(0),
            previous: None,
            layout: Layout::new(geometry, params.segment_blocks_max),
            records: Vec::new(),
            commitments: Vec::new(),
        }
    }

    /// The archiver that cut the segment with header `last`, once it was given `blocks` after that.
    ///
    /// `blocks` are height, encoding and objects of every block since, in order. Where the segment ends
    /// inside a block (`last.last_archived_block.partial_bytes`), that block comes first, whole. Segments
    /// that the blocks complete are returned: those that were not yet stored when the archiver stopped.
    ///
    /// # Errors
    /// When the unfinished block is missing or shorter than what is archived of it, or another block than
    /// the next is given; as [`Archiver::add_block`].
    pub fn resume(
        params: &ProtocolParams,
        last: SegmentHeader,
        blocks: impl IntoIterator<Item = (BlockNumber, Vec<u8>, Vec<BlockObject>)>,
    ) -> Result<(Self, Vec<ArchivedSegment>), ArchiveError> {
        let mut archiver = Self::new(params);
        archiver.layout = Layout::after(archiver.geometry, archiver.blocks_max, &last)?;
        let LastArchivedBlock { number, partial_bytes } = last.last_archived_block;
        archiver.previous = Some(last);
        let mut segments = Vec::new();
        let mut blocks = blocks.into_iter();
        if let Some(from) = partial_bytes {
            let from = usize::try_from(from).map_err(|_| ArchiveError::Overflow)?;
            match blocks.next() {
                Some((first, block, objects)) if first == number && from > 0 && from < block.len() => {
                    segments = archiver.append(number, &block, from, &objects)?;
                }
                _ => return Err(ArchiveError::ResumeBlock { number }),
            }
        } else {
            archiver.next_block = number.checked_add(1).ok_or(ArchiveError::Overflow)?;
        }
        for (number, block, objects) in blocks {
            segments.extend(archiver.add_block(number, block, objects)?);
        }
        Ok((archiver, segments))
    }

    /// The block that is due.
    #[must_use]
    pub const fn next_block(&self) -> BlockNumber {
        self.next_block
    }

    /// The header of the last segment that was cut.
    #[must_use]
    pub const fn last_segment_header(&self) -> Option<&SegmentHeader> {
        self.previous.as_ref()
    }

    /// Appends a block's encoding, and returns the segments that are complete with it.
    ///
    /// Objects are given by the offset of their length in `block`.
    ///
    /// # Errors
    /// When another block is due, or the block or one of its objects cannot be archived; the archiver is
    /// then as before.
    pub fn add_block(
        &mut self,
        number: BlockNumber,
        block: Vec<u8>,
        objects: Vec<BlockObject>,
    ) -> Result<Vec<ArchivedSegment>, ArchiveError> {
        if number != self.next_block {
            return Err(ArchiveError::BlockOrder { expected: self.next_block, given: number });
        }
        self.append(number, &block, 0, &objects)
    }

    fn append(
        &mut self,
        number: BlockNumber,
        block: &[u8],
        mut from: usize,
        objects: &[BlockObject],
    ) -> Result<Vec<ArchivedSegment>, ArchiveError> {
        if block.is_empty() || u32::try_from(block.len()).is_err() {
            return Err(ArchiveError::BlockLength { number, bytes: block.len() });
        }
        if let Some(object) = objects.iter().find(|object| !lies_inside(block, object)) {
            return Err(ArchiveError::ObjectOutsideBlock { number, offset: object.offset });
        }
        let next_block = number.checked_add(1).ok_or(ArchiveError::Overflow)?;
        let mut segments = Vec::new();
        while from < block.len() {
            from = self.layout.append(number, block, from, objects)?;
            if let Some(filled) = self.layout.cut()? {
                segments.push(self.finish(filled)?);
            }
        }
        self.commit_complete_records()?;
        self.next_block = next_block;
        Ok(segments)
    }

    /// Commits to the records whose bytes are complete and that have no commitment yet.
    fn commit_complete_records(&mut self) -> Result<(), ArchiveError> {
        let (records, commitments) = commit_records(self.layout.bytes(), self.records.len())?;
        self.records.extend(records);
        self.commitments.extend(commitments);
        Ok(())
    }

    fn finish(&mut self, filled: FilledSegment) -> Result<ArchivedSegment, ArchiveError> {
        let (records, commitments) = commit_records(&filled.bytes, self.records.len())?;
        self.records.extend(records);
        self.commitments.extend(commitments);
        let (records, commitments) =
            (std::mem::take(&mut self.records), std::mem::take(&mut self.commitments));
        let (commitment, pieces) = make_pieces(records, commitments)?;
        let header = SegmentHeader {
            index: filled.index,
            commitment,
            previous_hash: self.previous.as_ref().map_or(Hash::ZERO, SegmentHeader::hash),
            last_archived_block: filled.last,
        };
        self.layout = Layout::after(self.geometry, self.blocks_max, &header)?;
        self.previous = Some(header.clone());
        Ok(ArchivedSegment { header, pieces, objects: filled.objects })
    }
}

/// The complete records of `bytes` from record `from` on, with their commitments.
fn commit_records(bytes: &[u8], from: usize) -> Result<(Vec<Vec<u8>>, Vec<Commitment>), ArchiveError> {
    let (raw, _) = bytes.as_chunks::<RAW_RECORD_BYTES>();
    let fresh = raw.get(from..).unwrap_or_default();
    let made: Vec<(Vec<u8>, Commitment)> = fresh
        .par_iter()
        .map(|raw| {
            let record = raw_to_record(raw).ok_or(ArchiveError::Overflow)?;
            let commitment = Kzg::ceremony().commit_record(&record)?;
            Ok((record, commitment))
        })
        .collect::<Result<_, ArchiveError>>()?;
    Ok(made.into_iter().unzip())
}

/// All pieces of a segment out of its source records and their commitments, and its own commitment.
pub(crate) fn make_pieces(
    source: Vec<Vec<u8>>,
    source_commitments: Vec<Commitment>,
) -> Result<(Commitment, Vec<Piece>), ArchiveError> {
    let parity = extend_segment(&source)?;
    let parity_commitments = extend_commitments(&source_commitments)?;
    let records = interleave(source, parity);
    let commitments = interleave(source_commitments, parity_commitments);
    let (commitment, witnesses) = Kzg::ceremony().commit_segment(&commitments)?;
    let parts = records.into_iter().zip(commitments).zip(witnesses);
    let pieces = parts.map(|((record, commitment), witness)| Piece { record, commitment, witness });
    Ok((commitment, pieces.collect()))
}

/// Source at the even positions, parity at the odd ones.
fn interleave<T>(source: Vec<T>, parity: Vec<T>) -> Vec<T> {
    source.into_iter().zip(parity).flat_map(|(even, odd)| [even, odd]).collect()
}

fn lies_inside(block: &[u8], object: &BlockObject) -> bool {
    let end = || {
        let start = usize::try_from(object.offset).ok()?;
        let length = u32::from_le_bytes(*block.get(start..)?.first_chunk::<4>()?);
        start.checked_add(4)?.checked_add(usize::try_from(length).ok()?)
    };
    end().is_some_and(|end| end <= block.len())
}
