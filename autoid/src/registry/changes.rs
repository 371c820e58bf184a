//! One operation carried out.

use crate::registry::rules;
use crate::{Autoid, AutoidError, Change, Event, deposit};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Action, Algorithm, AutoId, Body, IdentityRecord, Operation, Sign, Status, transition};
use autoid_interface::{CERTIFICATES, Envelope, StateView};

/// An inception or operation beside its signatures: the records that it reads, the one that it writes, money.
pub(crate) const WEIGHT: Weight = Weight(150_000);

/// One signature by Ed25519.
const ED25519: Weight = Weight(50_000);
/// One signature by ES256.
const ES256: Weight = Weight(180_000);

/// What verifying one signature costs.
pub(crate) const fn signature(algorithm: Algorithm) -> Weight {
    match algorithm {
        Algorithm::Ed25519 => ED25519,
        Algorithm::Es256 => ES256,
    }
}

/// What verifying the signatures of a statement costs. Each is verified once.
pub(crate) fn signatures<T: Body>(envelope: &Envelope<Sign<T>>) -> Weight {
    let Ok(statement) = envelope.open() else { return Weight::ZERO };
    let each = statement.signatures().iter().map(|one| signature(one.algorithm));
    each.fold(Weight::ZERO, Weight::saturating_add)
}

/// Carries out an operation on the record of its identity, and tells whose it is.
pub(crate) fn apply(
    operation: &Sign<Operation>,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<AutoId, AutoidError> {
    let rules = rules(cx, state)?;
    let record = transition::apply(operation, &StateView::new(state)?, &rules)?;
    let (id, version, status) = (record.id, record.version(), record.status);
    let change = change(&operation.body().action, &record);
    if status == Status::Tombstone {
        CERTIFICATES.delete(state, &id);
    }
    deposit::keep(state, cx, record)?;
    events.emit::<Autoid>(&Event::Changed { id, version, status, change });
    Ok(id)
}

/// What an action did, as the record shows it.
fn change(action: &Action, record: &IdentityRecord) -> Change {
    match action {
        Action::Rotate { .. } => Change::Rotated,
        Action::SetRecovery { .. } => Change::RecoverySet,
        Action::Suspend { reason } => Change::Suspended { reason: *reason },
        Action::Resume => Change::Resumed,
        Action::Revoke { reason, .. } => Change::Revoked { reason: *reason },
        Action::BumpEpoch => Change::EpochBumped { epoch: record.grant_epoch },
        Action::Deactivate => Change::Deactivated,
        Action::SetServices { .. } => Change::ServicesSet,
        Action::AttachCertificate { certificate } => {
            Change::CertificateAttached { certificate: *certificate }
        }
        Action::Endorse => Change::Endorsed { endorsements: record.endorsements },
        Action::StartRecovery { .. } => {
            Change::RecoveryStarted { ready: record.recovering.as_ref().map_or(0, |started| started.ready) }
        }
        Action::VetoRecovery => Change::RecoveryVetoed,
        Action::FinishRecovery => Change::RecoveryFinished,
        Action::RevokeGrant { grant } => Change::GrantRevoked { grant: *grant },
        Action::RevealAlias { .. } => Change::AliasTaken,
        Action::ReleaseAlias => Change::AliasReleased,
    }
}
