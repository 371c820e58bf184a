//! What an extension may rely on, and what it cannot break.

use crate::chain::{AUTHOR, Chain, address, pair, test_params};
use crate::vault::{DAMAGED, REFUSED, UNKNOWN, VAULT, Vault, VaultCall, log, submission};
use auto_core::{
    Amount, BODY_SUBMISSIONS_MAX, Blob, Call, DomainId, ErrorCode, Genesis, List, SignedTransaction,
};
use auto_ledger::{
    BODY_OVERHEAD, BlockExecution, Event, LedgerCall, LedgerError, NoExtension, Outcome, account, burn,
    byte_fees, check, check_submission, credit, debit, execute_block, genesis_state, issuance, issue,
    validate,
};
use auto_state::Overlay;
use parity_scale_codec::Encode;
use proptest::prelude::*;
use std::sync::Arc;

const HOME: DomainId = DomainId(1);

fn units(amount: u64) -> Amount {
    Amount::from_base_units(u128::from(amount))
}

fn vault(endowment: Amount) -> Chain {
    let vault = Vault { endowment, ..Vault::default() };
    Chain::with(test_params(), &[(1, Amount::ai3(100)), (2, Amount::ai3(100))], Arc::new(vault))
}

fn asking(chain: &Chain, from: u8, nonce: u64, calls: &[VaultCall]) -> SignedTransaction {
    let mut draft = chain.draft(from, nonce, Vec::new());
    let calls =
        calls.iter().map(|call| Call { module: VAULT, payload: Blob::new(call.encode()).expect("short") });
    draft.calls = List::new(calls.collect()).expect("few");
    draft.sign(&pair(from), &chain.rules.genesis)
}

fn held(chain: &Chain) -> Amount {
    chain.rules.extension.held(&chain.state()).expect("sound")
}

/// Whether accounts, what is held for authors and what the extension holds add up to the issuance.
fn adds_up(chain: &Chain) -> bool {
    let accounts = (1..5).map(|byte| chain.balance_of(&address(byte))).sum::<u128>();
    let issuance = chain.issuance();
    let sum = accounts + chain.balance_of(&AUTHOR) + issuance.held.base_units() + held(chain).base_units();
    sum == issuance.total.base_units()
}

#[test]
fn hooks_run_in_order_and_see_the_price_of_the_block() {
    let mut chain = vault(Amount::ai3(5));
    let price = byte_fees(&chain.state()).expect("sound").next;
    let calls = [asking(&chain, 1, 0, &[VaultCall::Fill(Amount::ai3(1)), VaultCall::Burn(Amount::ai3(2))])];
    let executed =
        chain.full_block(&[submission(HOME, 8, 0), submission(HOME, 9, 0)], &calls).expect("valid");
    let end = format!("end1:earned=true:price={}", price.base_units());
    assert_eq!(log(&chain.state()), format!("begin1 submission8 submission9 fill burn {end} "));
    let event = |text: &str| Event::Extension(Blob::new(text.as_bytes().to_vec()).expect("short"));
    assert_eq!(executed.begun, [event("begin1")]);
    assert_eq!(executed.submissions[0].events, [event("submission8")]);
    assert_eq!(executed.submissions[1].events, [event("submission9")]);
    assert_eq!(executed.transactions[0].events, [event("fill"), event("burn")]);
    assert_eq!(executed.ended, [event(&end)]);
    assert_eq!(executed.byte_fees.current, price);
    assert!(adds_up(&chain));
}

