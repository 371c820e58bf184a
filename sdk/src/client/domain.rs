//! Domains, operators and positions as a node states them.

use super::Client;
use super::answer::{Fields, natural};
use crate::SdkError;
use auto_core::{Address, Amount, BlockNumber, DomainId, OperatorId};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// Rows of a page: what a node gives at most.
const ROWS: u32 = 100;
/// Pages that are read at most: more domains or operators than a chain can have.
const PAGES_MAX: u32 = 64;

const DOMAINS: &str = "query($rows: Int!, $after: String) { domains(first: $rows, after: $after) { \
    nodes { number name runtime frozen head headReceipt confirmed balance operatorCount epoch { number total } } \
    pageInfo { hasNextPage endCursor } } }";
const OPERATORS: &str = "query($domain: Int!, $rows: Int!, $after: String) { \
    operators(domain: $domain, first: $rows, after: $after) { nodes { \
    number domain { number name } owner { address } key status nominationMin taxPercent stake staked epochStake \
    shares storageFund nominatorCount lastSlot lastReceipt bundlesInEpoch } pageInfo { hasNextPage endCursor } } }";
const OPERATOR: &str = "query($number: UInt64!) { operator(number: $number) { \
    number domain { number name } owner { address } key status nominationMin taxPercent stake staked epochStake \
    shares storageFund nominatorCount lastSlot lastReceipt bundlesInEpoch } }";
const POSITIONS: &str = "query($address: Address!) { positions(address: $address) { operator { number } \
    domain { number name } status isOwner shares stake fund joining confirmed explanation \
    withdrawals { amount lockedUntil isFree } } }";

/// The stake of a domain's epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EpochInfo {
    /// Its number.
    pub number: u64,
    /// Stake of all operators that take part.
    pub total: Amount,
}

/// A domain as a node states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DomainInfo {
    /// Its number.
    pub domain: DomainId,
    /// Its name.
    pub name: String,
    /// Name of its runtime.
    pub runtime: String,
    /// Whether it takes no bundles.
    pub frozen: bool,
    /// Height of its newest block.
    pub head: BlockNumber,
    /// Height of its newest block whose receipt is known.
    pub head_receipt: BlockNumber,
    /// Height of its newest confirmed block.
    pub confirmed: BlockNumber,
    /// What is held there, as confirmed.
    pub balance: Amount,
    /// Operators that did not end.
    pub operators: u64,
    /// Its epoch.
    pub epoch: EpochInfo,
}

/// Shares of a pool: far more than JSON's numbers hold, so they travel as text.
fn shares_text<S: Serializer>(shares: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(shares)
}

/// An operator as a node states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperatorInfo {
    /// Its number.
    pub operator: OperatorId,
    /// The domain that it operates.
    pub domain: DomainId,
    /// Name of that domain.
    pub domain_name: String,
    /// Who owns it.
    pub owner: Address,
    /// Its public key in hex.
    pub key: String,
    /// What became of it, such as `REGISTERED`.
    pub status: String,
    /// The least that others may add.
    pub nomination_min: Amount,
    /// Its share of the nominators' rewards in percent.
    pub tax_percent: u64,
    /// Stake of its pool.
    pub stake: Amount,
    /// All that is staked with it, deposits of the epoch included.
    pub staked: Amount,
    /// Its stake in the epoch of its domain; none when it takes no part.
    pub epoch_stake: Option<Amount>,
    /// Shares of its pool.
    #[serde(serialize_with = "shares_text")]
    pub shares: u128,
    /// What is left for the bytes of its bundles.
    pub storage_fund: Amount,
    /// Number of its nominators, the owner included.
    pub nominators: u64,
    /// The highest slot that it claimed in an earlier block.
    pub last_slot: Option<u64>,
    /// The highest domain block that it vouched for.
    pub last_receipt: Option<u64>,
    /// Its bundles in this epoch.
    pub bundles_in_epoch: u64,
}

/// Something that an account took out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WithdrawalInfo {
    /// How much.
    pub amount: Amount,
    /// Height of the domain that must be confirmed first; none while the shares have not left.
    pub locked_until: Option<u64>,
    /// Whether it can be unlocked now.
    pub is_free: bool,
}

/// What an account has with an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PositionInfo {
    /// The operator.
    pub operator: OperatorId,
    /// The domain that it operates.
    pub domain: DomainId,
    /// Name of that domain.
    pub domain_name: String,
    /// What became of the operator.
    pub status: String,
    /// Whether the account owns it.
    pub is_owner: bool,
    /// Shares of the pool.
    #[serde(serialize_with = "shares_text")]
    pub shares: u128,
    /// What they are worth.
    pub stake: Amount,
    /// Worth of the account's part of the storage fund.
    pub fund: Amount,
    /// What becomes shares when the epoch ends.
    pub joining: Amount,
    /// What was taken out and not unlocked.
    pub withdrawals: Vec<WithdrawalInfo>,
    /// The newest confirmed height of the domain.
    pub confirmed: BlockNumber,
    /// All of it in sentences.
    pub explanation: Vec<String>,
}

fn number32(fields: &Fields<'_>, name: &str) -> Result<u32, SdkError> {
    u32::try_from(natural(fields, name)?).map_err(|_| fields.bad(name))
}

fn shares(fields: &Fields<'_>) -> Result<u128, SdkError> {
    fields.text("shares")?.parse().map_err(|_| fields.bad("shares"))
}

fn optional(fields: &Fields<'_>, name: &str) -> Result<Option<u64>, SdkError> {
    fields.optional(name).map(|_| natural(fields, name)).transpose()
}

