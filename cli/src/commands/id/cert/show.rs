//! `auto id cert attach`, `show` and `export`.

use super::read::{Line, name};
use crate::commands::id::{now, read_at_most};
use crate::commands::wallet::write_private;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault};
use crate::session::{Place, Plan, Sending, Session};
use crate::ui::table;
use auto_sdk::identity::{attach_certificate, tell};
use autoid_certificates::Pem;
use autoid_core::{Action, Time};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Most bytes of a certificate's file that are worth reading.
const FILE_BYTES_MAX: u64 = 32 << 10;

/// Attach a certificate to the record of an identity.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert attach acme acme.pem
  auto id cert attach api api.pem --from acme --json")]
pub(super) struct Attach {
    /// The identity, whose key is in the keystore.
    name: String,
    /// The certificate in PEM.
    file: PathBuf,
    #[command(flatten)]
    sending: Sending,
}

/// Show the certificate of an identity, and whether its path holds now.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  auto id cert show api\n  auto id cert show did:auto:1f2e3d4c:z6Mk... --json"
)]
pub(super) struct Show {
    /// The identity: its name here, DID, id or alias.
    name: String,
    #[command(flatten)]
    place: Place,
}

/// Write chain, root and key of an identity as files for TLS.
///
/// The key is the one that controls the identity, in the clear: a program that serves with it can do everything in the
/// identity's name. Give servers identities of their own (`auto id create api --kind service --under acme --leaf`).
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert export api --dir tls
  openssl s_server -cert tls/chain.pem -key tls/key.pem -CAfile tls/root.pem -Verify 8
  auto id cert export api --dir tls --without-key --json")]
pub(super) struct Export {
    /// The identity: its name here; without its key also its DID, id or alias.
    name: String,
    /// The folder that gets chain.pem, root.pem and key.pem; none of them may exist.
    #[arg(long, value_name = "FOLDER")]
    dir: PathBuf,
    /// Write no key.
    #[arg(long)]
    without_key: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn attach(context: &Context, args: &Attach) -> Result<(), CliError> {
    let Attach { name, file, sending } = args;
    let text = read_at_most(file, FILE_BYTES_MAX)?;
    let none = || Fault::Usage(format!("{} does not hold one certificate in PEM", file.display()));
    let der = Pem::Certificate.decode(&text).ok_or_else(none)?;
    let mut session = Session::open(context, &sending.place).await?;
    let id = context.keystore().read_identity(name)?.name.id;
    let record = session.record(&id).await?;
    let payer = session.payer(sending, name)?;
    let key = session.key(name).await?;
    let hash = auto_core::hash(&der);
    let action = Action::AttachCertificate { certificate: hash.0 };
    let plan = Plan {
        calls: vec![attach_certificate(&record, session.state.point(), der, &key)?],
        effects: tell(&id, &action, &|id| session.called(id)),
        data: json!({ "id": id.to_string(), "action": action.name(), "certificate": hash }),
        grave: false,
    };
    let done = format!("attached; `auto id cert export {name} --dir FOLDER` writes what TLS needs");
    session.carry_out(sending, &payer, plan, &done).await
}

/// A moment as people read it.
fn moment(seconds: i64) -> String {
    u64::try_from(seconds).map_or_else(|_| seconds.to_string(), |seconds| Time(seconds).to_string())
}

/// The time of the chain.
fn seconds(session: &Session<'_>) -> i64 {
    i64::try_from(session.state.point().time.0).unwrap_or(i64::MAX)
}

/// Warns when a path that holds by the clock of the chain does not by that of this machine.
fn clocks(session: &Session<'_>, line: &Line) -> Result<(), CliError> {
    if let Err(why) = line.judge(&session.state.network(), now()?, |_| ()) {
        let chain = session.state.point().time;
        session
            .context
            .ui
            .warn(&format!("by the clock of this machine it does not hold ({why}); the chain has {chain}"));
    }
    Ok(())
}

pub(super) async fn show(context: &Context, args: &Show) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.name).await?;
    let line = Line::of(&mut session, &id).await?;
    let called = session.called(&id);
    let leaf = line.certificates.first().ok_or_else(|| Fault::Uncertified(called.clone()))?;
    let mut data = json!({
        "id": id.to_string(), "certificate": auto_core::hash(leaf), "pem": *Pem::Certificate.encode(leaf),
    });
    let mut rows = vec![vec!["certificate of".to_owned(), called]];
    let judged = match line.missing() {
        Some(above) => Err(Fault::Uncertified(session.called(&above.id)).to_string()),
        None => line.judge(&session.state.network(), seconds(&session), |path| {
            let names: Vec<String> = path.names.iter().filter_map(name).collect();
            (hex::encode(path.serial), path.validity, names, path.authority.is_some())
        }),
    };
    match judged {
        Ok((serial, (from, to), names, is_ca)) => {
            rows.push(vec!["holds".to_owned(), "yes".to_owned()]);
            rows.push(vec!["serial".to_owned(), serial.clone()]);
            rows.push(vec!["from".to_owned(), moment(from)]);
            rows.push(vec!["to".to_owned(), moment(to)]);
            rows.extend(names.iter().map(|name| vec!["name".to_owned(), name.clone()]));
            let above: Vec<String> = line.records.iter().skip(1).map(|one| session.called(&one.id)).collect();
            let above = if above.is_empty() { "itself".to_owned() } else { above.join(", ") };
            rows.push(vec!["issued by".to_owned(), above]);
            data["holds"] = json!(true);
            data["serial"] = json!(serial);
            data["from"] = json!(from);
            data["to"] = json!(to);
            data["names"] = json!(names);
            data["is_ca"] = json!(is_ca);
            clocks(&session, &line)?;
        }
        Err(why) => {
            rows.push(vec!["holds".to_owned(), format!("no: {why}")]);
            data["holds"] = json!(false);
            data["reason"] = json!(why);
        }
    }
    context.ui.result(&data, &table(&[], &rows));
    Ok(())
}

pub(super) async fn export(context: &Context, args: &Export) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.name).await?;
    let line = Line::of(&mut session, &id).await?;
    if let Some(above) = line.missing() {
        return Err(Fault::Uncertified(session.called(&above.id)).into());
    }
    line.judge(&session.state.network(), seconds(&session), |_| ()).map_err(Fault::CertificateFails)?;
    clocks(&session, &line)?;
    let key = if args.without_key { None } else { Some(session.key(&args.name).await?) };
    let folder = &args.dir;
    std::fs::create_dir_all(folder).map_err(|error| file_fault("create", folder, error))?;
    let chain: String = line.shown().iter().map(|der| Pem::Certificate.encode(der).to_string()).collect();
    let [chain_file, root_file, key_file] =
        ["chain.pem", "root.pem", "key.pem"].map(|file| folder.join(file));
    if let Some(there) = [&chain_file, &root_file, &key_file].into_iter().find(|file| file.exists()) {
        return Err(Fault::FileExists(there.clone()).into());
    }
    write_private(&chain_file, &chain)?;
    write_private(&root_file, &Pem::Certificate.encode(line.root()))?;
    let mut data: Value =
        json!({ "id": id.to_string(), "chain": chain_file, "root": root_file, "key": null });
    let mut text = format!("{}\n{}", chain_file.display(), root_file.display());
    if let Some(key) = key {
        write_private(&key_file, &Pem::PrivateKey.encode(&key.to_pkcs8()))?;
        context.ui.warn(&format!("whoever reads {} controls {}", key_file.display(), args.name));
        data["key"] = json!(key_file);
        text = format!("{text}\n{}", key_file.display());
    }
    context.ui.result(&data, &text);
    Ok(())
}
