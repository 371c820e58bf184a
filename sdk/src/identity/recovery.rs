//! Recovering an identity whose keys are lost.
//!
//! Its guardians propose new keys; after a delay, in which its controller may veto, the new keys take over.

use super::key::drawn;
use super::{FreshKeys, IdentityKey, operate};
use crate::SdkError;
use auto_core::Call;
use autoid_core::{Action, AutoId, Guardians, IdentityRecord, Point, Refusal, limits};

/// Guardians, hidden by a fresh salt: whoever wants to use them later has to keep this value.
///
/// # Errors
/// When they cannot reach their threshold, are too many, or there is no randomness.
pub fn guardians(mut members: Vec<AutoId>, threshold: u8) -> Result<Guardians, SdkError> {
    members.sort_unstable();
    members.dedup();
    // The chain sees a commitment only, and would find this out when it is too late.
    if !(1..=members.len()).contains(&usize::from(threshold)) || members.len() > limits::GUARDIANS_MAX {
        return Err(Refusal::GuardianSet.into());
    }
    Ok(Guardians { members, threshold, salt: drawn()? })
}

/// What begins a recovery to fresh keys ([`FreshKeys::after`]).
///
/// # Errors
/// When the guardians are not those that the identity committed to.
pub fn recovery_start(
    record: &IdentityRecord,
    guardians: Guardians,
    fresh: &FreshKeys,
) -> Result<Action, SdkError> {
    if record.recovery != Some(guardians.commitment()) {
        return Err(Refusal::NotGuardians.into());
    }
    let (keys, next) = fresh.sets()?;
    Ok(Action::StartRecovery { guardians, keys, next: next.commitment() })
}

/// Begins a recovery to fresh keys; `signers` are enough of the guardians.
///
/// # Errors
/// When the guardians are not those that the identity committed to, or nobody signs.
pub fn start_recovery(
    record: &IdentityRecord,
    point: Point,
    guardians: Guardians,
    fresh: &FreshKeys,
    signers: &[&IdentityKey],
) -> Result<Call, SdkError> {
    operate(record, point, recovery_start(record, guardians, fresh)?, signers)
}

/// Ends a recovery after its delay; the new key signs.
///
/// # Errors
/// When no recovery was started, or the delay is not over.
pub fn finish_recovery(record: &IdentityRecord, point: Point, new: &IdentityKey) -> Result<Call, SdkError> {
    let started = record.recovering.as_ref().ok_or(Refusal::RecoveryNotStarted)?;
    if point.block.saturating_add(1) < started.ready {
        return Err(Refusal::RecoveryTooEarly { ready: started.ready }.into());
    }
    operate(record, point, Action::FinishRecovery, &[new])
}
