//! What an operation changes, once its signatures hold.

use alloc::vec::Vec;

use super::Rules;
use crate::keys::KeySet;
use crate::operation::Action;
use crate::record::{IdentityRecord, Recovery, Standing, Status, Suspension};
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, Failure, Refusal};

pub(super) fn apply<V: View + ?Sized>(
    record: &mut IdentityRecord,
    action: &Action,
    standing: Standing,
    signers: &[AutoId],
    tree: &mut Tree<'_, V>,
    block: u64,
    rules: &Rules,
) -> Result<(), Failure<V::Error>> {
    match action {
        Action::Rotate { keys, next } => {
            record.keys = keys.clone();
            record.next = *next;
        }
        Action::SetRecovery { guardians } => record.recovery = *guardians,
        Action::Suspend { reason } => {
            if record.suspension.is_some_and(|present| standing <= present.by) {
                return Err(Refusal::StandingTooLow.into());
            }
            record.status = Status::Suspended;
            record.suspension = Some(Suspension { by: standing, reason: *reason });
        }
        Action::Resume => {
            if record.suspension.is_some_and(|present| standing < present.by) {
                return Err(Refusal::StandingTooLow.into());
            }
            record.status = Status::Active;
            record.suspension = None;
        }
        Action::Revoke { reason, .. } => {
            record.status = Status::Revoked;
            record.revocation = Some(*reason);
            record.suspension = None;
            record.recovering = None;
            record.deadline = None;
            bump_epoch(record)?;
        }
        Action::BumpEpoch => bump_epoch(record)?,
        Action::Deactivate => bury(record),
        Action::SetServices { services } => record.services.clone_from(services),
        Action::AttachCertificate { certificate } => record.certificate = Some(*certificate),
        Action::Endorse => endorse(record, signers, tree, block)?,
        Action::StartRecovery { guardians: _, keys, next } => {
            let ready = block.checked_add(rules.recovery_delay).ok_or(Refusal::Counter)?;
            record.recovering = Some(Recovery { keys: keys.clone(), next: *next, ready });
        }
        Action::FinishRecovery => {
            let recovery = record.recovering.take().ok_or(Refusal::RecoveryNotStarted)?;
            if block < recovery.ready {
                return Err(Refusal::RecoveryTooEarly { ready: recovery.ready }.into());
            }
            record.keys = recovery.keys;
            record.next = recovery.next;
            bump_epoch(record)?;
        }
        Action::VetoRecovery
        | Action::RevokeGrant { .. }
        | Action::RevealAlias { .. }
        | Action::ReleaseAlias => {}
    }
    Ok(())
}

fn bump_epoch(record: &mut IdentityRecord) -> Result<(), Refusal> {
    record.grant_epoch = record.grant_epoch.checked_add(1).ok_or(Refusal::Counter)?;
    Ok(())
}

/// Leaves the tombstone: the id, both counters and the hash of the last keys.
pub(super) fn bury(record: &mut IdentityRecord) {
    record.status = Status::Tombstone;
    record.next = record.keys.commitment();
    record.keys = KeySet { keys: Vec::new(), threshold: 0 };
    record.recovery = None;
    record.recovering = None;
    record.issuers = Vec::new();
    record.endorsements = 0;
    record.deadline = None;
    record.certificate = None;
    record.services = Vec::new();
    record.suspension = None;
}

fn endorse<V: View + ?Sized>(
    record: &mut IdentityRecord,
    endorsers: &[AutoId],
    tree: &mut Tree<'_, V>,
    block: u64,
) -> Result<(), Failure<V::Error>> {
    if record.deadline.is_none_or(|deadline| block > deadline) {
        return Err(Refusal::EndorsementClosed.into());
    }
    for endorser in endorsers {
        let place = (0..8).zip(&record.issuers).find(|(_, issuer)| *issuer == endorser);
        let (place, _) = place.ok_or(Refusal::NotIssuer { id: *endorser })?;
        if record.is_endorsed_by(endorser) {
            return Err(Refusal::AlreadyEndorsed { id: *endorser }.into());
        }
        if tree.above(endorser)?.contains(&record.id) {
            return Err(Refusal::EndorserBelow { id: *endorser }.into());
        }
        let principal = tree.principal(endorser)?;
        let earlier: Vec<AutoId> =
            record.issuers.iter().filter(|issuer| record.is_endorsed_by(issuer)).copied().collect();
        for one in earlier {
            if tree.principal(&one)? == principal {
                return Err(Refusal::SamePrincipal { id: *endorser }.into());
            }
        }
        record.endorsements |= 1 << place;
    }
    if record.endorsements.count_ones() >= u32::from(record.threshold) {
        record.status = Status::Active;
        record.deadline = None;
    }
    Ok(())
}
