//! Changing an identity.

use super::{IdentityKey, STATEMENT_BLOCKS, call_of, next_keys};
use crate::SdkError;
use auto_core::{Blob, Call, hash};
use autoid::{AttachCertificate, Autoid, Operate};
use autoid_core::{Action, AutoId, IdentityRecord, Operation, Point, PublicKey, Refusal, Sign};
use autoid_interface::Envelope;

/// Whether the controller of an identity acts, or those who oversee it: each side counts its own operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The identity itself.
    Own,
    /// An identity above, issuers or guardians.
    Others,
}

/// A change of an identity that nobody signed yet, with the next number of a side.
///
/// # Errors
/// When a counter is exhausted or the change breaks a rule of its own.
pub fn unsigned(
    record: &IdentityRecord,
    valid_until: u64,
    action: Action,
    side: Side,
) -> Result<Sign<Operation>, SdkError> {
    let counter = match side {
        Side::Own => record.seq,
        Side::Others => record.oversight,
    };
    let seq = match action {
        Action::Endorse => 0,
        _ => counter.checked_add(1).ok_or(Refusal::Counter)?,
    };
    Ok(Sign::new(Operation { id: record.id, seq, valid_until, action })?)
}

/// A change of an identity, signed by those who may make it.
///
/// Suspend, resume and revoke are signed by the identity itself, by one above it, or by enough of its issuers;
/// endorse by an issuer; everything else by the identity. The number is the next one of the side that signs.
///
/// # Errors
/// When nobody signs, two do with one key, or a key is of another network than the first.
pub(super) fn signed(
    record: &IdentityRecord,
    point: Point,
    action: Action,
    signers: &[&IdentityKey],
) -> Result<Sign<Operation>, SdkError> {
    let first = signers.first().ok_or(Refusal::TooFewSignatures { have: 0, need: 1 })?;
    let network = first.network();
    signers.iter().try_for_each(|key| key.on(&network))?;
    let is_own = signers.iter().all(|key| key.id() == record.id);
    let side = if is_own { Side::Own } else { Side::Others };
    let mut signed = unsigned(record, point.block.saturating_add(STATEMENT_BLOCKS), action, side)?;
    for key in signers {
        signed = signed.signed(&network, key.name(), *key)?;
    }
    Ok(signed)
}

/// The call of a change that needs nothing but the state: suspend, resume, revoke, endorse, bump the epoch,
/// deactivate, services, guardians, veto a recovery, release an alias.
///
/// # Errors
/// When the statement cannot be signed; or the change needs more than its statement, as a certificate or a grant does.
pub fn operate(
    record: &IdentityRecord,
    point: Point,
    action: Action,
    signers: &[&IdentityKey],
) -> Result<Call, SdkError> {
    carried(signed(record, point, action, signers)?)
}

/// The call of an operation that needs nothing but the state.
pub(super) fn carried(operation: Sign<Operation>) -> Result<Call, SdkError> {
    call_of::<Autoid>(&autoid::Call::Operate(Operate { operation: Envelope::from(operation) }))
}

/// Rotates an identity to its next key, and commits to the one after: what
/// [`IdentityFile::prepare_rotation`](crate::IdentityFile::prepare_rotation) gave. Old and new key sign.
///
/// # Errors
/// When the next key is not the one that the identity committed to.
pub fn rotate(
    record: &IdentityRecord,
    point: Point,
    (current, next): (&IdentityKey, &IdentityKey),
    after: PublicKey,
) -> Result<Call, SdkError> {
    let keys = next.alone()?;
    if keys.commitment() != record.next {
        return Err(Refusal::NextMismatch.into());
    }
    let number = next.number().checked_add(1).ok_or(Refusal::Counter)?;
    let next_set = next_keys(number, after)?;
    let action = Action::Rotate { keys, next: next_set.commitment() };
    operate(record, point, action, &[current, next])
}

/// Gives an identity its certificate in DER, which its parent issued or which is a root's own.
///
/// # Errors
/// When the certificate is larger than the chain takes.
pub fn attach_certificate(
    record: &IdentityRecord,
    point: Point,
    der: Vec<u8>,
    key: &IdentityKey,
) -> Result<Call, SdkError> {
    let certificate = Blob::new(der).map_err(|_| SdkError::TooLarge)?;
    let action = Action::AttachCertificate { certificate: hash(&certificate).0 };
    let operation = Envelope::from(signed(record, point, action, &[key])?);
    call_of::<Autoid>(&autoid::Call::AttachCertificate(AttachCertificate { operation, certificate }))
}

/// The operation by which an identity revokes a grant, as issuer, owner or holder.
pub(super) fn revocation(
    record: &IdentityRecord,
    point: Point,
    grant: autoid_core::GrantId,
    key: &IdentityKey,
) -> Result<Sign<Operation>, SdkError> {
    let by: AutoId = key.id();
    if record.id != by {
        return Err(Refusal::UnexpectedSigner { id: by }.into());
    }
    signed(record, point, Action::RevokeGrant { grant }, &[key])
}