#[test]
fn fees_of_submissions_are_earned_and_paid_like_those_of_transactions() {
    let mut chain = vault(Amount::ai3(5));
    let transfer = chain.transfer(1, 0, 2, Amount::ai3(1));
    let submissions = [submission(HOME, 1, 300), submission(HOME, 2, 4_000)];
    let executed = chain.full_block(&submissions, &[transfer]).expect("valid");
    assert_eq!(executed.submissions.iter().map(|done| done.fee).collect::<Vec<_>>(), [300, 4_000].map(units));
    assert_eq!(Some(executed.earnings.fees), executed.transactions[0].fee.checked_add(units(4_300)));
    assert_eq!(Some(held(&chain)), Amount::ai3(5).checked_sub(units(4_300)));
    assert!(adds_up(&chain));
    chain.empty_blocks(chain.rules.params.confirmation_depth - 1);
    assert_eq!(chain.balance_of(&AUTHOR), 0);
    chain.empty_blocks(1);
    let earned = executed.earnings.fees.checked_add(executed.earnings.reward).expect("small");
    assert_eq!(chain.balance_of(&AUTHOR), earned.base_units());
    assert!(adds_up(&chain));
}

#[test]
fn a_block_must_not_hold_a_submission_that_is_refused() {
    let mut chain = vault(Amount::ai3(1));
    let wrong = [
        (submission(UNKNOWN, 1, 1), "VLT-0001"),
        (submission(REFUSED, 1, 1), "VLT-0001"),
        (submission(HOME, 1, u64::MAX), "VLT-0001"),
    ];
    for (wrong, code) in wrong {
        let error = chain.full_block(&[submission(HOME, 1, 1), wrong], &[]).expect_err("refused");
        assert!(matches!(error, LedgerError::InvalidSubmission { index: 1, .. }));
        assert_eq!(error.code(), code);
        assert!(!error.is_fatal());
    }
    let error = chain.full_block(&[submission(DAMAGED, 1, 1)], &[]).expect_err("no disk");
    assert!(error.is_fatal());
    assert_eq!(error.code(), "STA-0003");
    assert_eq!(chain.number.0, 0);
    let mut plain = Chain::new(test_params(), &[]);
    let error = plain.full_block(&[submission(HOME, 1, 0)], &[]).expect_err("no domains here");
    assert_eq!(error.code(), "LED-0021");
}

#[test]
fn what_an_author_cannot_take_leaves_nothing_behind() {
    let mut chain = vault(Amount::ai3(1));
    let rules = chain.rules.clone();
    let checked = |submission| check_submission(&rules, &submission).expect("well formed");
    let offered = [
        checked(submission(HOME, 1, 7)),
        checked(submission(REFUSED, 2, 7)),
        checked(submission(DAMAGED, 3, 7)),
        checked(submission(HOME, 4, 7)),
    ];
    let transaction = check(&rules, &chain.transfer(1, 0, 2, Amount::ai3(1))).expect("well formed");
    let state = chain.state();
    let mut execution = BlockExecution::new(&rules, &state, chain.context()).expect("sound");
    let taken: Vec<_> =
        offered.iter().filter(|offer| execution.push_submission(offer).is_ok()).cloned().collect();
    assert_eq!(taken, [offered[0].clone(), offered[3].clone()]);
    execution.push(&transaction).expect("valid");
    let late = execution.push_submission(&offered[0]);
    assert_eq!(late, Err(LedgerError::SubmissionTooLate));
    let bytes = execution.body_bytes();
    let built = execution.finish().expect("sound");
    let again = execute_block(&rules, &state, &chain.context(), &taken, std::slice::from_ref(&transaction));
    assert_eq!(again, Ok(built));
    let submissions: Vec<_> = taken.into_iter().map(|taken| taken.into_submission()).collect();
    let body = auto_core::Body {
        submissions: List::new(submissions.clone()).expect("few"),
        transactions: List::new(vec![transaction.into_signed()]).expect("one"),
    };
    assert_eq!(u64::try_from(body.encode().len()), Ok(bytes));
    chain.full_block(&submissions, &body.transactions).expect("valid");
    assert!(log(&chain.state()).starts_with("begin1 submission1 submission4 end1"));
    assert!(adds_up(&chain));
}

