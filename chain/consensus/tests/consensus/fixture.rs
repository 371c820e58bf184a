//! A farmer that plots sectors in memory, finds solutions and authors blocks of the test preset.

use auto_consensus::{
    BlockDigest, ChainState, Claim, ConsensusError, Context, Proposal, Roots, VerifiedHeader, build_header,
    verify_block,
};
use auto_core::{
    Address, BlockNumber, ChallengeBits, Commitment, Hash, Header, HistorySize, KeyPair, LastArchivedBlock,
    List, PieceIndex, PieceOffset, PotCheckpoints, PotJustification, PotOutput, PotSeed, PreDigest, Preset,
    ProtocolParams, RAW_RECORD_BYTES, SBucket, ScalarBytes, SectorIndex, SegmentHeader, SegmentIndex,
    ShardId, Slot, Solution, SolutionRange, Witness, evaluation_seed, global_challenge, hash,
    is_within_range, mask_chunk, piece_index, sector_id, solution_distance,
};
use auto_kzg::{Kzg, extend_record, raw_to_record};
use auto_proof_of_space::Tables;
use auto_proof_of_time::{NextInput, VerifiedCache, prove};
use std::sync::OnceLock;

/// Blocks of the shared chain above genesis: two eras and two injections of entropy.
pub(crate) const BLOCKS: usize = 18;
/// The block of the shared chain that announces segment 1.
pub(crate) const ANNOUNCING: u64 = 7;

pub(crate) struct Segment {
    pub(crate) header: SegmentHeader,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) commitments: Vec<Commitment>,
    pub(crate) witnesses: Vec<Witness>,
}

/// One plotted piece.
pub(crate) struct Plotted {
    pub(crate) piece: PieceIndex,
    pub(crate) tables: Tables,
    pub(crate) chunks: Vec<ScalarBytes>,
}

/// A sector in memory.
pub(crate) struct Sector {
    pub(crate) id: Hash,
    pub(crate) index: SectorIndex,
    pub(crate) history_size: HistorySize,
    pub(crate) pieces: Vec<Plotted>,
}

/// A block that somebody authored.
#[derive(Clone)]
pub(crate) struct Authored {
    pub(crate) header: Header,
    pub(crate) justification: PotJustification,
}

/// The shared chain: segments, two sectors of one farmer, and verified blocks with their states.
pub(crate) struct Fixture {
    pub(crate) params: ProtocolParams,
    pub(crate) genesis: Hash,
    pub(crate) farmer: KeyPair,
    pub(crate) segments: Vec<Segment>,
    pub(crate) headers: Vec<SegmentHeader>,
    /// Plotted at history size 1.
    pub(crate) sector: Sector,
    /// Plotted at history size 2, before segment 1 is announced.
    pub(crate) young: Sector,
    pub(crate) cache: VerifiedCache,
    /// By height; genesis first.
    pub(crate) states: Vec<ChainState>,
    /// By height less one.
    pub(crate) blocks: Vec<Authored>,
    pub(crate) verified: Vec<VerifiedHeader>,
}

pub(crate) const ROOTS: Roots =
    Roots { transactions: Hash([1; 32]), state: Hash([2; 32]), mmr: Hash([3; 32]) };

pub(crate) fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(Fixture::build)
}

fn segment(params: &ProtocolParams, index: u64, previous: Option<&SegmentHeader>) -> Segment {
    let pieces = params.pieces_per_segment();
    let records: Vec<_> = (0..pieces)
        .map(|piece| {
            let mut raw = vec![0; RAW_RECORD_BYTES];
            blake3_fill(&[index, piece], &mut raw);
            raw_to_record(&raw).unwrap()
        })
        .collect();
    let kzg = Kzg::ceremony();
    let commitments: Vec<_> = records.iter().map(|record| kzg.commit_record(record).unwrap()).collect();
    let (commitment, witnesses) = kzg.commit_segment(&commitments).unwrap();
    let header = SegmentHeader {
        index: SegmentIndex(index),
        commitment,
        previous_hash: previous.map_or(Hash::ZERO, SegmentHeader::hash),
        last_archived_block: LastArchivedBlock { number: BlockNumber(index), partial_bytes: None },
    };
    Segment { header, records, commitments, witnesses }
}

fn blake3_fill(seed: &[u64], out: &mut [u8]) {
    for (counter, part) in out.chunks_mut(32).enumerate() {
        let bytes = format!("{seed:?}{counter}");
        part.copy_from_slice(&hash(bytes.as_bytes()).0[..part.len()]);
    }
}

