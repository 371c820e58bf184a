//! The adversarial cases of the protocol that concern the ledger.

use crate::chain::{AUTHOR, Chain, address, pair, test_params};
use auto_core::{
    Amount, BlockNumber, Commitment, DigestItem, Equivocation, EquivocationError, Hash, Header, HistorySize,
    KeyPair, List, PieceOffset, PotOutput, PreDigest, ScalarBytes, SectorIndex, ShardId, Slot, Solution,
    SolutionRange, SpaceProof, SubsidyPoint, Witness,
};
use auto_ledger::{
    BlockExecution, Event, LedgerCall, LedgerError, Outcome, byte_fee, byte_fees, check, execute_block,
    is_equivocator, validate,
};

fn chain() -> Chain {
    Chain::new(test_params(), &[(1, Amount::ai3(100)), (2, Amount::ai3(100))])
}

fn reason(error: LedgerError) -> LedgerError {
    match error {
        LedgerError::InvalidTransaction { reason, .. } => *reason,
        other => other,
    }
}

fn header(farmer: &KeyPair, genesis: &Hash, slot: u64, parent: u8) -> Header {
    let solution = Solution {
        public_key: farmer.public_key(),
        reward_address: AUTHOR,
        sector_index: SectorIndex(3),
        history_size: HistorySize::ONE,
        piece_offset: PieceOffset(2),
        record_commitment: Commitment([1; 48]),
        record_witness: Witness([2; 48]),
        chunk: ScalarBytes([3; 32]),
        chunk_witness: Witness([4; 48]),
        proof_of_space: SpaceProof::new(14, vec![0; 112]).expect("the length of k = 14"),
    };
    let pre_digest = PreDigest {
        slot: Slot(slot),
        solution,
        proof_of_time: PotOutput([5; 16]),
        future_proof_of_time: PotOutput([6; 16]),
    };
    let header = Header {
        shard: ShardId(0),
        number: BlockNumber(7),
        parent_hash: Hash([parent; 32]),
        transactions_root: Hash::ZERO,
        state_root: Hash::ZERO,
        mmr_root: Hash::ZERO,
        digest: List::new(vec![DigestItem::PreDigest(Box::new(pre_digest))]).expect("one"),
    };
    header.seal(farmer, genesis).expect("room for a seal")
}

fn report(one: Header, other: Header) -> Vec<LedgerCall> {
    vec![LedgerCall::ReportEquivocation(Box::new(Equivocation::new(one, other)))]
}

#[test]
fn case_16_an_author_of_two_blocks_with_one_solution_loses_reward_and_fees() {
    let mut chain = chain();
    let earned = chain.block(&[chain.transfer(1, 0, 2, Amount::ai3(1))]).expect("valid");
    assert!(!earned.earnings.fees.is_zero() && !earned.earnings.reward.is_zero());
    let (farmer, genesis) = (pair(200), chain.rules.genesis);
    let calls = report(header(&farmer, &genesis, 40, 1), header(&farmer, &genesis, 40, 2));
    let reported = chain.block(&[chain.signed(2, 0, calls.clone())]).expect("valid");
    let event = Event::EquivocationReported { farmer: farmer.public_key(), reporter: address(2) };
    assert_eq!(reported.transactions[0].events, [event]);
    assert_eq!(is_equivocator(&chain.state(), &farmer.public_key()), Ok(true));
    let before = chain.issuance();
    chain.empty_blocks(chain.rules.params.confirmation_depth - 2);
    let matured = chain.block(&[]).expect("valid");
    let payout = matured.payout.expect("block 1 matures");
    let amount = earned.earnings.fees.checked_add(earned.earnings.reward).expect("small");
    assert_eq!((payout.number, payout.burned, payout.amount), (BlockNumber(1), true, amount));
    chain.empty_blocks(10);
    assert_eq!(chain.balance_of(&AUTHOR), 0);
    let (after, left) = (chain.issuance(), chain.balance_of(&address(1)) + chain.balance_of(&address(2)));
    assert_eq!(after.total.base_units(), left + after.held.base_units());
    assert!(after.rewards > before.rewards, "burned rewards stay counted as issued");
    // A second report has nothing to do.
    let again = chain.block(&[chain.signed(2, 1, calls)]).expect("the fee is paid");
    let known = Outcome::Failed { call: 0, error: LedgerError::AlreadyReported };
    assert_eq!(again.transactions[0].outcome, known);
}

