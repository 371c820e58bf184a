//! Calls that were used: each counts once.
//!
//! A call names when it runs out, at most [`autoid_core::limits::CALL_SECONDS_MAX`] seconds after the moment it
//! is verified, so a used call is remembered until then and no longer. Used calls stand in a queue; every act
//! clears up to [`CLEARED_PER_ACT`] from its front that have run out, and adds one: so what is remembered is
//! bounded by what was called within the last minutes.

use crate::{AgentsError, CALLED, CALLS_QUEUE, CLEARED_PER_ACT, QUEUE};
use auto_state::StateWrite;
use autoid_core::{AutoId, GrantId, Time};
use parity_scale_codec::{Decode, Encode};

/// What makes a call one of a kind: who makes it, under which grant, and the number that its maker drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(crate) struct CallKey {
    /// Who makes it.
    pub actor: AutoId,
    /// The last grant of its chain; none when an owner acts without grants.
    pub grant: Option<GrantId>,
    /// The number.
    pub call_id: [u8; 16],
}

/// A used call in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct UsedCall {
    /// The call.
    pub key: CallKey,
    /// The first second in which it is out of time.
    pub exp: Time,
}

/// The queue's ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct Queue {
    /// Position of the oldest call that is remembered.
    pub head: u64,
    /// Position of the next call to be added.
    pub tail: u64,
}

/// Uses a call up.
///
/// # Errors
/// When it was used before.
pub(crate) fn consume(
    state: &mut dyn StateWrite,
    key: CallKey,
    exp: Time,
    now: Time,
) -> Result<(), AgentsError> {
    if CALLED.get(state, &key)?.is_some() {
        return Err(AgentsError::CallUsed);
    }
    let mut queue = QUEUE.get(state)?.unwrap_or_default();
    for _ in 0..CLEARED_PER_ACT {
        let Some(oldest) = CALLS_QUEUE.get(state, &queue.head)?.filter(|used| used.exp <= now) else { break };
        CALLED.delete(state, &oldest.key);
        CALLS_QUEUE.delete(state, &queue.head);
        queue.head = queue.head.checked_add(1).ok_or(AgentsError::Overflow)?;
    }
    CALLED.put(state, &key, &());
    CALLS_QUEUE.put(state, &queue.tail, &UsedCall { key, exp });
    queue.tail = queue.tail.checked_add(1).ok_or(AgentsError::Overflow)?;
    QUEUE.put(state, &queue);
    Ok(())
}