#[test]
fn submissions_take_room_of_the_body_and_are_counted() {
    let chain = vault(Amount::ai3(1));
    let mut rules = chain.rules.clone();
    let one = check_submission(&rules, &submission(HOME, 1, 0)).expect("well formed");
    let room = u64::try_from(BODY_OVERHEAD).expect("small") + 3 * one.bytes();
    rules.params.block_bytes_max = u32::try_from(room).expect("small");
    let state = chain.state();
    let mut execution = BlockExecution::new(&rules, &state, chain.context()).expect("sound");
    for _ in 0..3 {
        execution.push_submission(&one).expect("room");
    }
    let full = execution.push_submission(&one);
    assert_eq!(full, Err(LedgerError::BodyTooLong { actual: room + one.bytes(), limit: room }));
    rules.params.block_bytes_max = u32::try_from(one.bytes()).expect("small");
    assert!(matches!(check_submission(&rules, one.submission()), Err(LedgerError::Oversized { .. })));
    rules.params.block_bytes_max = u32::MAX;
    let mut execution = BlockExecution::new(&rules, &state, chain.context()).expect("sound");
    for _ in 0..BODY_SUBMISSIONS_MAX {
        execution.push_submission(&one).expect("room");
    }
    assert!(matches!(execution.push_submission(&one), Err(LedgerError::BodyTooLong { .. })));
}

#[test]
fn a_refused_call_undoes_the_transaction_but_not_its_fee() {
    let mut chain = vault(Amount::ai3(1));
    let before = chain.account(1);
    let calls = [VaultCall::Fill(Amount::ai3(3)), VaultCall::Refuse];
    let executed = chain.block(&[asking(&chain, 1, 0, &calls)]).expect("the fee is paid");
    let done = &executed.transactions[0];
    let Outcome::Failed { call: 1, error } = &done.outcome else { panic!("{:?}", done.outcome) };
    assert_eq!((error.code(), error.to_string().as_str()), ("VLT-0001", "the vault refuses: as asked"));
    assert!(done.events.is_empty());
    assert_eq!(held(&chain), Amount::ai3(1));
    assert_eq!(Some(chain.account(1).balance), before.balance.checked_sub(done.fee));
    assert_eq!(chain.account(1).nonce.0, 1);
    assert!(log(&chain.state()).starts_with("begin1 end1"));
    let poor = [VaultCall::Fill(Amount::ai3(1_000))];
    let executed = chain.block(&[asking(&chain, 1, 1, &poor)]).expect("the fee is paid");
    assert!(matches!(&executed.transactions[0].outcome,
        Outcome::Failed { call: 0, error } if error.code() == "LED-0014"));
    let loud = [VaultCall::Fill(Amount::ai3(1)), VaultCall::Shout];
    let executed = chain.block(&[asking(&chain, 1, 2, &loud)]).expect("the fee is paid");
    assert!(matches!(&executed.transactions[0].outcome,
        Outcome::Failed { call: 1, error } if error.code() == "LED-0023"));
    assert_eq!(held(&chain), Amount::ai3(1));
    assert!(adds_up(&chain));
}

#[test]
fn the_nodes_own_trouble_is_no_outcome() {
    let mut chain = vault(Amount::ai3(1));
    let signed = asking(&chain, 1, 0, &[VaultCall::Fill(Amount::ai3(1)), VaultCall::Damage]);
    let error = chain.block(std::slice::from_ref(&signed)).expect_err("nothing can be said");
    assert!(error.is_fatal());
    assert_eq!(error.code(), "STA-0003");
    let checked = check(&chain.rules, &signed).expect("well formed");
    let state = chain.state();
    let mut execution = BlockExecution::new(&chain.rules, &state, chain.context()).expect("sound");
    assert!(execution.push(&checked).is_err_and(|error| error.is_fatal()));
    let clean = BlockExecution::new(&chain.rules, &state, chain.context()).expect("sound");
    assert_eq!(execution.finish(), clean.finish());
}

#[test]
fn hooks_that_refuse_stop_the_block() {
    for broken in ["begin", "end"] {
        let vault = Vault { broken: Some(broken), ..Vault::default() };
        let mut chain = Chain::with(test_params(), &[], Arc::new(vault));
        let error = chain.block(&[]).expect_err("the extension refuses");
        assert_eq!(error.to_string(), format!("the vault refuses: to {broken}"));
        assert_eq!(chain.number.0, 0);
    }
}

