//! What several calls do to the registry of identities and grants.

pub(crate) mod changes;
pub(crate) mod grants;
pub(crate) mod lists;

use crate::AutoidError;
use crate::state::PARAMS;
use auto_module::CallContext;
use auto_state::StateRead;
use autoid_core::transition::Rules;
use autoid_interface::network_of;

/// What the chain decides about identities.
pub(crate) fn rules(cx: &CallContext<'_>, state: &(impl StateRead + ?Sized)) -> Result<Rules, AutoidError> {
    let params = PARAMS.get(state)?.unwrap_or_default();
    let environment = cx.block.environment;
    Ok(Rules {
        genesis: network_of(&environment.genesis, environment.domain),
        recovery_delay: params.recovery_delay,
        endorsement_window: params.endorsement_window,
    })
}
