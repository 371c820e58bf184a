//! Who may recover an identity, as a file.
//!
//! The chain knows the commitment to the guardians only, so whoever wants to use them needs this: who they are, how
//! many it takes, and the salt. The keystore keeps it beside the identity's keys; a copy belongs with the guardians,
//! because whoever lost the keys lost the keystore too. The file lets nobody act, but tells who the guardians are.

use crate::SdkError;
use autoid_core::{AutoId, Did, Genesis, Guardians, limits};
use serde::{Deserialize, Serialize};

/// What the field `kind` says.
const KIND: &str = "guardians";
/// Most bytes of a file.
const BYTES_MAX: usize = 4_096;

/// Guardians as files hold them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenGuardians {
    members: Vec<String>,
    threshold: u8,
    salt: String,
}

impl WrittenGuardians {
    pub(crate) fn of(guardians: &Guardians) -> Self {
        Self {
            members: guardians.members.iter().map(ToString::to_string).collect(),
            threshold: guardians.threshold,
            salt: hex::encode(guardians.salt),
        }
    }

    /// The guardians; nothing when they are no set of guardians.
    pub(crate) fn read(&self) -> Option<Guardians> {
        let members = self.members.iter().map(|id| id.parse().ok()).collect::<Option<Vec<AutoId>>>()?;
        let mut salt = [0; 16];
        hex::decode_to_slice(&self.salt, &mut salt).ok()?;
        let is_rising = members.is_sorted_by(|one, next| one < next);
        let is_reachable = (1..=members.len()).contains(&usize::from(self.threshold));
        let fits = is_rising && is_reachable && members.len() <= limits::GUARDIANS_MAX;
        fits.then_some(Guardians { members, threshold: self.threshold, salt })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    kind: String,
    identity: String,
    guardians: WrittenGuardians,
}

/// The guardians of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardiansFile {
    /// The identity.
    pub identity: Did,
    /// Its guardians.
    pub guardians: Guardians,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::GuardiansFile(reason.into())
}

impl GuardiansFile {
    /// The guardians of an identity on a network.
    #[must_use]
    pub fn new(id: AutoId, network: &Genesis, guardians: Guardians) -> Self {
        Self { identity: id.did(network), guardians }
    }

    /// Reads a file strictly.
    ///
    /// # Errors
    /// When it is not JSON of this form, or the guardians are no set of guardians.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(wrong(format!("it is longer than {BYTES_MAX} bytes")));
        }
        let written: Written = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if written.format != 1 || written.kind != KIND {
            return Err(wrong("it is of another format or kind"));
        }
        let identity = written.identity.parse().map_err(|_| wrong("`identity` is no DID of an identity"))?;
        let guardians =
            written.guardians.read().ok_or_else(|| wrong("`guardians` are no set of guardians"))?;
        Ok(Self { identity, guardians })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let written = Written {
            format: 1,
            kind: KIND.to_owned(),
            identity: self.identity.to_string(),
            guardians: WrittenGuardians::of(&self.guardians),
        };
        format!("{}\n", serde_json::to_string_pretty(&written).unwrap_or_default())
    }
}
