//! What the module starts from.

use crate::{AgentsError, PARAMS, Params};
use auto_state::StateWrite;

pub(crate) fn genesis(params: Params, state: &mut dyn StateWrite) -> Result<(), AgentsError> {
    let blocks = [params.outcome_blocks, params.live_blocks_max, params.escrow_blocks_max];
    if blocks.contains(&0) {
        return Err(AgentsError::GenesisInvalid("a number of blocks is zero"));
    }
    if params.pending_max == 0 {
        return Err(AgentsError::GenesisInvalid("no act may wait for its outcome, so none could happen"));
    }
    PARAMS.put(state, &params);
    Ok(())
}
