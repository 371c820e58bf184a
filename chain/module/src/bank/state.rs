//! Every key of the bank, and the values under them.

use crate::{Item, Map};
use auto_core::{Address, Amount, BlockFees, Nonce, Transfers};
use parity_scale_codec::{Decode, Encode};

/// An account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct Account {
    /// What it holds.
    pub balance: Amount,
    /// How many transactions it has sent.
    pub nonce: Nonce,
}

/// The accounts; one that never received anything has no entry.
pub const ACCOUNTS: Map<Address, Account> = Map::new("bank/account");
/// The money of the domain as of its newest block.
pub const ISSUANCE: Item<Amount> = Item::new("bank/issuance");
/// What the newest block took in fees; a receipt reports it.
pub const FEES: Item<BlockFees> = Item::new("bank/fees");
/// What the newest block moved between chains; a receipt reports it.
pub const TRANSFERS: Item<Transfers> = Item::new("bank/transfers");
