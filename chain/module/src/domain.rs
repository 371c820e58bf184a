//! The seam between domains and everything that runs them.

use crate::{
    CheckedExtrinsic, DomainError, Environment, Extrinsic, Inherent, Invariant, ModuleEvent, Weight,
};
use auto_core::{Amount, Blob, Call, GenesisDomain, Hash, ModuleId};
use auto_state::{Changes, StateRead, StateWrite};
use parity_scale_codec::{Decode, Encode};
use std::fmt::Debug;
use std::sync::Arc;

/// A module of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ModuleInfo {
    /// What calls are addressed by.
    pub id: ModuleId,
    /// What people know it by.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
}

/// How an extrinsic ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect.
    Applied,
    /// A call failed and no call took effect, while fee and nonce stay; or a message was refused, and its
    /// sender is told.
    Failed {
        /// Position of the call; zero for a message.
        call: u32,
        /// Stable code of the failure.
        code: &'static str,
        /// What happened, for people.
        message: String,
    },
    /// Its turn has not come, has passed, or its signer can no longer pay: nothing changed at all.
    Skipped {
        /// Stable code of the reason.
        code: &'static str,
    },
}

/// What one extrinsic did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Hash of the extrinsic.
    pub hash: Hash,
    /// How it ended.
    pub outcome: Outcome,
    /// What its signer paid.
    pub fee: Amount,
    /// What happened; of a failed transaction nothing.
    pub events: Vec<ModuleEvent>,
}

/// Something that happened to a block as a whole, under the id [`RuntimeEvent::MODULE`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RuntimeEvent {
    /// A module failed at the end of the block; what it wrote there was dropped.
    #[codec(index = 0)]
    EndBlockFailed {
        /// The module.
        module: ModuleId,
        /// Stable code of the failure, as ASCII.
        code: Blob<32>,
    },
}

impl RuntimeEvent {
    /// The id that no module has.
    pub const MODULE: ModuleId = ModuleId(0);
}

/// The rules of a domain: what its operators run, and what judges them.
pub trait Domain: Send + Sync {
    /// Version of the runtime.
    fn version(&self) -> u32;

    /// The modules, in order.
    fn modules(&self) -> Vec<ModuleInfo>;

    /// What holds after every block.
    fn invariants(&self) -> Vec<Invariant>;

    /// The state of the domain's genesis block, as changes over the empty state.
    ///
    /// # Errors
    /// When the genesis makes no working domain.
    fn genesis(&self, env: &Environment, genesis: &GenesisDomain) -> Result<Changes, DomainError>;

    /// An extrinsic out of its bytes; strict.
    ///
    /// # Errors
    /// When the bytes are too many or malformed.
    fn decode(&self, bytes: &[u8]) -> Result<Extrinsic, DomainError>;

    /// Checks what needs no state, the cheap rules before the signature.
    ///
    /// # Errors
    /// The first rule that is broken; an inherent is refused, and so is what weighs more than
    /// [`Weight::EXTRINSIC_MAX`](crate::Weight::EXTRINSIC_MAX).
    fn check(&self, env: &Environment, extrinsic: Extrinsic) -> Result<CheckedExtrinsic, DomainError>;

    /// Whether a bundle may hold the extrinsic, over the state of the PARENT domain block and independent of
    /// every other extrinsic: a transaction is in time and its nonce at most [`crate::bank::NONCE_WINDOW`]
    /// ahead, a message is proven and its channel known.
    ///
    /// An operator loses its stake over a bundle that breaks this, so nothing counts here that other bundles,
    /// included between the making of this one and its own inclusion, could change: a nonce that was used
    /// meanwhile and a balance that is gone are skipped by [`Domain::apply`], at the cost of the operator's
    /// storage fund.
    ///
    /// # Errors
    /// The first rule that is broken, or that the state cannot be read ([`DomainError::unreadable`]).
    fn legal(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError>;

    /// Whether an operator should put the extrinsic into a bundle, over the newest state it knows: it is legal,
    /// its nonce is still to come, and its signer can pay.
    ///
    /// # Errors
    /// The first reason against it, or that the state cannot be read ([`DomainError::unreadable`]).
    fn ready(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError>;

    /// Weight of a signed transaction with these calls.
    ///
    /// # Errors
    /// When a call is malformed, or its module is not one of this domain.
    fn weight(&self, calls: &[Call]) -> Result<Weight, DomainError>;

    /// What the signer would pay in the block of `inherent`; nothing for a message.
    ///
    /// # Errors
    /// When the fee overflows.
    fn fee(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
    ) -> Result<Amount, DomainError>;

    /// Begins a block.
    ///
    /// # Errors
    /// When the state cannot be read, or the inherent names another version.
    fn initialize(
        &self,
        env: &Environment,
        inherent: &Inherent,
        state: &mut dyn StateWrite,
    ) -> Result<(), DomainError>;

    /// Runs one extrinsic of the block.
    ///
    /// # Errors
    /// Only when the state cannot be read; then nothing was written.
    fn apply(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &mut dyn StateWrite,
    ) -> Result<Executed, DomainError>;

    /// Ends a block.
    ///
    /// # Errors
    /// Only when the state cannot be read; then nothing was written.
    fn finalize(
        &self,
        env: &Environment,
        inherent: &Inherent,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<ModuleEvent>, DomainError>;
}

/// Where runtimes come from: the list of modules that a build knows.
pub trait Runtimes: Send + Sync + Debug {
    /// The runtime of these modules, in order, at a version; `None` when this build does not know it.
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>>;

    /// The newest version of these modules that this build knows.
    fn newest(&self, modules: &[ModuleId]) -> Option<u32>;
}
