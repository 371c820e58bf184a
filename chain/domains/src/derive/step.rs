//! One step of a block: the same for an operator and for a witness.
//!
//! # What a step may touch
//! A lie about a step is proven with every node of the state that the step reads or changes, and a proof has
//! a limit. So an extrinsic that touches too much has no effect: it ends as one whose turn has not come. Its
//! bytes, and [`PATH_BYTES`] with key and value for each key that it reads or writes, are at most
//! [`STEP_BYTES_MAX`] together, and no value that it writes has more than [`STEP_VALUE_BYTES_MAX`]; where
//! consensus blocks are small, at most five eighths and a quarter of one. The reading stops at the limit, so
//! the proof that the limit was met fits too. Beginning and end of a block have no such way out: modules keep
//! what they touch there far below the limit.

use super::{BlockRules, DeriveError};
use auto_core::{Amount, ProtocolParams};
use auto_module::{CheckedExtrinsic, Executed, ModuleEvent, Outcome};
use auto_state::{Changes, Overlay, StateError, StateRead};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// What an extrinsic may touch, with its own bytes.
pub const STEP_BYTES_MAX: usize = 200_000;
/// What a key counts beside itself and its value: twenty branches. Of many keys in a state of a hundred
/// million the upper branches are shared.
pub const PATH_BYTES: usize = 1_440;
/// Bytes that a value which an extrinsic writes may have.
pub const STEP_VALUE_BYTES_MAX: usize = 1 << 15;
/// Code of an extrinsic that would touch too much.
pub const TOO_MUCH: &str = "FRP-0104";

/// What an extrinsic may touch on a chain of these parameters, and how long the values are that it may write.
#[must_use]
pub fn step_limits(params: &ProtocolParams) -> (usize, usize) {
    let block = usize::try_from(params.block_bytes_max).unwrap_or(usize::MAX);
    let step = (block / 8).saturating_mul(5);
    (step.min(STEP_BYTES_MAX), (block / 4).min(STEP_VALUE_BYTES_MAX))
}

/// A step, after which a trace lists a root.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// The block begins.
    Initialize,
    /// One extrinsic runs.
    Apply(&'a CheckedExtrinsic),
    /// The block ends.
    Finalize,
}

/// What a step did beside its changes of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepEffect {
    /// Nothing.
    Initialized,
    /// How the extrinsic ended.
    Applied(Box<Executed>),
    /// What happened at the end of the block.
    Finalized(Vec<ModuleEvent>),
}

/// A state that remembers a read that failed, whatever its reader makes of the failure: so nothing that is
/// missing from a witness can pass for a result. It gives out no more than a limit.
pub(crate) struct Watched<'a, R: ?Sized> {
    state: &'a R,
    failed: RefCell<Option<StateError>>,
    seen: RefCell<BTreeSet<Vec<u8>>>,
    left: Cell<Option<usize>>,
}

impl<'a, R: StateRead + ?Sized> Watched<'a, R> {
    pub(crate) fn new(state: &'a R, limit: usize) -> Self {
        let (failed, seen) = (RefCell::new(None), RefCell::new(BTreeSet::new()));
        Self { state, failed, seen, left: Cell::new(Some(limit)) }
    }

    /// The first read that failed, as an error.
    pub(crate) fn finish(&self) -> Result<(), StateError> {
        self.failed.borrow().clone().map_or(Ok(()), Err)
    }

    fn take(&self, bytes: usize) -> bool {
        self.left.set(self.left.get().and_then(|left| left.checked_sub(bytes)));
        self.left.get().is_some()
    }

    fn take_key(&self, key: &[u8]) -> bool {
        let known = self.seen.borrow().contains(key);
        if known {
            return self.left.get().is_some();
        }
        self.seen.borrow_mut().insert(key.to_vec());
        self.take(PATH_BYTES.saturating_add(key.len()))
    }

    /// Whether changes stay within the limit, with all that was read.
    fn affords(&self, changes: &Changes, value_limit: usize) -> bool {
        changes.iter().all(|(key, value)| {
            let bytes = value.as_ref().map_or(0, Vec::len);
            bytes <= value_limit && self.take_key(key)
        })
    }
}

impl<R: StateRead + ?Sized> StateRead for Watched<'_, R> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let exhausted = || StateError::Source("the step reads more than a proof can hold".to_owned());
        let known = self.seen.borrow().contains(key);
        if !self.take_key(key) {
            return Err(exhausted());
        }
        let value = self.state.get(key).inspect_err(|error| {
            self.failed.borrow_mut().get_or_insert_with(|| error.clone());
        })?;
        let bytes = value.as_ref().filter(|_| !known).map_or(0, Vec::len);
        if self.take(bytes) { Ok(value) } else { Err(exhausted()) }
    }
}

/// Runs one step over `state`.
///
/// # Errors
/// When the state cannot be read, or the block cannot begin.
pub fn step(
    rules: &BlockRules<'_>,
    step: Step<'_>,
    state: &(impl StateRead + ?Sized),
) -> Result<(Changes, StepEffect), DeriveError> {
    let (env, inherent) = (rules.environment, &rules.block.inherent);
    let (step_limit, value_limit) = step_limits(&env.params);
    let limit = match step {
        Step::Apply(extrinsic) => step_limit.saturating_sub(extrinsic.bytes().len()),
        Step::Initialize | Step::Finalize => usize::MAX,
    };
    let watched = Watched::new(state, limit);
    let mut overlay = Overlay::new(&watched);
    let effect = match step {
        Step::Initialize => {
            rules.domain.initialize(env, inherent, &mut overlay).map(|()| StepEffect::Initialized)
        }
        Step::Apply(extrinsic) => rules
            .domain
            .apply(env, inherent, extrinsic, &mut overlay)
            .map(|executed| StepEffect::Applied(Box::new(executed))),
        Step::Finalize => rules.domain.finalize(env, inherent, &mut overlay).map(StepEffect::Finalized),
    };
    let changes = overlay.into_changes();
    watched.finish()?;
    match step {
        Step::Apply(extrinsic) if watched.left.get().is_none() || !watched.affords(&changes, value_limit) => {
            let outcome = Outcome::Skipped { code: TOO_MUCH };
            let (hash, fee, events) = (extrinsic.hash(), Amount::ZERO, Vec::new());
            let executed = Executed { hash, outcome, fee, events };
            Ok((Changes::new(), StepEffect::Applied(Box::new(executed))))
        }
        _ => Ok((changes, effect?)),
    }
}
