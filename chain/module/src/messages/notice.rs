//! Notices of modules.

use super::{BankTill, MessageError, Messages, NOTICE_BYTES_MAX, Post, TillError};
use crate::{BlockContext, Events, Module};
use auto_core::{Blob, ChannelId, DomainId, ModuleId, Nonce};
use auto_state::StateWrite;

/// The modules of a chain that take notices.
///
/// A method that fails has written nothing.
pub(crate) trait Receivers {
    /// Delivers a notice of chain `src` to a module.
    ///
    /// # Errors
    /// When it is refused.
    fn deliver(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        module: ModuleId,
        bytes: &[u8],
    ) -> Result<(), TillError>;

    /// Tells a module what became of a notice that it sent to chain `dst`.
    ///
    /// # Errors
    /// When the state cannot be used.
    fn answered(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        module: ModuleId,
        bytes: &[u8],
        result: Result<(), u16>,
    ) -> Result<(), TillError>;
}

/// Sends bytes of module `M` on this domain to module `M` on another chain, from within a call.
///
/// # Errors
/// When the channel is not open, the chain not allowed, or too much is under way.
pub fn notify<M: Module>(
    cx: &BlockContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
    place: (DomainId, ChannelId),
    bytes: Blob<NOTICE_BYTES_MAX>,
) -> Result<Nonce, MessageError> {
    let environment = cx.environment;
    let mut till = BankTill { params: &environment.params };
    let mut post = Post::new(environment.domain, &environment.params, &mut till);
    let nonce = post.notify(state, place, M::ID, bytes)?;
    post.events.iter().for_each(|event| events.emit::<Messages>(event));
    Ok(nonce)
}
