//! Identities in a keystore: files of their own kind beside the accounts.

use super::{IdentityFile, KeyError, Keystore, check_name, io, private_text};
use crate::identity::IdentityKey;
use autoid_core::KeySet;
use std::path::{Path, PathBuf};

/// End of the file name of an identity; no account's name has a dot.
const SUFFIX: &str = ".identity.json";

impl Keystore {
    /// The file of an identity.
    ///
    /// # Errors
    /// When the name is not one.
    pub fn identity_path(&self, name: &str) -> Result<PathBuf, KeyError> {
        check_name(name)?;
        Ok(self.folder.join(format!("{name}{SUFFIX}")))
    }

    /// The names of all identities, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn identity_names(&self) -> Result<Vec<String>, KeyError> {
        self.names_with(SUFFIX)
    }

    /// The file of an identity, read strictly.
    ///
    /// # Errors
    /// When there is none, others may read it, or it is malformed.
    pub fn read_identity(&self, name: &str) -> Result<IdentityFile, KeyError> {
        let read = self.identity_path(name).and_then(|path| Self::read_identity_file(&path));
        read.map_err(|error| self.unknown(name, error))
    }

    /// The file of an identity anywhere, read strictly.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, or it is malformed.
    pub fn read_identity_file(path: &Path) -> Result<IdentityFile, KeyError> {
        IdentityFile::parse(&private_text(path)?).map_err(|error| error.of(path))
    }

    /// Adds an identity under a new name.
    ///
    /// # Errors
    /// When the name is taken or not one, or the file cannot be written.
    pub fn add_identity(&self, name: &str, file: &IdentityFile) -> Result<(), KeyError> {
        match self.place(&self.identity_path(name)?, name, &file.to_text()) {
            Err(KeyError::Exists(name)) => Err(KeyError::IdentityExists(name)),
            placed => placed,
        }
    }

    /// Replaces the file of an identity by another of the same identity.
    ///
    /// # Errors
    /// When there is none of this name, it is of another identity, or the file cannot be written.
    pub fn update_identity(&self, name: &str, file: &IdentityFile) -> Result<(), KeyError> {
        if self.read_identity(name)?.name != file.name {
            return Err(KeyError::IdentityExists(name.to_owned()));
        }
        self.replace(&self.identity_path(name)?, &file.to_text())
    }

    /// The key of an identity that is in force, by the keys of its record.
    ///
    /// # Errors
    /// When there is none, its file is unusable, or the password is wrong.
    pub fn unlock_identity(
        &self,
        name: &str,
        keys: &KeySet,
        password: &[u8],
    ) -> Result<IdentityKey, KeyError> {
        self.read_identity(name)?.open(keys, password)
    }

    /// Removes an identity's keys for good.
    ///
    /// # Errors
    /// When there is none, or its file cannot be removed.
    pub fn remove_identity(&self, name: &str) -> Result<(), KeyError> {
        let path = self.identity_path(name)?;
        std::fs::remove_file(&path).map_err(|error| self.unknown(name, io("remove", &path, error)))
    }

    /// The name under which an identity's keys are kept here, if they are.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read.
    pub fn name_of_identity(&self, id: &autoid_core::AutoId) -> Result<Option<String>, KeyError> {
        for name in self.identity_names()? {
            if self.read_identity(&name)?.name.id == *id {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn unknown(&self, name: &str, error: KeyError) -> KeyError {
        match error {
            KeyError::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                KeyError::UnknownIdentity { name: name.to_owned(), folder: self.folder.clone() }
            }
            // What is no name, as a DID, is that of nothing kept here.
            KeyError::Name(name) => KeyError::UnknownIdentity { name, folder: self.folder.clone() },
            other => other,
        }
    }
}
