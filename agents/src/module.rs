//! The module: dispatch only.

use crate::{AgentsError, Call, Event, Params, calls, genesis, invariants};
use auto_core::ModuleId;
use auto_module::{CallContext, CheckContext, Events, GenesisContext, Invariant, Module, Weight};
use auto_state::StateWrite;

/// Agents: records, vaults, acts within grants, escrows, logs.
#[derive(Debug)]
pub struct Agents;

impl Module for Agents {
    const ID: ModuleId = ModuleId(4);
    const NAME: &'static str = "agents";
    const VERSION: u32 = 1;

    type Call = Call;
    type Event = Event;
    type Error = AgentsError;
    type Genesis = Params;

    fn genesis(
        _: &GenesisContext<'_>,
        params: Params,
        state: &mut dyn StateWrite,
    ) -> Result<(), AgentsError> {
        genesis::genesis(params, state)
    }

    fn check(call: &Call, _: &CheckContext<'_>) -> Result<(), AgentsError> {
        match call {
            Call::Deposit(call) => call.check(),
            Call::Order(call) => call.check(),
            Call::Act(call) => call.check(),
            Call::Open(call) => call.check(),
            Call::Report(call) => call.check(),
            Call::Settle(call) => call.check(),
            Call::Refund(_) | Call::Fund(_) | Call::Reclaim(_) | Call::Clear(_) => Ok(()),
        }
    }

    fn weight(call: &Call) -> Weight {
        match call {
            Call::Deposit(_) => calls::Deposit::WEIGHT,
            Call::Order(call) => call.weight(),
            Call::Act(call) => call.weight(),
            Call::Open(call) => call.weight(),
            Call::Settle(_) => calls::Settle::WEIGHT,
            Call::Refund(_) => calls::Refund::WEIGHT,
            Call::Report(call) => call.weight(),
            Call::Fund(_) => calls::Fund::WEIGHT,
            Call::Reclaim(_) => calls::Reclaim::WEIGHT,
            Call::Clear(_) => calls::Clear::WEIGHT,
        }
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        match call {
            Call::Deposit(call) => call.apply(cx, state, events),
            Call::Order(call) => call.apply(cx, state, events),
            Call::Act(call) => call.apply(cx, state, events),
            Call::Open(call) => call.apply(cx, state, events),
            Call::Settle(call) => call.apply(cx, state, events),
            Call::Refund(call) => call.apply(cx, state, events),
            Call::Report(call) => call.apply(cx, state, events),
            Call::Fund(call) => call.apply(cx, state, events),
            Call::Reclaim(call) => call.apply(cx, state, events),
            Call::Clear(call) => call.apply(cx, state, events),
        }
    }

    fn invariants() -> &'static [Invariant] {
        invariants::INVARIANTS
    }
}
