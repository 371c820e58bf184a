//! What each call costs beside what every transaction costs: the figures behind the weights.
//!
//! Every call is run many times over a state with a tree of nine identities, from the decoded call to the changed
//! overlay; the median is printed beside the weight that is charged. Keys are of Ed25519; of a signature by ES256,
//! which is dearer, `autoid --example identity_weights` says how much.

#![allow(clippy::print_stdout, reason = "figures for people")]
#![allow(clippy::panic, reason = "it stops when something is wrong")]

#[path = "../tests/agents/world.rs"]
#[allow(dead_code, reason = "tests use all of it")]
mod world;

use auto_agents::{
    Action, Agents, Call, Claim, Clear, Confirmation, DataPolicy, Deposit, Ending, Fund, Interface, Outcome,
    Profile, Protocol, Reclaim, Refund, Report, Settle, Settlement, Skill,
};
use auto_core::{Address, Amount, Blob, Hash, List, decode_strict};
use auto_module::{BlockContext, CallContext, Events, INHERENT, Module};
use auto_state::Overlay;
use autoid_core::{Action as Change, Asset, CallDigest, Kind, Mode, Reason, Sign1};
use autoid_interface::Envelope;
use parity_scale_codec::Encode;
use std::time::{Duration, Instant};
use world::{AI3, Held, Identity, World, address_payee, identity_payee};

const RUNS: usize = 41;

/// Times a call; drops what it did.
fn time(world: &World, name: &str, call: &Call) {
    let (bytes, state) = (call.encode(), world.domain.state());
    let inherent = INHERENT.get(state).expect("sound").expect("a block was made");
    let environment = world.domain.environment();
    let block = BlockContext { environment, inherent: &inherent };
    let cx = CallContext { block, signer: auto_testkit::address("alice"), extrinsic: Hash::ZERO, call: 0 };
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let decoded: Call = decode_strict(&bytes, bytes.len()).expect("decodes");
        let mut overlay = Overlay::new(state);
        let applied = Agents::apply(&decoded, &cx, &mut overlay, &mut Events::new());
        times.push(start.elapsed());
        applied.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    times.sort_unstable();
    let median = times.get(RUNS / 2).copied().unwrap_or(Duration::MAX);
    println!(
        "{name:32} {:>8.1} us, charged {:>8.1} us",
        median.as_secs_f64() * 1e6,
        Duration::from_nanos(Agents::weight(call).0).as_secs_f64() * 1e6
    );
}

/// Times a call, and carries it out.
fn run(world: &mut World, name: &str, call: Call) {
    time(world, name, &call);
    world.run::<Agents>(call);
}

/// As much as a record holds.
fn profile(owner: &Identity, live_until: u64) -> Profile {
    let tag = |number: usize| Blob::new(format!("{number:032}").into_bytes()).expect("short");
    let tags = |_| List::new((0..auto_agents::TAGS_MAX).map(tag).collect()).expect("few");
    let skills = (0..auto_agents::SKILLS_MAX).map(|number| Skill { id: tag(number), tags: tags(number) });
    let interface = |number: usize| Interface {
        protocol: Protocol::A2a,
        url: Blob::new(format!("https://a{number:0247}").into_bytes()).expect("short"),
        spki_hash: Some(Hash([5; 32])),
        version: tag(1),
    };
    Profile {
        owner: owner.id,
        purpose: Blob::new(vec![b'a'; auto_agents::PURPOSE_BYTES_MAX]).expect("short"),
        model: Some(Hash([4; 32])),
        skills: List::new(skills.collect()).expect("few"),
        interfaces: List::new((0..4).map(interface).collect()).expect("few"),
        price: None,
        accepts: List::new(vec![Asset::AI3]).expect("one"),
        stake: Amount::ai3(20),
        live_until,
        card_hash: Some(Hash([6; 32])),
        data_policy: DataPolicy::Forgotten,
    }
}

/// Nine identities, each below the one before, and eight grants, each under the one before.
fn deepest(world: &mut World) -> (Vec<Identity>, Vec<Held>) {
    let mut line = vec![world.identity(Kind::Human, None)];
    for _ in 0..8 {
        let next = world.identity(Kind::Agent, line.last());
        line.push(next);
    }
    world.pay_in(&line[0], 1_000 * AI3);
    let mut chain: Vec<Held> = Vec::new();
    for at in 0..8 {
        let mut grant = world.draft(&line[at], &line[at + 1], chain.last());
        if at == 0 {
            grant.max_depth = 7;
        }
        let held = world.register(&line[at], grant);
        chain.push(held);
    }
    (line, chain)
}

