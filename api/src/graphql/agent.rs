//! Agents: what they say about themselves, and what they did.

pub(super) mod entry;
mod profile;

use self::entry::{AgentLog, LogEntry};
use self::profile::{AgentInterface, AgentPrice, AgentSkill, DataPolicy};
use super::find;
use super::identity::Identity;
use super::page::PageArgs;
use super::scalar::{AddressText, AmountText, HashText, Height, Natural};
use super::{cost, fail};
use crate::realm::Realm;
use async_graphql::connection::Connection;
use async_graphql::{Context, InputObject, Object, Result};
use auto_agents::AgentRecord;
use auto_core::BlockNumber;
use auto_index::AgentQuery;
use autoid_core::AutoId;
use std::sync::Arc;

/// Which agents are wanted; all of it must hold.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct AgentFilter {
    /// Names of skills, or tags, each of which it must have; at most 8.
    #[graphql(default)]
    capabilities: Vec<String>,
    /// Words of its purpose, its skills or its tags; at most 8.
    #[graphql(default)]
    text: String,
    /// Who answers for it, as its record says: a DID, or the last part of one.
    owner: Option<String>,
    /// The most that a call may cost; an agent without a price costs nothing.
    price_max: Option<AmountText>,
    /// The least stake.
    stake_min: Option<AmountText>,
    /// Also those whose time to live is over, or that are not active.
    #[graphql(default)]
    include_expired: bool,
}

impl AgentFilter {
    /// The question to the index.
    pub(super) fn query(self, realm: &Realm) -> Result<AgentQuery> {
        let owner = self.owner.map(|owner| realm.id_of(&owner)).transpose().map_err(fail)?;
        Ok(AgentQuery {
            capabilities: self.capabilities,
            text: self.text,
            owner,
            price_max: self.price_max.map(|amount| amount.0),
            stake_min: self.stake_min.map(|amount| amount.0),
            include_expired: self.include_expired,
        })
    }
}

/// An agent, as of the height of the request.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    realm: Arc<Realm>,
    record: AgentRecord,
}

impl Agent {
    /// The agent of an identity; `None` when it is not registered.
    pub(crate) fn of(realm: &Arc<Realm>, id: &AutoId) -> Result<Option<Self>> {
        let record = realm.agent(id).map_err(fail)?;
        Ok(record.map(|record| Self { realm: Arc::clone(realm), record }))
    }

    /// An agent that was found.
    pub(super) fn found(realm: &Arc<Realm>, record: AgentRecord) -> Self {
        Self { realm: Arc::clone(realm), record }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What an agent says about itself, signed by those who control it, as of the height of the request.
#[Object]
impl Agent {
    /// Its DID.
    async fn did(&self) -> String {
        self.realm.did(&self.record.id)
    }

    /// Its identity.
    async fn identity(&self) -> Result<Option<Identity>> {
        Identity::of(&self.realm, &self.record.id)
    }

    /// Who answers for it, as its record says.
    async fn owner(&self) -> Result<Option<Identity>> {
        Identity::of(&self.realm, &self.record.profile.owner)
    }

    /// What it is for.
    async fn purpose(&self) -> String {
        text(&self.record.profile.purpose)
    }

    /// Hash of its model's manifest.
    async fn model(&self) -> Option<HashText> {
        self.record.profile.model.map(HashText::from)
    }

    /// What it can do.
    async fn skills(&self) -> Vec<AgentSkill> {
        self.record.profile.skills.iter().map(AgentSkill::from).collect()
    }

    /// Where it is reached.
    async fn interfaces(&self) -> Vec<AgentInterface> {
        self.record.profile.interfaces.iter().map(AgentInterface::from).collect()
    }

    /// What a call costs.
    async fn price(&self) -> Option<AgentPrice> {
        self.record.profile.price.as_ref().map(AgentPrice::from)
    }

    /// The assets that it takes payments in.
    async fn accepts(&self) -> Vec<String> {
        self.record.profile.accepts.iter().map(ToString::to_string).collect()
    }

    /// What is held as its stake.
    async fn stake(&self) -> AmountText {
        self.record.profile.stake.into()
    }

    /// What is held for its record.
    async fn deposit(&self) -> AmountText {
        self.record.deposit.into()
    }

    /// Who gets stake and deposit back.
    async fn payer(&self) -> AddressText {
        AddressText(self.record.payer)
    }

    /// The last block of the domain in which searches find it.
    async fn live_until(&self) -> Natural {
        Natural(self.record.profile.live_until)
    }

    /// Whether searches find it at this height: its time to live is not over.
    async fn live(&self) -> bool {
        self.record.is_live(self.realm.number.0)
    }

    /// Block of the domain in which it was registered.
    async fn registered(&self) -> Height {
        BlockNumber(self.record.registered).into()
    }

    /// Block in which its record changed last.
    async fn updated(&self) -> Height {
        BlockNumber(self.record.updated).into()
    }

    /// Hash of the signed card that its interfaces serve.
    async fn card_hash(&self) -> Option<HashText> {
        self.record.profile.card_hash.map(HashText::from)
    }

    /// What it does with what it is given.
    async fn data_policy(&self) -> DataPolicy {
        self.record.profile.data_policy.into()
    }

    /// What it did, in numbers.
    async fn log(&self) -> Result<AgentLog> {
        Ok(AgentLog::from(&self.realm.log(&self.record.id).map_err(fail)?))
    }

    /// What it did and what came of it, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, LogEntry>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        find::entries(ctx, &self.realm, &self.record.id, &page).await
    }
}
