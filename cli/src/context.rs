//! What every command shares: folders, the node, accounts and passwords.

use crate::args::Global;
use crate::error::{CliError, Fault};
use crate::ui::Ui;
use auto_core::{Address, Genesis, KeyPair};
use auto_sdk::{Client, DevAccount, GenesisFile, KeyError, Keystore, dev_genesis};
use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Most bytes of a password or of a file that holds a secret.
const SECRET_BYTES_MAX: u64 = 4096;

/// The genesis of a network, in the folder that has its chain and its farm.
pub(crate) const GENESIS_FILE: &str = "genesis.json";

/// What every command shares.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) ui: Ui,
    pub(crate) node_url: String,
    home: PathBuf,
    password_file: Option<PathBuf>,
}

/// Cuts the end of line off a secret.
fn first_line(mut text: Zeroizing<String>) -> Zeroizing<String> {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    text.truncate(end);
    text
}

/// Reads a text file of people's making.
pub(crate) fn read_text(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| file_fault("read", path, error))
}

/// The failure of something done to a file.
pub(crate) fn file_fault(action: &'static str, path: &Path, error: std::io::Error) -> CliError {
    match error.kind() {
        std::io::ErrorKind::NotFound => Fault::NoFile(path.to_owned()).into(),
        std::io::ErrorKind::AlreadyExists => Fault::FileExists(path.to_owned()).into(),
        _ => Fault::Io { action, path: path.to_owned(), error }.into(),
    }
}

/// The genesis of a file.
fn read_genesis(file: &Path) -> Result<Genesis, CliError> {
    Ok(GenesisFile::parse(&read_text(file)?)?.genesis()?)
}

/// The genesis that a folder keeps beside its chain and its farm.
pub(crate) fn kept_genesis(folder: &Path) -> Result<Option<Genesis>, CliError> {
    let file = folder.join(GENESIS_FILE);
    file.exists().then(|| read_genesis(&file)).transpose()
}

/// The genesis of a file; without one, that which the folder of the network keeps; else the development network's.
pub(crate) fn genesis(file: Option<&Path>, folder: &Path) -> Result<Genesis, CliError> {
    match file {
        Some(path) => read_genesis(path),
        None => Ok(kept_genesis(folder)?.unwrap_or_else(dev_genesis)),
    }
}

impl Context {
    pub(crate) fn new(global: &Global, ui: Ui) -> Self {
        let home = global.home.clone().unwrap_or_else(|| {
            let base = std::env::var_os("HOME").map_or_else(|| PathBuf::from("."), PathBuf::from);
            base.join(".auto")
        });
        Self { ui, node_url: global.node.clone(), home, password_file: global.password_file.clone() }
    }

    /// The same without a voice: for programs that speak for themselves on standard output.
    pub(crate) fn silent(&self) -> Self {
        Self {
            ui: Ui::new(true, true, true),
            node_url: self.node_url.clone(),
            home: self.home.clone(),
            password_file: self.password_file.clone(),
        }
    }

    /// Whether passwords come from a file or from the environment, so that nobody has to be asked.
    pub(crate) fn has_password(&self) -> bool {
        self.password_file.is_some() || std::env::var_os("AUTO_PASSWORD").is_some()
    }

    /// A folder below the home of this program.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    pub(crate) fn keystore(&self) -> Keystore {
        Keystore::new(self.folder("wallets"))
    }

    pub(crate) fn client(&self) -> Result<Client, CliError> {
        Ok(Client::new(&self.node_url)?)
    }

    /// An address, or that of a named account.
    pub(crate) fn address(&self, text: &str) -> Result<Address, CliError> {
        if let Some(account) = DevAccount::named(text) {
            return Ok(account.pair().public_key().address());
        }
        match self.keystore().read(text) {
            Ok(file) => Ok(file.address),
            Err(KeyError::Unknown { .. } | KeyError::Name(_)) => {
                text.parse().map_err(|_| Fault::UnknownAccount(text.to_owned()).into())
            }
            Err(other) => Err(other.into()),
        }
    }

    /// The key pair of a named account. Development accounts need no password, and work on the
    /// development network only.
    pub(crate) fn signer(&self, name: &str, is_dev_network: bool) -> Result<KeyPair, CliError> {
        if let Some(account) = DevAccount::named(name) {
            if is_dev_network {
                return Ok(account.pair());
            }
            return Err(KeyError::DevOnly(name.to_owned()).into());
        }
        // Refused before anybody types a password.
        self.keystore().read(name)?;
        let password = self.password(&format!("Password of {name}: "))?;
        Ok(self.keystore().unlock(name, password.as_bytes())?)
    }

    /// A password, from where the user put it; never from the command line, which others can see.
    pub(crate) fn password(&self, prompt: &str) -> Result<Zeroizing<String>, CliError> {
        if let Some(path) = &self.password_file {
            return Ok(first_line(self.secret_file(path)?));
        }
        if let Some(password) = std::env::var_os("AUTO_PASSWORD") {
            let text = password.into_string().map_err(|_| Fault::NoPassword)?;
            return Ok(Zeroizing::new(text));
        }
        if std::io::stdin().is_terminal() {
            return rpassword::prompt_password(prompt)
                .map(Zeroizing::new)
                .map_err(|_| Fault::NoPassword.into());
        }
        let mut line = Zeroizing::new(String::new());
        let read = std::io::stdin().lock().take(SECRET_BYTES_MAX).read_line(&mut line);
        match read {
            Ok(bytes) if bytes > 0 => Ok(first_line(line)),
            _ => Err(Fault::NoPassword.into()),
        }
    }

    /// A new password, asked for twice at a terminal.
    pub(crate) fn new_password(&self, prompt: &str) -> Result<Zeroizing<String>, CliError> {
        let password = self.password(prompt)?;
        let was_typed = self.password_file.is_none()
            && std::env::var_os("AUTO_PASSWORD").is_none()
            && std::io::stdin().is_terminal();
        if was_typed && *self.password("Again: ")? != *password {
            return Err(Fault::PasswordsDiffer.into());
        }
        Ok(password)
    }

    /// The text of a file that holds a secret.
    pub(crate) fn secret_file(&self, path: &Path) -> Result<Zeroizing<String>, CliError> {
        let file = std::fs::File::open(path).map_err(|error| file_fault("read", path, error))?;
        let mut text = Zeroizing::new(String::new());
        let read = file.take(SECRET_BYTES_MAX).read_to_string(&mut text);
        read.map_err(|error| file_fault("read", path, error))?;
        if exposed(path) {
            self.ui.warn(&format!("others may read {}; run chmod 600 on it", path.display()));
        }
        Ok(text)
    }
}

/// Whether others may read a file.
#[cfg(unix)]
pub(crate) fn exposed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

/// Whether others may read a file.
#[cfg(not(unix))]
pub(crate) fn exposed(_: &Path) -> bool {
    false
}
