//! The lies that operators can tell, each on a network of its own: proven, slashed, mended.
//!
//! A network has a farmer, whose chain is what everything is judged by, and three operators, each with a node:
//! one lies, one vouches for whatever the newest receipt is, one is honest. The nodes are connected in memory.
//! The liar is alone with the farmer until its lie stands in the chain, then the follower until it built on
//! the lie, then the honest operator, which proves it and goes on. So nothing depends on who is faster.

mod course;
mod evidence;
mod network;
mod payments;
mod readings;
mod setup;
mod verdict;

use crate::context::Context;
use crate::error::{CliError, internal};
use crate::ui::Ui;
use auto_operator::Lie;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use verdict::Ended;

/// Networks that run at a time for each processor: most of the time a network waits for its next slot.
const NETWORKS_PER_PROCESSOR: usize = 3;
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(1500);

/// What is being done with each lie that is at work.
type Doing = Arc<Mutex<BTreeMap<Lie, &'static str>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is inside stays whole whoever panics beside it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells lies one after the other, as long as there are any.
fn work(waiting: &Mutex<VecDeque<Lie>>, doing: &Doing, ended: &UnboundedSender<Ended>) {
    loop {
        let Some(lie) = lock(waiting).pop_front() else { return };
        let result = course::run(lie, &|what| {
            lock(doing).insert(lie, what);
        });
        lock(doing).remove(&lie);
        // Nobody listens any more when the demo is being ended.
        let _ = ended.send((lie, result));
    }
}

fn tell(ui: &Ui, done: usize, all: usize, doing: &Doing) {
    let now: Vec<_> = lock(doing).iter().map(|(lie, what)| format!("{lie}: {what}")).collect();
    ui.note(&format!("{done} of {all} done; {}", now.join("; ")));
}

/// Tells each of these lies on a network of its own, several at a time, and shows what became of them.
pub(crate) async fn run(context: &Context, lies: &[Lie]) -> Result<(), CliError> {
    let ui = &context.ui;
    let began = Instant::now();
    let lies = if lies.is_empty() { Lie::ALL.to_vec() } else { lies.to_vec() };
    let (all, doing) = (lies.len(), Doing::default());
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = processors.saturating_mul(NETWORKS_PER_PROCESSOR).min(all);
    ui.note(&format!(
        "lies to tell: {all}, each on a network of two domains and three operators, {workers} at a time"
    ));
    let waiting = Arc::new(Mutex::new(lies.iter().copied().collect::<VecDeque<_>>()));
    let (sender, mut results) = unbounded_channel();
    let mut threads = Vec::new();
    for _ in 0..workers {
        let (waiting, doing, sender) = (Arc::clone(&waiting), Arc::clone(&doing), sender.clone());
        threads.push(tokio::task::spawn_blocking(move || work(&waiting, &doing, &sender)));
    }
    drop(sender);
    let mut ended = Vec::new();
    let mut due = tokio::time::interval(TELL_EVERY);
    loop {
        tokio::select! {
            _ = due.tick() => tell(ui, ended.len(), all, &doing),
            result = results.recv() => match result {
                Some(result) => ended.push(result),
                None => break,
            }
        }
    }
    for thread in threads {
        thread.await.map_err(internal)?;
    }
    ended.sort_by_key(|(lie, _)| lies.iter().position(|other| other == lie));
    verdict::show(ui, &ended, began.elapsed())
}
