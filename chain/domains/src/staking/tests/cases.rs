//! The life of operators and nominators, step by step.

use super::*;
use crate::BundleError;
use crate::election::FACTOR_ONE;
use crate::state::{DOMAIN_COUNT, Epoch, FREEZE, Freeze, OperatorStatus, WITHDRAWALS_MAX};
use auto_core::{ErrorCode, OperatorKey, OperatorSignature};

#[test]
fn case_56_a_key_is_registered_by_its_holder_only_and_only_once() {
    let mut world = World::new(small());
    let registration = World::registration(1, 5000, 0);
    let genesis = world.rules.genesis;
    let pair = OperatorPair::from_secret(&[1; 32]);
    let refused = |world: &mut World, signer: u8, possession: &OperatorSignature| {
        register(&world.rules, &world.cx, &who(signer), &registration, possession, &mut world.state)
            .expect_err("no possession")
    };
    // By another account, for another domain, for another chain, by another key, and none at all.
    let good = pair.prove_possession(&genesis, DOMAIN_ID, &who(1));
    assert_eq!(refused(&mut world, 2, &good), StakingError::NoPossession);
    let proofs = [
        pair.prove_possession(&genesis, DomainId(2), &who(1)),
        pair.prove_possession(&Hash([4; 32]), DOMAIN_ID, &who(1)),
        OperatorPair::from_secret(&[2; 32]).prove_possession(&genesis, DOMAIN_ID, &who(1)),
        OperatorSignature([0; 64]),
    ];
    for proof in proofs {
        assert_eq!(refused(&mut world, 1, &proof), StakingError::NoPossession);
    }
    let id = world.try_register(1, &registration).expect("the holder may");
    assert_eq!(world.try_register(1, &registration), Err(StakingError::KeyTaken(id)));
    // Not even after the operator ended.
    deregister(&who(1), id, &mut world.state).expect("the owner may");
    assert_eq!(world.try_register(1, &registration), Err(StakingError::KeyTaken(id)));
    // The neutral point would let anyone sign.
    for key in [OperatorKey([0; 32]), OperatorKey([255; 32])] {
        let bad = Registration { key, ..registration };
        assert_eq!(world.try_register(1, &bad), Err(StakingError::BadKey));
    }
}

#[test]
fn case_47_each_reason_not_to_submit_has_its_own_code() {
    let mut world = World::new(small());
    let ids: Vec<OperatorId> = (0..6).map(|n| world.register(n, 5000, 0)).collect();
    let may = |world: &World, id| may_submit(&world.state, DOMAIN_ID, id).map(|_| ());
    assert_eq!(may(&world, OperatorId(77)), Err(BundleError::UnknownOperator(OperatorId(77))));
    let other = may_submit(&world.state, DomainId(2), ids[0]).expect_err("another domain");
    assert_eq!(other, BundleError::OtherDomain { operator: ids[0], domain: DOMAIN_ID });
    // The first began an epoch of its own; the others take part from the next.
    assert_eq!(may(&world, ids[0]), Ok(()));
    assert_eq!(may(&world, ids[1]), Err(BundleError::NotElected(ids[1])));
    world.end_epoch();
    assert!(ids.iter().all(|id| may(&world, *id).is_ok()));
    deactivate(&who(1), ids[1], &mut world.state).expect("the owner may");
    deregister(&who(2), ids[2], &mut world.state).expect("the owner may");
    mark_invalid_bundle(&mut world.state, ids[3], Hash([1; 32])).expect("known");
    mark_pending_slash(&mut world.state, ids[4], None).expect("room");
    let mut codes = std::collections::BTreeSet::new();
    let wanted = [
        (1, BundleError::Deactivated(ids[1])),
        (2, BundleError::Deregistered(ids[2])),
        (3, BundleError::InvalidAuthor(ids[3])),
        (4, BundleError::PendingSlash(ids[4])),
    ];
    for (at, error) in wanted {
        assert_eq!(may(&world, ids[at]), Err(error.clone()));
        assert!(codes.insert(error.code()));
        assert_eq!(world.epoch().stake_of(ids[at]), None, "takes no part at once");
    }
    process_slashes(&world.rules, &mut world.state).expect("adds up");
    world.check();
    assert_eq!(may(&world, ids[4]), Err(BundleError::Slashed(ids[4])));
    assert!(codes.insert(BundleError::Slashed(ids[4]).code()));
    // What is left of the stake is all of the stake: the others' chances rose.
    assert_eq!(world.epoch().total, units(8000));
    assert!(may(&world, ids[0]).is_ok() && may(&world, ids[5]).is_ok());
}

