//! Receiving: requests are done or refused, and answered; responses settle requests.

use super::state::ALLOWED;
use super::{
    CHANNELS, Channel, ChannelState, Event, Message, MessageError, OUTBOX, Payload, Post, TillError,
    channel_opener,
};
use crate::Failure;
use auto_core::{ChannelId, DomainId, Nonce};
use auto_state::{StateRead, StateWrite};
use std::cmp::Ordering;

/// What became of a message that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It took effect.
    Done,
    /// It was refused, and its sender is told; or it is a response that answers nothing.
    Refused(Failure),
}

/// The channel of a message that comes in: one that exists, or one that it opens.
pub(super) fn side_of(
    state: &(impl StateRead + ?Sized),
    own: DomainId,
    message: &Message,
) -> Result<Channel, MessageError> {
    if message.dst != own {
        return Err(MessageError::WrongDestination(message.dst));
    }
    if message.src == own {
        return Err(MessageError::FromHere);
    }
    let (peer, id) = (message.src, message.channel);
    if let Some(side) = CHANNELS.get(state, &(peer, id))? {
        return Ok(side);
    }
    if message.payload != Payload::Open || message.nonce != Nonce(0) {
        return Err(MessageError::UnknownChannel { peer, channel: id });
    }
    if channel_opener(own, peer, id) != peer {
        return Err(MessageError::BadOpening);
    }
    if ALLOWED.get(state, &peer)?.is_none() {
        return Err(MessageError::NotAllowed(peer));
    }
    Ok(Channel::new(ChannelState::Opening, None, auto_core::Amount::ZERO))
}

/// The channel of a message whose turn it is.
pub(crate) fn due(
    state: &(impl StateRead + ?Sized),
    own: DomainId,
    message: &Message,
) -> Result<Channel, MessageError> {
    let side = side_of(state, own, message)?;
    let (nonce, expected) = (message.nonce, side.next_inbox);
    match nonce.cmp(&expected) {
        Ordering::Less => Err(MessageError::StaleNonce { nonce, expected }),
        Ordering::Equal => Ok(side),
        Ordering::Greater => Err(MessageError::FutureNonce { nonce, expected }),
    }
}

