//! Extensions, their identifiers, and the names and usages in them.

use super::der::*;

pub(crate) const AKI: &[u8] = &[0x55, 0x1d, 0x23];
pub(crate) const SKI: &[u8] = &[0x55, 0x1d, 0x0e];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
pub(crate) const SAN: &[u8] = &[0x55, 0x1d, 0x11];
pub(crate) const BASIC: &[u8] = &[0x55, 0x1d, 0x13];
pub(crate) const EKU: &[u8] = &[0x55, 0x1d, 0x25];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
pub(crate) const POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
pub(crate) const MAPPINGS: &[u8] = &[0x55, 0x1d, 0x21];
pub(crate) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x24];
pub(crate) const INHIBIT_ANY: &[u8] = &[0x55, 0x1d, 0x36];
pub(crate) const CRL_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
pub(crate) const AIA: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const UNKNOWN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0xb3, 0x3a, 1];
pub(crate) const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
pub(crate) const DELTA: &[u8] = &[0x55, 0x1d, 0x1b];
pub(crate) const IDP: &[u8] = &[0x55, 0x1d, 0x1c];
pub(crate) const REASON: &[u8] = &[0x55, 0x1d, 0x15];
pub(crate) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];

pub(crate) const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(crate) const CLIENT: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
pub(crate) const CODE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
pub(crate) const ANY_EKU: &[u8] = &[0x55, 0x1d, 0x25, 0];

pub(crate) const DIGITAL_SIGNATURE: u16 = 0x8000;
pub(crate) const KEY_ENCIPHERMENT: u16 = 0x2000;
pub(crate) const CERT_SIGN: u16 = 0x0400;
pub(crate) const CRL_SIGN: u16 = 0x0200;

/// An otherName of a private type.
pub(crate) fn other_name() -> Vec<u8> {
    tlv(0xa0, &[oid(UNKNOWN), tlv(0xa0, &[5, 0])].concat())
}

/// One extension.
#[derive(Clone)]
pub(crate) struct Ext {
    pub(crate) kind: Vec<u8>,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

pub(crate) fn ext(kind: &[u8], critical: bool, value: Vec<u8>) -> Ext {
    Ext { kind: kind.to_vec(), critical, value }
}

impl Ext {
    pub(crate) fn encode(&self) -> Vec<u8> {
        seq(&[oid(&self.kind), boolean(self.critical), tlv(4, &self.value)])
    }
}
