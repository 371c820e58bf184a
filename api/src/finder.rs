//! The index of identities, agents and content, and the task that feeds it.
//!
//! The index finds, it proves nothing: whoever has to believe an answer reads it again with a proof. The task
//! follows every domain of identities and the consensus chain block by block, takes reverted blocks back, and goes on
//! from where the index is after a restart. Where the node forgot blocks that the index lacks, it begins anew at the
//! oldest state that can be read: what was said before is not found then.

mod content;

use crate::graphql::Node;
use crate::{ApiError, BackendError, FailureKind, realm};
use auto_core::{BlockNumber, DomainId, ErrorCode, Hash};
use auto_index::{Block, Coverage, Happening, Index, IndexError};
use auto_module::StoredError;
use auto_operator::{DomainBlockView, DomainState, DomainsHandle, OperatorError};
use auto_state::StateError;
use autoid_core::{Time, View};
use autoid_interface::StateView;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Blocks that are added before who waits is told and a stop is looked for.
const BLOCKS: usize = 64;
/// How long a question waits for the index to reach its height.
const PATIENCE: Duration = Duration::from_secs(3);

impl From<IndexError> for BackendError {
    fn from(error: IndexError) -> Self {
        let kind = match &error {
            IndexError::Empty | IndexError::Ahead { .. } | IndexError::Forgotten { .. } => {
                FailureKind::Unavailable
            }
            IndexError::Cursor | IndexError::TooMuch(_) => FailureKind::User,
            _ => FailureKind::Internal,
        };
        Self { code: error.code(), kind, message: error.to_string() }
    }
}

impl From<IndexError> for ApiError {
    fn from(error: IndexError) -> Self {
        Self::Node(error.into())
    }
}

/// Asks the index.
#[derive(Debug, Clone)]
pub struct Finder {
    index: Arc<Index>,
    news: watch::Receiver<u64>,
}

/// What goes wrong while the index is fed.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    #[error(transparent)]
    Node(#[from] BackendError),
    #[error(transparent)]
    Operator(#[from] OperatorError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Feeds the index.
struct Feeder {
    node: Node,
    index: Arc<Index>,
    news: watch::Sender<u64>,
}

impl Finder {
    /// Feeds an index from a node until `shutdown` is cancelled; the handle ends with the task.
    #[must_use]
    pub fn start(node: Node, index: Index, shutdown: CancellationToken) -> (Self, JoinHandle<()>) {
        let (sender, news) = watch::channel(0);
        let index = Arc::new(index);
        let feeder = Arc::new(Feeder { node, index: Arc::clone(&index), news: sender });
        let task = tokio::spawn(async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = feeder.follow(&shutdown) => {}
            }
        });
        (Self { index, news }, task)
    }

    /// The index as it is.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Waits until something was added to the index or taken back; `false` when nothing will be any more.
    pub(crate) async fn changed(&mut self) -> bool {
        self.news.changed().await.is_ok()
    }

    /// The index once it holds a block of a domain; it follows within moments.
    pub(crate) async fn reached(&self, domain: DomainId, number: BlockNumber) -> Result<&Index, ApiError> {
        let mut news = self.news.clone();
        let reach = async {
            loop {
                news.borrow_and_update();
                if self.index.coverage(domain)?.is_some_and(|coverage| coverage.newest >= number) {
                    return Ok::<_, ApiError>(true);
                }
                if news.changed().await.is_err() {
                    return Ok(false);
                }
            }
        };
        if tokio::time::timeout(PATIENCE, reach).await.unwrap_or(Ok(false))? {
            return Ok(&self.index);
        }
        Err(match self.index.coverage(domain)? {
            Some(Coverage { newest, .. }) => IndexError::Ahead { asked: number, newest }.into(),
            None => IndexError::Empty.into(),
        })
    }
}

impl Feeder {
    async fn follow(self: &Arc<Self>, shutdown: &CancellationToken) {
        // Events first, then what there is: no block falls between them.
        let mut events = self.node.events(None);
        loop {
            let (own, stop) = (Arc::clone(self), shutdown.clone());
            let caught_up = tokio::task::spawn_blocking(move || own.catch_up(&stop)).await;
            match caught_up {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the index could not follow; it tries again"),
                Err(error) => {
                    tracing::error!(%error, "the index stopped");
                    return;
                }
            }
            // Which event it was does not matter: what happened is read from the node.
            if events.next().await.is_none() {
                return;
            }
        }
    }

