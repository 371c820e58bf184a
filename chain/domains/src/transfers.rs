//! The balances of the domains as the consensus chain tracks them: no domain can make money.
//!
//! Every unit is in one of three places: the confirmed balance of a domain, in transit between two chains,
//! or rejected, which is refused by the receiving chain and not yet claimed back. A receipt is taken only
//! when what it moves, together with all receipts before it, is covered ([`admit`]); it is carried out
//! when it is confirmed ([`settle`]).

use crate::state::{BALANCE, HELD, Held, IN_TRANSIT, REJECTED, TALLY, TALLY_CHAINS_MAX, Tally};
use crate::{DomainsError, ReceiptError};
use auto_core::{Amount, BlockFees, BlockNumber, DomainId, ExecutionReceipt, List, Transfers};
use auto_module::{Map, StoredError};
use auto_state::{StateRead, StateWrite};

/// Balances between two chains: the sender, then the receiver.
type Between = Map<(DomainId, DomainId), Amount>;
/// Amounts by rising chain.
type ByChain = List<(DomainId, Amount), TALLY_CHAINS_MAX>;

/// What all chains together hold outside of accounts, stakes, funds and deposits.
///
/// # Errors
/// When the state cannot be read.
pub fn held(state: &(impl StateRead + ?Sized)) -> Result<Held, StoredError> {
    Ok(HELD.get(state)?.unwrap_or_default())
}

/// All that the domains hold; `None` when it overflows.
#[must_use]
pub fn held_total(held: &Held) -> Option<Amount> {
    let parts = [
        held.stakes,
        held.funds,
        held.withdrawals,
        held.deposits,
        held.domains,
        held.in_transit,
        held.rejected,
    ];
    parts.into_iter().try_fold(Amount::ZERO, Amount::checked_add)
}

/// What a block took in fees, all kinds together; `None` when it overflows.
#[must_use]
pub fn fees_total(fees: &BlockFees) -> Option<Amount> {
    fees.storage.checked_add(fees.execution)?.checked_add(fees.burned)
}

/// The balance of a domain as confirmed.
///
/// # Errors
/// When the state cannot be read.
pub fn balance(state: &(impl StateRead + ?Sized), domain: DomainId) -> Result<Amount, StoredError> {
    Ok(BALANCE.get(state, &domain)?.unwrap_or_default())
}

/// What was sent from one chain to another and did not arrive yet.
///
/// # Errors
/// When the state cannot be read.
pub fn in_transit(
    state: &(impl StateRead + ?Sized),
    from: DomainId,
    to: DomainId,
) -> Result<Amount, StoredError> {
    Ok(IN_TRANSIT.get(state, &(from, to))?.unwrap_or_default())
}

/// What was sent from one chain to another, refused there, and not claimed back yet.
///
/// # Errors
/// When the state cannot be read.
pub fn rejected(
    state: &(impl StateRead + ?Sized),
    from: DomainId,
    to: DomainId,
) -> Result<Amount, StoredError> {
    Ok(REJECTED.get(state, &(from, to))?.unwrap_or_default())
}

/// Whether the lists of a receipt's transfers each name chains in rising order.
#[must_use]
pub fn is_canonical(transfers: &Transfers) -> bool {
    let lists = [&transfers.incoming, &transfers.outgoing, &transfers.rejected, &transfers.reclaimed];
    lists.iter().all(|list| list.windows(2).all(|pair| pair[0].0 < pair[1].0))
}

/// Where the receipt of height `number` leaves the money of its domain.
///
/// # Errors
/// When the state cannot be read.
pub fn tally(
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
    number: BlockNumber,
) -> Result<Tally, StoredError> {
    match TALLY.get(state, &(domain, number))? {
        Some(tally) => Ok(tally),
        // No receipt moved anything before the first.
        None => Ok(Tally { balance: balance(state, domain)?, ..Tally::default() }),
    }
}

fn of(list: &ByChain, chain: DomainId) -> Amount {
    list.binary_search_by_key(&chain, |entry| entry.0)
        .ok()
        .and_then(|at| list.get(at))
        .map_or(Amount::ZERO, |entry| entry.1)
}