#[test]
fn the_pool_runs_calls_of_the_extension_after_its_beginning() {
    let chain = vault(Amount::ai3(1));
    let pool = |calls: &[VaultCall]| {
        let checked = check(&chain.rules, &asking(&chain, 1, 0, calls))?;
        validate(&chain.rules, &chain.state(), &checked, &chain.context())
    };
    let validity = pool(&[VaultCall::Fill(Amount::ai3(1))]).expect("valid");
    assert_eq!(validity.events, [Event::Extension(Blob::new(b"fill".to_vec()).expect("short"))]);
    assert_eq!(pool(&[VaultCall::Refuse]).map_err(|error| error.code()), Err("VLT-0001"));
    assert_eq!(pool(&[VaultCall::Forbidden]).map_err(|error| error.code()), Err("VLT-0001"));
    assert_eq!(pool(&[VaultCall::Empty(Amount::ai3(2))]).map_err(|error| error.code()), Err("VLT-0001"));
    assert!(pool(&[VaultCall::Damage]).is_err_and(|error| error.is_fatal()));
    let plain = Chain::new(test_params(), &[(1, Amount::ai3(100))]);
    let unknown = check(&plain.rules, &asking(&plain, 1, 0, &[VaultCall::Refuse]));
    assert_eq!(unknown, Err(LedgerError::UnknownModule(VAULT)));
}

#[test]
fn calls_of_both_kinds_are_one_transaction() {
    let mut chain = vault(Amount::ai3(1));
    let fill = VaultCall::Fill(Amount::ai3(1));
    let transfer =
        LedgerCall::Transfer { to: address(3), amount: Amount::ai3(2) }.into_call().expect("short");
    let mut draft = asking(&chain, 1, 0, &[fill, VaultCall::Refuse]).transaction;
    draft.calls = List::new([&[transfer], &draft.calls[..]].concat()).expect("few");
    let signed = draft.clone().sign(&pair(1), &chain.rules.genesis);
    let executed = chain.block(&[signed]).expect("the fee is paid");
    assert!(matches!(executed.transactions[0].outcome, Outcome::Failed { call: 2, .. }));
    assert_eq!((chain.balance_of(&address(3)), held(&chain)), (0, Amount::ai3(1)));
    draft.calls = List::new(draft.calls[..2].to_vec()).expect("few");
    draft.nonce = chain.account(1).nonce;
    let signed = draft.sign(&pair(1), &chain.rules.genesis);
    let executed = chain.block(&[signed]).expect("valid");
    assert_eq!(executed.transactions[0].outcome, Outcome::Applied);
    assert_eq!(chain.balance_of(&address(3)), Amount::ai3(2).base_units());
    assert_eq!(held(&chain), Amount::ai3(2));
    assert!(adds_up(&chain));
}

#[test]
fn genesis_money_must_add_up() {
    let genesis = Genesis::new(test_params(), List::default());
    let cheating = Vault { endowment: Amount::ai3(1), cheats: true, ..Vault::default() };
    let error = genesis_state(&genesis, &cheating).expect_err("money from nowhere");
    assert_eq!(error.code(), "LED-0018");
    let honest = Vault { endowment: Amount::ai3(1), ..Vault::default() };
    assert!(genesis_state(&genesis, &honest).is_ok());
    let most = Amount::from_base_units(u128::MAX);
    let overflowing = Vault { endowment: most, ..Vault::default() };
    assert_eq!(genesis_state(&genesis, &overflowing).map_err(|error| error.code()), Err("LED-0018"));
    let empty = Vault::default();
    let without = genesis_state(&genesis, &NoExtension).expect("sound");
    let with = genesis_state(&genesis, &empty).expect("sound");
    assert!(without.iter().all(|(key, value)| with.get(key) == Some(value)));
}

