//! `auto id sign` and `submit`: an operation that several sign, each on a machine of their own.

use super::order::keys;
use super::read_at_most;
use crate::context::{Context, file_fault};
use crate::error::CliError;
use crate::session::{Place, Plan, Sending, Session};
use auto_sdk::identity::{IdentityKey, OperationFile, SHARED_STATEMENT_BLOCKS, Side, tell, unsigned};
use autoid_core::{Action, IdentityRecord, Operation};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Most bytes of an operation's file that are worth reading.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// Add a signature to an operation that several sign.
///
/// The file comes from `--to-file` of another command. What it says is shown before it is signed, and signatures that
/// it has already are checked. It holds no secret.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id suspend diploma --as school --to-file suspend.json
  auto id sign suspend.json --as ministry
  auto id sign suspend.json --as ministry --yes --json")]
pub(super) struct Sign {
    /// The file; the signature is added to it.
    file: PathBuf,
    /// Who signs: identities whose keys are in the keystore.
    #[arg(long = "as", value_name = "NAME,...", value_delimiter = ',', required = true)]
    by: Vec<String>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

/// Send an operation that enough have signed; anybody may.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id submit suspend.json --from alice --dry-run
  auto id submit suspend.json --from alice --json")]
pub(super) struct Submit {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    sending: Sending,
}

/// Begins the file of an operation with the signatures of these keys, of which there may be none.
pub(super) fn write_operation(
    session: &Session<'_>,
    (record, action, side): (&IdentityRecord, Action, Side),
    keys: &[IdentityKey],
    path: &Path,
) -> Result<(), CliError> {
    let valid_until = session.state.number().0.saturating_add(SHARED_STATEMENT_BLOCKS);
    let operation = unsigned(record, valid_until, action, side)?;
    let mut file = OperationFile::new(session.state.network(), session.state.domain(), operation)?;
    for key in keys {
        file = file.signed(key)?;
    }
    put(path, &file, true)?;
    show(session, path, &file);
    Ok(())
}

pub(super) async fn sign(context: &Context, args: &Sign) -> Result<(), CliError> {
    let mut file = OperationFile::parse(&read_at_most(&args.file, FILE_BYTES_MAX)?)?;
    let mut session = Session::open(context, &args.place).await?;
    file.check(&mut session.state).await?;
    for name in &args.by {
        let signer = context.keystore().read_identity(name)?.name.id;
        file.admit(&mut session.state, &signer).await?;
    }
    let effects = said(&session, &file).join("\n  ");
    context.ui.note(&format!("{} signs this:\n  {effects}", args.by.join(", ")));
    if !args.yes {
        context.ui.confirm("Sign it?")?;
    }
    for key in keys(&mut session, &args.by).await? {
        file = file.signed(&key)?;
    }
    put(&args.file, &file, false)?;
    show(&session, &args.file, &file);
    Ok(())
}

pub(super) async fn submit(context: &Context, args: &Submit) -> Result<(), CliError> {
    let file = OperationFile::parse(&read_at_most(&args.file, FILE_BYTES_MAX)?)?;
    let mut session = Session::open(context, &args.sending.place).await?;
    file.check(&mut session.state).await?;
    let first = file.signers().next().map_or(file.operation().id, |by| by.identity);
    let payer = session.payer(&args.sending, &session.called(&first))?;
    let done = format!("{}: {}", file.operation().action.name(), session.called(&file.operation().id));
    let plan = Plan {
        effects: said(&session, &file),
        data: data(&session, &file),
        grave: true,
        calls: vec![file.call()?],
    };
    session.carry_out(&args.sending, &payer, plan, &done).await
}

/// The operation in words, with who signed and until when it holds.
fn said(session: &Session<'_>, file: &OperationFile) -> Vec<String> {
    let Operation { id, action, valid_until, .. } = file.operation();
    let mut told = tell(id, action, &|id| session.called(id));
    let signed: Vec<String> = file.signers().map(|by| session.called(&by.identity)).collect();
    let signed = if signed.is_empty() { "nobody yet".to_owned() } else { signed.join(", ") };
    told.push(format!("signed by: {signed}"));
    told.push(format!("takes effect until block {valid_until}; this is {}", session.state.number().0));
    told
}

fn data(session: &Session<'_>, file: &OperationFile) -> Value {
    let Operation { id, seq, valid_until, action } = file.operation();
    let signed: Vec<String> = file.signers().map(|by| by.identity.to_string()).collect();
    json!({
        "id": id.to_string(), "action": action.name(), "seq": seq, "valid_until": valid_until,
        "says": tell(id, action, &|id| session.called(id)), "signed_by": signed,
    })
}

fn show(session: &Session<'_>, path: &Path, file: &OperationFile) {
    let mut data = data(session, file);
    data["file"] = json!(path);
    let said = said(session, file).join("\n  ");
    let next = "others add theirs with `auto id sign`, anybody sends it with `auto id submit`";
    session.context.ui.result(&data, &format!("{}:\n  {said}\n{next}", path.display()));
}

/// Puts a file where none is, or in the place of the one that was read: all of it or nothing.
fn put(path: &Path, file: &OperationFile, is_new: bool) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error| file_fault("write", path, error);
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut temporary, file.to_text().as_bytes()).map_err(failed)?;
    if is_new {
        temporary.persist_noclobber(path).map_err(|error| failed(error.error))?;
    } else {
        temporary.persist(path).map_err(|error| failed(error.error))?;
    }
    Ok(())
}
