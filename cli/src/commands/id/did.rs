//! `auto id did`: decentralized identifiers.

use crate::commands::operator::domain;
use crate::commands::wallet::write_private;
use crate::context::Context;
use crate::error::{CliError, Fault, internal};
use crate::session::IDENTITIES;
use auto_core::Hash;
use auto_sdk::At;
use auto_sdk::identity::{AutoDids, ResolutionFile, Version};
use autoid_core::Time;
use autoid_credentials::SecretKey;
use autoid_credentials::did::{self, DidError, Document, Resolver, Source, WebFetch};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
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
    ///
    /// Of a did:auto an older version can be asked for, as far back as the node keeps states; with one of the options
    /// the result holds the document's metadata, too.
    #[command(
        after_help = "Examples:\n  auto id did resolve did:web:example.com --json\n  auto id did resolve did:auto:1f2e3d4c:z6Mk... --version-id 3\n  auto id did resolve did:auto:1f2e3d4c:z6Mk... --version-time 2026-11-23T06:00:00Z\n  auto id did resolve did:auto:1f2e3d4c:z6Mk... --proof document.json"
    )]
    Resolve {
        /// The DID.
        did: String,
        #[command(flatten)]
        options: Options,
    },
    /// Make an Ed25519 key and its did:key.
    #[command(after_help = "Examples:\n  auto id did new alice.key\n  auto id did new alice.key --json")]
    New {
        /// The file that gets the secret key, in multibase; it must not exist.
        file: PathBuf,
    },
}

/// Which version of a did:auto is meant, and whether its proof is kept.
#[derive(Debug, Args)]
struct Options {
    /// The version of this number.
    #[arg(long, value_name = "NUMBER", conflicts_with = "version_time")]
    version_id: Option<u64>,
    /// The version that was in force at this time: 2026-11-23T06:00:00Z, or Unix seconds.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    version_time: Option<Time>,
    /// Write document and proof to a file, for `auto verify`; it must not exist.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

impl Options {
    const fn is_none(&self) -> bool {
        self.version_id.is_none() && self.version_time.is_none() && self.proof.is_none()
    }

    fn version(&self) -> Version {
        let by_time = self.version_time.map_or(Version::Newest, Version::Time);
        self.version_id.map_or(by_time, Version::Id)
    }
}

/// A time in UTC as RFC 3339 has it, or in Unix seconds.
fn moment(text: &str) -> Result<Time, String> {
    let wrong = || "write it as 2026-11-23T06:00:00Z or in Unix seconds".to_owned();
    if let Ok(seconds) = text.parse() {
        return Ok(Time(seconds));
    }
    let digits = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u64>().ok());
    let (year, month, day) = (digits(0, 4), digits(5, 7), digits(8, 10));
    let (hour, minute, second) = (digits(11, 13), digits(14, 16), digits(17, 19));
    let date =
        year.zip(month).zip(day).filter(|((year, month), _)| *year >= 1970 && (1..=12).contains(month));
    let ((year, month), day) = date.ok_or_else(wrong)?;
    let ((hour, minute), second) = hour.zip(minute).zip(second).ok_or_else(wrong)?;
    // Years that begin in March, so that the leap day is the last of its year.
    let (shifted, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * from_march + 2) / 5 + day;
    let days = days.checked_sub(719_469).ok_or_else(wrong)?;
    let time = Time(days * 86_400 + hour * 3_600 + minute * 60 + second);
    // What is written back differently was no date.
    if time.to_string() == text { Ok(time) } else { Err(wrong()) }
}

/// A version of a did:auto, with its metadata.
async fn resolve_version(context: &Context, text: &str, options: &Options) -> Result<(), CliError> {
    let client = context.client()?;
    let there = client.domain(domain(&client, IDENTITIES).await?.domain);
    let did: autoid_core::Did = text.parse()?;
    // A proof needs a block that operators vouched for.
    let at = if options.proof.is_some() { At::Vouched } else { At::Newest };
    let newest = there.state(at).await?;
    let id = did.on(&newest.network())?;
    let dids = AutoDids::new(there);
    let mut resolved = match options.version() {
        Version::Newest => dids.resolve_at(&id, at).await?,
        version => dids.resolve(&id, version).await?,
    };
    let value = |text: &str| serde_json::from_str::<Value>(text).map_err(internal);
    let (document, mut metadata) = (value(&resolved.document)?, value(&resolved.metadata)?);
    metadata["block"] = json!(resolved.state.number());
    metadata["versionTime"] = json!(resolved.state.point().time.to_string());
    let mut data = json!({ "didDocument": document, "didDocumentMetadata": metadata, "proof": null });
    if let Some(path) = &options.proof {
        write_private(path, &resolved.proof().await?.to_text())?;
        data["proof"] = json!(path);
        context
            .ui
            .note(&format!("proof written to {}; `auto verify` checks it without a node", path.display()));
    }
    let text = serde_json::to_string_pretty(&data["didDocument"]).map_err(internal)?;
    let metadata = &data["didDocumentMetadata"];
    context.ui.note(&format!("version {}, proven in block {}", metadata["versionId"], metadata["block"]));
    context.ui.result(&data, &text);
    Ok(())
}

/// Checks a document and its proof without a node.
pub(crate) fn verify(context: &Context, text: &str, trusted: Option<Hash>) -> Result<(), CliError> {
    let proven = ResolutionFile::parse(text)?.verify(trusted)?;
    let value = |text: &str| serde_json::from_str::<Value>(text).map_err(internal);
    let (document, metadata) = (value(&proven.document)?, value(&proven.metadata)?);
    if trusted.is_none() {
        context.ui.note(&format!("The proof holds if you trust the block hash {}.", proven.block_hash));
    }
    let text = serde_json::to_string_pretty(&document).map_err(internal)?;
    let data = json!({
        "proven": true, "pinned": trusted.is_some(), "confirmed": proven.is_confirmed,
        "did": proven.did.to_string(), "didDocument": document, "didDocumentMetadata": metadata,
        "domain_block": proven.point.block, "time": proven.point.time.to_string(),
        "block": proven.block, "block_hash": proven.block_hash,
    });
    context.ui.result(&data, &text);
    Ok(())
}

pub(crate) async fn run(context: &Context, args: Did) -> Result<(), CliError> {
    match args.action {
        Action::Resolve { did, options } if !options.is_none() => {
            if !did.starts_with("did:auto:") {
                let why = "only did:auto has versions and proofs";
                return Err(Fault::Usage(format!("{why}, not {did}")).into());
            }
            resolve_version(context, &did, &options).await
        }
        Action::Resolve { did, .. } => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back_and_what_is_no_date_is_refused() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2026-11-23T06:00:00Z", 1_795_413_600),
            ("1795413600", 1_795_413_600),
        ] {
            assert_eq!(moment(text), Ok(Time(seconds)), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-23",
            "-1",
            "1969-12-31T00:00:00Z",
        ] {
            assert!(moment(text).is_err(), "{text}");
        }
    }
}
