//! Extracts of logs, as audits take them from anybody.

#![no_main]

use auto_agents::{Extract, Log};
use auto_core::decode_strict;
use autoid_core::AutoId;
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// Whose log it is.
const AGENT: AutoId = AutoId([7; 32]);

/// What decodes is canonical, and is no audit of an empty log unless it is empty.
fn check(bytes: &[u8]) {
    let Ok(extract) = decode_strict::<Extract>(bytes, 1 << 16) else { return };
    assert_eq!(extract.encode(), bytes);
    if extract.verify(&AGENT, &Log::default()).is_ok() {
        assert!(extract.entries.is_empty());
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
