//! Streams of what the index finds: first what there is after the cursor, then live.
//!
//! A cursor names the block that its row came from. When that block was reverted, everything after the newest
//! confirmed block is told anew, after a notice that says from which block on what was told is undone. Nothing is
//! kept for a slow consumer: what comes next is read from the index when it is asked for.

use super::fail;
use super::scalar::Height;
use super::subscription::Subscribers;
use crate::cursor::Cursor;
use crate::finder::Finder;
use crate::realm::Realm;
use crate::{ApiError, BackendError, graphql::Node};
use async_graphql::{Context, Enum, Result, SimpleObject};
use auto_core::{BlockNumber, DomainId, Hash};
use auto_index::{At, Cursor as Place, Index, IndexError, Page};
use auto_operator::DomainsHandle;
use std::collections::VecDeque;
use tokio::sync::OwnedSemaphorePermit;

/// Rows that are read at once.
const ROWS: usize = 64;

/// What became of what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TellingKind {
    /// It happened.
    Added,
    /// What was told of the block and those after it is undone; what stands is told next.
    Reverted,
}

/// Where a stream is.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Telling {
    /// Where to resume: pass it as `after`.
    pub(super) cursor: String,
    /// What became of it.
    pub(super) kind: TellingKind,
    /// The block of the domain that it happened in; where it is undone, the first that is.
    pub(super) block: Height,
}

/// From where on rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Those in blocks above a height.
    Above(BlockNumber),
    /// Those after a place.
    After(Place),
}

/// Rows of one kind as the index gives them.
pub(super) trait Rows: Send + 'static {
    /// A row.
    type Row: Send;

    /// Rows in order.
    ///
    /// # Errors
    /// When the index cannot answer.
    fn from(
        &self,
        index: &Index,
        at: At,
        start: Start,
        limit: usize,
    ) -> std::result::Result<Page<Self::Row>, IndexError>;

    /// The block of a row.
    fn block(row: &Self::Row) -> BlockNumber;
}

/// The last row that was told, by its place and its block; or the block after which nothing was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    place: Option<Place>,
    number: BlockNumber,
    hash: Hash,
}

impl Told {
    const fn start(self) -> Start {
        match self.place {
            Some(place) => Start::After(place),
            None => Start::Above(self.number),
        }
    }
}

/// What is told next: what became of it, its block, and the row.
type Step<R> = (TellingKind, BlockNumber, Option<<R as Rows>::Row>);

/// Follows rows of a domain.
pub(super) struct Watcher<R: Rows> {
    rows: R,
    domain: DomainId,
    domains: DomainsHandle,
    finder: Finder,
    told: Told,
    /// Rows that were read and are to be told, each of a block that stood then.
    ready: VecDeque<(Told, R::Row)>,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

impl<R: Rows> Watcher<R> {
    /// Rows of the domain of a realm: those after a cursor, or from now on.
    pub(super) async fn open(ctx: &Context<'_>, realm: &Realm, rows: R, after: Option<&str>) -> Result<Self> {
        let place = ctx.data::<Subscribers>()?.enter()?;
        let (finder, domain) = (ctx.data::<Finder>()?.clone(), realm.domain);
        let missing = || fail(BackendError::from(auto_operator::OperatorError::NotServed(domain)));
        let domains = ctx.data::<Node>()?.domains().ok_or_else(missing)?;
        let index = finder.reached(domain, realm.number).await.map_err(fail)?;
        let told = match after.map(Cursor::parse).transpose().map_err(fail)? {
            None => {
                let newest = index.coverage(domain).and_then(|covered| covered.ok_or(IndexError::Empty));
                let newest = newest.map_err(|error| fail(ApiError::from(error)))?;
                Told { place: None, number: newest.newest, hash: newest.hash }
            }
            Some(Cursor::Told(of, number, hash, place)) if of == domain.0 => {
                Told { place: place.map(Place::position), number: BlockNumber(number), hash }
            }
            Some(other) => return Err(fail(ApiError::Cursor(other.text()))),
        };
        Ok(Self { rows, domain, domains, finder, told, ready: VecDeque::new(), ended: false, _place: place })
    }

