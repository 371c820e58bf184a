//! An operation that several sign, each on a machine of their own.
//!
//! The file goes from one to the next; each reads what it says ([`tell`](super::tell)), checks whose signatures it
//! has, and adds one. Whoever has it last sends it. It holds no secret: signatures count for this network and this
//! operation only.
//!
//! # Form
//! JSON with `format` 1, `kind` `operation`, the `network` in hex, the number of the `domain`, and `operation`: the
//! COSE envelope in hex. There is one text for one state of the file, and everything is bounded before it is decoded.

use super::operation::carried;
use super::{IdentityKey, line, record};
use crate::{DomainState, Prover, SdkError};
use auto_core::{Call, DomainId};
use autoid_core::signed::KeyOf;
use autoid_core::{Action, AutoId, Genesis, IdentityRecord, Key, Operation, Refusal, Sign, SignatureOf};
use serde::{Deserialize, Serialize};

/// What the field `kind` says.
const KIND: &str = "operation";
/// Most bytes of a file: an envelope in hex, and what stands around it.
const BYTES_MAX: usize = 2 * Sign::<Operation>::bytes_max() + 512;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    kind: String,
    network: String,
    domain: u32,
    operation: String,
}

/// An operation with the signatures that it has so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationFile {
    network: Genesis,
    domain: DomainId,
    operation: Sign<Operation>,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::OperationFile(reason.into())
}

impl OperationFile {
    /// An operation of an identity of a domain.
    ///
    /// # Errors
    /// When the operation is carried by a call of its own: the revocation of a grant, a certificate.
    pub fn new(network: Genesis, domain: DomainId, operation: Sign<Operation>) -> Result<Self, SdkError> {
        match operation.body().action {
            Action::AttachCertificate { .. } | Action::RevokeGrant { .. } => {
                Err(wrong(format!("`{}` is signed by one identity only", operation.body().action.name())))
            }
            _ => Ok(Self { network, domain, operation }),
        }
    }

    /// Reads a file strictly. No signature is verified yet.
    ///
    /// # Errors
    /// When it is not of this form, or its operation breaks a rule of its own.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(wrong(format!("it is longer than {BYTES_MAX} bytes")));
        }
        let written: Written = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if written.format != 1 || written.kind != KIND {
            return Err(wrong("it is of another format or kind"));
        }
        let mut network = Genesis([0; 32]);
        hex::decode_to_slice(&written.network, &mut network.0)
            .map_err(|error| wrong(format!("network: {error}")))?;
        let bytes = hex::decode(&written.operation).map_err(|error| wrong(format!("operation: {error}")))?;
        let operation = Sign::from_cose(&bytes).map_err(|refusal| wrong(format!("operation: {refusal}")))?;
        let file = Self::new(network, DomainId(written.domain), operation)?;
        if file.to_text() == text { Ok(file) } else { Err(wrong("it was changed by hand")) }
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let written = Written {
            format: 1,
            kind: KIND.to_owned(),
            network: self.network.to_string(),
            domain: self.domain.0,
            operation: hex::encode(self.operation.to_cose()),
        };
        format!("{}\n", serde_json::to_string_pretty(&written).unwrap_or_default())
    }

    /// What is to be done.
    #[must_use]
    pub const fn operation(&self) -> &Operation {
        self.operation.body()
    }

    /// The keys that signed, as far as the file says so.
    pub fn signers(&self) -> impl Iterator<Item = KeyOf> + '_ {
        self.operation.signatures().iter().map(|signature| signature.by)
    }

    /// Adds a signature.
    ///
    /// # Errors
    /// When the key is of another network, or signed already.
    pub fn signed(self, key: &IdentityKey) -> Result<Self, SdkError> {
        key.on(&self.network)?;
        if self.signers().any(|by| by == key.name()) {
            return Err(wrong("this key signed it already"));
        }
        let Self { network, domain, operation } = self;
        Ok(Self { network, domain, operation: operation.signed(&network, key.name(), key)? })
    }

    /// Holds the file to a state: its network and domain, its turn and time, and each of its signatures to the keys
    /// that are in force.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub async fn check<P: Prover>(&self, state: &mut DomainState<P>) -> Result<(), SdkError> {
        if self.network != state.network() || self.domain != state.domain() {
            return Err(wrong("it is of another network or domain than the node"));
        }
        let Operation { id, seq, valid_until, action } = self.operation();
        let block = state.number().0;
        if block > *valid_until {
            return Err(Refusal::OperationExpired { valid_until: *valid_until, block }.into());
        }
        let subject = record(state, id).await?;
        let counts = [subject.seq, subject.oversight].map(|count| count.saturating_add(1));
        if *action != Action::Endorse && !counts.contains(seq) {
            return Err(Refusal::Sequence { expected: counts[1], found: *seq }.into());
        }
        for signature in self.operation.signatures() {
            let by = signature.by;
            let signer =
                if by.identity == *id { subject.clone() } else { record(state, &by.identity).await? };
            self.verify(signature, &signer)?;
        }
        Ok(())
    }

    /// Refuses a signer that has no part in the operation: its signature would spoil the file for the others.
    ///
    /// # Errors
    /// When it is none of those who may sign.
    pub async fn admit<P: Prover>(
        &self,
        state: &mut DomainState<P>,
        signer: &AutoId,
    ) -> Result<(), SdkError> {
        let Operation { id, action, .. } = self.operation();
        let has_part = match action {
            Action::StartRecovery { guardians, .. } | Action::Revoke { guardians: Some(guardians), .. } => {
                guardians.members.contains(signer)
            }
            Action::Suspend { .. } | Action::Resume | Action::Revoke { .. } => {
                let line = line(state, id).await?;
                let is_issuer = line.first().is_some_and(|subject| subject.is_endorsed_by(signer));
                is_issuer || line.iter().any(|one| one.id == *signer)
            }
            Action::Endorse => record(state, id).await?.issuers.contains(signer),
            _ => signer == id,
        };
        if has_part { Ok(()) } else { Err(Refusal::UnexpectedSigner { id: *signer }.into()) }
    }

    fn verify(&self, signature: &SignatureOf, signer: &IdentityRecord) -> Result<(), Refusal> {
        let KeyOf { identity, kid } = signature.by;
        // An operation by which keys change is signed by the new ones, too.
        let coming = match &self.operation().action {
            Action::Rotate { keys, .. } if identity == self.operation().id => Some(keys),
            Action::FinishRecovery => signer.recovering.as_ref().map(|recovery| &recovery.keys),
            _ => None,
        };
        let known: Option<&Key> = signer.keys.key(kid).or_else(|| coming.and_then(|keys| keys.key(kid)));
        let key = known.ok_or(Refusal::UnknownKey { id: identity, kid })?;
        self.operation.verify(&self.network, signature, &key.key)
    }

    /// The call that carries it to the chain.
    ///
    /// # Errors
    /// When nobody signed it.
    pub fn call(self) -> Result<Call, SdkError> {
        if self.operation.signatures().is_empty() {
            return Err(Refusal::TooFewSignatures { have: 0, need: 1 }.into());
        }
        carried(self.operation)
    }
}
