//! `auto verify`: checks a proof without a node.

use super::audit;
use crate::context::{Context, read_text};
use crate::error::{CliError, Fault};
use crate::ui::table;
use auto_core::{Address, Hash};
use auto_sdk::audit::{AuditFile, KIND, Trusted};
use auto_sdk::identity::ResolutionFile;
use auto_sdk::{ProofFile, SdkError};
use autoid_core::Payee;
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

/// Check a proof without a node: of an account, or of what an agent did.
///
/// The proof leads to the header of a consensus block. Compare its hash with one from a source you trust, or name
/// that one with --block-hash.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto wallet show alice --proof alice.json
  auto verify alice.json
  auto audit agent trader --proof trader.json
  auto verify trader.json --block-hash 1c0f...")]
pub(crate) struct Verify {
    /// The proof, as `auto wallet show --proof` or `auto audit agent --proof` writes it.
    file: PathBuf,
    /// Hash of a block that you trust; the proof must be about that one.
    #[arg(long, value_name = "HASH")]
    block_hash: Option<Hash>,
}

pub(crate) fn run(context: &Context, args: &Verify) -> Result<(), CliError> {
    let text = read_text(&args.file)?;
    let json: Value = serde_json::from_str(&text)
        .map_err(|error| SdkError::Proof(format!("{} is no proof: {error}", args.file.display())))?;
    match json.get("kind").and_then(Value::as_str) {
        None => account(context, args, &text)?,
        Some(KIND) => agent(context, args, &text)?,
        Some(ResolutionFile::KIND) => super::id::did::verify(context, &text, args.block_hash)?,
        Some(other) => return Err(Fault::UnknownProof(other.chars().take(64).collect()).into()),
    }
    Ok(())
}

fn account(context: &Context, args: &Verify, text: &str) -> Result<(), CliError> {
    let proven = ProofFile::parse(text)?.verify()?;
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

fn agent(context: &Context, args: &Verify, text: &str) -> Result<(), CliError> {
    let audited = AuditFile::parse(text)?.verify(&Trusted { block_hash: args.block_hash, head: None })?;
    if args.block_hash.is_none() {
        context.ui.note(&format!("The proof holds if you trust the block hash {}.", audited.block_hash));
    }
    let network = audited.network;
    let called = |id: &autoid_core::AutoId| id.did(&network).to_string();
    let paid = |payee: &Payee| match payee {
        Payee::Identity(id) => called(id),
        Payee::Address(address) => Address(*address).to_string(),
    };
    context.ui.result(&audit::data(&audited), &audit::text(&audited, &called, &paid));
    Ok(())
}
