//! Objects lie where they are said to lie.

use crate::chain::{Chain, address, pair, test_params};
use auto_core::{
    Amount, Blob, Block, BlockNumber, Body, Call, DomainId, Hash, Header, List, ModuleId, PotCheckpoints,
    PotJustification, PotOutput, PotSeed, ShardId, SignedTransaction,
};
use auto_ledger::{LedgerCall, LedgerError, Outcome, block_objects, check, object_bytes_max};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;

fn block(transactions: Vec<SignedTransaction>, slots: usize) -> Block {
    let checkpoints = vec![PotCheckpoints([PotOutput([1; 16]); 8]); slots];
    Block {
        header: Header {
            shard: ShardId(0),
            number: BlockNumber(1),
            parent_hash: Hash::ZERO,
            transactions_root: Hash::ZERO,
            state_root: Hash::ZERO,
            mmr_root: Hash::ZERO,
            digest: List::default(),
        },
        justification: PotJustification {
            seed: PotSeed([2; 16]),
            checkpoints: List::new(checkpoints).expect("few"),
        },
        body: Body { transactions: List::new(transactions).expect("few"), ..Body::default() },
    }
}

fn chain() -> Chain {
    Chain::new(test_params(), &[(1, Amount::ai3(100))])
}

fn store(data: &[u8]) -> LedgerCall {
    LedgerCall::Store { data: Blob::new(data.to_vec()).expect("short") }
}

/// The objects of an encoded block, read at the given offsets.
fn read(encoded: &[u8], offset: u32) -> Vec<u8> {
    let mut rest = &encoded[usize::try_from(offset).expect("small")..];
    let length = u32::decode(&mut rest).expect("a length");
    rest[..usize::try_from(length).expect("small")].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn slicing_the_encoding_gives_every_object(
        shape in proptest::collection::vec(proptest::collection::vec(0..300usize, 1..5), 0..6),
        slots in 0..4usize,
    ) {
        // A length of zero stands for a transfer between the objects.
        let chain = chain();
        let mut wanted = Vec::new();
        let mut transactions = Vec::new();
        for (nonce, lengths) in (0u64..).zip(&shape) {
            let calls = lengths.iter().map(|length| match length {
                0 => LedgerCall::Transfer { to: address(2), amount: Amount::ai3(1) },
                length => {
                    let data: Vec<u8> = (0..*length).map(|at| (at % 251).to_le_bytes()[0]).collect();
                    wanted.push(data.clone());
                    store(&data)
                }
            });
            transactions.push(chain.signed(1, nonce, calls.collect()));
        }
        let block = block(transactions, slots);
        let (encoded, objects) = (block.encode(), block_objects(&block));
        prop_assert_eq!(objects.len(), wanted.len());
        prop_assert!(objects.windows(2).all(|pair| pair[0].offset < pair[1].offset));
        for (object, data) in objects.iter().zip(&wanted) {
            prop_assert_eq!(&read(&encoded, object.offset), data);
            prop_assert_eq!(object.hash, Hash::of_object(data));
        }
    }
}

#[test]
fn an_object_of_a_failed_transaction_is_on_chain_all_the_same() {
    let mut chain = chain();
    let transfer = LedgerCall::Transfer { to: address(2), amount: Amount::ai3(1_000_000) };
    let signed = chain.signed(1, 0, vec![store(b"kept"), transfer]);
    let executed = chain.block(std::slice::from_ref(&signed)).expect("the fee is paid");
    assert!(matches!(executed.transactions[0].outcome, Outcome::Failed { call: 1, .. }));
    assert_eq!(block_objects(&block(vec![signed], 1)).len(), 1);
}

#[test]
fn case_39_length_prefixes_over_a_limit_give_no_object_and_no_valid_transaction() {
    let chain = chain();
    let raw = |module: u16, payload: Vec<u8>| {
        let mut draft = chain.draft(1, 0, vec![store(b"x")]);
        let call = Call { module: ModuleId(module), payload: Blob::new(payload).expect("short") };
        draft.calls = List::new(vec![call]).expect("one");
        draft.sign(&pair(1), &chain.rules.genesis)
    };
    let beyond = |length: u32| [&[1u8][..], &length.to_le_bytes(), b"abc"].concat();
    for payload in [beyond(4), beyond(2), beyond(u32::MAX), beyond(5 << 20), vec![1], vec![1, 0, 0, 0, 0]] {
        let signed = raw(0, payload);
        let error = check(&chain.rules, &signed).expect_err("malformed or empty");
        assert!(matches!(error, LedgerError::MalformedCall { .. } | LedgerError::EmptyObject), "{error}");
        assert_eq!(block_objects(&block(vec![signed], 0)), []);
    }
    let sound = beyond(3);
    assert_eq!(block_objects(&block(vec![raw(0, sound.clone())], 0)).len(), 1);
    let elsewhere = raw(1, sound);
    assert_eq!(block_objects(&block(vec![elsewhere.clone()], 0)), []);
    let unknown = check(&chain.rules, &elsewhere);
    assert_eq!(unknown, Err(LedgerError::UnknownModule(ModuleId(1))));
    let mut draft = chain.draft(1, 0, vec![store(b"x")]);
    draft.domain = DomainId(1);
    let domain = draft.sign(&pair(1), &chain.rules.genesis);
    assert_eq!(block_objects(&block(vec![domain.clone()], 0)), []);
    assert_eq!(check(&chain.rules, &domain), Err(LedgerError::WrongDomain(DomainId(1))));
}

#[test]
fn the_largest_object_fills_a_block_exactly() {
    let mut chain = chain();
    let most = object_bytes_max(&chain.rules.params);
    let signed = chain.signed(1, 0, vec![store(&vec![7; most])]);
    let body = block(vec![signed.clone()], 0).body.encode().len();
    assert_eq!(u32::try_from(body), Ok(chain.rules.params.block_bytes_max));
    let larger = chain.signed(1, 0, vec![store(&vec![7; most + 1])]);
    let error = check(&chain.rules, &larger);
    assert!(matches!(error, Err(LedgerError::Oversized { .. })));
    let second = chain.signed(1, 1, vec![store(b"x")]);
    let error = chain.block(&[signed.clone(), second]).expect_err("two do not fit");
    assert_eq!(auto_core::ErrorCode::code(&error), "LED-0017");
    assert!(chain.block(&[signed]).is_ok());
}
