//! Notices of modules.

use super::{BankTill, MessageError, Messages, NOTICE_BYTES_MAX, Post};
use crate::{BlockContext, Events, Module};
use auto_core::{Blob, ChannelId, DomainId, Nonce};
use auto_state::StateWrite;

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
