//! Why what a manifest says is not believed.

use auto_core::{ErrorCode, ErrorEntry};
use autoid_core::{AutoId, GrantId, Refusal, Status, Time};

/// A manifest that is not believed, or trouble with reading what decides: the one is an answer, the other none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unverified<E> {
    /// A rule is broken.
    Refused(ProvenanceError),
    /// What decides cannot be read.
    View(E),
}

impl<E> From<ProvenanceError> for Unverified<E> {
    fn from(error: ProvenanceError) -> Self {
        Self::Refused(error)
    }
}

/// Why what a manifest says is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProvenanceError {
    /// The bytes are no manifest.
    #[error("not a signed manifest")]
    NotAManifest,
    /// The manifest breaks a rule of its form.
    #[error("the manifest is malformed: {0}")]
    Malformed(Refusal),
    /// A text is no licence.
    #[error("not a licence expression of SPDX")]
    Licence,
    /// A text is no media type.
    #[error("not a media type")]
    MediaType,
    /// It was signed for another network.
    #[error("the manifest is of another network")]
    OtherNetwork,
    /// It is of another content.
    #[error("the manifest is of another content")]
    OtherContent,
    /// It says that it will be made.
    #[error("the manifest was made at {made_at}, the state is of {now}")]
    FromFuture {
        /// When it was made, as it says.
        made_at: Time,
        /// Chain time of the state.
        now: Time,
    },
    /// There is no such identity.
    #[error("there is no identity {id}")]
    UnknownIdentity {
        /// Its id.
        id: AutoId,
    },
    /// An identity may not act, or one above it may not.
    #[error("{id} is {}", .status.name())]
    Inactive {
        /// The identity.
        id: AutoId,
        /// Its status.
        status: Status,
    },
    /// The key is none of the signer's.
    #[error("key {kid} is no key of {id} in block {block}")]
    UnknownKey {
        /// The signer.
        id: AutoId,
        /// The number of the key.
        kid: u32,
        /// The block of the state.
        block: u64,
    },
    /// The key may not speak for its identity.
    #[error("key {kid} of {id} is not for statements")]
    NotToAssert {
        /// The signer.
        id: AutoId,
        /// The number of the key.
        kid: u32,
    },
    /// The time of the key is over.
    #[error("the time of key {kid} of {id} is over")]
    KeyExpired {
        /// The signer.
        id: AutoId,
        /// The number of the key.
        kid: u32,
    },
    /// The signature is not by the key over this manifest.
    #[error("the signature does not hold")]
    Signature,
    /// The grants that were shown do not end in the one that the manifest names.
    #[error("grant {grant} and those that it rests on were not shown")]
    GrantMissing {
        /// The grant.
        grant: GrantId,
    },
    /// The grants are in the name of somebody else.
    #[error("the grants are in the name of {owner}, the author is {author}")]
    NotTheAuthors {
        /// In whose name they are.
        owner: AutoId,
        /// The author.
        author: AutoId,
    },
    /// The grants do not let the agent sign this.
    #[error("the agent may not sign this: {0}")]
    NotGranted(Refusal),
    /// A content was made from itself.
    #[error("content {} was made from itself", blake3::Hash::from_bytes(*.content))]
    Cycle {
        /// Its hash.
        content: [u8; 32],
    },
    /// There is too much that a content was made from.
    #[error("more than {limit} contents")]
    TooManyAncestors {
        /// How many one walk looks at.
        limit: usize,
    },
}

