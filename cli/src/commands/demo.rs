//! `auto demo`: shows what the product does, on a network of its own.

use crate::context::Context;
use crate::demo::storage;
use crate::error::CliError;
use crate::units::Size;
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
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Journey {
    /// A file is stored for ever, and comes back from the farmers' plots alone.
    Storage,
}

pub(crate) async fn run(context: &Context, args: Demo) -> Result<(), CliError> {
    match args.only.unwrap_or(Journey::Storage) {
        Journey::Storage => storage::run(context, args.file.as_deref(), &args.data, args.farm_size.0).await,
    }
}
