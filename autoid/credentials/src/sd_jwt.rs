//! SD-JWT verifiable credentials (RFC 9901, draft-ietf-oauth-sd-jwt-vc): the holder chooses what to show.
//!
//! The issuer signs digests of claims; the holder hands over the claims that the verifier may see, and proves
//! to be the holder by signing the verifier's question. As with [`crate::credential`], reading comes first and
//! names the issuer, whose document the caller resolves.
//!
//! Narrower than the standards: the issuer is a DID and the key one of its document; SHA-256 only; the holder's
//! key is a `jwk` in `cnf`.

mod disclosure;
mod issue;
mod present;
mod reveal;

pub use issue::{Issue, issue};
pub use present::{Answer, present};

use crate::did::{Did, Document, Relation};
use crate::encoding::to_base64url;
use crate::error::CredentialError;
use crate::jws::Token;
use crate::key::PublicKey;
use crate::status::token::{TokenEntry, TokenList};
use disclosure::Disclosure;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Largest credential with all its disclosures.
pub const SD_JWT_BYTES_MAX: usize = 65_536;
/// Most disclosures.
const DISCLOSURES_MAX: usize = 128;
/// Kinds of token that are credentials; the second is the older name of the first.
const KINDS: [&str; 2] = ["dc+sd-jwt", "vc+sd-jwt"];
/// Kind of token that answers a verifier.
const BINDING_KIND: &str = "kb+jwt";
/// Claims that are never disclosed selectively: what a verifier decides by.
const OPEN: [&str; 9] = ["iss", "nbf", "exp", "aud", "cnf", "vct", "vct#integrity", "status", "_sd_alg"];

/// What a verifier asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// This verifier asked this, and the answer is at most so many seconds old. A credential that is bound to no
    /// holder does not answer it.
    Asked {
        /// The verifier's name.
        audience: &'a str,
        /// What the verifier wants to see again.
        nonce: &'a str,
        /// Greatest age in seconds.
        max_age: i64,
    },
    /// Nobody asked: holders look at their own credential. Never for accepting one from somebody else.
    Own,
}

/// A credential of the right form. Nothing of it is to be believed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SdJwt {
    issuer: Did,
    token: Token,
    disclosures: Vec<Disclosure>,
    binding: Option<Token>,
    /// SHA-256 of all but the answer to the verifier, in base64url.
    hash: String,
}

/// The claims that were shown, as their issuer signed them.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    issuer: Did,
    kind: String,
    claims: Map<String, Value>,
    holder: Option<PublicKey>,
    status: Option<TokenEntry>,
}

fn hash(text: &str) -> String {
    to_base64url(&Sha256::digest(text))
}

impl SdJwt {
    /// Reads a credential: a token, disclosures, and perhaps the answer to a verifier, with `~` between.
    ///
    /// # Errors
    /// When it is of another form.
    pub fn parse(text: &str) -> Result<Self, CredentialError> {
        let malformed = |why| CredentialError::Token { why };
        if text.len() > SD_JWT_BYTES_MAX {
            return Err(malformed("it is too large"));
        }
        let (signed, binding) = text.rsplit_once('~').ok_or(malformed("it has no `~`"))?;
        let mut parts = signed.split('~');
        let token = Token::parse(parts.next().unwrap_or_default(), &KINDS, SD_JWT_BYTES_MAX)?;
        let disclosures =
            parts.map(Disclosure::parse).take(DISCLOSURES_MAX + 1).collect::<Result<Vec<_>, _>>()?;
        if disclosures.len() > DISCLOSURES_MAX {
            return Err(CredentialError::Disclosure { why: "there are more than 128" });
        }
        let binding = match binding {
            "" => None,
            answer => Some(Token::parse(answer, &[BINDING_KIND], SD_JWT_BYTES_MAX)?),
        };
        let issuer = token.text("iss").ok_or(malformed("it names no issuer"))?.parse()?;
        Ok(Self { issuer, token, disclosures, binding, hash: hash(&format!("{signed}~")) })
    }

