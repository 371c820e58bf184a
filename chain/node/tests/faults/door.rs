//! Bad input at the door: each kind has its code, and changes nothing.

use crate::driver::Driver;
use crate::fixture::{alice, genesis, object, store_call, store_object, transaction};
use auto_core::{
    Address, Amount, Blob, BlockNumber, Call, DomainId, ErrorCode, Hash, KeyPair, ModuleId, Nonce,
    SignedTransaction, Transaction,
};
use auto_ledger::{LedgerCall, NoExtension};
use auto_node::{
    AccountView, ErrorKind, Node, NodeConfig, NodeEvent, NodeHandle, Retention, StoreKind, Withheld,
};
use auto_store::MemoryStore;
use parity_scale_codec::Encode;
use std::sync::Arc;

fn start() -> (Node, NodeHandle) {
    let node = Node::start(NodeConfig {
        genesis: genesis(),
        store: StoreKind::Memory,
        extension: Arc::new(NoExtension),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: true,
        farms: Vec::new(),
        transport: None,
    })
    .expect("starts");
    let handle = node.handle();
    (node, handle)
}

/// Everything that a transaction could change before a block holds it.
fn seen(node: &NodeHandle) -> (u32, Hash, AccountView, Nonce) {
    let address = alice().public_key().address();
    let status = node.status().expect("the store works");
    let account = node.account(&address, None).expect("the store works");
    (status.pool, status.head.hash, account, node.next_nonce(&address).expect("the store works"))
}

/// Submits, wants the code, and wants everything as it was.
#[track_caller]
fn refused(node: &NodeHandle, bytes: &[u8], code: &str, kind: ErrorKind, says: &str) {
    let before = seen(node);
    let error = node.submit(bytes).expect_err("it is refused");
    assert_eq!((error.code(), error.kind()), (code, kind), "{error}");
    assert!(error.to_string().contains(says), "`{error}` does not say `{says}`");
    assert!(!error.is_fatal(), "{error}");
    assert_eq!(seen(node), before);
    let known = auto_node::errors().into_iter().any(|entry| entry.code == code);
    assert!(known, "{code} is not explained");
    // Asking for the fee gives the same answer, except for what only the pool knows.
    if !matches!(code, "NOD-0016" | "NOD-0018") {
        assert_eq!(node.simulate(bytes).expect_err("it would be refused").code(), code);
    }
    assert_eq!(seen(node), before);
}

fn transfer(to: Address, amount: Amount) -> Call {
    LedgerCall::Transfer { to, amount }.into_call().expect("it fits")
}

fn sign(node: &NodeHandle, transaction: Transaction) -> SignedTransaction {
    transaction.sign(&alice(), &node.genesis())
}

fn somebody() -> Address {
    KeyPair::from_secret(&[77; 32]).public_key().address()
}

#[test]
fn bytes_that_are_no_transaction_are_refused() {
    let (_node, handle) = start();
    let valid = store_object(&handle.genesis(), 0, b"object").encode();
    refused(&handle, &[], "NOD-0015", ErrorKind::User, "malformed");
    refused(&handle, b"not a transaction at all", "NOD-0015", ErrorKind::User, "malformed");
    refused(&handle, &[0xff; 4096], "NOD-0015", ErrorKind::User, "malformed");
    for length in 0..valid.len() {
        refused(&handle, &valid[..length], "NOD-0015", ErrorKind::User, "malformed");
    }
    let trailing = [valid.as_slice(), &[0]].concat();
    refused(&handle, &trailing, "NOD-0015", ErrorKind::User, "1 trailing bytes");
    handle.submit(&valid).expect("the whole one is valid");
}

#[test]
fn an_oversized_transaction_is_refused() {
    let (_node, handle) = start();
    let limit = usize::try_from(handle.params().block_bytes_max).expect("fits");
    refused(&handle, &vec![0; limit + 1], "NOD-0015", ErrorKind::User, "over the limit");
    refused(&handle, &vec![0; 32 << 20], "NOD-0015", ErrorKind::User, "over the limit");
    // It decodes, but no block has room for it beside its own count.
    let largest = auto_ledger::object_bytes_max(handle.params());
    let over = sign(&handle, transaction(0, vec![store_call(&vec![7; largest + 1])])).encode();
    assert!(over.len() <= limit);
    refused(&handle, &over, "LED-0001", ErrorKind::Rejected, "over the limit");
    let fits = sign(&handle, transaction(0, vec![store_call(&vec![7; largest])])).encode();
    handle.submit(&fits).expect("the largest object fits");
}

