//! `auto id cert`: certificates along the identity tree, for TLS of any make.

mod challenge;
mod issue;
mod read;
mod show;

use crate::context::Context;
use crate::error::CliError;
use clap::{Args, Subcommand};

/// Certificates along the identity tree, for TLS of any make.
///
/// Every identity is certified by the one above it, and the top of a tree by itself; each attaches its certificate to
/// its record, those above first. Where issuer and holder are on one machine, `issue` does request and challenge in
/// one go; otherwise the issuer makes a challenge, the holder a request that answers it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert issue acme --out acme.pem
  auto id cert attach acme acme.pem
  auto id cert challenge api --as acme --out challenge.json
  auto id cert request api --challenge challenge.json --out api.csr
  auto id cert issue api --as acme --request api.csr --host api.acme.example --out api.pem
  auto id cert attach api api.pem
  auto id cert export api --dir tls")]
pub(super) struct Cert {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask an identity under yours for a request: a nonce that only its answer to you can carry.
    Challenge(challenge::Ask),
    /// Ask for a certificate: a request (PKCS#10) that answers the issuer's challenge and proves possession of the key.
    Request(challenge::Answer),
    /// Issue a certificate to an identity under yours, or to yourself at the top of a tree.
    Issue(issue::Issue),
    /// Attach a certificate to the record of an identity; the chain checks its whole path.
    Attach(show::Attach),
    /// Show the certificate of an identity, and whether its path holds now.
    Show(show::Show),
    /// Write chain, root and key of an identity as files for TLS.
    Export(show::Export),
}

pub(super) async fn run(context: &Context, args: &Cert) -> Result<(), CliError> {
    match &args.action {
        Action::Challenge(args) => challenge::ask(context, args).await,
        Action::Request(args) => challenge::answer(context, args).await,
        Action::Issue(args) => issue::run(context, args).await,
        Action::Attach(args) => show::attach(context, args).await,
        Action::Show(args) => show::show(context, args).await,
        Action::Export(args) => show::export(context, args).await,
    }
}
