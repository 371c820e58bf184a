//! The thread that computes proof of time.

use crate::Event;
use auto_core::PotProof;
use auto_proof_of_time::NextInput;
use parking_lot::{Condvar, Mutex};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

/// The slot to compute: the last one asked for.
#[derive(Debug, Default)]
pub(crate) struct Task {
    next: Mutex<Option<NextInput>>,
    changed: Condvar,
}

impl Task {
    pub(crate) fn set(&self, input: NextInput) {
        *self.next.lock() = Some(input);
        self.changed.notify_one();
    }

    fn take(&self) -> Option<NextInput> {
        let mut next = self.next.lock();
        if next.is_none() {
            self.changed.wait_for(&mut next, Duration::from_millis(200));
        }
        next.take()
    }
}

/// Computes slots until told to stop.
///
/// With `pace`, a slot that is computed in less than that time is held back until it has passed, so that
/// a laptop stays cool; slots still advance by proof alone, since none is sent before it is computed.
pub(crate) fn run(task: &Task, pace: Option<Duration>, events: &SyncSender<Event>, stop: &Arc<AtomicBool>) {
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let Some(NextInput { slot, seed, iterations }) = task.take() else { continue };
        let Ok(checkpoints) = auto_proof_of_time::prove(seed, iterations) else { continue };
        if let Some(pace) = pace {
            // Monotonic: a wall clock that jumps changes nothing. A long stall is not made up for.
            due = (due + pace).max(Instant::now().checked_sub(pace).unwrap_or(due));
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        if events.send(Event::TimeProved(PotProof { slot, seed, iterations, checkpoints })).is_err() {
            return;
        }
    }
}
