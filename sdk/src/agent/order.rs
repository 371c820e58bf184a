//! Orders of those who control an identity: its record as an agent, and its vault.

use crate::identity::{IdentityKey, STATEMENT_BLOCKS, call_of};
use crate::{DomainState, Prover, SdkError};
use auto_agents::{Action, Agents, Carry, Clear, Deposit, Order, Profile, view};
use auto_core::{Address, Amount, Call};
use autoid_core::{AutoId, Sign};
use autoid_interface::Envelope;

async fn order<P: Prover>(
    state: &mut DomainState<P>,
    key: &IdentityKey,
    action: Action,
) -> Result<Call, SdkError> {
    key.on(&state.network())?;
    let id = key.id();
    let seq = state.view(|state| view::next_order(state, &id)).await?;
    let valid_until = state.point().block.saturating_add(STATEMENT_BLOCKS);
    let order = Sign::new(Order { id, seq, valid_until, action })?;
    let order = Envelope::from(order.signed(&key.network(), key.name(), key)?);
    call_of::<Agents>(&auto_agents::Call::Order(Box::new(Carry { order })))
}

/// Registers an agent, or replaces what it says about itself; [`Card::profile`](super::Card::profile) makes the
/// profile. Deposit and stake are held of whoever signs the transaction.
///
/// # Errors
/// When the profile breaks a rule, or the state cannot be read.
pub async fn register<P: Prover>(
    state: &mut DomainState<P>,
    key: &IdentityKey,
    profile: Profile,
) -> Result<Call, SdkError> {
    profile.check()?;
    order(state, key, Action::Register(Box::new(profile))).await
}

/// Keeps an agent in searches for `blocks` from now on.
///
/// # Errors
/// When the state cannot be read.
pub async fn renew<P: Prover>(
    state: &mut DomainState<P>,
    key: &IdentityKey,
    blocks: u64,
) -> Result<Call, SdkError> {
    let live_until = state.point().block.saturating_add(blocks);
    order(state, key, Action::Renew { live_until }).await
}

/// Ends the record of an agent.
///
/// # Errors
/// When the state cannot be read.
pub async fn retire<P: Prover>(state: &mut DomainState<P>, key: &IdentityKey) -> Result<Call, SdkError> {
    order(state, key, Action::Retire).await
}

/// Moves money out of the vault of the key's identity, or of one below it that can never act again.
///
/// # Errors
/// When nothing is moved, or the state cannot be read.
pub async fn withdraw<P: Prover>(
    state: &mut DomainState<P>,
    key: &IdentityKey,
    (from, to): (AutoId, Address),
    amount: Amount,
) -> Result<Call, SdkError> {
    if amount.is_zero() {
        return Err(auto_agents::AgentsError::ZeroAmount.into());
    }
    order(state, key, Action::Withdraw { from, to, amount }).await
}

/// Pays into the vault of an identity; anyone may.
///
/// # Errors
/// When nothing is paid.
pub fn deposit(to: AutoId, amount: Amount) -> Result<Call, SdkError> {
    if amount.is_zero() {
        return Err(auto_agents::AgentsError::ZeroAmount.into());
    }
    call_of::<Agents>(&auto_agents::Call::Deposit(Deposit { to, amount }))
}

/// Clears the record of an agent that can never act again; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn clear(agent: AutoId) -> Result<Call, SdkError> {
    call_of::<Agents>(&auto_agents::Call::Clear(Clear { agent }))
}
