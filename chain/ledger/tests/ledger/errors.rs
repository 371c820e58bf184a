//! Every failure has its own code, and every code an explanation.

use crate::chain::{Chain, address, pair, test_params};
use auto_core::{Amount, BlockNumber, ErrorCode, List, SignedTransaction};
use auto_ledger::{ERRORS, LedgerCall, LedgerError, check, validate};

fn codes() -> Vec<&'static str> {
    ERRORS.iter().map(|entry| entry.code).collect()
}

#[test]
fn codes_are_distinct_in_order_and_explained() {
    for (number, entry) in (1..).zip(ERRORS) {
        assert_eq!(entry.code, format!("LED-{number:04}"));
        assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
    }
}

#[test]
fn the_pool_tells_failures_apart() {
    let mut chain =
        Chain::new(test_params(), &[(1, Amount::ai3(2)), (2, Amount::from_base_units(20_000_000_000_000))]);
    chain.block(&[chain.transfer(1, 0, 3, Amount::from_base_units(200_000_000_000_000))]).expect("valid");
    let genesis = chain.rules.genesis;
    let one = Amount::from_base_units(1);
    let edit = |from: u8, nonce: u64, change: &dyn Fn(&mut auto_core::Transaction)| {
        let mut draft = chain.draft(from, nonce, vec![LedgerCall::Transfer { to: address(1), amount: one }]);
        change(&mut draft);
        draft.sign(&pair(from), &genesis)
    };
    let pool = |signed: &SignedTransaction| {
        let checked = check(&chain.rules, signed)?;
        validate(&chain.rules, &chain.state(), &checked, &chain.context())
    };
    assert!(pool(&edit(1, 1, &|_| ())).is_ok());
    let mut tampered = edit(1, 1, &|_| ());
    tampered.transaction.fee_limit = Amount::ai3(2);
    let failures = [
        (tampered, "LED-0008"),
        (edit(1, 0, &|_| ()), "LED-0010"),
        (edit(1, 2, &|_| ()), "LED-0011"),
        (edit(1, 1, &|draft| draft.expiry = BlockNumber(1)), "LED-0012"),
        (edit(1, 1, &|draft| draft.fee_limit = one), "LED-0013"),
        (edit(2, 0, &|_| ()), "LED-0014"),
        (edit(7, 0, &|_| ()), "LED-0014"),
        (chain.transfer(1, 1, 9, one), "LED-0015"),
        (chain.transfer(1, 1, 9, Amount::ai3(50)), "LED-0014"),
        (edit(1, 1, &|draft| draft.calls = List::default()), "LED-0003"),
        (chain.transfer(1, 1, 2, Amount::ZERO), "LED-0006"),
    ];
    for (signed, code) in failures {
        let error = pool(&signed).expect_err(code);
        assert_eq!(error.code(), code, "{error}");
        assert!(codes().contains(&code));
    }
    let error = pool(&edit(2, 0, &|_| ())).expect_err("cannot pay");
    let available = Amount::from_base_units(20_000_000_000_000);
    assert!(matches!(error, LedgerError::InsufficientBalance { available: found, .. } if found == available));
}

#[test]
fn a_transaction_is_valid_up_to_its_expiry() {
    let mut chain = Chain::new(test_params(), &[(1, Amount::ai3(2))]);
    let mut draft = chain.draft(1, 0, vec![LedgerCall::Transfer { to: address(2), amount: Amount::ai3(1) }]);
    draft.expiry = BlockNumber(2);
    let signed = draft.sign(&pair(1), &chain.rules.genesis);
    chain.empty_blocks(1);
    assert!(chain.block(std::slice::from_ref(&signed)).is_ok());
}
