//! A DID document with its proof, as a file that anybody checks without a node.
//!
//! The file holds the part of the domain's state that the document follows from, the receipt that names the root of
//! that state, and a consensus block that holds the receipt. [`ResolutionFile::verify`] makes the document anew from
//! that. What is left to trust is the hash of the block.

use super::Resolved;
use super::dids::{Written, write};
use crate::proven::{Anchor, decoded, is_minimal};
use crate::{Prover, SdkError};
use auto_core::{BlockNumber, DomainId, ExecutionReceipt, Hash};
use auto_state::{Snapshot, StateRead, Witness};
use autoid_core::{AutoId, Did, Genesis, Point, Refusal, View as _};
use autoid_interface::{StateView, network_of};
use parity_scale_codec::Encode as _;
use serde::{Deserialize, Serialize};

/// Most bytes of a file.
const BYTES_MAX: usize = 16 << 20;

/// A DID document with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionFile {
    format: u32,
    kind: String,
    did: String,
    genesis: Hash,
    domain: u32,
    block_hash: Hash,
    header: String,
    anchor: String,
    receipt: String,
    witness: String,
}

/// What a file shows, once it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenDocument {
    /// The DID.
    pub did: Did,
    /// Its document, in JSON.
    pub document: String,
    /// Its metadata, in JSON.
    pub metadata: String,
    /// The domain's block, and its time.
    pub point: Point,
    /// The consensus block that has to be trusted.
    pub block: BlockNumber,
    /// Its hash.
    pub block_hash: Hash,
    /// Whether the receipt of the domain's block can no longer be challenged.
    pub is_confirmed: bool,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::Proof(reason.into())
}

/// The document as of a state, and when that was.
fn examine(state: &dyn StateRead, id: &AutoId, network: &Genesis) -> Result<(Point, Written), SdkError> {
    let point = StateView::new(state)?.point();
    let written = write(state, id, (network, point.time))?;
    Ok((point, written.ok_or(Refusal::UnknownIdentity { id: *id })?))
}

impl<P: Prover> Resolved<P> {
    /// The document with its proof.
    ///
    /// # Errors
    /// When no operator vouched for the block on the consensus chain, or the node does not prove what is needed.
    pub async fn proof(&mut self) -> Result<ResolutionFile, SdkError> {
        let (network, id) = (self.state.network(), self.record.id);
        let anchor = self.state.anchor().cloned().ok_or_else(|| {
            wrong("no operator vouched for this block on the consensus chain yet; ask again in a few blocks")
        })?;
        let evidence =
            self.state.evidence(|state| examine(state, &id, &network).map(|(point, _)| point)).await?;
        Ok(ResolutionFile {
            format: 1,
            kind: ResolutionFile::KIND.to_owned(),
            did: id.did(&network).to_string(),
            genesis: self.state.genesis(),
            domain: self.state.domain().0,
            block_hash: anchor.block_hash(),
            header: hex::encode(anchor.header.encode()),
            anchor: hex::encode(anchor.witness.encode()),
            receipt: hex::encode(evidence.receipt.encode()),
            witness: hex::encode(evidence.witness.encode()),
        })
    }
}

impl ResolutionFile {
    /// What the field `kind` says.
    pub const KIND: &'static str = "did-resolution";

    /// Reads a file strictly: there is one text for one resolution.
    ///
    /// # Errors
    /// When it is not JSON of this form, of another version or kind, or written in another way.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(wrong(format!("the file is longer than {BYTES_MAX} bytes")));
        }
        let file: Self =
            serde_json::from_str(text).map_err(|error| wrong(format!("not a resolution: {error}")))?;
        if file.format != 1 || file.kind != Self::KIND {
            return Err(wrong(format!("format {} of kind `{}` is not known", file.format, file.kind)));
        }
        if file.to_text() == text { Ok(file) } else { Err(wrong("the file was changed")) }
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// Checks everything there is to check, without a node, and makes the document anew. A hash that is known from
    /// elsewhere is the only one that the file may lead to.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn verify(&self, trusted: Option<Hash>) -> Result<ProvenDocument, SdkError> {
        let bytes =
            |text: &str, what: &str| hex::decode(text).map_err(|error| wrong(format!("{what}: {error}")));
        let anchor = Anchor {
            header: decoded(&bytes(&self.header, "header")?, "header")?,
            witness: decoded(&bytes(&self.anchor, "anchor")?, "anchor")?,
        };
        if anchor.block_hash() != self.block_hash {
            return Err(wrong("the header is not that of the block"));
        }
        if trusted.is_some_and(|hash| hash != self.block_hash) {
            return Err(wrong("it leads to another block than the one that is trusted"));
        }
        let receipt: ExecutionReceipt = decoded(&bytes(&self.receipt, "receipt")?, "receipt")?;
        let domain = DomainId(self.domain);
        if receipt.domain != domain {
            return Err(wrong("the receipt is of another domain"));
        }
        let is_confirmed = anchor.is_confirmed(&receipt)?;
        let network = network_of(&self.genesis, domain);
        let did: Did = self.did.parse()?;
        let id = did.on(&network)?;
        let witness: Witness = decoded(&bytes(&self.witness, "state")?, "state")?;
        let root = receipt.final_state_root;
        let (point, written) = examine(&Snapshot::new(&witness, root), &id, &network)?;
        if !is_minimal(&witness, root, |state| examine(state, &id, &network)) {
            return Err(wrong("the state shows more than the document follows from"));
        }
        let Written { document, metadata, record: _ } = written;
        let (block, block_hash) = (anchor.block(), self.block_hash);
        Ok(ProvenDocument { did, document, metadata, point, block, block_hash, is_confirmed })
    }
}