    /// The next row, or none with a notice that rows were reverted.
    pub(super) async fn next(&mut self) -> Option<Result<(Telling, Option<R::Row>)>> {
        while !self.ended {
            match self.step() {
                Ok(Some((kind, block, row))) => return Some(Ok((self.telling(kind, block), row))),
                Ok(None) => {
                    if !self.finder.changed().await {
                        return None;
                    }
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(fail(error)));
                }
            }
        }
        None
    }

    fn telling(&self, kind: TellingKind, block: BlockNumber) -> Telling {
        let Told { place, number, hash } = self.told;
        let cursor = Cursor::Told(self.domain.0, number.0, hash, place.map(Place::value)).text();
        Telling { cursor, kind, block: block.into() }
    }

    fn step(&mut self) -> std::result::Result<Option<Step<R>>, ApiError> {
        if let Some(reverted) = self.go_back()? {
            return Ok(Some((TellingKind::Reverted, reverted, None)));
        }
        if self.ready.is_empty() {
            self.read()?;
        }
        let Some((told, row)) = self.ready.pop_front() else { return Ok(None) };
        self.told = told;
        Ok(Some((TellingKind::Added, told.number, Some(row))))
    }

    /// Reads rows after the last one that was told, each with the hash of its block.
    fn read(&mut self) -> std::result::Result<(), ApiError> {
        let (index, at) = (self.finder.index(), At::newest(self.domain));
        let mut start = self.told.start();
        loop {
            let seen = index.coverage(self.domain)?;
            let page = self.rows.from(index, at, start, ROWS)?;
            let mut ready = VecDeque::new();
            for (place, row) in page.rows {
                let number = R::block(&row);
                if let Some(hash) = self.hash(number)? {
                    ready.push_back((Told { place: Some(place), number, hash }, row));
                }
            }
            // Rows and hashes are of one state of the index, or they are read again.
            if index.coverage(self.domain)? != seen {
                continue;
            }
            match page.next {
                Some(next) if ready.is_empty() => start = Start::After(next),
                _ => {
                    self.ready = ready;
                    return Ok(());
                }
            }
        }
    }

    /// The hash of a block; that of one which everybody forgot is zero.
    fn hash(&self, number: BlockNumber) -> std::result::Result<Option<Hash>, ApiError> {
        match self.finder.index().block_hash(self.domain, number)? {
            Some(hash) => Ok(Some(hash)),
            None if self.is_final(number) => Ok(Some(Hash::ZERO)),
            None => Ok(None),
        }
    }

    fn is_final(&self, number: BlockNumber) -> bool {
        self.domains.domain(self.domain).is_some_and(|status| number <= status.confirmed)
    }

    /// Whether a block is still the one that was told or read.
    fn stands(&self, told: &Told) -> std::result::Result<bool, ApiError> {
        let known = self.finder.index().block_hash(self.domain, told.number)?;
        Ok(self.is_final(told.number) || known == Some(told.hash))
    }

    /// Goes back behind blocks that were reverted; the first block of which everything told is undone.
    fn go_back(&mut self) -> std::result::Result<Option<BlockNumber>, ApiError> {
        if let Some((last, _)) = self.ready.back()
            && !self.stands(last)?
        {
            self.ready.clear();
        }
        if self.stands(&self.told)? {
            return Ok(None);
        }
        self.ready.clear();
        let confirmed = self.domains.domain(self.domain).map_or(BlockNumber(0), |status| status.confirmed);
        let hash = self.hash(confirmed)?.unwrap_or(Hash::ZERO);
        self.told = Told { place: None, number: confirmed, hash };
        Ok(Some(BlockNumber(confirmed.0.saturating_add(1))))
    }
}