impl Fixture {
    fn build() -> Self {
        let params = ProtocolParams::preset(Preset::Test);
        let farmer = KeyPair::from_secret(&[7; 32]);
        let first = segment(&params, 0, None);
        let second = segment(&params, 1, Some(&first.header));
        let headers = vec![first.header.clone(), second.header.clone()];
        let segments = vec![first, second];
        let genesis = Header {
            shard: ShardId(0),
            number: BlockNumber(0),
            parent_hash: params.hash(),
            transactions_root: Hash::ZERO,
            state_root: Hash::ZERO,
            mmr_root: Hash::ZERO,
            digest: List::default(),
        }
        .hash();
        let state = ChainState::genesis(&params, genesis, b"entropy", &headers[0]).unwrap();
        let key = &farmer;
        let sector = plot(&params, &segments, key, SectorIndex(0), HistorySize::ONE);
        let young = plot(&params, &segments, key, SectorIndex(1), HistorySize::new(2).unwrap());
        let mut fixture = Self {
            params,
            genesis,
            farmer,
            segments,
            headers,
            sector,
            young,
            cache: VerifiedCache::new(10_000),
            states: vec![state],
            blocks: Vec::new(),
            verified: Vec::new(),
        };
        for _ in 0..BLOCKS {
            let parent = fixture.states.last().unwrap().clone();
            let due = fixture.due(&parent);
            let block = fixture.author(&parent, &fixture.sector, &due);
            let verified = fixture.verify(&parent, &block).unwrap();
            fixture.states.push(verified.state().clone());
            fixture.blocks.push(block);
            fixture.verified.push(verified);
        }
        fixture
    }

    /// The segment headers that the child of `parent` must carry.
    pub(crate) fn due(&self, parent: &ChainState) -> Vec<SegmentHeader> {
        if parent.number().0 + 1 == ANNOUNCING { vec![self.headers[1].clone()] } else { Vec::new() }
    }

    /// The inputs and checkpoints of slots after the parent's future slot, up to `last`.
    pub(crate) fn time(&self, parent: &ChainState, last: Slot) -> Vec<(NextInput, PotCheckpoints)> {
        let (mut input, mut time) = (parent.next_input(), Vec::new());
        while input.slot <= last {
            let checkpoints = self.cache.prove(input.seed, input.iterations).unwrap();
            time.push((input, checkpoints));
            input = input.ended(checkpoints.output()).next_input(parent.change());
        }
        time
    }

    pub(crate) fn output(&self, parent: &ChainState, slot: Slot) -> PotOutput {
        parent.output(slot).unwrap_or_else(|| self.time(parent, slot).last().unwrap().1.output())
    }

    /// The justification of a child of `parent` at `slot`.
    pub(crate) fn justification(&self, parent: &ChainState, slot: Slot) -> PotJustification {
        let time = self.time(parent, Slot(slot.0 + self.params.authoring_delay));
        let checkpoints = time.iter().map(|(_, checkpoints)| *checkpoints).collect();
        PotJustification { seed: parent.next_input().seed, checkpoints: List::new(checkpoints).unwrap() }
    }

    /// The best solution of `sector` for a slot with the given output, and its distance.
    pub(crate) fn solve(&self, sector: &Sector, output: &PotOutput, slot: Slot) -> Option<(Solution, u64)> {
        let challenge = global_challenge(output, slot);
        let bits = ChallengeBits::new(&sector.id, &challenge, self.params.audit_classes);
        let audit = |offset: u16| {
            let piece = &sector.pieces[usize::from(offset)];
            let proof = piece.tables.proof(bits.s_bucket)?;
            let chunk = piece.chunks[usize::from(bits.s_bucket.0)];
            let masked = mask_chunk(&chunk, &hash(proof.bytes()));
            Some((solution_distance(&challenge, &bits.sector_slot_challenge, &masked), offset))
        };
        let (distance, offset) = (0..self.params.pieces_in_sector).filter_map(audit).min()?;
        let proof = sector.pieces[usize::from(offset)].tables.proof(bits.s_bucket)?;
        Some((self.solution(sector, offset, bits.s_bucket, proof), distance))
    }

    /// A solution with real openings for a chunk, whatever its distance.
    pub(crate) fn solution(
        &self,
        sector: &Sector,
        offset: u16,
        s_bucket: SBucket,
        proof_of_space: auto_core::SpaceProof,
    ) -> Solution {
        let plotted = &sector.pieces[usize::from(offset)];
        let (segment, position) = self.locate(plotted.piece);
        let (chunk, chunk_witness) =
            Kzg::ceremony().open_chunk(&segment.records[position], s_bucket).unwrap();
        Solution {
            public_key: self.farmer.public_key(),
            reward_address: self.farmer.public_key().address(),
            sector_index: sector.index,
            history_size: sector.history_size,
            piece_offset: PieceOffset(offset),
            record_commitment: segment.commitments[position],
            record_witness: segment.witnesses[position],
            chunk,
            chunk_witness,
            proof_of_space,
        }
    }

    pub(crate) fn locate(&self, piece: PieceIndex) -> (&Segment, usize) {
        let pieces = self.params.pieces_per_segment();
        let segment = usize::try_from(piece.segment(pieces).unwrap().0).unwrap();
        (&self.segments[segment], usize::try_from(piece.position(pieces).unwrap()).unwrap())
    }

