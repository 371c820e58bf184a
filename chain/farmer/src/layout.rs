//! Where everything lies in a plot file, format version 1.
//!
//! ```text
//! file    := header page A | header page B | staging | sector 0 | sector 1 | ...
//! staging := staging page | piece 0 | piece 1 | ...
//! sector  := sector page | contents maps | metadata | directory | padding | chunks | checksums | padding
//! ```
//!
//! A page has 4096 bytes and every sector and the staging area start on one.

use crate::FarmError;
use auto_core::{
    CHUNKS_PER_RECORD, Commitment, PieceOffset, ProtocolParams, S_BUCKETS, SBucket, SCALAR_BYTES,
};

/// Bytes of a page: what a disk writes at once.
pub const PAGE: u64 = 4096;
/// Bytes of one record's contents map: a bit per s-bucket, least significant bit first.
pub const MAP_BYTES: usize = S_BUCKETS / 8;
/// Bytes of one record's metadata: commitment, witness, piece checksum, start of its extra chunks.
pub const METADATA_BYTES: usize = 2 * Commitment::BYTES + 32 + 4;
/// S-buckets that share one checksum.
pub const REGION_BUCKETS: usize = 64;
/// Checksummed regions of s-buckets in a sector.
pub const REGIONS: usize = S_BUCKETS / REGION_BUCKETS;
/// Bytes of a checksum.
pub const CHECKSUM_BYTES: usize = 32;
/// Bytes of one piece's chunks.
pub const CHUNK_BYTES: usize = CHUNKS_PER_RECORD * SCALAR_BYTES;
/// Bytes of a staged piece before its chunks: checksum, sector id, offset, count of encoded chunks,
/// commitment, witness, piece checksum, contents map.
pub const STAGED_HEADER_BYTES: usize = 32 + 32 + 2 + 2 + 2 * Commitment::BYTES + 32 + MAP_BYTES;
/// Bytes of a staged piece.
pub const STAGED_BYTES: usize = STAGED_HEADER_BYTES + CHUNK_BYTES;

/// Sizes and positions that follow from the parameters; all in bytes, all relative to the sector's
/// start unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pieces: usize,
    classes: usize,
}

/// A size that fits because a sector has at most 65,535 pieces of less than 2^18 bytes.
pub(crate) fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

impl Layout {
    /// The layout for `params`.
    ///
    /// # Errors
    /// When the parameters break their own rules.
    pub fn new(params: &ProtocolParams) -> Result<Self, FarmError> {
        params.validate().map_err(|error| FarmError::Parameters(error.to_string()))?;
        Ok(Self { pieces: usize::from(params.pieces_in_sector), classes: usize::from(params.audit_classes) })
    }

    /// Pieces of a sector.
    #[must_use]
    pub const fn pieces(&self) -> usize {
        self.pieces
    }

    /// Classes of pieces.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// Groups of chunks: one for each s-bucket and class.
    #[must_use]
    pub const fn groups(&self) -> usize {
        S_BUCKETS * self.classes
    }

    /// The group of an s-bucket and a class.
    #[must_use]
    pub fn group(&self, bucket: SBucket, class: usize) -> usize {
        usize::from(bucket.0) * self.classes + class
    }

    /// The class of a piece.
    #[must_use]
    pub fn class(&self, offset: usize) -> usize {
        offset % self.classes
    }

    /// Pieces of a class.
    #[must_use]
    pub const fn class_pieces(&self, class: usize) -> usize {
        (self.pieces + self.classes - 1 - class) / self.classes
    }

    /// The piece at position `rank` of a class.
    #[must_use]
    pub fn class_member(&self, class: usize, rank: usize) -> usize {
        rank * self.classes + class
    }

    /// All piece offsets of a sector, in order.
    pub fn offsets(&self) -> impl Iterator<Item = PieceOffset> + use<> {
        (0..u16::try_from(self.pieces).unwrap_or(u16::MAX)).map(PieceOffset)
    }

    /// Position of the map of the piece at `offset`: maps are grouped by class.
    #[must_use]
    pub fn map_at(&self, offset: usize) -> u64 {
        let class = self.class(offset);
        let before: usize = (0..class).map(|earlier| self.class_pieces(earlier)).sum();
        PAGE + wide((before + offset / self.classes) * MAP_BYTES)
    }

    /// Position of the metadata of the first piece.
    #[must_use]
    pub const fn metadata_start(&self) -> u64 {
        PAGE + (self.pieces * MAP_BYTES) as u64
    }

    /// Position of the metadata of the piece at `offset`.
    #[must_use]
    pub fn metadata_at(&self, offset: usize) -> u64 {
        self.metadata_start() + wide(offset * METADATA_BYTES)
    }