#[test]
fn case_16_evidence_that_proves_nothing_is_refused() {
    let chain = chain();
    let (farmer, other, genesis) = (pair(200), pair(201), chain.rules.genesis);
    let honest = header(&farmer, &genesis, 40, 1);
    let wrong = [
        (honest.clone(), EquivocationError::Order),
        (header(&farmer, &genesis, 41, 2), EquivocationError::DifferentClaims),
        (header(&other, &genesis, 40, 2), EquivocationError::DifferentClaims),
        (header(&farmer, &Hash([1; 32]), 40, 2), EquivocationError::Seal),
    ];
    for (second, why) in wrong {
        let signed = chain.signed(2, 0, report(honest.clone(), second));
        let error = check(&chain.rules, &signed).expect_err("it proves nothing");
        assert_eq!(error, LedgerError::EvidenceInvalid(why));
    }
}

#[test]
fn case_43_block_uses_current_and_pool_uses_next() {
    let mut params = test_params();
    params.byte_fee_max = Amount::from_base_units(u128::MAX);
    params.initial_solution_range = SolutionRange(1 << 40);
    let mut chain = Chain::new(params, &[(1, Amount::ai3(100_000)), (2, Amount::ai3(100_000))]);
    let old = byte_fees(&chain.state()).expect("sound").next;
    // The history grows, so the price rises from the next block on, not in this one.
    chain.history = HistorySize::new(100_000).expect("not zero");
    let executed = chain.block(&[]).expect("valid");
    assert_eq!(executed.byte_fees.current, old);
    let new = executed.byte_fees.next;
    assert!(new > old, "{new} is not above {old}");
    let mut draft = chain.draft(1, 0, vec![LedgerCall::Transfer { to: address(2), amount: Amount::ai3(1) }]);
    let bytes = 72 + 6 + 49 + 64;
    draft.fee_limit = auto_ledger::fee(&chain.rules.params, bytes, 1, old).expect("small");
    let paying_old = draft.clone().sign(&pair(1), &chain.rules.genesis);
    draft.fee_limit = auto_ledger::fee(&chain.rules.params, bytes, 1, new).expect("small");
    let paying_new = draft.sign(&pair(1), &chain.rules.genesis);
    let pool = |signed| {
        let checked = check(&chain.rules, signed)?;
        validate(&chain.rules, &chain.state(), &checked, &chain.context())
    };
    assert!(matches!(pool(&paying_old), Err(LedgerError::FeeLimitTooLow { .. })));
    assert!(pool(&paying_new).is_ok());
    let refused = chain.block(&[paying_old]).expect_err("pays the price of the block before");
    assert!(matches!(reason(refused), LedgerError::FeeLimitTooLow { .. }));
    let executed = chain.block(std::slice::from_ref(&paying_new)).expect("valid");
    assert_eq!(executed.byte_fees.current, new);
    assert_eq!(executed.transactions[0].fee, paying_new.transaction.fee_limit);
}

#[test]
fn case_44_price_is_the_supply_where_history_takes_all_pledged_space() {
    let mut params = test_params();
    params.byte_fee_max = Amount::from_base_units(u128::MAX);
    let supply = Amount::ai3(1000);
    for (range, history) in [(u64::MAX, 1), (u64::MAX, u64::MAX), (1 << 62, u64::MAX)] {
        let history = HistorySize::new(history).expect("not zero");
        assert_eq!(byte_fee(&params, supply, SolutionRange(range), history), supply);
    }
    // A range of zero and space without bound divide by neither zero nor a negative number.
    assert!(byte_fee(&params, supply, SolutionRange(0), HistorySize::ONE) < supply);
    // Exactly as much as there is.
    let pieces = auto_core::range_to_pieces(&params, params.initial_solution_range);
    params.records_per_segment = u16::try_from(pieces / params.replication_factor / 2).expect("small");
    assert_eq!(byte_fee(&params, supply, params.initial_solution_range, HistorySize::ONE), supply);
    let capped = test_params();
    assert_eq!(byte_fee(&capped, supply, SolutionRange(u64::MAX), HistorySize::ONE), capped.byte_fee_max);
}

#[test]
fn case_45_nonce_reuse_is_refused() {
    let mut chain = chain();
    let transaction = chain.transfer(1, 0, 2, Amount::ai3(1));
    chain.block(std::slice::from_ref(&transaction)).expect("valid");
    let error = reason(chain.block(std::slice::from_ref(&transaction)).expect_err("replayed"));
    let (zero, one) = (auto_core::Nonce(0), auto_core::Nonce(1));
    assert_eq!(error, LedgerError::StaleNonce { nonce: zero, expected: one });
    let second = chain.transfer(1, 1, 2, Amount::ai3(1));
    let twice = chain.block(&[second.clone(), second]).expect_err("the same twice in one block");
    assert!(matches!(twice, LedgerError::InvalidTransaction { index: 1, .. }));
}

