//! Presentations: credentials that their holder shows to a verifier who asked.

use super::model::{PRESENTATION, check_frame, object, text};
use super::{Contexts, Credential, check_dates, check_signer};
use crate::did::{Did, DidUrl, Document, Relation};
use crate::error::CredentialError;
use crate::json;
use crate::key::SecretKey;
use crate::proof::{Proof, ProofOptions, secure};
use serde_json::{Value, json};

/// Largest presentation.
const PRESENTATION_BYTES_MAX: usize = 262_144;
/// Most credentials in one.
const CREDENTIALS_MAX: usize = 16;

/// A presentation of the right form. Nothing of it is to be believed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    holder: Did,
    credentials: Vec<Credential>,
    proof: Proof,
}

impl Presentation {
    /// Reads a presentation.
    ///
    /// # Errors
    /// When it is not strict JSON, or breaks the data model, or one of its credentials does.
    pub fn parse(text: &[u8], contexts: &Contexts) -> Result<Self, CredentialError> {
        let members = json::members(text, PRESENTATION_BYTES_MAX)?;
        let wrong = |member, why| CredentialError::Model { member, why };
        check_frame(&members, contexts, PRESENTATION)?;
        let holder = self::text(&members, "holder")?.ok_or(wrong("holder", "it names nobody"))?.parse()?;
        let credentials = match members.get("verifiableCredential") {
            Some(Value::Array(credentials)) if credentials.len() <= CREDENTIALS_MAX => credentials,
            _ => return Err(wrong("verifiableCredential", "it is not a list of at most 16")),
        };
        let credentials =
            credentials.iter().map(|credential| Credential::of(object(credential)?.clone(), contexts));
        Ok(Self { holder, credentials: credentials.collect::<Result<_, _>>()?, proof: Proof::of(&members)? })
    }

    /// Who shows it: whose document [`Self::verify`] needs.
    pub const fn holder(&self) -> &Did {
        &self.holder
    }

    /// Checks that the holder answers this question of this verifier, and gives the credentials, each of which
    /// is to be verified with its own issuer's document. Those that name a subject name the holder.
    ///
    /// # Errors
    /// When it is not the holder's answer.
    pub fn verify(
        self,
        holder: &Document,
        challenge: &str,
        domain: &str,
        now: i64,
    ) -> Result<Vec<Credential>, CredentialError> {
        let method = check_signer(&self.proof, &self.holder, holder, Relation::Authentication)?;
        check_dates(&self.proof, now)?;
        if self.proof.challenge.as_deref() != Some(challenge) {
            return Err(CredentialError::Unasked { member: "challenge" });
        }
        if self.proof.domain.as_deref() != Some(domain) {
            return Err(CredentialError::Unasked { member: "domain" });
        }
        let is_own = |credential: &Credential| {
            credential.model.subject.as_deref().is_none_or(|subject| subject == self.holder.as_str())
        };
        if !self.credentials.iter().all(is_own) {
            return Err(CredentialError::Unbound);
        }
        self.proof.check(holder.key(&method, Relation::Authentication)?)?;
        Ok(self.credentials)
    }
}

/// Shows credentials to a verifier who asked with this challenge.
///
/// # Errors
/// When a credential has no canonical form.
pub fn present(
    credentials: &[Value],
    challenge: &str,
    domain: &str,
    key: &SecretKey,
    method: &DidUrl,
    now: i64,
) -> Result<Value, CredentialError> {
    let presentation = json!({
        "@context": [super::CREDENTIALS_V2],
        "type": [PRESENTATION],
        "holder": method.did().as_str(),
        "verifiableCredential": credentials,
    });
    let options = ProofOptions {
        method: method.clone(),
        purpose: Relation::Authentication,
        created: now,
        challenge: Some(challenge.to_owned()),
        domain: Some(domain.to_owned()),
    };
    secure(&presentation, &options, key)
}
