//! Proving and verifying a solution.

use super::plotted::{note, plot};
use super::{Figures, figures, median, rounded, timed};
use crate::error::{CliError, internal};
use auto_consensus::{Claim, verify_solution};
use auto_core::{Address, HistorySize, PotOutput, Slot, Solution, SolutionRange, global_challenge};
use parity_scale_codec::Encode;
use serde_json::json;

const PIECES: u16 = 16;
const SECTORS: u32 = 2;
const PROOFS: usize = 15;

pub(super) fn measure() -> Result<Figures, CliError> {
    let plotted = plot(PIECES, SECTORS)?;
    let history = vec![plotted.segment.header.clone()];
    let (mut prove_s, mut verify_s, mut bytes) = (Vec::new(), Vec::new(), 0);
    for slot in 1..1000u64 {
        let proof_of_time =
            PotOutput(auto_core::hash(&slot.to_le_bytes()).0.first_chunk().copied().unwrap_or_default());
        let challenge = global_challenge(&proof_of_time, Slot(slot));
        let range = SolutionRange(u64::MAX);
        let Some(candidate) = plotted.farm.audit(&challenge, range).candidates.into_iter().next() else {
            continue;
        };
        let (time, solution) = timed(|| plotted.farm.prove(&candidate, Address([0; 32]), &|| true));
        let solution: Solution = solution?;
        prove_s.push(time);
        let claim = Claim {
            slot: Slot(slot),
            proof_of_time,
            solution_range: range,
            history_size: HistorySize::ONE,
            announces_segment: false,
        };
        let (time, verified) = timed(|| verify_solution(&plotted.params, &history, &claim, &solution));
        verified.map_err(internal)?;
        verify_s.push(time);
        bytes = bytes.max(solution.encoded_size());
        if prove_s.len() == PROOFS {
            break;
        }
    }
    if prove_s.is_empty() {
        return Err(internal("no audit found a chunk"));
    }
    Ok(figures([
        ("solution_bytes", json!(bytes)),
        ("prove_ms_p50", rounded(median(prove_s) * 1e3)),
        ("verify_ms_p50", rounded(median(verify_s) * 1e3)),
        (
            "note",
            json!(format!("{}; median of {PROOFS} solutions, each verified in full", note(PIECES, SECTORS))),
        ),
    ]))
}
