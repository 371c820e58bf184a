//! Money that moves between chains, and the account of it.

use super::{BankError, TRANSFERS, credit, debit};
use auto_core::{Address, Amount, DomainId, List, ProtocolParams, TRANSFER_CHAINS_MAX, Transfers};
use auto_state::{StateRead, StateWrite};

/// A way in which money enters or leaves a domain.
#[derive(Clone, Copy)]
enum Flow {
    /// Credited here, out of a transfer from the chain.
    Incoming,
    /// Taken here, into a transfer to the chain.
    Outgoing,
    /// Refused here; the chain may take it back.
    Rejected,
    /// Given back here, after the chain refused it.
    Reclaimed,
}

type Chains = List<(DomainId, Amount), TRANSFER_CHAINS_MAX>;

fn add(chains: &mut Chains, chain: DomainId, amount: Amount) -> Result<(), BankError> {
    let mut entries = std::mem::take(chains).into_inner();
    match entries.binary_search_by_key(&chain, |(listed, _)| *listed) {
        Ok(at) => {
            if let Some((_, sum)) = entries.get_mut(at) {
                *sum = sum.checked_add(amount).ok_or(BankError::Overflow)?;
            }
        }
        Err(at) => entries.insert(at, (chain, amount)),
    }
    *chains = List::new(entries).map_err(|_| BankError::TooManyChains(chain))?;
    Ok(())
}

fn recorded(
    state: &(impl StateRead + ?Sized),
    flow: Flow,
    chain: DomainId,
    amount: Amount,
) -> Result<Transfers, BankError> {
    let mut transfers: Transfers = TRANSFERS.get(state)?.unwrap_or_default();
    let chains = match flow {
        Flow::Incoming => &mut transfers.incoming,
        Flow::Outgoing => &mut transfers.outgoing,
        Flow::Rejected => &mut transfers.rejected,
        Flow::Reclaimed => &mut transfers.reclaimed,
    };
    add(chains, chain, amount)?;
    Ok(transfers)
}

/// Takes money from an account, to go to another chain.
///
/// # Errors
/// When the account would fall below the existential deposit, the block already lists as many chains as it
/// can, or the state cannot be read.
pub fn send(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    dst: DomainId,
    from: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let transfers = recorded(state, Flow::Outgoing, dst, amount)?;
    debit(state, params, from, amount)?;
    TRANSFERS.put(state, &transfers);
    Ok(())
}

/// Credits an account with what another chain sent.
///
/// # Errors
/// When the account would stay below the existential deposit, the block already lists as many chains as it
/// can, a sum overflows, or the state cannot be read.
pub fn receive(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    src: DomainId,
    to: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let transfers = recorded(state, Flow::Incoming, src, amount)?;
    credit(state, params, to, amount)?;
    TRANSFERS.put(state, &transfers);
    Ok(())
}

/// Notes that what another chain sent was refused.
///
/// # Errors
/// When the block already lists as many chains as it can, a sum overflows, or the state cannot be read.
pub fn refuse(
    state: &mut (impl StateWrite + ?Sized),
    src: DomainId,
    amount: Amount,
) -> Result<(), BankError> {
    let transfers = recorded(state, Flow::Rejected, src, amount)?;
    TRANSFERS.put(state, &transfers);
    Ok(())
}

/// Gives an account back what another chain refused.
///
/// # Errors
/// As [`receive`].
pub fn reclaim(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    dst: DomainId,
    from: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let transfers = recorded(state, Flow::Reclaimed, dst, amount)?;
    credit(state, params, from, amount)?;
    TRANSFERS.put(state, &transfers);
    Ok(())
}
