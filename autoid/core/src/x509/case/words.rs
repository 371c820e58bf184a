//! The words of the form for usages and purposes, and dotted identifiers.

use alloc::vec::Vec;

use crate::x509::{KeyUsage, Purpose};

pub(super) fn key_usage(name: &str) -> Option<KeyUsage> {
    Some(match name {
        "digitalSignature" => KeyUsage::DigitalSignature,
        "contentCommitment" => KeyUsage::ContentCommitment,
        "keyEncipherment" => KeyUsage::KeyEncipherment,
        "dataEncipherment" => KeyUsage::DataEncipherment,
        "keyAgreement" => KeyUsage::KeyAgreement,
        "keyCertSign" => KeyUsage::KeyCertSign,
        "cRLSign" => KeyUsage::CrlSign,
        "encipherOnly" | "encipher_only" => KeyUsage::EncipherOnly,
        "decipherOnly" | "decipher_only" => KeyUsage::DecipherOnly,
        _ => return None,
    })
}

/// A purpose that owns its identifier.
pub(super) enum OwnedPurpose {
    Known(Purpose<'static>),
    Other(Vec<u8>),
}

impl OwnedPurpose {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(Self::Known(match name {
            "anyExtendedKeyUsage" => Purpose::Any,
            "serverAuth" => Purpose::ServerAuth,
            "clientAuth" => Purpose::ClientAuth,
            "codeSigning" => Purpose::CodeSigning,
            "emailProtection" => Purpose::EmailProtection,
            "timeStamping" => Purpose::TimeStamping,
            "OCSPSigning" => Purpose::OcspSigning,
            dotted => return oid_of(dotted).map(Self::Other),
        }))
    }

    pub(super) fn borrow(&self) -> Purpose<'_> {
        match self {
            Self::Known(purpose) => *purpose,
            Self::Other(content) => Purpose::Other(content),
        }
    }
}

/// The content octets of an object identifier in dotted form.
pub(super) fn oid_of(dotted: &str) -> Option<Vec<u8>> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u32>().ok());
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let mut content = Vec::new();
    push_arc(&mut content, u64::from(first) * 40 + u64::from(second));
    for arc in arcs {
        push_arc(&mut content, u64::from(arc?));
    }
    Some(content)
}

fn push_arc(content: &mut Vec<u8>, arc: u64) {
    let groups = (1..10).take_while(|group| arc >> (7 * group) != 0).count();
    for group in (0..=groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        let bits = u8::try_from((arc >> (7 * group)) & 0x7f).unwrap_or_default();
        content.push(more | bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_identifiers_become_octets() {
        assert_eq!(oid_of("2.5.29.32.0").unwrap(), [0x55, 0x1d, 0x20, 0x00]);
        assert_eq!(oid_of("1.2.840.113549").unwrap(), [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
        assert_eq!(oid_of("2.16.840.1.101").unwrap(), [0x60, 0x86, 0x48, 0x01, 0x65]);
        assert!(
            oid_of("3.1").is_none()
                && oid_of("1.40").is_none()
                && oid_of("1").is_none()
                && oid_of("a.b").is_none()
        );
    }
}
