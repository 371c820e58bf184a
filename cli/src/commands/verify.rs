//! `auto verify`: checks signed files and proofs.

mod content;

use super::audit;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault};
use crate::session::Place;
use crate::ui::table;
use auto_core::{Address, Hash};
use auto_sdk::audit::{AuditFile, KIND, Trusted};
use auto_sdk::identity::ResolutionFile;
use auto_sdk::{ProofFile, SdkError, provenance};
use autoid_core::Payee;
use clap::Args;
use content::Signed;
use serde_json::Value;
use std::path::PathBuf;

/// Check a signed file, or a proof of an account, of an identity's document, or of what an agent did.
///
/// Proofs are checked without a node. They lead to the header of a consensus block: compare its hash with one from a
/// source you trust, or name that one with --block-hash. Of a signed file, FILE.proof is used when it is there;
/// without it the node is asked, and what it answers is checked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto verify photo.jpg
  auto verify photo.jpg --manifest received.manifest --node http://127.0.0.1:8700
  auto wallet show alice --proof alice.json
  auto verify alice.json
  auto audit agent trader --proof trader.json
  auto verify trader.json --block-hash 1c0f...")]
pub(crate) struct Verify {
    /// A signed file, its manifest or its proof, or what `auto wallet show --proof`, `auto audit agent --proof`
    /// or `auto id did resolve --proof` writes.
    file: PathBuf,
    /// Of a signed file: its manifest [default: FILE.manifest].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Of a signed file: its proof, which needs no node [default: FILE.proof, if it is there].
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Of a manifest or a proof: the file that it is about [default: the name without the ending].
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Hash of a block that you trust; the proof must be about that one.
    #[arg(long, value_name = "HASH")]
    block_hash: Option<Hash>,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(context: &Context, args: &Verify) -> Result<(), CliError> {
    if let Some(signed) = Signed::find(args)? {
        return content::run(context, args, signed).await;
    }
    let bytes = std::fs::read(&args.file).map_err(|error| file_fault("read", &args.file, error))?;
    let no_proof = || Fault::NoManifest(args.file.clone());
    let text = String::from_utf8(bytes).map_err(|_| no_proof())?;
    let json: Value = serde_json::from_str(&text).map_err(|_| no_proof())?;
    match json.get("kind").and_then(Value::as_str) {
        None => account(context, args, &text),
        Some(KIND) => agent(context, args, &text),
        Some(ResolutionFile::KIND) => super::id::did::verify(context, &text, args.block_hash),
        Some(provenance::KIND) => content::run(context, args, Signed::by_proof(args)?).await,
        Some(other) => Err(Fault::UnknownProof(other.chars().take(64).collect()).into()),
    }
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
