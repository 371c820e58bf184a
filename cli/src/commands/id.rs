//! `auto id`: identities, credentials and certificates.

mod alias;
mod did;
pub(crate) mod life;
pub(crate) mod show;
mod vc;
mod x509;

use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault, internal};
use clap::{Args, Subcommand};
use std::io::Read;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The name that means standard input.
const STDIN: &str = "-";

/// Make and check identities, credentials and certificates.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id create alice --kind human
  auto id show alice
  auto id did resolve did:web:example.com
  auto id vc verify diploma.json
  auto id x509 verify --json suite.json")]
pub(crate) struct Id {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an identity.
    Create(life::Create),
    /// Show an identity: its keys, its standing, and who answers for it.
    Show(show::Show),
    /// List the identities whose keys are kept here.
    List(show::List),
    /// Replace the key of an identity by the one that it committed to.
    Rotate(life::Rotate),
    /// Stop an identity for a while.
    Suspend(life::Suspend),
    /// End a suspension.
    Resume(life::Resume),
    /// End an identity for ever.
    Revoke(life::Revoke),
    /// Kill every grant that an identity issued.
    BumpEpoch(life::BumpEpoch),
    /// Names for people.
    Alias(alias::Alias),
    /// Decentralized identifiers and their keys.
    Did(did::Did),
    /// Verifiable credentials.
    Vc(vc::Vc),
    /// X.509 certificates of anybody.
    X509(x509::X509),
}

pub(crate) async fn run(context: &Context, args: Id) -> Result<(), CliError> {
    match args.action {
        Action::Create(args) => life::create(context, &args).await,
        Action::Show(args) => show::show(context, &args).await,
        Action::List(args) => show::list(context, &args).await,
        Action::Rotate(args) => life::rotate(context, &args).await,
        Action::Suspend(args) => life::suspend(context, &args).await,
        Action::Resume(args) => life::resume(context, &args).await,
        Action::Revoke(args) => life::revoke(context, &args).await,
        Action::BumpEpoch(args) => life::bump_epoch(context, &args).await,
        Action::Alias(args) => alias::run(context, &args).await,
        Action::Did(args) => did::run(context, args).await,
        Action::Vc(args) => vc::run(context, args).await,
        Action::X509(args) => x509::run(context, args),
    }
}

/// The text of a file, or of standard input.
fn read(file: &Path) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let read = if file == Path::new(STDIN) {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| file_fault("read", file, error))?;
    String::from_utf8(bytes).map_err(|_| Fault::Usage(format!("{} is not UTF-8", file.display())).into())
}

/// Unix seconds.
fn now() -> Result<i64, CliError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(internal)?.as_secs();
    i64::try_from(now).map_err(internal)
}
