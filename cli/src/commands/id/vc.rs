//! `auto id vc`: verifiable credentials.

mod issue;
mod present;
mod verify;

use crate::context::Context;
use crate::error::CliError;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Verifiable credentials.
///
/// Two forms are known: JSON with an embedded proof (W3C, eddsa-jcs-2022), and SD-JWT, of which the holder
/// shows only what is wanted. Which one a file holds is seen from its first character.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id vc issue diploma.json --key school.key > signed.json
  auto id vc verify signed.json
  auto id vc present card.jwt --key alice.key --show /name --audience shop.example --nonce 71")]
pub(crate) struct Vc {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Sign a credential.
    #[command(
        after_help = "Examples:\n  auto id vc issue diploma.json --key school.key\n  auto id vc issue claims.json --key school.key --sd-jwt https://example.com/card --hide /name --holder did:key:z6Mk..."
    )]
    Issue(issue::Issue),
    /// Check a credential or a presentation.
    #[command(
        after_help = "Examples:\n  auto id vc verify signed.json\n  auto id vc verify shown.jwt --audience shop.example --nonce 71 --status list.json"
    )]
    Verify(verify::Verify),
    /// Show credentials to a verifier who asked.
    #[command(
        after_help = "Examples:\n  auto id vc present signed.json --key alice.key --audience shop.example --nonce 71\n  auto id vc present card.jwt --key alice.key --show /name --show /address/city --audience shop.example --nonce 71"
    )]
    Present(present::Present),
}

/// The key that signs.
#[derive(Debug, Args)]
struct Signer {
    /// File with the secret key, as `auto id did new` writes it.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Name of the key in the signer's DID document [default: that of its own did:key].
    #[arg(long, value_name = "DID#KEY")]
    r#as: Option<String>,
}

/// What a verifier asked.
#[derive(Debug, Args)]
struct Asked {
    /// Who asks: the verifier's name.
    #[arg(long, value_name = "NAME", requires = "nonce")]
    audience: Option<String>,
    /// What the verifier wants to see again.
    #[arg(long, value_name = "TEXT", requires = "audience")]
    nonce: Option<String>,
}

/// Whether a text is JSON with an embedded proof.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

pub(crate) async fn run(context: &Context, args: Vc) -> Result<(), CliError> {
    match args.action {
        Action::Issue(args) => issue::run(context, &args).await,
        Action::Verify(args) => verify::run(context, &args).await,
        Action::Present(args) => present::run(context, &args),
    }
}
