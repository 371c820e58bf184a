//! The state as the verifier sees it.

use crate::{CLOCK, Clock, GRANTS, IDENTITIES, REVOKED, StoredGrant};
use auto_core::{BlockNumber, Slot};
use auto_module::{INHERENT, StoredError};
use auto_state::StateRead;
use autoid_core::{AutoId, GrantId, IdentityRecord, Point, View};
use std::fmt;

/// A state of the identity domain: the chain's own while a block runs, a node's, or a witness of one.
///
/// A witness that lacks something that is read gives an error, never another answer.
#[derive(Clone, Copy)]
pub struct StateView<'a> {
    state: &'a dyn StateRead,
    point: Point,
}

impl fmt::Debug for StateView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateView").field("point", &self.point).finish_non_exhaustive()
    }
}

impl<'a> StateView<'a> {
    /// The view of a state; while a block runs, that of the block itself.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn new(state: &'a dyn StateRead) -> Result<Self, StoredError> {
        let (number, slot) = match INHERENT.get(state)? {
            Some(inherent) => (inherent.number, inherent.slot),
            None => (BlockNumber(0), Slot(0)),
        };
        let clock = CLOCK.get(state)?.unwrap_or(Clock { start: 0, slot_duration_ms: 0 });
        Ok(Self { state, point: Point { block: number.0, time: clock.time(slot) } })
    }

    /// A grant that is stored on chain.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn grant(&self, id: &GrantId) -> Result<Option<StoredGrant>, StoredError> {
        GRANTS.get(self.state, id)
    }
}

impl View for StateView<'_> {
    type Error = StoredError;

    fn point(&self) -> Point {
        self.point
    }

    fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, StoredError> {
        IDENTITIES.get(self.state, id)
    }

    fn revoked(&self, issuer: &AutoId, list: u32, index: u32) -> Result<bool, StoredError> {
        Ok(REVOKED.get(self.state, &(*issuer, list))?.is_some_and(|list| list.contains(index)))
    }
}