    /// Position of the directory: for each group, and once more at the end, the `u32` count of
    /// encoded chunks that lie before it.
    #[must_use]
    pub fn directory_start(&self) -> u64 {
        self.metadata_at(self.pieces)
    }

    /// Bytes of the directory.
    #[must_use]
    pub const fn directory_bytes(&self) -> usize {
        (self.groups() + 1) * 4
    }

    /// Position of the chunks: encoded ones by s-bucket, class and offset, then the extra ones. They
    /// start on a page, so that no chunk lies across two.
    #[must_use]
    pub fn chunks_start(&self) -> u64 {
        (self.directory_start() + wide(self.directory_bytes())).next_multiple_of(PAGE)
    }

    /// Chunks of a sector, encoded and extra.
    #[must_use]
    pub const fn chunks(&self) -> usize {
        self.pieces * CHUNKS_PER_RECORD
    }

    /// Position of the chunk number `index`.
    #[must_use]
    pub fn chunk_at(&self, index: usize) -> u64 {
        self.chunks_start() + wide(index * SCALAR_BYTES)
    }

    /// Position of the checksums: of each map, of each piece's metadata, of the directory, of each
    /// region of s-buckets, of the extra chunks.
    #[must_use]
    pub fn checksums_start(&self) -> u64 {
        self.chunk_at(self.chunks())
    }

    /// Number of checksums.
    #[must_use]
    pub const fn checksums(&self) -> usize {
        2 * self.pieces + 1 + REGIONS + 1
    }

    /// Bytes of a sector, its page included.
    #[must_use]
    pub fn sector_bytes(&self) -> u64 {
        (self.checksums_start() + wide(self.checksums() * CHECKSUM_BYTES)).next_multiple_of(PAGE)
    }

    /// Bytes of the staging area, its page included.
    #[must_use]
    pub fn staging_bytes(&self) -> u64 {
        (PAGE + wide(self.pieces) * wide(STAGED_BYTES)).next_multiple_of(PAGE)
    }

    /// Position in the file of the staging area.
    #[must_use]
    pub const fn staging_at(&self) -> u64 {
        2 * PAGE
    }

    /// Position in the file of the staged piece at `offset`.
    #[must_use]
    pub fn staged_at(&self, offset: usize) -> u64 {
        self.staging_at() + PAGE + wide(offset) * wide(STAGED_BYTES)
    }

    /// Position in the file of sector number `slot`.
    #[must_use]
    pub fn sector_at(&self, slot: u32) -> u64 {
        self.staging_at() + self.staging_bytes() + u64::from(slot) * self.sector_bytes()
    }

    /// Bytes of a file of `sectors`; `None` when there is no such file.
    #[must_use]
    pub fn file_bytes(&self, sectors: u32) -> Option<u64> {
        let fixed = self.staging_at().checked_add(self.staging_bytes())?;
        self.sector_bytes().checked_mul(u64::from(sectors))?.checked_add(fixed)
    }

    /// Sectors that fit into a file of `size` bytes, at most `u32::MAX`.
    #[must_use]
    pub fn sectors_in(&self, size: u64) -> u32 {
        let fixed = self.staging_at() + self.staging_bytes();
        u32::try_from(size.saturating_sub(fixed) / self.sector_bytes()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::Preset;

    #[test]
    fn production_overhead_is_below_two_percent() {
        let layout = Layout::new(&ProtocolParams::preset(Preset::Production)).expect("a valid preset");
        let chunks = wide(layout.chunks() * SCALAR_BYTES);
        assert_eq!(chunks, 1_048_576_000);
        assert!(layout.sector_bytes() < chunks + chunks / 50, "{}", layout.sector_bytes());
    }

    #[test]
    fn maps_of_one_class_are_neighbours() {
        let params =
            ProtocolParams { pieces_in_sector: 10, audit_classes: 4, ..ProtocolParams::preset(Preset::Test) };
        let layout = Layout::new(&params).expect("valid");
        let order = [0, 4, 8, 1, 5, 9, 2, 6, 3, 7];
        for (position, offset) in order.into_iter().enumerate() {
            assert_eq!(layout.map_at(offset), PAGE + wide(position * MAP_BYTES), "offset {offset}");
        }
        let members: usize = (0..4).map(|class| layout.class_pieces(class)).sum();
        assert_eq!(members, 10);
        assert_eq!(layout.class_member(1, 2), 9);
    }

    #[test]
    fn sectors_fill_the_size_and_not_more() {
        let layout = Layout::new(&ProtocolParams::preset(Preset::Test)).expect("a valid preset");
        let three = layout.file_bytes(3).expect("small");
        assert_eq!(layout.sectors_in(three), 3);
        assert_eq!(layout.sectors_in(three - 1), 2);
        assert_eq!(layout.sectors_in(0), 0);
        assert_eq!(layout.sector_at(3), three);
    }
}
