//! What users ask before and after they send a transaction.

use crate::world::{D, Net, Setup, address, call_of, pair};
use auto_core::{
    Address, Amount, BlockNumber, Call, DomainId, ErrorCode, List, Nonce, SignedTransaction, Transaction,
};
use auto_module::bank::{self, Bank};
use auto_module::{Module, Outcome, Weight};
use auto_operator::{OperatorError, TransactionStatus};

const USER: u8 = 30;

fn transfer(to: Address, amount: Amount) -> Call {
    call_of::<Bank>(&bank::Call::Transfer(bank::Transfer { to, amount }))
}

fn signed(net: &Net, nonce: u64, expiry: u64, call: Call) -> SignedTransaction {
    let transaction = Transaction {
        domain: D,
        signer: pair(USER).public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(expiry),
        fee_limit: Amount::ai3(10),
        calls: List::new(vec![call]).expect("one"),
    };
    transaction.sign(&pair(USER), &net.rules.genesis)
}

#[test]
fn a_quote_names_the_fee_that_is_paid_and_the_nonce_behind_the_pool() {
    let mut net = Net::new(Setup::honest(1));
    let call = transfer(address(40), Amount::ai3(1));
    net.steps(2);
    let quote = net.handle(0).quote(D, &address(USER), std::slice::from_ref(&call)).expect("served");
    assert_eq!((quote.nonce, quote.account.balance), (Nonce(0), net.there(0, D, USER)));
    assert!(quote.weight > Weight::SIGNED && quote.fee < quote.fee_limit);
    assert!(quote.expiry.0 > net.number());
    let both = net.handle(0).quote(D, &address(USER), &[call.clone(), call.clone()]).expect("served");
    assert!(both.fee > quote.fee && both.weight > quote.weight);

    let id = net.pay(D, USER, 0, 40, Amount::ai3(1));
    assert_eq!(net.handle(0).next_nonce(D, &address(USER)).expect("served"), Nonce(1));
    assert_eq!(net.handle(0).quote(D, &address(USER), &[call]).expect("served").nonce, Nonce(1));
    net.pay(D, USER, 2, 40, Amount::ai3(1));
    assert_eq!(net.handle(0).next_nonce(D, &address(USER)).expect("served"), Nonce(1), "there is a gap");
    let mut paid = None;
    net.until(20, "it ran", |net| {
        matches!(net.handle(0).transaction(D, &id).expect("served"), Some(TransactionStatus::Executed { .. }))
    });
    if let Some(TransactionStatus::Executed { ran, .. }) = net.handle(0).transaction(D, &id).expect("served")
    {
        paid = Some(ran.fee);
    }
    assert_eq!(paid, Some(quote.fee));
}

#[test]
fn questions_are_answered_before_the_first_block() {
    let net = Net::new(Setup::honest(1));
    let handle = net.at_genesis(0);
    assert_eq!(handle.head(), Some((BlockNumber(0), net.rules.genesis)));
    let status = handle.domain(D).expect("it is of the genesis");
    assert_eq!((status.number, status.confirmed), (BlockNumber(0), BlockNumber(0)));
    assert_eq!(status.receipt, status.head_receipt_hash);
    assert!(handle.operators().iter().all(|own| own.registered.is_some()));
    let call = transfer(address(40), Amount::ai3(1));
    assert_eq!(handle.quote(D, &address(USER), &[call]).expect("served").nonce, Nonce(0));
}

#[test]
fn a_quote_refuses_what_no_bundle_could_hold() {
    let mut net = Net::new(Setup::honest(1));
    net.step();
    let code = |calls: &[Call]| {
        let refused = net.handle(0).quote(D, &address(USER), calls);
        refused.expect_err("it makes no transaction").code()
    };
    assert_eq!(code(&[]), "MOD-0006");
    let broken = Call { module: Bank::ID, payload: auto_core::Blob::new(vec![9, 9]).expect("short") };
    assert_eq!(code(&[broken]), "MOD-0008");
    let unknown = Call { module: auto_core::ModuleId(999), payload: auto_core::Blob::default() };
    assert_eq!(code(&[unknown]), "MOD-0007");
    let many: Vec<Call> = (0..65).map(|_| transfer(address(40), Amount::ai3(1))).collect();
    assert_eq!(code(&many), "OPR-0011");
    let elsewhere = net.handle(0).quote(DomainId(77), &address(USER), &many[..1]);
    assert!(matches!(elsewhere, Err(OperatorError::NotServed(DomainId(77)))));
}

