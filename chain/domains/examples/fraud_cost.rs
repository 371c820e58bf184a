//! Measures the dearest fraud proof of each kind: `cargo run -p auto-domains --example fraud_cost [accounts]`.
//!
//! Prints one JSON object a kind: bytes of the proof, its share of the limit, and milliseconds of the best
//! and of the median judgement of five. Stops with an error when a proof is over the limit of bytes.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops when something is wrong")]

#[path = "../tests/fraud/fixture.rs"]
mod fixture;

use auto_core::{
    Amount, BUNDLE_BYTES_MAX, Blob, BundleVerdict, Call, DOMAIN_BLOCK_EXTRINSICS_MAX, DomainId,
    EXTRINSIC_BYTES_MAX, ExecutionReceipt, Hash, InvalidBundle, List, OpaqueExtrinsic, merkle_root,
};
use auto_domains::derive::step::{STEP_BYTES_MAX, STEP_VALUE_BYTES_MAX};
use auto_domains::fraud::FRAUD_PROOF_BYTES_MAX;
use auto_module::{Module, Outcome, Weight};
use fixture::scratch::{NOTES, Pad, Scratch};
use fixture::{Scene, World, pay, stranger, written};
use parity_scale_codec::Encode;
use std::time::Instant;

fn main() {
    let accounts = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let mut world = World::started(3_000);
    world.populate(accounts);
    // Notes of the greatest length, which a step may read.
    let note = Blob::new(vec![7; STEP_VALUE_BYTES_MAX - 4]).unwrap();
    let notes = written(|state| (0..8).for_each(|key| NOTES.put(state, &key, &note)));
    world.write(&notes);
    println!(
        "{{\"accounts\":{accounts},\"step_bytes_max\":{STEP_BYTES_MAX},\"extrinsic_weight_max_ns\":{},\
         \"cores\":{}}}",
        Weight::EXTRINSIC_MAX.0,
        std::thread::available_parallelism().map_or(1, usize::from),
    );
    steps(&world);
    bodies(&world);
    orders(&world);
}

