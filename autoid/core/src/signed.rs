//! Signed statements: deterministic CBOR in an envelope of COSE (RFC 9052).
//!
//! [`Sign1`] carries the one signature of a grant, call or approval; [`Sign`] the signatures, by keys of one
//! or several identities, of an inception or operation. The protected header of a signature names algorithm
//! and key, the unprotected headers are empty, and what is signed names type and network besides the body:
//! `external_aad` is `auto/<type>/v1` followed by the genesis. So no signature holds for another type or
//! another network, and nothing outside the signed bytes has a meaning.

mod sign;
mod sign1;

pub use sign::{KeyOf, Sign, SignatureOf};
pub use sign1::Sign1;

use alloc::vec::Vec;

use crate::cbor::{Canonical, Writer};
use crate::{Genesis, Refusal};

/// What can be signed.
pub trait Body: Canonical {
    /// The tag that every signature over this type begins with, `auto/<type>/v1`.
    const TAG: &'static str;
    /// Most bytes of a body.
    const BYTES_MAX: usize;

    /// Refuses a body that breaks a rule of its own.
    ///
    /// # Errors
    /// Which rule it is.
    fn check(&self) -> Result<(), Refusal>;
}

/// Labels of a header (RFC 9052, section 3.1).
const ALG: u64 = 1;
const KID: u64 = 4;

/// The `Sig_structure` of RFC 9052, section 4.4.
fn preimage<T: Body>(context: &str, protected: &[&[u8]], genesis: &Genesis, payload: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(protected.len() + 3);
    writer.text(context);
    for header in protected {
        writer.bytes(header);
    }
    writer.bytes(&[T::TAG.as_bytes(), &genesis.0].concat());
    writer.bytes(payload);
    writer.into_bytes()
}

/// Reads and judges a body.
fn body<T: Body>(payload: &[u8]) -> Result<T, Refusal> {
    let body = T::from_cbor(payload, T::BYTES_MAX)?;
    body.check()?;
    Ok(body)
}
