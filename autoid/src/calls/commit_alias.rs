//! Committing to an alias before it is named.

use crate::deposit::hold;
use crate::state::{COMMITMENTS, Commitment, PARAMS};
use crate::{Autoid, AutoidError, Event};
use auto_core::Hash;
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Commits to an alias for an identity without naming either: see [`crate::alias_commitment`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CommitAlias {
    /// The commitment.
    pub commitment: Hash,
}

impl CommitAlias {
    pub(crate) const WEIGHT: Weight = Weight(40_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        if COMMITMENTS.get(state, &self.commitment)?.is_some() {
            return Err(AutoidError::CommitmentTaken);
        }
        let deposit = PARAMS.get(state)?.unwrap_or_default().alias_deposit;
        hold(state, cx, deposit)?;
        let since = cx.block.inherent.number.0;
        COMMITMENTS.put(state, &self.commitment, &Commitment { since, deposit, payer: cx.signer });
        events.emit::<Autoid>(&Event::AliasCommitted { commitment: self.commitment });
        Ok(())
    }
}
