//! What a call of a tool can do wrong.

use crate::error::CliError;
use auto_core::{ErrorCode, ErrorEntry};

/// Why a tool was not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum McpError {
    #[error("there is no tool `{0}`")]
    UnknownTool(String),
    #[error("the arguments are not those of the tool: {0}")]
    Arguments(String),
    #[error("`{0}` is longer than {max} bytes", max = super::tools::TEXT_BYTES_MAX)]
    TooLong(&'static str),
    #[error("the agent holds {0} grants; `under` must say which one")]
    WhichGrant(usize),
    #[error("the password cannot come from standard input, which the protocol needs")]
    NoPassword,
}

/// Every code of the tools.
#[rustfmt::skip]
pub(crate) const ERRORS: &[ErrorEntry] = &[
    ErrorEntry { code: "MCP-0001", what: "There is no such tool.", why: "The name is mistyped, or of another server.", hint: "List the tools; they are identity, can, act, delegate and audit." },
    ErrorEntry { code: "MCP-0002", what: "The arguments are not those of the tool.", why: "One is missing, unknown, or of another type.", hint: "Follow the schema of the tool." },
    ErrorEntry { code: "MCP-0003", what: "An argument is too long.", why: "Texts are bounded.", hint: "Say it shorter." },
    ErrorEntry { code: "MCP-0004", what: "It is not clear which grant is passed on.", why: "The agent holds none, or several.", hint: "Name the grant with `under`; the tool identity lists them." },
    ErrorEntry { code: "MCP-0005", what: "No password was given in a way that fits.", why: "Standard input carries the protocol.", hint: "Use --password-file or the variable AUTO_PASSWORD." },
];

impl ErrorCode for McpError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownTool(_) => "MCP-0001",
            Self::Arguments(_) => "MCP-0002",
            Self::TooLong(_) => "MCP-0003",
            Self::WhichGrant(_) => "MCP-0004",
            Self::NoPassword => "MCP-0005",
        }
    }
}

impl From<McpError> for CliError {
    fn from(error: McpError) -> Self {
        Self::refused(error.code(), error.to_string())
    }
}
