//! A node on a real disk: it farms, stores an object for ever, and gives it back from plots alone.

#![allow(clippy::panic, reason = "a test that waits in vain has to say for what")]

use auto_core::{
    Amount, Blob, BlockNumber, DomainId, Genesis, GenesisAccount, Hash, KeyPair, List, Nonce, Preset,
    ProtocolParams, Transaction,
};
use auto_farmer::FarmSpec;
use auto_ledger::{LedgerCall, NoExtension};
use auto_node::{
    FarmSetup, Node, NodeConfig, NodeHandle, ObjectPlace, Retention, StoreKind, TransactionStage, Withheld,
    drop_archived_copies,
};
use auto_store::RocksStore;
use parity_scale_codec::Encode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Polls until `ready`; only a node that makes no progress for minutes fails it.
fn wait(node: &NodeHandle, what: &str, mut ready: impl FnMut(&NodeHandle) -> bool) {
    for _ in 0..6000 {
        if ready(node) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let status = node.status().expect("the store works");
    panic!("{what} did not happen; {status:?}; {:?}", node.farms());
}

fn genesis(alice: &KeyPair) -> Genesis {
    let mut params = ProtocolParams::preset(Preset::Test);
    params.slot_duration_ms = 20;
    params.confirmation_depth = 5;
    params.segment_blocks_max = 6;
    params.pieces_in_sector = 8;
    params.initial_solution_range = auto_core::pieces_to_range(&params, 32);
    let account = GenesisAccount { address: alice.public_key().address(), balance: Amount::ai3(1_000_000) };
    Genesis {
        params,
        accounts: List::new(vec![account]).expect("one account fits"),
        entropy: Blob::new(b"journey".to_vec()).expect("it is short"),
        domains: List::default(),
        operators: List::default(),
    }
}

fn start(folder: &Path, alice: &KeyPair) -> Node {
    let genesis = genesis(alice);
    Node::start(NodeConfig {
        store: StoreKind::Folder(folder.join("node")),
        extension: Arc::new(NoExtension),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: true,
        pace_slots: true,
        farms: vec![FarmSetup {
            spec: FarmSpec { path: folder.join("farm"), size: 24 << 20 },
            key: Arc::new(KeyPair::from_secret(&[9; 32])),
            reward_address: KeyPair::from_secret(&[9; 32]).public_key().address(),
        }],
        transport: None,
        genesis,
    })
    .expect("the node starts")
}

fn store(node: &NodeHandle, alice: &KeyPair, data: &[u8]) -> (Hash, Hash) {
    let call = LedgerCall::Store { data: Blob::new(data.to_vec()).expect("it fits") };
    let nonce = node.next_nonce(&alice.public_key().address()).expect("the store works");
    let transaction = Transaction {
        domain: DomainId::CONSENSUS,
        signer: alice.public_key(),
        nonce: Nonce(nonce.0),
        expiry: BlockNumber(u64::MAX),
        fee_limit: Amount::ai3(1000),
        calls: List::new(vec![call.into_call().expect("it fits")]).expect("one call fits"),
    };
    let signed = transaction.sign(alice, &node.genesis());
    let hash = node.submit(&signed.encode()).expect("the transaction is valid");
    (hash, Hash::of_object(data))
}

#[test]
fn an_object_outlives_every_copy_but_the_plots() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let alice = KeyPair::from_secret(&[1; 32]);
    let mut data: Vec<u8> = (0..40_000u32).flat_map(u32::to_le_bytes).take(50_000).collect();
    data.rotate_left(3);

    let node = start(folder.path(), &alice);
    let handle = node.handle();
    let (transaction, object) = store(&handle, &alice, &data);
    assert!(handle.object_info(&object).expect("the store works").is_none());
    wait(&handle, "inclusion", |node| {
        node.transaction(&transaction)
            .expect("works")
            .is_some_and(|view| view.stage != TransactionStage::Accepted)
    });
    assert_eq!(handle.object(&object, Withheld::Nothing).expect("it is in a block"), Some(data.clone()));
    let archived = |node: &NodeHandle| {
        let info = node.object_info(&object).expect("works");
        info.is_some_and(|info| matches!(info.place, ObjectPlace::Archived { .. }))
    };
    wait(&handle, "archiving", archived);
    let covered = |node: &NodeHandle| {
        let needed = node.segments_of(&object).expect("works").expect("it is archived");
        let segments = node.segments(None, 64).expect("works");
        let own = segments.iter().filter(|segment| needed.contains(&segment.index));
        own.clone().count() == needed.len()
            && own.clone().all(|segment| segment.plotted_pieces == segment.pieces)
    };
    wait(&handle, "plotting of every piece", covered);
    assert!(handle.farms()[0].blocks_won > 0);
    drop(handle);
    node.stop();

    let store = RocksStore::open(folder.path().join("node")).expect("the store opens");
    let dropped = drop_archived_copies(&store).expect("the store works");
    assert!(dropped.bodies > 0 && dropped.pieces > 0, "{dropped:?}");
    drop(store);

    let node = start(folder.path(), &alice);
    let handle = node.handle();
    assert_eq!(handle.object(&object, Withheld::Cache).expect("the plots have it"), Some(data.clone()));
    assert_eq!(
        handle.object(&object, Withheld::SourcePieces).expect("half of the pieces is enough"),
        Some(data)
    );
}
