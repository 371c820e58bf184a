//! Runtimes and domains: what exists, who owns it, and which code it runs.
//!
//! # Rules
//! * A runtime is an ordered set of modules under a unique name, and the version of their code. Only what
//!   this build of the node knows can be registered: runtimes are native code.
//! * Its owner may schedule a larger version under the same name for a later consensus block. At that block
//!   every domain of the runtime gets a block of its own, with or without bundles, so that the change of code
//!   happens at one height that everybody knows.
//! * A domain is created by an account, which pays its first balances and a deposit. Its first receipt is made
//!   here and cannot be challenged.
//! * A domain's owner may change who may operate it; operators that are there stay.
//! * A domain's owner may freeze it: it takes no bundles and no receipts, while fraud proofs count and messages
//!   to it wait. A freeze ends by itself after as many consensus blocks as a challenge period has, or when the
//!   owner lifts it, and no other may begin for as long after it: an owner can stop a domain whose code is
//!   wrong until it is upgraded, and cannot hold the money of others. An upgrade that comes due meanwhile runs
//!   from the domain's next block on. Frozen slots count for nobody: no operator is offline for them.
//! * Nobody removes a receipt by authority: a wrong one falls by its fraud proof.

mod domain;
mod error;
mod freeze;
mod runtime;

pub use domain::{instantiate_domain, update_allow_list};
pub use error::{ERRORS, RegistryError};
pub use freeze::{end_freezes, freeze, unfreeze};
pub use runtime::{begin_block, register_runtime, runtime_of, upgrade_runtime};

pub(crate) use domain::{Founding, found};
pub(crate) use runtime::enroll;

use auto_core::{Address, DomainName};
use auto_ledger::{BlockContext, Rules};
use auto_module::Runtimes;

/// Who calls the registry, and where.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The rules of the chain.
    pub rules: &'a Rules,
    /// The block.
    pub cx: &'a BlockContext,
    /// The runtimes that this build knows.
    pub runtimes: &'a dyn Runtimes,
    /// The account.
    pub signer: &'a Address,
}

/// A name is of visible ASCII characters, so that no two names look the same.
fn check_name(name: &DomainName) -> Result<(), RegistryError> {
    if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
        return Err(RegistryError::BadName);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
