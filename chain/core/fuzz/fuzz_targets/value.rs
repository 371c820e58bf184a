//! Every other value that a peer, a file or a genesis holds; the first byte chooses which.

#![no_main]

use auto_core::{
    Bundle, Equivocation, ExecutionReceipt, Genesis, GlobalObject, Hash, MerkleProof, PotJustification,
    PotProof, ProtocolParams, SegmentHeader, Solution, Submission, decode_strict,
};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::{Decode, Encode};

/// The value, if there is one; it is canonical.
fn decode<T: Decode + Encode>(bytes: &[u8]) -> Option<T> {
    let value: T = decode_strict(bytes, 1 << 24).ok()?;
    assert_eq!(value.encode(), bytes);
    Some(value)
}

fn check(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind % 13 {
        0 => drop(decode::<Bundle>(bytes)),
        1 => drop(decode::<ExecutionReceipt>(bytes)),
        2 => drop(decode::<Submission>(bytes).map(|submission| submission.hash())),
        3 => drop(decode::<Equivocation>(bytes).map(|evidence| evidence.verify(&Hash([0x5a; 32])))),
        4 => drop(decode::<Genesis>(bytes).map(|genesis| genesis.hash())),
        5 => drop(decode::<ProtocolParams>(bytes).map(|params| params.validate())),
        6 => drop(decode::<SegmentHeader>(bytes).map(|header| header.hash())),
        7 => drop(decode::<GlobalObject>(bytes)),
        8 => drop(decode::<MerkleProof>(bytes)),
        9 => drop(decode::<PotJustification>(bytes)),
        10 => drop(decode::<PotProof>(bytes)),
        11 => drop(decode::<Solution>(bytes)),
        _ => drop(decode::<Vec<Hash>>(bytes)),
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
