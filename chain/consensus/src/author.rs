//! Building headers, by the same derivations that verify them.

use crate::verify::check_segment_headers;
use crate::{BlockDigest, ChainState, Claim, ConsensusError, History, check_solution};
use auto_core::{Hash, Header, List, PreDigest, ProtocolParams, SEGMENT_HEADERS_MAX, SegmentHeader, ShardId};

/// The roots that executing a body gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roots {
    /// Merkle root over the hashes of the transactions.
    pub transactions: Hash,
    /// Root of the state after the block.
    pub state: Hash,
    /// Root of the Merkle mountain range over all blocks before this one.
    pub mmr: Hash,
}

/// What an author proposes for a solution, before the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The claim: slot, solution, and the two outputs that the local proof of time gave.
    pub pre_digest: PreDigest,
    /// The roots of the executed body.
    pub roots: Roots,
    /// The segment headers that archiving gives for this very block.
    pub segment_headers: List<SegmentHeader, SEGMENT_HEADERS_MAX>,
}

/// Builds the header of a child of `parent` with every derived item; the farmer seals it.
///
/// # Errors
/// When verification would refuse the header for anything but its proofs of time, its openings and its seal.
pub fn build_header(
    params: &ProtocolParams,
    parent: &ChainState,
    history: &dyn History,
    proposal: Proposal,
) -> Result<Header, ConsensusError> {
    let Proposal { pre_digest, roots, segment_headers } = proposal;
    let derived = parent.derive(params, pre_digest.slot)?;
    check_segment_headers(params, parent, &segment_headers, &segment_headers)?;
    let claim = Claim {
        slot: pre_digest.slot,
        proof_of_time: pre_digest.proof_of_time,
        solution_range: derived.solution_range,
        history_size: parent.history_size,
        announces_segment: !segment_headers.is_empty(),
    };
    let extended = crate::verify::extended(history, parent.history_size, &segment_headers);
    // The slot's output may have changed in a reorganisation since the farmer audited it.
    check_solution(params, &extended, &claim, &pre_digest.solution)?.verify_space(params)?;
    let digest = BlockDigest {
        pre_digest,
        iterations: derived.iterations,
        solution_range: derived.solution_range,
        next_solution_range: derived.next_solution_range,
        change: derived.change,
        segment_headers,
    };
    Ok(Header {
        shard: ShardId(0),
        number: derived.number,
        parent_hash: parent.hash,
        transactions_root: roots.transactions,
        state_root: roots.state,
        mmr_root: roots.mmr,
        digest: digest.into_unsealed(),
    })
}
