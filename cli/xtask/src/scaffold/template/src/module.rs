//! The module: dispatch only.

use crate::{__Name__Error, __Name__Genesis, Call, Event, Write, genesis, invariants};
use auto_core::ModuleId;
use auto_module::{CallContext, CheckContext, Events, GenesisContext, Invariant, Module, Weight};
use auto_state::StateWrite;

/// Notes that accounts keep.
#[derive(Debug)]
pub struct __Name__;

impl Module for __Name__ {
    const ID: ModuleId = ModuleId(__id__);
    const NAME: &'static str = "__name__";
    const VERSION: u32 = 1;

    type Call = Call;
    type Event = Event;
    type Error = __Name__Error;
    type Genesis = __Name__Genesis;

    fn genesis(
        _: &GenesisContext<'_>,
        config: __Name__Genesis,
        state: &mut dyn StateWrite,
    ) -> Result<(), __Name__Error> {
        genesis::genesis(&config, state)
    }

    fn check(call: &Call, _: &CheckContext<'_>) -> Result<(), __Name__Error> {
        match call {
            Call::Write(write) => write.check(),
        }
    }

    fn weight(call: &Call) -> Weight {
        match call {
            Call::Write(_) => Write::WEIGHT,
        }
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), __Name__Error> {
        match call {
            Call::Write(write) => write.apply(cx, state, events),
        }
        Ok(())
    }

    fn invariants() -> &'static [Invariant] {
        invariants::INVARIANTS
    }
}
