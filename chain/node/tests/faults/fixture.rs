//! A small fast chain, its one user, and what a whole chain in a store looks like.

use crate::extension::extension;
use auto_core::{
    Amount, Blob, BlockNumber, Body, Call, DomainId, Genesis, GenesisAccount, Hash, Header, KeyPair, List,
    Nonce, Piece, PotJustification, Preset, ProtocolParams, SegmentHeader, SignedTransaction, Transaction,
};
use auto_ledger::LedgerCall;
use auto_node::{Chain, Retention};
use auto_state::Snapshot;
use auto_store::{Column, Direction, StateNodes, Store};
use parity_scale_codec::Decode;
use std::sync::Arc;

/// Whoever sends transactions.
pub(crate) fn alice() -> KeyPair {
    KeyPair::from_secret(&[1; 32])
}

/// Whoever farms.
pub(crate) fn farmer() -> Arc<KeyPair> {
    Arc::new(KeyPair::from_secret(&[9; 32]))
}

/// A chain with a segment every few blocks, whose one sector wins most slots and never expires.
pub(crate) fn genesis() -> Genesis {
    let mut params = ProtocolParams::preset(Preset::Test);
    params.slot_duration_ms = 20;
    params.confirmation_depth = 3;
    params.segment_blocks_max = 3;
    params.authoring_delay = 6;
    params.entropy_delay = 8;
    params.entropy_interval = 12;
    params.era_blocks = 1_000_000;
    params.min_sector_lifetime = 1_000_000;
    params.initial_solution_range = auto_core::pieces_to_range(&params, 2);
    let address = alice().public_key().address();
    Genesis {
        params,
        accounts: List::new(vec![GenesisAccount { address, balance: Amount::ai3(1_000_000) }])
            .expect("one account fits"),
        entropy: Blob::new(b"faults".to_vec()).expect("it is short"),
        domains: List::default(),
        operators: List::default(),
    }
}

/// A transaction of Alice that is valid once its nonce is due.
pub(crate) fn transaction(nonce: u64, calls: Vec<Call>) -> Transaction {
    Transaction {
        domain: DomainId::CONSENSUS,
        signer: alice().public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(u64::MAX),
        fee_limit: Amount::ai3(100),
        calls: List::new(calls).expect("few calls fit"),
    }
}

/// The call that stores an object.
pub(crate) fn store_call(data: &[u8]) -> Call {
    let call = LedgerCall::Store { data: Blob::new(data.to_vec()).expect("it fits") };
    call.into_call().expect("it fits")
}

/// Bytes that no other object of the test has.
pub(crate) fn object(number: u64, size: usize) -> Vec<u8> {
    number.to_le_bytes().into_iter().cycle().take(size.max(8)).collect()
}

/// A signed transaction that stores an object.
pub(crate) fn store_object(genesis: &Hash, nonce: u64, data: &[u8]) -> SignedTransaction {
    transaction(nonce, vec![store_call(data)]).sign(&alice(), genesis)
}

/// What was found in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) head: BlockNumber,
    pub(crate) segments: usize,
    /// Transactions of Alice in the blocks of the best chain.
    pub(crate) transactions: u64,
}

fn rows(store: &dyn Store, column: Column) -> Vec<(Vec<u8>, Vec<u8>)> {
    store.scan(column, &[], None, Direction::Forward, usize::MAX).expect("the store reads")
}

fn get<T: Decode>(store: &dyn Store, column: Column, key: &[u8]) -> T {
    let bytes = store.get(column, key).expect("the store reads").expect("the value is there");
    T::decode(&mut bytes.as_slice()).expect("the value decodes")
}

/// Opens the chain as a node does and checks that it is whole, from the genesis block to the head.
pub(crate) fn check_whole(store: &Arc<dyn Store>, genesis: &Genesis) -> Found {
    let chain = Chain::open(Arc::clone(store), genesis, extension(), Retention::default())
        .expect("opens without repair");
    let (head, confirmed) = (chain.head().clone(), chain.confirmed());
    assert!(confirmed.number <= head.number());
    if let Some(due) = head.number().0.checked_sub(genesis.params.confirmation_depth) {
        assert_eq!(confirmed.number.0, due, "a block is confirmed with the one that buries it");
    }

    let canonical = rows(&**store, Column::Canonical);
    assert_eq!(u64::try_from(canonical.len()).expect("fits"), head.number().0 + 1, "heights have no hole");
    let (mut parent, mut transactions) = (genesis.hash(), 0);
    let mut state_root = Hash::ZERO;
    for (number, (key, hash)) in (0u64..).zip(&canonical) {
        assert_eq!(key.as_slice(), number.to_be_bytes());
        let header: Header = get(&**store, Column::Blocks, hash);
        assert_eq!((header.number, header.parent_hash), (BlockNumber(number), parent));
        parent = header.hash();
        assert_eq!(parent.as_ref(), hash.as_slice());
        state_root = header.state_root;
        let (_, body): (PotJustification, Body) = get(&**store, Column::Bodies, hash);
        assert_eq!(body.root(), header.transactions_root);
        transactions += u64::try_from(body.transactions.len()).expect("fits");
        for (index, signed) in (0u32..).zip(body.transactions.iter()) {
            let record: (BlockNumber, Hash, u32) =
                get(&**store, Column::Transactions, signed.hash().as_ref());
            assert_eq!(record, (BlockNumber(number), parent, index));
        }
        if BlockNumber(number) == confirmed.number {
            assert_eq!(parent, confirmed.hash);
        }
    }
    assert_eq!(parent, head.hash());
    assert_eq!(rows(&**store, Column::Blocks).len(), canonical.len(), "one farm makes no branches");

    let state = StateNodes(&**store);
    let account = auto_ledger::account(&Snapshot::new(state, state_root), &alice().public_key().address());
    let account = account.expect("the head's state reads");
    assert_eq!(account.nonce, Nonce(transactions), "the state is that of the blocks");
    assert!(!account.balance.is_zero());
    let segments = check_history(&**store, genesis);
    Found { head: head.number(), segments, transactions }
}

/// Checks that segment headers follow one another and that every piece is there.
fn check_history(store: &dyn Store, genesis: &Genesis) -> usize {
    let segments = rows(store, Column::Segments);
    let mut previous = Hash::ZERO;
    for (index, (key, value)) in (0u64..).zip(&segments) {
        let header = SegmentHeader::decode(&mut value.as_slice()).expect("the value decodes");
        assert_eq!(key.as_slice(), index.to_be_bytes());
        assert_eq!((header.index.0, header.previous_hash), (index, previous));
        previous = header.hash();
    }
    let pieces = rows(store, Column::Pieces);
    let wanted = u64::try_from(segments.len()).expect("fits") * genesis.params.pieces_per_segment();
    assert_eq!(u64::try_from(pieces.len()).expect("fits"), wanted, "every segment has all of its pieces");
    for (index, (key, value)) in (0u64..).zip(&pieces) {
        assert_eq!(key.as_slice(), index.to_be_bytes());
        assert!(Piece::from_bytes(value).is_some(), "piece {index} is whole");
    }
    segments.len()
}
