//! What is asked of a node, and how its answers are read.

use super::{is_dev, transaction_params};
use crate::SdkError;
use auto_core::{Address, Amount, BlockNumber, Hash, Nonce, ProtocolParams};
use serde::Serialize;
use serde_json::Value;

pub(super) const STATUS: &str = "{ status { version genesis paramsHash phase syncTarget slot historySize solutionRange \
    pledgedBytes byteFee nextByteFee issuance peers pool headAgeSeconds reorgs head { number hash } confirmed { number hash } } }";
pub(super) const CHAIN: &str = "query($address: Address!) { status { genesis paramsHash nextByteFee head { number } } \
    params { blockBytesMax existentialDeposit transactionFee callFee confirmationDepth } \
    account(address: $address) { balance nonce nextNonce } }";
pub(super) const ACCOUNT: &str =
    "query($address: Address!) { account(address: $address) { balance nonce nextNonce } }";
pub(super) const ACCOUNT_AT: &str = "query($address: Address!, $height: Height!) { at(block: { height: $height }) { \
    account(address: $address) { balance nonce nextNonce } } }";
pub(super) const PROOF: &str = "query($address: Address!) { account(address: $address) { balance nonce nextNonce \
    proof { number blockHash header proof } } }";
pub(super) const SIMULATE: &str =
    "query($bytes: Bytes!) { simulateTx(bytes: $bytes) { accepted fee code message } }";
pub(super) const SUBMIT: &str = "mutation($bytes: Bytes!) { submitTxAsync(bytes: $bytes) }";
pub(super) const TRANSACTION: &str =
    "query($hash: Hash!) { transaction(hash: $hash) { hash stage fee failure block { number hash } } }";
pub(super) const FOLLOW: &str = "subscription($bytes: Bytes!) { submitTx(bytes: $bytes) { hash stage code \
    transaction { hash stage fee failure block { number hash } } } }";
pub(super) const OBJECT: &str =
    "query($hash: Hash!) { object(hash: $hash) { hash sizeBytes storedAt archived piece offset } }";
pub(super) const FARMS: &str = "{ farms { path publicKey rewardAddress sizeBytes sectorCount sectors { state count } \
    sectorMap plotCentiMibPerSecond plotEtaSeconds nextExpiry blocksWon solutionsFound missed { slot reason } \
    audit { p50Ms p99Ms } prove { p50Ms p99Ms } } }";

/// How far a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// In the node's pool.
    Accepted,
    /// In a block of the best chain, and executed.
    InBlock,
    /// In a block below the confirmation depth.
    Confirmed,
}

/// The outcome of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Hash of the transaction.
    pub hash: Hash,
    /// How far it is.
    pub stage: Stage,
    /// Height of its block; zero before inclusion.
    pub block: BlockNumber,
    /// Hash of its block; none before inclusion.
    pub block_hash: Option<Hash>,
    /// What was paid; none before inclusion.
    pub fee: Option<Amount>,
    /// Code of the failure of its calls.
    pub failure: Option<String>,
}

/// An account as a node states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AccountInfo {
    /// Whose.
    pub address: Address,
    /// Money held.
    pub balance: Amount,
    /// Transactions sent and included.
    pub nonce: Nonce,
    /// The nonce of the next transaction: behind those that wait in the node's pool, too.
    pub next_nonce: Nonce,
}

/// What transactions need to know of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainInfo {
    /// Hash of the genesis block.
    pub genesis: Hash,
    /// Height of the best block.
    pub head: BlockNumber,
    /// Price of a byte in the next block.
    pub next_byte_fee: Amount,
    /// Whether this is a development network.
    pub is_dev: bool,
    /// Parameters, right in block size, fees, deposit and confirmation depth; the rest are those of the
    /// development network.
    pub params: ProtocolParams,
}

/// Where an object is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectInfo {
    /// Content hash.
    pub hash: Hash,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Height of the block that stored it first.
    pub stored_at: BlockNumber,
    /// Whether it is in the archived history.
    pub archived: bool,
    /// The source piece in which it starts, once archived.
    pub piece: Option<u64>,
    /// Offset in bytes inside that piece's raw record, once archived.
    pub offset: Option<u64>,
}

/// A node at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusInfo {
    /// Version of the node's program.
    pub version: String,
    /// Hash of the genesis block.
    pub genesis: Hash,
    /// Hash of the parameters.
    pub params_hash: Hash,
    /// Whether this is a development network.
    pub is_dev: bool,
    /// What it is doing.
    pub phase: String,
    /// Height to reach while syncing.
    pub sync_target: Option<u64>,
    /// Height of the best block.
    pub head: BlockNumber,
    /// Its hash.
    pub head_hash: Hash,
    /// Height of the last block below the confirmation depth.
    pub confirmed: BlockNumber,
    /// Last proven slot.
    pub slot: u64,
    /// Segments of the archived history.
    pub history_segments: u64,
    /// Space that farmers pledge, in bytes.
    pub pledged_bytes: u64,
    /// Price of a byte in the next block.
    pub next_byte_fee: Amount,
    /// All money there is.
    pub issuance: Amount,
    /// Peers connected.
    pub peers: u64,
    /// Transactions that wait.
    pub pool: u64,
    /// Seconds since the best block was imported.
    pub head_age_s: u64,
    /// Blocks reverted since the node started.
    pub reorgs: u64,
}

/// A value of an answer, read field by field.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) url: &'a str,
    pub(super) value: &'a Value,
}

