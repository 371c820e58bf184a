//! The file of an audit.

use crate::SdkError;
use auto_core::Hash;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the field `kind` of an audit says.
pub const KIND: &str = "agent-audit";
/// Most bytes of a file.
const BYTES_MAX: usize = 64 << 20;

/// Bytes in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hex(pub Vec<u8>);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// What an agent did, with everything that proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFile {
    /// Version of this format; 1.
    pub(super) format: u32,
    /// [`KIND`].
    pub(super) kind: String,
    /// The agent's DID.
    pub(super) agent: String,
    /// Hash of the genesis block of the consensus chain.
    pub(super) genesis: Hash,
    /// Number of the domain.
    pub(super) domain: u32,
    /// Hash of the consensus block that has to be trusted.
    pub(super) block_hash: Hash,
    /// The encoded header of that block.
    pub(super) header: Hex,
    /// The encoded witness that the consensus state holds the receipt.
    pub(super) anchor: Hex,
    /// The encoded receipt of the domain's block.
    pub(super) receipt: Hex,
    /// The encoded witness of the domain's state.
    pub(super) witness: Hex,
    /// The encoded log, from some entry on.
    pub(super) extract: Hex,
    /// The grants under which the agent acted.
    pub(super) grants: Vec<String>,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::Proof(reason.into())
}

impl AuditFile {
    /// Reads a file strictly: there is one text for one audit.
    ///
    /// # Errors
    /// When it is not JSON of this form, of another version or kind, or written in another way.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(wrong(format!("the file is longer than {BYTES_MAX} bytes")));
        }
        let file: Self =
            serde_json::from_str(text).map_err(|error| wrong(format!("not an audit: {error}")))?;
        if file.format != 1 || file.kind != KIND {
            return Err(wrong(format!("format {} of kind `{}` is not known", file.format, file.kind)));
        }
        if file.to_text() != text {
            return Err(wrong("the file was changed: it is not written as audits are"));
        }
        Ok(file)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// The hash of the consensus block that has to be trusted.
    #[must_use]
    pub const fn block_hash(&self) -> Hash {
        self.block_hash
    }
}
