//! The file of an audit.

use crate::SdkError;
use crate::proven::{Hex, Shown};
use auto_core::Hash;
use serde::{Deserialize, Serialize};

/// What the field `kind` of an audit says.
pub const KIND: &str = "agent-audit";
/// Most bytes of a file.
const BYTES_MAX: usize = 64 << 20;

/// What an agent did, with everything that proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFile {
    /// Version of this format; 1.
    pub(super) format: u32,
    /// [`KIND`].
    pub(super) kind: String,
    /// The agent's DID.
    pub(super) agent: String,
    /// The part of the domain's state that the log is checked against.
    #[serde(flatten)]
    pub(super) shown: Shown,
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
        self.shown.block_hash
    }
}
