//! Part of a domain's state in a file.

use super::{Anchor, Evidence, decoded, is_minimal};
use crate::SdkError;
use auto_core::{DomainId, ExecutionReceipt, Hash, Header};
use auto_state::{Snapshot, StateRead, Witness};
use parity_scale_codec::Encode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

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

/// Part of a domain's state with what ties it to a consensus block, as fields of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Hash of the genesis block of the consensus chain.
    pub(crate) genesis: Hash,
    /// Number of the domain.
    pub(crate) domain: u32,
    /// Hash of the consensus block that has to be trusted.
    pub(crate) block_hash: Hash,
    /// The encoded header of that block.
    header: Hex,
    /// The encoded witness that the consensus state holds the receipt.
    anchor: Hex,
    /// The encoded receipt of the domain's block.
    receipt: Hex,
    /// The encoded witness of the domain's state.
    witness: Hex,
}

/// What a file shows, once it holds.
pub(crate) struct Held {
    /// The receipt of the domain's block.
    pub(crate) receipt: ExecutionReceipt,
    /// The header of the consensus block that has to be trusted.
    pub(crate) header: Header,
    /// Whether it is the newest of its domain there.
    pub(crate) is_newest: bool,
    /// Whether the receipt can no longer be challenged.
    pub(crate) is_confirmed: bool,
    witness: Witness,
}

fn wrong(reason: &str) -> SdkError {
    SdkError::Proof(reason.to_owned())
}

impl Shown {
    /// Evidence as a file holds it; none when no operator vouched for the block yet.
    pub(crate) fn of(genesis: Hash, evidence: &Evidence) -> Result<Self, SdkError> {
        let unanchored = || wrong("no operator vouched for this block on the consensus chain yet");
        let anchor = evidence.anchor.as_ref().ok_or_else(unanchored)?;
        Ok(Self {
            genesis,
            domain: evidence.receipt.domain.0,
            block_hash: anchor.block_hash(),
            header: Hex(anchor.header.encode()),
            anchor: Hex(anchor.witness.encode()),
            receipt: Hex(evidence.receipt.encode()),
            witness: Hex(evidence.witness.encode()),
        })
    }

    /// Holds block and receipt to each other, and to the block that is trusted.
    pub(crate) fn check(&self, trusted: Option<Hash>) -> Result<Held, SdkError> {
        let anchor = Anchor {
            header: decoded(&self.header.0, "header")?,
            witness: decoded(&self.anchor.0, "anchor")?,
        };
        if anchor.block_hash() != self.block_hash {
            return Err(wrong("the header is not that of the block"));
        }
        if trusted.is_some_and(|hash| hash != self.block_hash) {
            return Err(wrong("it leads to another block than the one that is trusted"));
        }
        let receipt: ExecutionReceipt = decoded(&self.receipt.0, "receipt")?;
        if receipt.domain != DomainId(self.domain) {
            return Err(wrong("the receipt is of another domain"));
        }
        let (is_confirmed, is_newest) = (anchor.is_confirmed(&receipt)?, anchor.is_newest(&receipt)?);
        let witness = decoded(&self.witness.0, "state")?;
        Ok(Held { receipt, header: anchor.header, is_newest, is_confirmed, witness })
    }
}

impl Held {
    /// What `read` finds in the state, which must show that and nothing else.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&dyn StateRead) -> Result<T, SdkError>,
    ) -> Result<T, SdkError> {
        let root = self.receipt.final_state_root;
        let found = self.look(&read)?;
        if is_minimal(&self.witness, root, &read) {
            return Ok(found);
        }
        Err(wrong("the state shows more than is looked at"))
    }

    /// What `read` finds in the state, whatever else that shows.
    pub(crate) fn look<T>(
        &self,
        read: impl FnOnce(&dyn StateRead) -> Result<T, SdkError>,
    ) -> Result<T, SdkError> {
        read(&Snapshot::new(&self.witness, self.receipt.final_state_root))
    }
}
