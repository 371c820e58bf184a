//! What a slash takes, and what it does not.

use super::*;
use crate::state::{OperatorStatus, SLASHES};

#[test]
fn case_68_nothing_can_be_taken_out_while_a_slash_is_pending() {
    let (mut world, id) = World::with_operator(100_000, 0);
    world.nominate(1, id, 10_000).expect("pays");
    world.end_epoch();
    world.withdraw(1, id, Withdraw::Shares(1000)).expect("has shares");
    world.grow(true);
    world.end_epoch();
    // The withdrawal is free, but the operator is blamed before it is unlocked.
    mark_pending_slash(&mut world.state, id, Some(who(9))).expect("room");
    let pending = Err(StakingError::SlashPending(id));
    assert_eq!(world.unlock(1, id), pending);
    assert_eq!(world.withdraw(1, id, Withdraw::All), pending);
    assert_eq!(world.unlock_nominator(1, id), pending);
    assert_eq!(deregister(&who(0), id, &mut world.state).map(|_| ()), pending);
    assert_eq!(deactivate(&who(0), id, &mut world.state).map(|_| ()), pending);
    assert_eq!(world.nominate(1, id, 10_000), Err(StakingError::NotRegistered(id)));
    process_slashes(&world.rules, &mut world.state).expect("adds up");
    assert_eq!(world.unlock(1, id), Err(StakingError::Slashed(id)));
}

#[test]
fn a_slash_takes_all_but_what_was_free_and_pays_the_reporter_a_tenth() {
    let (mut world, id) = World::with_operator(100_000, 0);
    for n in [1, 2, 3] {
        world.nominate(n, id, 10_000).expect("pays");
    }
    world.end_epoch();
    world.withdraw(1, id, Withdraw::All).expect("has shares");
    world.grow(true);
    world.end_epoch();
    // One left and is free; one left and is locked; one leaves in this epoch, and one joins.
    world.withdraw(2, id, Withdraw::All).expect("has shares");
    world.grow(false);
    world.end_epoch();
    world.withdraw(3, id, Withdraw::Shares(4000)).expect("has shares");
    world.nominate(4, id, 5_000).expect("pays");
    let before = issuance(&world.state).expect("readable").total.base_units();
    let reporter = world.balance(9);
    mark_pending_slash(&mut world.state, id, Some(who(9))).expect("room");
    // A second report changes nothing.
    mark_pending_slash(&mut world.state, id, Some(who(8))).expect("room");
    // A height that is confirmed later frees nothing.
    world.domain(|record| record.confirmed = record.head);
    let events = process_slashes(&world.rules, &mut world.state).expect("adds up");
    world.check();
    let taken = 100_000 + 10_000 + 10_000 + 5_000;
    let slashed =
        DomainsEvent::OperatorSlashed { operator: id, amount: units(taken), rewarded: units(taken / 10) };
    assert_eq!(events, vec![slashed]);
    assert_eq!(world.balance(1), START, "was free");
    assert_eq!(world.balance(9), reporter + taken / 10);
    assert_eq!(world.balance(8), START);
    assert_eq!(issuance(&world.state).expect("readable").total.base_units(), before - taken * 9 / 10);
    assert_eq!(HELD.get(&world.state).expect("readable"), Some(Held::default()));
    assert_eq!(world.record(id).status, OperatorStatus::Slashed);
    assert_eq!(SLASHES.get(&world.state), Ok(None));
    mark_pending_slash(&mut world.state, id, Some(who(8))).expect("room");
    assert_eq!(process_slashes(&world.rules, &mut world.state), Ok(Vec::new()));
}

#[test]
fn denouncing_oneself_never_pays() {
    let (mut world, id) = World::with_operator(100_000, 0);
    let before = world.balance(0) + 100_000;
    mark_pending_slash(&mut world.state, id, Some(who(0))).expect("room");
    process_slashes(&world.rules, &mut world.state).expect("adds up");
    assert_eq!(world.balance(0), before - 90_000);
}

#[test]
fn slashes_go_in_bounded_steps_and_keep_the_books() {
    let (mut world, id) = World::with_operator(100_000, 0);
    let last = world.register(199, 5000, 0);
    for n in 10..150 {
        world.nominate(n, id, 1_000 + u128::from(n)).expect("pays");
    }
    world.end_epoch();
    for n in 10..60 {
        world.withdraw(n, id, Withdraw::Shares(37)).expect("has shares");
    }
    world.end_epoch();
    mark_pending_slash(&mut world.state, id, Some(who(9))).expect("room");
    mark_pending_slash(&mut world.state, last, None).expect("room");
    let mut steps = 0;
    while SLASHES.get(&world.state).expect("readable").is_some() {
        let before = world.record(id).nominators + world.record(last).nominators;
        process_slashes(&world.rules, &mut world.state).expect("adds up");
        world.check();
        steps += 1;
        assert!(before - (world.record(id).nominators + world.record(last).nominators) <= SLASH_STEP);
    }
    assert_eq!(steps, 3);
    assert_eq!(HELD.get(&world.state).expect("readable"), Some(Held::default()));
    assert_eq!(world.nominators(id), Vec::new());
}

#[test]
fn a_reporter_without_an_account_earns_nothing_when_it_is_too_little() {
    let mut world = World::new(ProtocolParams { existential_deposit: units(500), ..small() });
    let id = world.register(0, 1000, 0);
    // Account 250 holds nothing, and a tenth of 1000 is below what an account must hold.
    mark_pending_slash(&mut world.state, id, Some(who(250))).expect("room");
    let events = process_slashes(&world.rules, &mut world.state).expect("adds up");
    let slashed = DomainsEvent::OperatorSlashed { operator: id, amount: units(1000), rewarded: Amount::ZERO };
    assert_eq!(events, vec![slashed]);
    world.check();
}
