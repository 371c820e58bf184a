//! Fraud proofs, against receipts that are right and receipts that are not.

#![no_main]

#[path = "../../tests/fraud/fixture.rs"]
mod fixture;

use auto_core::{
    Blob, BundleVerdict, ExecutionReceipt, Hash, InvalidBundle, List, decode_strict, merkle_root,
};
use auto_domains::fraud::{FRAUD_PROOF_BYTES_MAX, FraudProof};
use fixture::{Scene, World};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::LazyLock;

/// A block of three bundles, of which one is invalid.
static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let world = World::started(12);
    let junk = Blob::new(vec![9, 9, 9]).expect("short");
    let good = vec![world.transfer(1, 0, 2, 1), world.relay(0, |_| {}), world.leave(3, 0, 2)];
    world.scene(vec![good, vec![world.transfer(4, 0, 5, 1), junk], vec![world.transfer(6, 0, 7, 1)]])
});

/// Receipts that differ from the right one in one place.
static WRONG: LazyLock<Vec<ExecutionReceipt>> = LazyLock::new(|| {
    let right = SCENE.right();
    let traced = |change: &dyn Fn(&mut Vec<Hash>)| {
        let mut bad = right.clone();
        let mut trace = bad.trace.to_vec();
        change(&mut trace);
        bad.trace_root = merkle_root(&trace);
        bad.final_state_root = *trace.last().expect("not empty");
        bad.trace = List::new(trace).expect("few");
        bad
    };
    let judged = |at: usize, verdict: BundleVerdict| {
        let mut bad = right.clone();
        let mut bundles = bad.bundles.to_vec();
        bundles[at].verdict = verdict;
        bad.bundles = List::new(bundles).expect("three");
        bad
    };
    let mut wrong: Vec<ExecutionReceipt> =
        (0..right.trace.len()).map(|at| traced(&move |trace| trace[at].0[0] ^= 1)).collect();
    wrong.push(traced(&|trace| trace.truncate(3)));
    wrong.push(traced(&|trace| trace.push(Hash::ZERO)));
    wrong.push(judged(0, BundleVerdict::Valid(Hash::ZERO)));
    wrong.push(judged(1, BundleVerdict::Valid(Hash::ZERO)));
    for reason in [
        InvalidBundle::UndecodableTx(0),
        InvalidBundle::OutOfRangeTx(0),
        InvalidBundle::InherentExtrinsic(0),
        InvalidBundle::InvalidMessage(1),
        InvalidBundle::IllegalTx(0),
        InvalidBundle::IllegalTx(7),
        InvalidBundle::InvalidWeight,
    ] {
        wrong.push(judged(0, BundleVerdict::Invalid(reason)));
    }
    wrong.push(ExecutionReceipt { block_hash: Hash::ZERO, ..right.clone() });
    wrong.push(ExecutionReceipt { extrinsics_root: Hash::ZERO, ..right.clone() });
    wrong.push(ExecutionReceipt { fees: Default::default(), ..right.clone() });
    wrong.push(ExecutionReceipt { transfers: Default::default(), ..right.clone() });
    wrong
});

/// What decodes is canonical; no proof shows a right receipt wrong; and none does harm to who judges it.
fn check(bytes: &[u8]) {
    let Ok(proof) = decode_strict::<FraudProof>(bytes, FRAUD_PROOF_BYTES_MAX) else { return };
    assert_eq!(proof.encode(), bytes);
    assert!(SCENE.judge(SCENE.right(), &proof).is_err(), "a right receipt was proven wrong");
    for bad in WRONG.iter() {
        let _ = SCENE.judge(bad, &proof);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
