//! Telling every lie about a block, and having each proven wrong.

use super::lies::{Lie, Proves, lies};
use super::{DomainHarness, Done, HarnessError};
use crate::Failure;
use crate::consensus::Operator;
use auto_core::{ErrorCode, ExecutionReceipt, Hash, OpaqueExtrinsic, ProofOfElection, Slot, decode_strict};
use auto_domains::derive::{Derived, ParentTip};
use auto_domains::fraud::{Claim, Evidence, FRAUD_PROOF_BYTES_MAX, FraudProof, judge, prove, verify};
use auto_domains::state::DomainBlock;
use auto_module::Contents;
use auto_state::{Changes, StateError, StateRead};
use parity_scale_codec::Encode;

/// Consensus blocks that a lie waits for an operator to be elected.
const PATIENCE: u64 = 200;

/// The consensus state after a block that is not part of the chain.
struct Imagined<'a> {
    changes: Changes,
    below: &'a Contents,
}

impl StateRead for Imagined<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        match self.changes.get(key) {
            Some(value) => Ok(value.clone()),
            None => StateRead::get(self.below, key),
        }
    }
}

/// A block and the right of some operator to state its receipt in the next consensus block.
pub(super) struct Trial<'a> {
    harness: &'a DomainHarness,
    block: &'a DomainBlock,
    bodies: &'a [&'a [OpaqueExtrinsic]],
    tip: ParentTip,
    operator: &'a Operator,
    right: ProofOfElection,
}

impl<'a> Trial<'a> {
    /// Waits until an operator is elected.
    pub(super) fn open(
        harness: &'a mut DomainHarness,
        block: &'a DomainBlock,
        bodies: &'a [&'a [OpaqueExtrinsic]],
    ) -> Result<Self, HarnessError> {
        let mut waited = 0;
        while !harness.operators.iter().any(|one| harness.chain.right(one, Slot(0)).is_some()) {
            harness.chain.idle(1)?;
            waited += 1;
            if waited > PATIENCE {
                return Err(Failure("no operator is elected".to_owned()).into());
            }
        }
        let harness: &'a DomainHarness = harness;
        let elected = harness
            .operators
            .iter()
            .find_map(|operator| harness.chain.right(operator, Slot(0)).map(|right| (operator, right)));
        let (operator, right) = elected.ok_or_else(|| Failure("no operator is elected".to_owned()))?;
        let tip = ParentTip::of(&harness.newest);
        Ok(Self { harness, block, bodies, tip, operator, right })
    }

    /// Tells the lies.
    pub(super) fn hold(&self, done: &mut Done) -> Result<(), HarnessError> {
        let derived = &done.derived;
        let claim = self.claim(&derived.receipt);
        match prove(&claim, &self.evidence(derived)) {
            Ok(None) => {}
            other => return Err(Failure(format!("a proof against the truth: {other:?}")).into()),
        }
        let truth = self.stated(&derived.receipt);
        let truth = truth.map_err(|code| Failure(format!("the right receipt is refused: {code}")))?;
        let counts: Vec<usize> = self.bodies.iter().map(|body| body.len()).collect();
        let lies = lies(derived, &self.tip, &counts);
        let most = self.harness.lies_per_block.min(lies.len());
        let first = usize::try_from(derived.receipt.number.0).unwrap_or(0);
        let (mut door, mut longest) = (0usize, 0);
        for turn in 0..most {
            // Evenly spread, each block from another lie on.
            let at = turn.saturating_mul(lies.len()).checked_div(most).unwrap_or(0);
            let at = at.saturating_add(first).checked_rem(lies.len()).unwrap_or(0);
            let Some(lie) = lies.get(at) else { continue };
            let proof = self.proof(lie, derived)?;
            longest = longest.max(proof.encoded_size());
            if !self.accepted(lie, &proof)? {
                door = door.saturating_add(1);
            }
            self.refused_against(&truth, &derived.receipt, lie, &proof)?;
        }
        (done.lies, done.at_the_door, done.longest_proof) = (most, door, longest);
        Ok(())
    }

    fn claim<'b>(&'b self, receipt: &'b ExecutionReceipt) -> Claim<'b> {
        Claim { rules: self.harness.rules(self.block), parent: &self.tip, receipt }
    }

    fn evidence<'b>(&'b self, derived: &'b Derived) -> Evidence<'b, &'b auto_state::MemoryNodes> {
        Evidence { bundles: self.bodies, derived, source: &self.harness.nodes }
    }

    /// The consensus state after a block in which an operator states a receipt; the code, when it is refused.
    fn stated(&self, receipt: &ExecutionReceipt) -> Result<Imagined<'a>, &'static str> {
        let chain = &self.harness.chain;
        let bundle = chain.bundle(self.operator, self.right, receipt.clone(), 0, &[]);
        let executed = chain.execute(&[bundle], &[]).map_err(|error| error.code())?;
        Ok(Imagined { changes: executed.changes, below: chain.state() })
    }

    /// Makes the proof, which must be of the right kind, short enough, and survive encoding.
    fn proof(&self, lie: &Lie, derived: &Derived) -> Result<FraudProof, HarnessError> {
        let unproven = |what: String| HarnessError::Unproven { lie: lie.name.clone(), what };
        let made = prove(&self.claim(&lie.bad), &self.evidence(derived));
        let proof = made.map_err(|error| unproven(error.to_string()))?;
        let proof = proof.ok_or_else(|| unproven("it passes for the truth".to_owned()))?;
        if Proves::of(&proof.kind) != lie.proves {
            return Err(unproven(format!("{:?} is proven instead of {:?}", proof.kind, lie.proves)));
        }
        proof.check().map_err(|error| unproven(error.to_string()))?;
        match decode_strict::<FraudProof>(&proof.encode(), FRAUD_PROOF_BYTES_MAX) {
            Ok(again) if again == proof => Ok(proof),
            _ => Err(unproven("it does not survive its encoding".to_owned())),
        }
    }

    /// Has the proof judged against the lie; gives whether the consensus chain took the lie at all.
    fn accepted(&self, lie: &Lie, proof: &FraudProof) -> Result<bool, HarnessError> {
        let refused = |what: String| HarnessError::Refused { lie: lie.name.clone(), what };
        judge(&self.claim(&lie.bad), &proof.kind).map_err(|error| refused(error.to_string()))?;
        let Ok(state) = self.stated(&lie.bad) else { return Ok(false) };
        let chain = &self.harness.chain;
        let found = verify(chain.rules(), chain.runtimes(), &state, proof);
        match found.map_err(|error| refused(error.to_string()))? {
            record if record.receipt == lie.bad => Ok(true),
            _ => Err(refused("another receipt is found wrong".to_owned())),
        }
    }

    /// Has the proof judged against the truth.
    fn refused_against(
        &self,
        truth: &Imagined<'_>,
        right: &ExecutionReceipt,
        lie: &Lie,
        proof: &FraudProof,
    ) -> Result<(), HarnessError> {
        let chain = &self.harness.chain;
        let bad_receipt: Hash = right.hash();
        let turned = FraudProof { bad_receipt, ..proof.clone() };
        let judged = judge(&self.claim(right), &proof.kind);
        let verified = verify(chain.rules(), chain.runtimes(), truth, &turned);
        match (judged, verified) {
            (Err(_), Err(error)) if !error.is_fatal() => Ok(()),
            _ => Err(HarnessError::CountsAgainstTruth { lie: lie.name.clone() }),
        }
    }
}
