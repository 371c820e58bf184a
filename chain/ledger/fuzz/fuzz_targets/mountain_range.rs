//! The mountain range over blocks: its peaks in the state, and proofs that anybody checks.

#![no_main]

use auto_core::{BlockNumber, Hash, decode_strict};
use auto_ledger::mmr::{Mmr, MmrLeaf, MmrProof};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical; a range grows or refuses to; no proof out of noise holds.
fn check(bytes: &[u8]) {
    if let Ok(mut range) = decode_strict::<Mmr>(bytes, 1 << 16) {
        assert_eq!(range.encode(), bytes);
        let _ = range.root();
        let leaves = range.leaves();
        let leaf =
            MmrLeaf { number: BlockNumber(leaves), block_hash: Hash([1; 32]), state_root: Hash([2; 32]) };
        match range.append(&leaf) {
            Some(completed) => assert!(range.leaves() == leaves + 1 && !completed.is_empty()),
            None => assert_eq!(range.encode(), bytes),
        }
    }
    let Some((number, bytes)) = bytes.split_first_chunk::<8>() else { return };
    if let Ok(proof) = decode_strict::<MmrProof>(bytes, 1 << 16) {
        assert_eq!(proof.encode(), bytes);
        let number = BlockNumber(u64::from_le_bytes(*number));
        let leaf = MmrLeaf { number, block_hash: Hash([1; 32]), state_root: Hash([2; 32]) };
        assert!(!proof.verify(&Hash([0x5a; 32]), &leaf));
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
