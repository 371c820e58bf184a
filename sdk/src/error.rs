//! What can go wrong in the SDK, keys aside.

use crate::{FileError, KeyError};
use auto_agents::{AgentsError, AuditError};
use auto_core::{ErrorCode, ErrorEntry, Hash};
use auto_module::StoredError;
use autoid_core::{Failure, Refusal};
use autoid_provenance::ProvenanceError;

/// What can go wrong between this program and a node, or with files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SdkError {
    /// No node answers.
    #[error("no node answers at {url}: {reason}")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What the system says.
        reason: String,
    },
    /// The answer is not one that a node gives.
    #[error("the answer of {url} cannot be read: {reason}")]
    BadAnswer {
        /// Who answered.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The node refuses, with its own code.
    #[error("{message}")]
    Refused {
        /// The node's code, such as `LED-0003`.
        remote: String,
        /// Class of the refusal, such as `REJECTED`.
        kind: String,
        /// The node's sentence.
        message: String,
    },
    /// It did not happen in time.
    #[error("{what} did not happen within {seconds} seconds")]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// There is no such thing.
    #[error("there is no {what} {key}")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// Which one.
        key: String,
    },
    /// The bytes are not those of the hash.
    #[error("the node gave other bytes than those of object {0}")]
    WrongBytes(Hash),
    /// A file cannot be split or put together.
    #[error(transparent)]
    File(#[from] FileError),
    /// A proof does not hold.
    #[error("the proof does not hold: {0}")]
    Proof(String),
    /// The node belongs to another chain.
    #[error("the node is on the chain of genesis {found}, not on that of {expected}")]
    OtherChain {
        /// The chain that was meant.
        expected: Hash,
        /// The node's.
        found: Hash,
    },
    /// The address of the node is malformed.
    #[error("`{0}` is not the address of a node, such as http://127.0.0.1:8700")]
    Url(String),
    /// The node dropped the transaction.
    #[error("transaction {hash} left the pool without having been included: {reason}")]
    Dropped {
        /// Which one.
        hash: Hash,
        /// Code of the reason.
        reason: String,
    },
    /// The calls of an included transaction failed.
    #[error("transaction {hash} is in block {block}, but its calls failed: {reason}")]
    Failed {
        /// Which one.
        hash: Hash,
        /// Height of the block.
        block: u64,
        /// Code of the reason.
        reason: String,
    },
    /// A transaction of a domain ran without effect, with the code of the reason.
    #[error("transaction {hash} ran in block {block} of the domain without effect: {message}")]
    FailedThere {
        /// Which one.
        hash: Hash,
        /// Height of the block of the domain.
        block: u64,
        /// Code of the reason, such as `BNK-0003`.
        remote: String,
        /// The reason in one sentence.
        message: String,
    },
    /// A genesis file is invalid.
    #[error("the genesis file is invalid: {0}")]
    Genesis(String),
    /// A file cannot be read or written.
    #[error("cannot {action} {path}: {error}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The transaction is too large for a block of this chain.
    #[error("the transaction is too large for a block of this chain")]
    TooLarge,
    /// A rule of identities and grants refuses, with its own code.
    #[error(transparent)]
    Rule(#[from] Refusal),
    /// A rule of agents refuses, with its own code.
    #[error(transparent)]
    Agent(AgentsError),
    /// An audit finds something out, with its own code.
    #[error(transparent)]
    Audit(AuditError),
    /// What a manifest says is not believed, with its own code.
    #[error(transparent)]
    Provenance(#[from] ProvenanceError),
    /// A value of the state cannot be used, with its own code.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// Keys cannot be used, with their own code.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The text is no alias.
    #[error("`{0}` is no alias")]
    Alias(String),
    /// A file of an operation cannot be used.
    #[error("the operation's file cannot be used: {0}")]
    OperationFile(String),
    /// The node keeps the states of the newest blocks only, and this was before them.
    #[error("the node has forgotten {0}")]
    Forgotten(String),
    /// A file of guardians cannot be used.
    #[error("the file of guardians cannot be used: {0}")]
    GuardiansFile(String),
    /// A sentence about what somebody may do or is to do cannot be read.
    #[error("`{part}` cannot be read here: {reason}")]
    Words {
        /// The part.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<Failure<StoredError>> for SdkError {
    fn from(failure: Failure<StoredError>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Rule(refusal),
            Failure::View(error) => Self::Stored(error),
        }
    }
}

impl From<AgentsError> for SdkError {
    fn from(error: AgentsError) -> Self {
        match error {
            AgentsError::Refused(refusal) => Self::Rule(refusal),
            AgentsError::Stored(error) => Self::Stored(error),
            other => Self::Agent(other),
        }
    }
}

impl From<AuditError> for SdkError {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Refused(refusal) => Self::Rule(refusal),
            AuditError::Stored(error) => Self::Stored(error),
            other => Self::Audit(other),
        }
    }
}

