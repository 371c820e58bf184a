//! Live streams.

use super::block::Block;
use super::follow::{self, Change, StageFollower, StageNotice};
use super::mutation::check_length;
use super::pin::Pin;
use super::scalar::{BytesText, HashText};
use super::transaction::{Stage, Transaction};
use super::{Node, fail};
use crate::ApiError;
use crate::EventStream;
use crate::cursor::Cursor;
use async_graphql::{Context, Enum, Result, SimpleObject, Subscription as GraphQlSubscription};
use auto_core::Hash;
use auto_node::{BlockId, NodeEvent};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for subscriptions of all clients together.
#[derive(Debug, Clone)]
pub(crate) struct Subscribers {
    places: Arc<Semaphore>,
    limit: usize,
}

impl Subscribers {
    pub(crate) fn new(limit: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(limit)), limit }
    }

    fn enter(&self) -> Result<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map_err(|_| fail(ApiError::TooManySubscribers(self.limit)))
    }
}

/// How the best chain changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum BlockNoticeKind {
    /// The block joined the best chain.
    Added,
    /// The block left the best chain; what it did is undone.
    Reverted,
}

/// A change of the best chain.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct BlockNotice {
    /// Where to resume: pass it as `after`.
    cursor: String,
    /// How the chain changed.
    kind: BlockNoticeKind,
    /// The block.
    block: Block,
}

/// A stage that a transaction reached.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StageUpdate {
    /// Where to resume: pass it as `after`.
    cursor: String,
    /// Hash of the transaction.
    hash: HashText,
    /// The stage.
    stage: Stage,
    /// The transaction; none when it was dropped.
    transaction: Option<Transaction>,
    /// Why it was dropped, or why its calls failed.
    code: Option<String>,
}

/// A block subscriber: what was told last, and the events that wake it.
struct Follower {
    node: Node,
    tip: BlockId,
    told: bool,
    events: EventStream,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

impl Follower {
    async fn next(&mut self) -> Option<Result<BlockNotice>> {
        while !self.ended {
            match follow::next_change(&self.node, self.tip) {
                Err(error) => return self.end(error),
                Ok(Some(change)) => {
                    self.tip = change.tip();
                    self.told = true;
                    return Some(Ok(self.notice(change)));
                }
                Ok(None) => match self.events.next().await {
                    Some(Ok(_)) => {}
                    Some(Err(_lagged)) => {
                        let resume = self.told.then(|| Cursor::tip(self.tip).text());
                        return self.end(ApiError::SlowConsumer { resume });
                    }
                    None => return None,
                },
            }
        }
        None
    }

    fn end(&mut self, error: ApiError) -> Option<Result<BlockNotice>> {
        self.ended = true;
        Some(Err(fail(error)))
    }

    fn notice(&self, change: Change) -> BlockNotice {
        let cursor = Cursor::tip(change.tip()).text();
        let (kind, view) = match change {
            Change::Added(view) => (BlockNoticeKind::Added, view),
            Change::Reverted(view) => (BlockNoticeKind::Reverted, view),
        };
        let pin = Pin { block: self.tip };
        BlockNotice { cursor, kind, block: Block { view, pin } }
    }
}

/// A follower of one transaction, and the events that wake it.
struct Tracker {
    node: Node,
    follower: StageFollower,
    dropped: Option<String>,
    events: EventStream,
    _place: OwnedSemaphorePermit,
}

impl Tracker {
    async fn next(&mut self) -> Option<Result<StageUpdate>> {
        while !self.follower.done() {
            let view = match self.node.transaction(&self.follower.hash) {
                Ok(view) => view,
                Err(error) => {
                    self.follower.told = u8::MAX;
                    return Some(Err(fail(error)));
                }
            };
            if let Some(notice) = self.follower.next(view, self.dropped.as_deref()) {
                return Some(self.update(notice));
            }
            match self.events.next().await {
                Some(Ok((_, NodeEvent::TransactionDropped { hash, code }))) if hash == self.follower.hash => {
                    self.dropped = Some(code);
                }
                // The stage is read from the node again, so that events left out do not matter.
                Some(_) => {}
                None => return None,
            }
        }
        None
    }

    fn update(&self, notice: StageNotice) -> Result<StageUpdate> {
        let pin = Pin { block: self.node.status().map_err(fail)?.head };
        let failure = notice.view.as_ref().and_then(|view| view.failure.clone());
        Ok(StageUpdate {
            cursor: Cursor::Stage(self.follower.hash, self.follower.told).text(),
            hash: self.follower.hash.into(),
            stage: notice.stage.into(),
            transaction: notice.view.map(|view| Transaction { view, pin }),
            code: notice.code.or(failure),
        })
    }
}

fn resumed(hash: Hash, after: Option<&str>) -> Result<u8> {
    match after.map(Cursor::parse).transpose().map_err(fail)? {
        None => Ok(0),
        Some(Cursor::Stage(of, told)) if of == hash => Ok(told),
        Some(other) => Err(fail(ApiError::Cursor(other.text()))),
    }
}

/// The root of all live streams.
#[derive(Debug, Clone, Copy)]
pub struct Subscription;

/// The root of all live streams. Each item carries a cursor; after a break subscribe again with it.
#[GraphQlSubscription]
impl Subscription {
    /// Changes of the best chain: first those after the cursor, then live.
    async fn blocks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Cursor of the last notice seen; without it the stream begins after the head.")]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<BlockNotice>>> {
        let node = ctx.data::<Node>()?.clone();
        let place = ctx.data::<Subscribers>()?.enter()?;
        // Events first, then the tip: nothing falls between them.
        let events = node.events(None);
        let tip = match after.as_deref() {
            Some(cursor) => Cursor::parse_tip(cursor).map_err(fail)?,
            None => node.status().map_err(fail)?.head,
        };
        let follower = Follower { node, tip, told: after.is_some(), events, ended: false, _place: place };
        let next = |mut follower: Follower| async { follower.next().await.map(|item| (item, follower)) };
        Ok(stream::unfold(follower, next).boxed())
    }

    /// Sends a transaction and follows it: ACCEPTED, IN_BLOCK, CONFIRMED, or DROPPED with a code.
    ///
    /// A transaction that is known already is only followed, so a broken stream is resumed by the same call.
    async fn submit_tx(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signed transaction in SCALE.")] bytes: BytesText,
        #[graphql(desc = "Cursor of the last stage seen.")] after: Option<String>,
    ) -> Result<BoxStream<'static, Result<StageUpdate>>> {
        check_length(ctx, &bytes)?;
        let node = ctx.data::<Node>()?.clone();
        let place = ctx.data::<Subscribers>()?.enter()?;
        let events = node.events(None);
        let hash = follow::submit(&node, &bytes.0).map_err(fail)?;
        let follower = StageFollower { hash, told: resumed(hash, after.as_deref())? };
        let tracker = Tracker { node, follower, dropped: None, events, _place: place };
        let next = |mut tracker: Tracker| async { tracker.next().await.map(|item| (item, tracker)) };
        Ok(stream::unfold(tracker, next).boxed())
    }
}
