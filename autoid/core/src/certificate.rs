//! The certificate profile: which X.509 certificate stands for an identity.
//!
//! The path is [`crate::x509::verify_path`]'s to judge; these rules tie it to the tree of identities.
//!
//! * The certificates of the path are those of the identity and its ancestors, in that order, up to the root of
//!   the tree; a root's own certificate is signed by itself.
//! * Alternative names: the identity's DID as the only URI, its [`dns_name`], and beyond that only host names
//!   that the parent's authority may give. No mailboxes, addresses or directory names.
//! * The key is one of the identity's own and has not ended.
//! * [`BINDING`] holds network, identity and sequence number. It is not critical, although the house rules
//!   would have it so: a critical extension makes every stock TLS stack refuse the certificate. Here a
//!   certificate without it is refused all the same.
//! * The certificate says no more than the identity's authority: no CA that the identity is not, no longer path.
//! * It is short-lived: [`lifetime_max`].

mod holder;
mod refusal;

pub use holder::{Holder, may_name};
pub use refusal::{CERTIFICATE_ERRORS, CertificateRefusal};

use alloc::{string::String, vec::Vec};

use crate::{AutoId, Genesis, Kind};

/// The object identifier of the binding extension, as text.
pub const BINDING: &str = "1.2.840.113556.1.8000.2554.49916.43968.38948.16724.39482.5107412.114258";
/// The same as content octets.
pub const BINDING_OCTETS: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x14, 0x01, 0xbe, 0x40, 0x93, 0x7a, 0x83, 0x85, 0x7c, 0x82, 0xd7, 0x40,
    0x82, 0xb0, 0x24, 0x81, 0x82, 0x54, 0x82, 0xb4, 0x3a, 0x82, 0xb7, 0xdd, 0x54, 0x86, 0xfc, 0x52,
];
/// Under which all hierarchical names lie.
pub const DNS_ROOT: &str = "auto.internal";

const DAY: i64 = 86_400;
const LABEL_BYTES: usize = 15;
const BINDING_BYTES: usize = 72;

/// The longest validity of a certificate of an identity of this kind, in seconds: a week for what software
/// renews by itself, 398 days for people and organisations.
#[must_use]
pub const fn lifetime_max(kind: Kind) -> i64 {
    match kind {
        Kind::Agent | Kind::Model | Kind::Service => 7 * DAY,
        Kind::Human | Kind::Org | Kind::Dao => 398 * DAY,
    }
}

/// The hierarchical host name of an identity: one label for it and each ancestor, the nearest first. A name
/// constraint on an ancestor's name covers everything below the ancestor, also in TLS stacks that know nothing
/// of identities.
#[must_use]
pub fn dns_name(id: &AutoId, ancestors: &[AutoId]) -> String {
    let mut name = String::new();
    for one in core::iter::once(id).chain(ancestors) {
        push_label(&mut name, one);
        name.push('.');
    }
    name.push_str(DNS_ROOT);
    name
}

/// The first 120 bits of an identifier as 24 lower-case letters and digits (RFC 4648 base32).
fn push_label(name: &mut String, id: &AutoId) {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in id.0.iter().take(LABEL_BYTES) {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            let digit = usize::try_from((bits >> held) & 31).unwrap_or(0);
            name.push(char::from(DIGITS[digit]));
        }
        bits &= (1 << held) - 1;
    }
}

/// What [`BINDING`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The network.
    pub genesis: Genesis,
    /// The identity.
    pub id: AutoId,
    /// Its sequence number when the certificate was asked for.
    pub seq: u64,
}

impl Binding {
    /// The extension's value: an octet string of genesis, identity and big-endian sequence number.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut der = Vec::with_capacity(BINDING_BYTES + 2);
        der.extend_from_slice(&[0x04, 72]);
        der.extend_from_slice(&self.genesis.0);
        der.extend_from_slice(&self.id.0);
        der.extend_from_slice(&self.seq.to_be_bytes());
        der
    }

    /// Reads the extension's value; nothing when it is not of exactly this form.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let content = der.strip_prefix(&[0x04, 72]).filter(|content| content.len() == BINDING_BYTES)?;
        Some(Self {
            genesis: Genesis(content.get(..32)?.try_into().ok()?),
            id: AutoId(content.get(32..64)?.try_into().ok()?),
            seq: u64::from_be_bytes(content.get(64..)?.try_into().ok()?),
        })
    }
}
