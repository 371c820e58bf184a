//! Domains on the consensus chain: who may run one, what goes into its blocks, what is claimed about them,
//! and what it costs to claim something wrong.
//!
//! A domain is an execution environment of its own. The consensus chain never runs it: it orders what
//! operators submit, keeps what they claim, and judges a claim only when someone proves it wrong.
//!
//! # Blocks of a domain
//! * Every consensus block that holds a bundle for a domain makes one block of it, of height head + 1; so
//!   does one at which an upgrade of its runtime is due. What the domain block is derived from is in the
//!   state ([`state::BLOCK`]): its [`auto_module::Inherent`], the seed of its order, and its bundles.
//! * The rules for submissions and their order are in [`bundle`]: payment before cryptography. An operator
//!   claims a slot once; a block takes its slots in any order, later blocks only later ones.
//! * Epochs of stake end with the consensus block in which the domain's height becomes a multiple of
//!   `staking_epoch`, so all submissions of a block are judged by one distribution of stake.
//!
//! # Receipts
//! * The receipts of a domain are one line; see [`receipt`]. A consensus block adds one at most. A bundle
//!   carries the newest receipt or the next one; the very first bundles carry the receipt of genesis, which
//!   the chain itself made and which nobody answers for.
//! * When more than one block has no receipt, as after a fraud proof, only receipts without bundles are
//!   taken until the line has caught up. Blocks that the same consensus block makes do not count.
//! * When the receipt of height `n` is added, the one of height `n - challenge_period` is confirmed: storage
//!   fees go back to the funds that paid for the block's valid bundles, in proportion; execution fees go to
//!   those that vouched for the receipt, in equal parts; the rest, rounding included, is burned; transfers
//!   are settled; authors of bundles that the receipt calls invalid are slashed.
//! * A fraud proof cuts the line before the wrong receipt. All that vouched for it or for a receipt on top
//!   of it are slashed. Receipts above the cut are out of use at once and cleared away in bounded steps.
//!
//! # Money
//! What is not in accounts is in [`state::Held`]: stakes, storage funds, withdrawals, deposits, balances of
//! domains, transfers under way, rejected transfers. A receipt that would move more than its domain has, or
//! accept more than was sent to it, is refused at the door, receipts before it included
//! ([`transfers::admit`]); so even operators that collude cannot make money, only move it inside of their
//! domain until they are proven wrong.
//!
//! # Guarantees
//! * Pure and synchronous, integers only, all arithmetic checked; the state is the only memory.
//! * After every block the money that exists is that of accounts, of the ledger's held earnings, and of
//!   [`Domains`]' `held`.
//! * The work of a block is bounded by its bytes: slashes, fallen receipts and upgrades go in bounded steps.
//! * Nothing that is wrong with a submission changes the state; the block's author can drop it.
//! * Verifying a fraud proof needs no state of a domain, only the proof and the consensus state.
//!
//! # Deviations from the production protocol
//! * Runtimes are native code, named by modules and version; an upgrade takes a build that knows it.
//! * There is no authority. A domain's owner freezes it, for a bounded time ([`registry`]), and nobody removes a
//!   receipt without a fraud proof.
//! * Keys of operators are unique for ever, and proven to be held by the operator.
//! * The reporter of a fraud earns a share of the slash; the rest is burned, there is no treasury.
//! * A withdrawal also waits until the last receipt that the operator vouched for is confirmed.
//! * The chance to be elected follows the operators that are seen to take part.
//! * The order of bundles in a block, and of extrinsics in a bundle, changes nothing.
//! * Submissions are part of a block's body, not transactions of it.
//! * An operator may vouch for the newest receipt in any later block, not only in the one that added it.
//! * Channels and transfers of the consensus chain are calls of this module; the code is that of domains.

pub mod bundle;
mod call;
pub mod derive;
pub mod election;
mod error;
mod event;
mod extension;
pub mod fraud;
pub mod genesis;
mod messages;
mod ratio;
pub mod receipt;
pub mod registry;
pub mod staking;
pub mod state;
pub mod transfers;
pub mod view;

pub use bundle::BundleError;
pub use call::{DomainsCall, INITIAL_ACCOUNTS_MAX, MODULE, Withdraw};
pub use error::{DomainsError, ERRORS};
pub use event::DomainsEvent;
pub use extension::Domains;
pub use fraud::{FraudError, FraudProof};
pub use receipt::ReceiptError;
pub use registry::RegistryError;
pub use staking::StakingError;