#[test]
fn case_70_the_33rd_withdrawal_is_refused_until_one_is_unlocked() {
    let (mut world, id) = World::with_operator(100_000, 0);
    world.nominate(1, id, 10_000).expect("pays");
    world.end_epoch();
    for _ in 0..WITHDRAWALS_MAX {
        world.withdraw(1, id, Withdraw::Shares(10)).expect("fits");
        // A second one in the same epoch joins the first.
        world.withdraw(1, id, Withdraw::Shares(1)).expect("joins");
        world.grow(false);
        world.end_epoch();
    }
    let refused = world.withdraw(1, id, Withdraw::Shares(1));
    assert_eq!(refused, Err(StakingError::TooManyWithdrawals(WITHDRAWALS_MAX)));
    world.domain(|record| record.confirmed = BlockNumber(1));
    world.unlock(1, id).expect("one is free");
    world.withdraw(1, id, Withdraw::Shares(1)).expect("there is room again");
    world.settle_all(id);
}

#[test]
fn a_withdrawal_unlocks_when_the_height_at_which_it_left_is_confirmed() {
    let (mut world, id) = World::with_operator(100_000, 0);
    world.nominate(1, id, 10_000).expect("pays");
    assert_eq!(world.withdraw(1, id, Withdraw::All), Err(StakingError::NothingToWithdraw));
    world.end_epoch();
    world.withdraw(1, id, Withdraw::All).expect("has shares");
    assert_eq!(world.unlock(1, id), Err(StakingError::NothingToUnlock));
    // It stays at stake until the epoch ends, and is locked until that height is confirmed.
    world.grow(true);
    world.grow(false);
    world.end_epoch();
    let until = BlockNumber(2);
    assert_eq!(world.unlock(1, id), Err(StakingError::Locked { until, confirmed: BlockNumber(1) }));
    let seen = world.position(id, 1).expect("something");
    assert_eq!(seen.withdrawals[0].locked_until, Some(until));
    world.domain(|record| record.confirmed = until);
    world.unlock(1, id).expect("is free");
    assert_eq!(world.balance(1), START);
    assert!(world.position(id, 1).is_none(), "nothing is left");
    assert_eq!(world.unlock(1, id), Err(StakingError::NoNomination(id)));
}

#[test]
fn an_ended_operator_gives_all_back_once_its_last_receipt_is_confirmed() {
    let (mut world, id) = World::with_operator(100_000, 10);
    world.nominate(1, id, 10_000).expect("pays");
    world.end_epoch();
    world.nominate(2, id, 7_000).expect("pays");
    world.withdraw(1, id, Withdraw::Shares(1234)).expect("has shares");
    world.grow(false);
    on_receipt(&mut world.state, id, BlockNumber(1)).expect("known");
    assert_eq!(world.unlock_nominator(1, id), Err(StakingError::NotEnded(id)));
    assert_eq!(deregister(&who(1), id, &mut world.state), Err(StakingError::NotOwner(id)));
    deregister(&who(0), id, &mut world.state).expect("the owner may");
    assert_eq!(deregister(&who(0), id, &mut world.state), Err(StakingError::Ended(id)));
    assert_eq!(world.nominate(3, id, 7_000), Err(StakingError::NotRegistered(id)));
    assert_eq!(world.withdraw(1, id, Withdraw::All), Err(StakingError::Ended(id)));
    world.reward(id, 1_000);
    let locked = StakingError::Locked { until: BlockNumber(1), confirmed: BlockNumber(0) };
    assert_eq!(world.unlock_nominator(1, id), Err(locked));
    world.domain(|record| record.confirmed = BlockNumber(1));
    for n in [2, 0, 1] {
        world.unlock_nominator(n, id).expect("is free");
    }
    // All three got back what they had and the reward, less what rounding took, which is burned.
    let got = world.balance(0) + world.balance(1) + world.balance(2);
    assert!((3 * START + 995..=3 * START + 1000).contains(&got), "{got}");
    assert_eq!(HELD.get(&world.state).expect("readable"), Some(Held::default()));
    assert_eq!(world.record(id).stake, Amount::ZERO);
}

