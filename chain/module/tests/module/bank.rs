//! Fees, nonces and transfers on a domain.

use crate::world::{ONE, TWO, World, address, environment, genesis, params, runtime};
use auto_core::{Amount, BlockNumber, ErrorCode, Nonce, Transaction};
use auto_module::bank::{self, Bank, BankError, Call, FEES, Transfer};
use auto_module::{Domain, Extrinsic, Module, Outcome, Weight, module_account};
use auto_state::Overlay;

fn pay(to: u8, amount: Amount) -> Call {
    Call::Transfer(Transfer { to: address(to), amount })
}

fn call(to: u8, amount: Amount) -> auto_core::Call {
    Bank::encode_call(&pay(to, amount)).expect("short")
}

/// Runs one transaction of account 1 in a block of its own.
fn run(world: &mut World, change: impl FnOnce(&mut Transaction)) -> (Outcome, Amount) {
    let mut transaction = world.transaction(ONE, 1, vec![call(5, Amount::ai3(2))]);
    change(&mut transaction);
    let extrinsic = world.sign(transaction, 1);
    world.domain(ONE).queue.push(extrinsic);
    world.step();
    let executed = world.domain(ONE).executed.pop().expect("legal");
    (executed.outcome, executed.fee)
}

#[test]
fn a_transfer_moves_money_and_the_fee_goes_to_the_receipt() {
    let mut world = World::new();
    let (outcome, fee) = run(&mut world, |_| ());
    assert_eq!(outcome, Outcome::Applied);
    let transaction = world.transaction(ONE, 1, vec![call(5, Amount::ai3(2))]);
    let checked = world.check(ONE, world.sign(transaction, 1)).expect("well formed");
    // The signature and the transfer.
    let (bytes, weight) = (checked.bytes().len(), Weight(180_000 + 80_000));
    let wanted = bank::fee(&params(), Amount::from_base_units(1000), weight, bytes).expect("small");
    assert_eq!(fee, wanted.total);
    let by_hand = params().transaction_fee.base_units()
        + u128::from(weight.0) * params().weight_fee.base_units()
        + u128::try_from(bytes).expect("small") * (1000 + params().domain_byte_fee.base_units());
    assert_eq!(fee.base_units(), by_hand);
    let fees = FEES.get(&world.domain(ONE).contents).expect("sound").expect("a block");
    assert_eq!(fees.storage, wanted.storage);
    assert_eq!(fees.execution.base_units(), by_hand - wanted.storage.base_units());
    assert_eq!(world.balance(ONE, 5), Amount::ai3(2).base_units());
    assert_eq!(world.balance(ONE, 1), Amount::ai3(998).base_units() - by_hand);
    let account = bank::account(&world.domain(ONE).contents, &address(1)).expect("sound");
    assert_eq!(account.nonce, Nonce(1));
}

#[test]
fn the_next_block_starts_its_fees_anew() {
    let mut world = World::new();
    run(&mut world, |_| ());
    world.step();
    assert_eq!(FEES.get(&world.domain(ONE).contents).expect("sound"), Some(Default::default()));
}

#[test]
fn a_call_that_fails_keeps_fee_and_nonce_and_drops_the_calls_before_it() {
    let mut world = World::new();
    let before = world.balance(ONE, 1);
    let (outcome, fee) = run(&mut world, |transaction| {
        let calls = vec![call(5, Amount::ai3(2)), call(6, Amount::ai3(5000))];
        transaction.calls = auto_core::List::new(calls).expect("two");
    });
    assert!(matches!(outcome, Outcome::Failed { call: 1, code: "BNK-0002", .. }), "{outcome:?}");
    assert_eq!(world.balance(ONE, 1), before - fee.base_units());
    assert_eq!(world.balance(ONE, 5), 0);
    let chain = world.domain(ONE);
    assert_eq!(bank::account(&chain.contents, &address(1)).expect("sound").nonce, Nonce(1));
}

