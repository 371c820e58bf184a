//! Who made which content, under which key, and by what right.
//!
//! A [`Manifest`] says of a content, told by its BLAKE3 hash and size, who answers for it, which agent made it in
//! that name, what it is made from, and under which licence it is given away. [`Sealed`] is the manifest with the
//! signature of the author, or of the agent, by a key that may `assert`. [`verify()`] judges it by a state of the
//! identity domain, [`lineage()`] follows what was made from what.
//!
//! # On chain
//! A signed manifest is an object on the consensus chain, stored like any other ([`Sealed::to_bytes`]); it begins
//! with [`MAGIC`], so whoever follows the chain tells it from other objects. No module knows of it. Storing shows
//! that manifest, and so content, existed by then.
//!
//! # Time
//! A manifest is judged as of the block of the state that it is verified by. For one that was stored, that is the
//! newest block of the identity domain that operators had vouched for on the consensus chain by then: keys that were rotated out since do not matter, and a
//! key that had been rotated out by then signs nothing any more, whatever time the manifest claims. For one that
//! was not stored it is the newest block. [`Manifest::made_at`] is a claim, and only kept from the future.
//!
//! # Agents
//! An agent signs in the name of an author under a chain of grants that begins with the author's. The chain is
//! judged by [`autoid_core::verify::can`] for the command `/content/sign`, irreversible, on the resource
//! `content:<media type>`, with the arguments `hash`, `size`, `type` and `licence` for its policies.
//!
//! # Guarantees
//! * One encoding: deterministic CBOR in a COSE envelope, strictly read and bounded ([`MANIFEST_BYTES_MAX`]). What
//!   decodes encodes to the same bytes.
//! * The signature covers type, network and the whole manifest.
//! * Fails closed: what is missing, unknown or inactive refuses, with one stable code ([`ERRORS`]).
//! * A content of any size is hashed in little memory ([`Content::of_reader`]).
//!
//! # Deviations
//! * It is not C2PA: no manifest is embedded in media formats, and no certificate is needed. A content keeps its
//!   bytes, and any content can have a manifest.
//! * Parents are contents, not manifests: a file can be named as a parent that nobody signed. So manifests can
//!   contradict each other; [`lineage()`] refuses circles.
//! * Limits of a grant on the number of calls are not counted for content, which no state keeps. A grant that asks
//!   for approvals asks for them for payments only.
//! * Whether the licences of an expression exist is not looked at, nor what they mean for parents.

mod content;
mod error;
mod lineage;
mod manifest;
mod sealed;
mod verify;

pub use content::Content;
pub use error::{ERRORS, ProvenanceError, Unverified};
pub use lineage::{Ancestor, LINEAGE_MAX, lineage};
pub use manifest::{Acting, Licence, MANIFEST_BYTES_MAX, Manifest, ManifestId, MediaType, PARENTS_MAX};
pub use sealed::{MAGIC, Sealed};
pub use verify::{AHEAD_SECONDS_MAX, Verified, command, verify};
