//! Every key of the ledger's state, and the values under them.

use crate::{BlockspaceUsage, ByteFees, LedgerError};
use auto_core::{Address, Amount, BlockNumber, Nonce, PublicKey, decode_strict};
use auto_state::{Changes, StateRead, StateWrite};
use parity_scale_codec::{Decode, Encode};

const ACCOUNT: &[u8] = b"ledger/account/";
const EARNINGS: &[u8] = b"ledger/earnings/";
const EQUIVOCATOR: &[u8] = b"ledger/equivocator/";
const ISSUANCE: &[u8] = b"ledger/issuance";
const BYTE_FEES: &[u8] = b"ledger/byte-fees";
const USAGE: &[u8] = b"ledger/usage";
/// Bytes of the longest value under these keys.
const VALUE_MAX: usize = 256;

/// An account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct Account {
    /// What it holds.
    pub balance: Amount,
    /// How many transactions it has sent.
    pub nonce: Nonce,
}

/// The money that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct Issuance {
    /// All of it: the balances and what is held.
    pub total: Amount,
    /// What blocks earned and is not paid yet.
    pub held: Amount,
    /// What was ever issued as block rewards; it stays counted when it is burned.
    pub rewards: Amount,
}

/// What a block earned, held until it matures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Earnings {
    /// The key that sealed the block.
    pub farmer: PublicKey,
    /// Who is paid.
    pub reward_address: Address,
    /// Fees of the block's transactions.
    pub fees: Amount,
    /// The block's reward.
    pub reward: Amount,
}

/// The key of an account, for proofs.
#[must_use]
pub fn account_key(address: &Address) -> Vec<u8> {
    [ACCOUNT, &address.0].concat()
}

pub(crate) fn earnings_key(number: BlockNumber) -> Vec<u8> {
    [EARNINGS, &number.0.to_le_bytes()].concat()
}

fn equivocator_key(farmer: &PublicKey) -> Vec<u8> {
    [EQUIVOCATOR, &farmer.0].concat()
}

fn read<T: Decode>(state: &(impl StateRead + ?Sized), key: &[u8]) -> Result<Option<T>, LedgerError> {
    let Some(bytes) = state.get(key)? else { return Ok(None) };
    decode_strict(&bytes, VALUE_MAX).map(Some).map_err(LedgerError::StateDamaged)
}

/// An account; one that never received anything is empty with nonce zero.
///
/// # Errors
/// When the state cannot be read.
pub fn account(state: &(impl StateRead + ?Sized), address: &Address) -> Result<Account, LedgerError> {
    Ok(read(state, &account_key(address))?.unwrap_or_default())
}

/// What blocks pay for a byte.
///
/// # Errors
/// When the state cannot be read.
pub fn byte_fees(state: &(impl StateRead + ?Sized)) -> Result<ByteFees, LedgerError> {
    Ok(read(state, BYTE_FEES)?.unwrap_or_default())
}

/// The money that exists.
///
/// # Errors
/// When the state cannot be read.
pub fn issuance(state: &(impl StateRead + ?Sized)) -> Result<Issuance, LedgerError> {
    Ok(read(state, ISSUANCE)?.unwrap_or_default())
}

/// What a block earned, while it is held.
///
/// # Errors
/// When the state cannot be read.
pub fn earnings(
    state: &(impl StateRead + ?Sized),
    number: BlockNumber,
) -> Result<Option<Earnings>, LedgerError> {
    read(state, &earnings_key(number))
}

/// Whether a farmer was shown to have sealed two blocks with one solution.
///
/// # Errors
/// When the state cannot be read.
pub fn is_equivocator(state: &(impl StateRead + ?Sized), farmer: &PublicKey) -> Result<bool, LedgerError> {
    Ok(read::<BlockNumber>(state, &equivocator_key(farmer))?.is_some())
}

/// The balances that changes write, together.
pub(crate) fn balances(changes: &Changes) -> Result<Amount, LedgerError> {
    let mut sum = Amount::ZERO;
    let written = changes.iter().filter(|(key, _)| key.starts_with(ACCOUNT));
    for value in written.filter_map(|(_, value)| value.as_deref()) {
        let account: Account = decode_strict(value, VALUE_MAX).map_err(LedgerError::StateDamaged)?;
        sum = sum.checked_add(account.balance).ok_or(LedgerError::Overflow)?;
    }
    Ok(sum)
}

pub(crate) fn usage(state: &(impl StateRead + ?Sized)) -> Result<BlockspaceUsage, LedgerError> {
    Ok(read(state, USAGE)?.unwrap_or_default())
}

pub(crate) fn put_account(state: &mut (impl StateWrite + ?Sized), address: &Address, account: &Account) {
    state.put(&account_key(address), account.encode());
}

pub(crate) fn put_issuance(state: &mut (impl StateWrite + ?Sized), issuance: &Issuance) {
    state.put(ISSUANCE, issuance.encode());
}

pub(crate) fn put_byte_fees(state: &mut (impl StateWrite + ?Sized), fees: &ByteFees) {
    state.put(BYTE_FEES, fees.encode());
}

pub(crate) fn put_usage(state: &mut (impl StateWrite + ?Sized), usage: &BlockspaceUsage) {
    state.put(USAGE, usage.encode());
}

pub(crate) fn put_earnings(state: &mut (impl StateWrite + ?Sized), number: BlockNumber, earnings: &Earnings) {
    state.put(&earnings_key(number), earnings.encode());
}

pub(crate) fn put_equivocator(state: &mut (impl StateWrite + ?Sized), farmer: &PublicKey, at: BlockNumber) {
    state.put(&equivocator_key(farmer), at.encode());
}
