//! What the API refuses, each with its code.

mod table;

pub use table::ERRORS;

use crate::{BackendError, FailureKind};
use auto_core::{BlockNumber, ErrorCode, Hash};
use axum::http::StatusCode;
use std::net::SocketAddr;

/// A failure of the API.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// The port is taken.
    #[error(
        "port {} on {} is in use: stop the program that listens there, or choose another port (0 takes any free one)",
        .0.port(), .0.ip()
    )]
    PortInUse(SocketAddr),
    /// The operating system does not let us listen there.
    #[error("cannot listen on {addr}: {detail}; choose an address of this machine and a port above 1023")]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        detail: String,
    },
    /// A value in the request is malformed.
    #[error("{0}")]
    BadValue(String),
    /// Page arguments contradict one another or are out of range.
    #[error("{0}")]
    BadPage(String),
    /// A cursor is not one of ours.
    #[error("`{0}` is not a cursor of this connection: pass one that a page gave you, unchanged")]
    Cursor(String),
    /// The block of a cursor is unknown here.
    #[error("block {0} of the cursor is unknown to this node: start again without a cursor")]
    CursorUnknown(Hash),
    /// The height cannot be read.
    #[error("height {wanted} is not available: this node can read from {oldest} to {newest}")]
    HeightUnavailable {
        /// The height asked for.
        wanted: String,
        /// The oldest height that can be read.
        oldest: BlockNumber,
        /// The newest height that can be read.
        newest: BlockNumber,
    },
    /// One request asks for two heights.
    #[error("a request is read at one height: use `at` once, or send two requests")]
    TwoHeights,
    /// The document nests too deeply.
    #[error("the query nests {found} levels deep, the limit is {limit}")]
    TooDeep {
        /// Levels found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The document asks for too much.
    #[error("the query costs more than {limit}: ask for smaller pages or fewer fields")]
    TooComplex {
        /// The limit.
        limit: usize,
    },
    /// The document has too many fields.
    #[error("the query has {found} fields with its fragments, the limit is {limit}")]
    TooManyNodes {
        /// Fields found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The document has too many aliases.
    #[error("the query has {found} aliases, the limit is {limit}")]
    TooManyAliases {
        /// Aliases found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The request or a part of it is too long.
    #[error("{what} has more than {limit} bytes")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The request is not JSON of a GraphQL request.
    #[error("the body is not a GraphQL request: {0}")]
    BadBody(String),
    /// The document is not GraphQL.
    #[error("{0}")]
    Syntax(String),
    /// The document does not fit the schema.
    #[error("{0}")]
    Invalid(String),
    /// The request took too long.
    #[error("the query took longer than {0} seconds: ask for smaller pages")]
    Timeout(u64),
    /// The request comes from a page of another site.
    #[error("requests from pages of other sites are refused")]
    ForeignOrigin,
    /// There is no such thing.
    #[error("no {what} {which}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its name.
        which: String,
    },
    /// The range lies outside the bytes.
    #[error("the range lies outside the {0} bytes of the object")]
    Range(u64),
    /// A file's chunks do not match its manifest.
    #[error("chunk {chunk} of file {file} {problem}")]
    BrokenFile {
        /// Hash of the manifest.
        file: Hash,
        /// Position of the chunk.
        chunk: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// A subscriber read too slowly.
    #[error("the subscriber fell too far behind: subscribe again from the cursor in `resume`")]
    SlowConsumer {
        /// Where to resume; none before the first notice.
        resume: Option<String>,
    },
    /// Too many subscribers.
    #[error("this node serves at most {0} subscriptions at a time: try again later")]
    TooManySubscribers(usize),
    /// The head of the chain is too old.
    #[error("the head is {age_s} seconds old, at most {limit_s} are healthy")]
    HeadTooOld {
        /// Age of the head in seconds.
        age_s: u64,
        /// The limit in seconds.
        limit_s: u64,
    },
    /// The API itself failed.
    #[error("internal failure: {0}")]
    Internal(String),
    /// The node failed or refused.
    #[error(transparent)]
    Node(#[from] BackendError),
}

impl ErrorCode for ApiError {
    fn code(&self) -> &'static str {
        match self {
            Self::PortInUse(_) => "API-0001",
            Self::Bind { .. } => "API-0002",
            Self::BadValue(_) => "API-0101",
            Self::BadPage(_) => "API-0102",
            Self::Cursor(_) => "API-0103",
            Self::CursorUnknown(_) => "API-0104",
            Self::HeightUnavailable { .. } => "API-0105",
            Self::TwoHeights => "API-0106",
            Self::TooDeep { .. } => "API-0201",
            Self::TooComplex { .. } => "API-0202",
            Self::TooManyNodes { .. } => "API-0203",
            Self::TooManyAliases { .. } => "API-0204",
            Self::TooLong { .. } => "API-0205",
            Self::BadBody(_) => "API-0206",
            Self::Syntax(_) => "API-0207",
            Self::Invalid(_) => "API-0208",
            Self::Timeout(_) => "API-0209",
            Self::ForeignOrigin => "API-0210",
            Self::NotFound { .. } => "API-0301",
            Self::Range(_) => "API-0302",
            Self::BrokenFile { .. } => "API-0303",
            Self::SlowConsumer { .. } => "API-0401",
            Self::TooManySubscribers(_) => "API-0402",
            Self::HeadTooOld { .. } => "API-0501",
            Self::Internal(_) => "API-0502",
            Self::Node(error) => error.code,
        }
    }
}

impl ApiError {
    /// The class of the failure, for programs that treat classes alike.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PortInUse(_) | Self::Bind { .. } => "CANNOT_LISTEN",
            Self::BadValue(_)
            | Self::BadPage(_)
            | Self::Cursor(_)
            | Self::CursorUnknown(_)
            | Self::TwoHeights
            | Self::BadBody(_) => "BAD_USER_INPUT",
            Self::HeightUnavailable { .. } => "HEIGHT_UNAVAILABLE",
            Self::TooDeep { .. }
            | Self::TooComplex { .. }
            | Self::TooManyNodes { .. }
            | Self::TooManyAliases { .. }
            | Self::TooLong { .. } => "LIMIT_EXCEEDED",
            Self::Syntax(_) => "GRAPHQL_PARSE_FAILED",
            Self::Invalid(_) => "GRAPHQL_VALIDATION_FAILED",
            Self::Timeout(_) => "TIMEOUT",
            Self::ForeignOrigin => "FORBIDDEN",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Range(_) => "RANGE_NOT_SATISFIABLE",
            Self::SlowConsumer { .. } => "SLOW_CONSUMER",
            Self::BrokenFile { .. } | Self::TooManySubscribers(_) | Self::HeadTooOld { .. } => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
            Self::Node(error) => match error.kind {
                FailureKind::User => "BAD_USER_INPUT",
                FailureKind::Rejected => "REJECTED",
                FailureKind::NotFound => "NOT_FOUND",
                FailureKind::Unavailable => "UNAVAILABLE",
                FailureKind::Internal => "INTERNAL",
            },
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self.kind(), "UNAVAILABLE" | "TIMEOUT" | "SLOW_CONSUMER")
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind() {
            "BAD_USER_INPUT" | "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" => {
                StatusCode::BAD_REQUEST
            }
            "LIMIT_EXCEEDED" if matches!(self, Self::TooLong { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
            "LIMIT_EXCEEDED" => StatusCode::BAD_REQUEST,
            "REJECTED" => StatusCode::UNPROCESSABLE_ENTITY,
            "HEIGHT_UNAVAILABLE" | "NOT_FOUND" => StatusCode::NOT_FOUND,
            "FORBIDDEN" => StatusCode::FORBIDDEN,
            "RANGE_NOT_SATISFIABLE" => StatusCode::RANGE_NOT_SATISFIABLE,
            "TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
            "UNAVAILABLE" | "SLOW_CONSUMER" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a client is told: internal failures go to the log and keep only their code here.
    #[must_use]
    pub fn public_message(&self) -> String {
        if self.kind() == "INTERNAL" {
            tracing::error!(code = self.code(), error = %self, "request failed");
            return "the node failed to answer; its log says why".to_owned();
        }
        self.to_string()
    }

    /// The command that explains the code.
    #[must_use]
    pub fn docs(&self) -> String {
        format!("auto explain {}", self.code())
    }
}