fn address(fields: &Fields<'_>, name: &str) -> Result<Address, SdkError> {
    fields.text(name)?.parse().map_err(|_| fields.bad(name))
}

fn domain(fields: &Fields<'_>) -> Result<DomainInfo, SdkError> {
    let epoch = fields.at("epoch")?;
    Ok(DomainInfo {
        domain: DomainId(number32(fields, "number")?),
        name: fields.text("name")?.to_owned(),
        runtime: fields.text("runtime")?.to_owned(),
        frozen: fields.boolean("frozen")?,
        head: BlockNumber(natural(fields, "head")?),
        head_receipt: BlockNumber(natural(fields, "headReceipt")?),
        confirmed: BlockNumber(natural(fields, "confirmed")?),
        balance: fields.amount("balance")?,
        operators: natural(fields, "operatorCount")?,
        epoch: EpochInfo { number: natural(&epoch, "number")?, total: epoch.amount("total")? },
    })
}

fn operator(fields: &Fields<'_>) -> Result<OperatorInfo, SdkError> {
    let domain = fields.at("domain")?;
    Ok(OperatorInfo {
        operator: OperatorId(natural(fields, "number")?),
        domain: DomainId(number32(&domain, "number")?),
        domain_name: domain.text("name")?.to_owned(),
        owner: address(&fields.at("owner")?, "address")?,
        key: fields.text("key")?.trim_start_matches("0x").to_owned(),
        status: fields.text("status")?.to_owned(),
        nomination_min: fields.amount("nominationMin")?,
        tax_percent: natural(fields, "taxPercent")?,
        stake: fields.amount("stake")?,
        staked: fields.amount("staked")?,
        epoch_stake: fields.optional("epochStake").map(|_| fields.amount("epochStake")).transpose()?,
        shares: shares(fields)?,
        storage_fund: fields.amount("storageFund")?,
        nominators: natural(fields, "nominatorCount")?,
        last_slot: optional(fields, "lastSlot")?,
        last_receipt: optional(fields, "lastReceipt")?,
        bundles_in_epoch: natural(fields, "bundlesInEpoch")?,
    })
}

fn position(fields: &Fields<'_>) -> Result<PositionInfo, SdkError> {
    let domain = fields.at("domain")?;
    let explanation = fields.list("explanation")?;
    let withdrawal = |fields: &Fields<'_>| {
        Ok(WithdrawalInfo {
            amount: fields.amount("amount")?,
            locked_until: optional(fields, "lockedUntil")?,
            is_free: fields.boolean("isFree")?,
        })
    };
    Ok(PositionInfo {
        operator: OperatorId(natural(&fields.at("operator")?, "number")?),
        domain: DomainId(number32(&domain, "number")?),
        domain_name: domain.text("name")?.to_owned(),
        status: fields.text("status")?.to_owned(),
        is_owner: fields.boolean("isOwner")?,
        shares: shares(fields)?,
        stake: fields.amount("stake")?,
        fund: fields.amount("fund")?,
        joining: fields.amount("joining")?,
        withdrawals: fields.list("withdrawals")?.iter().map(withdrawal).collect::<Result<_, SdkError>>()?,
        confirmed: BlockNumber(natural(fields, "confirmed")?),
        explanation: explanation.iter().filter_map(|line| line.value.as_str()).map(str::to_owned).collect(),
    })
}

impl Client {
    /// Every row of a connection.
    async fn rows<T>(
        &self,
        document: &str,
        mut variables: Value,
        name: &str,
        read: impl Fn(&Fields<'_>) -> Result<T, SdkError>,
    ) -> Result<Vec<T>, SdkError> {
        variables["rows"] = json!(ROWS);
        let mut rows = Vec::new();
        for _ in 0..PAGES_MAX {
            let data = self.query(document, variables.clone()).await?;
            let page = self.fields(&data).at(name)?;
            for node in page.list("nodes")? {
                rows.push(read(&node)?);
            }
            let info = page.at("pageInfo")?;
            if !info.boolean("hasNextPage")? {
                break;
            }
            variables["after"] = json!(info.text("endCursor")?);
        }
        Ok(rows)
    }

    /// The domains, by number.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn domains(&self) -> Result<Vec<DomainInfo>, SdkError> {
        self.rows(DOMAINS, json!({}), "domains", domain).await
    }

    /// The operators of a domain that did not end, by number.
    ///
    /// # Errors
    /// When the node cannot be reached, or there is no such domain.
    pub async fn operators(&self, domain: DomainId) -> Result<Vec<OperatorInfo>, SdkError> {
        self.rows(OPERATORS, json!({ "domain": domain.0 }), "operators", operator).await
    }

    /// An operator.
    ///
    /// # Errors
    /// When the node cannot be reached, or there is no such operator.
    pub async fn operator(&self, id: OperatorId) -> Result<OperatorInfo, SdkError> {
        let data = self.query(OPERATOR, json!({ "number": id.to_string() })).await?;
        match data.get("operator") {
            None | Some(Value::Null) => Err(SdkError::NotFound { what: "operator", key: id.to_string() }),
            Some(value) => operator(&self.fields(value)),
        }
    }

    /// What an account has with operators, by operator.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn positions(&self, address: &Address) -> Result<Vec<PositionInfo>, SdkError> {
        let data = self.query(POSITIONS, json!({ "address": address.to_string() })).await?;
        self.fields(&data).list("positions")?.iter().map(position).collect()
    }
}
