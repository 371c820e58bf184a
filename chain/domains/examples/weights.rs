//! Measures what weights state: `cargo run -p auto-domains --example weights [accounts] [rounds]`.
//!
//! One core does all that a bundle's extrinsic costs an operator (decoding, the verdict with its signature or
//! proofs, the step, the new root) over a state in memory, one extrinsic after another. Prints one JSON object:
//! nanoseconds of the best and of the median round for a transaction whose call does nothing, for what each
//! call adds to it, for a message with a proof out of a small state, and for one more proof out of this state,
//! which messages of domains carry. `auto_module::Weight` says how constants follow from these.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops when something is wrong")]

#[path = "../tests/fraud/fixture.rs"]
mod fixture;

use auto_core::{Amount, Call, ChannelId, DomainId, OpaqueExtrinsic};
use auto_domains::derive::{BlockRules, ParentTip, Step, StepEffect, step, verdict};
use auto_module::messages::{self, Messages};
use auto_module::{Module, Outcome, bank};
use auto_state::{Snapshot, Staged};
use fixture::scratch::{Pad, Scratch};
use fixture::{World, pay, stranger};
use std::time::Instant;

/// Transactions of one round: a channel takes no more requests than these unanswered.
const EACH: u16 = 60;
/// Payments of a transaction that holds several.
const PAYMENTS: u32 = 32;

/// Nanoseconds of one thing in the best and in the median round.
#[derive(Clone, Copy)]
struct Time {
    best: f64,
    median: f64,
}

impl Time {
    fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        Self { best: rounds[0], median: rounds[rounds.len() / 2] }
    }

    fn less(self, other: Self, parts: f64) -> Self {
        Self { best: (self.best - other.best) / parts, median: (self.median - other.median) / parts }
    }
}

/// What one of these extrinsics takes, each over the state that those before it leave.
fn measure(world: &World, before: &[OpaqueExtrinsic], extrinsics: &[OpaqueExtrinsic], rounds: u32) -> Time {
    let bundles = [before.to_vec(), extrinsics.to_vec()];
    let block = world.block(&bundles);
    let rules = BlockRules { domain: &world.runtime, environment: &world.environment, block: &block };
    let root = ParentTip::of(&world.parent).state_root;
    let round = |_| {
        let parent = Staged::new(&world.nodes, root);
        let mut state = Staged::new(&world.nodes, root);
        let (begun, _) = step(&rules, Step::Initialize, &state).unwrap();
        state.apply(&begun).unwrap();
        let mut run = |bytes: &OpaqueExtrinsic| {
            let vrf = &block.inbox[1].vrf;
            let checked = verdict::extrinsic(&rules, vrf, 0, bytes, &parent).unwrap().unwrap();
            let (changes, effect) = step(&rules, Step::Apply(&checked), &state).unwrap();
            state.apply(&changes).unwrap();
            let StepEffect::Applied(executed) = effect else { unreachable!("an extrinsic was applied") };
            assert_eq!(executed.outcome, Outcome::Applied);
        };
        before.iter().for_each(&mut run);
        let start = Instant::now();
        extrinsics.iter().for_each(&mut run);
        start.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(extrinsics.len()).unwrap())
    };
    Time::of((0..rounds).map(round).collect())
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u32>().ok());
    let accounts = arguments.next().unwrap_or(1_000_000);
    let rounds = arguments.next().unwrap_or(25);
    let mut world = World::started(EACH);
    world.populate(accounts);
    let all = |nonce: u64, calls: &dyn Fn(u32) -> Vec<Call>| -> Vec<OpaqueExtrinsic> {
        (0..EACH).map(|from| world.signed(from, nonce, calls(u32::from(from)))).collect()
    };
    let place = (DomainId::CONSENSUS, ChannelId(0));
    let message = |call| Messages::encode_call(&call).unwrap();
    let open = |_| vec![message(messages::Call::Open(messages::Open { chain: place.0 }))];
    let own = |from: u32| ChannelId(2 * u64::from(from) + 1);
    let close =
        |from| vec![message(messages::Call::Close(messages::Close { chain: place.0, channel: own(from) }))];
    let to_far = |from: u32| {
        let (chain, channel) = place;
        let (to, amount) = (stranger(from), Amount::ai3(1));
        vec![message(messages::Call::Transfer(messages::Transfer { chain, channel, to, amount }))]
    };
    let payment = |number: u32| pay(stranger(number * 331 % accounts), Amount::from_base_units(1));
    let payments = |from: u32| (0..PAYMENTS).map(|at| payment(from * PAYMENTS + at)).collect();

    let nothing = |_| vec![Scratch::encode_call(&Pad::Heavy(0)).unwrap()];
    let signed = measure(&world, &[], &all(0, &nothing), rounds);
    let call = |time: Time| time.less(signed, 1.0);
    let one = call(measure(&world, &[], &all(0, &|from| vec![payment(from)]), rounds));
    let each = measure(&world, &[], &all(0, &payments), rounds).less(signed, f64::from(PAYMENTS));
    let opened = all(0, &open);
    let opening = call(measure(&world, &[], &opened, rounds));
    let closing = call(measure(&world, &opened, &all(1, &close), rounds));
    let sending = call(measure(&world, &[], &all(0, &to_far), rounds));
    // The second message is one that the fixture has refused.
    let relay = measure(&world, &[], &[world.relay(0, |_| {})], rounds);
    let figures = [
        ("signed", signed),
        ("payment", one),
        ("payment_of_several", each),
        ("open_channel", opening),
        ("close_channel", closing),
        ("transfer_to_chain", sending),
        ("message", relay),
        ("state_proof", proof(&world, rounds)),
    ];
    let figures: Vec<String> = figures
        .iter()
        .map(|(name, time)| {
            format!("\"{name}_best_ns\":{:.0},\"{name}_median_ns\":{:.0}", time.best, time.median)
        })
        .collect();
    println!("{{\"accounts\":{accounts},\"rounds\":{rounds},{}}}", figures.join(","));
}

/// What it takes to verify a proof of one key of the state.
fn proof(world: &World, rounds: u32) -> Time {
    let root = ParentTip::of(&world.parent).state_root;
    let key = bank::ACCOUNTS.key(&stranger(7));
    let proof = Snapshot::new(&world.nodes, root).prove(&key).unwrap();
    let round = |_| {
        let start = Instant::now();
        for _ in 0..EACH {
            assert!(proof.verify(&root, &key).unwrap().is_some());
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(EACH)
    };
    Time::of((0..rounds).map(round).collect())
}