    /// Who says to have issued it: whose document [`Self::verify`] needs.
    pub const fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// Checks that the issuer signed it, that it is valid at `now` (Unix seconds), that every disclosure belongs
    /// to it, and that its holder answers the question.
    ///
    /// # Errors
    /// When it is not to be believed.
    pub fn verify(
        self,
        issuer: &Document,
        now: i64,
        question: &Question<'_>,
    ) -> Result<Claims, CredentialError> {
        let method = self.token.method()?;
        if method.did() != &self.issuer || issuer.subject() != &self.issuer {
            return Err(CredentialError::ForeignKey {
                key: method.to_string(),
                signer: self.issuer.to_string(),
            });
        }
        self.token.check_dates(now)?;
        let kind = self.token.text("vct").filter(|kind| !kind.is_empty());
        let kind = kind.ok_or(CredentialError::Token { why: "it has no `vct`" })?.to_owned();
        let holder = self.holder()?;
        let status = self.token.payload.get("status").map(TokenEntry::of).transpose()?;
        let claims = reveal::reveal(&self.token.payload, &self.disclosures)?.claims;
        self.check_binding(holder.as_ref(), now, question)?;
        self.token.check(issuer.key(&method, Relation::AssertionMethod)?)?;
        Ok(Claims { issuer: self.issuer, kind, claims, holder, status })
    }

    /// The key that the credential is bound to.
    fn holder(&self) -> Result<Option<PublicKey>, CredentialError> {
        let Some(cnf) = self.token.payload.get("cnf") else { return Ok(None) };
        let jwk = cnf.get("jwk").and_then(Value::as_object);
        let jwk = jwk.ok_or(CredentialError::Token { why: "`cnf` has no `jwk`" })?;
        Ok(Some(PublicKey::from_jwk(jwk)?))
    }

    fn check_binding(
        &self,
        holder: Option<&PublicKey>,
        now: i64,
        question: &Question<'_>,
    ) -> Result<(), CredentialError> {
        let Question::Asked { audience, nonce, max_age } = question else { return Ok(()) };
        let (Some(holder), Some(answer)) = (holder, &self.binding) else {
            return Err(CredentialError::Unbound);
        };
        for (member, wanted) in [("aud", *audience), ("nonce", *nonce), ("sd_hash", self.hash.as_str())] {
            if answer.text(member) != Some(wanted) {
                return Err(CredentialError::Unasked { member });
            }
        }
        answer.check_dates(now)?;
        let made = answer.moment("iat")?.ok_or(CredentialError::Unasked { member: "iat" })?;
        let until = made.saturating_add(*max_age);
        if until < now {
            return Err(CredentialError::Ended { until });
        }
        answer.check(holder)
    }
}

impl Claims {
    /// Who issued it.
    pub const fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// The kind of credential, `vct`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What was shown.
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The key that it is bound to, if it is to one.
    pub const fn holder(&self) -> Option<&PublicKey> {
        self.holder.as_ref()
    }

    /// Where its status is kept, if it has one.
    pub const fn status(&self) -> Option<&TokenEntry> {
        self.status.as_ref()
    }

    /// Checks that its status is 0, "valid", by the list that it names, which must be by the same issuer. A
    /// credential without a status always passes.
    ///
    /// # Errors
    /// When it is not, or the list is missing or not the right one.
    pub fn check_status(&self, lists: &[TokenList]) -> Result<(), CredentialError> {
        let Some(entry) = &self.status else { return Ok(()) };
        let list = lists.iter().find(|list| list.uri() == entry.uri).ok_or(CredentialError::StatusUnknown)?;
        if list.issuer() != &self.issuer {
            let (found, wanted) = (list.issuer().to_string(), self.issuer.to_string());
            return Err(CredentialError::ListIssuer { found, wanted });
        }
        match list.status(entry.index)? {
            0 => Ok(()),
            status => Err(CredentialError::Status { status, purpose: "status_list".to_owned() }),
        }
    }
}