/// A natural number, which travels as a string or as an integer.
pub(super) fn natural(fields: &Fields<'_>, name: &str) -> Result<u64, SdkError> {
    let value = fields.at(name)?.value;
    let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    number.ok_or_else(|| fields.bad(name))
}

impl<'a> Fields<'a> {
    pub(super) fn bad(&self, name: &str) -> SdkError {
        SdkError::BadAnswer { url: self.url.to_owned(), reason: format!("`{name}` is missing or malformed") }
    }

    pub(super) fn at(&self, name: &str) -> Result<Self, SdkError> {
        let value = self.value.get(name).ok_or_else(|| self.bad(name))?;
        Ok(Self { url: self.url, value })
    }

    pub(super) fn optional(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Self { url: self.url, value })
    }

    pub(super) fn list(&self, name: &str) -> Result<Vec<Self>, SdkError> {
        let values = self.at(name)?.value.as_array().ok_or_else(|| self.bad(name))?;
        Ok(values.iter().map(|value| Self { url: self.url, value }).collect())
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, SdkError> {
        self.at(name)?.value.as_str().ok_or_else(|| self.bad(name))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<bool, SdkError> {
        self.at(name)?.value.as_bool().ok_or_else(|| self.bad(name))
    }

    pub(super) fn hash(&self, name: &str) -> Result<Hash, SdkError> {
        self.text(name)?.parse().map_err(|_| self.bad(name))
    }

    /// Money, which travels in base units.
    pub(super) fn amount(&self, name: &str) -> Result<Amount, SdkError> {
        let units = self.text(name)?.parse().map_err(|_| self.bad(name))?;
        Ok(Amount::from_base_units(units))
    }

    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, SdkError> {
        let text = self.text(name)?;
        hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(|_| self.bad(name))
    }

    pub(super) fn account(&self, address: Address) -> Result<AccountInfo, SdkError> {
        Ok(AccountInfo {
            address,
            balance: self.amount("balance")?,
            nonce: Nonce(natural(self, "nonce")?),
            next_nonce: Nonce(natural(self, "nextNonce")?),
        })
    }

    pub(super) fn chain(&self) -> Result<ChainInfo, SdkError> {
        let status = self.at("status")?;
        Ok(ChainInfo {
            genesis: status.hash("genesis")?,
            head: BlockNumber(natural(&status.at("head")?, "number")?),
            next_byte_fee: status.amount("nextByteFee")?,
            is_dev: is_dev(&status.hash("paramsHash")?),
            params: transaction_params(&self.at("params")?)?,
        })
    }

    pub(super) fn status(&self) -> Result<StatusInfo, SdkError> {
        let params_hash = self.hash("paramsHash")?;
        Ok(StatusInfo {
            version: self.text("version")?.to_owned(),
            genesis: self.hash("genesis")?,
            params_hash,
            is_dev: is_dev(&params_hash),
            phase: self.text("phase")?.to_lowercase(),
            sync_target: self.optional("syncTarget").map(|_| natural(self, "syncTarget")).transpose()?,
            head: BlockNumber(natural(&self.at("head")?, "number")?),
            head_hash: self.at("head")?.hash("hash")?,
            confirmed: BlockNumber(natural(&self.at("confirmed")?, "number")?),
            slot: natural(self, "slot")?,
            history_segments: natural(self, "historySize")?,
            pledged_bytes: natural(self, "pledgedBytes")?,
            next_byte_fee: self.amount("nextByteFee")?,
            issuance: self.amount("issuance")?,
            peers: natural(self, "peers")?,
            pool: natural(self, "pool")?,
            head_age_s: natural(self, "headAgeSeconds")?,
            reorgs: natural(self, "reorgs")?,
        })
    }

    pub(super) fn object(&self) -> Result<ObjectInfo, SdkError> {
        let optional = |name: &str| self.optional(name).map(|_| natural(self, name)).transpose();
        Ok(ObjectInfo {
            hash: self.hash("hash")?,
            size_bytes: natural(self, "sizeBytes")?,
            stored_at: BlockNumber(natural(self, "storedAt")?),
            archived: self.boolean("archived")?,
            piece: optional("piece")?,
            offset: optional("offset")?,
        })
    }

    /// A stage by its name; `None` for a dropped transaction.
    pub(super) fn stage(&self) -> Result<Option<Stage>, SdkError> {
        match self.text("stage")? {
            "ACCEPTED" => Ok(Some(Stage::Accepted)),
            "IN_BLOCK" => Ok(Some(Stage::InBlock)),
            "CONFIRMED" => Ok(Some(Stage::Confirmed)),
            "DROPPED" => Ok(None),
            _ => Err(self.bad("stage")),
        }
    }

    pub(super) fn receipt(&self) -> Result<Receipt, SdkError> {
        let hash = self.hash("hash")?;
        let dropped = || SdkError::Dropped { hash, reason: "the node does not say why".to_owned() };
        let block = self.optional("block");
        Ok(Receipt {
            hash,
            stage: self.stage()?.ok_or_else(dropped)?,
            block: BlockNumber(block.map(|block| natural(&block, "number")).transpose()?.unwrap_or(0)),
            block_hash: block.map(|block| block.hash("hash")).transpose()?,
            fee: self.optional("fee").map(|_| self.amount("fee")).transpose()?,
            failure: self.optional("failure").and_then(|field| field.value.as_str()).map(str::to_owned),
        })
    }
}
