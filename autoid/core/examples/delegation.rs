//! Measures verifications of calls under chains of grants, from bytes to verdict.
//!
//! `cargo run -p autoid-core --example delegation`
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the figure is what the program is for"
)]

use std::time::Instant;

use autoid_core::{Call, Grant, Kind, Memo, NoMemo, Remembered, Sign1, Trust, View as _, verify};

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/autoid/world.rs"]
mod world;

use world::{Actor, GENESIS, World, call, grant, sign};

const ROUNDS: usize = 2_000;

/// What a verifier is given: bytes.
struct Wire {
    world: World,
    trust: Trust,
    call: Vec<u8>,
    grants: Vec<Vec<u8>>,
}

/// A chain of so many grants down a line of identities, each the parent of the next.
fn wire(links: usize) -> Wire {
    let mut world = World::new();
    let mut line: Vec<Actor> = vec![world.incept("0", Kind::Human, None)];
    for step in 1..=links {
        let actor = world.incept(&step.to_string(), Kind::Agent, line.last());
        line.push(actor);
    }
    let service = world.incept("service", Kind::Service, None);
    let mut grants: Vec<Sign1<Grant>> = Vec::new();
    for pair in line.windows(2) {
        let mut body = grant(&pair[0], &pair[1], &line[0], grants.last());
        body.max_depth = grants.last().map_or(7, |parent| parent.body().max_depth - 1);
        grants.push(sign(body, &pair[0]));
    }
    let actor = line.last().unwrap();
    let call = Sign1::sign(call(actor, &service, &grants), &GENESIS, 0, &actor.key).unwrap();
    let trust = world.trust(service.id);
    let grants = grants.iter().map(Sign1::to_cose).collect();
    Wire { world, trust, call: call.to_cose(), grants }
}

impl Wire {
    fn judge(&self, memo: &mut impl Memo) -> bool {
        let Ok(call) = Sign1::<Call>::from_cose(&self.call) else { return false };
        let grants: Result<Vec<_>, _> =
            self.grants.iter().map(|one| Sign1::<Grant>::from_cose(one)).collect();
        let Ok(grants) = grants else { return false };
        verify(&call, &grants, &[], &self.world, &self.trust, memo).is_ok()
    }
}

/// Prints the median and the 99th percentile of the rounds, in microseconds.
fn measure(name: &str, mut round: impl FnMut()) {
    let mut times: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    let show = |index: usize| times.get(index).map_or(0, |nanos| nanos / 100);
    let (median, high) = (show(ROUNDS / 2), show(ROUNDS * 99 / 100));
    println!("{name}: {}.{} us median, {}.{} us p99", median / 10, median % 10, high / 10, high % 10);
}

fn main() {
    let three = wire(3);
    measure("verify_cold_us (3 grants + call)", || assert!(three.judge(&mut NoMemo)));
    let mut memo = Remembered::new(64);
    measure("verify_warm_us (3 grants + call)", || assert!(three.judge(&mut memo)));
    let eight = wire(8);
    measure("verify_cold_us (8 grants + call)", || assert!(eight.judge(&mut NoMemo)));
    let mut memo = Remembered::new(64);
    measure("verify_warm_us (8 grants + call)", || assert!(eight.judge(&mut memo)));
    let mut trailing = wire(3);
    trailing.grants[2].push(0);
    measure("reject_malformed_us (a byte too many)", || assert!(!trailing.judge(&mut NoMemo)));
    let mut late = wire(3);
    late.trust.now.0 += 3_600;
    measure("reject_malformed_us (the call has ended)", || assert!(!late.judge(&mut NoMemo)));
    let mut stranger = wire(3);
    stranger.trust.audience.0[0] ^= 1;
    measure("reject_malformed_us (for somebody else)", || assert!(!stranger.judge(&mut NoMemo)));
    let mut reordered = wire(3);
    reordered.grants.swap(1, 2);
    measure("reject_malformed_us (grants reordered)", || assert!(!reordered.judge(&mut NoMemo)));
    let record = three.world.identity(&three.trust.audience).unwrap().unwrap();
    let resolution = autoid_core::document::Resolution::default();
    measure("did_document_us", || {
        let text = autoid_core::document::document(&record, &GENESIS, three.trust.now, &resolution);
        assert!(text.len() > 100);
    });
}