#[test]
fn a_transaction_of_another_chain_is_refused() {
    let (_node, handle) = start();
    let mut other = genesis();
    other.params.era_blocks += 1;
    let other = auto_node::Chain::open(
        Arc::new(MemoryStore::new()),
        &other,
        Arc::new(NoExtension),
        Retention::default(),
    );
    let other = other.expect("opens").genesis_hash();
    assert_ne!(other, handle.genesis());
    let foreign = store_object(&other, 0, b"object").encode();
    refused(&handle, &foreign, "LED-0008", ErrorKind::Rejected, "another genesis");
    let domain = Transaction { domain: DomainId(1), ..transaction(0, vec![store_call(b"object")]) };
    refused(&handle, &sign(&handle, domain).encode(), "LED-0002", ErrorKind::Rejected, "domain");
    let stranger =
        transaction(0, vec![store_call(b"object")]).sign(&KeyPair::from_secret(&[2; 32]), &handle.genesis());
    refused(&handle, &stranger.encode(), "LED-0008", ErrorKind::Rejected, "another key");
}

#[test]
fn calls_that_ask_for_nothing_known_are_refused() {
    let (_node, handle) = start();
    let refuse = |calls, code, says| {
        let bytes = sign(&handle, transaction(0, calls)).encode();
        refused(&handle, &bytes, code, ErrorKind::Rejected, says);
    };
    refuse(Vec::new(), "LED-0003", "no calls");
    let module = Call { module: ModuleId(9), payload: Blob::new(vec![0]).expect("fits") };
    refuse(vec![module], "LED-0004", "module 9 is unknown");
    for payload in [vec![], vec![200], [store_call(b"object").payload.to_vec(), vec![0]].concat()] {
        let call = Call { module: auto_ledger::MODULE, payload: Blob::new(payload).expect("fits") };
        refuse(vec![call], "LED-0005", "call 0 is malformed");
    }
    refuse(vec![transfer(somebody(), Amount::ZERO)], "LED-0006", "transfer of nothing");
    refuse(vec![store_call(b"")], "LED-0007", "object is empty");
    // One bad call among good ones is enough.
    refuse(vec![store_call(b"object"), store_call(b"")], "LED-0007", "object is empty");
}

#[test]
fn a_nonce_that_is_not_the_next_is_refused() {
    let (_node, handle) = start();
    let object = |nonce: u64| store_object(&handle.genesis(), nonce, &object(nonce, 20)).encode();
    for gap in [1, 2, 1000, u64::MAX] {
        refused(&handle, &object(gap), "LED-0011", ErrorKind::Rejected, "is ahead, the account is at 0");
    }
    handle.submit(&object(0)).expect("it is the next");
    refused(&handle, &object(0), "NOD-0016", ErrorKind::Rejected, "in the pool already");
    let replaced = store_object(&handle.genesis(), 0, b"something else").encode();
    refused(&handle, &replaced, "LED-0010", ErrorKind::Rejected, "nonce 0 is used, the account is at 1");
    refused(&handle, &object(2), "LED-0011", ErrorKind::Rejected, "nonce 2 is ahead, the account is at 1");
    handle.submit(&object(1)).expect("it is the next");
}

#[test]
fn more_than_the_signer_has_is_refused() {
    let (_node, handle) = start();
    let pay = |nonce: u64, amount: Amount, limit: Amount| {
        let paid = Transaction { fee_limit: limit, ..transaction(nonce, vec![transfer(somebody(), amount)]) };
        sign(&handle, paid).encode()
    };
    let all = Amount::ai3(1_000_000);
    refused(&handle, &pay(0, all, Amount::ai3(1)), "LED-0014", ErrorKind::Rejected, "balance too low");
    let most = Amount::from_base_units(u128::MAX);
    refused(&handle, &pay(0, most, Amount::ai3(1)), "LED-0014", ErrorKind::Rejected, "balance too low");
    let dust = Amount::from_base_units(1);
    refused(&handle, &pay(0, dust, Amount::ai3(1)), "LED-0015", ErrorKind::Rejected, "existential deposit");
    // What waits counts: two thirds can be spent once.
    handle.submit(&pay(0, Amount::ai3(600_000), Amount::ai3(1))).expect("it is covered");
    let again = pay(1, Amount::ai3(600_000), Amount::ai3(1));
    refused(&handle, &again, "LED-0014", ErrorKind::Rejected, "balance too low");

    let poor = KeyPair::from_secret(&[5; 32]);
    let broke = Transaction { signer: poor.public_key(), ..transaction(0, vec![store_call(b"object")]) };
    let broke = broke.sign(&poor, &handle.genesis()).encode();
    refused(&handle, &broke, "LED-0014", ErrorKind::Rejected, "balance too low");
}

#[test]
fn a_fee_limit_below_the_fee_is_refused() {
    let (_node, handle) = start();
    let offer = |limit| {
        let offer = Transaction { fee_limit: limit, ..transaction(0, vec![store_call(&[3; 300])]) };
        sign(&handle, offer).encode()
    };
    let fee = handle.simulate(&offer(Amount::ai3(1))).expect("it would be accepted");
    let below = fee.checked_sub(Amount::from_base_units(1)).expect("a fee is not zero");
    for limit in [Amount::ZERO, below] {
        refused(&handle, &offer(limit), "LED-0013", ErrorKind::Rejected, "over the transaction's limit");
    }
    handle.submit(&offer(fee)).expect("the fee is enough");
}

