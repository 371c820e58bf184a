//! One object out of the archive, without reading whole segments.

use crate::ArchiveError;
use crate::geometry::Geometry;
use crate::item::{BLOCK_CONTINUATION, ITEM_HEADER_BYTES, PARENT_SEGMENT_HEADER, SEGMENT_HEADER_BYTES_MAX};
use auto_core::{GlobalObject, Hash, PieceIndex, ProtocolParams};
use std::collections::BTreeMap;

/// Records that [`ObjectReader::needs`] names at a time; bounds what a caller fetches ahead.
const AHEAD_MAX: usize = 64;
/// Bytes between an object's last byte in one segment and its next byte in the following one: the parent
/// segment header, which always says how much of the block is archived, and the continuation's own header.
const BETWEEN_SEGMENTS: usize = 2 * ITEM_HEADER_BYTES + 101;

/// What the next byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Part of the object.
    Object,
    /// Part of the first item of a segment: its kind and length.
    ParentHeader,
    /// Content of that item, of which so many bytes are left.
    ParentContent(usize),
    /// Part of the second item's kind and length.
    ContinuationHeader,
}

/// Reads one object; says which pieces it needs and is given their raw records. It does no I/O.
///
/// Call [`ObjectReader::needs`], fetch those pieces, [`ObjectReader::feed`] their raw records in any order,
/// and repeat until nothing is needed; [`ObjectReader::finish`] then gives the object, whose hash is the
/// one that was asked for. Pieces need not be verified before: the hash does that. When it does not hold,
/// verify them to learn which peer lied.
#[derive(Debug, Clone)]
pub struct ObjectReader {
    geometry: Geometry,
    limit: u32,
    hash: Hash,
    piece: PieceIndex,
    offset: usize,
    stage: Stage,
    /// Bytes of an item's kind and length so far.
    header: Vec<u8>,
    /// Bytes that the continuation still has; `None` in the first segment, where its item is not known.
    item_left: Option<usize>,
    /// The object so far, its length in front.
    bytes: Vec<u8>,
    /// Records that came early.
    early: BTreeMap<PieceIndex, Vec<u8>>,
}

impl ObjectReader {
    /// A reader of `object`, of at most `limit` bytes.
    ///
    /// # Errors
    /// [`ArchiveError::Mapping`] when no object can start where the mapping says.
    pub fn new(params: &ProtocolParams, object: &GlobalObject, limit: u32) -> Result<Self, ArchiveError> {
        Self::with_geometry(Geometry::new(params), object, limit)
    }

    pub(crate) fn with_geometry(
        geometry: Geometry,
        object: &GlobalObject,
        limit: u32,
    ) -> Result<Self, ArchiveError> {
        let refused = ArchiveError::Mapping { piece: object.piece_index, offset: object.offset };
        let offset = usize::try_from(object.offset).map_err(|_| refused.clone())?;
        if offset >= geometry.record_bytes || geometry.source_record(object.piece_index).is_none() {
            return Err(refused);
        }
        Ok(Self {
            geometry,
            limit,
            hash: object.hash,
            piece: object.piece_index,
            offset,
            stage: Stage::Object,
            header: Vec::new(),
            item_left: None,
            bytes: Vec::new(),
            early: BTreeMap::new(),
        })
    }

    /// Bytes of the object with its length, where the length is known.
    fn wanted(&self) -> Option<usize> {
        let length = u32::from_le_bytes(*self.bytes.first_chunk::<4>()?);
        usize::try_from(length).ok()?.checked_add(4)
    }

    fn is_complete(&self) -> bool {
        self.wanted().is_some_and(|wanted| self.bytes.len() >= wanted)
    }

    /// The source pieces that are needed next, in order; none when the object is complete.
    ///
    /// Before the object's length is known that is one piece, and from then on every further one, up to
    /// 64 at a time.
    #[must_use]
    pub fn needs(&self) -> Vec<PieceIndex> {
        if self.is_complete() {
            return Vec::new();
        }
        let mut left = self.wanted().unwrap_or(0).saturating_sub(self.bytes.len());
        let (mut piece, mut offset) = (self.piece, self.offset);
        let mut pieces = Vec::new();
        for _ in 0..AHEAD_MAX {
            if !self.early.contains_key(&piece) {
                pieces.push(piece);
            }
            left = left.saturating_sub(self.geometry.record_bytes.saturating_sub(offset));
            offset = 0;
            let Some(next) = self.geometry.next_source(piece).filter(|_| left > 0) else { break };
            piece = next;
            if matches!(self.geometry.source_record(piece), Some((_, 0))) {
                left = left.saturating_add(BETWEEN_SEGMENTS);
            }
        }
        pieces
    }

