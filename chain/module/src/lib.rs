//! The seam of domains: modules, the runtimes that they make, money, and messages between chains.
//!
//! A [`Module`] is an application: calls, and the state that only they write. A [`Runtime`] is an ordered list of
//! modules under a version, and implements [`Domain`]: what operators run, and what fraud proofs run again.
//! [`bank`] holds balances, nonces and fees and is the first module of every runtime; [`messages`] joins chains.
//!
//! # Writing a module
//! A folder like that of [`bank`]: `calls/<verb>.rs` with the struct of a call, its `check` and its `apply`;
//! `state.rs` with every [`Item`] and [`Map`]; `view.rs`, `event.rs`, `error.rs`, `genesis.rs`, `invariants.rs`;
//! and `module.rs`, which implements [`Module`] by dispatch. Then one line in the list of modules and one in the
//! workspace. A module moves money by [`bank::transfer`], keeps money of its own on a [`module_account`], and
//! returns its own error: `?` works on [`StoredError`], which is all that [`ModuleError`] asks for.
//!
//! # A block
//! [`Domain::initialize`] stores the [`Inherent`] and clears what the receipt will report;
//! [`Domain::apply`] runs one extrinsic after another; [`Domain::finalize`] runs the end of the block of every
//! module and brings `bank/issuance` up to date. Beside the keys of the modules there is
//! `runtime/inherent`: [`INHERENT`].
//!
//! # Guarantees
//! * Pure and synchronous, integers only, all arithmetic checked, every decoder strict and bounded. The same
//!   bytes in give the same bytes out.
//! * An extrinsic takes effect as a whole or not at all. One that is skipped changes nothing. The fee is taken
//!   before the calls; when one of them fails, fee and nonce stay and nothing else does.
//! * [`Domain::apply`] and [`Domain::finalize`] fail only when the state cannot be read, and then have written
//!   nothing. A read that fails is never mistaken for a call that fails, whatever a module makes of it, so an
//!   incomplete witness cannot show another result.
//! * [`Domain::legal`] looks at the state of the parent block and at one extrinsic alone, so it can be proven
//!   alone.
//! * After every block the balances add up to the issuance, which changed by exactly what the receipt reports:
//!   incoming and reclaimed, less outgoing and fees.
//! * What a module writes over the limits of the state fails its call, never the block.
//!
//! # Deviations
//! * Calls and events have no JSON schema. They travel in SCALE, and no surface takes a call as JSON, so a schema
//!   would describe a form that nothing reads; it would also put serialization of every identifier of the core
//!   under the rules of another format. Surfaces decode by type, module by module.
//! * A message that a module sends to another chain is addressed to the same module there.
//! * A bundle may hold a transaction whose nonce is used or whose signer cannot pay: it is skipped, and the
//!   operator bears its bytes. Otherwise two operators that take the same transaction within a block, or a
//!   signer who empties the account between the making of a bundle and its inclusion, would cost an honest
//!   operator its stake.
//! * Rates of fees are parameters of the protocol; there is no multiplier that follows the load.

pub mod bank;
mod domain;
mod dynamic;
mod environment;
mod error;
mod extrinsic;
mod keys;
pub mod messages;
mod module;
mod runtime;
mod watch;
mod weight;

pub use domain::{Domain, Executed, ModuleInfo, Outcome, RuntimeEvent, Runtimes};
pub use dynamic::{DynCall, DynModule, Failure, module, number_of};
pub use environment::{Environment, INHERENT, Inherent};
pub use error::{DomainError, ERRORS};
pub use extrinsic::{CheckedExtrinsic, Extrinsic};
pub use keys::{Contents, Item, Map, StoredError};
pub use module::{
    BlockContext, CallContext, CheckContext, Events, GenesisContext, Invariant, Module, ModuleError,
    ModuleEvent, module_account,
};
pub use runtime::Runtime;
pub use weight::Weight;
