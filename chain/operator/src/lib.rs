//! The operator of domains: follows the consensus chain, runs the domains, answers for the result.
//!
//! [`Operator`] is a machine without I/O of its own: it is told of consensus blocks, of proven slots and of
//! transactions, and answers with [`Effect`]s. It reads and writes one store, shared with the node. A node
//! that operates nothing runs the same machine without [`Role`]s: a watcher.
//!
//! # What it does
//! * **Follows.** Every block of every domain served is derived from its consensus block
//!   ([`auto_domains::derive`]). States and records are keyed by hashes, so branches stand side by side.
//! * **Keeps a pool** per domain: bounded, one extrinsic per sender and nonce, offered in order of arrival.
//! * **Offers** a bundle, or a receipt alone, when one of its keys is elected. An empty bundle is offered only
//!   while a block that did something waits for its confirmation, or a message for the domain's next block.
//! * **Compares** every receipt that enters the consensus chain with its own, and proves a different one wrong
//!   by a transaction of its account.
//! * **Relays** messages between the chains that it follows.
//!
//! # Guarantees
//! * An honest operator vouches only for receipts that it derived itself, and for none while the line of
//!   receipts before it is wrong.
//! * A bundle holds only extrinsics that every block which could include it calls valid: judged by the very
//!   functions of the verdict, as of the last of these blocks, under the narrowest range of signers that the
//!   end of an epoch could bring, and by a scheduled newer runtime as well.
//! * What a block changes is written in one batch. After a restart the machine goes on from [`Operator::last`];
//!   a block that it is told of again changes nothing.
//! * States are kept as long as a receipt that stands on them can be disputed, or a message be proven under
//!   them.
//!
//! # Deviations
//! * It has to be told of the chain from its first block; there is no import of a domain's state.
//! * The pool lives in memory, as the node's own does: what waits there is lost when the process ends. Who sent
//!   it sends the same bytes again, by any node; a nonce runs once, so nothing can happen twice.
//! * The [`Lie`]s exist to test networks; no honest node sets one.

mod account;
mod config;
mod error;
mod event;
mod handle;
mod lie;
mod machine;
mod pool;
mod records;
mod scene;

pub use config::{OperatorConfig, Role, Serve};
pub use error::{ERRORS, OperatorError};
pub use event::{ConsensusBlock, ConsensusHead, Effect, Notice};
pub use handle::{
    BLOCKS_MAX, DomainBlockView, DomainState, DomainStatus, DomainsHandle, OwnOperator, Quote,
    TransactionStatus,
};
pub use lie::{Fault, Lie, UnknownLie};
pub use machine::{Operator, followed};
pub use pool::{POOL_BYTES_MAX, POOL_EXTRINSICS_MAX, POOL_SENDER_MAX};
pub use records::{Ending, Ran};
