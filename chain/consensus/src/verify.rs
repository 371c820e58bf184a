//! Verification of a block's header against its parent.

use crate::{BlockDigest, ChainState, Claim, ConsensusError, Derived, History, check_solution};
use auto_core::{
    Commitment, Hash, Header, HistorySize, PotJustification, PotOutput, ProtocolParams, SegmentHeader,
    SegmentIndex, ShardId, Signature, Slot,
};
use auto_proof_of_time::{TimeClaim, VerifiedCache, verify_justification};

/// What a header is verified against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The protocol parameters.
    pub params: &'a ProtocolParams,
    /// Hash of the genesis block; part of what a seal signs.
    pub genesis: &'a Hash,
    /// The parent's state.
    pub parent: &'a ChainState,
    /// The archived history up to the parent.
    pub history: &'a dyn History,
    /// The segment headers that archiving gives for this very block; most often none.
    pub segment_headers: &'a [SegmentHeader],
    /// The last slot that is known locally; `None` while syncing, when time is taken from the blocks.
    pub pot_tip: Option<Slot>,
    /// Slots that are known to be right.
    pub cache: &'a VerifiedCache,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("parent", self.parent)
            .field("segment_headers", &self.segment_headers)
            .field("pot_tip", &self.pot_tip)
            .finish_non_exhaustive()
    }
}

/// A header that was verified, with the state that its children are verified against.
///
/// Only [`verify_block`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedHeader {
    header: Header,
    digest: BlockDigest,
    state: ChainState,
}

impl VerifiedHeader {
    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The header's consensus items.
    #[must_use]
    pub const fn digest(&self) -> &BlockDigest {
        &self.digest
    }

    /// What children must agree with.
    #[must_use]
    pub const fn state(&self) -> &ChainState {
        &self.state
    }

    /// The block hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.state.hash
    }

    /// The header and the state, apart.
    #[must_use]
    pub fn into_parts(self) -> (Header, ChainState) {
        (self.header, self.state)
    }
}

/// The parent's history with the segments that a block announces itself.
pub(crate) struct Extended<'a> {
    history: &'a dyn History,
    parent: HistorySize,
    announced: &'a [SegmentHeader],
}

/// A view of the history up to `parent`, continued by `announced`.
pub(crate) fn extended<'a>(
    history: &'a dyn History,
    parent: HistorySize,
    announced: &'a [SegmentHeader],
) -> Extended<'a> {
    Extended { history, parent, announced }
}

impl History for Extended<'_> {
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        if index <= self.parent.last_segment() {
            return self.history.segment_commitment(index);
        }
        self.announced.iter().find(|header| header.index == index).map(|header| header.commitment)
    }
}

/// Verifies a header and the proof of its time, cheap checks first.
///
/// The order: structure, link to the parent, slot, declared values, segment headers, cheap checks of the
/// solution, seal, proof of space, openings, proof of time. The body is not looked at: executing it gives
/// the transactions root, state root and range root that the header must match.
///
/// # Errors
/// The first rule that is broken. [`ConsensusError::Time`] may be the fault of the justification alone,
/// which is not part of the block hash.
pub fn verify_block(
    cx: &Context<'_>,
    header: Header,
    justification: &PotJustification,
) -> Result<VerifiedHeader, ConsensusError> {
    let (digest, seal) = BlockDigest::read(&header)?;
    check_link(cx.parent, &header)?;
    let slot = digest.pre_digest.slot;
    let derived = cx.parent.derive(cx.params, slot)?;
    if let Some(tip) = cx.pot_tip.filter(|tip| slot > *tip) {
        return Err(ConsensusError::SlotBeyondTip { slot, tip });
    }
    check_declared(&derived, &digest)?;
    check_segment_headers(cx.params, cx.parent, &digest.segment_headers, cx.segment_headers)?;
    verify_claim(cx, &header, &digest, &seal)?;
    let proven = verify_time(cx, &derived, &digest, justification)?;
    let state = cx.parent.child(cx.params, header.hash(), &derived, &digest, &proven)?;
    Ok(VerifiedHeader { header, digest, state })
}

fn check_link(parent: &ChainState, header: &Header) -> Result<(), ConsensusError> {
    if header.shard != ShardId(0) {
        return Err(ConsensusError::Shard { shard: header.shard });
    }
    if header.parent_hash != parent.hash {
        return Err(ConsensusError::Parent { declared: header.parent_hash, expected: parent.hash });
    }
    match parent.number.checked_add(1) {
        Some(expected) if header.number == expected => Ok(()),
        expected => Err(ConsensusError::Number {
            declared: header.number,
            expected: expected.unwrap_or(parent.number),
        }),
    }
}