    /// The first winning claim of `sector` after `after`, which is at least the parent's slot.
    pub(crate) fn claim(&self, parent: &ChainState, sector: &Sector, after: Slot) -> PreDigest {
        for slot in (after.0 + 1..).map(Slot) {
            let proof_of_time = self.output(parent, slot);
            let solved = self.solve(sector, &proof_of_time, slot);
            let Some((solution, distance)) = solved else { continue };
            if is_within_range(distance, parent.solution_range()) {
                let future = Slot(slot.0 + self.params.authoring_delay);
                let future_proof_of_time = self.output(parent, future);
                return PreDigest { slot, solution, proof_of_time, future_proof_of_time };
            }
        }
        unreachable!("slots do not end")
    }

    /// A sealed child of `parent` by the first winning solution of `sector`.
    pub(crate) fn author(&self, parent: &ChainState, sector: &Sector, due: &[SegmentHeader]) -> Authored {
        let pre_digest = self.claim(parent, sector, parent.slot());
        self.author_claim(parent, pre_digest, ROOTS, due)
    }

    pub(crate) fn author_claim(
        &self,
        parent: &ChainState,
        pre_digest: PreDigest,
        roots: Roots,
        due: &[SegmentHeader],
    ) -> Authored {
        let justification = self.justification(parent, pre_digest.slot);
        let segment_headers = List::new(due.to_vec()).unwrap();
        let proposal = Proposal { pre_digest, roots, segment_headers };
        let header = build_header(&self.params, parent, &self.headers, proposal).unwrap();
        Authored { header: header.seal(&self.farmer, &self.genesis).unwrap(), justification }
    }

    /// The block with its digest changed, sealed anew by the farmer.
    pub(crate) fn tampered(&self, block: &Authored, change: impl FnOnce(&mut BlockDigest)) -> Authored {
        let (mut digest, _) = BlockDigest::read(&block.header).unwrap();
        change(&mut digest);
        let header = Header { digest: digest.into_unsealed(), ..block.header.clone() };
        Authored { header: header.seal(&self.farmer, &self.genesis).unwrap(), ..block.clone() }
    }

    pub(crate) fn context<'a>(&'a self, parent: &'a ChainState, due: &'a [SegmentHeader]) -> Context<'a> {
        Context {
            params: &self.params,
            genesis: &self.genesis,
            parent,
            history: &self.headers,
            segment_headers: due,
            pot_tip: None,
            cache: &self.cache,
        }
    }

    pub(crate) fn verify(
        &self,
        parent: &ChainState,
        block: &Authored,
    ) -> Result<VerifiedHeader, ConsensusError> {
        let due = self.due(parent);
        verify_block(&self.context(parent, &due), block.header.clone(), &block.justification)
    }

    /// The parent's state and the block of a height of the shared chain.
    pub(crate) fn at(&self, number: usize) -> (&ChainState, &Authored) {
        (&self.states[number - 1], &self.blocks[number - 1])
    }

    /// What the block of a height was refused for once its digest was changed and it was sealed anew.
    pub(crate) fn refusal(&self, number: usize, change: impl FnOnce(&mut BlockDigest)) -> ConsensusError {
        let (parent, block) = self.at(number);
        self.verify(parent, &self.tampered(block, change)).unwrap_err()
    }

    /// A real solution with what it is measured by.
    pub(crate) fn solved(&self, number: usize) -> (Claim, Solution) {
        let (parent, block) = self.at(number);
        let pre_digest = block.header.pre_digest().unwrap();
        let claim = Claim {
            slot: pre_digest.slot,
            proof_of_time: pre_digest.proof_of_time,
            solution_range: parent.solution_range(),
            history_size: parent.history_size(),
            announces_segment: false,
        };
        (claim, pre_digest.solution.clone())
    }

    /// As [`Self::solved`] with a range that every chunk meets, so that only proofs decide.
    pub(crate) fn wide(&self, number: usize) -> (Claim, Solution) {
        let (claim, solution) = self.solved(number);
        (Claim { solution_range: SolutionRange(u64::MAX), ..claim }, solution)
    }
}

fn plot(
    params: &ProtocolParams,
    segments: &[Segment],
    farmer: &KeyPair,
    index: SectorIndex,
    history_size: HistorySize,
) -> Sector {
    let id = sector_id(&farmer.public_key(), index, history_size);
    let pieces = (0..params.pieces_in_sector)
        .map(|offset| {
            let piece = piece_index(params, &id, history_size, PieceOffset(offset)).unwrap();
            let segment = usize::try_from(piece.segment(params.pieces_per_segment()).unwrap().0).unwrap();
            let position = usize::try_from(piece.position(params.pieces_per_segment()).unwrap()).unwrap();
            Plotted {
                piece,
                tables: Tables::generate(params.space_k, &evaluation_seed(&id, PieceOffset(offset))).unwrap(),
                chunks: extend_record(&segments[segment].records[position]).unwrap(),
            }
        })
        .collect();
    Sector { id, index, history_size, pieces }
}

/// Another farmer's key.
pub(crate) fn stranger(id: u8) -> KeyPair {
    KeyPair::from_secret(&[id; 32])
}

pub(crate) fn address(id: u8) -> Address {
    Address([id; 32])
}

/// The checkpoints that a prover computes who starts from `seed`.
pub(crate) fn checkpoints_from(seed: PotSeed, iterations: u64) -> PotCheckpoints {
    prove(seed, iterations).unwrap()
}
