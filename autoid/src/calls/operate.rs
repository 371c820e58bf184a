//! Changing an identity.

use crate::registry::changes;
use crate::{AutoidError, alias};
use auto_core::Hash;
use auto_module::{CallContext, CheckContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Action, AutoId, Operation, Sign};
use autoid_interface::{Alias, Envelope, OPEN, network_of};
use parity_scale_codec::{Decode, Encode};

/// Carries out an operation that needs nothing but the state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Operate {
    /// The operation, signed by those who may order it.
    pub operation: Envelope<Sign<Operation>>,
}

impl Operate {
    pub(crate) fn weight(&self) -> Weight {
        changes::WEIGHT.saturating_add(changes::signatures(&self.operation))
    }

    pub(crate) fn check(&self, _: &CheckContext<'_>) -> Result<(), AutoidError> {
        match &self.operation.open()?.body().action {
            Action::AttachCertificate { .. } => Err(AutoidError::OtherCall("attach a certificate")),
            Action::RevokeGrant { .. } => Err(AutoidError::OtherCall("revoke a grant")),
            Action::RevealAlias { alias, .. } => {
                alias.parse::<Alias>().map(drop).map_err(|_| AutoidError::Alias)
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let operation = self.operation.open()?;
        let id = changes::apply(operation, cx, state, events)?;
        match &operation.body().action {
            Action::Deactivate => {
                if let Some(count) = OPEN.get(state, &id)?.filter(|count| *count > 0) {
                    return Err(AutoidError::StillOpen { id, count });
                }
                alias::free(state, cx, events, id).map(drop)
            }
            Action::ReleaseAlias if !alias::free(state, cx, events, id)? => Err(AutoidError::NoAlias),
            Action::RevealAlias { alias, salt } => {
                alias::reveal(state, cx, events, id, hidden(cx, &id, alias, salt)?)
            }
            _ => Ok(()),
        }
    }
}

/// The alias, and the commitment that hid it.
fn hidden(
    cx: &CallContext<'_>,
    id: &AutoId,
    alias: &str,
    salt: &[u8; 16],
) -> Result<(Alias, Hash), AutoidError> {
    let alias: Alias = alias.parse().map_err(|_| AutoidError::Alias)?;
    let environment = cx.block.environment;
    let network = network_of(&environment.genesis, environment.domain);
    let commitment = alias::alias_commitment(&network, id, salt, &alias);
    Ok((alias, commitment))
}
