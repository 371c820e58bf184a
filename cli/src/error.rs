//! Failures as people and programs see them, and how the process exits.

use auto_api::ApiError;
use auto_core::{ErrorCode, ErrorEntry};
use auto_farmer::FarmError;
use auto_node::{ErrorKind, NodeError};
use auto_sdk::{KeyError, SdkError};
use auto_store::StoreError;
use autoid_credentials::CredentialError;
use autoid_credentials::did::DidError;
use std::path::PathBuf;

/// How the process exits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The request was wrong.
    User = 1,
    /// The command line was wrong.
    Usage = 2,
    /// No node answers.
    Network = 3,
    /// The chain's rules refuse.
    Rejected = 4,
    /// There is no such thing.
    NotFound = 5,
    /// It took too long, and the outcome is not known.
    Timeout = 6,
    /// The program or the machine failed.
    Internal = 70,
}

/// A failure, ready to be shown.
#[derive(Debug)]
pub(crate) struct CliError {
    pub(crate) code: String,
    pub(crate) what: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hint: Option<String>,
    pub(crate) exit: Exit,
    /// Whether the result on standard output says it already.
    pub(crate) told: bool,
}

/// Failures of the command line itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{0}")]
    Usage(String),
    #[error("{} does not exist", .0.display())]
    NoFile(PathBuf),
    #[error("cannot {action} {}: {error}", path.display())]
    Io { action: &'static str, path: PathBuf, error: std::io::Error },
    #[error("this needs a yes, and there is nobody to ask")]
    Unconfirmed,
    #[error("nothing was done")]
    Declined,
    #[error("`{0}` is no error code")]
    UnknownCode(String),
    #[error("`{0}` is neither an address nor the name of an account")]
    UnknownAccount(String),
    #[error("no password was given")]
    NoPassword,
    #[error("the two passwords differ")]
    PasswordsDiffer,
    #[error("{} holds other files; it is not a folder that the demo made", .0.display())]
    NotOurs(PathBuf),
    #[error("{what} did not happen within {seconds} seconds")]
    Timeout { what: String, seconds: u64 },
    #[error("{0}")]
    CheckFailed(String),
    #[error("{errors} of the doctor's checks found something that must be mended")]
    Unfit { errors: usize },
    #[error("there is no benchmark `{0}`")]
    UnknownBench(String),
    #[error("{0}")]
    Internal(String),
    #[error("{}: {reason}", path.display())]
    FarmKey { path: PathBuf, reason: String },
    #[error("there is no {what} {key}")]
    NotFound { what: &'static str, key: String },
    #[error("no file of this machine fits: none of at least 3 MB and at most 8 MB in /usr/bin")]
    NoDemoFile,
    #[error("the node stopped by itself: {0}")]
    NodeStopped(String),
    #[error("nobody pays: there is no account `{0}`")]
    NoPayer(String),
    #[error("the guardians of {0} are not known here")]
    NoGuardians(String),
    #[error("{0} has no certificate attached")]
    Uncertified(String),
    #[error("certificates of {holder} are issued by {issuer}")]
    NotIssuer { holder: String, issuer: String },
    #[error("{} exists already", .0.display())]
    FileExists(PathBuf),
    #[error("the certificate does not hold: {0}")]
    CertificateFails(String),
    #[error("proofs of kind `{0}` are not known")]
    UnknownProof(String),
    #[error("there is no manifest of {} beside it, and it is no proof", .0.display())]
    NoManifest(PathBuf),
    #[error("there is no chain `{text}` here; there are {known}")]
    UnknownChain { text: String, known: String },
    #[error("{account} has {available} on {domain}, and this takes {needed}")]
    NotEnough { account: String, domain: String, available: String, needed: String },
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the command line.
#[rustfmt::skip]
pub(crate) const ERRORS: &[ErrorEntry] = &[
    entry("CLI-0001", "The command line is wrong.", "A command, an option or a value is not one that is known.", "Run the command with --help; it shows examples."),
    entry("CLI-0002", "A file or folder does not exist.", "The path is mistyped, or it was moved.", "Check the path."),
    entry("CLI-0003", "A file or folder cannot be used.", "Access is denied, or the disk is full.", "Check its permissions and the space left on its disk."),
    entry("CLI-0004", "A confirmation is needed.", "The command changes something for good, and its input is not a terminal.", "Add --yes when you are sure."),
    entry("CLI-0005", "The question was not answered with yes.", "So nothing was done.", "Run the command again and answer y, or add --yes."),
    entry("CLI-0006", "That is no error code.", "Codes look like LED-0003.", "Copy the code from the error message; `auto explain --all` lists every one."),
    entry("CLI-0007", "That is no account.", "It is neither an address with its checksum nor a name in the keystore.", "Run `auto wallet list`."),
    entry("CLI-0008", "No password was given.", "There is no terminal to ask at, and standard input is empty.", "Use --password-file, the variable AUTO_PASSWORD, or standard input."),
    entry("CLI-0009", "The two passwords differ.", "One of them was mistyped.", "Run the command again."),
    entry("CLI-0010", "The folder is not one that the demo made.", "The demo starts from an empty folder and will not delete what it did not make.", "Name another folder with --data, or empty this one."),
    entry("CLI-0011", "It did not happen in time.", "The machine is slow or busy, or nobody farms.", "Look at `auto status` and `auto doctor`."),
    entry("CLI-0012", "A check did not hold.", "The table shows which one.", "Run `auto doctor`; if all is well there, report this."),
    entry("CLI-0018", "This machine is not fit.", "A check of the doctor found something that must be mended.", "Do what the lines that start with `fix` say."),
    entry("CLI-0013", "There is no such benchmark.", "The name is mistyped.", "Run `auto bench --help` for the list."),
    entry("CLI-0070", "The program failed.", "It met something that it should have foreseen.", "Report this with the message."),
    entry("CLI-0014", "The farm's key cannot be used.", "The file is malformed or others may read it.", "Restore farm.key from a copy and run `chmod 600` on it; without it the plot is worthless and has to be made anew."),
    entry("CLI-0015", "There is no such thing.", "It was never made, or the node has not seen it yet.", "Check the name or the hash."),
    entry("CLI-0016", "No file fits the demo.", "None was named, and none in /usr/bin has from 3 to 8 MB.", "Name one with --file."),
    entry("CLI-0020", "There is no such chain.", "Money is on `consensus` or on a domain, by its name or number.", "Run `auto status` for the domains of this chain."),
    entry("CLI-0021", "The account has too little money on the domain.", "What is held on one chain is not held on another.", "Move money there with `auto transfer NAME AMOUNT --from NAME --to-domain DOMAIN`."),
    entry("CLI-0022", "No account pays.", "The account with the name of the identity pays unless another one is named, and there is none of this name.", "Name one that has money on the domain with --from; `auto wallet list` shows them."),
    entry("CLI-0023", "The kind of the proof is not known.", "It was made by a newer version of this program, or is no proof.", "Update the program, or check the file."),
    entry("CLI-0030", "The guardians are not known here.", "The chain has their salted hash only, and none that this keystore holds has it.", "Use the file that `auto id guardians export` wrote where they were named, or name them with `auto id guardians set`."),
    entry("CLI-0031", "The identity has no certificate.", "None was attached to its record; a path needs those of all above it, too.", "Run `auto id cert issue` and `auto id cert attach`, beginning at the top of the tree."),
    entry("CLI-0032", "Somebody else issues this certificate.", "An identity is certified by the one above it, and the top of a tree by itself.", "Have the identity that the message names issue it with --as."),
    entry("CLI-0033", "The certificate does not hold any more.", "It or one above it has ended, or a key was replaced since.", "Run `auto explain` with the code in the message; then issue and attach a new one."),
    entry("CLI-0034", "The file exists already.", "Nothing that is there is overwritten.", "Name another file, or move this one away."),
    entry("CLI-0035", "There is nothing to check the file by.", "It is no proof, and no manifest or proof lies beside it.", "Name the manifest with --manifest, or the proof with --proof; `auto sign` makes both."),
    entry("CLI-0017", "The node stopped by itself.", "The message has the reason and its code.", "Run `auto explain` with that code."),
];

impl ErrorCode for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "CLI-0001",
            Self::NoFile(_) => "CLI-0002",
            Self::Io { .. } => "CLI-0003",
            Self::Unconfirmed => "CLI-0004",
            Self::Declined => "CLI-0005",
            Self::UnknownCode(_) => "CLI-0006",
            Self::UnknownAccount(_) => "CLI-0007",
            Self::NoPassword => "CLI-0008",
            Self::PasswordsDiffer => "CLI-0009",
            Self::NotOurs(_) => "CLI-0010",
            Self::Timeout { .. } => "CLI-0011",
            Self::CheckFailed(_) => "CLI-0012",
            Self::Unfit { .. } => "CLI-0018",
            Self::UnknownBench(_) => "CLI-0013",
            Self::FarmKey { .. } => "CLI-0014",
            Self::NotFound { .. } => "CLI-0015",
            Self::NoDemoFile => "CLI-0016",
            Self::NodeStopped(_) => "CLI-0017",
            Self::UnknownChain { .. } => "CLI-0020",
            Self::NoPayer(_) => "CLI-0022",
            Self::UnknownProof(_) => "CLI-0023",
            Self::NoGuardians(_) => "CLI-0030",
            Self::Uncertified(_) => "CLI-0031",
            Self::NotIssuer { .. } => "CLI-0032",
            Self::CertificateFails(_) => "CLI-0033",
            Self::FileExists(_) => "CLI-0034",
            Self::NoManifest(_) => "CLI-0035",
            Self::NotEnough { .. } => "CLI-0021",
            Self::Internal(_) => "CLI-0070",
        }
    }
}