#[test]
fn owners_and_nominators_keep_the_least_stake() {
    let mut world = World::new(ProtocolParams { nominator_stake_min: units(100), ..small() });
    let low = Registration { nomination_min: units(99), ..World::registration(0, 5000, 0) };
    let error = StakingError::NominationMinTooLow { stated: units(99), least: units(100) };
    assert_eq!(world.try_register(0, &low), Err(error));
    let poor = Registration { stake: units(999), nomination_min: units(200), ..low };
    let error = StakingError::StakeTooLow { stake: units(999), least: units(1000) };
    assert_eq!(world.try_register(0, &poor), Err(error));
    let greedy = Registration { stake: units(5000), tax_percent: 101, ..poor };
    assert_eq!(world.try_register(0, &greedy), Err(StakingError::TaxTooHigh(101)));
    let id = world.try_register(0, &Registration { tax_percent: 100, ..greedy }).expect("fits");
    let error = StakingError::StakeTooLow { stake: units(199), least: units(200) };
    assert_eq!(world.nominate(1, id, 199), Err(error));
    world.nominate(1, id, 200).expect("the least");
    world.nominate(1, id, 100).expect("one that is there may add less");
    world.end_epoch();
    assert_eq!(
        world.withdraw(1, id, Withdraw::Shares(81)),
        Err(StakingError::LeavesTooLittle { left: units(159), least: units(160) })
    );
    world.withdraw(1, id, Withdraw::Shares(80)).expect("leaves the least");
    world.withdraw(1, id, Withdraw::All).expect("all may leave");
    // The owner has 4000 and keeps 800.
    for amount in [Withdraw::All, Withdraw::Shares(3201)] {
        assert!(matches!(world.withdraw(0, id, amount), Err(StakingError::LeavesTooLittle { .. })));
    }
    let error = StakingError::TooManyShares { asked: 4001, available: 4000 };
    assert_eq!(world.withdraw(0, id, Withdraw::Shares(4001)), Err(error));
    world.withdraw(0, id, Withdraw::Shares(3200)).expect("leaves the least");
}

#[test]
fn an_operator_rests_at_least_the_activation_delay_unless_nobody_takes_part() {
    let mut world = World::new(ProtocolParams { activation_delay: 2, ..small() });
    let (first, second) = (world.register(0, 5000, 0), world.register(1, 5000, 0));
    world.end_epoch();
    deactivate(&who(1), second, &mut world.state).expect("the owner may");
    let epoch = world.epoch().number;
    for waited in 0..2 {
        let error = reactivate(&world.rules, &world.cx, &who(1), second, &mut world.state);
        assert_eq!(error, Err(StakingError::StillResting { until: epoch + 2, epoch: epoch + waited }));
        world.end_epoch();
    }
    reactivate(&world.rules, &world.cx, &who(1), second, &mut world.state).expect("rested");
    assert_eq!(world.epoch().stake_of(second), None, "takes part from the next epoch");
    world.end_epoch();
    assert_eq!(world.epoch().stake_of(second), Some(units(4000)));
    // Without anyone no epoch would ever end.
    deactivate(&who(0), first, &mut world.state).expect("the owner may");
    deactivate(&who(1), second, &mut world.state).expect("the owner may");
    assert_eq!(world.epoch().total, Amount::ZERO);
    reactivate(&world.rules, &world.cx, &who(0), first, &mut world.state).expect("at once");
    assert_eq!(world.epoch().stake_of(first), Some(units(4000)));
    assert!(reactivate(&world.rules, &world.cx, &who(1), second, &mut world.state).is_err());
}

