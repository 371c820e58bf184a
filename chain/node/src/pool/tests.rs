use super::*;
use auto_core::{Blob, DomainId, KeyPair, List, Preset, ProtocolParams, Transaction};
use auto_ledger::Rules;

const GENESIS: Hash = Hash([3; 32]);
const NEVER: u64 = u64::MAX;

fn key(seed: u8) -> KeyPair {
    KeyPair::from_secret(&[seed; 32])
}

fn address(seed: u8) -> Address {
    key(seed).public_key().address()
}

fn signed(seed: u8, nonce: u64, expiry: u64, fee_limit: u128, call: LedgerCall) -> CheckedTransaction {
    let pair = key(seed);
    let transaction = Transaction {
        domain: DomainId::CONSENSUS,
        signer: pair.public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(expiry),
        fee_limit: Amount::from_base_units(fee_limit),
        calls: List::new(vec![call.into_call().expect("it fits")]).expect("one call fits"),
    };
    let transaction = transaction.sign(&pair, &GENESIS);
    auto_ledger::check(&Rules::plain(ProtocolParams::preset(Preset::Test), GENESIS), &transaction)
        .expect("it is valid")
}

fn transfer(seed: u8, nonce: u64, expiry: u64) -> CheckedTransaction {
    let amount = Amount::from_base_units(100);
    signed(seed, nonce, expiry, 10, LedgerCall::Transfer { to: address(99), amount })
}

fn store(seed: u8, nonce: u64, bytes: usize) -> CheckedTransaction {
    let data = Blob::new(vec![seed; bytes]).expect("it fits");
    signed(seed, nonce, NEVER, 7, LedgerCall::Store { data })
}

fn ids(transactions: &[CheckedTransaction]) -> Vec<Hash> {
    transactions.iter().map(CheckedTransaction::hash).collect()
}

#[test]
fn transactions_leave_in_the_order_in_which_they_came() {
    let all = [transfer(2, 0, NEVER), transfer(1, 5, NEVER), transfer(2, 1, NEVER), transfer(1, 6, NEVER)];
    let mut pool = Pool::default();
    assert!(pool.is_empty());
    for transaction in &all {
        pool.push(transaction.clone(), None);
    }
    assert_eq!(pool.len(), 4);
    assert_eq!(ids(&pool.candidates(BlockNumber(1), u64::MAX)), ids(&all));
    assert_eq!(pool.get(&all[2].hash()), Some(&all[2]));
    assert_eq!(ids(&pool.drain()), ids(&all));
    assert!(pool.is_empty() && pool.get(&all[2].hash()).is_none());
    assert_eq!(pool.committed(&address(1)), Amount::ZERO);
    assert_eq!(pool.next_nonce(&address(1), Nonce(5)), Nonce(5));
}

#[test]
fn the_next_nonce_follows_what_waits() {
    let mut pool = Pool::default();
    pool.push(transfer(1, 4, NEVER), None);
    pool.push(transfer(1, 5, NEVER), None);
    assert_eq!(pool.next_nonce(&address(1), Nonce(4)), Nonce(6));
    // An account that is ahead of what waits decides.
    assert_eq!(pool.next_nonce(&address(1), Nonce(9)), Nonce(9));
    assert_eq!(pool.next_nonce(&address(2), Nonce(0)), Nonce(0));
}

#[test]
fn what_waits_counts_against_the_balance() {
    let mut pool = Pool::default();
    pool.push(transfer(1, 0, NEVER), None);
    pool.push(store(1, 1, 50), None);
    pool.push(transfer(2, 0, NEVER), None);
    assert_eq!(pool.committed(&address(1)), Amount::from_base_units(117));
    assert_eq!(pool.committed(&address(2)), Amount::from_base_units(110));
    assert_eq!(pool.committed(&address(3)), Amount::ZERO);
    // Sums over the number range stay at its end, so nothing is ever underestimated.
    for nonce in 2..4 {
        pool.push(
            signed(
                1,
                nonce,
                NEVER,
                u128::MAX,
                LedgerCall::Store { data: Blob::new(vec![1]).expect("it fits") },
            ),
            None,
        );
    }
    assert_eq!(pool.committed(&address(1)), Amount::from_base_units(u128::MAX));
}

