//! Notices of other chains to the modules of a domain.

use super::Runtime;
use crate::messages::{MessageError, Receivers, TillError};
use crate::watch::atomically;
use crate::{BlockContext, Events, Failure, StoredError};
use auto_core::{DomainId, ModuleId};
use auto_state::StateWrite;

/// The modules of a domain while it receives a message.
pub(super) struct Modules<'a> {
    pub(super) runtime: &'a Runtime,
    pub(super) cx: &'a BlockContext<'a>,
    pub(super) events: &'a mut Events,
}

impl Receivers for Modules<'_> {
    fn deliver(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        module: ModuleId,
        bytes: &[u8],
    ) -> Result<(), TillError> {
        let receiver = self.runtime.module(module).filter(|receiver| receiver.takes_messages());
        let receiver =
            receiver.ok_or_else(|| TillError::Refused(Failure::of(&MessageError::NoReceiver(module))))?;
        let (cx, events) = (self.cx, &mut *self.events);
        let before = events.len();
        let result = atomically(state, |state| receiver.on_message(cx, src, bytes, state, events));
        let result = result.map_err(|error| TillError::Stored(StoredError::State(error)))?;
        if result.is_err() {
            events.truncate(before);
        }
        result.map_err(TillError::Refused)
    }

    fn answered(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        module: ModuleId,
        bytes: &[u8],
        result: Result<(), u16>,
    ) -> Result<(), TillError> {
        let Some(sender) = self.runtime.module(module) else { return Ok(()) };
        let (cx, events) = (self.cx, &mut *self.events);
        let before = events.len();
        let told = atomically(state, |state| sender.on_response(cx, dst, bytes, result, state, events));
        if told.map_err(|error| TillError::Stored(StoredError::State(error)))?.is_err() {
            events.truncate(before);
        }
        Ok(())
    }
}
