//! The seam that a module implements.

use crate::{Contents, Environment, Inherent, StoredError, Weight};
use auto_core::{
    Address, Blob, Call, DomainId, ErrorCode, GenesisDomain, Hash, ModuleId, Transaction, hash_parts, tag,
};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};
use std::fmt::Debug;

/// What a module's errors are: coded, and able to carry trouble with the state.
pub trait ModuleError: ErrorCode + From<StoredError> + Send + Sync + 'static {}

impl<E: ErrorCode + From<StoredError> + Send + Sync + 'static> ModuleError for E {}

/// What the state of a domain's first block may be computed from.
#[derive(Debug, Clone, Copy)]
pub struct GenesisContext<'a> {
    /// The domain.
    pub environment: &'a Environment,
    /// All that it starts from.
    pub genesis: &'a GenesisDomain,
}

/// What may be known of a call before any state is read.
#[derive(Debug, Clone, Copy)]
pub struct CheckContext<'a> {
    /// The domain.
    pub environment: &'a Environment,
    /// The transaction that holds the call; its signature is checked after its calls.
    pub transaction: &'a Transaction,
}

/// The block that is executed.
#[derive(Debug, Clone, Copy)]
pub struct BlockContext<'a> {
    /// The domain.
    pub environment: &'a Environment,
    /// What the block takes from the consensus chain.
    pub inherent: &'a Inherent,
}

/// The call that is executed.
#[derive(Debug, Clone, Copy)]
pub struct CallContext<'a> {
    /// The block.
    pub block: BlockContext<'a>,
    /// Who signed, and has paid the fee.
    pub signer: Address,
    /// Hash of the extrinsic.
    pub extrinsic: Hash,
    /// Position of the call in its transaction.
    pub call: u32,
}

/// Something that happened, in the encoding of the module it happened in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ModuleEvent {
    /// The module.
    pub module: ModuleId,
    /// Its event.
    pub payload: Vec<u8>,
}

/// Collects what happens while a call or a block runs.
#[derive(Debug, Default)]
pub struct Events(Vec<ModuleEvent>);

impl Events {
    /// Nothing happened yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an event of module `M`.
    pub fn emit<M: Module>(&mut self, event: &M::Event) {
        self.push(M::ID, event.encode());
    }

    /// Adds an event by its encoding.
    pub(crate) fn push(&mut self, module: ModuleId, payload: Vec<u8>) {
        self.0.push(ModuleEvent { module, payload });
    }

    /// Number of events.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets what came after the first `len` events.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// The events, in order.
    #[must_use]
    pub fn into_inner(self) -> Vec<ModuleEvent> {
        self.0
    }
}

/// Something that holds after every block, whatever users do; checked by tests and simulations.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// What holds, as a sentence.
    pub name: &'static str,
    /// Compares the state before a block with the state after; the text says what is wrong.
    pub check: fn(before: &Contents, after: &Contents) -> Result<(), String>,
}

/// An application on a domain: calls, and the state that only they write.
///
/// Everything here is pure and synchronous: the same bytes in give the same bytes out on every machine. The
/// very same functions run in the pool, in a dry run, in the operator, and inside a fraud proof.
pub trait Module: Send + Sync + Sized + 'static {
    /// What calls and events are addressed by; never reused for another module.
    const ID: ModuleId;
    /// The noun that people know it by, and the prefix of its keys.
    const NAME: &'static str;
    /// Rises with every change of its rules.
    const VERSION: u32;
    /// Whether [`Module::on_message`] may be called.
    const TAKES_MESSAGES: bool = false;

    /// What an account can ask for; decoded strictly.
    type Call: Encode + Decode + Debug + Send + Sync + 'static;
    /// What can happen.
    type Event: Encode + Decode + Debug;
    /// Why a call is refused.
    type Error: ModuleError;
    /// What it starts from.
    type Genesis: Encode + Decode + Default;

    /// Writes the state that the module starts from.
    ///
    /// # Errors
    /// When the configuration makes no working module.
    fn genesis(
        _cx: &GenesisContext<'_>,
        _genesis: Self::Genesis,
        _state: &mut dyn StateWrite,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Refuses what no state could make right: sizes, ranges, proofs and signatures that stand alone.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(call: &Self::Call, cx: &CheckContext<'_>) -> Result<(), Self::Error>;

    /// A bound on what [`Module::apply`] costs.
    fn weight(call: &Self::Call) -> Weight;

    /// Runs a call that passed [`Module::check`].
    ///
    /// # Errors
    /// Why the call has no effect: what it wrote and emitted is dropped, and so is the rest of its
    /// transaction.
    fn apply(
        call: &Self::Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Self::Error>;

    /// Runs after the last extrinsic of every block.
    ///
    /// # Errors
    /// What it wrote is dropped; the block goes on.
    fn end_block(
        _cx: &BlockContext<'_>,
        _state: &mut dyn StateWrite,
        _events: &mut Events,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Takes what the same module on chain `src` sent here.
    ///
    /// # Errors
    /// Why it is refused: what it wrote is dropped, and the sender is told the number in the code.
    fn on_message(
        _cx: &BlockContext<'_>,
        _src: DomainId,
        _payload: &[u8],
        _state: &mut dyn StateWrite,
        _events: &mut Events,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Learns what became of a message that this module sent to chain `dst`.
    ///
    /// # Errors
    /// What it wrote is dropped.
    fn on_response(
        _cx: &BlockContext<'_>,
        _dst: DomainId,
        _payload: &[u8],
        _result: Result<(), u16>,
        _state: &mut dyn StateWrite,
        _events: &mut Events,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    /// What holds after every block.
    fn invariants() -> &'static [Invariant] {
        &[]
    }

    /// The call as a transaction carries it; `None` when it is longer than a payload may be.
    fn encode_call(call: &Self::Call) -> Option<Call> {
        Some(Call { module: Self::ID, payload: Blob::new(call.encode()).ok()? })
    }
}

/// An account that belongs to a module, under a name of its choice: nobody has a key to it.
#[must_use]
pub fn module_account(module: ModuleId, name: &[u8]) -> Address {
    Address(hash_parts(tag::MODULE_ACCOUNT, &[&module.0.to_le_bytes(), name]).0)
}
