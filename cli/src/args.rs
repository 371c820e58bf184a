//! The command line.

use crate::commands;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A chain that anyone farms with an SSD, in one program.
///
/// Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the request
/// was wrong, 2 the command line was wrong, 3 no node answers, 4 the chain refuses, 5 not found, 6 it took
/// too long, 70 the program failed.
#[derive(Debug, Parser)]
#[command(name = "auto", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "Examples:
  auto dev                                   a whole network on this machine
  auto transfer bob 5 --from alice           send 5 AI3
  auto object put photo.jpg --from alice     store a file for ever
  auto explain LED-0003                      what an error code means")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no notes and no progress.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Print no progress.
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// The node to ask.
    #[arg(
        long,
        global = true,
        env = "AUTO_NODE",
        value_name = "URL",
        default_value = "http://127.0.0.1:8700"
    )]
    pub(crate) node: String,
    /// Folder of accounts and data [default: ~/.auto].
    #[arg(long, global = true, env = "AUTO_HOME", value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// File whose first line is the password; else AUTO_PASSWORD, a prompt, or standard input.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a whole network in this process, with funded accounts.
    Dev(commands::dev::Dev),
    /// Run a node.
    Node(commands::node::NodeArgs),
    /// Run a node that farms, or look after a farm.
    Farm(commands::farm::Farm),
    /// Run a node that keeps time and does not farm.
    Timekeeper(commands::node::TimekeeperArgs),
    /// Make and keep accounts.
    Wallet(commands::wallet::Wallet),
    /// Send money.
    Transfer(commands::transfer::Transfer),
    /// Store files on the chain, and get them back.
    Object(commands::object::Object),
    /// Make and check identities, credentials and certificates.
    Id(commands::id::Id),
    /// Let others act in your name, and take that back.
    Grant(commands::grant::Grant),
    /// Make agents, find them, ask what they may do, and let them do it.
    Agent(commands::agent::Agent),
    /// Check what agents did, by whose leave, and who answers for it.
    Audit(commands::audit::Audit),
    /// Give a language model the tools of one agent, over the model context protocol.
    Mcp(commands::mcp::Mcp),
    /// Operate domains, or stake with those who do.
    Operator(commands::operator::Operator),
    /// Show what a node is doing.
    Status(commands::status::Status),
    /// Check whether this machine is fit, and say what to do where it is not.
    Doctor(commands::doctor::Doctor),
    /// Explain an error code.
    Explain(commands::explain::Explain),
    /// Sign a file, so that anybody can check who answers for it.
    Sign(commands::sign::Sign),
    /// Check a signed file, or a proof of an account or of what an agent did.
    Verify(commands::verify::Verify),
    /// Show what a content was made from, and what was made from it.
    Lineage(commands::lineage::LineageOf),
    /// Show what the product does, on a network of its own.
    Demo(commands::demo::Demo),
    /// Measure the product on this machine.
    Bench(commands::bench::Bench),
    /// Print a completion script for a shell.
    Completions(commands::completions::Completions),
}
