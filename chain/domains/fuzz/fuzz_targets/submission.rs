//! Bundles and receipts as operators offer them.

#![no_main]

use auto_core::{Submission, decode_strict};
use auto_domains::{bundle, receipt};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical, and what passes the check without state has the form that the state relies on.
fn check(bytes: &[u8]) {
    let Ok(submission) = decode_strict::<Submission>(bytes, 1 << 24) else { return };
    assert_eq!(submission.encode(), bytes);
    if bundle::check(&submission).is_ok() {
        let receipt = submission.receipt();
        assert_eq!(submission.election().domain, receipt.domain);
        assert_eq!(receipt::check_form(receipt), Ok(()));
        assert!(receipt.trace.len() >= 2);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
