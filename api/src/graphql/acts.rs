//! Acts and revocations as they happen.

use super::agent::entry::LogEntry;
use super::fail;
use super::scalar::Height;
use super::watch::{Rows, Start, Telling, TellingKind, Watcher};
use crate::realm::Realm;
use async_graphql::{Context, Result, SimpleObject};
use auto_core::BlockNumber;
use auto_index::{At, Cursor as Place, EntryRow, Index, IndexError, Page, RevocationRow};
use autoid_core::AutoId;
use futures_util::stream::{self, BoxStream, StreamExt};
use std::sync::Arc;

/// Something that an agent did, or what came of it; or that what was told is undone.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ActNotice {
    /// Where to resume: pass it as `after`.
    cursor: String,
    /// Whether it happened, or everything told from the block on is undone.
    kind: TellingKind,
    /// The block of the domain that it happened in, or the first that is undone.
    block: Height,
    /// The entry of the agent's log; none where entries are undone.
    entry: Option<LogEntry>,
}

/// A grant that was revoked; or that what was told is undone.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct RevocationNotice {
    /// Where to resume: pass it as `after`.
    cursor: String,
    /// Whether it happened, or everything told from the block on is undone.
    kind: TellingKind,
    /// The block of the domain that it happened in, or the first that is undone.
    block: Height,
    /// The revocation; none where revocations are undone.
    revocation: Option<Revocation>,
}

/// The revocation of a grant.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Revocation {
    /// The grant.
    grant: String,
    /// Who granted it: a DID.
    issuer: String,
    /// The issuer's list.
    list: u32,
    /// The place in that list.
    index: u32,
    /// Who revoked it: a DID.
    by: String,
}

/// The log of an agent.
struct Entries(AutoId);

impl Entries {
    /// The first entry at or after a position.
    fn at(&self, index: &Index, at: At, position: u64) -> std::result::Result<Option<EntryRow>, IndexError> {
        let mut after = position.checked_sub(1).map(Place::position);
        loop {
            let page = index.entries(at, &self.0, after, 1)?;
            match (page.rows.into_iter().next(), page.next) {
                (Some((_, row)), _) => return Ok(Some(row)),
                (None, Some(next)) => after = Some(next),
                (None, None) => return Ok(None),
            }
        }
    }

    /// The place before the first entry in a block above a height: blocks rise with positions.
    fn before(
        &self,
        index: &Index,
        at: At,
        above: BlockNumber,
    ) -> std::result::Result<Option<Place>, IndexError> {
        let is_above = |position| -> std::result::Result<bool, IndexError> {
            Ok(self.at(index, at, position)?.is_none_or(|row| row.entry.block > above.0))
        };
        let (mut low, mut step) = (0u64, 1u64);
        // Entries before `low` are not above; the one at `high` is, or there is none.
        while !is_above(low.saturating_add(step).saturating_sub(1))? {
            (low, step) = (low.saturating_add(step), step.saturating_mul(2));
        }
        let mut high = low.saturating_add(step).saturating_sub(1);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_above(middle)? { high = middle } else { low = middle + 1 }
        }
        Ok(low.checked_sub(1).map(Place::position))
    }
}

impl Rows for Entries {
    type Row = EntryRow;

    fn from(
        &self,
        index: &Index,
        at: At,
        start: Start,
        limit: usize,
    ) -> std::result::Result<Page<EntryRow>, IndexError> {
        let after = match start {
            Start::After(place) => Some(place),
            Start::Above(number) => self.before(index, at, number)?,
        };
        index.entries(at, &self.0, after, limit)
    }

    fn block(row: &EntryRow) -> BlockNumber {
        BlockNumber(row.entry.block)
    }
}

/// All revocations of a domain.
struct Revocations;

impl Rows for Revocations {
    type Row = RevocationRow;

    fn from(
        &self,
        index: &Index,
        at: At,
        start: Start,
        limit: usize,
    ) -> std::result::Result<Page<RevocationRow>, IndexError> {
        match start {
            Start::After(place) => index.revocations(at, BlockNumber(0), Some(place), limit),
            Start::Above(number) => index.revocations(at, number, None, limit),
        }
    }

    fn block(row: &RevocationRow) -> BlockNumber {
        row.block
    }
}

/// A stream of what a watcher tells.
fn told<R: Rows, T: Send + 'static>(
    watcher: Watcher<R>,
    notice: impl Fn(Telling, Option<R::Row>) -> T + Send + Sync + 'static,
) -> BoxStream<'static, Result<T>> {
    stream::unfold((watcher, notice), |(mut watcher, notice)| async move {
        let item = watcher.next().await?.map(|(telling, row)| notice(telling, row));
        Some((item, (watcher, notice)))
    })
    .boxed()
}

/// What an agent does.
pub(super) async fn acts(
    ctx: &Context<'_>,
    realm: Arc<Realm>,
    agent: &str,
    after: Option<&str>,
) -> Result<BoxStream<'static, Result<ActNotice>>> {
    let id = realm.id_of(agent).map_err(fail)?;
    let watcher = Watcher::open(ctx, &realm, Entries(id), after).await?;
    Ok(told(watcher, move |Telling { cursor, kind, block }, row: Option<EntryRow>| {
        let entry = row.map(|row| LogEntry::new(&id, &row));
        ActNotice { cursor, kind, block, entry }
    }))
}

/// Grants that are revoked.
pub(super) async fn revocations(
    ctx: &Context<'_>,
    realm: Arc<Realm>,
    after: Option<&str>,
) -> Result<BoxStream<'static, Result<RevocationNotice>>> {
    let watcher = Watcher::open(ctx, &realm, Revocations, after).await?;
    Ok(told(watcher, move |Telling { cursor, kind, block }, row: Option<RevocationRow>| {
        let revocation = row.map(|row| Revocation {
            grant: row.grant.to_string(),
            issuer: realm.did(&row.issuer),
            list: row.place.list,
            index: row.place.index,
            by: realm.did(&row.by),
        });
        RevocationNotice { cursor, kind, block, revocation }
    }))
}
