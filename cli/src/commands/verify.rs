//! `auto verify`: checks an account proof without a node.

use crate::context::{Context, read_text};
use crate::error::CliError;
use crate::ui::table;
use auto_core::Hash;
use auto_sdk::{ProofFile, SdkError};
use clap::Args;
use std::path::PathBuf;

/// Check an account proof without a node.
///
/// The proof leads to the state root of a block header. Compare the header's hash with one from a source
/// you trust, or name that one with --block-hash.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto wallet show alice --proof alice.json
  auto verify alice.json
  auto verify alice.json --block-hash 1c0f...")]
pub(crate) struct Verify {
    /// The proof, as `auto wallet show NAME --proof FILE` writes it.
    file: PathBuf,
    /// Hash of a block that you trust; the proof must be about that one.
    #[arg(long, value_name = "HASH")]
    block_hash: Option<Hash>,
}

pub(crate) fn run(context: &Context, args: &Verify) -> Result<(), CliError> {
    let proven = ProofFile::parse(&read_text(&args.file)?)?.verify()?;
    if args.block_hash.is_some_and(|trusted| trusted != proven.block_hash) {
        let reason = format!("it is about block {}, not about the one you trust", proven.block_hash);
        return Err(SdkError::Proof(reason).into());
    }
    let rows = [
        ["proven", "yes"].map(str::to_owned).to_vec(),
        vec!["address".to_owned(), proven.address.to_string()],
        vec!["balance".to_owned(), proven.balance.to_string()],
        vec!["transactions sent".to_owned(), proven.nonce.to_string()],
        vec!["block".to_owned(), proven.block.to_string()],
        vec!["block hash".to_owned(), proven.block_hash.to_string()],
        vec!["state root".to_owned(), proven.state_root.to_string()],
    ];
    if args.block_hash.is_none() {
        context.ui.note("The proof holds if you trust this block hash.");
    }
    context.ui.result(&proven, &table(&[], &rows));
    Ok(())
}
