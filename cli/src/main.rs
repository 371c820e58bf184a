//! The command line: the binary `auto`.
//!
//! # Guarantees
//! * The result goes to standard output and everything else to standard error; with `--json` the result
//!   is one line with one object in a versioned envelope.
//! * The exit code tells the kind of failure; see [`error::Exit`].
//! * Every failure has a code that `auto explain` explains.
//! * No secret is taken from the command line, and none is printed unless it was asked for.

mod args;
mod bench;
mod commands;
mod context;
mod demo;
mod ecdsa;
mod error;
mod frauds;
mod network;
mod progress;
mod session;
mod ui;
mod units;
mod wires;

use args::{Cli, Command};
use clap::Parser;
use clap::error::ErrorKind;
use context::Context;
use error::{CliError, Fault, internal};
use std::process::ExitCode;
use ui::Ui;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let ui = Ui::new(cli.global.json, cli.global.quiet, cli.global.no_progress);
    log(cli.global.quiet);
    let context = Context::new(&cli.global, ui);
    let result = tokio::runtime::Runtime::new().map_err(internal);
    let result = result.and_then(|runtime| {
        let result = runtime.block_on(run(&context, cli.command));
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            context.ui.fail(&error);
            ExitCode::from(error.exit as u8)
        }
    }
}

async fn run(context: &Context, command: Command) -> Result<(), CliError> {
    match command {
        Command::Dev(args) => commands::dev::run(context, args).await,
        Command::Node(args) => commands::node::run(context, args).await,
        Command::Farm(args) => commands::farm::run(context, args).await,
        Command::Timekeeper(args) => commands::node::keep_time(context, args).await,
        Command::Wallet(args) => commands::wallet::run(context, args).await,
        Command::Transfer(args) => commands::transfer::run(context, args).await,
        Command::Object(args) => commands::object::run(context, args).await,
        Command::Id(args) => commands::id::run(context, args).await,
        Command::Grant(args) => commands::grant::run(context, args).await,
        Command::Agent(args) => commands::agent::run(context, args).await,
        Command::Audit(args) => commands::audit::run(context, args).await,
        Command::Mcp(args) => commands::mcp::run(context, args).await,
        Command::Operator(args) => commands::operator::run(context, args).await,
        Command::Status(args) => commands::status::run(context, args).await,
        Command::Doctor(args) => commands::doctor::run(context, &args).await,
        Command::Explain(args) => commands::explain::run(context, &args),
        Command::Sign(args) => commands::sign::run(context, &args).await,
        Command::Verify(args) => commands::verify::run(context, &args).await,
        Command::Lineage(args) => commands::lineage::run(context, &args).await,
        Command::Demo(args) => commands::demo::run(context, args).await,
        Command::Bench(args) => commands::bench::run(context, &args).await,
        Command::Completions(args) => commands::completions::run(context, &args),
    }
}

/// Logs of the parts go to standard error, warnings and worse unless `AUTO_LOG` says otherwise.
fn log(quiet: bool) {
    let default = if quiet { "error" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("AUTO_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    // Fails only when a logger is set already, and none is.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Help and version are results; everything else that the parser says is a wrong command line.
fn refuse(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|argument| argument == "--json");
    let ui = Ui::new(json, false, true);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui.note(&error.render().to_string());
            ExitCode::from(error::Exit::Usage as u8)
        }
        _ => {
            let text = error.render().to_string();
            let text = text.trim_end();
            ui.fail(&Fault::Usage(text.strip_prefix("error: ").unwrap_or(text).to_owned()).into());
            ExitCode::from(error::Exit::Usage as u8)
        }
    }
}
