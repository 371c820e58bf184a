//! Whether a message may be relayed.

use super::receive::side_of;
use super::{CONFIRMED, Message, MessageError, MessageProof, ROOTS, Relay, WINDOW, outbox_key};
use auto_core::{BlockNumber, DomainId, Hash, decode_strict};
use auto_state::mmr::{MmrLeaf, MmrProof};
use auto_state::{StateProof, StateRead};

impl MessageProof {
    /// Anchor, leaf and proof of the leaf.
    const fn leaf(&self) -> (BlockNumber, &MmrLeaf, &MmrProof) {
        match self {
            Self::Consensus { anchor, leaf, mmr, .. } | Self::Domain { anchor, leaf, mmr, .. } => {
                (*anchor, leaf, mmr)
            }
        }
    }
}

/// Checks what needs no state: that the message is for `own`, and the proof of the right kind.
///
/// # Errors
/// The first rule that is broken.
pub fn check(own: DomainId, relay: &Relay) -> Result<(), MessageError> {
    let message = &relay.message;
    if message.dst != own {
        return Err(MessageError::WrongDestination(message.dst));
    }
    if message.src == own {
        return Err(MessageError::FromHere);
    }
    let of_consensus = matches!(relay.proof, MessageProof::Consensus { .. });
    if of_consensus != (message.src == DomainId::CONSENSUS) {
        return Err(MessageError::ProofMalformed("it is of the wrong kind for its source"));
    }
    let (anchor, leaf, mmr) = relay.proof.leaf();
    if mmr.leaves != anchor.0 || leaf.number >= anchor {
        return Err(MessageError::ProofMalformed("leaf, range and anchor do not belong together"));
    }
    Ok(())
}

/// Whether a bundle may hold a message to chain `own` over this state: its channel, its nonce, its proof.
///
/// A message that was received already may be held, without effect: another bundle may have brought it
/// between the making of this one and its inclusion.
///
/// # Errors
/// The first rule that is broken, or that the state cannot be read.
pub fn legal(own: DomainId, state: &dyn StateRead, relay: &Relay) -> Result<(), MessageError> {
    check(own, relay)?;
    let side = side_of(state, own, &relay.message)?;
    let (nonce, expected) = (relay.message.nonce, side.next_inbox);
    if nonce.0.saturating_sub(expected.0) >= WINDOW {
        return Err(MessageError::FutureNonce { nonce, expected });
    }
    verify(state, relay)
}

/// Whether a message is still to be received.
///
/// # Errors
/// [`MessageError::StaleNonce`], or what its channel makes of it.
pub fn not_received(
    own: DomainId,
    state: &(impl StateRead + ?Sized),
    message: &Message,
) -> Result<(), MessageError> {
    let (nonce, expected) = (message.nonce, side_of(state, own, message)?.next_inbox);
    if nonce < expected { Err(MessageError::StaleNonce { nonce, expected }) } else { Ok(()) }
}

/// Verifies the proof of a message against the roots that this state knows.
///
/// # Errors
/// Where the proof breaks, or that the state cannot be read.
pub fn verify(state: &(impl StateRead + ?Sized), relay: &Relay) -> Result<(), MessageError> {
    let (anchor, leaf, mmr) = relay.proof.leaf();
    let root = ROOTS.get(state, &anchor)?.ok_or(MessageError::AnchorUnknown(anchor))?;
    if !mmr.verify(&root, leaf) {
        return Err(MessageError::ForeignLeaf);
    }
    match &relay.proof {
        MessageProof::Consensus { message, .. } => in_outbox(&leaf.state_root, message, &relay.message),
        MessageProof::Domain { receipt, message, .. } => {
            let src = relay.message.src;
            let confirmed = proven(&leaf.state_root, receipt, &CONFIRMED.key(&src))?;
            let confirmed = CONFIRMED.decode_value(&confirmed.ok_or(MessageError::Unconfirmed(src))?);
            // A value of another chain's state: no trouble of this one's.
            let confirmed =
                confirmed.map_err(|_| MessageError::ProofMalformed("its confirmed block does not decode"))?;
            in_outbox(&confirmed.state_root, message, &relay.message)
        }
    }
}

fn proven(root: &Hash, proof: &StateProof, key: &[u8]) -> Result<Option<Vec<u8>>, MessageError> {
    proof.verify(root, key).map_err(MessageError::ProofInvalid)
}

fn in_outbox(root: &Hash, proof: &StateProof, message: &Message) -> Result<(), MessageError> {
    let key = outbox_key(message.dst, message.channel, message.nonce);
    let entry = proven(root, proof, &key)?.ok_or(MessageError::NotSent)?;
    match decode_strict::<Message>(&entry, entry.len()) {
        Ok(sent) if sent == *message => Ok(()),
        _ => Err(MessageError::NotSent),
    }
}
