//! `auto doctor`: whether this machine is fit, as data.

mod checks;

use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::ui::{Colour, table};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;

/// Check whether this machine is fit, and say what to do where it is not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto doctor
  auto doctor --data ./chain --port 9000 --json")]
pub(crate) struct Doctor {
    /// Folder whose disk and contents are checked [default: ~/.auto/dev].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port that the API is meant to take.
    #[arg(long, default_value_t = 8700)]
    port: u16,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warning,
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    id: &'static str,
    level: Level,
    finding: String,
    fix: Option<String>,
}

impl Check {
    fn ok(id: &'static str, finding: impl Into<String>) -> Self {
        Self { id, level: Level::Ok, finding: finding.into(), fix: None }
    }

    fn bad(id: &'static str, level: Level, finding: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { id, level, finding: finding.into(), fix: Some(fix.into()) }
    }
}

pub(crate) async fn run(context: &Context, args: &Doctor) -> Result<(), CliError> {
    let folder = args.data.clone().unwrap_or_else(|| context.folder("dev"));
    let keystore = context.keystore();
    let mut found = vec![checks::aes(), checks::cores()];
    found.extend(checks::disk(&folder));
    found.push(checks::clock().await);
    found.push(checks::open_files());
    found.push(checks::port(args.port));
    found.push(checks::keystore(&keystore));
    found.push(checks::data_folder(&folder));
    let ui = &context.ui;
    let rows: Vec<_> = found
        .iter()
        .map(|check| {
            let (colour, word) = match check.level {
                Level::Ok => (Colour::Green, "ok"),
                Level::Warning => (Colour::Yellow, "warning"),
                Level::Error => (Colour::Red, "error"),
            };
            vec![ui.paint(colour, word), check.id.to_owned(), check.finding.clone()]
        })
        .collect();
    let mut text = table(&["", "check", "finding"], &rows);
    for check in found.iter().filter(|check| check.fix.is_some()) {
        text.push_str(&format!("\nfix {}: {}", check.id, check.fix.as_deref().unwrap_or_default()));
    }
    let errors = found.iter().filter(|check| check.level == Level::Error).count();
    ui.outcome(errors == 0, &json!({ "checks": found, "errors": errors }), &text);
    if errors == 0 {
        return Ok(());
    }
    Err(Fault::Unfit { errors }.into())
}
