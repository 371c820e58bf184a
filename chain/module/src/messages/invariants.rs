//! What holds of channels after every block.

use super::{CHANNELS, Channel, ChannelState, OUTBOX, WINDOW, deposits_account};
use crate::{Contents, Invariant, bank::ACCOUNTS};
use auto_core::{Amount, ChannelId, DomainId};

/// What holds after every block.
pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant { name: "an outbox holds its unanswered requests and no message twice", check: outboxes },
    Invariant { name: "nonces never fall, and a closed channel stays closed", check: channels_advance },
    Invariant { name: "the deposits of channels are on their account", check: deposits },
];

type Channels = Vec<((DomainId, ChannelId), Channel)>;

fn channels(contents: &Contents) -> Result<Channels, String> {
    CHANNELS.entries(contents).map_err(|error| error.to_string())
}

fn outboxes(_before: &Contents, after: &Contents) -> Result<(), String> {
    let messages = OUTBOX.entries(after).map_err(|error| error.to_string())?;
    for ((peer, id), side) in channels(after)? {
        let own: Vec<_> =
            messages.iter().filter(|((dst, channel, _), _)| (*dst, *channel) == (peer, id)).collect();
        let requests = own.iter().filter(|(_, message)| message.payload.is_request()).count();
        if u64::try_from(requests) != Ok(side.unanswered) {
            return Err(format!("channel {id} to {peer}: {requests} requests, {} counted", side.unanswered));
        }
        // One closing may come on top of a full window.
        if side.unanswered > WINDOW.saturating_add(1) {
            return Err(format!("channel {id} to {peer}: {} requests unanswered", side.unanswered));
        }
        for ((_, _, nonce), message) in own {
            if message.nonce != *nonce || *nonce >= side.next_outbox || message.dst != peer {
                return Err(format!("channel {id} to {peer}: message {nonce} is out of place"));
            }
            if !message.payload.is_request() && *nonce < side.pruned {
                return Err(format!("channel {id} to {peer}: response {nonce} should be gone"));
            }
        }
    }
    Ok(())
}

fn channels_advance(before: &Contents, after: &Contents) -> Result<(), String> {
    let new = channels(after)?;
    for (place, old) in channels(before)? {
        let Some((_, side)) = new.iter().find(|(other, _)| *other == place) else {
            return Err(format!("channel {place:?} is gone"));
        };
        let reopened = old.state == ChannelState::Closed && side.state != ChannelState::Closed;
        if side.next_inbox < old.next_inbox || side.next_outbox < old.next_outbox || reopened {
            return Err(format!("channel {place:?} went back"));
        }
    }
    Ok(())
}

fn deposits(_before: &Contents, after: &Contents) -> Result<(), String> {
    let held = channels(after)?
        .iter()
        .try_fold(Amount::ZERO, |sum, (_, side)| sum.checked_add(side.deposit))
        .ok_or("the deposits overflow")?;
    let account = ACCOUNTS.get(after, &deposits_account()).map_err(|error| error.to_string())?;
    let there = account.unwrap_or_default().balance;
    // Anyone may send money to the account; it is lost to them, not to the channels.
    if there >= held { Ok(()) } else { Err(format!("deposits of {held}, {there} on their account")) }
}
