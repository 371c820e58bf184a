//! Lists that the index finds. Every page of one list is of one height, that of its first page.

use super::agent::entry::LogEntry;
use super::agent::{Agent, AgentFilter};
use super::content::Content;
use super::grant::{Grant, GrantsOf};
use super::identity::Identity;
use super::page::{Page, PageArgs};
use super::{account::forward_only, fail};
use crate::ApiError;
use crate::cursor::Cursor;
use crate::finder::Finder;
use crate::realm::Realm;
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Result};
use auto_core::BlockNumber;
use auto_index::{At, ContentOf, Cursor as Place, Index, IndexError, Page as Found};
use autoid_core::AutoId;
use std::sync::Arc;

/// The index, once it holds the block that a realm is read at.
pub(super) async fn reached<'c>(ctx: &Context<'c>, realm: &Realm) -> Result<&'c Index> {
    let finder = ctx.data::<Finder>()?;
    finder.reached(realm.domain, realm.number).await.map_err(fail)
}

/// A page that is wanted: how many rows, at which height, after which place.
struct Wanted {
    rows: usize,
    number: Option<BlockNumber>,
    after: Option<Place>,
}

impl Wanted {
    fn of(ctx: &Context<'_>, args: &PageArgs, newest: Option<BlockNumber>) -> Result<Self> {
        let Page::Forward(rows, cursor) = args.check(ctx)? else { return Err(fail(forward_only())) };
        match cursor {
            None => Ok(Self { rows, number: newest, after: None }),
            Some(Cursor::Found(number, place)) => {
                Ok(Self { rows, number: Some(BlockNumber(number)), after: Some(Place::position(place)) })
            }
            Some(other) => Err(fail(ApiError::Cursor(other.text()))),
        }
    }

    /// The rows that `ask` gives after a place, up to as many as are wanted.
    fn connection<T, U: async_graphql::OutputType>(
        &self,
        ask: impl Fn(Option<Place>, usize) -> std::result::Result<Found<T>, IndexError>,
        node: impl Fn(T) -> Result<Option<U>>,
    ) -> Result<Connection<String, U>> {
        let mut found = ask(self.after, self.rows).map_err(|error| fail(ApiError::from(error)))?;
        // Without a row there would be no cursor to go on from.
        while let Some(next) = found.next.filter(|_| found.rows.is_empty()) {
            found = ask(Some(next), self.rows).map_err(|error| fail(ApiError::from(error)))?;
        }
        let mut connection = Connection::new(self.after.is_some(), found.next.is_some());
        for (place, row) in found.rows {
            if let Some(node) = node(row)? {
                let cursor = Cursor::Found(found.block.0, place.value()).text();
                connection.edges.push(Edge::new(cursor, node));
            }
        }
        Ok(connection)
    }
}

/// The identities right under one.
pub(super) async fn children(
    ctx: &Context<'_>,
    realm: &Arc<Realm>,
    parent: &AutoId,
    args: &PageArgs,
) -> Result<Connection<String, Identity>> {
    let wanted = Wanted::of(ctx, args, Some(realm.number))?;
    let at = At { domain: realm.domain, block: wanted.number };
    let index = reached(ctx, realm).await?;
    let ask = |after, rows| index.children(at, parent, after, rows);
    wanted.connection(ask, |row| Identity::of(realm, &row.id))
}

/// Agents that fit a filter.
pub(super) async fn agents(
    ctx: &Context<'_>,
    realm: &Arc<Realm>,
    filter: AgentFilter,
    args: &PageArgs,
) -> Result<Connection<String, Agent>> {
    let wanted = Wanted::of(ctx, args, Some(realm.number))?;
    let at = At { domain: realm.domain, block: wanted.number };
    let query = filter.query(realm)?;
    let index = reached(ctx, realm).await?;
    let ask = |after, rows| index.agents(at, &query, after, rows);
    wanted.connection(ask, |row| Ok(Some(Agent::found(realm, row.record))))
}

/// Grants of somebody, or under a grant.
pub(super) async fn grants(
    ctx: &Context<'_>,
    realm: &Arc<Realm>,
    of: GrantsOf,
    args: &PageArgs,
) -> Result<Connection<String, Grant>> {
    let wanted = Wanted::of(ctx, args, Some(realm.number))?;
    let at = At { domain: realm.domain, block: wanted.number };
    let index = reached(ctx, realm).await?;
    let ask = |after, rows| index.grants(at, of, after, rows);
    wanted.connection(ask, |row| Ok(Some(Grant::found(realm, row))))
}

/// The log of an identity.
pub(super) async fn entries(
    ctx: &Context<'_>,
    realm: &Arc<Realm>,
    agent: &AutoId,
    args: &PageArgs,
) -> Result<Connection<String, LogEntry>> {
    let wanted = Wanted::of(ctx, args, Some(realm.number))?;
    let at = At { domain: realm.domain, block: wanted.number };
    let index = reached(ctx, realm).await?;
    let ask = |after, rows| index.entries(at, agent, after, rows);
    wanted.connection(ask, |row| Ok(Some(LogEntry::new(agent, &row))))
}

/// Manifests of content.
pub(super) fn content(
    ctx: &Context<'_>,
    of: ContentOf,
    args: &PageArgs,
) -> Result<Connection<String, Content>> {
    let wanted = Wanted::of(ctx, args, None)?;
    let index = ctx.data::<Finder>()?.index();
    let ask = |after, rows| index.content(wanted.number, of, after, rows);
    wanted.connection(ask, |row| Ok(Some(Content::from(row))))
}
