//! Measurements of the product itself, one file each.

mod archive;
mod audit;
mod delegation;
mod domain;
mod kzg;
mod ledger;
mod plot;
mod plotted;
mod pot;
mod prove;
mod retrieve;

use crate::error::CliError;
use serde_json::{Map, Value};
use std::time::Instant;

/// Figures by name; the units are in the names.
pub(crate) type Figures = Map<String, Value>;

/// A measurement.
pub(crate) type Measure = fn() -> Result<Figures, CliError>;

/// Every measurement by name.
pub(crate) const BENCHES: &[(&str, Measure)] = &[
    ("pot", pot::measure),
    ("kzg", kzg::measure),
    ("archive", archive::measure),
    ("plot", plot::measure),
    ("prove", prove::measure),
    ("audit", audit::measure),
    ("retrieve", retrieve::measure),
    ("ledger", ledger::measure),
    ("domain", domain::measure),
    ("delegation", delegation::measure),
];

/// Seconds that `work` takes, and what it gives.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed().as_secs_f64(), result)
}

/// The least of several durations in seconds: what other programs disturb least.
fn fastest(runs: usize, mut work: impl FnMut()) -> f64 {
    (0..runs).fold(f64::INFINITY, |best, _| best.min(timed(&mut work).0))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A figure with two decimals.
fn rounded(figure: f64) -> Value {
    Value::from((figure * 100.0).round() / 100.0)
}

/// A whole figure.
fn whole(figure: f64) -> Value {
    format!("{figure:.0}").parse::<u64>().map_or(Value::Null, Value::from)
}

fn figures<const N: usize>(values: [(&str, Value); N]) -> Figures {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// MiB in a number of bytes.
fn mib(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
