//! What can go wrong with keys.

use auto_core::{ErrorCode, ErrorEntry};
use std::path::{Path, PathBuf};

/// What can go wrong with keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no such account.
    #[error("there is no account `{name}` in {}", folder.display())]
    Unknown {
        /// Its name.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The name is taken.
    #[error("there is an account `{0}` already")]
    Exists(String),
    /// The password does not open the file.
    #[error("wrong password")]
    WrongPassword,
    /// The file does not follow the format.
    #[error("the keystore file {} is malformed: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file is of another version.
    #[error("the keystore file has version {found}; this program reads version 1")]
    Version {
        /// Its version.
        found: u64,
    },
    /// The costs of the key derivation are out of bounds.
    #[error("the keystore file asks for {what}, which is out of bounds")]
    Cost {
        /// What it asks for.
        what: String,
    },
    /// Others may read the file.
    #[error("others may read {} (mode {mode:o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A file or folder cannot be used.
    #[error("cannot {action} {}: {error}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The name is not one.
    #[error("`{0}` is no name for an account")]
    Name(String),
    /// The password is empty.
    #[error("the password is empty")]
    EmptyPassword,
    /// The secret is malformed.
    #[error("a secret is 64 hex digits")]
    Secret,
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
    /// A development account was used on another chain.
    #[error(
        "`{0}` is a development account, whose secret everybody knows; this is not the development network"
    )]
    DevOnly(String),
    /// There is no such operator key.
    #[error("there is no operator key `{name}` in {}", folder.display())]
    UnknownOperator {
        /// Its name.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The name of an operator key is taken.
    #[error("there is an operator key `{0}` already")]
    OperatorExists(String),
    /// There is no such identity.
    #[error("there is no identity `{name}` in {}", folder.display())]
    UnknownIdentity {
        /// Its name.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The name of an identity is taken.
    #[error("there is an identity `{0}` already")]
    IdentityExists(String),
    /// The record of an identity lists none of the keys that are kept for it.
    #[error("none of the keys that are kept for {0} controls it any more")]
    NotInForce(String),
    /// The key that an identity rotates to is not kept.
    #[error("the next key of {0} is not kept here")]
    NoNextKey(String),
}

impl ErrorCode for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "KEY-0001",
            Self::Exists(_) => "KEY-0002",
            Self::WrongPassword => "KEY-0003",
            Self::Malformed { .. } => "KEY-0004",
            Self::Version { .. } => "KEY-0005",
            Self::Cost { .. } => "KEY-0006",
            Self::Exposed { .. } => "KEY-0007",
            Self::Io { .. } => "KEY-0008",
            Self::Name(_) => "KEY-0009",
            Self::EmptyPassword => "KEY-0010",
            Self::Secret => "KEY-0011",
            Self::Randomness(_) => "KEY-0012",
            Self::DevOnly(_) => "KEY-0013",
            Self::UnknownOperator { .. } => "KEY-0014",
            Self::OperatorExists(_) => "KEY-0015",
            Self::UnknownIdentity { .. } => "KEY-0016",
            Self::IdentityExists(_) => "KEY-0017",
            Self::NotInForce(_) => "KEY-0018",
            Self::NoNextKey(_) => "KEY-0019",
        }
    }
}

impl KeyError {
    /// A file is malformed, and its path is filled in later.
    pub(super) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed { path: PathBuf::new(), reason: reason.into() }
    }

    /// Fills in the path of a malformed file.
    pub(super) fn of(self, path: &Path) -> Self {
        match self {
            Self::Malformed { reason, .. } => Self::Malformed { path: path.to_owned(), reason },
            other => other,
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the keystore.
#[rustfmt::skip]
pub const ERRORS: &[ErrorEntry] = &[
    entry("KEY-0001", "There is no account of that name.", "It was never made here, or the name is mistyped.", "Run `auto wallet list`."),
    entry("KEY-0002", "There is an account of that name already.", "Names are unique, and no key is ever overwritten.", "Choose another name."),
    entry("KEY-0003", "The password is wrong.", "It does not decrypt the account's secret. A changed byte in the encrypted part of the file looks the same.", "Type it again; nobody can recover it. Restore the file from a copy if you are sure of the password."),
    entry("KEY-0004", "The keystore file is malformed.", "It was cut short, edited, or is no keystore file.", "Restore it from a copy."),
    entry("KEY-0005", "The keystore file is of another version.", "Another version of this program wrote it.", "Use that version, or update."),
    entry("KEY-0006", "The costs in the keystore file are out of bounds.", "They would take more memory or time than any account needs, or too little to protect the password.", "Do not use files from people you do not trust; restore yours from a copy."),
    entry("KEY-0007", "Others may read the keystore file.", "Its permissions give access to the group or to everybody.", "Run `chmod 600` on it; if it was exposed for long, move the funds to a new account."),
    entry("KEY-0008", "A keystore file cannot be read or written.", "The folder does not exist, is not writable, or the disk is full.", "Check the path and its permissions."),
    entry("KEY-0009", "That is no name for an account.", "Names have at most 32 lower-case letters, digits, `-` and `_`, and start with a letter or digit.", "Choose another name."),
    entry("KEY-0010", "The password is empty.", "An empty password protects nothing.", "Choose a long one."),
    entry("KEY-0011", "The secret is malformed.", "A secret is 64 hex digits.", "Check the file that holds it."),
    entry("KEY-0012", "The system gives no randomness.", "The random device is missing or blocked.", "Check the operating system."),
    entry("KEY-0013", "A development account was used on another chain.", "Its secret is public, so whatever it receives can be taken by anybody.", "Make an account of your own with `auto wallet new`."),
    entry("KEY-0014", "There is no operator key of that name.", "It was never made here, or the name is mistyped.", "`auto operator register` makes one; look for files that end in .operator.json beside the accounts."),
    entry("KEY-0015", "There is an operator key of that name already.", "Names are unique, and no key is ever overwritten.", "Choose another name with --key."),
    entry("KEY-0016", "There is no identity of that name.", "Its keys were never kept here, or the name is mistyped.", "Run `auto id list`; look for files that end in .identity.json beside the accounts."),
    entry("KEY-0017", "There is an identity of that name already.", "Names are unique, and no key is ever overwritten.", "Choose another name."),
    entry("KEY-0018", "None of the keys that are kept here controls the identity.", "It was rotated or recovered elsewhere since this file was written.", "Use the keystore file of the machine that did it; if nobody you trust did, let a guardian or a parent act now."),
    entry("KEY-0019", "The next key of the identity is not kept here.", "The file holds the key in force only.", "Use a copy of the file that still has the next key, or recover the identity with its guardians."),
];