fn add(list: &mut Vec<(DomainId, Amount)>, more: &[(DomainId, Amount)]) -> Result<(), ReceiptError> {
    for (chain, amount) in more.iter().filter(|entry| !entry.1.is_zero()) {
        match list.binary_search_by_key(chain, |entry| entry.0) {
            Ok(at) => list[at].1 = list[at].1.checked_add(*amount).ok_or(ReceiptError::Overflow)?,
            Err(at) => list.insert(at, (*chain, *amount)),
        }
    }
    Ok(())
}

fn sum(entries: &[(DomainId, Amount)]) -> Option<Amount> {
    entries.iter().try_fold(Amount::ZERO, |sum, entry| sum.checked_add(entry.1))
}

/// Where a receipt would leave the money of its domain, after its parent and with `confirmed` as the newest
/// confirmed height.
///
/// # Errors
/// [`ReceiptError::Overdrawn`] when it spends more than the domain has, or accepts more than was sent.
pub fn admit(
    state: &(impl StateRead + ?Sized),
    confirmed: BlockNumber,
    receipt: &ExecutionReceipt,
) -> Result<Tally, ReceiptError> {
    let (domain, number) = (receipt.domain, receipt.number);
    let overdrawn = |what| ReceiptError::Overdrawn { domain, number, what };
    let parent = number.checked_sub(1).ok_or(ReceiptError::Overflow)?;
    let (before, settled) = (tally(state, domain, parent)?, tally(state, domain, confirmed)?);
    let moved = &receipt.transfers;
    let gained = sum(&moved.incoming).zip(sum(&moved.reclaimed)).and_then(|(a, b)| a.checked_add(b));
    let spent = sum(&moved.outgoing).zip(fees_total(&receipt.fees)).and_then(|(a, b)| a.checked_add(b));
    let balance = gained.and_then(|gained| before.balance.checked_add(gained));
    let balance = balance.ok_or(ReceiptError::Overflow)?;
    let balance = spent.and_then(|spent| balance.checked_sub(spent));
    let balance = balance.ok_or(overdrawn("the balance of the domain"))?;
    let (mut arrived, mut reclaimed) = (before.arrived.into_inner(), before.reclaimed.into_inner());
    add(&mut arrived, &moved.incoming)?;
    add(&mut arrived, &moved.rejected)?;
    add(&mut reclaimed, &moved.reclaimed)?;
    let full = |_| ReceiptError::Overflow;
    let (arrived, reclaimed) = (List::new(arrived).map_err(full)?, List::new(reclaimed).map_err(full)?);
    for (chain, _) in moved.incoming.iter().chain(moved.rejected.iter()) {
        let open = of(&arrived, *chain).checked_sub(of(&settled.arrived, *chain));
        let sent = in_transit(state, *chain, domain)?;
        if open.is_none_or(|open| open > sent) {
            return Err(overdrawn("what is in transit to the domain"));
        }
    }
    for (chain, _) in moved.reclaimed.iter() {
        let open = of(&reclaimed, *chain).checked_sub(of(&settled.reclaimed, *chain));
        let refused = rejected(state, domain, *chain)?;
        if open.is_none_or(|open| open > refused) {
            return Err(overdrawn("what other chains refused"));
        }
    }
    Ok(Tally { balance, arrived, reclaimed })
}

/// Carries out what a confirmed receipt moves, and takes its fees out of the domain's balance.
///
/// The fees are no longer held afterwards: the caller pays them out or burns them.
///
/// # Errors
/// [`DomainsError::Unbalanced`] when it is not covered, which [`admit`] rules out.
pub fn settle(state: &mut dyn StateWrite, receipt: &ExecutionReceipt) -> Result<(), DomainsError> {
    let here = receipt.domain;
    let moved = &receipt.transfers;
    for (chain, amount) in moved.incoming.iter() {
        take_transit(state, *chain, here, *amount)?;
        give_balance(state, here, *amount)?;
    }
    for (chain, amount) in moved.rejected.iter() {
        take_transit(state, *chain, here, *amount)?;
        give_rejected(state, *chain, here, *amount)?;
    }
    for (chain, amount) in moved.reclaimed.iter() {
        take_rejected(state, here, *chain, *amount)?;
        give_balance(state, here, *amount)?;
    }
    for (chain, amount) in moved.outgoing.iter() {
        take_balance(state, here, *amount)?;
        give_transit(state, here, *chain, *amount)?;
    }
    take_balance(state, here, fees_total(&receipt.fees).ok_or(DomainsError::Overflow)?)
}

