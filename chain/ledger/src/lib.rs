//! The state transition of the consensus chain: accounts, objects, fees, the storage price, rewards, the
//! Merkle mountain range over blocks, and the seam for what runs beside them.
//!
//! # Rules
//! * A transaction names the consensus domain; its calls name module [`MODULE`] and decode strictly as
//!   [`LedgerCall`], or name the module of the [`Extension`], which understands them.
//! * [`check`] needs no state and runs the cheap rules before any signature. Execution takes
//!   [`CheckedTransaction`] and [`CheckedSubmission`] only.
//! * A block runs the extension's beginning, its submissions, its transactions, the payout of what
//!   matured, the extension's end; then the next price is set.
//! * A submission pays from what the extension holds; its fee is the author's like those of transactions.
//!   A block that holds a submission which the extension refuses is invalid.
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
//! * After every block the balances, what is held for authors and what the extension says it holds add up
//!   to the issuance.
//! * A hook of the extension, a submission or a transaction that fails leaves nothing behind. The node's
//!   own trouble ([`LedgerError::is_fatal`]) never becomes an outcome.
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
mod context;
mod error;
mod execute;
mod extension;
mod fee;
mod genesis;
mod money;
mod objects;
mod reward;
mod state;
mod validate;

pub use auto_state::mmr;

pub use apply::{EVENT_BYTES_MAX, Event};
pub use call::{BODY_OVERHEAD, LedgerCall, MODULE, OBJECT_BYTES_MAX, object_bytes_max};
pub use check::{
    CheckedCall, CheckedSubmission, CheckedTransaction, check, check_block, check_submission,
    check_submissions,
};
pub use context::{BlockContext, ParentBlock};
pub use error::{ERRORS, LedgerError};
pub use execute::{
    BlockExecution, ExecutedBlock, ExecutedSubmission, ExecutedTransaction, Outcome, Payout, execute_block,
};
pub use extension::{Extension, ExtensionError, NoExtension, Rules};
pub use fee::{ByteFees, byte_fee, fee};
pub use genesis::genesis_state;
pub use money::{burn, credit, debit, issue};
pub use objects::block_objects;
pub use reward::{BlockspaceUsage, block_reward, subsidy};
pub use state::{
    Account, Earnings, Issuance, account, account_key, byte_fees, earnings, is_equivocator, issuance,
};
pub use validate::{Validity, validate};