impl ErrorCode for SdkError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "SDK-0001",
            Self::BadAnswer { .. } => "SDK-0002",
            Self::Refused { .. } => "SDK-0003",
            Self::Timeout { .. } => "SDK-0004",
            Self::NotFound { .. } => "SDK-0005",
            Self::WrongBytes(_) => "SDK-0006",
            Self::File(_) => "SDK-0007",
            Self::Proof(_) => "SDK-0008",
            Self::OtherChain { .. } => "SDK-0009",
            Self::Url(_) => "SDK-0010",
            Self::Dropped { .. } => "SDK-0011",
            Self::Failed { .. } => "SDK-0012",
            Self::Genesis(_) => "SDK-0013",
            Self::Io { .. } => "SDK-0014",
            Self::TooLarge => "SDK-0015",
            Self::FailedThere { .. } => "SDK-0016",
            Self::Rule(refusal) => refusal.code(),
            Self::Agent(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Provenance(error) => error.code(),
            Self::Stored(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Alias(_) => "SDK-0017",
            Self::Words { .. } => "SDK-0018",
            Self::OperationFile(_) => "SDK-0030",
            Self::GuardiansFile(_) => "SDK-0031",
            Self::Forgotten(_) => "SDK-0032",
        }
    }
}

impl SdkError {
    /// The code that people see: the node's own where it gave one.
    #[must_use]
    pub fn shown_code(&self) -> &str {
        match self {
            Self::Refused { remote, .. } | Self::FailedThere { remote, .. } if !remote.is_empty() => remote,
            other => other.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate beside those of the keystore.
#[rustfmt::skip]
pub const ERRORS: &[ErrorEntry] = &[
    entry("SDK-0001", "No node answers.", "It is not running, or listens elsewhere.", "Start one with `auto dev` or `auto node`, or name it with --node."),
    entry("SDK-0002", "The answer cannot be read.", "Another program listens there, or the node is of another version.", "Check the address given with --node, and both versions."),
    entry("SDK-0003", "The node refuses.", "The message says why.", "Follow the message."),
    entry("SDK-0004", "It did not happen in time.", "The network is slow, or nobody farms.", "Look at `auto status`; what was sent may still be included, so ask for it before sending again."),
    entry("SDK-0005", "There is no such thing.", "It was never made, or the node has not seen it yet.", "Check the hash or the name."),
    entry("SDK-0006", "The node gave other bytes than asked for.", "It is faulty or dishonest; the content hash of what it gave differs.", "Ask another node."),
    entry("SDK-0007", "The file cannot be split or put together.", "Its manifest or one of its chunks breaks a rule that the message names.", "Check that the hash is that of a file's manifest."),
    entry("SDK-0008", "A proof does not hold.", "It was altered, or belongs to another header.", "Do not rely on it; ask for a new one."),
    entry("SDK-0009", "The node is on another chain.", "Its genesis differs.", "Name a node of the right chain with --node."),
    entry("SDK-0010", "The address of the node is malformed.", "It must be an http address with host and port.", "Write it like http://127.0.0.1:8700."),
    entry("SDK-0011", "The transaction was dropped.", "The message has the code of the reason; `auto explain` tells more.", "Mend the cause and send it again."),
    entry("SDK-0012", "The calls of the transaction failed.", "It is in a block and its fee is paid, but nothing else happened; the message has the code.", "Run `auto explain` with that code."),
    entry("SDK-0013", "The genesis file is invalid.", "The message names the field.", "Compare it with the genesis.json that `auto dev` leaves in its folder."),
    entry("SDK-0014", "A file cannot be read or written.", "It does not exist, or access is denied.", "Check the path and its permissions."),
    entry("SDK-0015", "The transaction is too large.", "No block of this chain has room for it.", "Store large files with `auto object put`, which splits them."),
    entry("SDK-0016", "The transaction ran without effect.", "It is in a block of the domain, but a call failed or its turn had passed; the message says why.", "Follow the message; a fee was taken only where a call failed."),
    entry("SDK-0017", "That is no alias.", "An alias has 3 to 32 lower-case letters, digits and single hyphens, begins with a letter and does not end with a hyphen.", "Choose another one."),
    entry("SDK-0018", "A sentence cannot be read.", "The message names the part and what belongs there.", "Write permissions like `spend<=10/day to bob for 7d`, and what to do like `pay bob 2`."),
    entry("SDK-0030", "A file of an operation cannot be used.", "It was changed, is of another kind, or was signed by this key already.", "Ask whoever began it for the file, and add a signature with `auto id sign FILE --as NAME`."),
    entry("SDK-0031", "A file of guardians cannot be used.", "It was changed or is of another kind.", "Use the one that `auto id guardians export` wrote."),
    entry("SDK-0032", "The node has forgotten the state of that time.", "A node keeps the states since the newest confirmed block, and a few before it.", "Ask a node that keeps more; or keep the proof of a document when you need it, with `auto id did resolve DID --proof FILE`."),
];
