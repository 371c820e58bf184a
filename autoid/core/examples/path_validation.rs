//! Measures one verification of a path of four certificates, decoding included.
//!
//! `cargo run --release -p autoid-core --example path_validation`
#![allow(clippy::print_stdout, reason = "the figure is what the program is for")]

use std::time::Instant;

#[path = "../tests/x509"]
mod x509 {
    pub(super) mod forge;
}

use x509::forge::{Entity, Key, Spec, Trial};

const ROUNDS: u32 = 200;

fn main() {
    measure("P-256", &Key::p256);
    measure("Ed25519", &Key::ed25519);
}

/// Prints the fastest and the median of the rounds, in microseconds.
fn measure(name: &str, key: &dyn Fn(&str) -> Key) {
    let root = Spec::root("root").keyed(key("root")).issue();
    let upper = Spec::ca(&root, "upper").keyed(key("upper")).issue();
    let lower = Spec::ca(&upper, "lower").keyed(key("lower")).issue();
    let leaf: Entity = Spec::leaf(&lower).keyed(key("leaf")).issue();
    let trial = Trial::new(&[&root], &[&lower, &upper], &leaf);
    assert_eq!(trial.code(), "ok", "the path must verify to be measured");
    let mut times: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(trial.code(), "ok", "the path must verify to be measured");
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    let microseconds = |index: usize| times.get(index).copied().unwrap_or_default() / 1000;
    println!("{name}: minimum {} us, median {} us", microseconds(0), microseconds(times.len() / 2));
}