/// Every code of the whole program.
pub(crate) fn entries() -> Vec<ErrorEntry> {
    let mut entries = auto_node::errors();
    let lists = [
        auto_module::ERRORS,
        auto_domains::ERRORS,
        auto_operator::ERRORS,
        auto_api::ERRORS,
        auto_sdk::ERRORS,
        auto_agents::ERRORS,
        autoid::ERRORS,
        autoid_certificates::ERRORS,
        autoid_credentials::ERRORS,
        autoid_provenance::ERRORS,
        auto_index::ERRORS,
        auto_sdk::KEYSTORE_ERRORS,
        crate::commands::mcp::ERRORS,
        ERRORS,
    ];
    for more in lists {
        entries.extend_from_slice(more);
    }
    // The verifier's crate stands below the one that has this type.
    let lists = [
        autoid_core::STATEMENT_ERRORS,
        autoid_core::IDENTITY_ERRORS,
        autoid_core::GRANT_ERRORS,
        autoid_core::certificate::CERTIFICATE_ERRORS,
        autoid_core::x509::ERRORS,
    ];
    entries.extend(lists.into_iter().flatten().map(|known| ErrorEntry {
        code: known.code,
        what: known.what,
        why: known.why,
        hint: known.hint,
    }));
    entries
}

impl CliError {
    fn new(code: &str, error: &dyn std::error::Error, exit: Exit) -> Self {
        let mut causes = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        let what = error.to_string();
        causes.retain(|cause| !what.contains(cause.as_str()));
        let hint = entries().iter().find(|entry| entry.code == code).map(|entry| entry.hint.to_owned());
        Self { code: code.to_owned(), what, causes, hint, exit, told: false }
    }
}

