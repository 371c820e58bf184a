//! Stable error codes.

/// A failure that has one code on every surface (Rust, CLI, GraphQL, REST, `auto explain`).
pub trait ErrorCode: std::error::Error {
    /// The stable code, such as `LED-0003`; never reused for another failure.
    fn code(&self) -> &'static str;
}

/// What `auto explain CODE` prints about one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorEntry {
    /// The stable code, such as `LED-0003`.
    pub code: &'static str,
    /// What happened, in one short sentence.
    pub what: &'static str,
    /// Why it happens.
    pub why: &'static str,
    /// What the person can do about it.
    pub hint: &'static str,
}
