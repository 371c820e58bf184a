//! A consensus chain for tests: accounts, and the books of what every domain holds, moves and is refused.

use auto_core::{Address, Amount, BlockFees, DomainId, ErrorCode, Transfers};
use auto_module::messages::{Till, TillError};
use auto_module::{Contents, Failure, Map};
use auto_state::{StateRead, StateWrite};

type Chains = (DomainId, DomainId);

pub(crate) const ACCOUNTS: Map<Address, Amount> = Map::new("hub/account");
pub(crate) const BALANCES: Map<DomainId, Amount> = Map::new("hub/balance");
pub(crate) const IN_TRANSIT: Map<Chains, Amount> = Map::new("hub/in-transit");
pub(crate) const REJECTED: Map<Chains, Amount> = Map::new("hub/rejected");
const DEPOSITS: Address = Address([0xde; 32]);
const HERE: DomainId = DomainId::CONSENSUS;

#[derive(Debug, thiserror::Error)]
#[error("the books do not hold that much")]
struct Overdrawn;

impl ErrorCode for Overdrawn {
    fn code(&self) -> &'static str {
        "HUB-0007"
    }
}

fn overdrawn() -> TillError {
    TillError::Refused(Failure::of(&Overdrawn))
}

fn read<K: parity_scale_codec::Encode>(
    state: &(impl StateRead + ?Sized),
    map: &Map<K, Amount>,
    key: &K,
) -> Amount {
    map.get(state, key).expect("readable").unwrap_or_default()
}

pub(crate) fn add<K: parity_scale_codec::Encode>(
    state: &mut dyn StateWrite,
    map: &Map<K, Amount>,
    key: &K,
    amount: Amount,
) {
    let sum = read(state, map, key).checked_add(amount).expect("fits");
    map.put(state, key, &sum);
}

fn take<K: parity_scale_codec::Encode>(
    state: &mut dyn StateWrite,
    map: &Map<K, Amount>,
    key: &K,
    amount: Amount,
) -> Result<(), TillError> {
    let left = read(state, map, key).checked_sub(amount).ok_or_else(overdrawn)?;
    map.put(state, key, &left);
    Ok(())
}

pub(crate) struct Books;

impl Till for Books {
    fn send(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        take(state, &ACCOUNTS, from, amount)?;
        add(state, &IN_TRANSIT, &(HERE, dst), amount);
        Ok(())
    }

    fn receive(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        to: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        take(state, &IN_TRANSIT, &(src, HERE), amount)?;
        add(state, &ACCOUNTS, to, amount);
        Ok(())
    }

    fn refuse(&mut self, state: &mut dyn StateWrite, src: DomainId, amount: Amount) -> Result<(), TillError> {
        take(state, &IN_TRANSIT, &(src, HERE), amount)?;
        add(state, &REJECTED, &(src, HERE), amount);
        Ok(())
    }

    fn reclaim(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        take(state, &REJECTED, &(HERE, dst), amount)?;
        add(state, &ACCOUNTS, from, amount);
        Ok(())
    }

    fn hold(&mut self, state: &mut dyn StateWrite, owner: &Address, amount: Amount) -> Result<(), TillError> {
        take(state, &ACCOUNTS, owner, amount)?;
        add(state, &ACCOUNTS, &DEPOSITS, amount);
        Ok(())
    }

    fn release(
        &mut self,
        state: &mut dyn StateWrite,
        owner: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        take(state, &ACCOUNTS, &DEPOSITS, amount)?;
        add(state, &ACCOUNTS, owner, amount);
        Ok(())
    }
}

/// Books what a block of `domain` reports, and burns its fees.
pub(crate) fn confirm(
    state: &mut dyn StateWrite,
    domain: DomainId,
    fees: &BlockFees,
    transfers: &Transfers,
) -> Result<(), TillError> {
    for (src, amount) in transfers.incoming.iter() {
        take(state, &IN_TRANSIT, &(*src, domain), *amount)?;
        add(state, &BALANCES, &domain, *amount);
    }
    for (src, amount) in transfers.rejected.iter() {
        take(state, &IN_TRANSIT, &(*src, domain), *amount)?;
        add(state, &REJECTED, &(*src, domain), *amount);
    }
    for (dst, amount) in transfers.reclaimed.iter() {
        take(state, &REJECTED, &(domain, *dst), *amount)?;
        add(state, &BALANCES, &domain, *amount);
    }
    for (dst, amount) in transfers.outgoing.iter() {
        take(state, &BALANCES, &domain, *amount)?;
        add(state, &IN_TRANSIT, &(domain, *dst), *amount);
    }
    for fee in [fees.storage, fees.execution, fees.burned] {
        take(state, &BALANCES, &domain, fee)?;
    }
    Ok(())
}

/// All money that the consensus chain knows of.
pub(crate) fn total(contents: &Contents) -> u128 {
    let accounts = ACCOUNTS.entries(contents).expect("sound").into_iter().map(|(_, amount)| amount);
    let balances = BALANCES.entries(contents).expect("sound").into_iter().map(|(_, amount)| amount);
    let transit = IN_TRANSIT.entries(contents).expect("sound").into_iter().map(|(_, amount)| amount);
    let rejected = REJECTED.entries(contents).expect("sound").into_iter().map(|(_, amount)| amount);
    accounts.chain(balances).chain(transit).chain(rejected).map(Amount::base_units).sum()
}
