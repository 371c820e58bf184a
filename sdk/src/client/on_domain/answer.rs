//! What is asked of a node about a domain, and how its answers are read.

use crate::SdkError;
use crate::client::answer::{Fields, natural};
use crate::client::delivery::{self, MessageId};
use auto_core::{Address, Amount, BlockNumber, DomainId, Hash, Nonce};
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) const ACCOUNT: &str = "query($domain: Int!, $address: Address!) { domain(number: $domain) { \
    account(address: $address) { domain { number name } number balance nonce nextNonce } } }";
pub(super) const QUOTE: &str = "query($domain: Int!, $signer: Address!, $calls: [CallInput!]!) { \
    domain(number: $domain) { quote(signer: $signer, calls: $calls) { genesis balance nonce expiry weight fee \
    feeLimit } } }";
pub(super) const TRANSACTION: &str = "query($domain: Int!, $hash: Hash!) { domain(number: $domain) { \
    transaction(hash: $hash) { hash stage outcome fee blockNumber position failure { call code message } \
    events { moduleName name fields { name value } } } } }";
pub(super) const FOLLOW: &str = "subscription($bytes: Bytes!) { submitDomainTx(bytes: $bytes) { hash stage code \
    transaction { hash stage outcome fee blockNumber position failure { call code message } \
    events { moduleName name fields { name value } } } } }";

/// How far a transaction of a domain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DomainStage {
    /// In the pool, or in a bundle on its way.
    Accepted,
    /// A consensus block holds it.
    InBlock,
    /// It ran on the domain.
    Executed,
    /// The result of its block can no longer be challenged.
    Confirmed,
}

/// How a transaction of a domain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// It took effect.
    Applied,
    /// A call failed: fee and nonce stay, nothing else does.
    Failed,
    /// It changed nothing at all, and took no fee.
    Skipped,
}

/// Why a transaction of a domain had no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DomainFailure {
    /// Position of the call that failed; none where no call ran.
    pub call: Option<u64>,
    /// Code of the reason.
    pub code: String,
    /// The reason in one sentence, where it is kept.
    pub message: Option<String>,
}

/// Something that happened in a module of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventInfo {
    /// Name of the module; none when the node does not know it.
    pub module: Option<String>,
    /// What happened, such as `Transferred`.
    pub name: String,
    /// Details by name; money is in base units.
    pub fields: BTreeMap<String, String>,
}

/// The outcome of a transaction of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DomainReceipt {
    /// Its hash on the domain.
    pub hash: Hash,
    /// How far it is.
    pub stage: DomainStage,
    /// How it ended; none before it ran.
    pub outcome: Option<Outcome>,
    /// Why it had no effect.
    pub failure: Option<DomainFailure>,
    /// Height of its block of the domain; zero before it ran.
    pub block: BlockNumber,
    /// Position in that block.
    pub position: Option<u64>,
    /// What its signer paid; none before it ran.
    pub fee: Option<Amount>,
    /// What happened while it ran.
    pub events: Vec<EventInfo>,
}

impl DomainReceipt {
    /// The message to another chain that it sent; `None` when it sent none, or did not run.
    #[must_use]
    pub fn message(&self, domain: DomainId) -> Option<MessageId> {
        delivery::sent(domain, &self.events)
    }
}

/// An account on a domain as a node states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DomainAccountInfo {
    /// The domain.
    pub domain: DomainId,
    /// Name of that domain.
    pub domain_name: String,
    /// Whose.
    pub address: Address,
    /// Height of the domain that it was read at.
    pub number: BlockNumber,
    /// Money held there.
    pub balance: Amount,
    /// Transactions sent there.
    pub nonce: Nonce,
    /// The nonce of the next transaction: behind those that wait in the node's pool, too.
    pub next_nonce: Nonce,
}

/// What signing a transaction of a domain takes, and what it would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Hash of the genesis block, which the signature covers.
    pub genesis: Hash,
    /// What the signer holds on the domain.
    pub balance: Amount,
    /// The nonce to sign with.
    pub nonce: Nonce,
    /// The last consensus block that may include it.
    pub expiry: BlockNumber,
    /// Weight of the calls and of what every transaction takes.
    pub weight: u64,
    /// The fee at the price of the next block.
    pub fee: Amount,
    /// A fee limit that leaves the price of a byte room to rise.
    pub fee_limit: Amount,
}

pub(super) fn account(fields: &Fields<'_>, address: Address) -> Result<DomainAccountInfo, SdkError> {
    let domain = fields.at("domain")?;
    let number = u32::try_from(natural(&domain, "number")?).map_err(|_| fields.bad("domain"))?;
    Ok(DomainAccountInfo {
        domain: DomainId(number),
        domain_name: domain.text("name")?.to_owned(),
        address,
        number: BlockNumber(natural(fields, "number")?),
        balance: fields.amount("balance")?,
        nonce: Nonce(natural(fields, "nonce")?),
        next_nonce: Nonce(natural(fields, "nextNonce")?),
    })
}

