//! The state transition of the consensus chain: accounts, objects, fees, the storage price, rewards, and
//! the Merkle mountain range over blocks.
//!
//! # Rules
//! * A transaction names the consensus domain; its calls name module [`MODULE`] and decode strictly as
//!   [`LedgerCall`].
//! * [`check`] needs no state and runs the cheap rules before any signature. Execution takes
//!   [`CheckedTransaction`] only.
//! * The fee is `transaction fee + call fee * (calls - 1) + encoded bytes * byte fee`. A transaction whose
//!   nonce is not the account's, which has expired, whose fee is over its limit, or whose signer cannot
//!   pay and keep the existential deposit, is invalid, and so is a block that holds it.
//! * The calls of a transaction take effect together or not at all. When one fails the fee and the nonce
//!   stay, and the outcome is [`Outcome::Failed`].
//! * The byte fee is `credit supply / (pledged space / replication - history)`, or the whole credit supply
//!   where the divisor is not positive, and never over the parameter `byte_fee_max`. A block computes the
//!   `next` price at its end and is itself charged at the `next` price of its parent; the pool asks for
//!   the `next` price of the tip.
//! * A block earns its fees and a reward. The reward is the subsidy of its height less the share of blocks
//!   that is in use, and never more than what may still be issued. Earnings are held for
//!   `confirmation_depth` blocks and burned if the farmer's key is shown by then, or was shown before, to
//!   have sealed two blocks with one solution ([`LedgerCall::ReportEquivocation`]).
//! * No account falls below the existential deposit: a transfer that would leave the sender, or the
//!   receiver, below it fails. Accounts are never removed, so no nonce is ever used twice.
//! * An object is on chain as soon as its transaction is, whether or not the transaction's calls took
//!   effect: it is the bytes of the block that are archived.
//!
//! # Guarantees
//! * Pure and synchronous, integers only, all arithmetic checked.
//! * After every block the balances and what is held for authors add up to the issuance.
//! * [`block_objects`] gives offsets into the very encoding that is archived.
//!
//! # Deviations from the production protocol
//! * Earnings mature after the confirmation depth; there they are paid at once, and evidence against a
//!   block's author can reach at most the following two blocks.
//! * There is no multiplier for weight: bytes and calls are what a transaction pays for.
//! * Votes are not part of a block, so the author's tenth of vote rewards does not occur.
//! * The leaf of the mountain range has no extrinsics root: the block hash covers it.

mod apply;
mod call;
mod check;
mod equivocation;
mod error;
mod execute;
mod fee;
mod genesis;
pub mod mmr;
mod objects;
mod reward;
mod state;
mod validate;

pub use apply::Event;
pub use call::{LedgerCall, MODULE, OBJECT_BYTES_MAX, object_bytes_max};
pub use check::{CheckedTransaction, check, check_block};
pub use equivocation::Equivocation;
pub use error::{ERRORS, LedgerError};
pub use execute::{
    BlockContext, BlockExecution, ExecutedBlock, ExecutedTransaction, Outcome, Payout, execute_block,
};
pub use fee::{ByteFees, byte_fee, fee};
pub use genesis::genesis_state;
pub use objects::block_objects;
pub use reward::{BlockspaceUsage, block_reward, subsidy};
pub use state::{
    Account, Earnings, Issuance, account, account_key, byte_fees, earnings, is_equivocator, issuance,
};
pub use validate::{Validity, validate};
