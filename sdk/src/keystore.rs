//! Named accounts on disk, each in an encrypted file of its own.
//!
//! A password becomes a key by argon2id (RFC 9106); the key encrypts the 32-byte secret with
//! XChaCha20-Poly1305. Version, address and costs are authenticated with it, so no part of a file can
//! be swapped for that of another.
//!
//! Keys of operators lie beside the accounts, in files of their own kind that end in `.operator.json`, and those of
//! identities in files that end in `.identity.json`.

mod error;
mod file;
mod identities;
mod identity;
mod operator;
mod sealed;

pub use error::{ERRORS, KeyError};
pub use file::KeyFile;
pub use identity::{IdentityFile, IdentityName};
pub use operator::OperatorKeyFile;
pub use sealed::KdfCost;

use auto_core::{Address, KeyPair, OperatorKey};
use auto_domains::election::OperatorPair;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The 32-byte secret of an account; wiped when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// Most bytes of a keystore file; more is not worth reading.
const FILE_BYTES_MAX: u64 = 4096;
/// End of the file name of an operator's key; no account's name has a dot.
const OPERATOR_SUFFIX: &str = ".operator.json";

/// A folder of named accounts.
///
/// ```
/// use auto_sdk::{KdfCost, Keystore, Secret};
///
/// let folder = tempfile::tempdir()?;
/// let keystore = Keystore::new(folder.path());
/// let address = keystore.add("savings", &Secret::new([7; 32]), b"a long password", KdfCost::MIN)?;
/// assert_eq!(keystore.unlock("savings", b"a long password")?.public_key().address(), address);
/// assert!(keystore.unlock("savings", b"another password").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Keystore {
    folder: PathBuf,
}

/// An account's name: lower-case letters, digits, `-` and `_`, at most 32.
fn check_name(name: &str) -> Result<(), KeyError> {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if name.len() <= 32 && starts_well && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(KeyError::Name(name.chars().take(64).collect()))
    }
}

fn io(action: &'static str, path: &Path, error: std::io::Error) -> KeyError {
    KeyError::Io { action, path: path.to_owned(), error }
}

impl Keystore {
    /// The accounts of a folder, which is made when the first is added.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of an account.
    ///
    /// # Errors
    /// When the name is not one.
    pub fn path(&self, name: &str) -> Result<PathBuf, KeyError> {
        check_name(name)?;
        Ok(self.folder.join(format!("{name}.json")))
    }

    /// The file of an operator's key.
    ///
    /// # Errors
    /// When the name is not one.
    pub fn operator_path(&self, name: &str) -> Result<PathBuf, KeyError> {
        check_name(name)?;
        Ok(self.folder.join(format!("{name}{OPERATOR_SUFFIX}")))
    }