    /// Takes the raw record of a needed piece.
    ///
    /// # Errors
    /// [`ArchiveError::UnexpectedRecord`] for a piece that is not needed or a wrong length;
    /// [`ArchiveError::ObjectTooLong`]; [`ArchiveError::Malformed`] when the object runs into bytes that
    /// are not its block's.
    pub fn feed(&mut self, piece: PieceIndex, raw: &[u8]) -> Result<(), ArchiveError> {
        if raw.len() != self.geometry.record_bytes || !self.needs().contains(&piece) {
            return Err(ArchiveError::UnexpectedRecord { piece, bytes: raw.len() });
        }
        if piece != self.piece {
            self.early.insert(piece, raw.to_vec());
            return Ok(());
        }
        self.read(raw)?;
        while let Some(raw) = self.early.remove(&self.piece) {
            self.read(&raw)?;
        }
        Ok(())
    }

    /// Reads the record of `self.piece` and moves on to the next.
    fn read(&mut self, raw: &[u8]) -> Result<(), ArchiveError> {
        while !self.is_complete() {
            let rest = raw.get(self.offset..).unwrap_or_default();
            if rest.is_empty() {
                return self.next_record();
            }
            let taken = match self.stage {
                Stage::Object => self.read_object(rest)?,
                Stage::ParentHeader => self.read_header(rest, PARENT_SEGMENT_HEADER)?,
                Stage::ParentContent(left) => {
                    let taken = left.min(rest.len());
                    self.stage = match left - taken {
                        0 => Stage::ContinuationHeader,
                        left => Stage::ParentContent(left),
                    };
                    taken
                }
                Stage::ContinuationHeader => self.read_header(rest, BLOCK_CONTINUATION)?,
            };
            self.offset += taken;
        }
        Ok(())
    }

    fn read_object(&mut self, rest: &[u8]) -> Result<usize, ArchiveError> {
        // The length first, so that nothing is kept before it is known to be within the limit.
        let left = self.wanted().unwrap_or(4).saturating_sub(self.bytes.len());
        let taken = left.min(rest.len()).min(self.item_left.unwrap_or(usize::MAX));
        if taken == 0 {
            return Err(self.malformed("an object ends inside its block"));
        }
        let was_known = self.wanted().is_some();
        self.bytes.extend_from_slice(rest.get(..taken).unwrap_or_default());
        self.item_left = self.item_left.map(|left| left - taken);
        if let Some(prefix) = self.bytes.first_chunk::<4>().filter(|_| !was_known) {
            let bytes = u32::from_le_bytes(*prefix);
            if bytes > self.limit {
                return Err(ArchiveError::ObjectTooLong { bytes, limit: self.limit });
            }
        }
        Ok(taken)
    }

    fn read_header(&mut self, rest: &[u8], wanted: u8) -> Result<usize, ArchiveError> {
        let taken = (ITEM_HEADER_BYTES - self.header.len()).min(rest.len());
        self.header.extend_from_slice(rest.get(..taken).unwrap_or_default());
        let &[kind, a, b, c, d] = self.header.as_slice() else { return Ok(taken) };
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        self.header.clear();
        if kind != wanted || length == 0 {
            return Err(self.malformed("a split object goes on in a block continuation"));
        }
        if wanted == BLOCK_CONTINUATION {
            self.item_left = Some(length);
            self.stage = Stage::Object;
        } else if length > SEGMENT_HEADER_BYTES_MAX {
            return Err(self.malformed("the parent segment header is a segment header"));
        } else {
            self.stage = Stage::ParentContent(length);
        }
        Ok(taken)
    }

    fn next_record(&mut self) -> Result<(), ArchiveError> {
        self.piece = self.geometry.next_source(self.piece).ok_or(ArchiveError::Overflow)?;
        self.offset = 0;
        if matches!(self.geometry.source_record(self.piece), Some((_, 0))) {
            if self.stage != Stage::Object {
                return Err(self.malformed("a segment holds more than its first items"));
            }
            self.stage = Stage::ParentHeader;
            self.item_left = None;
        }
        Ok(())
    }

    fn malformed(&self, rule: &'static str) -> ArchiveError {
        let record = self.geometry.source_record(self.piece).map_or(0, |(_, record)| record);
        let at = record.saturating_mul(self.geometry.record_bytes).saturating_add(self.offset);
        ArchiveError::Malformed { at, rule }
    }

    /// The object, once nothing is needed any more.
    ///
    /// # Errors
    /// [`ArchiveError::ObjectIncomplete`]; [`ArchiveError::ObjectHash`] when its bytes are others than the
    /// mapping's hash stands for.
    pub fn finish(mut self) -> Result<Vec<u8>, ArchiveError> {
        if !self.is_complete() {
            return Err(ArchiveError::ObjectIncomplete(self.piece));
        }
        let object = self.bytes.split_off(4);
        let found = Hash::of_object(&object);
        if found == self.hash {
            Ok(object)
        } else {
            Err(ArchiveError::ObjectHash { expected: self.hash, found })
        }
    }
}
