//! Chains of grants, as the state and the caller show them together.

use crate::AutoidError;
use auto_module::CallContext;
use auto_state::StateRead;
use autoid_core::limits::CHAIN_MAX;
use autoid_core::verify::{Memo, Remembered, Trust};
use autoid_core::{AutoId, Genesis, Grant, GrantId, Point, Refusal, Sign1};
use autoid_interface::{GRANTS, network_of};

/// The network of the block.
pub(crate) fn network(cx: &CallContext<'_>) -> Genesis {
    let environment = cx.block.environment;
    network_of(&environment.genesis, environment.domain)
}

/// What the chain trusts: itself, as of this block.
pub(crate) const fn trust(point: Point, genesis: Genesis) -> Trust {
    Trust { now: point.time, head: point.block, audience: AutoId([0; 32]), binding: None, genesis }
}

/// The stored grants up to one, the owner's first, and the signatures that are known to hold.
pub(crate) fn stored(
    state: &(impl StateRead + ?Sized),
    last: Option<GrantId>,
) -> Result<(Vec<Sign1<Grant>>, Remembered), AutoidError> {
    let (mut chain, mut memo, mut next) = (Vec::new(), Remembered::new(CHAIN_MAX), last);
    while let Some(id) = next {
        if chain.len() >= CHAIN_MAX {
            return Err(Refusal::ChainLength.into());
        }
        let stored = GRANTS.get(state, &id)?.ok_or(AutoidError::UnknownGrant { grant: id })?;
        memo.learn(stored.fact(id));
        next = stored.grant.body().parent;
        chain.push(stored.grant);
    }
    chain.reverse();
    Ok((chain, memo))
}
