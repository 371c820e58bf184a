//! Account proofs that anybody may have written, as text and as their parts.

#![no_main]

use auto_core::{Address, Hash, Header, ShardId};
use auto_sdk::ProofFile;
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// A file that was read is written in a form that gives it again; a proof that holds has a header.
fn check(bytes: &[u8]) {
    if let Some(file) = std::str::from_utf8(bytes).ok().and_then(|text| ProofFile::parse(text).ok()) {
        let text = serde_json::to_string(&file).expect("text");
        assert_eq!(ProofFile::parse(&text).expect("its own text"), file);
        let _ = file.verify();
    }
    // The same bytes as a proof below a header that is well formed, and as header and proof.
    let header = Header {
        shard: ShardId(0),
        number: auto_core::BlockNumber(1),
        parent_hash: Hash::ZERO,
        transactions_root: Hash::ZERO,
        state_root: Hash([0x5a; 32]),
        mmr_root: Hash::ZERO,
        digest: auto_core::Digest::default(),
    };
    let below = ProofFile::new(Address([7; 32]), &header.encode(), bytes);
    assert!(below.verify().is_err(), "noise proves nothing about a root that was chosen before");
    let Some((length, rest)) = bytes.split_first() else { return };
    let Some((header, proof)) = rest.split_at_checked(usize::from(*length) * 2) else { return };
    if let Ok(proven) = ProofFile::new(Address([7; 32]), header, proof).verify() {
        assert_eq!(proven.address, Address([7; 32]));
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
