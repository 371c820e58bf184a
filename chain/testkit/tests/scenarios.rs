//! Simulations that are made for one purpose each.

use auto_core::DomainId;
use auto_testkit::{Division, Failure, Outage, Outcome, Part, Plan, Simulation, WorldKind};

/// Four nodes that all farm and compute time, undisturbed.
fn calm(seed: u64) -> Plan {
    let part = |node| Part { farmer: Some(node), slot_ms: Some(1000), states: 4, ..Part::default() };
    Plan {
        seed,
        world: WorldKind::Lasting,
        parts: (0..4).map(part).collect(),
        latency: (1, 50),
        loss: 0,
        divisions: Vec::new(),
        outages: Vec::new(),
        transfers: 20,
        between_chains: 0,
        height: 24,
        for_ever_apart: false,
    }
}

/// Two farmers on each side, until the higher side has built so many blocks.
fn divided(seed: u64, from_height: u64, blocks: u64) -> Plan {
    let sides = vec![false, true, false, true];
    let division = Division { from_height, blocks, at_most: 600_000, noticed: seed.is_multiple_of(2), sides };
    Plan { divisions: vec![division], ..calm(seed) }
}

fn run(plan: Plan) -> Result<Outcome, Failure> {
    Simulation::new(plan)?.run()
}

fn succeed(plan: Plan) -> Outcome {
    run(plan).expect("the simulation holds")
}

#[test]
fn an_undisturbed_network_follows_one_chain() {
    let outcome = succeed(calm(1));
    assert!(outcome.tally.height >= 24);
    assert!(outcome.tally.segments >= 1 && outcome.tally.transactions > 0);
    assert!(outcome.heads.iter().all(|head| *head == outcome.heads[0]));
    assert_eq!((outcome.tally.lost, outcome.tally.dropped, outcome.tally.restarts), (0, 0, 0));
}

#[test]
fn the_same_seed_gives_the_same_simulation() {
    // Seed 7 plots anew, so that nothing of it but segment zero is shared.
    for seed in [3, 7] {
        let (one, other) = (Simulation::run_seed(seed), Simulation::run_seed(seed));
        assert_eq!(one, other);
        assert!(one.is_ok());
    }
}

#[test]
fn a_divided_network_heals_to_one_chain_over_an_injection_and_an_era_end() {
    let (mut entropy, mut era) = (0, 0);
    for seed in 0..4 {
        // Block 10 schedules entropy, block 16 ends an era.
        let outcome = succeed(divided(seed, if seed < 2 { 9 } else { 13 }, 7));
        assert_eq!(outcome.tally.divisions_healed, 1);
        assert!(outcome.tally.deepest >= 2, "{outcome:?}");
        entropy += outcome.tally.reorgs_over_entropy;
        era += outcome.tally.reorgs_over_era;
    }
    assert!(entropy > 0 && era > 0, "{entropy} over entropy, {era} over the end of an era");
}

#[test]
fn case_22_no_reorganisation_reaches_below_what_is_archived() {
    // Both sides confirm and archive blocks of their own; once they meet again, neither gives them up.
    let outcome = succeed(Plan { for_ever_apart: true, height: 30, ..divided(5, 6, 24) });
    let heads = &outcome.heads;
    assert_ne!(heads[0], heads[1]);
    assert_eq!((heads[0], heads[1]), (heads[2], heads[3]), "each side follows its own chain");
    assert!(outcome.tally.segments >= 1 && outcome.tally.dropped > 0, "{:?}", outcome.tally);
}

#[test]
fn two_chains_below_the_confirmation_depth_are_noticed() {
    let failure = run(divided(5, 6, 24)).expect_err("both sides confirm blocks of their own");
    assert!(failure.0.contains("elsewhere"), "{failure}");
}

#[test]
fn case_35_a_block_is_given_up_when_its_chain_of_time_is_taken_back() {
    // With wins in most slots and slow messages, about two networks in five have a solution waiting then.
    let plan = |seed| Plan { world: WorldKind::Generous, latency: (400, 1600), ..divided(seed, 9, 8) };
    let taken_back = |seed| succeed(plan(seed)).tally.time_taken_back > 0;
    assert!((0..30).any(taken_back), "no solution was waiting when time was taken back");
}

#[test]
fn case_35_a_solution_for_time_that_was_taken_back_seals_no_block() {
    // Proving ends after the chain of time has gone, and the range would let the solution pass.
    for seed in 0..6 {
        succeed(Plan { world: WorldKind::Generous, ..divided(seed, 4, 8) });
    }
}

#[test]
fn a_node_that_comes_late_verifies_everything_from_genesis() {
    let mut plan = calm(2);
    plan.parts[3] = Part { joins_at: 22, ..Part::default() };
    let outcome = succeed(plan);
    assert_eq!(outcome.tally.joined, 1);
    assert_eq!(outcome.heads[3], outcome.heads[0]);
}

#[test]
fn a_network_of_which_every_node_dies_goes_on_where_it_was() {
    for in_write in [false, true] {
        let outage = |node| Outage { at: 60_000, node, lasts: 20_000, in_write };
        let outcome = succeed(Plan { outages: (0..4).map(outage).collect(), ..calm(3) });
        let died = if in_write { outcome.tally.torn_writes } else { outcome.tally.restarts };
        assert_eq!(died, 4, "{outcome:?}");
        assert!(outcome.tally.height >= 24);
    }
}

#[test]
fn sectors_that_expire_are_plotted_anew_and_win_again() {
    let outcome = succeed(Plan { world: WorldKind::Expiring, height: 34, ..calm(4) });
    assert!(outcome.tally.replotted > 0 && outcome.tally.segments >= 4, "{outcome:?}");
}

/// Three nodes farm and are the operators of the first domain; the last two do nothing but operate the second.
fn two_domains(seed: u64) -> Plan {
    let operators = |numbers: std::ops::Range<u64>| numbers.map(|number| (number, None)).collect();
    let farmer = |node| Part { farmer: Some(node), slot_ms: Some(1000), states: 4, ..Part::default() };
    let plain = |numbers| Part { states: 4, operators: operators(numbers), ..Part::default() };
    let parts = vec![
        Part { operators: operators(0..2), ..farmer(0) },
        Part { operators: operators(2..4), ..farmer(1) },
        farmer(2),
        plain(4..6),
        plain(6..8),
    ];
    Plan { world: WorldKind::Domains, parts, transfers: 60, between_chains: 12, ..calm(seed) }
}

#[test]
fn a_domain_whose_operators_are_all_offline_catches_up_and_holds_nobody_up() {
    let (first, second) = (DomainId(1), DomainId(2));
    for seed in 0..3 {
        let outage = |node| Outage { at: 60_000, node, lasts: 180_000, in_write: false };
        let plan = Plan { outages: vec![outage(3), outage(4)], height: 60, ..two_domains(seed) };
        // At rest all transactions have run on both domains, and their blocks are confirmed.
        let tally = succeed(plan).tally;
        assert_eq!(tally.restarts, 2);
        assert!(tally.height >= 60, "consensus went on: {tally:?}");
        assert!(tally.stops[&second] >= 20, "the second domain stood still: {tally:?}");
        assert!(tally.stops[&first] < 12, "the first domain went on: {tally:?}");
        assert_eq!((tally.wrong_receipts, tally.slashed), (0, 0), "nobody is at fault: {tally:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_liars() {
    let (one, other) = (Simulation::run_liars(3), Simulation::run_liars(3));
    assert_eq!(one, other);
    assert!(one.is_ok_and(|one| one.tally.slashed > 0));
}
