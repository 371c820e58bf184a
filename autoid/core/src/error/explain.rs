//! What `auto explain` says about each code.

mod grant;
mod identity;
mod statement;

pub use grant::GRANT_ERRORS;
pub use identity::IDENTITY_ERRORS;
pub use statement::STATEMENT_ERRORS;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::Refusal;

    #[test]
    fn codes_rise_and_are_explained() {
        let codes: Vec<_> = STATEMENT_ERRORS.iter().chain(IDENTITY_ERRORS).chain(GRANT_ERRORS).collect();
        assert!(codes.is_sorted_by(|a, b| a.code < b.code));
        for code in [Refusal::Envelope, Refusal::Counter, Refusal::NotByGrant].map(|refusal| refusal.code()) {
            assert!(codes.iter().any(|entry| entry.code == code), "{code}");
        }
        for entry in codes {
            assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
        }
    }
}
