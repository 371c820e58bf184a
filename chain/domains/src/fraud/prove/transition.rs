//! Proving a root of the trace wrong.

use super::{Evidence, Layered, root::inclusion};
use crate::derive::{Step, step};
use crate::fraud::{Claim, FraudError, FraudKind, Phase};
use auto_state::{Changes, NodeSource, Recorder, Snapshot};

/// Proves the root at `at`, the first that is wrong.
pub(super) fn wrong_root<S: NodeSource>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
    at: usize,
) -> Result<FraudKind, FraudError> {
    let (rules, derived) = (&claim.rules, evidence.derived);
    // The state before the step: what the steps before it changed, together, over the parent's.
    let before: Changes = derived.steps.iter().take(at).flat_map(Clone::clone).collect();
    let parent = Snapshot::new(&evidence.source, claim.parent.state_root);
    let commit = parent.commit(&before).map_err(FraudError::Witness)?;
    let source = Layered { fresh: commit.fresh.into_iter().collect(), below: &evidence.source };
    let recorder = Recorder::new(&source);
    let state = Snapshot::new(&recorder, commit.root);

    let last = derived.steps.len().saturating_sub(1);
    let (phase, changes) = if at == 0 {
        (Phase::Initialize, step(rules, Step::Initialize, &state)?.0)
    } else if at == last {
        (Phase::Finalize, step(rules, Step::Finalize, &state)?.0)
    } else {
        let extrinsic = at.checked_sub(1).and_then(|index| derived.ordered.get(index));
        let (_, bytes) = extrinsic.ok_or(FraudError::NotIncluded)?;
        let decoded = rules.domain.decode(bytes);
        let checked = decoded.and_then(|decoded| rules.domain.check(rules.environment, decoded));
        let checked = checked.map_err(|_| FraudError::NotIncluded)?;
        let (changes, _) = step(rules, Step::Apply(&checked), &state)?;
        (Phase::Apply { extrinsic: bytes.clone(), proof: inclusion(claim, evidence, at)? }, changes)
    };
    // Committing reads the nodes beside what is changed; they belong to the witness.
    state.commit(&changes).map_err(FraudError::Witness)?;
    Ok(FraudKind::StateTransition { phase, witness: recorder.into_witness() })
}
