//! `auto id did`: decentralized identifiers.

use crate::commands::operator::domain;
use crate::commands::wallet::write_private;
use crate::context::Context;
use crate::error::{CliError, internal};
use crate::session::IDENTITIES;
use auto_sdk::identity::AutoDids;
use autoid_credentials::SecretKey;
use autoid_credentials::did::{self, DidError, Document, Resolver, Source, WebFetch};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Decentralized identifiers and their keys.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id did resolve did:web:example.com
  auto id did new alice.key")]
pub(crate) struct Did {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the document of a DID: did:key and did:jwk without any network, did:web over HTTPS, did:auto from the
    /// state of the node's chain, with proof.
    #[command(
        after_help = "Examples:\n  auto id did resolve did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2\n  auto id did resolve did:web:example.com --json"
    )]
    Resolve {
        /// The DID.
        did: String,
    },
    /// Make an Ed25519 key and its did:key.
    #[command(after_help = "Examples:\n  auto id did new alice.key\n  auto id did new alice.key --json")]
    New {
        /// The file that gets the secret key, in multibase; it must not exist.
        file: PathBuf,
    },
}

pub(crate) async fn run(context: &Context, args: Did) -> Result<(), CliError> {
    match args.action {
        Action::Resolve { did } => {
            let document = resolve(context, &did.parse()?).await?;
            let text = serde_json::to_string_pretty(document.json()).map_err(internal)?;
            context.ui.result(document.json(), &text);
            Ok(())
        }
        Action::New { file } => new(context, &file),
    }
}

/// Documents of `did:auto`, read from the state of the domain over proofs; the node is asked when one is needed.
struct Chain<'a>(&'a Context);

impl Source for Chain<'_> {
    async fn document(&self, did: &did::Did) -> Result<Vec<u8>, DidError> {
        let failed = |error: CliError| DidError::Fetch { url: did.as_str().to_owned(), why: error.what };
        let client = self.0.client().map_err(failed)?;
        let there = domain(&client, IDENTITIES).await.map_err(failed)?;
        AutoDids::new(client.domain(there.domain)).document(did).await
    }
}

/// The document of a DID.
pub(super) async fn resolve(context: &Context, did: &did::Did) -> Result<Document, CliError> {
    Ok(Resolver { web: WebFetch::new()?, auto: Chain(context) }.resolve(did).await?)
}

fn new(context: &Context, file: &Path) -> Result<(), CliError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(internal)?;
    let key = SecretKey::from_ed25519_seed(&seed);
    write_private(file, &Zeroizing::new(format!("{}\n", *key.to_multikey())))?;
    let did = key.public().to_did();
    context.ui.note(&format!("secret key kept in {}; whoever reads it can sign as this DID", file.display()));
    context.ui.result(&json!({ "did": did.as_str(), "file": file }), did.as_str());
    Ok(())
}

/// The key of a file, and the name of that key: of its own did:key unless another is given.
pub(super) fn signer(
    context: &Context,
    file: &Path,
    name: Option<&str>,
) -> Result<(SecretKey, did::DidUrl), CliError> {
    let text = context.secret_file(file)?;
    let key = SecretKey::from_multikey(text.trim())?;
    let method = match name {
        Some(name) => name.parse()?,
        None => {
            let did = key.public().to_did();
            did.with_fragment(did.id())
        }
    };
    Ok((key, method))
}