fn measure(name: &str, scene: &Scene, change: impl FnOnce(&mut ExecutionReceipt)) {
    let mut bad = scene.right().clone();
    change(&mut bad);
    bad.trace_root = merkle_root(&bad.trace);
    bad.final_state_root = *bad.trace.last().unwrap();
    let proof = scene.prove(&bad).unwrap().unwrap();
    let bytes = proof.encode().len();
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(scene.judge(&bad, &proof), Ok(()), "{name}");
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{{\"kind\":\"{name}\",\"bytes\":{bytes},\"of_limit\":{:.2},\"best_ms\":{:.2},\"median_ms\":{:.2}}}",
        f64::from(u32::try_from(bytes).unwrap()) / f64::from(u32::try_from(FRAUD_PROOF_BYTES_MAX).unwrap()),
        times[0],
        times[2],
    );
    assert!(bytes <= FRAUD_PROOF_BYTES_MAX, "{name} is over the limit");
}

fn root_at(at: usize) -> impl FnOnce(&mut ExecutionReceipt) {
    move |bad| {
        let mut trace = bad.trace.to_vec();
        trace[at].0[0] ^= 1;
        bad.trace = List::new(trace).unwrap();
    }
}

/// Calls that make the longest extrinsic but for a few bytes.
fn filler() -> Vec<Call> {
    let note = |bytes| Pad::Put(50, Blob::new(vec![1; bytes]).unwrap());
    [32_700, EXTRINSIC_BYTES_MAX - 33_000].map(|bytes| Scratch::encode_call(&note(bytes)).unwrap()).to_vec()
}

fn one(world: &World, extrinsic: OpaqueExtrinsic) -> Scene {
    world.scene(vec![vec![extrinsic]])
}

fn steps(world: &World) {
    let call = |pad: &Pad| Scratch::encode_call(pad).unwrap();
    let payments: Vec<_> = (0..64).map(|to| pay(stranger(to * 977), Amount::from_base_units(1))).collect();
    let paid = one(world, world.signed(1, 0, payments));
    assert_eq!(paid.derived.executed[0].outcome, Outcome::Applied);
    measure("initialize", &paid, root_at(0));
    measure("finalize", &paid, root_at(2));
    measure("apply: 64 payments", &paid, root_at(1));

    let many = one(world, world.pad(1, 0, &Pad::Fill(100, 100)));
    assert_eq!(many.derived.executed[0].outcome, Outcome::Applied);
    measure("apply: 100 keys", &many, root_at(1));

    // The longest extrinsic, and reads up to the limit and over it by the longest value.
    let long = |pads: &[Pad]| {
        let calls = [&filler()[..], &pads.iter().map(call).collect::<Vec<_>>()].concat();
        one(world, world.signed(1, 0, calls))
    };
    let exhausted = long(&[Pad::Read(200, 66), Pad::Read(0, 8)]);
    assert!(matches!(exhausted.derived.executed[0].outcome, Outcome::Skipped { .. }));
    measure("apply: longest extrinsic, reads over the limit", &exhausted, root_at(1));

    let full = long(&[Pad::Read(200, 84)]);
    assert_eq!(full.derived.executed[0].outcome, Outcome::Applied);
    measure("apply: longest extrinsic, reads within the limit", &full, root_at(1));

    measure("trace length", &paid, |bad| {
        bad.trace = List::new([&bad.trace[..1], &bad.trace[..]].concat()).unwrap();
    });
    measure("block hash", &paid, |bad| bad.block_hash = Hash::ZERO);
    measure("fees", &paid, |bad| bad.fees.burned = Amount::ai3(1));
    measure("transfers", &paid, |bad| {
        bad.transfers.incoming = List::new(vec![(DomainId(0), Amount::ai3(1))]).unwrap();
    });
}

fn verdict(at: usize, verdict: BundleVerdict) -> impl FnOnce(&mut ExecutionReceipt) {
    move |bad| {
        let mut bundles = bad.bundles.to_vec();
        bundles[at].verdict = verdict;
        bad.bundles = List::new(bundles).unwrap();
    }
}

fn bodies(world: &World) {
    let small: Vec<OpaqueExtrinsic> = (0..1024).map(|from| world.transfer(from, 0, from + 1, 1)).collect();
    let count = (BUNDLE_BYTES_MAX / small[0].len()).min(small.len());
    let small = small[..count].to_vec();
    let scene = world.scene(vec![small.clone()]);
    let other = BundleVerdict::Valid(Hash::ZERO);
    measure(&format!("valid bundle: {count} transfers"), &scene, verdict(0, other));
    let weight = BundleVerdict::Invalid(InvalidBundle::InvalidWeight);
    measure(&format!("false weight: {count} transfers"), &scene, verdict(0, weight));
    let illegal = BundleVerdict::Invalid(InvalidBundle::IllegalTx(500));
    measure("false illegal transfer", &scene, verdict(0, illegal));

    let long = |from| world.signed(from, 0, filler());
    let scene = world.scene(vec![vec![long(1), long(2)]]);
    measure("valid bundle: two of the longest", &scene, verdict(0, other));
    measure("false weight: two of the longest", &scene, verdict(0, weight));
    let illegal = BundleVerdict::Invalid(InvalidBundle::IllegalTx(1));
    measure("false illegal transaction of the longest", &scene, verdict(0, illegal));
    let scene = world.scene(vec![vec![world.relay(0, |_| {})]]);
    let message = BundleVerdict::Invalid(InvalidBundle::InvalidMessage(0));
    measure("false invalid message", &scene, verdict(0, message));
}

fn orders(world: &World) {
    let count = u16::try_from(DOMAIN_BLOCK_EXTRINSICS_MAX).unwrap();
    let all: Vec<OpaqueExtrinsic> = (0..count).map(|from| world.transfer(from, 0, 1, 1)).collect();
    let scene = world.scene(all.chunks(50).map(<[_]>::to_vec).collect());
    measure(&format!("extrinsics root: {count} extrinsics"), &scene, |bad| bad.extrinsics_root = Hash::ZERO);
    let last = usize::from(count) + 1;
    measure("finalize after the longest block", &scene, root_at(last));
}
