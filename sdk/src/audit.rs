//! What an agent did, as a file that anybody checks without a node.
//!
//! The file holds the agent's log from some entry on, the part of the domain's state that it is checked against, the
//! receipt that names the root of that state, and a consensus block that holds the receipt. [`AuditFile::verify`]
//! walks from the log to that block. What is left to trust is the hash of the block, which anybody can compare with
//! another source, or give as [`Trusted::block_hash`].
//!
//! # What is checked
//! * The file is in its one form, to the byte.
//! * Block, receipt and state lead to each other, and nothing is shown that nothing leads to.
//! * The entries are the log, in order and complete ([`auto_agents::audit()`]); of a whole log also its counters, and
//!   that what was paid under each grant is what the grant's meter counts.
//! * For every grant under which the agent acted: whether it holds as of the state, and what refuses it otherwise.
//!   With [`Trusted::head`], a state that is older than a grant accepts refuses it, too.

mod export;
mod file;
mod verify;

pub use export::{entries_since, export, grants_of};
pub use file::{AuditFile, KIND};
pub use verify::{Audited, GrantFinding, Trusted};
