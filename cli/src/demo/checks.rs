//! The checks of a journey: what was tried, whether it held, and what it took.

use crate::error::{CliError, Fault};
use crate::ui::{Colour, Ui, table};
use serde_json::{Value, json};
use std::time::Duration;

struct Check {
    what: String,
    held: bool,
    time: Duration,
    detail: String,
}

/// The checks of a journey, in order.
#[derive(Default)]
pub(super) struct Checks(Vec<Check>);

/// A time as people read it.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

impl Checks {
    pub(super) fn note(&mut self, what: &str, held: bool, time: Duration, detail: &str) {
        self.0.push(Check { what: what.to_owned(), held, time, detail: detail.to_owned() });
    }

    /// As a table for people.
    pub(super) fn table(&self, ui: &Ui) -> String {
        let rows: Vec<_> = self
            .0
            .iter()
            .map(|check| {
                let mark = if check.held {
                    ui.paint(Colour::Green, "proven")
                } else {
                    ui.paint(Colour::Red, "FAILED")
                };
                let time = if check.time.is_zero() { String::new() } else { seconds(check.time) };
                vec![mark, check.what.clone(), time, check.detail.clone()]
            })
            .collect();
        table(&["", "what", "time", ""], &rows)
    }

    /// As data for programs.
    pub(super) fn data(&self) -> Vec<Value> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let checks = self.0.iter();
        checks
            .map(|check| json!({ "what": check.what, "held": check.held, "milliseconds": millis(check.time), "detail": check.detail }))
            .collect()
    }

    /// Prints the result; fails if a check did not hold.
    pub(super) fn show(&self, ui: &Ui, data: &Value, text: &str) -> Result<(), CliError> {
        let failed: Vec<_> =
            self.0.iter().filter(|check| !check.held).map(|check| check.what.as_str()).collect();
        ui.outcome(failed.is_empty(), data, text);
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Fault::CheckFailed(format!("not proven: {}", failed.join("; "))).into())
        }
    }
}
