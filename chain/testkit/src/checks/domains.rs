//! What must hold of the domains at every moment, and when nothing of them is open any more.

use crate::node::SimNode;
use crate::{Failure, World};
use auto_core::{BlockNumber, DomainId, OperatorId};
use auto_domains::state::{BLOCK, DOMAIN, FALLEN, HELD, OPERATOR, OperatorRecord, OperatorStatus};
use auto_module::StoredError;
use auto_state::StateRead;

fn broken(error: StoredError) -> Failure {
    Failure::of("reading the domains", &error)
}

/// The record of an operator, which must exist.
pub(crate) fn operator(state: &impl StateRead, number: u64) -> Result<OperatorRecord, Failure> {
    let record = OPERATOR.get(state, &OperatorId(number)).map_err(broken)?;
    record.ok_or_else(|| Failure(format!("operator {number} does not exist")))
}

/// No operator that never lied was ever blamed.
pub(crate) fn nobody_honest_is_slashed(state: &impl StateRead, honest: &[u64]) -> Result<(), Failure> {
    for number in honest {
        let status = operator(state, *number)?.status;
        if matches!(status, OperatorStatus::PendingSlash | OperatorStatus::Slashed) {
            return Err(Failure(format!("operator {number} is honest, and has status {status:?}")));
        }
    }
    Ok(())
}

/// What is still open on the domains, as the head of a node says: something that somebody did there and that is
/// not confirmed, money that was sent between chains and has not arrived, an operator that is to lose its stake
/// and has not.
pub(crate) fn open(world: &World, node: &SimNode) -> Result<Option<String>, Failure> {
    let Some(state) = node.head_state()? else { return Ok(Some("no head".to_owned())) };
    for domain in world.domains() {
        if !is_confirmed(&state, domain)? {
            return Ok(Some(format!("blocks of domain {domain}")));
        }
    }
    for number in 0..u64::try_from(world.genesis().operators.len()).unwrap_or(u64::MAX) {
        let status = operator(&state, number)?.status;
        if matches!(status, OperatorStatus::PendingSlash | OperatorStatus::InvalidBundle(_)) {
            return Ok(Some(format!("operator {number} has status {status:?}")));
        }
    }
    if !FALLEN.get(&state).map_err(broken)?.unwrap_or_default().is_empty() {
        return Ok(Some("receipts that fell".to_owned()));
    }
    let underway = HELD.get(&state).map_err(broken)?.unwrap_or_default().in_transit;
    Ok((!underway.is_zero()).then(|| format!("{underway} between chains")))
}

/// Whether the blocks of a domain that can still be challenged did nothing.
fn is_confirmed(state: &impl StateRead, domain: DomainId) -> Result<bool, Failure> {
    let record = DOMAIN.get(state, &domain).map_err(broken)?;
    let record = record.ok_or_else(|| Failure(format!("domain {domain} does not exist")))?;
    for number in record.confirmed.0.saturating_add(1)..=record.head.0 {
        let block = BLOCK.get(state, &(domain, BlockNumber(number))).map_err(broken)?;
        let did = |block: auto_domains::state::DomainBlock| {
            block.inbox.iter().any(|bundle| bundle.extrinsics > 0 || bundle.weight > 0)
        };
        if block.is_some_and(did) {
            return Ok(false);
        }
    }
    Ok(true)
}
