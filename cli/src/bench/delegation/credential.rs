//! Verifying a credential of two kilobytes.

use super::{held, micros};
use crate::error::{CliError, internal};
use autoid_credentials::SecretKey;
use autoid_credentials::credential::{Contexts, Credential, issue};
use autoid_credentials::did::derive;
use autoid_credentials::json::canonical;
use serde_json::json;

const NOW: i64 = 1_800_000_000;

/// The median in microseconds, and how long the credential is.
pub(super) struct Times {
    pub(super) verify: f64,
    pub(super) bytes: usize,
}

pub(super) fn measure() -> Result<Times, CliError> {
    let key = SecretKey::from_ed25519_seed(&[7; 32]);
    let did = key.public().to_did();
    let document = derive(&did).ok_or_else(|| internal("the DID has no document"))??;
    let contexts = Contexts::default();
    let mut claims = json!({ "id": did.as_str(), "limit": 10 });
    for at in 0..17 {
        claims[format!("claim{at:02}")] =
            json!(format!("a value that makes the credential {at:02} kilobytes long, two in all"));
    }
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did.as_str(),
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": claims,
    });
    let signed = issue(&unsigned, &contexts, &key, &did.with_fragment(did.id()), NOW)?;
    let text = canonical(&signed).map_err(internal)?;
    let verify = micros(|| {
        let read = Credential::parse(text.as_bytes(), &contexts)?;
        held(read.verify(&document, NOW).is_ok(), "the credential")
    })?;
    Ok(Times { verify, bytes: text.len() })
}