fn call() -> impl Strategy<Value = VaultCall> {
    let amount = || prop_oneof![Just(1u64), 0..3_000_000_000_000_000_000u64].prop_map(units);
    prop_oneof![
        4 => amount().prop_map(VaultCall::Fill),
        3 => amount().prop_map(VaultCall::Empty),
        2 => amount().prop_map(VaultCall::Burn),
        1 => Just(VaultCall::Refuse),
        1 => Just(VaultCall::Shout),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_money_comes_or_goes_beside_rewards_and_burns(
        blocks in proptest::collection::vec(
            (
                proptest::collection::vec(0..2_000_000_000_000_000_000u64, 0..3),
                proptest::collection::vec((1..3u8, proptest::collection::vec(call(), 1..4)), 0..4),
            ),
            1..7,
        ),
    ) {
        let mut chain = vault(Amount::ai3(4));
        let mut nonces = [0u64; 3];
        let mut burned = 0u128;
        for (fees, asked) in blocks {
            let mut left = u64::try_from(held(&chain).base_units()).unwrap_or(u64::MAX);
            let submissions: Vec<_> = fees.into_iter().filter_map(|fee| {
                left = left.checked_sub(fee)?;
                Some(submission(HOME, 1, fee))
            }).collect();
            let transactions: Vec<_> = asked.iter().map(|(from, calls)| {
                let nonce = nonces[usize::from(*from)];
                nonces[usize::from(*from)] += 1;
                asking(&chain, *from, nonce, calls)
            }).collect();
            let executed = chain.full_block(&submissions, &transactions).expect("all can pay");
            for ((_, calls), done) in asked.iter().zip(&executed.transactions) {
                if done.outcome == Outcome::Applied {
                    burned += calls.iter().map(|call| match call {
                        VaultCall::Burn(amount) => amount.base_units(),
                        _ => 0,
                    }).sum::<u128>();
                }
            }
            prop_assert!(adds_up(&chain));
            let issuance = chain.issuance();
            prop_assert_eq!(executed.issuance, issuance);
            let start = Amount::ai3(204).base_units();
            prop_assert_eq!(issuance.total.base_units() + burned, start + issuance.rewards.base_units());
        }
    }
}

#[test]
fn money_moves_keep_the_existential_deposit_and_the_issuance() {
    let chain = vault(Amount::ai3(1));
    let (params, snapshot) = (&chain.rules.params, chain.state());
    let deposit = params.existential_deposit;
    let mut state = Overlay::new(&snapshot);
    let less = deposit.saturating_sub(units(1));
    assert_eq!(credit(&mut state, params, &address(9), less).map_err(|error| error.code()), Err("LED-0015"));
    let all = chain.account(1).balance;
    assert_eq!(debit(&mut state, params, &address(1), all).map_err(|error| error.code()), Err("LED-0015"));
    let more = all.checked_add(units(1)).expect("small");
    assert_eq!(debit(&mut state, params, &address(1), more).map_err(|error| error.code()), Err("LED-0014"));
    let total = chain.issuance().total;
    let above = total.checked_add(units(1)).expect("small");
    assert_eq!(burn(&mut state, above).map_err(|error| error.code()), Err("LED-0019"));
    let most = Amount::from_base_units(u128::MAX);
    assert_eq!(issue(&mut state, most).map_err(|error| error.code()), Err("LED-0019"));
    assert_eq!(credit(&mut state, params, &address(1), most).map_err(|error| error.code()), Err("LED-0019"));
    debit(&mut state, params, &address(1), deposit).expect("the rest stays");
    burn(&mut state, units(1)).expect("it exists");
    credit(&mut state, params, &address(9), deposit).expect("enough to exist");
    issue(&mut state, units(3)).expect("small");
    assert_eq!(account(&state, &address(1)).map(|account| account.balance), Ok(all.saturating_sub(deposit)));
    assert_eq!(account(&state, &address(9)).map(|account| account.balance), Ok(deposit));
    assert_eq!(issuance(&state).map(|supply| Some(supply.total)), Ok(total.checked_add(units(2))));
}