pub(super) fn quote(fields: &Fields<'_>) -> Result<Quote, SdkError> {
    Ok(Quote {
        genesis: fields.hash("genesis")?,
        balance: fields.amount("balance")?,
        nonce: Nonce(natural(fields, "nonce")?),
        expiry: BlockNumber(natural(fields, "expiry")?),
        weight: natural(fields, "weight")?,
        fee: fields.amount("fee")?,
        fee_limit: fields.amount("feeLimit")?,
    })
}

/// A stage by its name; `None` for a dropped transaction.
pub(super) fn stage(fields: &Fields<'_>) -> Result<Option<DomainStage>, SdkError> {
    match fields.text("stage")? {
        "ACCEPTED" => Ok(Some(DomainStage::Accepted)),
        "IN_BLOCK" => Ok(Some(DomainStage::InBlock)),
        "EXECUTED" => Ok(Some(DomainStage::Executed)),
        "CONFIRMED" => Ok(Some(DomainStage::Confirmed)),
        "DROPPED" => Ok(None),
        _ => Err(fields.bad("stage")),
    }
}

fn outcome(fields: &Fields<'_>) -> Result<Option<Outcome>, SdkError> {
    match fields.optional("outcome").and_then(|field| field.value.as_str()) {
        None => Ok(None),
        Some("APPLIED") => Ok(Some(Outcome::Applied)),
        Some("FAILED") => Ok(Some(Outcome::Failed)),
        Some("SKIPPED") => Ok(Some(Outcome::Skipped)),
        Some(_) => Err(fields.bad("outcome")),
    }
}

fn failure(fields: &Fields<'_>) -> Result<Option<DomainFailure>, SdkError> {
    let Some(failure) = fields.optional("failure") else { return Ok(None) };
    Ok(Some(DomainFailure {
        call: failure.optional("call").map(|_| natural(&failure, "call")).transpose()?,
        code: failure.text("code")?.to_owned(),
        message: failure.optional("message").and_then(|field| field.value.as_str()).map(str::to_owned),
    }))
}

/// Something that happened, on a domain or on the consensus chain.
pub(in crate::client) fn event(fields: &Fields<'_>) -> Result<EventInfo, SdkError> {
    let pair = |field: &Fields<'_>| Ok((field.text("name")?.to_owned(), field.text("value")?.to_owned()));
    Ok(EventInfo {
        module: fields.optional("moduleName").and_then(|name| name.value.as_str()).map(str::to_owned),
        name: fields.text("name")?.to_owned(),
        fields: fields.list("fields")?.iter().map(pair).collect::<Result<_, SdkError>>()?,
    })
}

/// What a node says of a transaction.
pub(super) fn receipt(fields: &Fields<'_>) -> Result<DomainReceipt, SdkError> {
    let hash = fields.hash("hash")?;
    let failure = failure(fields)?;
    let dropped = || {
        let why = failure.as_ref().map(|failure| failure.code.clone());
        SdkError::Dropped { hash, reason: why.unwrap_or_else(|| "the node does not say why".to_owned()) }
    };
    let optional = |name: &str| fields.optional(name).map(|_| natural(fields, name)).transpose();
    Ok(DomainReceipt {
        hash,
        stage: stage(fields)?.ok_or_else(dropped)?,
        outcome: outcome(fields)?,
        block: BlockNumber(optional("blockNumber")?.unwrap_or(0)),
        position: optional("position")?,
        fee: fields.optional("fee").map(|_| fields.amount("fee")).transpose()?,
        events: fields.list("events")?.iter().map(event).collect::<Result<_, _>>()?,
        failure,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answer() -> Value {
        json!({
            "hash": "00".repeat(32), "stage": "EXECUTED", "outcome": "FAILED", "fee": "40",
            "blockNumber": "7", "position": 2,
            "failure": { "call": 0, "code": "BNK-0005", "message": "too little" },
            "events": [{ "moduleName": "bank", "name": "Transferred", "fields": [{ "name": "amount", "value": "5" }] }],
        })
    }

    #[test]
    fn a_receipt_keeps_what_the_node_says() {
        let value = answer();
        let read = receipt(&Fields { url: "", value: &value }).expect("whole");
        assert_eq!((read.stage, read.outcome), (DomainStage::Executed, Some(Outcome::Failed)));
        assert_eq!((read.block, read.position), (BlockNumber(7), Some(2)));
        assert_eq!(read.failure.expect("failed").code, "BNK-0005");
        assert_eq!(read.events[0].fields["amount"], "5");
    }

    #[test]
    fn a_dropped_transaction_is_an_error_with_its_reason() {
        let mut value = answer();
        value["stage"] = json!("DROPPED");
        let dropped = receipt(&Fields { url: "", value: &value });
        assert!(matches!(dropped, Err(SdkError::Dropped { reason, .. }) if reason == "BNK-0005"));
    }

    #[test]
    fn answers_that_are_not_whole_are_refused() {
        for (name, wrong) in [
            ("stage", json!("LATER")),
            ("outcome", json!("SO_SO")),
            ("hash", json!("xy")),
            ("fee", json!("-1")),
            ("events", json!(null)),
            ("blockNumber", json!("x")),
        ] {
            let mut value = answer();
            value[name] = wrong;
            let read = receipt(&Fields { url: "", value: &value });
            assert!(matches!(read, Err(SdkError::BadAnswer { .. })), "{name}");
        }
    }
}