/// A rule of the chain that refuses, as somebody else told it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Rule(String);

impl CliError {
    /// The refusal of a rule, by its code.
    pub(crate) fn refused(code: &str, reason: String) -> Self {
        Self::new(code, &Rule(reason), Exit::Rejected)
    }

    /// The same, when the result on standard output says it already.
    pub(crate) fn told(self) -> Self {
        Self { told: true, ..self }
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        let exit = match fault {
            Fault::Usage(_) => Exit::Usage,
            Fault::Timeout { .. } => Exit::Timeout,
            Fault::NoFile(_)
            | Fault::UnknownCode(_)
            | Fault::UnknownAccount(_)
            | Fault::NoPayer(_)
            | Fault::NoGuardians(_)
            | Fault::Uncertified(_)
            | Fault::NoManifest(_)
            | Fault::UnknownChain { .. }
            | Fault::NotFound { .. } => Exit::NotFound,
            Fault::NotEnough { .. } => Exit::Rejected,
            Fault::Internal(_) | Fault::CheckFailed(_) | Fault::NodeStopped(_) => Exit::Internal,
            _ => Exit::User,
        };
        let told = matches!(fault, Fault::Unfit { .. } | Fault::CheckFailed(_));
        Self { told, ..Self::new(fault.code(), &fault, exit) }
    }
}

