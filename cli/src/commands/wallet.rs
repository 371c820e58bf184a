//! `auto wallet`: accounts and their keys.

use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault, internal};
use crate::ui::table;
use auto_core::KeyPair;
use auto_sdk::{DevAccount, DomainAccountInfo, KdfCost, KeyError, Keystore, ProvenAccount, Secret};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make and keep accounts.
///
/// Keys are encrypted with a password, which comes from --password-file, the variable AUTO_PASSWORD, a
/// prompt, or the first line of standard input.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto wallet new savings
  auto wallet show savings
  auto wallet list --json")]
pub(crate) struct Wallet {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account.
    #[command(
        after_help = "Examples:\n  auto wallet new savings\n  auto wallet new ci --password-file pw.txt --json"
    )]
    New {
        /// Its name.
        name: String,
    },
    /// List the accounts of this machine and of the development network.
    #[command(after_help = "Examples:\n  auto wallet list\n  auto wallet list --json")]
    List,
    /// Show an account's address, its balance, checked by its proof, and what it holds on domains.
    #[command(
        after_help = "Examples:\n  auto wallet show alice\n  auto wallet show savings --proof savings.json"
    )]
    Show {
        /// Its name, or an address.
        name: String,
        /// Write the proof of the balance to a file, for `auto verify`.
        #[arg(long, value_name = "FILE")]
        proof: Option<PathBuf>,
        /// Show the address only, and ask no node.
        #[arg(long, conflicts_with = "proof")]
        offline: bool,
    },
    /// Take an account from a keystore file, or from a secret.
    #[command(
        after_help = "Examples:\n  auto wallet import savings savings.json\n  auto wallet import old --secret-file secret.hex"
    )]
    Import {
        /// The name it gets.
        name: String,
        /// A keystore file of another machine.
        #[arg(required_unless_present = "secret_file", conflicts_with = "secret_file")]
        file: Option<PathBuf>,
        /// A file with the secret in 64 hex digits.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// Write an account's encrypted keystore file elsewhere, or print its secret.
    #[command(
        after_help = "Examples:\n  auto wallet export savings --out savings.json\n  auto wallet export savings --secret"
    )]
    Export {
        /// Its name.
        name: String,
        /// The file to write; it must not exist.
        #[arg(long, value_name = "FILE", required_unless_present = "secret")]
        out: Option<PathBuf>,
        /// Print the secret itself. Whoever sees it can take the money.
        #[arg(long, conflicts_with = "out")]
        secret: bool,
    },
    /// Remove an account for good.
    #[command(after_help = "Examples:\n  auto wallet remove old\n  auto wallet remove old --yes")]
    Remove {
        /// Its name.
        name: String,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

/// Names of development accounts are taken: whoever sees one must be able to tell.
fn check_free(keystore: &Keystore, name: &str) -> Result<(), CliError> {
    if DevAccount::named(name).is_some() || keystore.path(name)?.exists() {
        return Err(KeyError::Exists(name.to_owned()).into());
    }
    Ok(())
}

/// Writes a file that only its owner may read, and never over another.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), CliError> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| file_fault("create", path, error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| file_fault("write", path, error))
}

fn added(context: &Context, name: &str, address: auto_core::Address) {
    let path = context.keystore().path(name).unwrap_or_default();
    let data = json!({ "name": name, "address": address, "file": path });
    context
        .ui
        .note(&format!("kept in {}; without the file or the password nobody can recover it", path.display()));
    context.ui.result(&data, &format!("{name}  {address}"));
}

fn new(context: &Context, name: &str) -> Result<(), CliError> {
    check_free(&context.keystore(), name)?;
    let password = context.new_password(&format!("New password of {name}: "))?;
    let mut secret = Secret::default();
    getrandom::fill(secret.as_mut_slice()).map_err(internal)?;
    let address = context.keystore().add(name, &secret, password.as_bytes(), KdfCost::DEFAULT)?;
    added(context, name, address);
    Ok(())
}

fn list(context: &Context) -> Result<(), CliError> {
    let mut accounts = Vec::new();
    for name in context.keystore().names()? {
        match context.keystore().read(&name) {
            Ok(file) => accounts.push((name, file.address, false)),
            Err(error) => context.ui.warn(&format!("{name}: {error}")),
        }
    }
    for account in DevAccount::all() {
        accounts.push((account.name().to_owned(), account.pair().public_key().address(), true));
    }
    let data: Vec<_> = accounts
        .iter()
        .map(|(name, address, dev)| json!({ "name": name, "address": address, "dev_only": dev }))
        .collect();
    let rows: Vec<_> = accounts
        .iter()
        .map(|(name, address, dev)| {
            vec![name.clone(), address.to_string(), if *dev { "development only" } else { "" }.to_owned()]
        })
        .collect();
    context.ui.result(&data, &table(&["name", "address", ""], &rows));
    Ok(())
}

