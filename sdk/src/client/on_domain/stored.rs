//! Signed content that was stored: the state that decides about it, and the proof of all that.

use super::DomainClient;
use crate::proven::{At, DomainState};
use crate::provenance::{Content, Place, ProvenanceFile, Sealed};
use crate::{Client, SdkError};
use auto_core::{BlockNumber, Hash, Header, MerkleProof, SignedTransaction};
use serde_json::json;

const TRANSACTIONS: &str = "query($height: Height!, $after: String) { block(by: { number: $height }) { \
    found: transactions(first: 100, after: $after) { nodes { hash } pageInfo { hasNextPage endCursor } } } }";
const SUBMISSIONS: &str = "query($height: Height!, $after: String) { block(by: { number: $height }) { \
    found: submissions(first: 100, after: $after) { nodes { hash } pageInfo { hasNextPage endCursor } } } }";

impl Client {
    /// Every hash of a list of a block.
    async fn hashes(&self, document: &str, height: u64) -> Result<Vec<Hash>, SdkError> {
        let (mut hashes, mut after) = (Vec::new(), None::<String>);
        loop {
            let data = self.query(document, json!({ "height": height.to_string(), "after": after })).await?;
            let fields = self.fields(&data);
            let found = fields.at("block")?.at("found")?;
            for node in found.list("nodes")? {
                hashes.push(node.hash("hash")?);
            }
            let page = found.at("pageInfo")?;
            if !page.boolean("hasNextPage")? {
                return Ok(hashes);
            }
            let next = page.text("endCursor")?.to_owned();
            if after.replace(next) == after {
                return Err(page.bad("endCursor"));
            }
        }
    }

    /// That a block holds a transaction.
    async fn inclusion(&self, hash: &Hash, header: &Header) -> Result<MerkleProof, SdkError> {
        let mut leaves = self.hashes(TRANSACTIONS, header.number.0).await?;
        let position = leaves.iter().position(|leaf| leaf == hash);
        leaves.extend(self.hashes(SUBMISSIONS, header.number.0).await?);
        let proof = position.and_then(|position| MerkleProof::new(&leaves, position));
        proof.filter(|proof| proof.verify(&header.transactions_root, hash)).ok_or_else(|| {
            SdkError::Proof(
                "the node's list of the block's transactions is not that of its header".to_owned(),
            )
        })
    }
}

impl DomainClient {
    /// The state that decides about what a consensus block of the best chain stored; none when the node does not keep
    /// it any more.
    ///
    /// # Errors
    /// When the node cannot be reached, or its proofs do not hold.
    pub async fn as_of(&self, consensus: BlockNumber) -> Result<Option<DomainState<Self>>, SdkError> {
        match self.state(At::AsOf(consensus)).await {
            Ok(state) => Ok(Some(state)),
            Err(SdkError::Refused { kind, .. }) if kind == "HEIGHT_UNAVAILABLE" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The proof of a manifest that a transaction stored, while the node keeps the state that decides.
    ///
    /// # Errors
    /// When the transaction is in no block, the node cannot be reached or forgot that time, or the manifest does not
    /// hold.
    pub async fn attest(
        &self,
        stores: &SignedTransaction,
        sealed: &Sealed,
        content: &Content,
    ) -> Result<ProvenanceFile, SdkError> {
        let hash = stores.hash();
        let receipt = self.client().receipt(&hash).await?.filter(|receipt| receipt.block_hash.is_some());
        let missing = || SdkError::NotFound { what: "block with transaction", key: hash.to_string() };
        let mut state = self.state(At::AsOf(receipt.ok_or_else(missing)?.block)).await?;
        let header = state.anchor().ok_or_else(missing)?.header.clone();
        let proof = self.client().inclusion(&hash, &header).await?;
        let place = Place { transaction: stores.clone(), proof };
        ProvenanceFile::new(&mut state, sealed, content, &place).await
    }
}