fn main() {
    let mut world = World::with(0);
    let (line, chain) = deepest(&mut world);
    let (top, bottom) = (&line[0], &line[8]);
    let whole: Vec<&Held> = chain.iter().collect();
    run(&mut world, "deposit", Call::Deposit(Deposit { to: top.id, amount: Amount::ai3(1) }));

    let live = world.number() + 1_000;
    let register = world.order(bottom, Action::Register(Box::new(profile(top, live))), 1);
    run(&mut world, "order: register, eight deep", register);
    let renew = world.order(bottom, Action::Renew { live_until: live + 1 }, 1);
    run(&mut world, "order: renew", renew);
    let (to, amount) = (Address([3; 32]), Amount::ai3(1));
    let withdraw = world.order(top, Action::Withdraw { from: top.id, to, amount }, 1);
    run(&mut world, "order: withdraw", withdraw);

    let bob = address_payee("bob");
    let own = world.spend(top, &[], AI3, bob);
    run(&mut world, "act, without grants", own);
    let one = world.spend(&line[1], &whole[..1], AI3, bob);
    run(&mut world, "act, under one grant", one);
    let act = world.call(bottom, &whole, Some((AI3, bob)));
    let call = world.signed(bottom, act.clone()).open().expect("sound").digest(&world.genesis);
    let act = world.act_of(bottom, act);
    run(&mut world, "act, under eight grants", act);

    report(&mut world, bottom, top, call);
    escrows(&mut world, (bottom, top), &whole);
    reserves(&mut world, (&line[7], bottom), &chain);

    let retire = world.order(bottom, Action::Retire, 1);
    time(&world, "order: retire", &retire);
    let reason = Reason::CessationOfOperation;
    world.operate(bottom, bottom, Change::Revoke { reason, guardians: None });
    time(&world, "clear", &Call::Clear(Clear { agent: bottom.id }));
}

fn report(world: &mut World, agent: &Identity, witness: &Identity, call: CallDigest) {
    let status = Ending::Succeeded;
    let (outputs, side_effects) = ([8; 32], [9; 32]);
    let outcome = Outcome { agent: agent.id, act: 0, call, status, outputs, cost: AI3, side_effects };
    let plain = world.outcome(agent, outcome.clone());
    time(world, "report", &plain);
    let signed = |by: &Identity| {
        Envelope::from(Sign1::sign(outcome.clone(), &world.genesis, 1, by.key()).expect("signs"))
    };
    let confirmation = Some(Confirmation { by: witness.id, outcome: signed(witness) });
    let confirmed = Call::Report(Box::new(Report { outcome: signed(agent), confirmation }));
    run(world, "report, confirmed", confirmed);
}

fn escrows(world: &mut World, (agent, payee): (&Identity, &Identity), chain: &[&Held]) {
    let deadline = world.number() + 2;
    let (open, first) = world.open(agent, chain, (AI3, identity_payee(payee)), deadline);
    run(world, "open, under eight grants", open);
    let (open, second) = world.open(agent, chain, (AI3, identity_payee(payee)), deadline);
    world.run::<Agents>(open);
    let settlement = Settlement { escrow: first, amount: AI3 / 2 };
    let signed = Envelope::from(Sign1::sign(settlement, &world.genesis, 1, payee.key()).expect("signs"));
    time(world, "settle", &Call::Settle(Settle { claim: Claim::Signed(Box::new(signed)) }));
    world.domain.advance(4);
    for escrow in [first, second] {
        run(world, "refund", Call::Refund(Refund { escrow }));
    }
}

/// A carved meter under seven others.
fn reserves(world: &mut World, (from, to): (&Identity, &Identity), chain: &[Held]) {
    let above = chain.get(6);
    let carved = world.metered((from, to), above, |meter| {
        (meter.mode, meter.per_call, meter.total) = (Mode::Carved, AI3, AI3);
    });
    run(world, "fund, under seven meters", Call::Fund(Fund { grant: carved.id }));
    world.revoke(from, &carved);
    time(world, "reclaim, under seven meters", &Call::Reclaim(Reclaim { grant: carved.id }));
}
