//! Calls and approvals in their envelopes, as agents send them.

#![no_main]

use autoid_core::{Approval, Call, Sign1};
use libfuzzer_sys::fuzz_target;

fn check(bytes: &[u8]) {
    if let Ok(signed) = Sign1::<Call>::from_cose(bytes) {
        assert_eq!(signed.to_cose(), bytes);
        let call = signed.body();
        assert!(call.args.as_ref().is_none_or(|args| args.hash() == call.args_hash));
        assert!(Sign1::<Approval>::from_cose(bytes).is_err());
    }
    if let Ok(signed) = Sign1::<Approval>::from_cose(bytes) {
        assert_eq!(signed.to_cose(), bytes);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
