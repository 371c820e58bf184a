//! Modules behind one object-safe face.

use crate::{
    BlockContext, CallContext, CheckContext, Events, GenesisContext, Invariant, Module, ModuleInfo, Weight,
};
use auto_core::{Call, DomainId, ErrorCode, decode_strict};
use auto_state::StateWrite;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

/// Why a module refused something: the part of its error that every surface shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Stable code.
    pub code: &'static str,
    /// What happened, for people.
    pub message: String,
}

impl Failure {
    /// What is shown of an error.
    pub fn of(error: &(impl ErrorCode + ?Sized)) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }

    /// The number in the code: what a message's sender on another chain is told.
    #[must_use]
    pub fn number(&self) -> u16 {
        number_of(self.code)
    }
}

/// The number in a stable code, such as 103 of `AID-0103`; zero where there is none.
#[must_use]
pub fn number_of(code: &str) -> u16 {
    code.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// A decoded call that knows its module.
pub trait DynCall: Send + Sync + Debug {
    /// See [`Module::check`].
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(&self, cx: &CheckContext<'_>) -> Result<(), Failure>;

    /// See [`Module::weight`].
    fn weight(&self) -> Weight;

    /// See [`Module::apply`].
    ///
    /// # Errors
    /// Why the call has no effect.
    fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure>;
}

/// A module as a [`crate::Runtime`] holds it; made by [`module`].
pub trait DynModule: Send + Sync + Debug {
    /// Identity and version.
    fn info(&self) -> ModuleInfo;

    /// Whether messages may be delivered to it.
    fn takes_messages(&self) -> bool;

    /// A call out of its payload; strict.
    ///
    /// # Errors
    /// When the payload is no call of the module.
    fn decode(&self, payload: &[u8]) -> Result<Arc<dyn DynCall>, auto_core::CodecError>;

    /// See [`Module::genesis`]; an empty configuration is the default.
    ///
    /// # Errors
    /// When the configuration makes no working module.
    fn genesis(
        &self,
        cx: &GenesisContext<'_>,
        genesis: &[u8],
        state: &mut dyn StateWrite,
    ) -> Result<(), Failure>;

    /// See [`Module::end_block`].
    ///
    /// # Errors
    /// What it wrote is to be dropped.
    fn end_block(
        &self,
        cx: &BlockContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure>;

    /// See [`Module::on_message`].
    ///
    /// # Errors
    /// Why it is refused.
    fn on_message(
        &self,
        cx: &BlockContext<'_>,
        src: DomainId,
        payload: &[u8],
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure>;

    /// See [`Module::on_response`].
    ///
    /// # Errors
    /// What it wrote is to be dropped.
    fn on_response(
        &self,
        cx: &BlockContext<'_>,
        dst: DomainId,
        payload: &[u8],
        result: Result<(), u16>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure>;

    /// See [`Module::invariants`].
    fn invariants(&self) -> &'static [Invariant];
}

/// Module `M` as a runtime holds it.
#[must_use]
pub fn module<M: Module>() -> Arc<dyn DynModule> {
    Arc::new(Of::<M>(PhantomData))
}

struct Of<M>(PhantomData<fn() -> M>);

impl<M: Module> Debug for Of<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, M::VERSION)
    }
}

struct CallOf<M: Module>(M::Call);

impl<M: Module> Debug for CallOf<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{:?}", M::NAME, self.0)
    }
}

fn failure<T, E: ErrorCode>(result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|error| Failure::of(&error))
}

impl<M: Module> DynCall for CallOf<M> {
    fn check(&self, cx: &CheckContext<'_>) -> Result<(), Failure> {
        failure(M::check(&self.0, cx))
    }

    fn weight(&self) -> Weight {
        M::weight(&self.0)
    }

    fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure> {
        failure(M::apply(&self.0, cx, state, events))
    }
}

impl<M: Module> DynModule for Of<M> {
    fn info(&self) -> ModuleInfo {
        ModuleInfo { id: M::ID, name: M::NAME, version: M::VERSION }
    }

    fn takes_messages(&self) -> bool {
        M::TAKES_MESSAGES
    }

    fn decode(&self, payload: &[u8]) -> Result<Arc<dyn DynCall>, auto_core::CodecError> {
        let call: M::Call = decode_strict(payload, Call::PAYLOAD_MAX)?;
        Ok(Arc::new(CallOf::<M>(call)))
    }

    fn genesis(
        &self,
        cx: &GenesisContext<'_>,
        genesis: &[u8],
        state: &mut dyn StateWrite,
    ) -> Result<(), Failure> {
        let genesis = if genesis.is_empty() {
            M::Genesis::default()
        } else {
            decode_strict(genesis, genesis.len()).map_err(|error| Failure {
                code: "MOD-0014",
                message: format!("configuration of module `{}` is malformed: {error}", M::NAME),
            })?
        };
        failure(M::genesis(cx, genesis, state))
    }

    fn end_block(
        &self,
        cx: &BlockContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure> {
        failure(M::end_block(cx, state, events))
    }

    fn on_message(
        &self,
        cx: &BlockContext<'_>,
        src: DomainId,
        payload: &[u8],
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure> {
        failure(M::on_message(cx, src, payload, state, events))
    }

    fn on_response(
        &self,
        cx: &BlockContext<'_>,
        dst: DomainId,
        payload: &[u8],
        result: Result<(), u16>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), Failure> {
        failure(M::on_response(cx, dst, payload, result, state, events))
    }

    fn invariants(&self) -> &'static [Invariant] {
        M::invariants()
    }
}
