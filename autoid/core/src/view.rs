//! What a verifier may know of the state.

use crate::record::IdentityRecord;
use crate::{AutoId, Time};

/// The block of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Its number.
    pub block: u64,
    /// Chain time at it.
    pub time: Time,
}

/// A state of the identity domain: on chain the state itself, elsewhere a node's answers or a proven part.
///
/// What cannot be read is an error, never an absence.
pub trait View {
    /// Why something could not be read.
    type Error;

    /// The block whose state this is.
    fn point(&self) -> Point;

    /// An identity.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, Self::Error>;

    /// Whether a bit of an issuer's revocation lists is set.
    ///
    /// Every issuer numbers its own lists, so nobody can take a place in another's list and no revocation
    /// can hit another issuer's grant.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn revoked(&self, issuer: &AutoId, list: u32, index: u32) -> Result<bool, Self::Error>;
}
