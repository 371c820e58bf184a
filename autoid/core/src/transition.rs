//! What becomes of an identity by an inception or an operation.
//!
//! Pure functions from the state before, the signed statement and the rules of the chain to the new record.
//! They judge everything that identity records can tell; money, certificates, stored grants and aliases are
//! the module's.
//!
//! | action | who signs | when |
//! |---|---|---|
//! | inception | its own keys, and an asserting key of the parent | parent active, with authority over the kind |
//! | endorse | issuers, by asserting keys | pending, before the deadline |
//! | rotate | old keys and new keys | active or suspended; the new keys are those committed to |
//! | suspend, resume | controller, an identity above, or enough issuers | resume: no weaker than who suspended |
//! | revoke | the same, or guardians | not yet ended |
//! | start recovery | guardians, by asserting keys | active or suspended |
//! | finish recovery | the new keys | after the delay, unless the controller operated meanwhile |
//! | everything else | controller | see [`Action`] |
//!
//! Every signature in the envelope must be needed and must verify. The controller's operations count up
//! [`IdentityRecord::seq`]; those of everybody else count up [`IdentityRecord::oversight`].

mod effect;
mod inception;
mod signers;

pub use inception::{check_inception, incept, lapse};
pub(crate) use signers::controls;

use crate::operation::{Action, Operation};
use crate::record::{IdentityRecord, Status};
use crate::signed::Sign;
use crate::tree::Tree;
use crate::view::{Point, View};
use crate::{Failure, Genesis, Refusal};
use signers::Signers;

/// What the chain decides about identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// The network.
    pub genesis: Genesis,
    /// Blocks for which a recovery can be vetoed.
    pub recovery_delay: u64,
    /// Blocks for which a pending identity can be endorsed.
    pub endorsement_window: u64,
}

/// Who may sign an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Authority {
    Controller,
    Rotation,
    Pending,
    Overseers,
    Guardians,
    Issuers,
}

impl Action {
    const fn authority(&self) -> Authority {
        match self {
            Self::Rotate { .. } => Authority::Rotation,
            Self::FinishRecovery => Authority::Pending,
            Self::Endorse => Authority::Issuers,
            Self::StartRecovery { .. } | Self::Revoke { guardians: Some(_), .. } => Authority::Guardians,
            Self::Suspend { .. } | Self::Resume | Self::Revoke { guardians: None, .. } => {
                Authority::Overseers
            }
            Self::SetRecovery { .. }
            | Self::BumpEpoch
            | Self::Deactivate
            | Self::SetServices { .. }
            | Self::AttachCertificate { .. }
            | Self::VetoRecovery
            | Self::RevokeGrant { .. }
            | Self::RevealAlias { .. }
            | Self::ReleaseAlias => Authority::Controller,
        }
    }

    const fn admits(&self, status: Status) -> bool {
        match self {
            Self::Endorse => matches!(status, Status::Pending),
            Self::SetServices { .. } | Self::AttachCertificate { .. } | Self::RevealAlias { .. } => {
                matches!(status, Status::Active)
            }
            Self::Resume => matches!(status, Status::Suspended),
            Self::Revoke { .. } | Self::Deactivate => {
                matches!(status, Status::Pending | Status::Active | Status::Suspended)
            }
            _ => matches!(status, Status::Active | Status::Suspended),
        }
    }
}

/// The record after an operation.
///
/// # Errors
/// Which rule the operation breaks, or that the state cannot be read.
pub fn apply<V: View + ?Sized>(
    operation: &Sign<Operation>,
    view: &V,
    rules: &Rules,
) -> Result<IdentityRecord, Failure<V::Error>> {
    let body = operation.body();
    let Point { block, time } = view.point();
    if block > body.valid_until {
        return Err(Refusal::OperationExpired { valid_until: body.valid_until, block }.into());
    }
    let mut tree = Tree::new(view);
    let mut record = tree.identity(&body.id)?.clone();
    if !body.action.admits(record.status) {
        return Err(Refusal::WrongStatus { status: record.status, action: body.action.name() }.into());
    }
    let signers = Signers::of(operation);
    let is_controllers = signers.are_only(&record.id);
    count(&mut record, body, is_controllers)?;
    let standing = signers.verify(&mut tree, &record, operation, rules, time)?;
    if is_controllers && body.action != Action::FinishRecovery {
        let was_recovering = record.recovering.take().is_some();
        if body.action == Action::VetoRecovery && !was_recovering {
            return Err(Refusal::RecoveryNotStarted.into());
        }
    }
    let endorsers: alloc::vec::Vec<_> = signers.identities().collect();
    effect::apply(&mut record, &body.action, standing, &endorsers, &mut tree, block, rules)?;
    record.updated = block;
    record.updated_at = time;
    Ok(record)
}

/// Holds the operation to the counter of its side, and counts it.
fn count(record: &mut IdentityRecord, operation: &Operation, is_controllers: bool) -> Result<(), Refusal> {
    let counter = if is_controllers { &mut record.seq } else { &mut record.oversight };
    let next = counter.checked_add(1).ok_or(Refusal::Counter)?;
    // An endorsement counts once per issuer anyway, and several issuers must not race for a number.
    let expected = if operation.action == Action::Endorse { 0 } else { next };
    if operation.seq != expected {
        return Err(Refusal::Sequence { expected, found: operation.seq });
    }
    *counter = next;
    Ok(())
}
