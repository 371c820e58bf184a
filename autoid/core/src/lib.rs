//! The verifier of Auto ID: identities, grants, calls and certificates, one set of rules for the chain, the
//! SDK, the command line and light clients.
//!
//! * **Identities.** An [`Inception`] makes an identity, whose id is its hash; an [`Operation`] changes it.
//!   [`transition`] tells what becomes of the [`IdentityRecord`], or which rule refuses. [`document`] shows the
//!   record as a DID document, [`who_answers`] the way up to whoever answers for it.
//! * **Grants.** A [`Grant`] lets one identity act in the name of another: which commands, on what, until when,
//!   under which conditions, for how much. It is passed on in chains that only narrow ([`attenuates`]), and a
//!   [`Call`] is judged under a chain by [`verify()`]; [`verify::can`] asks without a signature, [`render`] says a
//!   grant in sentences.
//! * **Certificates.** [`x509::verify_path`] decides whether a certificate of anybody chains to a trust anchor,
//!   by RFC 5280 section 6 with the profile rules of sections 4 and 5; [`certificate`] ties such certificates to
//!   the tree of identities.
//!
//! The state is read through [`View`]: on chain the state itself, elsewhere a node's answers or a proven part.
//! The same bytes end in the same verdict everywhere; `tests/vectors` holds cases with the code they end in.
//!
//! # Guarantees
//! * Synchronous and pure: no clock, no I/O, no randomness; time, head and audience are arguments ([`Trust`]).
//! * `no_std` with `alloc` (turn off the default feature `std`); no panic on any input.
//! * Bounded work: sizes, counts, depths and steps have limits ([`limits`], [`x509::limits`]), and lengths are
//!   checked before anything is allocated. What is malformed is refused before any signature is verified.
//! * One encoding for each value, strictly read: deterministic CBOR in COSE envelopes ([`signed`]), DER for
//!   certificates. What decodes re-encodes to the same bytes.
//! * Every signed preimage names its type and its network; every hash has a tag of its own.
//! * Fails closed: what is missing, unknown, stale or undecided refuses. What cannot be read is an error and
//!   never an answer ([`Failure`]).
//! * Every refusal has one stable code: `AID-0001` to `AID-0199` here ([`STATEMENT_ERRORS`],
//!   [`IDENTITY_ERRORS`], [`GRANT_ERRORS`]), `IDX-0001` and on for certificates ([`x509::ERRORS`]).
//!
//! # Deviations of identities and grants
//! * A parent signs the inception of its child, though the paper lets anybody name a parent: nobody answers for
//!   an identity unasked.
//! * Operations of the controller and of those who oversee it count apart, so that a controller who keeps
//!   operating cannot outrun a revocation.
//! * Every issuer numbers its own revocation lists. There is no list to reserve and none to take from others.
//! * That a key signed a grant is remembered by grant and key, not by state root; see [`verify`](mod@verify).
//! * Beside the `or` of nothing, UCAN's optional steps of selectors (`?`), slices and floats are left out.
//! * ML-DSA is not among the algorithms yet; [`Algorithm`] has room for it.
//!
//! # Deviations of certificates
//! * From RFC 5280: the table of [`x509`](x509#deviations).
//! * A program outside consensus may bring a faster implementation of ECDSA ([`x509::Ecdsa`]). It is an argument
//!   and not a feature, because features of one build are shared by all that is in it.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod call;
pub mod cbor;
pub mod certificate;
pub mod command;
pub mod document;
mod error;
pub mod grant;
pub mod id;
pub mod inception;
pub mod keys;
pub mod limits;
pub mod operation;
pub mod policy;
pub mod record;
pub mod render;
pub mod resource;
pub mod signed;
pub mod transition;
mod tree;
pub mod verify;
pub mod view;
pub mod x509;

pub use call::{Approval, Call, Spend};
pub use command::Command;
pub use error::{Failure, GRANT_ERRORS, IDENTITY_ERRORS, Refusal, STATEMENT_ERRORS};
pub use grant::{
    ApproveOver, Asset, Grant, Meter, Mode, Payee, Reversibility, RevocationPlace, Window, attenuates,
};
pub use id::{AutoId, CallDigest, Did, Genesis, GrantId, Time};
pub use inception::{Authority, Inception, Kind, KindSet};
pub use keys::{Algorithm, Key, KeySet, PublicKey, Relations, Signature, Signer};
pub use operation::{Action, Guardians, Operation, Reason, Service};
pub use policy::Policy;
pub use record::{IdentityRecord, Recovery, Standing, Status, Suspension};
pub use resource::{Resource, ResourcePattern};
pub use signed::{Body, KeyOf, Sign, Sign1, SignatureOf};
pub use tree::{Answerer, who_answers};
pub use verify::{Authorized, Debit, Memo, NoMemo, Remembered, Trust, can, verify, verify_own};
pub use view::{Point, View};