#[test]
fn every_limit_holds() {
    let size = transfer(1, 0, NEVER).bytes();
    let limits = PoolLimits { transactions: 3, bytes: size * 3, per_signer: 2 };
    let mut pool = Pool { limits, ..Pool::default() };
    assert_eq!(pool.room(&address(1), size * 3), Ok(()));
    assert_eq!(pool.room(&address(1), size * 3 + 1), Err(Full::Pool));
    assert_eq!(pool.room(&address(1), u64::MAX), Err(Full::Pool));
    pool.push(transfer(1, 0, NEVER), None);
    assert_eq!(pool.room(&address(1), size), Ok(()));
    pool.push(transfer(1, 1, NEVER), None);
    assert_eq!(pool.room(&address(1), size), Err(Full::Signer));
    assert_eq!(pool.room(&address(2), size), Ok(()));
    assert_eq!(pool.room(&address(2), size + 1), Err(Full::Pool));
    pool.push(transfer(2, 0, NEVER), None);
    assert_eq!(pool.room(&address(2), 0), Err(Full::Pool));
    pool.drain();
    assert_eq!(pool.room(&address(1), size * 3), Ok(()));
}

#[test]
fn a_transaction_that_does_not_fit_holds_back_its_signer_alone() {
    let (large, after, other) = (store(1, 0, 5000), transfer(1, 1, NEVER), transfer(2, 0, NEVER));
    let mut pool = Pool::default();
    for transaction in [&large, &after, &other] {
        pool.push(transaction.clone(), None);
    }
    let number = BlockNumber(1);
    assert_eq!(ids(&pool.candidates(number, large.bytes() - 1)), [other.hash()]);
    assert_eq!(ids(&pool.candidates(number, large.bytes())), [large.hash()]);
    let both = large.bytes() + after.bytes();
    assert_eq!(ids(&pool.candidates(number, both)), [large.hash(), after.hash()]);
    assert!(pool.candidates(number, 0).is_empty());
    assert_eq!(pool.len(), 3, "choosing takes nothing out");
}

#[test]
fn an_expired_transaction_holds_back_its_signer_alone() {
    let (short, after, other) = (transfer(1, 0, 7), transfer(1, 1, NEVER), transfer(2, 0, 8));
    let mut pool = Pool::default();
    for transaction in [&short, &after, &other] {
        pool.push(transaction.clone(), None);
    }
    assert_eq!(pool.candidates(BlockNumber(7), u64::MAX).len(), 3);
    assert_eq!(ids(&pool.candidates(BlockNumber(8), u64::MAX)), [other.hash()]);
    assert!(pool.candidates(BlockNumber(9), u64::MAX).is_empty());
}

#[test]
fn what_contends_goes_first_and_one_of_a_kind() {
    let plain = [transfer(1, 0, NEVER), transfer(2, 0, NEVER), transfer(2, 2, NEVER)];
    let (proof, later, other) = (transfer(2, 1, NEVER), transfer(3, 0, NEVER), transfer(4, 0, 7));
    let mut pool = Pool::default();
    pool.push(plain[0].clone(), None);
    pool.push(plain[1].clone(), None);
    pool.push(proof.clone(), Some(Hash([1; 32])));
    pool.push(plain[2].clone(), None);
    pool.push(later.clone(), Some(Hash([1; 32])));
    pool.push(other.clone(), Some(Hash([2; 32])));
    // The signer's earlier transaction comes along, its later one keeps its turn; the same proof waits.
    let order = [&plain[1], &proof, &other, &plain[0], &plain[2]].map(CheckedTransaction::hash);
    assert_eq!(ids(&pool.candidates(BlockNumber(7), u64::MAX)), order);
    let few = plain[1].bytes() + proof.bytes();
    assert_eq!(ids(&pool.candidates(BlockNumber(7), few)), order[..2]);
    // One that cannot stand in the block stands in nobody's way.
    let mut pool = Pool::default();
    pool.push(other, Some(Hash([1; 32])));
    pool.push(later.clone(), Some(Hash([1; 32])));
    assert_eq!(ids(&pool.candidates(BlockNumber(8), u64::MAX)), [later.hash()]);
    pool.drain();
    pool.push(plain[0].clone(), None);
    pool.push(later.clone(), None);
    assert_eq!(ids(&pool.candidates(BlockNumber(8), u64::MAX)), ids(&[plain[0].clone(), later]));
}