/// Changes one of the sums of what is held.
fn total(
    state: &mut dyn StateWrite,
    part: impl FnOnce(&mut Held) -> &mut Amount,
    change: impl FnOnce(Amount) -> Option<Amount>,
    what: &'static str,
) -> Result<(), DomainsError> {
    let mut all = held(&*state)?;
    let value = part(&mut all);
    *value = change(*value).ok_or(DomainsError::Unbalanced(what))?;
    HELD.put(state, &all);
    Ok(())
}

fn change(
    state: &mut dyn StateWrite,
    map: &Between,
    between: (DomainId, DomainId),
    change: impl FnOnce(Amount) -> Option<Amount>,
    what: &'static str,
) -> Result<(), DomainsError> {
    let value = map.get(&*state, &between)?.unwrap_or_default();
    let value = change(value).ok_or(DomainsError::Unbalanced(what))?;
    if value.is_zero() {
        map.delete(state, &between)
    } else {
        map.put(state, &between, &value)
    }
    Ok(())
}

fn give_balance(state: &mut dyn StateWrite, domain: DomainId, amount: Amount) -> Result<(), DomainsError> {
    let value = balance(&*state, domain)?.checked_add(amount).ok_or(DomainsError::Overflow)?;
    BALANCE.put(state, &domain, &value);
    total(state, |held| &mut held.domains, |all| all.checked_add(amount), "balances")
}

fn take_balance(state: &mut dyn StateWrite, domain: DomainId, amount: Amount) -> Result<(), DomainsError> {
    let value = balance(&*state, domain)?.checked_sub(amount);
    BALANCE.put(state, &domain, &value.ok_or(DomainsError::Unbalanced("balances"))?);
    total(state, |held| &mut held.domains, |all| all.checked_sub(amount), "balances")
}

/// Puts money that left one chain on its way to another.
pub(crate) fn give_transit(
    state: &mut dyn StateWrite,
    from: DomainId,
    to: DomainId,
    amount: Amount,
) -> Result<(), DomainsError> {
    change(state, &IN_TRANSIT, (from, to), |sent| sent.checked_add(amount), "transfers")?;
    total(state, |held| &mut held.in_transit, |all| all.checked_add(amount), "transfers")
}

/// Takes money that arrives off its way.
pub(crate) fn take_transit(
    state: &mut dyn StateWrite,
    from: DomainId,
    to: DomainId,
    amount: Amount,
) -> Result<(), DomainsError> {
    change(state, &IN_TRANSIT, (from, to), |sent| sent.checked_sub(amount), "transfers")?;
    total(state, |held| &mut held.in_transit, |all| all.checked_sub(amount), "transfers")
}

/// Keeps money that was refused for the chain that sent it.
pub(crate) fn give_rejected(
    state: &mut dyn StateWrite,
    from: DomainId,
    to: DomainId,
    amount: Amount,
) -> Result<(), DomainsError> {
    change(state, &REJECTED, (from, to), |refused| refused.checked_add(amount), "rejected transfers")?;
    total(state, |held| &mut held.rejected, |all| all.checked_add(amount), "rejected transfers")
}

/// Gives back money that was refused.
pub(crate) fn take_rejected(
    state: &mut dyn StateWrite,
    from: DomainId,
    to: DomainId,
    amount: Amount,
) -> Result<(), DomainsError> {
    change(state, &REJECTED, (from, to), |refused| refused.checked_sub(amount), "rejected transfers")?;
    total(state, |held| &mut held.rejected, |all| all.checked_sub(amount), "rejected transfers")
}

/// Holds a deposit that left an account.
pub(crate) fn hold_deposit(state: &mut dyn StateWrite, amount: Amount) -> Result<(), DomainsError> {
    total(state, |held| &mut held.deposits, |all| all.checked_add(amount), "deposits")
}

/// Gives a deposit free, for its account or to be burned.
pub(crate) fn free_deposit(state: &mut dyn StateWrite, amount: Amount) -> Result<(), DomainsError> {
    total(state, |held| &mut held.deposits, |all| all.checked_sub(amount), "deposits")
}
