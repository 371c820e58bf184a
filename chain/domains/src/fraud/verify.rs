//! Judging a fraud proof.

use super::{Claim, FraudContext, FraudError, FraudKind, FraudProof};
use crate::derive::DeriveError;
use crate::state::ReceiptRecord;
use auto_ledger::Rules;
use auto_module::Runtimes;
use auto_state::{Recorder, StateRead, Witness};

mod bundle;
mod root;
mod transition;

/// Judges a proof by the state of the consensus chain; gives the receipt that it proves wrong.
///
/// # Errors
/// Why the receipt stands. [`FraudError::is_fatal`] tells when the node itself is in trouble.
pub fn verify(
    rules: &Rules,
    runtimes: &dyn Runtimes,
    state: &dyn StateRead,
    proof: &FraudProof,
) -> Result<ReceiptRecord, FraudError> {
    proof.check()?;
    let context = FraudContext::open(rules, runtimes, state, proof.domain, &proof.bad_receipt)?;
    judge(&context.claim(), &proof.kind)?;
    Ok(context.record)
}

/// Whether `kind` shows that the receipt of `claim` is wrong. Needs no state of any chain.
///
/// # Errors
/// Why the receipt stands.
pub fn judge(claim: &Claim<'_>, kind: &FraudKind) -> Result<(), FraudError> {
    match kind {
        FraudKind::StateTransition { phase, witness } => transition::state_transition(claim, phase, witness),
        FraudKind::TraceLength { inherent } => root::trace_length(claim, inherent),
        FraudKind::ValidBundle { bundle, extrinsics } => bundle::valid(claim, *bundle, extrinsics),
        FraudKind::ExtrinsicsRoot { bundles } => root::extrinsics_root(claim, bundles),
        FraudKind::InvalidBundle { bundle, reason, is_true, data } => {
            bundle::invalid(claim, *bundle, *reason, *is_true, data)
        }
        FraudKind::BlockHash => root::block_hash(claim),
        FraudKind::Fees { proof } => root::fees(claim, proof),
        FraudKind::Transfers { proof } => root::transfers(claim, proof),
    }
}

/// Refuses a witness that holds more than what `recorder` saw read.
fn exact(recorder: Recorder<&Witness>, witness: &Witness) -> Result<(), FraudError> {
    let excess = witness.len().saturating_sub(recorder.into_witness().len());
    if excess == 0 { Ok(()) } else { Err(FraudError::WitnessExcess { excess }) }
}

/// A step over a witness that failed: trouble with reading is the witness's.
fn over_witness(error: DeriveError) -> FraudError {
    match error {
        DeriveError::State(error) => FraudError::Witness(error),
        other => FraudError::Derive(other),
    }
}
