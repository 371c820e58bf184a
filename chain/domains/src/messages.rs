//! Messages between the consensus chain and domains: the consensus side.
//!
//! Channels, nonces and proofs are those of `auto_module::messages`; money lives in accounts and in the
//! books of [`crate::transfers`]. The consensus chain deals with every domain that exists.

use crate::state::DOMAIN;
use crate::transfers::{
    self, free_deposit, give_rejected, give_transit, hold_deposit, take_rejected, take_transit,
};
use crate::{BundleError, DomainsError, DomainsEvent};
use auto_core::{Address, Amount, ChannelId, DomainId, ErrorCode, ProtocolParams};
use auto_ledger::{BlockContext, LedgerError, Rules, credit, debit};
use auto_module::messages::{
    Delivery, MessageError, Post, Relay, Till, TillError, allow, channel, check, record_root, verify,
};
use auto_module::{Failure, StoredError};
use auto_state::StateWrite;

/// The till of the consensus chain: its accounts, and the books of what moves between chains.
#[derive(Debug, Clone, Copy)]
struct AccountTill<'a> {
    params: &'a ProtocolParams,
}

impl From<DomainsError> for TillError {
    fn from(error: DomainsError) -> Self {
        match error {
            DomainsError::Stored(error) => Self::Stored(error),
            DomainsError::Ledger(LedgerError::State(error)) => Self::Stored(StoredError::State(error)),
            DomainsError::Ledger(LedgerError::StateDamaged(error)) => {
                Self::Stored(StoredError::Damaged { key: "ledger", error })
            }
            error => refused(&error),
        }
    }
}

fn refused(error: &impl ErrorCode) -> TillError {
    TillError::Refused(Failure::of(error))
}

/// Refuses to take more than there is, before anything is written.
fn covered(there: Amount, amount: Amount, what: &'static str) -> Result<(), DomainsError> {
    if amount > there { Err(DomainsError::NotCovered(what)) } else { Ok(()) }
}

impl Till for AccountTill<'_> {
    fn send(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        debit(state, self.params, from, amount).map_err(DomainsError::from)?;
        Ok(give_transit(state, DomainId::CONSENSUS, dst, amount)?)
    }

    fn receive(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        to: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        let here = DomainId::CONSENSUS;
        covered(transfers::in_transit(&*state, src, here)?, amount, "what the domain sent")?;
        credit(state, self.params, to, amount).map_err(DomainsError::from)?;
        Ok(take_transit(state, src, here, amount)?)
    }

    fn refuse(&mut self, state: &mut dyn StateWrite, src: DomainId, amount: Amount) -> Result<(), TillError> {
        let here = DomainId::CONSENSUS;
        covered(transfers::in_transit(&*state, src, here)?, amount, "what the domain sent")?;
        take_transit(state, src, here, amount)?;
        Ok(give_rejected(state, src, here, amount)?)
    }

    fn reclaim(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        let here = DomainId::CONSENSUS;
        covered(transfers::rejected(&*state, here, dst)?, amount, "what the domain refused")?;
        credit(state, self.params, from, amount).map_err(DomainsError::from)?;
        Ok(take_rejected(state, here, dst, amount)?)
    }

    fn hold(&mut self, state: &mut dyn StateWrite, owner: &Address, amount: Amount) -> Result<(), TillError> {
        debit(state, self.params, owner, amount).map_err(DomainsError::from)?;
        Ok(hold_deposit(state, amount)?)
    }

    fn release(
        &mut self,
        state: &mut dyn StateWrite,
        owner: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        if amount.is_zero() {
            return Ok(());
        }
        credit(state, self.params, owner, amount).map_err(DomainsError::from)?;
        Ok(free_deposit(state, amount)?)
    }
}

/// Makes the newest root of the mountain range usable in proofs.
pub(crate) fn begin_block(
    rules: &Rules,
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<(), DomainsError> {
    Ok(record_root(state, &rules.params, cx.number, cx.number, &cx.mmr_root)?)
}

/// Checks a relayed message without the state.
pub(crate) fn check_relay(relay: &Relay) -> Result<(), DomainsError> {
    Ok(check(DomainId::CONSENSUS, relay)?)
}

/// Does something at the post office of the consensus chain, with a domain that exists.
fn at_post<T>(
    rules: &Rules,
    domain: DomainId,
    state: &mut dyn StateWrite,
    work: impl FnOnce(&mut Post<'_>, &mut dyn StateWrite) -> Result<T, MessageError>,
) -> Result<(T, Vec<DomainsEvent>), DomainsError> {
    if DOMAIN.get(&*state, &domain)?.is_none() {
        return Err(BundleError::UnknownDomain(domain).into());
    }
    // The consensus chain deals with every domain that exists.
    allow(state, domain);
    let mut till = AccountTill { params: &rules.params };
    let mut post = Post::new(DomainId::CONSENSUS, &rules.params, &mut till);
    let result = work(&mut post, state)?;
    let events = post.events.into_iter().map(|event| DomainsEvent::Message(Box::new(event)));
    Ok((result, events.collect()))
}

/// Opens a channel to a domain and holds the caller's deposit.
pub(crate) fn open(
    rules: &Rules,
    signer: &Address,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let (_, events) = at_post(rules, domain, state, |post, state| post.open(state, domain, Some(*signer)))?;
    Ok(events)
}

/// Closes a channel that the caller opened.
pub(crate) fn close(
    rules: &Rules,
    signer: &Address,
    (domain, id): (DomainId, ChannelId),
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    if channel(&*state, domain, id)?.owner != Some(*signer) {
        return Err(MessageError::NotOwner.into());
    }
    let ((), events) = at_post(rules, domain, state, |post, state| post.close(state, domain, id))?;
    Ok(events)
}

/// Sends money of the caller to an account of a domain.
pub(crate) fn transfer(
    rules: &Rules,
    signer: &Address,
    place: (DomainId, ChannelId),
    to: &Address,
    amount: Amount,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let work =
        |post: &mut Post<'_>, state: &mut dyn StateWrite| post.transfer(state, place, signer, to, amount);
    let (_, events) = at_post(rules, place.0, state, work)?;
    Ok(events)
}

/// Takes a message of a domain whose proof holds.
///
/// A request that is refused is answered, so the call that relays it takes effect all the same.
pub(crate) fn relay(
    rules: &Rules,
    relay: &Relay,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    check_relay(relay)?;
    let work = |post: &mut Post<'_>, state: &mut dyn StateWrite| -> Result<Delivery, MessageError> {
        verify(&*state, relay)?;
        post.receive(state, &relay.message)
    };
    let (_, events) = at_post(rules, relay.message.src, state, work)?;
    Ok(events)
}