#[test]
fn case_45_nonce_gap_is_refused() {
    let mut chain = chain();
    let error = chain.block(&[chain.transfer(1, 1, 2, Amount::ai3(1))]).expect_err("a gap");
    let (zero, one) = (auto_core::Nonce(0), auto_core::Nonce(1));
    assert_eq!(reason(error), LedgerError::FutureNonce { nonce: one, expected: zero });
}

#[test]
fn case_45_replay_on_a_chain_with_another_genesis_is_refused() {
    let (chain, mut other) = (chain(), chain());
    other.rules.genesis = Hash([10; 32]);
    let error = other.block(&[chain.transfer(1, 0, 2, Amount::ai3(1))]).expect_err("signed for another");
    assert_eq!(reason(error.clone()), LedgerError::BadSignature);
    assert!(error.to_string().contains("another genesis"), "{error}");
}

#[test]
fn case_45_transfer_below_the_existential_deposit_fails() {
    let mut chain = chain();
    let deposit = chain.rules.params.existential_deposit;
    let less = Amount::from_base_units(deposit.base_units() - 1);
    let executed = chain.block(&[chain.transfer(1, 0, 9, less)]).expect("the fee is paid");
    let error = LedgerError::BelowExistentialDeposit { left: less, deposit };
    assert_eq!(executed.transactions[0].outcome, Outcome::Failed { call: 0, error });
    assert_eq!(chain.account(9), auto_ledger::Account::default());
    assert_eq!(chain.account(1).nonce.0, 1);
    // The sender keeps the deposit too.
    let kept = chain.account(1).balance.saturating_sub(executed.transactions[0].fee);
    let amount = kept.saturating_sub(less);
    let executed = chain.block(&[chain.transfer(1, 1, 9, amount)]).expect("the fee is paid");
    let error = LedgerError::BelowExistentialDeposit { left: less, deposit };
    assert_eq!(executed.transactions[0].outcome, Outcome::Failed { call: 0, error });
    assert!(chain.account(1).balance >= deposit);
    let executed = chain.block(&[chain.transfer(1, 2, 9, deposit)]).expect("valid");
    assert_eq!(executed.transactions[0].outcome, Outcome::Applied);
}

#[test]
fn case_46_rewards_end_with_the_issuance() {
    let mut params = test_params();
    let subsidy = Amount::from_base_units(70_000_000_000_000);
    params.subsidy = List::new(vec![SubsidyPoint { block: BlockNumber(0), subsidy }]).expect("one");
    params.reward_issuance = Amount::from_base_units(200_000_000_000_001);
    let start = Amount::ai3(1);
    let mut chain = Chain::new(params, &[(1, start)]);
    let rewards: Vec<u128> =
        (0..6).map(|_| chain.block(&[]).expect("valid").earnings.reward.base_units()).collect();
    assert_eq!(rewards, [70_000_000_000_000, 70_000_000_000_000, 60_000_000_000_001, 0, 0, 0]);
    chain.empty_blocks(6);
    assert_eq!(chain.balance_of(&AUTHOR), 200_000_000_000_001);
    let issuance = chain.issuance();
    assert_eq!(issuance.total.base_units(), start.base_units() + 200_000_000_000_001);
    assert_eq!((issuance.held, issuance.rewards.base_units()), (Amount::ZERO, 200_000_000_000_001));
}

#[test]
fn case_46_a_transfer_to_oneself_creates_nothing() {
    let mut chain = chain();
    let executed = chain.block(&[chain.transfer(1, 0, 1, Amount::ai3(50))]).expect("valid");
    let left = chain.account(1).balance.checked_add(executed.transactions[0].fee);
    assert_eq!(left, Some(Amount::ai3(100)));
}

#[test]
fn an_author_leaves_out_what_a_block_cannot_hold() {
    let chain = chain();
    let checked = |signed| check(&chain.rules, &signed).expect("well formed");
    let offered = [
        checked(chain.transfer(1, 0, 2, Amount::ai3(1))),
        checked(chain.transfer(1, 0, 2, Amount::ai3(2))),
        checked(chain.transfer(7, 0, 2, Amount::ai3(3))),
        checked(chain.transfer(1, 2, 2, Amount::ai3(4))),
        checked(chain.transfer(1, 1, 2, Amount::ai3(5))),
    ];
    let state = chain.state();
    let mut execution = BlockExecution::new(&chain.rules, &state, chain.context()).expect("sound");
    let taken: Vec<_> = offered.iter().filter(|offer| execution.push(offer).is_ok()).cloned().collect();
    assert_eq!(taken, [offered[0].clone(), offered[4].clone()]);
    let built = execution.finish().expect("sound");
    let executed = execute_block(&chain.rules, &state, &chain.context(), &[], &taken);
    assert_eq!(executed, Ok(built));
}
