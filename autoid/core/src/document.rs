//! DID documents: a pure function of the record.

mod json;

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use json::Json;

use crate::id::hexadecimal;
use crate::keys::{Key, PublicKey, Relations};
use crate::record::{IdentityRecord, Status};
use crate::{Genesis, Time};

/// What a document says beyond the record, and which block the record is of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Resolution<'a> {
    /// Other names. Whoever resolves must have checked that each of them points back here.
    pub also_known_as: &'a [String],
    /// The certificate in DER, the leaf of `x5c`; it is put beside the key whose it is.
    pub certificate: Option<(u32, &'a [u8])>,
}

/// The DID document of an identity, as JSON without white space.
///
/// Every key appears twice: as `Multikey` under `#key-<kid>`, and as `JsonWebKey` under `#jwk-<kid>`. Keys
/// whose time is over at `now` are left out, and an identity that has ended has none.
#[must_use]
pub fn document(
    record: &IdentityRecord,
    genesis: &Genesis,
    now: Time,
    resolution: &Resolution<'_>,
) -> String {
    let did = record.id.did(genesis).to_string();
    let ended = matches!(record.status, Status::Revoked | Status::Tombstone);
    let current = |key: &&Key| !ended && key.not_after.is_none_or(|last| now <= last);
    let keys: Vec<&Key> = record.keys.keys.iter().filter(current).collect();
    let mut json = Json::new();
    json.object(|json| {
        json.field("@context", |json| {
            json.array(
                [
                    "https://www.w3.org/ns/did/v1",
                    "https://w3id.org/security/multikey/v1",
                    "https://w3id.org/security/jwk/v1",
                ],
                Json::text,
            );
        });
        json.field("id", |json| json.text(&did));
        if let Some(parent) = record.parent {
            json.field("controller", |json| {
                json.array([did.as_str(), &parent.did(genesis).to_string()], Json::text);
            });
        }
        if !resolution.also_known_as.is_empty() {
            json.field("alsoKnownAs", |json| {
                json.array(resolution.also_known_as, |json, name| json.text(name))
            });
        }
        json.field("verificationMethod", |json| {
            json.open_array();
            for key in &keys {
                multikey(json, &did, key);
                let own = resolution.certificate.filter(|(kid, _)| *kid == key.kid);
                web_key(json, &did, key, own.map(|(_, der)| der));
            }
            json.close_array();
        });
        for (name, relation) in [
            ("authentication", Relations::AUTH),
            ("assertionMethod", Relations::ASSERT),
            ("capabilityInvocation", Relations::INVOKE),
            ("capabilityDelegation", Relations::DELEGATE),
            ("keyAgreement", Relations::AGREE),
        ] {
            let named: Vec<String> = keys
                .iter()
                .filter(|key| key.relations.contains(relation))
                .flat_map(|key| [format!("{did}#key-{}", key.kid), format!("{did}#jwk-{}", key.kid)])
                .collect();
            if !named.is_empty() {
                json.field(name, |json| json.array(&named, |json, name| json.text(name)));
            }
        }
        if !record.services.is_empty() && !ended {
            json.field("service", |json| {
                json.array(&record.services, |json, service| {
                    json.object(|json| {
                        json.field("id", |json| json.text(&format!("{did}#{}", service.name)));
                        json.field("type", |json| json.text(&service.kind));
                        json.field("serviceEndpoint", |json| json.text(&service.endpoint));
                    });
                });
            });
        }
    });
    json.finish()
}

/// The metadata of the document: `versionId` is [`IdentityRecord::version`].
#[must_use]
pub fn metadata(record: &IdentityRecord) -> String {
    let mut json = Json::new();
    json.object(|json| {
        json.field("versionId", |json| json.text(&record.version().to_string()));
        json.field("updated", |json| json.text(&record.updated_at.to_string()));
        let ended = matches!(record.status, Status::Revoked | Status::Tombstone);
        json.field("deactivated", |json| json.boolean(ended));
        json.field("status", |json| json.text(record.status.name()));
        json.field("kind", |json| json.text(record.kind.name()));
        if let Some(certificate) = record.certificate {
            json.field("certificate", |json| json.text(&hexadecimal(&certificate)));
        }
    });
    json.finish()
}

fn multikey(json: &mut Json, did: &str, key: &Key) {
    json.object(|json| {
        json.field("id", |json| json.text(&format!("{did}#key-{}", key.kid)));
        json.field("type", |json| json.text("Multikey"));
        json.field("controller", |json| json.text(did));
        json.field("publicKeyMultibase", |json| json.text(&key.key.multikey()));
    });
}

fn web_key(json: &mut Json, did: &str, key: &Key, certificate: Option<&[u8]>) {
    json.object(|json| {
        json.field("id", |json| json.text(&format!("{did}#jwk-{}", key.kid)));
        json.field("type", |json| json.text("JsonWebKey"));
        json.field("controller", |json| json.text(did));
        json.field("publicKeyJwk", |json| {
            json.object(|json| {
                match &key.key {
                    PublicKey::Ed25519(point) => {
                        json.field("kty", |json| json.text("OKP"));
                        json.field("crv", |json| json.text("Ed25519"));
                        json.field("x", |json| json.text(&base64url(point)));
                    }
                    PublicKey::Es256(_) => {
                        json.field("kty", |json| json.text("EC"));
                        json.field("crv", |json| json.text("P-256"));
                        let point = key.key.point().unwrap_or_default();
                        let half = |from: usize| base64url(point.get(from..from + 32).unwrap_or_default());
                        json.field("x", |json| json.text(&half(1)));
                        json.field("y", |json| json.text(&half(33)));
                    }
                }
                if let Some(der) = certificate {
                    json.field("x5c", |json| json.array([base64(der)], |json, text| json.text(&text)));
                }
            });
        });
    });
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without padding.
fn digits(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for shift in [18, 12, 6, 0].into_iter().take(group.len() + 1) {
            let digit = usize::try_from(bits >> shift & 63).ok().and_then(|index| STANDARD.get(index));
            text.extend(digit.map(|digit| char::from(*digit)));
        }
    }
    text
}

fn base64(bytes: &[u8]) -> String {
    let mut text = digits(bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn base64url(bytes: &[u8]) -> String {
    digits(bytes).replace('+', "-").replace('/', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_its_standard() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }
}
