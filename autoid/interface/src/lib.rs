//! What other modules and light clients read of Auto ID's state, and the view that the verifier has of it.
//!
//! # Rules
//! * [`network_of`] names the network of a domain. Identifiers and signed bodies name it as their genesis, so
//!   what is signed for one domain holds in no other.
//! * A chain has no clock. Its time is [`Clock::time`] of the slot of a block: the Unix seconds of slot zero,
//!   which genesis states, and whole slots since. Windows of grants and certificates are judged by it on
//!   chain; a verifier elsewhere brings its own trusted time. Staleness counts blocks of the domain.
//! * Every issuer has its own revocation lists, by [`ListKey`].
//!
//! # Guarantees
//! * [`StateView`] gives [`autoid_core::verify()`] the same answers over the chain's state, over a node's and
//!   over a witness (`auto_state::Witness`), or an error.
//! * All that a verifier reads is under the keys of this crate and [`auto_module::INHERENT`].
//!
//! # Deviations
//! The identity domain's state root stands for the root over revocation lists that designs of this kind have:
//! the state is a Merkle tree already, and a second root would be a second truth.

mod alias;
mod envelope;
mod network;
mod revocation;
mod state;
mod view;

pub use alias::{ALIAS_LENGTH_MAX, ALIAS_LENGTH_MIN, Alias, AliasRecord, Look, NotAnAlias};
pub use envelope::{Cose, Envelope};
pub use network::{Clock, network_of};
pub use revocation::{LIST_BITS, LIST_BYTES, ListKey, RevocationList};
pub use state::{
    ALIAS_OF, ALIASES, CERTIFICATE_BYTES_MAX, CERTIFICATES, CLOCK, CertificateDer, GRANTS, IDENTITIES, OPEN,
    REVOKED, StoredGrant,
};
pub use view::StateView;