#[test]
fn a_wrong_mark_is_taken_back_to_what_the_operator_was() {
    let mut world = World::new(small());
    let (first, second) = (world.register(0, 5000, 0), world.register(1, 5000, 0));
    world.end_epoch();
    let (receipt, later) = (Hash([1; 32]), Hash([2; 32]));
    deactivate(&who(1), second, &mut world.state).expect("the owner may");
    for id in [first, second] {
        mark_invalid_bundle(&mut world.state, id, receipt).expect("known");
        mark_invalid_bundle(&mut world.state, id, later).expect("known");
        unmark_invalid_bundle(&mut world.state, id, later).expect("known");
        assert_eq!(world.record(id).status, OperatorStatus::InvalidBundle(receipt));
    }
    assert_eq!(world.unlock(0, first), Err(StakingError::InvalidAuthor(first)));
    assert_eq!(world.withdraw(0, first, Withdraw::Shares(1)), Err(StakingError::InvalidAuthor(first)));
    for id in [second, first] {
        unmark_invalid_bundle(&mut world.state, id, receipt).expect("known");
    }
    assert_eq!(
        world.record(second).status,
        OperatorStatus::Deactivated(world.record(second).rests_since.expect("rests"))
    );
    assert!(may_submit(&world.state, DOMAIN_ID, first).is_ok(), "nobody else took part");
}

#[test]
fn a_domain_that_stands_still_begins_an_epoch_once_somebody_waits() {
    let (mut world, gone) = World::with_operator(10_000, 0);
    DOMAIN_COUNT.put(&mut world.state, &DOMAIN_ID);
    let renew = |world: &mut World, number| {
        world.cx.number = BlockNumber(number);
        let events = renew_stalled(&world.rules, &world.cx, &mut world.state).expect("sound");
        world.check();
        events
    };
    let (first, long) = (world.epoch(), world.rules.params.staking_epoch);
    assert_eq!(renew(&mut world, long), [], "nobody waits");
    let late = world.register(1, 20_000, 0);
    assert_eq!(world.epoch(), first, "who registers waits for the next epoch");
    assert_eq!(renew(&mut world, long - 1), [], "the domain has not stood still for long enough");
    world.domain(|record| record.frozen = true);
    assert_eq!(renew(&mut world, long), [], "it is frozen");
    world.domain(|record| record.frozen = false);
    FREEZE.put(&mut world.state, &DOMAIN_ID, &Freeze { since: Slot(1), until: BlockNumber(long) });
    assert_eq!(renew(&mut world, 2 * long - 1), [], "nobody could make a block of a frozen domain");
    let factor = FACTOR_ONE + 7;
    let epoch = Epoch { availability_factor: factor, ..world.epoch() };
    EPOCH.put(&mut world.state, &DOMAIN_ID, &epoch);
    let long = 2 * long;
    let events = renew(&mut world, long);
    assert_eq!(world.epoch().availability_factor, factor, "the election stays as likely as it was");
    assert!(matches!(events[..], [DomainsEvent::EpochBegan { domain: DOMAIN_ID, .. }]), "{events:?}");
    let stakes: Vec<_> = world.epoch().stakes.iter().map(|(id, _)| *id).collect();
    assert_eq!((stakes, world.epoch().number), (vec![gone, late], first.number + 1));
    assert_eq!(world.record(gone).status, OperatorStatus::Registered, "nobody is judged");
    assert_eq!(renew(&mut world, long + 1), [], "nobody waits any more");

    // One that a wrong receipt blamed waits as well.
    mark_invalid_bundle(&mut world.state, late, Hash([1; 32])).expect("known");
    unmark_invalid_bundle(&mut world.state, late, Hash([1; 32])).expect("known");
    assert_eq!(world.epoch().stake_of(late), None);
    assert_eq!(renew(&mut world, long + 2).len(), 1);
    assert!(world.epoch().stake_of(late).is_some());
}

#[test]
fn an_operator_off_the_allow_list_is_refused_and_the_list_of_operators_is_bounded() {
    let mut world = World::new(small());
    let list = List::new(vec![who(3), who(5)]).expect("two");
    world.domain(|record| record.config.operators = OperatorAllowList::Owners(list));
    let refused = world.try_register(4, &World::registration(4, 5000, 0));
    assert_eq!(refused, Err(StakingError::NotAllowed(DOMAIN_ID)));
    world.register(5, 5000, 0);
    let unknown = Registration { domain: DomainId(9), ..World::registration(3, 5000, 0) };
    assert_eq!(world.try_register(3, &unknown), Err(StakingError::UnknownDomain(DomainId(9))));
    let poor = Registration { stake: units(START), ..World::registration(3, 5000, 0) };
    assert!(matches!(world.try_register(3, &poor), Err(StakingError::Ledger(_))));
}

