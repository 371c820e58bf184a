//! Freeing the alias of an identity that ended.

use crate::{AutoidError, alias};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{AutoId, Refusal, Status};
use autoid_interface::IDENTITIES;
use parity_scale_codec::{Decode, Encode};

/// Takes the alias off an identity that is revoked or deactivated, and gives its deposit back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FreeAlias {
    /// The identity.
    pub id: AutoId,
}

impl FreeAlias {
    pub(crate) const WEIGHT: Weight = Weight(60_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let record = IDENTITIES.get(state, &self.id)?.ok_or(Refusal::UnknownIdentity { id: self.id })?;
        if !matches!(record.status, Status::Revoked | Status::Tombstone) {
            let status = record.status;
            return Err(Refusal::WrongStatus { status, action: "be stripped of its alias" }.into());
        }
        if alias::free(state, cx, events, self.id)? { Ok(()) } else { Err(AutoidError::NoAlias) }
    }
}
