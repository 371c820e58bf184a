//! Everything that is printed: results on stdout, all else on stderr.

use crate::error::CliError;
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Version of the JSON envelope.
const SCHEMA_VERSION: u32 = 1;
/// How often progress is told where there is no terminal.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// How this run prints.
#[derive(Debug)]
pub(crate) struct Ui {
    json: bool,
    quiet: bool,
    progress: bool,
    colour: bool,
    warnings: Mutex<Vec<String>>,
}

/// Colours of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Red,
    Green,
    Yellow,
    Blue,
    Grey,
}

fn out(text: &str) {
    // Nobody is left to tell when the reader of our output has gone.
    let _ = writeln!(std::io::stdout().lock(), "{text}").and_then(|()| std::io::stdout().flush());
}

fn err(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

impl Ui {
    pub(crate) fn new(json: bool, quiet: bool, no_progress: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = !plain && !json && std::io::stdout().is_terminal();
        Self { json, quiet, progress: !quiet && !no_progress, colour, warnings: Mutex::default() }
    }

    pub(crate) const fn json(&self) -> bool {
        self.json
    }

    /// Paints text where the output is a terminal.
    pub(crate) fn paint(&self, colour: Colour, text: &str) -> String {
        let number = match colour {
            Colour::Red => 31,
            Colour::Green => 32,
            Colour::Yellow => 33,
            Colour::Blue => 34,
            Colour::Grey => 90,
        };
        if self.colour { format!("\u{1b}[{number}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// The result: the data for programs, or the text for people.
    pub(crate) fn result(&self, data: &impl Serialize, text: &str) {
        self.outcome(true, data, text);
    }

    /// A result that says of itself whether everything held.
    pub(crate) fn outcome(&self, success: bool, data: &impl Serialize, text: &str) {
        if self.json {
            let data = serde_json::to_value(data).unwrap_or(Value::Null);
            out(&self.envelope(success, data, &[]).to_string());
        } else if !text.is_empty() {
            out(text);
        }
    }

    /// One of many results, as a line of its own, for programs only.
    pub(crate) fn line(&self, data: &impl Serialize) {
        if self.json {
            out(&serde_json::to_value(data).unwrap_or(Value::Null).to_string());
        }
    }

    /// A part of a result that comes early, for people only.
    pub(crate) fn part(&self, text: &str) {
        if !self.json {
            out(text);
        }
    }

    /// Raw bytes as the result.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> std::io::Result<()> {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }

    /// Something worth knowing on the way.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            err(text);
        }
    }

    /// Something that is not as it should be, though the work goes on.
    pub(crate) fn warn(&self, text: &str) {
        err(&format!("warning: {text}"));
        if let Ok(mut warnings) = self.warnings.lock() {
            warnings.push(text.to_owned());
        }
    }

    /// The failure that ends this run.
    pub(crate) fn fail(&self, error: &CliError) {
        if self.json && !error.told {
            out(&self.envelope(false, Value::Null, std::slice::from_ref(error)).to_string());
        }
        err(&format!("error[{}]: {}", error.code, error.what));
        for cause in &error.causes {
            err(&format!("  cause: {cause}"));
        }
        if let Some(hint) = &error.hint {
            err(&format!("hint: {hint}"));
        }
    }

    fn envelope(&self, success: bool, data: Value, errors: &[CliError]) -> Value {
        let error =
            |error: &CliError| json!({ "code": error.code, "message": error.what, "hint": error.hint });
        let warnings = self.warnings.lock().map(|warnings| warnings.clone()).unwrap_or_default();
        json!({
            "schema_version": SCHEMA_VERSION,
            "success": success,
            "data": data,
            "errors": errors.iter().map(error).collect::<Vec<_>>(),
            "warnings": warnings,
        })
    }

    /// Asks a person, who has to answer with `y`.
    pub(crate) fn confirm(&self, question: &str) -> Result<(), CliError> {
        if !std::io::stdin().is_terminal() {
            return Err(crate::error::Fault::Unconfirmed.into());
        }
        let _ = write!(std::io::stderr(), "{question} [y/N] ");
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        let is_yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
        if is_yes { Ok(()) } else { Err(crate::error::Fault::Declined.into()) }
    }

    /// Progress towards `total`, in bytes or in steps.
    pub(crate) fn bar(&self, what: &str, total: u64, unit: Unit) -> Bar {
        let live = self.progress && std::io::stderr().is_terminal();
        let bar = if live { ProgressBar::new(total) } else { ProgressBar::hidden() };
        if live {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        let counted = match unit {
            Unit::Bytes => "{bytes}/{total_bytes} {bytes_per_sec}",
            Unit::Steps => "{pos}/{len}",
        };
        let template = format!("{{prefix:24}} [{{bar:30}}] {counted} {{percent}}% eta {{eta}} {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("#> "));
        }
        bar.set_prefix(what.to_owned());
        let told = (self.progress && !live).then(|| (Instant::now(), u64::MAX));
        Bar { bar, what: what.to_owned(), total, told: Mutex::new(told) }
    }
}

/// What a bar counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Bytes,
    Steps,
}

/// A progress bar on a terminal, and now and then a line elsewhere.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    what: String,
    total: u64,
    told: Mutex<Option<(Instant, u64)>>,
}

impl Bar {
    /// Shows a position.
    pub(crate) fn at(&self, position: u64, message: &str) {
        self.bar.set_position(position);
        self.bar.set_message(message.to_owned());
        let Ok(mut told) = self.told.lock() else { return };
        let Some((when, last)) = told.as_mut() else { return };
        let due = *last == u64::MAX || when.elapsed() >= TELL_EVERY || position >= self.total;
        if due && *last != position {
            let percent = position.saturating_mul(100).checked_div(self.total).unwrap_or(100);
            err(&format!("{}: {percent}% {message}", self.what));
            (*when, *last) = (Instant::now(), position);
        }
    }

    /// Ends the bar.
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

/// Aligned columns without lines.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if !header.is_empty() {
        table.set_header(header.iter().copied());
    }
    for row in rows {
        table.add_row(row);
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
