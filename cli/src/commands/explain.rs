//! `auto explain`: what an error code means and what to do about it.

use crate::context::Context;
use crate::error::{CliError, Fault, entries};
use crate::ui::table;
use auto_core::ErrorEntry;
use clap::Args;
use serde_json::{Value, json};

/// Explain an error code.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto explain LED-0003
  auto explain --all --json")]
pub(crate) struct Explain {
    /// The code, such as LED-0003.
    #[arg(required_unless_present = "all")]
    code: Option<String>,
    /// List every code.
    #[arg(long, conflicts_with = "code")]
    all: bool,
}

fn data(entry: &ErrorEntry) -> Value {
    json!({ "code": entry.code, "what": entry.what, "why": entry.why, "hint": entry.hint })
}

pub(crate) fn run(context: &Context, args: &Explain) -> Result<(), CliError> {
    let mut entries = entries();
    let Some(code) = &args.code else {
        entries.sort_by_key(|entry| entry.code);
        let rows: Vec<_> =
            entries.iter().map(|entry| vec![entry.code.to_owned(), entry.what.to_owned()]).collect();
        context.ui.result(&entries.iter().map(data).collect::<Vec<_>>(), &table(&["code", "what"], &rows));
        return Ok(());
    };
    let wanted = code.trim().to_ascii_uppercase();
    let entry = entries.iter().find(|entry| entry.code == wanted);
    let entry = entry.ok_or_else(|| Fault::UnknownCode(code.clone()))?;
    let text = format!("{}: {}\nWhy:  {}\nHint: {}", entry.code, entry.what, entry.why, entry.hint);
    context.ui.result(&data(entry), &text);
    Ok(())
}
