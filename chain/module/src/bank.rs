//! Balances and nonces of a domain, what its blocks take in fees, and what they move to other chains.
//!
//! # Rules
//! * A transfer moves more than nothing, and leaves neither side below the existential deposit; a transfer to
//!   oneself changes nothing. These are the rules of accounts on the consensus chain.
//! * The fee of a transaction is `transaction_fee + weight * weight_fee + bytes * (byte_fee +
//!   domain_byte_fee)`, where `byte_fee` is the price of the consensus block that the domain block comes
//!   from. It is taken before the calls run and leaves the existential deposit.
//! * Accounts are never removed, so no nonce is ever used twice.
//! * An account that belongs to a module ([`crate::module_account`]) may fall below the deposit, by [`release`].
//!
//! # State
//! | key | value |
//! |---|---|
//! | `bank/account/<address>` | [`Account`] |
//! | `bank/issuance` | the money of the domain as of its newest block |
//! | `bank/fees` | [`FEES`]: what the block took so far |
//! | `bank/transfers` | [`TRANSFERS`]: what the block moved so far |
//!
//! # Guarantees
//! * After every block the balances add up to `bank/issuance`, and it is what it was before the block, plus
//!   incoming and reclaimed, less outgoing and fees.
//! * A function that fails has written nothing.

mod calls;
mod error;
mod event;
mod fees;
mod genesis;
mod invariants;
mod module;
mod money;
mod state;
mod transfers;
mod view;

pub use calls::{Call, Transfer};
pub use error::{BankError, ERRORS};
pub use event::Event;
pub use fees::{Fee, NONCE_WINDOW, fee};
pub(crate) use fees::{affordable, charge, in_time, in_window, not_used};
pub(crate) use genesis::settle;
pub use module::Bank;
pub use money::{burn, release, transfer};
use money::{credit, debit};
pub use state::{ACCOUNTS, Account, FEES, ISSUANCE, TRANSFERS};
pub use transfers::{receive, reclaim, refuse, send};
pub use view::{account, account_key, issuance};
