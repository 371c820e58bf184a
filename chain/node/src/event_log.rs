//! The stream of what happens in a node: live, with a bounded replay, never an unbounded queue.

use crate::NodeEvent;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events that can be replayed to a consumer that comes back.
const REPLAY: usize = 1024;

/// An event with its place in the stream.
pub type Numbered = (u64, NodeEvent);

/// All events of a node, for any number of consumers.
#[derive(Debug, Clone)]
pub struct EventLog {
    inner: Arc<Mutex<Inner>>,
    live: broadcast::Sender<Numbered>,
}

#[derive(Debug)]
struct Inner {
    next: u64,
    recent: VecDeque<Numbered>,
}

impl Default for EventLog {
    fn default() -> Self {
        let inner = Inner { next: 1, recent: VecDeque::with_capacity(REPLAY) };
        Self { inner: Arc::new(Mutex::new(inner)), live: broadcast::channel(REPLAY).0 }
    }
}

impl EventLog {
    /// Appends an event and hands it to every consumer.
    pub fn push(&self, event: NodeEvent) {
        let mut inner = self.inner.lock();
        let numbered = (inner.next, event);
        inner.next = inner.next.saturating_add(1);
        if inner.recent.len() == REPLAY {
            inner.recent.pop_front();
        }
        inner.recent.push_back(numbered.clone());
        // Fails only when nobody listens.
        let _ = self.live.send(numbered);
    }

    /// All events after the one numbered `after` that can still be replayed, then live ones; only live
    /// ones without a number.
    #[must_use]
    pub fn stream(&self, after: Option<u64>) -> EventStream {
        let inner = self.inner.lock();
        let replay = match after {
            Some(after) => inner.recent.iter().filter(|(number, _)| *number > after).cloned().collect(),
            None => VecDeque::new(),
        };
        let oldest = inner.recent.front().map_or(inner.next, |(number, _)| *number);
        let missed = after.is_some_and(|after| after.saturating_add(1) < oldest);
        EventStream { missed: missed.then_some(oldest), replay, live: self.live.subscribe() }
    }
}

/// Why a stream of events has a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("events were missed; the oldest that can be replayed is number {resume_at}")]
pub struct Lagged {
    /// The number to go on from.
    pub resume_at: u64,
}

/// One consumer's view of the events.
#[derive(Debug)]
pub struct EventStream {
    missed: Option<u64>,
    replay: VecDeque<Numbered>,
    live: broadcast::Receiver<Numbered>,
}

impl EventStream {
    /// The next event; `None` once the node has stopped.
    ///
    /// # Errors
    /// When the consumer was too slow, or asked for events that are no longer kept.
    pub async fn next(&mut self) -> Option<Result<Numbered, Lagged>> {
        if let Some(resume_at) = self.missed.take() {
            return Some(Err(Lagged { resume_at }));
        }
        if let Some(event) = self.replay.pop_front() {
            return Some(Ok(event));
        }
        match self.live.recv().await {
            Ok(event) => Some(Ok(event)),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                let resume_at = self.live.recv().await.ok()?.0;
                Some(Err(Lagged { resume_at }))
            }
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BlockId;
    use auto_core::{BlockNumber, Hash};

    fn event(number: u64) -> NodeEvent {
        NodeEvent::BlockAdded { block: BlockId { number: BlockNumber(number), hash: Hash::ZERO } }
    }

    #[tokio::test]
    async fn a_consumer_that_comes_back_gets_what_it_missed_then_live_events() {
        let log = EventLog::default();
        (0..3).for_each(|number| log.push(event(number)));
        let mut stream = log.stream(Some(1));
        log.push(event(3));
        for (number, height) in [(2, 1), (3, 2), (4, 3)] {
            assert_eq!(stream.next().await, Some(Ok((number, event(height)))));
        }
    }

    #[tokio::test]
    async fn a_hole_is_told_with_the_number_to_go_on_from() {
        let log = EventLog::default();
        (0..1100).for_each(|number| log.push(event(number)));
        assert_eq!(log.stream(Some(5)).next().await, Some(Err(Lagged { resume_at: 77 })));
        let mut slow = log.stream(None);
        (0..1100).for_each(|number| log.push(event(number)));
        assert!(matches!(slow.next().await, Some(Err(Lagged { .. }))));
    }
}
