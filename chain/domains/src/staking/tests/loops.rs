//! Random loops of everything, against a model that counts values where the code counts shares.

use super::*;
use proptest::prelude::*;

/// What one account has, counted as a value that grows with every reward.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    staked: f64,
    joining: f64,
    leaving: f64,
    left: f64,
    /// What left the fund, as observed.
    fund: f64,
    unlocked: f64,
}

#[derive(Debug, Default)]
struct Model {
    sides: [Side; 5],
    /// How far rounding may be off by now: two units a step, which grow like everything else.
    slack: f64,
}

impl Model {
    fn reward(&mut self, amount: u128, tax_percent: u8) {
        let tax = amount * u128::from(tax_percent) / 100;
        let total: f64 = self.sides.iter().map(|side| side.staked + side.leaving).sum();
        let growth = 1.0 + (amount - tax) as f64 / total;
        self.slack *= growth;
        for side in &mut self.sides {
            side.staked *= growth;
            side.leaving *= growth;
        }
        self.sides[0].staked += tax as f64;
    }

    fn end_epoch(&mut self) {
        for side in &mut self.sides {
            side.left += side.leaving;
            side.staked += side.joining;
            (side.leaving, side.joining) = (0.0, 0.0);
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Nominate(u8, u128),
    Withdraw(u8, u16),
    WithdrawAll(u8),
    Unlock(u8),
    EndEpoch,
    Reward(u128),
    Pay(u128),
    Refund(u8),
    Grow(bool),
}

fn steps(with_rewards: bool) -> impl Strategy<Value = Vec<Step>> {
    let amount = prop_oneof![1..20u128, 1..100_000u128, 1..1_000_000_000u128];
    let reward = if with_rewards { 3 } else { 0 };
    let step = prop_oneof![
        4 => (0..5u8, amount.clone()).prop_map(|(n, amount)| Step::Nominate(n, amount)),
        4 => (0..5u8, 1..1000u16).prop_map(|(n, permille)| Step::Withdraw(n, permille)),
        2 => (0..5u8).prop_map(Step::WithdrawAll),
        2 => (0..5u8).prop_map(Step::Unlock),
        4 => Just(Step::EndEpoch),
        reward => amount.clone().prop_map(Step::Reward),
        2 => amount.prop_map(Step::Pay),
        2 => (0..=100u8).prop_map(Step::Refund),
        3 => any::<bool>().prop_map(Step::Grow),
    ];
    proptest::collection::vec(step, 1..60)
}

/// Runs one step on both sides; a step that is refused changes neither.
fn run(world: &mut World, model: &mut Model, id: OperatorId, tax: u8, open: &mut Vec<u128>, step: &Step) {
    match *step {
        Step::Nominate(n, amount) => {
            if world.nominate(n, id, amount).is_ok() {
                model.sides[usize::from(n)].joining += (amount - amount / 5) as f64;
            }
        }
        Step::Withdraw(n, permille) => {
            let shares = world.position(id, n).map_or(0, |seen| seen.shares);
            let part = shares * u128::from(permille) / 1000;
            take(world, model, id, n, Withdraw::Shares(part));
        }
        Step::WithdrawAll(n) => take(world, model, id, n, Withdraw::All),
        Step::Unlock(n) => {
            let before = world.balance(n);
            if world.unlock(n, id).is_ok() {
                model.sides[usize::from(n)].unlocked += (world.balance(n) - before) as f64;
            }
        }
        Step::EndEpoch => {
            world.end_epoch();
            model.end_epoch();
        }
        Step::Reward(amount) => {
            world.reward(id, amount);
            model.reward(amount, tax);
        }
        Step::Pay(fee) => {
            if world.pay(id, fee).is_ok() {
                open.push(fee);
            }
        }
        Step::Refund(percent) => {
            if let Some(paid) = open.pop() {
                world.refund(id, paid, paid * u128::from(percent) / 100);
            }
        }
        Step::Grow(confirm) => world.grow(confirm),
    }
}

fn take(world: &mut World, model: &mut Model, id: OperatorId, n: u8, amount: Withdraw) {
    let shares = world.position(id, n).map_or(0, |seen| seen.shares);
    let fund = world.record(id).storage_fund.base_units();
    if world.withdraw(n, id, amount).is_ok() {
        let part = match amount {
            Withdraw::All => shares,
            Withdraw::Shares(part) => part,
        };
        let side = &mut model.sides[usize::from(n)];
        let leaving = side.staked * (part as f64 / shares as f64);
        side.staked -= leaving;
        side.leaving += leaving;
        side.fund += (fund - world.record(id).storage_fund.base_units()) as f64;
    }
}

fn compare(world: &World, model: &Model, id: OperatorId) {
    let slack = model.slack;
    for (n, side) in model.sides.iter().enumerate() {
        let seen = world.position(id, u8::try_from(n).expect("five"));
        let (staked, joining, out) = seen.map_or((0.0, 0.0, 0.0), |seen| {
            let out: u128 = seen.withdrawals.iter().map(|one| one.amount.base_units()).sum();
            (seen.stake.base_units() as f64, seen.joining.base_units() as f64, out as f64)
        });
        assert!((staked - side.staked).abs() <= slack, "account {n}: {staked} staked, model {side:?}");
        assert!((joining - side.joining).abs() <= slack, "account {n}: {joining} joining, model {side:?}");
        let wanted = side.left + side.leaving + side.fund - side.unlocked;
        assert!((out - wanted).abs() <= slack, "account {n}: {out} left, model {side:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn case_70_pools_follow_the_model_and_the_books_add_up(steps in steps(true), tax in 0..=100u8) {
        let (mut world, id) = World::with_operator(100_000, tax);
        let (mut model, mut open) = (Model::default(), Vec::new());
        model.sides[0].staked = 80_000.0;
        for step in &steps {
            run(&mut world, &mut model, id, tax, &mut open, step);
            model.slack += 2.0;
            compare(&world, &model, id);
        }
        world.settle_all(id);
        mark_pending_slash(&mut world.state, id, Some(who(9))).expect("room");
        process_slashes(&world.rules, &mut world.state).expect("adds up");
        world.check();
        prop_assert_eq!(HELD.get(&world.state), Ok(Some(Held::default())));
    }

    #[test]
    fn case_70_loops_of_deposits_and_withdrawals_never_gain(steps in steps(false)) {
        let (mut world, id) = World::with_operator(100_000, 0);
        let (mut model, mut open) = (Model::default(), Vec::new());
        let before: u128 = (1..5).map(|n| world.balance(n)).sum();
        // Everyone but the owner is one and the same attacker.
        for step in &steps {
            let owners = matches!(step, Step::Nominate(0, _) | Step::Withdraw(0, _) | Step::WithdrawAll(0));
            if !owners {
                run(&mut world, &mut model, id, 0, &mut open, step);
            }
        }
        while let Some(paid) = open.pop() {
            world.refund(id, paid, paid);
        }
        world.end_epoch();
        for n in 1..5 {
            // Thirty-two withdrawals may be waiting.
            world.grow(true);
            let _ = world.unlock(n, id);
            let _ = world.withdraw(n, id, Withdraw::All);
        }
        world.grow(true);
        world.end_epoch();
        world.grow(true);
        for n in 1..5 {
            let _ = world.unlock(n, id);
            prop_assert!(world.position(id, n).is_none(), "all is taken out");
        }
        let after: u128 = (1..5).map(|n| world.balance(n)).sum();
        prop_assert!(after <= before, "gained {}", after - before);
    }
}

proptest! {
    #[test]
    fn case_70_counting_the_funds_shares_anew_favours_nobody(
        all in 1..1u128 << 90, own in 0..1u128 << 90, fund in 1..1u128 << 50, open in 0..1u128 << 50,
    ) {
        let own = own % (all + 1);
        let (world, id) = World::with_operator(100_000, 0);
        let mut record = OperatorRecord {
            storage_fund: units(fund),
            fund_shares: all,
            storage_outstanding: units(open),
            ..world.record(id)
        };
        super::super::fund::fit(&mut record).expect("fits");
        let counted = halved(own, 0, record.fund_scale).expect("fits");
        // counted / all' <= own / all, both sides exact.
        let (scaled, exact) = (crate::ratio::mul_div(own, record.fund_shares, all), counted);
        prop_assert!(scaled.is_some_and(|scaled| exact <= scaled));
        prop_assert!(record.fund_shares >= fund + open && record.fund_shares <= (fund + open) << 33);
    }
}

#[test]
fn case_70_shares_cannot_be_made_so_dear_that_others_buy_none() {
    let (mut world, id) = World::with_operator(1000, 0);
    // The owner earns a fortune and takes it out again, over and over: shares get few and dear.
    for _ in 0..40 {
        world.reward(id, 1_000_000_000);
        let seen = world.position(id, 0).expect("the owner");
        let least = seen.shares * 801 / seen.stake.base_units() + 1;
        world.withdraw(0, id, Withdraw::Shares(seen.shares - least)).expect("leaves the least");
        world.grow(true);
        world.end_epoch();
        let _ = world.unlock(0, id);
    }
    let before = world.position(id, 0).expect("the owner").stake.base_units();
    world.nominate(1, id, 10).expect("pays");
    world.end_epoch();
    world.settle_all(id);
    let victim = world.position(id, 1).expect("a nominator").stake.base_units();
    assert!(victim >= 7, "eight units were staked, {victim} are left");
    assert!(world.position(id, 0).expect("the owner").stake.base_units() <= before + 1);
}
