//! Verifiable credentials and presentations (W3C VC Data Model 2.0) with an embedded proof.
//!
//! Reading and believing are two steps, so that no I/O hides in between: [`Credential::parse`] holds a text to
//! the data model and names the issuer; the caller resolves that DID; [`Credential::verify`] checks the proof
//! against the document and the dates against the caller's clock. Whether it was revoked since is a third
//! step, [`Verified::check_status`], because its list is another credential.

mod model;
mod presentation;

pub use model::{CREDENTIALS_V2, Contexts, StatusEntry};
pub use presentation::{Presentation, present};

use crate::did::{Did, DidUrl, Document, Relation};
use crate::error::CredentialError;
use crate::json;
use crate::key::SecretKey;
use crate::proof::{Proof, ProofOptions, secure};
use crate::status::StatusList;
use model::Model;
use serde_json::{Map, Value};

/// Largest credential.
pub const CREDENTIAL_BYTES_MAX: usize = 65_536;
/// Largest credential that carries a status list.
pub(crate) const LIST_BYTES_MAX: usize = 1_500_000;
/// By how much a signer's clock may be ahead, in seconds.
pub(crate) const CLOCK_SKEW: i64 = 60;

/// A credential of the right form. Nothing of it is to be believed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    model: Model,
    proof: Proof,
    json: Value,
}

/// A credential that its issuer signed, and that is valid at the time it was verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    issuer: Did,
    model: Model,
    json: Value,
}

impl Credential {
    /// Reads a credential.
    ///
    /// # Errors
    /// When it is not strict JSON, or breaks the data model.
    pub fn parse(text: &[u8], contexts: &Contexts) -> Result<Self, CredentialError> {
        Self::of(json::members(text, CREDENTIAL_BYTES_MAX)?, contexts)
    }

    /// Reads a credential that carries a status list, which may be larger.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_list(text: &[u8], contexts: &Contexts) -> Result<Self, CredentialError> {
        Self::of(json::members(text, LIST_BYTES_MAX)?, contexts)
    }

    fn of(members: Map<String, Value>, contexts: &Contexts) -> Result<Self, CredentialError> {
        let model = Model::of(&members, contexts)?;
        Ok(Self { proof: Proof::of(&members)?, model, json: Value::Object(members) })
    }

    /// Who says to have issued it: whose document [`Self::verify`] needs.
    pub const fn issuer(&self) -> &Did {
        &self.model.issuer
    }

    /// Checks that the issuer signed it, and that it is valid at `now` (Unix seconds).
    ///
    /// # Errors
    /// When it is not to be believed.
    pub fn verify(self, issuer: &Document, now: i64) -> Result<Verified, CredentialError> {
        let method = check_signer(&self.proof, &self.model.issuer, issuer, Relation::AssertionMethod)?;
        check_dates(&self.proof, now)?;
        if let Some(from) = self.model.valid_from.filter(|from| *from > now) {
            return Err(CredentialError::TooEarly { from });
        }
        if let Some(until) = self.model.valid_until.filter(|until| *until <= now) {
            return Err(CredentialError::Ended { until });
        }
        self.proof.check(issuer.key(&method, Relation::AssertionMethod)?)?;
        Ok(Verified { issuer: self.model.issuer.clone(), model: self.model, json: self.json })
    }
}

/// The name of the key of a proof, which must be one of the signer's, for this use.
fn check_signer(
    proof: &Proof,
    signer: &Did,
    document: &Document,
    relation: Relation,
) -> Result<DidUrl, CredentialError> {
    let foreign = || CredentialError::ForeignKey {
        key: proof.method.chars().take(200).collect(),
        signer: signer.as_str().chars().take(200).collect(),
    };
    let method: DidUrl = proof.method.parse().map_err(|_| foreign())?;
    if method.did() != signer || document.subject() != signer {
        return Err(foreign());
    }
    if proof.purpose != relation.name() {
        return Err(CredentialError::Proof {
            member: "proofPurpose",
            why: "it is not what such a proof is for",
        });
    }
    Ok(method)
}

/// A proof is of the past, and has not ended.
fn check_dates(proof: &Proof, now: i64) -> Result<(), CredentialError> {
    if let Some(from) = proof.created.filter(|created| *created > now.saturating_add(CLOCK_SKEW)) {
        return Err(CredentialError::TooEarly { from });
    }
    match proof.expires.filter(|until| *until <= now) {
        Some(until) => Err(CredentialError::Ended { until }),
        None => Ok(()),
    }
}

impl Verified {
    /// Who issued it.
    pub const fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// Whom it is about, if it says so.
    pub fn subject(&self) -> Option<&str> {
        self.model.subject.as_deref()
    }

    /// Its own name, if it has one.
    pub fn id(&self) -> Option<&str> {
        self.model.id.as_deref()
    }

    /// The whole credential.
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// Where its status is kept.
    pub fn status(&self) -> &[StatusEntry] {
        &self.model.status
    }

    pub(crate) const fn valid_until(&self) -> Option<i64> {
        self.model.valid_until
    }

    /// Checks that it was neither revoked nor suspended: each entry must be decided by one of the lists, which
    /// must be by the same issuer. A credential without a status always passes.
    ///
    /// # Errors
    /// When it was, or a list is missing or not the right one.
    pub fn check_status(&self, lists: &[StatusList]) -> Result<(), CredentialError> {
        self.status().iter().try_for_each(|entry| crate::status::check_entry(entry, self.issuer(), lists))
    }
}

/// Issues a credential: checks the data model and adds the proof.
///
/// # Errors
/// When the credential breaks the data model, or the key is not the issuer's.
pub fn issue(
    credential: &Value,
    contexts: &Contexts,
    key: &SecretKey,
    method: &DidUrl,
    now: i64,
) -> Result<Value, CredentialError> {
    let members = model::object(credential)?;
    let model = Model::of(members, contexts)?;
    if model.issuer != *method.did() {
        return Err(CredentialError::ForeignKey {
            key: method.to_string(),
            signer: model.issuer.to_string(),
        });
    }
    let options = ProofOptions {
        method: method.clone(),
        purpose: Relation::AssertionMethod,
        created: now,
        challenge: None,
        domain: None,
    };
    secure(credential, &options, key)
}
