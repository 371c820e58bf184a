//! What the module starts from.

use crate::state::PARAMS;
use crate::{AutoidError, Params};
use auto_module::GenesisContext;
use auto_state::StateWrite;
use autoid_interface::{CLOCK, Clock};
use parity_scale_codec::{Decode, Encode};

/// What the module starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct AutoidGenesis {
    /// Unix seconds of slot zero.
    pub clock: u64,
    /// Rates, delays and windows.
    pub params: Params,
}

pub(crate) fn genesis(
    cx: &GenesisContext<'_>,
    config: &AutoidGenesis,
    state: &mut dyn StateWrite,
) -> Result<(), AutoidError> {
    let protocol = &cx.environment.params;
    if let Some(fault) = config.params.fault(protocol.existential_deposit) {
        return Err(AutoidError::GenesisInvalid(fault));
    }
    let slot_duration_ms = protocol.slot_duration_ms;
    CLOCK.put(state, &Clock { start: config.clock, slot_duration_ms });
    PARAMS.put(state, &config.params);
    Ok(())
}