impl ErrorCode for ProvenanceError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAManifest => "PRV-0001",
            Self::Malformed(_) => "PRV-0002",
            Self::Licence => "PRV-0003",
            Self::MediaType => "PRV-0004",
            Self::OtherNetwork => "PRV-0005",
            Self::OtherContent => "PRV-0006",
            Self::FromFuture { .. } => "PRV-0007",
            Self::UnknownIdentity { .. } => "PRV-0008",
            Self::Inactive { .. } => "PRV-0009",
            Self::UnknownKey { .. } => "PRV-0010",
            Self::NotToAssert { .. } => "PRV-0011",
            Self::KeyExpired { .. } => "PRV-0012",
            Self::Signature => "PRV-0013",
            Self::GrantMissing { .. } => "PRV-0014",
            Self::NotTheAuthors { .. } => "PRV-0015",
            Self::NotGranted(_) => "PRV-0016",
            Self::Cycle { .. } => "PRV-0017",
            Self::TooManyAncestors { .. } => "PRV-0018",
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "PRV-0001",
        "This is no signed manifest.",
        "The bytes do not begin as manifests do, or something else was given.",
        "Give the file or the object that `auto sign` made.",
    ),
    entry(
        "PRV-0002",
        "The manifest is malformed.",
        "Manifests have one encoding; the message names the rule that is broken.",
        "Get the manifest again from where it is stored; what was changed cannot be repaired.",
    ),
    entry(
        "PRV-0003",
        "The licence is no SPDX expression.",
        "Licences are named so that programs understand them: at most 64 bytes, single spaces, AND, OR and WITH in capitals.",
        "Write for instance `MIT`, `CC-BY-4.0` or `MIT OR Apache-2.0`; for terms of your own `LicenseRef-NAME`.",
    ),
    entry(
        "PRV-0004",
        "The media type is malformed.",
        "It is a type and a subtype in lower case, without parameters.",
        "Write for instance `text/plain` or `image/png`.",
    ),
    entry(
        "PRV-0005",
        "The manifest is of another network.",
        "What is signed for one network holds in no other.",
        "Verify it against the network that it names.",
    ),
    entry(
        "PRV-0006",
        "The manifest is of another content.",
        "Hash or size differ: the content was changed, or belongs to another manifest.",
        "Compare with the original; a changed content needs a manifest of its own that names this one's as its parent.",
    ),
    entry(
        "PRV-0007",
        "The manifest says that it was made in the future.",
        "It names a time after the state that it is verified by.",
        "Use the state of the block in which it was stored, or check the clock of whoever signed.",
    ),
    entry(
        "PRV-0008",
        "The author or the agent does not exist.",
        "No identity had this id in the block that the manifest is verified by.",
        "Check the network and the block.",
    ),
    entry(
        "PRV-0009",
        "The author, the agent, or one above them was not active.",
        "Nobody speaks for an identity that is pending, suspended, revoked or ended, nor for those below it.",
        "Content that was stored before that is verified by the block in which it was stored.",
    ),
    entry(
        "PRV-0010",
        "The key was not among the signer's keys in that block.",
        "The key was replaced before, or is not there yet.",
        "Content that was stored earlier is verified by the block in which it was stored; otherwise sign it with a current key.",
    ),
    entry(
        "PRV-0011",
        "The key is not for statements.",
        "Each key has its uses; signing content needs the relation `assert`.",
        "Sign with a key that has it.",
    ),
    entry(
        "PRV-0012",
        "The time of the key was over.",
        "The key set of the signer says until when the key may be used.",
        "Sign with a key that may still be used.",
    ),
    entry(
        "PRV-0013",
        "The signature of the manifest does not hold.",
        "The manifest was changed, or was signed by another key than it says.",
        "Do not rely on it; get it again from where it is stored.",
    ),
    entry(
        "PRV-0014",
        "The grants that the manifest rests on are missing.",
        "An agent signed, and the chain of grants that ends in the one it names was not shown.",
        "Give the grants, the author's first; those that are stored on chain can be read there.",
    ),
    entry(
        "PRV-0015",
        "The grants are not the author's.",
        "The chain of grants begins with somebody else than the author that the manifest names.",
        "Do not attribute the content to this author.",
    ),
    entry(
        "PRV-0016",
        "The agent was not allowed to sign this.",
        "A grant of its chain does not cover the command /content/sign on this kind of content, or did not hold at that time; the message names the rule.",
        "Do not attribute the content to this author; the agent needs a grant first.",
    ),
    entry(
        "PRV-0017",
        "A content is among what it was made from.",
        "Manifests contradict each other about what was made from what.",
        "Decide which of the manifests you believe.",
    ),
    entry(
        "PRV-0018",
        "The content was made from too much to follow.",
        "A walk through what a content was made from is bounded.",
        "Follow the parts one by one.",
    ),
];