#[test]
fn a_dry_run_sees_what_waits_of_its_signer_and_changes_nothing() {
    let mut net = Net::new(Setup::honest(1));
    net.step();
    let before = net.there(0, D, USER);
    let half = Amount::from_base_units(before.base_units() / 2);
    let handle = net.handle(0);
    let first = signed(&net, 0, u64::MAX, transfer(address(40), half));
    let second = signed(&net, 1, u64::MAX, transfer(address(40), half));
    let done = handle.simulate(&first).expect("its turn has come");
    assert!(matches!(done.outcome, Outcome::Applied) && !done.fee.is_zero() && !done.events.is_empty());
    assert!(matches!(handle.simulate(&second).expect("may wait").outcome, Outcome::Skipped { .. }));
    net.nodes[0].operator.transaction(&first).expect("taken");
    // Behind the first one, the money is not there any more.
    assert!(matches!(handle.simulate(&second).expect("legal").outcome, Outcome::Failed { .. }));
    let whole = signed(&net, 1, u64::MAX, transfer(address(40), before));
    let Outcome::Failed { code, .. } = handle.simulate(&whole).expect("legal").outcome else {
        unreachable!("it asks for more than there is")
    };
    assert!(code.starts_with("BNK-"), "{code}");
    assert_eq!(net.there(0, D, USER), before);
    assert_eq!(handle.pool(D).len(), 1);
    let mut forged = first;
    forged.transaction.fee_limit = Amount::ai3(11);
    assert_eq!(handle.simulate(&forged).expect_err("altered").code(), "MOD-0009");
}

#[test]
fn why_a_transaction_was_dropped_is_remembered() {
    let mut net = Net::new(Setup::honest(1));
    net.step();
    net.nodes[0].draws = false;
    let longevity = net.rules.params.bundle_longevity;
    let expiry = net.number() + longevity + 4;
    let doomed = signed(&net, 0, expiry, transfer(address(40), Amount::ai3(1)));
    let id = net.nodes[0].operator.transaction(&doomed).expect("in time");
    assert_eq!(net.handle(0).waiting(D, &id).map(|bytes| bytes.is_empty()), Some(false));
    net.steps(longevity + 6);
    let status = net.handle(0).transaction(D, &id).expect("served");
    let Some(TransactionStatus::Dropped { code, reason }) = status else {
        unreachable!("nobody offered it in time: {status:?}")
    };
    assert!(code.starts_with("BNK-") && !reason.is_empty(), "{code}: {reason}");
    assert_eq!(net.handle(0).waiting(D, &id), None);
    assert_eq!(net.handle(0).next_nonce(D, &address(USER)).expect("served"), Nonce(0));
}

#[test]
fn what_ran_on_a_branch_that_was_left_and_expires_on_the_other_is_told_as_dropped() {
    let mut setup = Setup::honest(1);
    setup.params.confirmation_depth = 24;
    let mut net = Net::new(setup);
    net.steps(2);
    let (fork, longevity) = (net.head, net.rules.params.bundle_longevity);
    let expiry = net.number() + longevity + 6;
    let doomed = signed(&net, 0, expiry, transfer(address(40), Amount::ai3(1)));
    let id = net.nodes[0].operator.transaction(&doomed).expect("in time");
    net.until(6, "it ran", |net| {
        matches!(net.handle(0).transaction(D, &id).expect("served"), Some(TransactionStatus::Executed { .. }))
    });
    net.head = fork;
    net.drop_waiting();
    net.nodes[0].draws = false;
    for _ in 0..longevity + 8 {
        net.block(1);
    }
    let status = net.handle(0).transaction(D, &id).expect("served");
    assert!(matches!(status, Some(TransactionStatus::Dropped { .. })), "{status:?}");
}
