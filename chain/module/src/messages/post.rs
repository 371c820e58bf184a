//! Sending: opening and closing channels, transfers, notices.

use super::state::{ALLOWED, OPENED};
use super::{
    CHANNELS, Channel, ChannelState, Event, Message, MessageError, OUTBOX, Payload, Receivers, Till, WINDOW,
    channel,
};
use auto_core::{Address, Amount, Blob, ChannelId, DomainId, ModuleId, Nonce, ProtocolParams};
use auto_state::StateWrite;

/// The post office of a chain: sends and receives over a state, with a till.
///
/// Who may open and close a channel is for the caller to decide. A method that fails may have written: the
/// caller drops what it wrote, as for any call that fails.
pub struct Post<'a> {
    /// This chain.
    pub own: DomainId,
    /// The protocol parameters.
    pub params: &'a ProtocolParams,
    /// Where money lives.
    pub till: &'a mut dyn Till,
    /// Who takes notices; without it nobody does.
    pub(crate) receivers: Option<&'a mut dyn Receivers>,
    /// What happened.
    pub events: Vec<Event>,
}

impl std::fmt::Debug for Post<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("own", &self.own).field("events", &self.events).finish_non_exhaustive()
    }
}

impl<'a> Post<'a> {
    /// The post office of chain `own`.
    pub fn new(own: DomainId, params: &'a ProtocolParams, till: &'a mut dyn Till) -> Self {
        Self { own, params, till, receivers: None, events: Vec::new() }
    }

    /// Opens a channel to `peer` and holds the deposit of its owner; without an owner there is none, and only
    /// the chain itself can close it.
    ///
    /// # Errors
    /// When the chain is not allowed or the owner cannot pay the deposit.
    pub fn open(
        &mut self,
        state: &mut dyn StateWrite,
        peer: DomainId,
        owner: Option<Address>,
    ) -> Result<ChannelId, MessageError> {
        self.allowed(state, peer)?;
        let id = self.number(state, peer)?;
        let mut deposit = Amount::ZERO;
        if let Some(owner) = &owner {
            deposit = self.params.channel_deposit;
            self.till.hold(state, owner, deposit)?;
        }
        let mut side = Channel::new(ChannelState::Opening, owner, deposit);
        self.send(state, (peer, id), &mut side, Payload::Open)?;
        CHANNELS.put(state, &(peer, id), &side);
        Ok(id)
    }

    /// Numbers a new channel to `peer`.
    pub(super) fn number(
        &self,
        state: &mut dyn StateWrite,
        peer: DomainId,
    ) -> Result<ChannelId, MessageError> {
        let opened = OPENED.get(state, &peer)?.unwrap_or_default();
        let parity = u64::from(self.own > peer);
        let id = opened.checked_mul(2).and_then(|id| id.checked_add(parity)).ok_or(MessageError::Overflow)?;
        OPENED.put(state, &peer, &opened.checked_add(1).ok_or(MessageError::Overflow)?);
        Ok(ChannelId(id))
    }

    /// Closes a channel from this side, and gives the deposit back.
    ///
    /// # Errors
    /// When there is no such channel, or it is closed.
    pub fn close(
        &mut self,
        state: &mut dyn StateWrite,
        peer: DomainId,
        id: ChannelId,
    ) -> Result<(), MessageError> {
        let mut side = channel(state, peer, id)?;
        if side.state == ChannelState::Closed {
            return Err(MessageError::NotOpen { peer, channel: id });
        }
        self.shut(state, (peer, id), &mut side)?;
        self.send(state, (peer, id), &mut side, Payload::Close)?;
        CHANNELS.put(state, &(peer, id), &side);
        Ok(())
    }

    /// Sends money of an account here to an account on `peer`.
    ///
    /// # Errors
    /// When the channel is not open, the chain not allowed, too much is under way, the amount is below the
    /// existential deposit, or the account cannot pay it.
    pub fn transfer(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        from: &Address,
        to: &Address,
        amount: Amount,
    ) -> Result<Nonce, MessageError> {
        let deposit = self.params.existential_deposit;
        if amount < deposit {
            return Err(MessageError::TooLittle { amount, deposit });
        }
        let mut side = self.ready(state, peer, id)?;
        self.till.send(state, peer, from, amount)?;
        let payload = Payload::Transfer { from: *from, to: *to, amount };
        let nonce = self.send(state, (peer, id), &mut side, payload)?;
        CHANNELS.put(state, &(peer, id), &side);
        Ok(nonce)
    }

    /// Sends bytes of a module here to the same module on `peer`.
    ///
    /// # Errors
    /// When the channel is not open, the chain not allowed, or too much is under way.
    pub fn notify(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        module: ModuleId,
        bytes: Blob<{ super::NOTICE_BYTES_MAX }>,
    ) -> Result<Nonce, MessageError> {
        let mut side = self.ready(state, peer, id)?;
        let nonce = self.send(state, (peer, id), &mut side, Payload::Notice { module, bytes })?;
        CHANNELS.put(state, &(peer, id), &side);
        Ok(nonce)
    }

    /// The chain must be one that this chain deals with.
    pub(super) fn allowed(&self, state: &dyn StateWrite, peer: DomainId) -> Result<(), MessageError> {
        if peer == self.own {
            return Err(MessageError::FromHere);
        }
        if ALLOWED.get(state, &peer)?.is_none() {
            return Err(MessageError::NotAllowed(peer));
        }
        Ok(())
    }

    /// A channel over which a request may go out.
    fn ready(&self, state: &dyn StateWrite, peer: DomainId, id: ChannelId) -> Result<Channel, MessageError> {
        self.allowed(state, peer)?;
        let side = channel(state, peer, id)?;
        if side.state != ChannelState::Open {
            return Err(MessageError::NotOpen { peer, channel: id });
        }
        if side.unanswered >= WINDOW {
            return Err(MessageError::WindowFull(side.unanswered));
        }
        Ok(side)
    }

    /// Marks a side closed and gives its deposit back.
    pub(super) fn shut(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        side: &mut Channel,
    ) -> Result<(), MessageError> {
        if side.state == ChannelState::Closed {
            return Ok(());
        }
        if let Some(owner) = &side.owner {
            self.till.release(state, owner, side.deposit)?;
        }
        side.state = ChannelState::Closed;
        side.deposit = Amount::ZERO;
        self.events.push(Event::Closed { peer, channel: id });
        Ok(())
    }

    /// Puts a message into the outbox; the caller writes the side.
    pub(super) fn send(
        &mut self,
        state: &mut dyn StateWrite,
        (peer, id): (DomainId, ChannelId),
        side: &mut Channel,
        payload: Payload,
    ) -> Result<Nonce, MessageError> {
        let nonce = side.next_outbox;
        if payload.is_request() {
            side.unanswered = side.unanswered.checked_add(1).ok_or(MessageError::Overflow)?;
        }
        let message =
            Message { src: self.own, dst: peer, channel: id, nonce, received: side.next_inbox, payload };
        OUTBOX.put(state, &(peer, id, nonce), &message);
        side.next_outbox = nonce.checked_add(1).ok_or(MessageError::Overflow)?;
        self.events.push(Event::Sent(Box::new(message)));
        Ok(nonce)
    }
}