impl From<SdkError> for CliError {
    fn from(error: SdkError) -> Self {
        let error = match error {
            SdkError::Keys(error) => return error.into(),
            other => other,
        };
        let exit = match &error {
            SdkError::Unreachable { .. } | SdkError::BadAnswer { .. } => Exit::Network,
            SdkError::Refused { kind, .. } => match kind.as_str() {
                "NOT_FOUND" | "HEIGHT_UNAVAILABLE" => Exit::NotFound,
                "UNAVAILABLE" => Exit::Network,
                "TIMEOUT" => Exit::Timeout,
                "INTERNAL" => Exit::Internal,
                "REJECTED" => Exit::Rejected,
                _ => Exit::User,
            },
            SdkError::Dropped { .. }
            | SdkError::Failed { .. }
            | SdkError::FailedThere { .. }
            | SdkError::Rule(_)
            | SdkError::Agent(_)
            | SdkError::Provenance(_) => Exit::Rejected,
            SdkError::Timeout { .. } => Exit::Timeout,
            SdkError::NotFound { .. } | SdkError::Forgotten(_) => Exit::NotFound,
            _ => Exit::User,
        };
        Self::new(error.shown_code(), &error, exit)
    }
}

impl From<autoid_core::Refusal> for CliError {
    fn from(refusal: autoid_core::Refusal) -> Self {
        SdkError::Rule(refusal).into()
    }
}

impl From<autoid_certificates::IssueError> for CliError {
    fn from(error: autoid_certificates::IssueError) -> Self {
        Self::new(error.code(), &error, Exit::Rejected)
    }
}

impl From<KeyError> for CliError {
    fn from(error: KeyError) -> Self {
        let is_missing = matches!(
            error,
            KeyError::Unknown { .. } | KeyError::UnknownOperator { .. } | KeyError::UnknownIdentity { .. }
        );
        let exit = if is_missing { Exit::NotFound } else { Exit::User };
        Self::new(error.code(), &error, exit)
    }
}

impl From<NodeError> for CliError {
    fn from(error: NodeError) -> Self {
        let exit = match error.kind() {
            // Folders, locks and formats are the operator's to mend.
            ErrorKind::User => Exit::User,
            ErrorKind::Rejected => Exit::Rejected,
            ErrorKind::NotFound => Exit::NotFound,
            ErrorKind::Unavailable => Exit::Network,
            ErrorKind::Internal if matches!(error, NodeError::Store(_)) => Exit::User,
            ErrorKind::Internal => Exit::Internal,
        };
        Self::new(error.code(), &error, exit)
    }
}

impl From<DidError> for CliError {
    fn from(error: DidError) -> Self {
        let exit = match &error {
            DidError::Fetch { .. } => Exit::Network,
            DidError::Unknown { .. } => Exit::NotFound,
            _ => Exit::User,
        };
        Self::new(error.code(), &error, exit)
    }
}

impl From<CredentialError> for CliError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Did(error) => error.into(),
            error => Self::new(error.code(), &error, Exit::User),
        }
    }
}

impl From<FarmError> for CliError {
    fn from(error: FarmError) -> Self {
        Self::new(error.code(), &error, Exit::User)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), &error, Exit::User)
    }
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        Self::new(error.code(), &error, Exit::User)
    }
}

/// A failure of something that cannot fail on a machine that works.
pub(crate) fn internal(error: impl std::fmt::Display) -> CliError {
    Fault::Internal(error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let entries = entries();
        for (at, one) in entries.iter().enumerate() {
            assert!(!entries.iter().skip(at + 1).any(|other| other.code == one.code), "{}", one.code);
            assert!(!one.what.is_empty() && !one.why.is_empty() && !one.hint.is_empty(), "{}", one.code);
        }
        for fault in
            [Fault::Unconfirmed, Fault::NoPassword, Fault::Internal(String::new()), Fault::NoDemoFile]
        {
            assert!(entries.iter().any(|entry| entry.code == fault.code()));
        }
    }
}