    /// The names of all accounts, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, KeyError> {
        self.names_with(".json")
    }

    /// The names of all operator keys, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn operator_names(&self) -> Result<Vec<String>, KeyError> {
        self.names_with(OPERATOR_SUFFIX)
    }

    fn names_with(&self, suffix: &str) -> Result<Vec<String>, KeyError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io("read", &self.folder, error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io("read", &self.folder, error))?;
            let file = entry.file_name();
            if let Some(name) = file.to_str().and_then(|file| file.strip_suffix(suffix))
                && check_name(name).is_ok()
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// The file of an account, read strictly.
    ///
    /// # Errors
    /// When there is none, others may read it, or it is malformed.
    pub fn read(&self, name: &str) -> Result<KeyFile, KeyError> {
        let path = self.path(name)?;
        Self::read_file(&path).map_err(|error| match error {
            KeyError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                KeyError::Unknown { name: name.to_owned(), folder: self.folder.clone() }
            }
            other => other,
        })
    }

    /// A keystore file anywhere, read strictly.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, or it is malformed.
    pub fn read_file(path: &Path) -> Result<KeyFile, KeyError> {
        KeyFile::parse(&private_text(path)?).map_err(|error| error.of(path))
    }

    /// The file of an operator's key, read strictly.
    ///
    /// # Errors
    /// When there is none, others may read it, or it is malformed.
    pub fn read_operator(&self, name: &str) -> Result<OperatorKeyFile, KeyError> {
        let path = self.operator_path(name)?;
        let text = private_text(&path).map_err(|error| match error {
            KeyError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                KeyError::UnknownOperator { name: name.to_owned(), folder: self.folder.clone() }
            }
            other => other,
        })?;
        OperatorKeyFile::parse(&text).map_err(|error| error.of(&path))
    }

    /// Adds an operator's key under a new name.
    ///
    /// # Errors
    /// When the name is taken or not one, the password is empty, or the file cannot be written.
    pub fn add_operator(
        &self,
        name: &str,
        secret: &Secret,
        password: &[u8],
        cost: KdfCost,
    ) -> Result<OperatorKey, KeyError> {
        let path = self.operator_path(name)?;
        if path.exists() {
            return Err(KeyError::OperatorExists(name.to_owned()));
        }
        let file = OperatorKeyFile::seal(secret, password, cost)?;
        match self.place(&path, name, &file.to_text()) {
            Err(KeyError::Exists(name)) => Err(KeyError::OperatorExists(name)),
            placed => placed.map(|()| file.key),
        }
    }

    /// The key pair of an operator.
    ///
    /// # Errors
    /// When there is none, its file is unusable, or the password is wrong.
    pub fn unlock_operator(&self, name: &str, password: &[u8]) -> Result<OperatorPair, KeyError> {
        self.read_operator(name)?.open(password)
    }

    /// Adds an account under a new name.
    ///
    /// # Errors
    /// When the name is taken or not one, the password is empty, or the file cannot be written.
    pub fn add(
        &self,
        name: &str,
        secret: &Secret,
        password: &[u8],
        cost: KdfCost,
    ) -> Result<Address, KeyError> {
        let path = self.path(name)?;
        if path.exists() {
            return Err(KeyError::Exists(name.to_owned()));
        }
        let file = KeyFile::seal(secret, password, cost)?;
        self.insert(name, &file)?;
        Ok(file.address)
    }

    /// Adds a keystore file as it is under a new name.
    ///
    /// # Errors
    /// When the name is taken or not one, or the file cannot be written.
    pub fn insert(&self, name: &str, file: &KeyFile) -> Result<(), KeyError> {
        self.place(&self.path(name)?, name, &file.to_text())
    }

    /// Puts a file where none is.
    fn place(&self, path: &Path, name: &str, text: &str) -> Result<(), KeyError> {
        self.written(path, text)?.persist_noclobber(path).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => KeyError::Exists(name.to_owned()),
            _ => io("write", path, error.error),
        })?;
        self.sync()
    }

    /// Puts a file where one may be.
    fn replace(&self, path: &Path, text: &str) -> Result<(), KeyError> {
        self.written(path, text)?.persist(path).map_err(|error| io("write", path, error.error))?;
        self.sync()
    }

    /// A file that is written beside its place and then renamed, so that a crash leaves all of it or nothing; only
    /// the owner may read it from its first moment on.
    fn written(&self, path: &Path, text: &str) -> Result<tempfile::NamedTempFile, KeyError> {
        make_private(&self.folder)?;
        let mut temporary = tempfile::NamedTempFile::new_in(&self.folder)
            .map_err(|error| io("write to", &self.folder, error))?;
        temporary.write_all(text.as_bytes()).map_err(|error| io("write", path, error))?;
        temporary.as_file().sync_all().map_err(|error| io("write", path, error))?;
        Ok(temporary)
    }

    fn sync(&self) -> Result<(), KeyError> {
        let folder = std::fs::File::open(&self.folder).map_err(|error| io("read", &self.folder, error))?;
        folder.sync_all().map_err(|error| io("write", &self.folder, error))
    }

    /// The key pair of an account.
    ///
    /// # Errors
    /// When there is none, its file is unusable, or the password is wrong.
    pub fn unlock(&self, name: &str, password: &[u8]) -> Result<KeyPair, KeyError> {
        Ok(KeyPair::from_secret(&*self.secret(name, password)?))
    }

    /// The secret of an account.
    ///
    /// # Errors
    /// As [`Keystore::unlock`].
    pub fn secret(&self, name: &str, password: &[u8]) -> Result<Secret, KeyError> {
        self.read(name)?.open(password)
    }

    /// Removes an account for good.
    ///
    /// # Errors
    /// When there is none, or its file cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), KeyError> {
        let path = self.path(name)?;
        std::fs::remove_file(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                KeyError::Unknown { name: name.to_owned(), folder: self.folder.clone() }
            }
            _ => io("remove", &path, error),
        })
    }
}

/// The text of a file that only its owner may read.
fn private_text(path: &Path) -> Result<String, KeyError> {
    let file = std::fs::File::open(path).map_err(|error| io("read", path, error))?;
    check_private(path, &file)?;
    let mut text = String::new();
    let malformed = |reason: String| KeyError::Malformed { path: path.to_owned(), reason };
    match file.take(FILE_BYTES_MAX.saturating_add(1)).read_to_string(&mut text) {
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(malformed("it is not text".to_owned()))
        }
        Err(error) => Err(io("read", path, error)),
        Ok(bytes) if u64::try_from(bytes).unwrap_or(u64::MAX) > FILE_BYTES_MAX => {
            Err(malformed(format!("it is longer than {FILE_BYTES_MAX} bytes")))
        }
        Ok(_) => Ok(text),
    }
}

#[cfg(unix)]
fn check_private(path: &Path, file: &std::fs::File) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().map_err(|error| io("read", path, error))?.permissions().mode();
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(KeyError::Exposed { path: path.to_owned(), mode: mode & 0o777 })
    }
}

#[cfg(not(unix))]
fn check_private(_: &Path, _: &std::fs::File) -> Result<(), KeyError> {
    Ok(())
}

fn make_private(folder: &Path) -> Result<(), KeyError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| io("create", folder, error))
}

#[cfg(test)]
mod tests;
