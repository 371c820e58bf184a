//! The index across restarts, and across blocks that were reverted.

use crate::net::{IDENTITY, Net};
use crate::people::Cast;
use auto_api::{Backend, Finder, Limits, schema};
use auto_core::{Amount, BlockNumber, Hash};
use auto_index::{At, Block, Happening, Index};
use auto_module::Module;
use autoid::{Autoid, Event};
use autoid_core::{GrantId, RevocationPlace, View};
use autoid_interface::StateView;
use parity_scale_codec::Encode;
use std::path::Path;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Follows the node into a file until the index holds all that there is, and stops.
async fn follow(net: &Net, path: &Path) {
    let node: Arc<dyn Backend> = Arc::new(net.node.clone());
    let stop = CancellationToken::new();
    let index = Index::open(path).expect("opens");
    let (finder, task) = Finder::start(Arc::clone(&node), index, stop.clone());
    let found = schema(node, Limits::default(), finder).execute("{ agents { nodes { did } } }").await;
    assert!(found.errors.is_empty(), "{:?}", found.errors);
    stop.cancel();
    task.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_goes_on_after_a_restart_and_takes_back_what_was_reverted() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("index.sqlite");
    cast.pay(&net, Amount::ai3(1)).await;
    follow(&net, &path).await;

    // A block that the chain has since dropped, with a revocation that never came to be.
    let handle = net.node.domains().expect("it follows the domains");
    let covered = {
        let index = Index::open(&path).expect("opens");
        let covered = index.coverage(IDENTITY).expect("readable").expect("it holds blocks");
        let state = handle.state(IDENTITY).expect("readable");
        let place = RevocationPlace { list: 0, index: 9 };
        let (issuer, by) = (cast.person.id(), cast.person.id());
        let event = Event::GrantRevoked { grant: GrantId([9; 32]), issuer, place, by }.encode();
        let happening = Happening { module: Autoid::ID, event: &event, extrinsic: None };
        let block = Block {
            domain: IDENTITY,
            number: BlockNumber(covered.newest.0 + 1),
            hash: Hash([9; 32]),
            parent: covered.hash,
            time: StateView::new(&state).expect("readable").point().time,
            happenings: &[happening],
        };
        index.apply(&block, &state).expect("it follows");
        let told = index.revocations(At::newest(IDENTITY), BlockNumber(0), None, 10).expect("readable");
        assert_eq!(told.rows.len(), 1);
        covered
    };
    cast.pay(&net, Amount::ai3(2)).await;
    follow(&net, &path).await;

    let index = Index::open(&path).expect("opens");
    let after = index.coverage(IDENTITY).expect("readable").expect("it holds blocks");
    assert!(after.first == covered.first && after.newest > covered.newest, "{covered:?} {after:?}");
    let number = BlockNumber(covered.newest.0 + 1);
    let receipt = handle.receipt(IDENTITY, number).expect("readable").expect("known");
    assert_eq!(index.block_hash(IDENTITY, number).expect("readable"), Some(receipt.block_hash));
    let told = index.revocations(At::newest(IDENTITY), BlockNumber(0), None, 10).expect("readable");
    assert_eq!(told.rows, []);
    let acts = index.entries(At::newest(IDENTITY), &cast.agent.id(), None, 10).expect("readable");
    assert_eq!(acts.rows.len(), 2);
    net.stop().await;
}
