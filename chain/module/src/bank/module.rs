//! The bank as a module.

use super::{BankError, Call, Event, genesis, invariants};
use crate::{CallContext, CheckContext, Events, GenesisContext, Invariant, Module, Weight};
use auto_core::ModuleId;
use auto_state::StateWrite;

/// Balances, nonces and fees: the first module of every runtime.
#[derive(Debug)]
pub struct Bank;

impl Module for Bank {
    const ID: ModuleId = ModuleId(1);
    const NAME: &'static str = "bank";
    const VERSION: u32 = 1;

    type Call = Call;
    type Event = Event;
    type Error = BankError;
    type Genesis = ();

    fn genesis(cx: &GenesisContext<'_>, (): (), state: &mut dyn StateWrite) -> Result<(), BankError> {
        genesis::genesis(state, &cx.environment.params, cx.genesis)
    }

    fn check(call: &Call, _cx: &CheckContext<'_>) -> Result<(), BankError> {
        match call {
            Call::Transfer(transfer) => transfer.check(),
        }
    }

    fn weight(call: &Call) -> Weight {
        match call {
            Call::Transfer(_) => super::Transfer::WEIGHT,
        }
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), BankError> {
        match call {
            Call::Transfer(transfer) => transfer.apply(cx, state, events),
        }
    }

    fn invariants() -> &'static [Invariant] {
        invariants::INVARIANTS
    }
}
