//! Deriving domain blocks, and proving receipts of them wrong.
#![allow(clippy::panic, reason = "helpers of tests fail as tests do")]

mod fraud {
    pub(crate) mod derivation;
    pub(crate) mod fixture;
    mod format;
    pub(crate) mod lies;
    pub(crate) mod mutations;
    mod refusals;
    mod soundness;
}
