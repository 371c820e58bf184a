//! Proving a candidate, and reading whole pieces back.

use crate::encoding::decode_chunks;
use crate::farm::Plotted;
use crate::plotter::piece_indexes;
use crate::sector::StoredRecord;
use crate::{Candidate, Farm, FarmError, Part};
use auto_core::{
    Address, ErrorCode, Piece, PieceIndex, PieceOffset, SectorIndex, Solution, evaluation_seed, hash,
    mask_chunk,
};
use auto_kzg::Kzg;
use auto_proof_of_space::Tables;
use std::time::Instant;

/// The piece of a candidate, read back from its plot, with the table that masks it there.
#[derive(Debug)]
pub struct Recovered {
    plotted: Plotted,
    tables: Tables,
    piece: Piece,
}

impl Farm {
    /// Turns a candidate into a solution.
    ///
    /// Builds the table of the piece once, reads and decodes its record, opens the chunk, and verifies
    /// the opening before giving it away. `in_time` is asked between the steps. Success, lateness and
    /// failure are counted in the farm's statistics.
    ///
    /// # Errors
    /// When time has run out, the sector was replaced since the audit, the disk fails, or the record
    /// does not decode; the sector is quarantined in the last case.
    pub fn prove(
        &self,
        candidate: &Candidate,
        reward_address: Address,
        in_time: &dyn Fn() -> bool,
    ) -> Result<Solution, FarmError> {
        let started = Instant::now();
        let result = self.prove_candidate(candidate, reward_address, in_time);
        let mut recorder = self.recorder.lock();
        match &result {
            Ok(_) => recorder.proved(started.elapsed()),
            Err(FarmError::Late { .. }) => recorder.late(),
            Err(error) => recorder.failed(error.code()),
        }
        result
    }

    fn prove_candidate(
        &self,
        candidate: &Candidate,
        reward_address: Address,
        in_time: &dyn Fn() -> bool,
    ) -> Result<Solution, FarmError> {
        let recovered = self.recover(candidate, in_time)?;
        self.solve(candidate, &recovered, reward_address, in_time)
    }

    /// Reads the piece of a candidate back: the first half of [`Farm::prove`], the same for all candidates that lie
    /// in the piece.
    ///
    /// # Errors
    /// When time has run out, the sector was replaced since the audit, the disk fails, or the record
    /// does not decode; the sector is quarantined in the last case.
    pub fn recover(&self, candidate: &Candidate, in_time: &dyn Fn() -> bool) -> Result<Recovered, FarmError> {
        on_time(in_time, "the audit")?;
        let plotted = self.plotted_sector(candidate.sector)?;
        if plotted.digest != candidate.digest {
            return Err(FarmError::Stale(candidate.sector));
        }
        let (tables, stored) = self.tables_and_record(&plotted, candidate.offset)?;
        on_time(in_time, "reading the record")?;
        let piece = self.guard(&plotted, decode(&plotted, &tables, &stored))?;
        on_time(in_time, "decoding the record")?;
        Ok(Recovered { plotted, tables, piece })
    }

    /// Opens the chunk of a candidate in its piece: the second half of [`Farm::prove`].
    ///
    /// # Errors
    /// When time has run out, the piece is of another sector or the sector was replaced since the audit, or the
    /// chunk is not what the candidate says; the sector is quarantined in the last case.
    pub fn solve(
        &self,
        candidate: &Candidate,
        Recovered { plotted, tables, piece }: &Recovered,
        reward_address: Address,
        in_time: &dyn Fn() -> bool,
    ) -> Result<Solution, FarmError> {
        if plotted.digest != candidate.digest {
            return Err(FarmError::Stale(candidate.sector));
        }
        let damaged = || FarmError::Damaged { sector: candidate.sector, part: Part::Record };
        let opened = Kzg::ceremony().open_chunk(&piece.record, candidate.s_bucket);
        let (chunk, chunk_witness) = opened.map_err(|error| FarmError::Kzg(error.to_string()))?;
        on_time(in_time, "opening the chunk")?;
        let verified =
            Kzg::ceremony().verify_chunk(&piece.commitment, candidate.s_bucket, &chunk, &chunk_witness);
        let proof = tables.proof(candidate.s_bucket);
        let masked = proof.as_ref().map(|proof| mask_chunk(&chunk, &hash(proof.bytes())));
        let proof = match proof {
            Some(proof) if verified.is_ok() && masked == Some(candidate.masked) => proof,
            _ => return self.guard(plotted, Err(damaged())),
        };
        on_time(in_time, "verifying the solution")?;
        Ok(Solution {
            public_key: self.header.public_key,
            reward_address,
            sector_index: candidate.sector,
            history_size: candidate.history_size,
            piece_offset: candidate.offset,
            record_commitment: piece.commitment,
            record_witness: piece.witness,
            chunk,
            chunk_witness,
            proof_of_space: proof,
        })
    }

    /// Builds the table of a piece while its record is read.
    fn tables_and_record(
        &self,
        plotted: &Plotted,
        offset: PieceOffset,
    ) -> Result<(Tables, StoredRecord), FarmError> {
        let seed = evaluation_seed(&plotted.id, offset);
        let reader = self.reader(plotted);
        let (tables, stored) = self.audit_threads.join(
            || Tables::generate(self.header.params.space_k, &seed),
            || reader.record(usize::from(offset.0), plotted.directory.as_deref()),
        );
        let tables = tables.map_err(|error| FarmError::Space(error.to_string()))?;
        Ok((tables, self.guard(plotted, stored)?))
    }

    /// Reads the piece at `offset` of a plotted sector back, verified against its checksum.
    ///
    /// # Errors
    /// When there is no such piece, the disk fails, or the record does not decode; the sector is
    /// quarantined in the last case.
    pub fn read_piece(&self, sector: SectorIndex, offset: PieceOffset) -> Result<Piece, FarmError> {
        if usize::from(offset.0) >= self.layout.pieces() {
            return Err(FarmError::UnknownOffset(offset));
        }
        let plotted = self.plotted_sector(sector)?;
        let (tables, stored) = self.tables_and_record(&plotted, offset)?;
        self.guard(&plotted, decode(&plotted, &tables, &stored))
    }

    /// Where a piece of the history lies in this farm, if it does.
    ///
    /// Derives the contents of every plotted sector anew, rather than keeping them in memory.
    #[must_use]
    pub fn locate(&self, index: PieceIndex) -> Option<(SectorIndex, PieceOffset)> {
        self.plotted().iter().find_map(|plotted| {
            let mut pieces = piece_indexes(self, &plotted.id, plotted.history_size);
            let (offset, _) = pieces.find(|(_, held)| *held == index)?;
            Some((plotted.sector, offset))
        })
    }
}

fn on_time(in_time: &dyn Fn() -> bool, step: &'static str) -> Result<(), FarmError> {
    if in_time() { Ok(()) } else { Err(FarmError::Late { step }) }
}

/// Unmasks and recovers a record, and checks that it is what was plotted.
fn decode(plotted: &Plotted, tables: &Tables, stored: &StoredRecord) -> Result<Piece, FarmError> {
    let damaged = || FarmError::Damaged { sector: plotted.sector, part: Part::Record };
    let chunks = decode_chunks(&stored.map, &stored.chunks, &tables.proof_hashes()).ok_or_else(damaged)?;
    let record = auto_kzg::recover_record(&chunks).map_err(|_| damaged())?;
    let metadata = &stored.metadata;
    let piece = Piece { record, commitment: metadata.commitment, witness: metadata.witness };
    if hash(&piece.to_bytes()) != metadata.checksum {
        return Err(damaged());
    }
    Ok(piece)
}
