//! The chains that a chain deals with, and the channels that it starts with.

use super::state::ALLOWED;
use super::{CHANNELS, Channel, ChannelState, MessageError, Post};
use auto_core::{Amount, ChannelId, DomainId, List, TRANSFER_CHAINS_MAX};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// What the messages of a domain start from; the consensus chain is always among the chains allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct MessagesGenesis {
    /// Further chains that it deals with.
    pub allowed: List<DomainId, { TRANSFER_CHAINS_MAX - 1 }>,
    /// Chains with which a channel is open from the start; each must list this one too.
    pub established: List<DomainId, TRANSFER_CHAINS_MAX>,
}

/// Adds a chain to those that this chain deals with.
pub fn allow(state: &mut dyn StateWrite, peer: DomainId) {
    ALLOWED.put(state, &peer, &());
}

/// Removes a chain from those that this chain deals with: requests of it are refused from now on.
pub fn disallow(state: &mut dyn StateWrite, peer: DomainId) {
    ALLOWED.delete(state, &peer);
}

/// Opens a channel between `post.own` and `peer` at genesis, without handshake and deposit; the same is to be
/// done on the other chain. The lower chain counts as its opener.
///
/// # Errors
/// When the chain is not allowed, or a channel exists already.
pub fn establish(
    post: &Post<'_>,
    state: &mut dyn StateWrite,
    peer: DomainId,
) -> Result<ChannelId, MessageError> {
    post.allowed(state, peer)?;
    let id = if post.own < peer { post.number(state, peer)? } else { ChannelId(0) };
    if CHANNELS.get(state, &(peer, id))?.is_some() || id != ChannelId(0) {
        return Err(MessageError::BadOpening);
    }
    CHANNELS.put(state, &(peer, id), &Channel::new(ChannelState::Open, None, Amount::ZERO));
    Ok(id)
}

pub(super) fn genesis(
    post: &Post<'_>,
    genesis: &MessagesGenesis,
    state: &mut dyn StateWrite,
) -> Result<(), MessageError> {
    allow(state, DomainId::CONSENSUS);
    for peer in genesis.allowed.iter() {
        if *peer == post.own {
            return Err(MessageError::FromHere);
        }
        allow(state, *peer);
    }
    for peer in genesis.established.iter() {
        establish(post, state, *peer)?;
    }
    Ok(())
}
