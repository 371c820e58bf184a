//! Live streams.

use super::acts::{self, ActNotice, RevocationNotice};
use super::block::Block;
use super::domain::transaction::{self, DomainTransaction, Stage as DomainStage};
use super::follow::{self, Change, DomainFollower, StageFollower, StageNotice};
use super::mutation::check_length;
use super::pin::Pin;
use super::scalar::{BytesText, HashText};
use super::transaction::{Stage, Transaction};
use super::{Node, fail};
use crate::EventStream;
use crate::cursor::Cursor;
use crate::{ApiError, BackendError};
use async_graphql::{Context, Enum, Result, SimpleObject, Subscription as GraphQlSubscription};
use auto_core::{DomainId, Hash};
use auto_node::{BlockId, NodeEvent};
use auto_operator::{DomainsHandle, TransactionStatus};
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

    pub(super) fn enter(&self) -> Result<OwnedSemaphorePermit> {
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

/// A stage that a transaction of a domain reached.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct DomainStageUpdate {
    /// Where to resume: pass it as `after`.
    cursor: String,
    /// Hash of the transaction on the domain.
    hash: HashText,
    /// The stage.
    stage: DomainStage,
    /// The transaction as it is now.
    transaction: DomainTransaction,
    /// Why it was dropped, or had no effect.
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

/// A follower of one transaction of a domain, and the events that wake it.
struct DomainTracker {
    node: Node,
    domains: DomainsHandle,
    follower: DomainFollower,
    events: EventStream,
    _place: OwnedSemaphorePermit,
}

impl DomainTracker {
    async fn next(&mut self) -> Option<Result<DomainStageUpdate>> {
        while !self.follower.done() {
            let DomainFollower { domain, hash, .. } = self.follower;
            let bytes = self.domains.waiting(domain, &hash);
            let status = match self.domains.transaction(domain, &hash) {
                Ok(status) => status,
                Err(error) => {
                    self.follower.told = u8::MAX;
                    return Some(Err(fail(BackendError::from(error))));
                }
            };
            if let Some(status) = status
                && let Some(stage) = self.follower.next(Some(DomainStage::of(&status)))
            {
                return Some(self.update(stage, status, bytes.as_deref()));
            }
            // What happened is read from the node again, so that events left out do not matter.
            let _ = self.events.next().await?;
        }
        None
    }

    fn update(
        &self,
        stage: DomainStage,
        status: TransactionStatus,
        bytes: Option<&[u8]>,
    ) -> Result<DomainStageUpdate> {
        let pin = Pin { block: self.node.status().map_err(fail)?.head };
        let DomainFollower { domain, hash, told } = self.follower;
        Ok(DomainStageUpdate {
            cursor: Cursor::DomainStage(domain.0, hash, told).text(),
            hash: hash.into(),
            stage,
            code: transaction::failure(&status).map(|failure| failure.code),
            transaction: DomainTransaction::new(domain, hash, status, bytes, pin),
        })
    }
}

/// What a transaction of a domain was last told by a cursor: zero without one.
fn resumed_there(domain: DomainId, hash: Hash, after: Option<&str>) -> Result<u8> {
    match after.map(Cursor::parse).transpose().map_err(fail)? {
        None => Ok(0),
        Some(Cursor::DomainStage(number, of, told)) if (number, of) == (domain.0, hash) => Ok(told),
        Some(other) => Err(fail(ApiError::Cursor(other.text()))),
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
        if let Ok(signed) = follow::decode(&bytes.0)
            && signed.transaction.domain != DomainId::CONSENSUS
        {
            let text = "a transaction of a domain is sent and followed by `submitDomainTx`";
            return Err(fail(ApiError::BadValue(text.to_owned())));
        }
        let node = ctx.data::<Node>()?.clone();
        let place = ctx.data::<Subscribers>()?.enter()?;
        let events = node.events(None);
        let hash = follow::submit(&node, &bytes.0).map_err(fail)?;
        let follower = StageFollower { hash, told: resumed(hash, after.as_deref())? };
        let tracker = Tracker { node, follower, dropped: None, events, _place: place };
        let next = |mut tracker: Tracker| async { tracker.next().await.map(|item| (item, tracker)) };
        Ok(stream::unfold(tracker, next).boxed())
    }

    /// Sends a transaction of a domain and follows it: ACCEPTED, IN_BLOCK, EXECUTED, CONFIRMED, or DROPPED with
    /// a code.
    ///
    /// A transaction that is known already is only followed, so a broken stream is resumed by the same call.
    async fn submit_domain_tx(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signed transaction in SCALE.")] bytes: BytesText,
        #[graphql(desc = "Cursor of the last stage seen.")] after: Option<String>,
    ) -> Result<BoxStream<'static, Result<DomainStageUpdate>>> {
        check_length(ctx, &bytes)?;
        let signed = follow::decode(&bytes.0).map_err(fail)?;
        let domain = signed.transaction.domain;
        if domain == DomainId::CONSENSUS {
            let text = "a transaction of the consensus chain is sent and followed by `submitTx`";
            return Err(fail(ApiError::BadValue(text.to_owned())));
        }
        let (domains, _) = super::domain::followed(ctx, domain)?;
        let node = ctx.data::<Node>()?.clone();
        let place = ctx.data::<Subscribers>()?.enter()?;
        let events = node.events(None);
        let hash = follow::submit_to_domain(&node, &domains, &signed, &bytes.0).map_err(fail)?;
        let told = resumed_there(domain, hash, after.as_deref())?;
        let follower = DomainFollower { domain, hash, told };
        let tracker = DomainTracker { node, domains, follower, events, _place: place };
        let next = |mut tracker: DomainTracker| async { tracker.next().await.map(|item| (item, tracker)) };
        Ok(stream::unfold(tracker, next).boxed())
    }

    /// What an agent does, and what comes of it: first what there is after the cursor, then live.
    ///
    /// After a reorganisation a notice says from which block on everything told is undone; what stands follows.
    async fn acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agent: a DID, or the last part of one.")] agent: String,
        #[graphql(
            desc = "Cursor of the last notice seen; without it the stream begins after the newest block."
        )]
        after: Option<String>,
        #[graphql(
            desc = "Number of the domain; the DID's, or the first with identities, when it is left out."
        )]
        domain: Option<u32>,
    ) -> Result<BoxStream<'static, Result<ActNotice>>> {
        let realm = super::identity::realm(ctx, super::pin::head(ctx)?, domain, Some(&agent))?;
        acts::acts(ctx, realm, &agent, after.as_deref()).await
    }

    /// Grants that are revoked: first what there is after the cursor, then live.
    ///
    /// After a reorganisation a notice says from which block on everything told is undone; what stands follows.
    async fn revocations(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Cursor of the last notice seen; without it the stream begins after the newest block."
        )]
        after: Option<String>,
        #[graphql(desc = "Number of the domain; the first with identities when it is left out.")]
        domain: Option<u32>,
    ) -> Result<BoxStream<'static, Result<RevocationNotice>>> {
        let realm = super::identity::realm(ctx, super::pin::head(ctx)?, domain, None)?;
        acts::revocations(ctx, realm, after.as_deref()).await
    }
}