#[test]
fn an_expired_transaction_is_refused() {
    let (_node, handle) = start();
    let until = |expiry| {
        let until =
            Transaction { expiry: BlockNumber(expiry), ..transaction(0, vec![store_call(b"object")]) };
        sign(&handle, until).encode()
    };
    refused(&handle, &until(0), "LED-0012", ErrorKind::Rejected, "expired at block 0, this is block 1");
    handle.submit(&until(1)).expect("the next block may hold it");
}

#[test]
fn one_signer_cannot_fill_the_pool() {
    let (_node, handle) = start();
    let limit = u64::try_from(auto_node::PoolLimits::default().per_signer).expect("fits");
    let object = |nonce: u64| store_object(&handle.genesis(), nonce, &nonce.to_le_bytes()).encode();
    for nonce in 0..limit {
        handle.submit(&object(nonce)).expect("there is room");
    }
    assert_eq!(u64::from(seen(&handle).0), limit);
    refused(&handle, &object(limit), "NOD-0018", ErrorKind::Unavailable, "as many transactions waiting");
}

#[test]
fn what_is_unknown_is_not_found() {
    let (_node, handle) = start();
    let before = seen(&handle);
    let unknown = Hash([0xab; 32]);
    for without in [Withheld::Nothing, Withheld::Cache, Withheld::SourcePieces] {
        assert_eq!(handle.object(&unknown, without).expect("the store works"), None);
    }
    assert!(handle.object_info(&unknown).expect("the store works").is_none());
    assert!(handle.segments_of(&unknown).expect("the store works").is_none());
    assert!(handle.objects(Some(unknown), 10).expect("the store works").is_empty());
    assert!(handle.transaction(&unknown).expect("the store works").is_none());
    assert!(handle.header(&unknown).expect("the store works").is_none());
    assert!(handle.block_by_hash(&unknown).expect("the store works").is_none());
    assert!(handle.block(BlockNumber(u64::MAX)).expect("the store works").is_none());
    assert!(handle.transactions_of(&somebody(), None, 10).expect("the store works").is_empty());
    let stranger = handle.account(&somebody(), None).expect("the store works");
    assert!(stranger.balance.is_zero() && stranger.nonce == Nonce(0));
    assert_eq!(seen(&handle), before);
}

#[test]
fn a_height_that_is_not_there_is_refused_with_the_range() {
    let (_node, handle) = start();
    for asked in [1, 1000, u64::MAX] {
        let at = Some(BlockNumber(asked));
        let account = handle.account(&somebody(), at).expect_err("there is no such height");
        let proof = handle.account_proof(&somebody(), at).expect_err("there is no such height");
        for error in [account, proof] {
            assert_eq!((error.code(), error.kind()), ("NOD-0019", ErrorKind::NotFound));
            assert!(error.to_string().ends_with("this node has 0 to 0"), "{error}");
        }
    }
    handle.account(&somebody(), Some(BlockNumber(0))).expect("genesis is there");
}

#[test]
fn a_transaction_that_became_invalid_while_it_waited_is_dropped_with_the_reason() {
    let genesis = genesis();
    let clock = || auto_node::Tick(0);
    let mut node =
        Driver::open(Arc::new(MemoryStore::new()), &genesis, true, clock).expect("the store works");
    let hash = node.machine.chain().genesis_hash();
    // The first fills a block, so the second, which is good for that block only, must wait.
    let largest = auto_ledger::object_bytes_max(&genesis.params);
    let first = store_object(&hash, 0, &object(0, largest));
    let second = Transaction { expiry: BlockNumber(1), ..transaction(1, vec![store_call(b"late")]) };
    let second = second.sign(&alice(), &hash);
    let third = store_object(&hash, 2, b"behind it");
    for transaction in [&first, &second, &third] {
        node.machine.submit(&transaction.encode()).expect("it is valid");
    }
    node.run_to(1).expect("the store works");
    let dropped = |transaction: &SignedTransaction, code: &str| NodeEvent::TransactionDropped {
        hash: transaction.hash(),
        code: code.to_owned(),
    };
    assert!(node.told.contains(&dropped(&second, "LED-0012")), "{:?}", node.told);
    // What followed it lacks its nonce now.
    assert!(node.told.contains(&dropped(&third, "LED-0011")), "{:?}", node.told);
    assert!(node.machine.pool().is_empty());
    node.run_to(3).expect("the store works");
    let blocks = node.machine.chain().blocks_after(&[]).expect("the store works");
    let included: Vec<Hash> =
        blocks.iter().flat_map(|block| block.body.transactions.iter().map(SignedTransaction::hash)).collect();
    assert_eq!(included, [first.hash()]);
}
