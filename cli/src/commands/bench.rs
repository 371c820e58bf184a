//! `auto bench`: measures the product on this machine.

use crate::bench::{BENCHES, Figures};
use crate::context::Context;
use crate::error::{CliError, Fault, internal};
use crate::progress::told;
use crate::ui::table;
use clap::Args;
use serde_json::Value;

/// Measure the product on this machine.
///
/// Figures are of the production parameters unless a note says otherwise; units are in their names. Each
/// takes less than a minute: pot, kzg, archive, plot, prove, audit, retrieve, ledger, domain; delegation takes
/// about four, most of them to register a million agents.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto bench pot
  auto bench plot --json")]
pub(crate) struct Bench {
    /// What to measure.
    name: String,
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(crate) async fn run(context: &Context, args: &Bench) -> Result<(), CliError> {
    let found = BENCHES.iter().find(|(name, _)| *name == args.name);
    let (_, measure) = found.ok_or_else(|| Fault::UnknownBench(args.name.clone()))?;
    let measured = told(&context.ui, "measuring", tokio::task::spawn_blocking(*measure)).await;
    let figures: Figures = measured.map_err(internal)??;
    let rows: Vec<_> = figures.iter().map(|(name, value)| vec![name.clone(), shown(value)]).collect();
    context.ui.result(&figures, &table(&[], &rows));
    Ok(())
}
