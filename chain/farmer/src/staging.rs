//! The staging area: pieces of the sector that is being plotted, in the order they get ready.
//!
//! Where a chunk lies in a sector depends on all pieces of the sector, so encoded pieces wait here
//! and move to their place together. Each staged piece carries a checksum and the identity of its
//! sector, so whatever a crash leaves is either taken up again or made anew.

use crate::disk::PlotFile;
use crate::encoding::EncodedRecord;
use crate::header::StagingHeader;
use crate::layout::{CHUNK_BYTES, Layout, MAP_BYTES, PAGE, STAGED_HEADER_BYTES, wide};
use crate::{ContentsMap, FarmError};
use auto_core::{CHUNKS_PER_RECORD, Commitment, Hash, PieceOffset, SCALAR_BYTES, Witness};
use std::path::Path;

/// A staged piece without its chunks.
#[derive(Debug, Clone)]
pub(crate) struct StagedPiece {
    pub(crate) offset: PieceOffset,
    pub(crate) commitment: Commitment,
    pub(crate) witness: Witness,
    /// BLAKE3 of the piece's bytes.
    pub(crate) checksum: Hash,
    pub(crate) map: ContentsMap,
}

/// The staging area of a plot file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Staging<'a> {
    pub(crate) file: &'a dyn PlotFile,
    pub(crate) path: &'a Path,
    pub(crate) layout: &'a Layout,
}

impl Staging<'_> {
    fn failed(&self, action: &'static str, error: std::io::Error) -> FarmError {
        FarmError::io(action, self.path, error)
    }

    /// Which sector the area was last used for.
    pub(crate) fn header(&self) -> Result<Option<StagingHeader>, FarmError> {
        let mut page = vec![0; usize::try_from(PAGE).unwrap_or_default()];
        self.file.read_at(&mut page, self.layout.staging_at()).map_err(|error| self.failed("read", error))?;
        Ok(StagingHeader::from_page(&page))
    }

    pub(crate) fn begin(&self, header: StagingHeader) -> Result<(), FarmError> {
        let page = header.to_page()?;
        self.file.write_at(&page, self.layout.staging_at()).map_err(|error| self.failed("write", error))
    }

    /// Stores one encoded piece.
    pub(crate) fn store(
        &self,
        sector_id: &Hash,
        piece: &StagedPiece,
        record: &EncodedRecord,
    ) -> Result<(), FarmError> {
        let encoded = u16::try_from(piece.map.count()).unwrap_or(u16::MAX);
        let body = [
            sector_id.as_ref(),
            &piece.offset.0.to_le_bytes(),
            &encoded.to_le_bytes(),
            &piece.commitment.0,
            &piece.witness.0,
            piece.checksum.as_ref(),
            piece.map.bytes(),
            &record.chunks,
        ]
        .concat();
        let staged = [auto_core::hash(&body).as_ref(), &body].concat();
        let position = self.layout.staged_at(usize::from(piece.offset.0));
        self.file.write_at(&staged, position).map_err(|error| self.failed("write", error))
    }

    /// Reads one staged piece back if it is whole and belongs to `sector_id`.
    pub(crate) fn load(
        &self,
        sector_id: &Hash,
        offset: PieceOffset,
    ) -> Result<Option<StagedPiece>, FarmError> {
        let mut staged = vec![0; STAGED_HEADER_BYTES + CHUNK_BYTES];
        let position = self.layout.staged_at(usize::from(offset.0));
        let (head, chunks) = staged.split_at_mut(STAGED_HEADER_BYTES);
        self.file.read_at(head, position).map_err(|error| self.failed("read", error))?;
        // What belongs to another sector is told apart without reading its chunks.
        if head.get(32..64) != Some(sector_id.as_ref()) {
            return Ok(None);
        }
        let position = position + wide(STAGED_HEADER_BYTES);
        self.file.read_at(chunks, position).map_err(|error| self.failed("read", error))?;
        Ok(parse(&staged, offset))
    }

    /// Reads the chunks `from..to` of a staged piece.
    pub(crate) fn chunks(&self, offset: usize, from: usize, to: usize) -> Result<Vec<u8>, FarmError> {
        let mut bytes = vec![0; to.min(CHUNKS_PER_RECORD).saturating_sub(from) * SCALAR_BYTES];
        let position = self.layout.staged_at(offset) + wide(STAGED_HEADER_BYTES + from * SCALAR_BYTES);
        self.file.read_at(&mut bytes, position).map_err(|error| self.failed("read", error))?;
        Ok(bytes)
    }
}

fn parse(staged: &[u8], offset: PieceOffset) -> Option<StagedPiece> {
    let (checksum, body) = staged.split_at_checked(32)?;
    if auto_core::hash(body).as_ref() != checksum {
        return None;
    }
    let (_, rest) = body.split_at_checked(32)?;
    let (found, rest) = rest.split_at_checked(4)?;
    let (commitment, rest) = rest.split_at_checked(48)?;
    let (witness, rest) = rest.split_at_checked(48)?;
    let (checksum, rest) = rest.split_at_checked(32)?;
    let map = ContentsMap::from_bytes(rest.get(..MAP_BYTES)?)?;
    let [low, high] = offset.0.to_le_bytes();
    let [count_low, count_high] = u16::try_from(map.count()).ok()?.to_le_bytes();
    (found == [low, high, count_low, count_high]).then_some(StagedPiece {
        offset,
        commitment: Commitment(commitment.try_into().ok()?),
        witness: Witness(witness.try_into().ok()?),
        checksum: Hash(checksum.try_into().ok()?),
        map,
    })
}
