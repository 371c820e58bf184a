//! Telling that something is still going on.

use crate::ui::Ui;
use std::future::Future;
use std::time::{Duration, Instant};

/// How often a person hears of it.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// Waits for `work`, and tells so as long as it takes.
pub(crate) async fn told<T>(ui: &Ui, what: &str, work: impl Future<Output = T>) -> T {
    ui.note(what);
    let started = Instant::now();
    let mut due = tokio::time::interval_at(tokio::time::Instant::now() + TELL_EVERY, TELL_EVERY);
    tokio::pin!(work);
    loop {
        tokio::select! {
            result = &mut work => return result,
            _ = due.tick() => ui.note(&format!("  {} s", started.elapsed().as_secs())),
        }
    }
}