impl Post<'_> {
    /// Receives a message that was proven to be sent.
    ///
    /// # Errors
    /// When the message is not for here, its channel unknown, or its turn not now; or money that comes back
    /// or is refused cannot be noted yet. The caller drops what was written.
    pub fn receive(
        &mut self,
        state: &mut dyn StateWrite,
        message: &Message,
    ) -> Result<Delivery, MessageError> {
        let mut side = due(state, self.own, message)?;
        let nonce = message.nonce;
        side.next_inbox = nonce.checked_add(1).ok_or(MessageError::Overflow)?;
        let place = (message.src, message.channel);
        prune(state, place, &mut side, message.received)?;
        let delivery = match &message.payload {
            Payload::Response { to, result } => self.answer(state, place, &mut side, *to, *result)?,
            _ => {
                let result = self.request(state, place, &mut side, message)?;
                let number = result.as_ref().map_err(Failure::number).copied();
                self.events.push(Event::Received { message: Box::new(message.clone()), result: number });
                self.send(state, place, &mut side, Payload::Response { to: nonce, result: number })?;
                result.map_or_else(Delivery::Refused, |()| Delivery::Done)
            }
        };
        CHANNELS.put(state, &place, &side);
        Ok(delivery)
    }

    /// Does what a request asks for; the inner error is a refusal.
    fn request(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        side: &mut Channel,
        message: &Message,
    ) -> Result<Result<(), Failure>, MessageError> {
        let refused = |error: MessageError| Ok(Err(Failure::of(&error)));
        let result = match &message.payload {
            // Only a channel that the message itself opens is at its first message and not yet open.
            Payload::Open
                if side.state == ChannelState::Opening && channel_opener(self.own, peer, id) == peer =>
            {
                side.state = ChannelState::Open;
                self.events.push(Event::Opened { peer, channel: id });
                return Ok(Ok(()));
            }
            Payload::Open => return refused(MessageError::BadOpening),
            Payload::Close => {
                self.shut(state, (peer, id), side)?;
                return Ok(Ok(()));
            }
            Payload::Transfer { to, amount, .. } => {
                let result = match self.usable(state, (peer, id), side)? {
                    Ok(()) => self.till.receive(state, peer, to, *amount),
                    Err(error) => Err(TillError::Refused(Failure::of(&error))),
                };
                if matches!(result, Err(TillError::Refused(_))) {
                    self.till.refuse(state, peer, *amount)?;
                }
                result
            }
            Payload::Notice { module, bytes } => match self.usable(state, (peer, id), side)? {
                Ok(()) => match &mut self.receivers {
                    Some(receivers) => receivers.deliver(state, peer, *module, bytes),
                    None => return refused(MessageError::NoReceiver(*module)),
                },
                Err(error) => return refused(error),
            },
            Payload::Response { to, .. } => return refused(MessageError::Unasked(*to)),
        };
        match result {
            Ok(()) => Ok(Ok(())),
            Err(TillError::Refused(failure)) => Ok(Err(failure)),
            Err(TillError::Stored(error)) => Err(error.into()),
        }
    }

    /// Whether the channel serves requests.
    fn usable(
        &self,
        state: &dyn StateWrite,
        (peer, channel): (DomainId, ChannelId),
        side: &Channel,
    ) -> Result<Result<(), MessageError>, MessageError> {
        if side.state != ChannelState::Open {
            return Ok(Err(MessageError::NotOpen { peer, channel }));
        }
        match self.allowed(state, peer) {
            Err(MessageError::Stored(error)) => Err(error.into()),
            result => Ok(result),
        }
    }

    /// Settles the request that a response answers.
    fn answer(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        side: &mut Channel,
        to: Nonce,
        result: Result<(), u16>,
    ) -> Result<Delivery, MessageError> {
        let request = OUTBOX.get(state, &(peer, id, to))?.filter(|request| request.payload.is_request());
        let Some(request) = request else {
            self.events.push(Event::Unasked { peer, channel: id, nonce: to });
            return Ok(Delivery::Refused(Failure::of(&MessageError::Unasked(to))));
        };
        OUTBOX.delete(state, &(peer, id, to));
        side.unanswered = side.unanswered.checked_sub(1).ok_or(MessageError::Overflow)?;
        match (&request.payload, result) {
            (Payload::Open, Ok(())) if side.state == ChannelState::Opening => {
                side.state = ChannelState::Open;
                self.events.push(Event::Opened { peer, channel: id });
            }
            (Payload::Open, Err(_)) => self.shut(state, (peer, id), side)?,
            (Payload::Transfer { from, amount, .. }, Err(_)) => {
                self.till.reclaim(state, peer, from, *amount)?;
            }
            (Payload::Notice { module, bytes }, result) => {
                if let Some(receivers) = &mut self.receivers {
                    receivers.answered(state, peer, *module, bytes, result)?;
                }
            }
            _ => {}
        }
        self.events.push(Event::Answered { request: Box::new(request), result });
        Ok(Delivery::Done)
    }
}

/// Drops responses that the other side has received; requests wait for their own response.
fn prune(
    state: &mut dyn StateWrite,
    (peer, id): (DomainId, ChannelId),
    side: &mut Channel,
    received: Nonce,
) -> Result<(), MessageError> {
    let end = received.min(side.next_outbox);
    while side.pruned < end {
        let key = (peer, id, side.pruned);
        if OUTBOX.get(state, &key)?.is_some_and(|message| !message.payload.is_request()) {
            OUTBOX.delete(state, &key);
        }
        side.pruned = side.pruned.checked_add(1).ok_or(MessageError::Overflow)?;
    }
    Ok(())
}
