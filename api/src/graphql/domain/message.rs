//! What became of a message between two chains.

use super::followed;
use crate::graphql::pin::Pin;
use crate::graphql::scalar::Natural;
use crate::graphql::{Node, fail};
use crate::{ApiError, BackendError};
use async_graphql::{Context, Enum, Result, SimpleObject};
use auto_core::{ChannelId, DomainId, Nonce};
use auto_module::messages::{CHANNELS, Channel, OUTBOX, Payload, WINDOW};
use auto_operator::OperatorError;
use auto_state::StateRead;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Delivery")]
pub(crate) enum Delivery {
    /// Its source has not sent it.
    Unsent,
    /// It is on its way.
    Underway,
    /// Its destination took it.
    Done,
    /// Its destination refused it; what it carried goes back.
    Refused,
    /// Its destination received it; whether it was refused is not kept any more.
    Received,
}

/// A message between two chains.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "MessageStatus")]
pub(crate) struct MessageStatus {
    /// Number of the chain that sends it; 0 is the consensus chain.
    source: u32,
    /// Number of the chain that it is for.
    destination: u32,
    /// Number of the channel between the two.
    channel: Natural,
    /// Position in its direction of the channel.
    nonce: Natural,
    /// What became of it.
    delivery: Delivery,
    /// Number in the code of the refusal.
    refusal: Option<u16>,
}

/// Which message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) source: DomainId,
    pub(crate) destination: DomainId,
    pub(crate) channel: ChannelId,
    pub(crate) nonce: Nonce,
}

type Found<T> = std::result::Result<T, OperatorError>;

/// One side of a channel.
fn side(state: &dyn StateRead, peer: DomainId, channel: ChannelId) -> Found<Option<Channel>> {
    Ok(CHANNELS.get(state, &(peer, channel))?)
}

/// How the destination answered; none when it does not keep the answer any more.
fn answer(
    state: &dyn StateRead,
    wanted: &Wanted,
    there: &Channel,
) -> Found<Option<std::result::Result<(), u16>>> {
    let newest = there.next_outbox.0;
    // The responses to the requests that may be unanswered, and as many requests of its own between them.
    let oldest = there.pruned.0.max(newest.saturating_sub(WINDOW.saturating_mul(2)));
    for nonce in (oldest..newest).rev().map(Nonce) {
        let message = OUTBOX.get(state, &(wanted.source, wanted.channel, nonce))?;
        if let Some(Payload::Response { to, result }) = message.map(|message| message.payload)
            && to == wanted.nonce
        {
            return Ok(Some(result));
        }
    }
    Ok(None)
}

/// Reads the newest state of a chain: of a domain as this node follows it, of the consensus chain at the height
/// of the request.
fn reading<T>(
    ctx: &Context<'_>,
    pin: Pin,
    chain: DomainId,
    read: impl FnOnce(&dyn StateRead) -> Found<T>,
) -> Result<T> {
    let refuse = |error| fail(BackendError::from(error));
    if chain != DomainId::CONSENSUS {
        let (handle, _) = followed(ctx, chain)?;
        return read(&handle.state(chain).map_err(refuse)?).map_err(refuse);
    }
    let (mut read, mut found) = (Some(read), None);
    let node = ctx.data::<Node>()?;
    node.state(Some(pin.block.number), &mut |_, state| found = read.take().map(|read| read(state)))
        .map_err(fail)?;
    let missing = || fail(ApiError::Internal("the node read no state".to_owned()));
    found.ok_or_else(missing)?.map_err(refuse)
}

/// What became of a message; `None` when there is no such channel.
pub(crate) fn load(ctx: &Context<'_>, pin: Pin, wanted: Wanted) -> Result<Option<MessageStatus>> {
    let Wanted { source, destination, channel, nonce } = wanted;
    let there = reading(ctx, pin, destination, |state| {
        let Some(there) = side(state, source, channel)? else { return Ok(None) };
        let answer = if there.next_inbox > nonce { Some(answer(state, &wanted, &there)?) } else { None };
        Ok(Some(answer))
    })?;
    let Some(answered) = there else { return Ok(None) };
    let (delivery, refusal) = match answered {
        Some(Some(Ok(()))) => (Delivery::Done, None),
        Some(Some(Err(code))) => (Delivery::Refused, Some(code)),
        Some(None) => (Delivery::Received, None),
        None => {
            let here = reading(ctx, pin, source, |state| side(state, destination, channel))?;
            let sent = here.is_some_and(|here| here.next_outbox > nonce);
            (if sent { Delivery::Underway } else { Delivery::Unsent }, None)
        }
    };
    let (channel, nonce) = (Natural(channel.0), Natural(nonce.0));
    Ok(Some(MessageStatus {
        source: source.0,
        destination: destination.0,
        channel,
        nonce,
        delivery,
        refusal,
    }))
}
