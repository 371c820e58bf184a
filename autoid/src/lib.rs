//! Auto ID: identities, certificates, grants, revocation and aliases.
//!
//! Every change is a statement signed by the keys of identities ([`autoid_core::signed`]); an account only
//! brings it and pays. What an inception or operation does to a record is decided by
//! [`autoid_core::transition`], and the module adds what records cannot tell: money, certificates, stored
//! grants, revocation lists and aliases.
//!
//! # Rules
//! | call | what it does |
//! |---|---|
//! | [`Incept`] | begins an identity |
//! | [`Operate`] | carries out an operation that needs nothing but the state: rotate, endorse, recover, suspend, resume, revoke, bump the epoch, deactivate, services, guardians, reveal and release an alias |
//! | [`Lapse`] | buries a pending identity that was not endorsed in time; anyone may ask for it |
//! | [`AttachCertificate`] | an operation with its certificate: [`autoid_core::certificate`] |
//! | [`RegisterGrant`] | stores a grant under its id |
//! | [`RevokeGrant`] | an operation that revokes a grant, with the grant when it is not stored |
//! | [`PruneGrant`] | forgets a grant whose time is over; anyone may ask for it |
//! | [`CommitAlias`], [`DropCommitment`] | the first step to an alias, and its undoing |
//! | [`FreeAlias`] | takes the alias off an identity that ended; anyone may ask for it |
//!
//! * **Replay.** A statement names the network ([`autoid_interface::network_of`]: chain and domain), the
//!   identity and the next number of its side, so it takes effect once, in one place.
//! * **Certificates.** The path leads over the stored certificates of all ancestors and is judged in chain
//!   time. An issuer uses a serial number once, whatever becomes of the certificate.
//! * **Stored grants.** The signature, the issuer's standing, its epoch, and that the grant stays within the
//!   stored grant it rests on are judged when it is stored. The place in the issuer's revocation lists that it
//!   names is then taken, so the revocation of one grant never hits another.
//! * **Revocation** is by the issuer, an issuer further up, the owner or the holder. It is idempotent, and
//!   never undone. A grant that is not stored is shown, with those that it rests on as far as they are not
//!   stored either.
//! * **Deposits.** Every entry costs a fixed amount and so much for every byte ([`Params`]). The payer gets it
//!   back when the entry goes. Who pays for a change by which an identity grows takes its whole deposit over.
//!   What stays for ever is paid for: the deposit of a tombstone stays, and the price of serial numbers,
//!   revocation lists and places that were revoked unregistered is burned.
//! * **Deactivation** waits for what other modules hold open in the name of the identity
//!   ([`autoid_interface::OPEN`]); revocation does not.
//! * **Aliases** are committed to, revealed after a wait, and compared by their look.
//!
//! # State
//! Under the keys of [`autoid_interface`] and of [`state`].
//!
//! # Guarantees
//! * An identity's counters never fall, its status never leaves revoked or deactivated, and no record is ever
//!   removed: an id is never used again.
//! * A bit of a revocation list that is set stays set.
//! * All deposits lie on [`deposits_account`].
//! * No list grows without bound: one entry of one size for every call, paid for by its bytes.
//!
//! # Deviations
//! * Lists of revoked grants need no reservation: every issuer numbers its own lists.
//! * The extension that binds a certificate to its identity is not critical: see
//!   [`autoid_core::certificate`].
//! * One key may be in two identities. To refuse it would let anybody lock a key out by naming it first; a
//!   signature always names the identity it is by.
//! * A certificate is judged when it is attached. Whether its ancestors' certificates are still valid later is
//!   for whoever relies on it to judge, as in any PKI.

mod alias;
mod calls;
mod deposit;
mod error;
mod event;
mod genesis;
mod invariants;
mod module;
mod params;
mod registry;
pub mod state;

pub use alias::alias_commitment;
pub use calls::{
    AttachCertificate, Call, CommitAlias, DropCommitment, FreeAlias, Incept, Lapse, Operate, PruneGrant,
    RegisterGrant, RevokeGrant,
};
pub use deposit::deposits_account;
pub use error::{AutoidError, ERRORS};
pub use event::{Change, Event};
pub use genesis::AutoidGenesis;
pub use module::Autoid;
pub use params::Params;
