//! Reads of identities, agents, grants and content.

use crate::graphql::agent::entry::LogEntry;
use crate::graphql::agent::{Agent, AgentFilter};
use crate::graphql::content::{Content, ContentBy};
use crate::graphql::grant::{self, Grant, GrantsBy};
use crate::graphql::identity::{self, Identity, IdentityBy};
use crate::graphql::page::PageArgs;
use crate::graphql::pin::{self, Pin};
use crate::graphql::{cost, fail, find};
use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};

/// Reads of identities and of what the index finds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Identities {
    pub(super) pin: Option<Pin>,
}

impl Identities {
    fn pin(&self, ctx: &Context<'_>) -> Result<Pin> {
        self.pin.map_or_else(|| pin::head(ctx), Ok)
    }
}

/// A page of a list that runs one way.
fn forward(first: Option<i32>, after: Option<String>) -> PageArgs {
    PageArgs { first, after, ..PageArgs::default() }
}

#[Object]
impl Identities {
    /// An identity; none when there is none of that name.
    #[graphql(complexity = "5 + child_complexity")]
    async fn identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, by exactly one field.")] by: IdentityBy,
        #[graphql(
            desc = "Number of the domain; the DID's, or the first with identities, when it is left out."
        )]
        domain: Option<u32>,
    ) -> Result<Option<Identity>> {
        identity::load(ctx, self.pin(ctx)?, domain, &by)
    }

    /// An agent; none when the identity is not registered as one.
    #[graphql(complexity = "5 + child_complexity")]
    async fn agent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A DID, or the last part of one.")] id: String,
        #[graphql(
            desc = "Number of the domain; the DID's, or the first with identities, when it is left out."
        )]
        domain: Option<u32>,
    ) -> Result<Option<Agent>> {
        let realm = identity::realm(ctx, self.pin(ctx)?, domain, Some(&id))?;
        Agent::of(&realm, &realm.id_of(&id).map_err(fail)?)
    }

    /// Agents: live ones first, then by stake, the highest first, then by age.
    #[graphql(complexity = "20 + cost::of_page(first, None, child_complexity)")]
    async fn agents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agents; all live ones when it is left out.")] filter: Option<AgentFilter>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Number of the domain; the first with identities when it is left out.")]
        domain: Option<u32>,
    ) -> Result<Connection<String, Agent>> {
        let realm = identity::realm(ctx, self.pin(ctx)?, domain, None)?;
        find::agents(ctx, &realm, filter.unwrap_or_default(), &forward(first, after)).await
    }

    /// What an agent did and what came of it, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn agent_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agent: a DID, or the last part of one.")] agent: String,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(
            desc = "Number of the domain; the DID's, or the first with identities, when it is left out."
        )]
        domain: Option<u32>,
    ) -> Result<Connection<String, LogEntry>> {
        let realm = identity::realm(ctx, self.pin(ctx)?, domain, Some(&agent))?;
        let id = realm.id_of(&agent).map_err(fail)?;
        find::entries(ctx, &realm, &id, &forward(first, after)).await
    }

    /// A grant that is stored on chain.
    #[graphql(complexity = "5 + child_complexity")]
    async fn grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id: 64 hex digits.")] id: String,
        #[graphql(desc = "Number of the domain; the first with identities when it is left out.")]
        domain: Option<u32>,
    ) -> Result<Option<Grant>> {
        grant::load(ctx, self.pin(ctx)?, domain, &id)
    }

    /// Grants of an identity, the oldest first, also those that are over as far as this node found them.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn grants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, by exactly one field.")] of: GrantsBy,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(
            desc = "Number of the domain; the DID's, or the first with identities, when it is left out."
        )]
        domain: Option<u32>,
    ) -> Result<Connection<String, Grant>> {
        let realm = identity::realm(ctx, self.pin(ctx)?, domain, of.named())?;
        find::grants(ctx, &realm, of.of(&realm)?, &forward(first, after)).await
    }

    /// Signed statements about contents, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn content(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which, by exactly one field.")] of: ContentBy,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Content>> {
        find::content(ctx, of.of()?, &forward(first, after))
    }
}
