//! Operators and nominators: what they stake, what it is worth, and how it is lost.
//!
//! # Rules
//! * Stake with an operator is one pool. Deposits buy shares of it, rewards raise what shares are worth. A
//!   deposit or withdrawal takes effect at the end of its epoch, at that moment's price. All quotients are
//!   rounded down, against the one who joins or leaves, and no share is ever worth more than one unit: when
//!   rewards made it so, all shares are doubled. So rounding takes less than a unit, whatever anyone does.
//! * A share of every deposit goes to the operator's storage fund, which pays for the bytes of its bundles and
//!   has shares of its own: see [`pay_storage`].
//! * What left a pool stays locked until the height of the domain at which it left is confirmed. Every bundle
//!   and receipt that it vouched for is of that height or below, so by then the challenge period has passed
//!   and none of them can be proven wrong. Nothing can be taken out while a slash is pending.
//! * Only those who were registered when an epoch began take part in it. Who rests, ends or is blamed takes
//!   no part from that moment; that raises the chances of the others and lowers nobody's.
//! * Where nobody takes part, the next operator that registers or ends its rest begins an epoch: no block of
//!   the domain would.
//! * Where those who take part make no block of the domain, an epoch begins by itself as soon as somebody
//!   waits for one: see [`renew_stalled`].
//! * A slash takes the pool, the storage fund, what joins and leaves in the epoch, and every withdrawal that
//!   is still locked. Withdrawals that were free before are paid back. The reporter's share is paid, the rest
//!   is burned, in steps of [`SLASH_STEP`] nominators a block.
//!
//! # Guarantees
//! * Every function either fails or moves as much as it says: accounts and what is held always add up to the
//!   issuance less what was burned.
//! * A depositor never owns more than was deposited, and shares are never sold below or bought back above
//!   their price.
//! * No call costs more than a bounded number of reads and writes; the end of an epoch costs one pass over
//!   the operators of the domain.
//!
//! # Deviations from the production protocol
//! * The owner proves possession of the operator's key, and no key serves twice.
//! * Withdrawals unlock with the confirmation of the height at which they left, not of the one at which they
//!   were asked for, so that an operator cannot vouch after its stake was freed.
//! * An operator that rests or ends takes no part at once, not from the next epoch.
//! * Offline operators are those that fall short both of their slots and of their share in the bundles that
//!   were made, so that a domain without transactions rests nobody: see [`end_epoch`].

mod epoch;
mod error;
mod fund;
mod nominator;
mod offline;
mod operator;
mod pool;
mod reward;
mod slash;
mod stall;
mod status;

pub use epoch::end_epoch;
pub use error::{ERRORS, StakingError};
pub use fund::{on_bundle, pay_storage, refund_storage};
pub use nominator::{nominate, unlock, unlock_nominator, withdraw};
pub use operator::{Registration, deactivate, deregister, on_receipt, reactivate, register};
pub use reward::reward;
pub use slash::{SLASH_STEP, mark_pending_slash, process_slashes};
pub use stall::renew_stalled;
pub use status::{mark_invalid_bundle, may_submit, unmark_invalid_bundle};

pub(crate) use epoch::pass_over;
pub(crate) use operator::{begin_first_epoch, enroll_at_genesis, staked};
pub(crate) use pool::{doubled, halved, shares_for, worth};

#[cfg(test)]
mod tests;
