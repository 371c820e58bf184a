//! Parts of a domain's state as a node proves them.

use super::DomainClient;
use crate::SdkError;
use crate::client::answer::{Fields, natural};
use crate::client::follow::ASK_AGAIN;
use crate::client::hex_text;
use crate::proven::{Anchor, At, DomainState, Evidence, Prover, decoded};
use auto_core::{BlockNumber, DomainId, ExecutionReceipt, Hash};
use serde_json::json;
use std::time::Duration;

const PROOF: &str = "query($domain: Int!, $keys: [Bytes!]!, $block: Height, $vouched: Boolean!) { domain(number: $domain) { \
    proof(keys: $keys, block: $block, vouched: $vouched) { number blockHash stateRoot witness receipt \
    anchor { block header proof } } } }";
const PROOF_AS_OF: &str = "query($domain: Int!, $keys: [Bytes!]!, $height: Height!) { at(block: { height: $height }) { \
    domain(number: $domain) { proof(keys: $keys, vouched: true) { number blockHash stateRoot witness receipt \
    anchor { block header proof } } } } }";
const GENESIS: &str = "{ status { genesis } }";
const BLOCK_TIME: &str = "{ params { slotDurationMs slotProbability { numerator denominator } } }";

fn anchor(fields: &Fields<'_>) -> Result<Anchor, SdkError> {
    Ok(Anchor {
        header: decoded(&fields.bytes("header")?, "consensus header")?,
        witness: decoded(&fields.bytes("proof")?, "witness of the anchor")?,
    })
}

/// What a node proves, held to what it says beside it.
fn evidence(fields: &Fields<'_>) -> Result<Evidence, SdkError> {
    let receipt: ExecutionReceipt = decoded(&fields.bytes("receipt")?, "receipt")?;
    let stated = (natural(fields, "number")?, fields.hash("blockHash")?, fields.hash("stateRoot")?);
    if stated != (receipt.number.0, receipt.block_hash, receipt.final_state_root) {
        return Err(SdkError::Proof("the node says something else than its receipt".to_owned()));
    }
    let witness = decoded(&fields.bytes("witness")?, "witness")?;
    Ok(Evidence {
        receipt,
        anchor: fields.optional("anchor").map(|fields| anchor(&fields)).transpose()?,
        witness,
    })
}

impl Prover for DomainClient {
    fn domain(&self) -> DomainId {
        self.id()
    }

    async fn genesis(&self) -> Result<Hash, SdkError> {
        let data = self.client().query(GENESIS, json!({})).await?;
        self.client().fields(&data).at("status")?.hash("genesis")
    }

    async fn prove(&self, keys: &[Vec<u8>], at: At) -> Result<Evidence, SdkError> {
        let keys: Vec<String> = keys.iter().map(|key| hex_text(key)).collect();
        let block = match at {
            At::Block(number) => Some(number.0.to_string()),
            At::AsOf(height) => return self.prove_as_of(&keys, height).await,
            At::Newest | At::Vouched => None,
        };
        let variables = json!({ "keys": keys, "block": block, "vouched": at == At::Vouched });
        self.ask(PROOF, variables, "proof", |fields| evidence(&fields)).await
    }
}

impl DomainClient {
    async fn prove_as_of(&self, keys: &[String], height: BlockNumber) -> Result<Evidence, SdkError> {
        let variables = json!({ "domain": self.id().0, "keys": keys, "height": height.to_string() });
        let data = self.client().query(PROOF_AS_OF, variables).await?;
        let fields = self.client().fields(&data).at("at")?;
        let found = fields.optional("domain").ok_or_else(|| self.missing())?;
        let found = evidence(&found.at("proof")?)?;
        let anchor = found.anchor.as_ref().filter(|anchor| anchor.block() == height);
        let unanchored =
            || SdkError::Proof(format!("the node does not prove it as of consensus block {height}"));
        if anchor.ok_or_else(unanchored)?.is_newest(&found.receipt)? { Ok(found) } else { Err(unanchored()) }
    }

    /// The state of the domain after a block, read over proofs; see [`crate::proven`].
    ///
    /// # Errors
    /// When the node cannot be reached or does not have the block, or its proofs do not hold.
    pub async fn state(&self, at: At) -> Result<DomainState<Self>, SdkError> {
        DomainState::of(self.clone(), at).await
    }

    /// The newest state that the consensus chain holds, once that is at least the one of a block; waits for it at
    /// most for `timeout`.
    ///
    /// # Errors
    /// As [`DomainClient::state`], or the time is over.
    pub async fn vouched(
        &self,
        block: BlockNumber,
        timeout: Duration,
    ) -> Result<DomainState<Self>, SdkError> {
        let waiting = async {
            loop {
                let state = self.state(At::Vouched).await?;
                if state.number() >= block {
                    return Ok(state);
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
        };
        let what = format!("a receipt of block {block} of domain {} on the consensus chain", self.id());
        let late = |_| SdkError::Timeout { what, seconds: timeout.as_secs() };
        tokio::time::timeout(timeout, waiting).await.map_err(late)?
    }

    /// Milliseconds between two blocks that the chain aims at.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn block_time(&self) -> Result<u64, SdkError> {
        let data = self.client().query(BLOCK_TIME, json!({})).await?;
        let params = self.client().fields(&data).at("params")?;
        let (slot, share) = (natural(&params, "slotDurationMs")?, params.at("slotProbability")?);
        let (above, below) = (natural(&share, "numerator")?, natural(&share, "denominator")?);
        slot.checked_mul(below).and_then(|all| all.checked_div(above)).ok_or_else(|| share.bad("numerator"))
    }
}
