//! The verifier of Auto ID: X.509 path validation that chain, SDK, command line and light client share.
//!
//! One pure function, [`x509::verify_path`], decides whether a certificate of anybody chains to one of
//! the caller's trust anchors at a given moment. It follows RFC 5280 section 6, with the profile rules of
//! sections 4 and 5 enforced where a relying party can see them.
//!
//! # Guarantees
//! * Synchronous and pure: no clock, no I/O, no randomness; the moment of validation is an argument.
//! * `no_std` with `alloc` (turn off the default feature `std`); no panic on any input.
//! * Bounded work: input sizes, path steps, signature checks, name comparisons and policy nodes have
//!   limits ([`x509::limits`]); a certificate graph built to explode ends in an error, not in a hang.
//! * Strict DER: definite minimal lengths, no trailing bytes, no encoded defaults, canonical integers,
//!   booleans and bit strings, sorted sets. What decodes re-encodes to the same bytes.
//! * Fails closed: a critical extension, name form or list that is not understood refuses the path.
//! * Every refusal has one stable code (`IDX-0001` and on), listed in [`x509::ERRORS`].
//!
//! # Deviations
//! * DSA, MD5, SHA-1, SHA-224, RSA under 2048 bits and curves other than P-256, P-384 and P-521 are
//!   refused everywhere in a path, although RFC 5280 leaves algorithms open.
//! * The trust anchor is a certificate and is held to its own dates, path length, name constraints and
//!   policy constraints (RFC 5937), although RFC 5280 reads only its name and key. Its serial number and
//!   its signature over itself say nothing and may be of any kind.
//! * Rules of issuance that a relying party may overlook are enforced: key identifiers must be there,
//!   name and policy constraints critical, alternative names in preferred syntax. Where such a rule of
//!   the Web PKI does not contradict RFC 5280 it is enforced too (purposes beside serverAuth, a critical
//!   alternative name beside a subject, purposes on a root); [`x509::Profile::WebPki`] adds the others.
//! * There is no public suffix list: `*.com` matches nothing, `*.co.uk` does.
//! * A CA's basic constraints need not be critical below the anchor.
//! * Names compare after case folding and white-space compression (RFC 5280 section 7.1) but without
//!   the Unicode normalization of RFC 4518: two spellings of one accented letter differ.
//! * With the feature `ring` ECDSA on P-256 and P-384 is verified by ring, for programs outside consensus;
//!   a test holds both implementations to the same verdicts.
//! * A relying party may read dates before 2050 as GeneralizedTime (RFC 5280 section 4.1.2.5); the Web
//!   PKI profile refuses them.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod x509;