/// An account with its proof, and what the node states of it on domains.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    proven: ProvenAccount,
    domains: Vec<DomainAccountInfo>,
}

async fn show(context: &Context, name: &str, proof: Option<&Path>, offline: bool) -> Result<(), CliError> {
    let address = context.address(name)?;
    if offline {
        context.ui.result(&json!({ "name": name, "address": address }), &address.to_string());
        return Ok(());
    }
    let client = context.client()?;
    let (file, proven) = client.account_proof(&address).await?;
    let (_, domains) = client.account_everywhere(&address).await?;
    if let Some(path) = proof {
        let text = serde_json::to_string_pretty(&file).map_err(internal)?;
        std::fs::write(path, format!("{text}\n")).map_err(|error| file_fault("write", path, error))?;
        context.ui.note(&format!("proof written to {}", path.display()));
    }
    let rows = [
        ("name", name.to_owned()),
        ("address", address.to_string()),
        ("balance", proven.balance.to_string()),
        ("transactions sent", proven.nonce.to_string()),
        ("at block", format!("{} ({})", proven.block, proven.block_hash)),
        ("proof", "holds".to_owned()),
    ];
    let mut rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    rows.extend(domains.iter().map(|there| {
        let sent =
            format!("{} after block {}, {} transactions sent", there.balance, there.number, there.nonce);
        vec![format!("on {}", there.domain_name), sent]
    }));
    context.ui.result(&Shown { proven, domains }, &table(&[], &rows));
    Ok(())
}

fn import(
    context: &Context,
    name: &str,
    file: Option<&Path>,
    secret_file: Option<&Path>,
) -> Result<(), CliError> {
    let keystore = context.keystore();
    check_free(&keystore, name)?;
    if let Some(path) = secret_file {
        let text = context.secret_file(path)?;
        let mut secret = Secret::default();
        hex::decode_to_slice(text.trim(), secret.as_mut_slice()).map_err(|_| KeyError::Secret)?;
        let password = context.new_password(&format!("New password of {name}: "))?;
        keystore.add(name, &secret, password.as_bytes(), KdfCost::DEFAULT)?;
        added(context, name, KeyPair::from_secret(&secret).public_key().address());
        return Ok(());
    }
    let path = file.ok_or_else(|| Fault::Usage("name a keystore file".to_owned()))?;
    if !path.exists() {
        return Err(Fault::NoFile(path.to_owned()).into());
    }
    let file = Keystore::read_file(path)?;
    keystore.insert(name, &file)?;
    added(context, name, file.address);
    Ok(())
}

fn export(context: &Context, name: &str, out: Option<&Path>) -> Result<(), CliError> {
    let keystore = context.keystore();
    let file = keystore.read(name)?;
    if let Some(path) = out {
        write_private(path, &file.to_text())?;
        let data = json!({ "name": name, "address": file.address, "file": path });
        context.ui.result(&data, &format!("written to {}", path.display()));
        return Ok(());
    }
    let password = context.password(&format!("Password of {name}: "))?;
    let secret = keystore.secret(name, password.as_bytes())?;
    let text = zeroize::Zeroizing::new(hex::encode(*secret));
    context.ui.warn("whoever sees this secret can take the account's money");
    context.ui.result(&json!({ "name": name, "address": file.address, "secret": *text }), &text);
    Ok(())
}

fn remove(context: &Context, name: &str, yes: bool) -> Result<(), CliError> {
    let keystore = context.keystore();
    let address = keystore.read(name)?.address;
    if !yes {
        context.ui.confirm(&format!(
            "Remove {name} ({address}) for good? Money that it holds is lost without another copy."
        ))?;
    }
    keystore.remove(name)?;
    context
        .ui
        .result(&json!({ "name": name, "address": address, "removed": true }), &format!("removed {name}"));
    Ok(())
}

pub(crate) async fn run(context: &Context, args: Wallet) -> Result<(), CliError> {
    match args.action {
        Action::New { name } => new(context, &name),
        Action::List => list(context),
        Action::Show { name, proof, offline } => show(context, &name, proof.as_deref(), offline).await,
        Action::Import { name, file, secret_file } => {
            import(context, &name, file.as_deref(), secret_file.as_deref())
        }
        Action::Export { name, out, .. } => export(context, &name, out.as_deref()),
        Action::Remove { name, yes } => remove(context, &name, yes),
    }
}
