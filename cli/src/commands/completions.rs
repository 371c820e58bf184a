//! `auto completions`: what shells need to complete commands.

use crate::args::Cli;
use crate::context::Context;
use crate::error::{CliError, internal};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto completions bash > ~/.local/share/bash-completion/completions/auto
  auto completions zsh > ~/.zfunc/_auto")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(context: &Context, args: &Completions) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "auto", &mut script);
    if context.ui.json() {
        context.ui.result(&serde_json::json!({ "script": String::from_utf8_lossy(&script) }), "");
        return Ok(());
    }
    context.ui.bytes(&script).map_err(internal)
}
