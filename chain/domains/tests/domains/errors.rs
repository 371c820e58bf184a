//! The table of error codes.

use auto_core::ErrorCode;
use auto_domains::{BundleError, DomainsError, ERRORS, ReceiptError};
use std::collections::BTreeSet;

#[test]
fn every_code_is_explained_once() {
    let codes: BTreeSet<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), ERRORS.len());
    for entry in ERRORS {
        assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty(), "{}", entry.code);
    }
    for prefix in ["DOM", "REG", "STK", "BUN", "RCP", "FRP"] {
        assert!(codes.iter().any(|code| code.starts_with(prefix)), "{prefix}");
    }
    for last in ["DOM-0005", "BUN-0026", "RCP-0018"] {
        assert!(codes.contains(last), "{last}");
    }
}

#[test]
fn wrapped_errors_keep_their_codes_and_tell_trouble_from_refusal() {
    let refused = DomainsError::from(BundleError::BadDraw);
    assert_eq!((refused.code(), refused.is_fatal()), ("BUN-0020", false));
    let damaged = DomainsError::from(ReceiptError::Missing("block"));
    assert_eq!((damaged.code(), damaged.is_fatal()), ("RCP-0018", true));
    let short = DomainsError::Unbalanced("transfers");
    assert_eq!((short.code(), short.is_fatal()), ("DOM-0005", true));
}
