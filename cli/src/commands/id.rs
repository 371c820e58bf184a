//! `auto id`: identities, credentials and certificates.

mod alias;
mod cert;
pub(crate) mod did;
mod guardians;
pub(crate) mod life;
mod order;
mod recover;
mod services;
mod several;
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
    /// Vouch for an identity that waits for its issuers.
    Endorse(order::Endorse),
    /// Stop an identity for a while.
    Suspend(order::Suspend),
    /// End a suspension.
    Resume(order::Resume),
    /// End an identity for ever.
    Revoke(order::Revoke),
    /// Kill every grant that an identity issued.
    BumpEpoch(order::BumpEpoch),
    /// Who may recover an identity whose keys are lost.
    Guardians(guardians::GuardiansArgs),
    /// New keys for an identity whose keys are lost or stolen.
    Recover(recover::Recover),
    /// Where an identity can be reached.
    Services(services::Services),
    /// Add a signature to an operation that several sign.
    Sign(several::Sign),
    /// Send an operation that enough have signed.
    Submit(several::Submit),
    /// Names for people.
    Alias(alias::Alias),
    /// Certificates along the identity tree, for TLS of any make.
    Cert(cert::Cert),
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
        Action::Endorse(args) => order::endorse(context, &args).await,
        Action::Suspend(args) => order::suspend(context, &args).await,
        Action::Resume(args) => order::resume(context, &args).await,
        Action::Revoke(args) => order::revoke(context, &args).await,
        Action::BumpEpoch(args) => order::bump_epoch(context, &args).await,
        Action::Guardians(args) => guardians::run(context, &args).await,
        Action::Recover(args) => recover::run(context, &args).await,
        Action::Services(args) => services::run(context, &args).await,
        Action::Sign(args) => several::sign(context, &args).await,
        Action::Submit(args) => several::submit(context, &args).await,
        Action::Alias(args) => alias::run(context, &args).await,
        Action::Cert(args) => cert::run(context, &args).await,
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

/// The text of a file of a bounded length.
fn read_at_most(file: &Path, bytes: u64) -> Result<String, CliError> {
    let mut text = Vec::new();
    let opened = std::fs::File::open(file).map_err(|error| file_fault("read", file, error))?;
    let read = opened.take(bytes.saturating_add(1)).read_to_end(&mut text);
    let length = u64::try_from(read.map_err(|error| file_fault("read", file, error))?).unwrap_or(u64::MAX);
    if length > bytes {
        return Err(Fault::Usage(format!("{} is longer than {bytes} bytes", file.display())).into());
    }
    String::from_utf8(text).map_err(|_| Fault::Usage(format!("{} is not UTF-8", file.display())).into())
}

/// Unix seconds.
fn now() -> Result<i64, CliError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(internal)?.as_secs();
    i64::try_from(now).map_err(internal)
}
