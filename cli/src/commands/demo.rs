//! `auto demo`: shows what the product does, on a network of its own.

use super::dev::lie;
use crate::context::Context;
use crate::demo::{agent, domains, storage};
use crate::error::CliError;
use crate::units::Size;
use auto_operator::Lie;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Show what the product does, on a network of its own.
///
/// Each journey runs on a fresh network in the folder that --data names, and ends in a table of what was
/// proven. The exit code is zero only if every check held.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto demo
  auto demo --only storage --file ./video.mp4
  auto demo --only agent --json
  auto demo --only domains --lie middle-root --lie fees
  auto demo --data /tmp/demo --json")]
pub(crate) struct Demo {
    /// Run one journey only.
    #[arg(long, value_name = "JOURNEY")]
    only: Option<Journey>,
    /// The file to store [default: the largest of 3 to 8 MB in /usr/bin].
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Folder for the network's data; it is left for you to look at.
    #[arg(long, value_name = "DIR", default_value = "./demo-data")]
    data: PathBuf,
    /// Space to farm.
    #[arg(long, value_name = "SIZE", default_value = "192MiB")]
    farm_size: Size,
    /// A lie of the journey `domains`; may be given several times [default: every lie].
    #[arg(long, value_name = "LIE", value_parser = lie)]
    lie: Vec<Lie>,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Journey {
    /// A file is stored for ever, and comes back from the farmers' plots alone.
    Storage,
    /// Agents organise a meeting within what they were granted, and are refused beyond it.
    Agent,
    /// Operators lie, each in another way; each lie is proven, slashed and mended.
    Domains,
}

pub(crate) async fn run(context: &Context, args: Demo) -> Result<(), CliError> {
    match args.only {
        Some(journey) => one(context, &args, journey).await,
        None => {
            one(context, &args, Journey::Storage).await?;
            one(context, &args, Journey::Agent).await?;
            one(context, &args, Journey::Domains).await
        }
    }
}

async fn one(context: &Context, args: &Demo, journey: Journey) -> Result<(), CliError> {
    match journey {
        Journey::Storage => storage::run(context, args.file.as_deref(), &args.data, args.farm_size.0).await,
        Journey::Agent => agent::run(context).await,
        Journey::Domains => domains::run(context, &args.lie).await,
    }
}