    fn tell(&self) {
        self.news.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn catch_up(&self, stop: &CancellationToken) -> Result<(), FeedError> {
        let mut result = Ok(());
        for status in realm::followed(&*self.node)? {
            while !stop.is_cancelled() {
                match self.feed(status.domain) {
                    Ok(true) => self.tell(),
                    Ok(false) => break,
                    // One domain that cannot be followed does not hold up the others.
                    Err(error) => {
                        result = Err(error);
                        break;
                    }
                }
            }
        }
        while !stop.is_cancelled() && content::feed(&*self.node, &self.index, BLOCKS)? {
            self.tell();
        }
        result
    }

    /// Adds some blocks of a domain, or takes reverted ones back; says whether anything changed.
    fn feed(&self, domain: DomainId) -> Result<bool, FeedError> {
        let Some(handle) = self.node.domains() else { return Ok(false) };
        let mut changed = self.take_back(&handle, domain)?;
        for _ in 0..BLOCKS {
            let Some(status) = handle.domain(domain) else { break };
            let covered = self.index.coverage(domain)?;
            let next =
                covered.map_or(status.confirmed, |covered| BlockNumber(covered.newest.0.saturating_add(1)));
            if next > status.number {
                break;
            }
            let Some(found) = Found::read(&handle, domain, next)? else {
                // The node forgot it: the index begins anew where the node can be read.
                if covered.is_some() && next < status.confirmed {
                    self.index.clear(domain)?;
                    changed = true;
                    continue;
                }
                break;
            };
            let parent = match (covered.map(|covered| covered.hash), found.parent) {
                // After a fork that began meanwhile the reverted blocks are taken back first.
                (Some(known), Some(parent)) if known != parent => {
                    changed |= self.take_back(&handle, domain)?;
                    continue;
                }
                // What the node forgot of the block before was confirmed.
                (known, parent) => parent.or(known).unwrap_or(Hash::ZERO),
            };
            found.add(&self.index, domain, parent)?;
            changed = true;
        }
        Ok(changed)
    }

    /// Takes blocks back that are not part of the domain any more.
    fn take_back(&self, handle: &DomainsHandle, domain: DomainId) -> Result<bool, FeedError> {
        let Some(Coverage { oldest, newest, .. }) = self.index.coverage(domain)? else { return Ok(false) };
        let stands = |number: BlockNumber| -> Result<bool, FeedError> {
            let known = self.index.block_hash(domain, number)?;
            let Some(receipt) = handle.receipt(domain, number)? else {
                // What was forgotten was confirmed.
                return Ok(handle.domain(domain).is_some_and(|status| number <= status.confirmed));
            };
            Ok(known == Some(receipt.block_hash))
        };
        let mut at = newest;
        while !stands(at)? {
            if at <= oldest {
                self.index.clear(domain)?;
                return Ok(true);
            }
            at = BlockNumber(at.0.saturating_sub(1));
        }
        if at == newest {
            return Ok(false);
        }
        self.index.rewind(domain, at)?;
        Ok(true)
    }
}

/// A block of a domain with all that the index wants of it.
struct Found {
    view: DomainBlockView,
    /// Hash of the block before, where the node still knows it.
    parent: Option<Hash>,
    /// The chain's time in it.
    time: Time,
    state: DomainState,
}

impl Found {
    /// `None` when the node has forgotten it, or it changed while it was read.
    fn read(
        handle: &DomainsHandle,
        domain: DomainId,
        number: BlockNumber,
    ) -> Result<Option<Self>, OperatorError> {
        let Some(view) = handle.block(domain, number)? else { return Ok(None) };
        let before = match number.checked_sub(1) {
            None => None,
            Some(before) => handle.receipt(domain, before)?,
        };
        if before.as_ref().is_some_and(|before| before.hash() != view.receipt.parent_receipt) {
            return Ok(None);
        }
        let parent = before.map(|before| before.block_hash);
        let state = handle.state_at(domain, number)?;
        if state.root() != view.receipt.final_state_root {
            return Ok(None);
        }
        let time = match StateView::new(&state) {
            Err(StoredError::State(StateError::Missing(_))) => return Ok(None),
            seen => seen?.point().time,
        };
        Ok(Some(Self { view, parent, time, state }))
    }

    fn add(&self, index: &Index, domain: DomainId, parent: Hash) -> Result<(), FeedError> {
        let ran = self.view.ran.iter().flat_map(|ran| {
            ran.events.iter().map(|(module, event)| Happening {
                module: *module,
                event,
                extrinsic: Some(ran.hash),
            })
        });
        let ended = self.view.finalized.iter();
        let ended = ended.map(|(module, event)| Happening { module: *module, event, extrinsic: None });
        let happenings: Vec<Happening<'_>> = ran.chain(ended).collect();
        let receipt = &self.view.receipt;
        let block = Block {
            domain,
            number: receipt.number,
            hash: receipt.block_hash,
            parent,
            time: self.time,
            happenings: &happenings,
        };
        Ok(index.apply(&block, &self.state)?)
    }
}