#[test]
fn what_is_skipped_changes_nothing_at_all() {
    let world = World::new();
    let inherent = world.inherent(ONE);
    let chain = &world.domains[&ONE];
    let poor = |transaction: &mut Transaction| transaction.fee_limit = Amount::from_base_units(1);
    let ahead = |transaction: &mut Transaction| transaction.nonce = Nonce(1);
    let late = |transaction: &mut Transaction| transaction.expiry = BlockNumber(0);
    let mut late_inherent = inherent;
    late_inherent.consensus_number = BlockNumber(1);
    type Edit<'a> = (&'a dyn Fn(&mut Transaction), &'static str);
    let edits: [Edit<'_>; 3] = [(&poor, "BNK-0007"), (&ahead, "BNK-0005"), (&late, "BNK-0006")];
    for (edit, wanted) in edits {
        let mut transaction = world.transaction(ONE, 1, vec![call(5, Amount::ai3(2))]);
        edit(&mut transaction);
        let checked = world.check(ONE, world.sign(transaction, 1)).expect("well formed");
        let mut state = Overlay::new(&chain.contents);
        let executed =
            world.runtime.apply(&chain.env, &late_inherent, &checked, &mut state).expect("readable");
        assert_eq!(executed.outcome, Outcome::Skipped { code: wanted });
        assert_eq!(executed.fee, Amount::ZERO);
        assert!(executed.events.is_empty());
        assert!(state.into_changes().is_empty());
    }
    // An account that holds nothing.
    let nobody = world.sign(world.transaction(ONE, 9, vec![call(5, Amount::ai3(2))]), 9);
    let checked = world.check(ONE, nobody).expect("well formed");
    let mut state = Overlay::new(&chain.contents);
    let executed = world.runtime.apply(&chain.env, &inherent, &checked, &mut state).expect("readable");
    assert_eq!(executed.outcome, Outcome::Skipped { code: "BNK-0002" });
    assert!(state.into_changes().is_empty());
}

#[test]
fn a_bundle_may_hold_what_others_outran_but_not_what_cannot_be_near() {
    let mut world = World::new();
    run(&mut world, |_| ());
    let inherent = world.inherent(ONE);
    let chain = &world.domains[&ONE];
    let verdicts = |nonce: u64, expiry: u64| {
        let mut transaction = world.transaction(ONE, 1, vec![call(5, Amount::ai3(2))]);
        transaction.nonce = Nonce(nonce);
        transaction.expiry = BlockNumber(expiry);
        let checked = world.check(ONE, world.sign(transaction, 1)).expect("well formed");
        let code = |result: Result<(), auto_module::DomainError>| result.err().map(|error| error.code());
        (
            code(world.runtime.legal(&chain.env, &inherent, &checked, &chain.contents)),
            code(world.runtime.ready(&chain.env, &inherent, &checked, &chain.contents)),
        )
    };
    let now = inherent.consensus_number.0;
    assert_eq!(verdicts(1, now), (None, None));
    assert_eq!(verdicts(1 + 255, now), (None, None));
    assert_eq!(verdicts(0, now), (None, Some("BNK-0004")));
    assert_eq!(verdicts(1 + 256, now), (Some("BNK-0005"), Some("BNK-0005")));
    assert_eq!(verdicts(1, now - 1), (Some("BNK-0006"), Some("BNK-0006")));
    let nobody = world.sign(world.transaction(ONE, 9, vec![call(5, Amount::ai3(2))]), 9);
    let checked = world.check(ONE, nobody).expect("well formed");
    assert!(world.runtime.legal(&chain.env, &inherent, &checked, &chain.contents).is_ok());
    let error = world.runtime.ready(&chain.env, &inherent, &checked, &chain.contents).expect_err("poor");
    assert_eq!(error.code(), "BNK-0002");
}

#[test]
fn the_check_without_state_refuses_in_order() {
    let world = World::new();
    let code = |change: &dyn Fn(&mut Transaction), signer: u8| {
        let mut transaction = world.transaction(ONE, 1, vec![call(5, Amount::ai3(2))]);
        change(&mut transaction);
        let error = world.check(ONE, world.sign(transaction, signer)).expect_err("broken");
        assert!(error.unreadable().is_none());
        assert_eq!(error.verdict(3).and_then(|verdict| verdict.extrinsic()), Some(3));
        error.code()
    };
    let calls = |calls: Vec<auto_core::Call>| auto_core::List::new(calls).expect("few");
    assert_eq!(code(&|transaction| transaction.domain = TWO, 1), "MOD-0005");
    assert_eq!(code(&|transaction| transaction.calls = calls(vec![]), 1), "MOD-0006");
    let unknown = |transaction: &mut Transaction| {
        let mut stranger = call(5, Amount::ai3(1));
        stranger.module = crate::world::NOBODY;
        transaction.calls = calls(vec![stranger]);
    };
    assert_eq!(code(&unknown, 1), "MOD-0007");
    let trailing = |transaction: &mut Transaction| {
        let mut long = call(5, Amount::ai3(1));
        let bytes = [&long.payload[..], &[0]].concat();
        long.payload = auto_core::Blob::new(bytes).expect("short");
        transaction.calls = calls(vec![long]);
    };
    assert_eq!(code(&trailing, 1), "MOD-0008");
    let nothing = |transaction: &mut Transaction| transaction.calls = calls(vec![call(5, Amount::ZERO)]);
    assert_eq!(code(&nothing, 1), "BNK-0001");
    assert_eq!(code(&|_| (), 2), "MOD-0009");
    let inherent = Extrinsic::Inherent(Box::new(world.inherent(ONE)));
    let error = world.check(ONE, inherent).expect_err("no bundle may hold it");
    assert_eq!(error.code(), "MOD-0004");
    assert_eq!(error.verdict(0), Some(auto_core::InvalidBundle::InherentExtrinsic(0)));
}

#[test]
fn no_account_is_left_below_the_existential_deposit() {
    let empty = auto_module::Contents::new();
    let mut state = Overlay::new(&empty);
    let env = environment(ONE);
    let deposit = env.params.existential_deposit;
    let just = |units: u128| Amount::from_base_units(units);
    for (key, value) in runtime().genesis(&env, &genesis(&[(1, Amount::ai3(1))], &[])).expect("a domain") {
        auto_state::StateWrite::put(&mut state, &key, value.expect("genesis deletes nothing"));
    }
    let all = Amount::ai3(1).checked_sub(deposit).expect("more");
    let mut transfer = |from: u8, to: u8, amount| {
        bank::transfer(&mut state, &env.params, &address(from), &address(to), amount)
    };
    let over = all.checked_add(just(1)).expect("fits");
    assert!(matches!(transfer(1, 2, over), Err(BankError::BelowExistentialDeposit { .. })));
    let under = deposit.checked_sub(just(1)).expect("not zero");
    assert!(matches!(transfer(1, 2, under), Err(BankError::BelowExistentialDeposit { .. })));
    assert!(matches!(transfer(1, 1, over), Err(BankError::BelowExistentialDeposit { .. })));
    assert_eq!(transfer(1, 1, all), Ok(()));
    assert_eq!(transfer(1, 2, all), Ok(()));
    assert_eq!(transfer(1, 2, just(0)), Ok(()));
    let holdings = module_account(Bank::ID, b"test");
    // A module's account can be emptied; a person's cannot.
    bank::transfer(&mut state, &env.params, &address(2), &holdings, deposit).expect("two accounts");
    bank::release(&mut state, &env.params, &holdings, &address(1), deposit).expect("all of it");
    assert_eq!(bank::account(&state, &holdings).expect("sound").balance, Amount::ZERO);
    assert!(bank::release(&mut state, &env.params, &holdings, &address(1), just(1)).is_err());
}

#[test]
fn burned_money_is_reported() {
    let mut world = World::new();
    let inherent = world.inherent(ONE);
    let (runtime, chain) = (&world.runtime, &world.domains[&ONE]);
    let mut state = Overlay::new(&chain.contents);
    runtime.initialize(&chain.env, &inherent, &mut state).expect("readable");
    bank::burn(&mut state, &chain.env.params, &address(1), Amount::ai3(3)).expect("rich");
    runtime.finalize(&chain.env, &inherent, &mut state).expect("readable");
    assert_eq!(FEES.get(&state).expect("sound").expect("a block").burned, Amount::ai3(3));
    assert_eq!(bank::issuance(&state), Ok(Amount::ai3(3997)));
    let mut after = chain.contents.clone();
    crate::world::merge(&mut after, state.into_changes());
    for invariant in runtime.invariants() {
        assert_eq!((invariant.check)(&chain.contents, &after), Ok(()), "{}", invariant.name);
    }
    // The invariants can fail.
    let forged = bank::Account { balance: Amount::ai3(999), nonce: Nonce(0) };
    let mut wrong = Overlay::new(&after);
    bank::ACCOUNTS.put(&mut wrong, &address(1), &forged);
    let changes = wrong.into_changes();
    crate::world::merge(&mut after, changes);
    let broken = runtime
        .invariants()
        .iter()
        .any(|invariant| (invariant.check)(&world.domains[&ONE].contents, &after).is_err());
    assert!(broken);
    world.step();
}

#[test]
fn genesis_that_makes_no_bank_is_refused() {
    let env = environment(ONE);
    let code = |accounts: &[(u8, Amount)]| {
        runtime().genesis(&env, &genesis(accounts, &[])).expect_err("invalid").code()
    };
    assert_eq!(code(&[(1, Amount::from_base_units(1))]), "BNK-0009");
    assert_eq!(code(&[(1, Amount::ai3(1)), (1, Amount::ai3(1))]), "BNK-0009");
    let huge = Amount::from_base_units(u128::MAX);
    assert_eq!(code(&[(1, huge), (2, huge)]), "BNK-0009");
}
