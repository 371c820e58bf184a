//! What a node's index finds. It is for finding only: whoever relies on it reads the same over proofs.

use super::DomainClient;
use crate::SdkError;
use crate::client::answer::Fields;
use crate::proven::decoded;
use auto_agents::Entry;
use auto_core::Amount;
use autoid_core::{AutoId, Did, GrantId};
use serde_json::{Value, json};

const HELD: &str = "query($of: GrantsBy!, $after: String, $domain: Int!) { \
    found: grants(of: $of, first: 100, after: $after, domain: $domain) { edges { node { id } } \
    pageInfo { hasNextPage endCursor } } }";
const ENTRIES: &str = "query($agent: String!, $after: String, $domain: Int!) { \
    found: agentEntries(agent: $agent, first: 100, after: $after, domain: $domain) { edges { node { bytes } } \
    pageInfo { hasNextPage endCursor } } }";
const AGENTS: &str = "query($filter: AgentFilter!, $first: Int!, $domain: Int!) { \
    found: agents(filter: $filter, first: $first, domain: $domain) { edges { node { did } } \
    pageInfo { hasNextPage endCursor } } }";

/// Most pages that are asked for: a million rows of a hundred each.
const PAGES_MAX: usize = 10_000;

/// Which agents are wanted; all of it must hold. They come live ones first, then by stake, then by age.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Names of skills, or tags, each of which it must have.
    pub skills: Vec<String>,
    /// Words of its purpose, its skills or its tags.
    pub text: String,
    /// Who answers for it.
    pub owner: Option<AutoId>,
    /// The most that a call may cost.
    pub price_max: Option<Amount>,
    /// The least stake.
    pub stake_min: Option<Amount>,
    /// Also those whose time to live is over, or that are not active.
    pub include_expired: bool,
}

impl DomainClient {
    /// Every row of a list, page after page.
    async fn rows<T>(
        &self,
        document: &str,
        mut variables: Value,
        read: impl Fn(&Fields<'_>) -> Result<T, SdkError>,
    ) -> Result<Vec<T>, SdkError> {
        variables["domain"] = json!(self.id().0);
        let mut rows = Vec::new();
        for _ in 0..PAGES_MAX {
            let data = self.client().query(document, variables.clone()).await?;
            let fields = self.client().fields(&data);
            let found = fields.at("found")?;
            for edge in found.list("edges")? {
                rows.push(read(&edge.at("node")?)?);
            }
            let page = found.at("pageInfo")?;
            if !page.boolean("hasNextPage")? {
                return Ok(rows);
            }
            let next = json!(page.text("endCursor")?);
            if variables["after"] == next {
                return Err(page.bad("endCursor"));
            }
            variables["after"] = next;
        }
        Err(SdkError::TooLarge)
    }

    /// The stored grants that an identity holds, the oldest first, also those that are over.
    ///
    /// # Errors
    /// When the node cannot be reached, or keeps no index.
    pub async fn holdings(&self, holder: &AutoId) -> Result<Vec<GrantId>, SdkError> {
        let variables = json!({ "of": { "holder": holder.to_string() } });
        let read = |node: &Fields<'_>| node.text("id")?.parse().map_err(|_| node.bad("id"));
        self.rows(HELD, variables, read).await
    }

    /// The log of an identity from its first entry on, as the node's index has it.
    ///
    /// # Errors
    /// When the node cannot be reached, or keeps no index.
    pub async fn entries(&self, agent: &AutoId) -> Result<Vec<Entry>, SdkError> {
        let variables = json!({ "agent": agent.to_string() });
        self.rows(ENTRIES, variables, |node| decoded(&node.bytes("bytes")?, "entry")).await
    }

    /// Agents that fit, at most `first` and 100.
    ///
    /// # Errors
    /// When the node cannot be reached, or keeps no index.
    pub async fn agents(&self, wanted: &Wanted, first: u32) -> Result<Vec<AutoId>, SdkError> {
        let units = |amount: Amount| amount.base_units().to_string();
        let variables = json!({
            "domain": self.id().0,
            "first": first.min(100),
            "filter": {
                "capabilities": wanted.skills,
                "text": wanted.text,
                "owner": wanted.owner.map(|owner| owner.to_string()),
                "priceMax": wanted.price_max.map(units),
                "stakeMin": wanted.stake_min.map(units),
                "includeExpired": wanted.include_expired,
            },
        });
        let data = self.client().query(AGENTS, variables).await?;
        let fields = self.client().fields(&data);
        let found = fields.at("found")?.list("edges")?;
        let id = |edge: &Fields<'_>| {
            let node = edge.at("node")?;
            node.text("did")?.parse::<Did>().map(|did| did.id).map_err(|_| node.bad("did"))
        };
        found.iter().map(id).collect()
    }
}