#[test]
fn those_that_were_not_there_rest_and_the_threshold_follows() {
    let mut world = World::new(small());
    let ids: Vec<OperatorId> = (0..3).map(|n| world.register(n, 5000, 0)).collect();
    world.end_epoch();
    // Sixty slots, twenty bundles expected of each: the first makes thirty, the second two, the third none.
    world.cx.slot = Slot(60);
    for (id, count) in [(ids[0], 30), (ids[1], 28), (ids[2], 0)] {
        (0..count).for_each(|slot| on_bundle(&mut world.state, id, Slot(slot), Amount::ZERO).expect("known"));
    }
    let events = world.end_epoch();
    assert!(events.contains(&DomainsEvent::OperatorDeactivated { operator: ids[2], offline: true }));
    assert_eq!(world.epoch().stakes.len(), 2);
    assert_eq!(world.epoch().availability_factor, FACTOR_ONE, "those that stay were there");
    // An idle domain says nothing about anyone.
    world.cx.slot = Slot(100_000);
    (0..8).for_each(|slot| on_bundle(&mut world.state, ids[0], Slot(slot), Amount::ZERO).expect("known"));
    assert_eq!(world.end_epoch().len(), 1);
    assert_eq!(world.epoch().stakes.len(), 2);
    // Half of the stake was absent: 2 for this epoch, smoothed.
    assert_eq!(world.epoch().availability_factor, (3 * FACTOR_ONE + 2 * FACTOR_ONE) / 4);
    // One that leaves at the end of the epoch does not make those that stay look absent.
    let big = world.register(4, 500_000, 0);
    world.end_epoch();
    world.cx.slot = Slot(110_000);
    for (id, count) in [(big, 900), (ids[0], 11), (ids[1], 9)] {
        (0..count).for_each(|slot| on_bundle(&mut world.state, id, Slot(slot), Amount::ZERO).expect("known"));
    }
    deactivate(&who(4), big, &mut world.state).expect("the owner may");
    let before = world.epoch().availability_factor;
    assert_eq!(world.end_epoch().len(), 1);
    assert_eq!(world.epoch().stakes.len(), 2);
    assert_eq!(world.epoch().availability_factor, (3 * before + FACTOR_ONE) / 4);
    // Two bundles say nothing about two operators: the factor goes back to one.
    let before = world.epoch().availability_factor;
    (0..2).for_each(|slot| on_bundle(&mut world.state, ids[0], Slot(slot), Amount::ZERO).expect("known"));
    world.end_epoch();
    assert_eq!(world.epoch().availability_factor, (3 * before + FACTOR_ONE) / 4);
    // Where all fall short, nobody rests.
    world.cx.slot = Slot(200_000);
    let events = world.end_epoch();
    assert!(!events.iter().any(|event| matches!(event, DomainsEvent::OperatorDeactivated { .. })));
}

#[test]
fn the_fund_pays_for_bytes_and_is_shared_fairly() {
    let (mut world, id) = World::with_operator(100_000, 0);
    let short = StakingError::FundTooLow { fund: units(20_000), fee: units(20_000) };
    assert_eq!(world.pay(id, 20_000), Err(short));
    world.pay(id, 19_999).expect("one unit stays");
    // Joining before the refund brings nothing of what others paid.
    world.nominate(1, id, 100_000).expect("pays");
    world.refund(id, 19_999, 19_999);
    let joined = world.position(id, 1).expect("something").fund.base_units();
    assert!((19_990..=20_000).contains(&joined), "{joined}");
    // What never comes back is everybody's loss.
    world.pay(id, 30_000).expect("covered");
    world.refund(id, 30_000, 0);
    let funds: Vec<u128> = [0, 1].map(|n| world.position(id, n).expect("something").fund.base_units()).into();
    assert!(funds.iter().all(|fund| (4_990..=5_001).contains(fund)), "{funds:?}");
    // Nobody owns the fund of an operator whose stake was taken: it is burned.
    mark_pending_slash(&mut world.state, id, None).expect("room");
    process_slashes(&world.rules, &mut world.state).expect("adds up");
    let before = issuance(&world.state).expect("readable").total;
    world.refund(id, 0, 77);
    world.reward(id, 99);
    assert_eq!(issuance(&world.state).expect("readable").total, before);
}
