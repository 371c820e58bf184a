//! Dropping a commitment to an alias that was not revealed in time.

use crate::AutoidError;
use crate::deposit::give_back;
use crate::state::{COMMITMENTS, PARAMS};
use auto_core::Hash;
use auto_module::{CallContext, Weight};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Drops a commitment to an alias that holds no more, and gives its deposit back. Anyone may ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DropCommitment {
    /// The commitment.
    pub commitment: Hash,
}

impl DropCommitment {
    pub(crate) const WEIGHT: Weight = Weight(40_000);

    pub(crate) fn apply(&self, cx: &CallContext<'_>, state: &mut dyn StateWrite) -> Result<(), AutoidError> {
        let held = COMMITMENTS.get(state, &self.commitment)?.ok_or(AutoidError::UnknownCommitment)?;
        let last = held.since.saturating_add(PARAMS.get(state)?.unwrap_or_default().alias_age_max);
        if cx.block.inherent.number.0 <= last {
            return Err(AutoidError::CommitmentHolds { last });
        }
        COMMITMENTS.delete(state, &self.commitment);
        give_back(state, cx, &held.payer, held.deposit)
    }
}
