//! Identities: their keys, the statements that these sign, and the calls that bring the statements to the chain.
//!
//! A statement is signed by keys of identities; the transaction that carries it by whoever pays. So every function
//! here gives a [`Call`], which [`DomainClient::prepare`](crate::DomainClient::prepare) puts into a
//! transaction. What a statement must know of the chain, its next number and a block until which it holds, comes
//! from a state that was proven: [`DomainState`](crate::DomainState).
//!
//! * [`FreshKeys`] and [`IdentityKey`] are the keys, [`IdentityFile`](crate::IdentityFile) keeps them.
//! * [`Founding`] begins an identity: of its own, under a parent, or endorsed by others.
//! * [`operate`] changes one, [`rotate`] its keys; [`start_recovery`] and the others recover it. [`tell`] says an
//!   operation in words, and [`OperationFile`] carries one from machine to machine until enough signed it.
//! * [`GuardiansFile`] keeps who may recover an identity, with the salt that hides them.
//! * [`commit_alias`] and [`reveal_alias`] give it a name for people.
//! * [`grant`] lets others act in its name, and takes that back.
//! * [`AutoDids`] resolves `did:auto`, [`ResolutionFile`] proves a document offline, and [`resolve`] whatever people call an identity.

mod alias;
mod dids;
mod founding;
pub mod grant;
mod guardians;
mod key;
mod operation;
mod parties;
mod recovery;
mod resolution;
mod several;
mod telling;

pub use alias::{alias_commitment, commit_alias, drop_alias_commitment, free_alias, reveal_alias};
pub use dids::{AutoDids, Resolved, States, Version};
pub use founding::{Founded, Founding, lapse};
pub use guardians::GuardiansFile;
pub use key::{FreshKeys, IdentityKey, next_keys};
pub use operation::{Side, attach_certificate, operate, rotate, unsigned};
pub use parties::{alias_of, certificate, known, line, payee, record, resolve};
pub use recovery::{finish_recovery, guardians, recovery_start, start_recovery};
pub use resolution::{ProvenDocument, ResolutionFile};
pub use several::OperationFile;
pub use telling::tell;

pub(crate) use guardians::WrittenGuardians;
pub(crate) use key::drawn;

use crate::SdkError;
use auto_core::{Blob, Call};
use auto_module::Module;
use parity_scale_codec::Encode;

/// Blocks for which a statement can take effect.
pub const STATEMENT_BLOCKS: u64 = 256;
/// Blocks for which a statement can take effect that several sign, each on a machine of their own.
pub const SHARED_STATEMENT_BLOCKS: u64 = 14_400;

/// A call of a module as transactions carry it.
pub(crate) fn call_of<M: Module>(call: &M::Call) -> Result<Call, SdkError> {
    let payload = Blob::new(call.encode()).map_err(|_| SdkError::TooLarge)?;
    Ok(Call { module: M::ID, payload })
}