/// Compares what the header declares with what the parent derives.
fn check_declared(derived: &Derived, digest: &BlockDigest) -> Result<(), ConsensusError> {
    if digest.iterations != derived.iterations {
        return Err(ConsensusError::Iterations { declared: digest.iterations, expected: derived.iterations });
    }
    if digest.solution_range != derived.solution_range {
        return Err(ConsensusError::SolutionRange {
            declared: digest.solution_range,
            expected: derived.solution_range,
        });
    }
    if digest.next_solution_range != derived.next_solution_range {
        return Err(ConsensusError::NextSolutionRange {
            declared: digest.next_solution_range,
            expected: derived.next_solution_range,
        });
    }
    if digest.change != derived.change {
        return Err(ConsensusError::ParametersChange {
            declared: Box::new(digest.change),
            expected: Box::new(derived.change),
        });
    }
    Ok(())
}

/// Checks that segment headers continue the history, are old enough, and are exactly those expected.
///
/// # Errors
/// The first segment header that breaks a rule, or the first difference from `expected`.
pub(crate) fn check_segment_headers(
    params: &ProtocolParams,
    parent: &ChainState,
    declared: &[SegmentHeader],
    expected: &[SegmentHeader],
) -> Result<(), ConsensusError> {
    let depth = params.confirmation_depth;
    let overflow = ConsensusError::HistoryOverflow { size: parent.history_size };
    let number = parent.number.checked_add(1).ok_or_else(|| overflow.clone())?;
    let (mut size, mut previous) = (parent.history_size, parent.last_segment_hash);
    for header in declared {
        let due = SegmentIndex(size.segments());
        if header.index != due {
            return Err(ConsensusError::SegmentIndex { declared: header.index, expected: due });
        }
        if header.previous_hash != previous {
            return Err(ConsensusError::SegmentPreviousHash {
                index: header.index,
                declared: header.previous_hash,
                expected: previous,
            });
        }
        let archived = header.last_archived_block.number;
        if archived.checked_add(depth).is_none_or(|confirmed| confirmed > number) {
            return Err(ConsensusError::SegmentTooEarly { index: header.index, archived, number, depth });
        }
        size = header.history_size().ok_or_else(|| overflow.clone())?;
        previous = header.hash();
    }
    if declared == expected {
        return Ok(());
    }
    let same = declared.iter().zip(expected).take_while(|(one, other)| one == other).count();
    Err(ConsensusError::SegmentHeaders { declared: declared.len(), expected: expected.len(), position: same })
}

/// Verifies the solution and the seal: cheap checks, signature, proof of space, openings.
fn verify_claim(
    cx: &Context<'_>,
    header: &Header,
    digest: &BlockDigest,
    seal: &Signature,
) -> Result<(), ConsensusError> {
    let solution = &digest.pre_digest.solution;
    let claim = Claim {
        slot: digest.pre_digest.slot,
        proof_of_time: digest.pre_digest.proof_of_time,
        solution_range: digest.solution_range,
        history_size: cx.parent.history_size,
        announces_segment: !digest.segment_headers.is_empty(),
    };
    let history = extended(cx.history, cx.parent.history_size, &digest.segment_headers);
    let checked = check_solution(cx.params, &history, &claim, solution)?;
    header
        .verify_seal(&solution.public_key, cx.genesis, seal)
        .map_err(|_| ConsensusError::Seal { key: solution.public_key })?;
    checked.verify(cx.params)
}

/// Verifies the proof of time; gives the outputs of the slots that it proves.
fn verify_time(
    cx: &Context<'_>,
    derived: &Derived,
    digest: &BlockDigest,
    justification: &PotJustification,
) -> Result<Vec<PotOutput>, ConsensusError> {
    let slot = digest.pre_digest.slot;
    let claim = TimeClaim {
        slot,
        proof_of_time: digest.pre_digest.proof_of_time,
        future_slot: derived.future_slot,
        future_proof_of_time: digest.pre_digest.future_proof_of_time,
    };
    let (time, earlier) = (cx.parent.time(), cx.parent.output(slot));
    verify_justification(&time, cx.parent.change(), earlier, &claim, justification, cx.cache)
        .map_err(ConsensusError::Time)?;
    Ok(justification.checkpoints.iter().map(auto_core::PotCheckpoints::output).collect())
}
