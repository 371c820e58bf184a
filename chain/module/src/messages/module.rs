//! The messages of a domain as a module.

use super::{BankTill, Call, Close, Event, MessageError, MessagesGenesis, Open, Post, Transfer};
use super::{genesis, invariants};
use crate::{CallContext, CheckContext, Events, GenesisContext, Invariant, Module, Weight};
use auto_core::ModuleId;
use auto_state::StateWrite;

/// Channels to other chains, and what goes through them.
#[derive(Debug)]
pub struct Messages;

impl Module for Messages {
    const ID: ModuleId = ModuleId(2);
    const NAME: &'static str = "messages";
    const VERSION: u32 = 1;

    type Call = Call;
    type Event = Event;
    type Error = MessageError;
    type Genesis = MessagesGenesis;

    fn genesis(
        cx: &GenesisContext<'_>,
        config: MessagesGenesis,
        state: &mut dyn StateWrite,
    ) -> Result<(), MessageError> {
        let params = &cx.environment.params;
        let mut till = BankTill { params };
        genesis::genesis(&Post::new(cx.environment.domain, params, &mut till), &config, state)
    }

    fn check(call: &Call, cx: &CheckContext<'_>) -> Result<(), MessageError> {
        match call {
            Call::Open(open) => open.check(cx),
            Call::Close(_) => Ok(()),
            Call::Transfer(transfer) => transfer.check(cx),
        }
    }

    fn weight(call: &Call) -> Weight {
        match call {
            Call::Open(_) => Open::WEIGHT,
            Call::Close(_) => Close::WEIGHT,
            Call::Transfer(_) => Transfer::WEIGHT,
        }
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), MessageError> {
        let environment = cx.block.environment;
        let mut till = BankTill { params: &environment.params };
        let mut post = Post::new(environment.domain, &environment.params, &mut till);
        match call {
            Call::Open(open) => open.apply(cx, state, &mut post)?,
            Call::Close(close) => close.apply(cx, state, &mut post)?,
            Call::Transfer(transfer) => transfer.apply(cx, state, &mut post)?,
        }
        post.events.iter().for_each(|event| events.emit::<Self>(event));
        Ok(())
    }

    fn invariants() -> &'static [Invariant] {
        invariants::INVARIANTS
    }
}
