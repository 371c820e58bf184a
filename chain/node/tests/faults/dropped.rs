//! Copies of what is archived, and who still needs them.

use crate::driver::Driver;
use crate::extension::extension;
use crate::fixture::genesis;
use auto_core::ModuleId;
use auto_ledger::Rules;
use auto_module::{Domain, Runtimes};
use auto_node::{Chain, Retention, Tick, drop_archived_copies};
use auto_operator::{Operator, OperatorConfig, Serve};
use auto_store::{MemoryStore, Store};
use std::sync::Arc;

#[derive(Debug)]
struct NoRuntimes;

impl Runtimes for NoRuntimes {
    fn domain(&self, _: &[ModuleId], _: u32) -> Option<Arc<dyn Domain>> {
        None
    }

    fn newest(&self, _: &[ModuleId]) -> Option<u32> {
        None
    }
}

fn chain_of(blocks: u64) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut node = Driver::open(Arc::clone(&store), &genesis(), true, Tick::default).expect("opens");
    node.run_to(blocks).expect("the store works");
    store
}

/// Somebody begins to operate domains over the store, and has followed no block.
fn begin_to_operate(store: &Arc<dyn Store>) {
    let chain = Chain::open(Arc::clone(store), &genesis(), extension(), Retention::default());
    let chain = chain.expect("opens");
    let config = OperatorConfig {
        genesis: genesis(),
        rules: Rules::new(genesis().params, chain.genesis_hash(), extension()),
        runtimes: Arc::new(NoRuntimes),
        serve: Serve::All,
        roles: Vec::new(),
        account: None,
        relay: false,
    };
    let operator = Operator::new(config, Arc::clone(store)).expect("begins");
    assert_eq!(operator.last(), None);
}

#[test]
fn bodies_are_dropped_once_every_operator_here_has_followed_their_blocks() {
    let (plain, operated) = (chain_of(40), chain_of(40));
    begin_to_operate(&operated);
    assert!(drop_archived_copies(&*plain).expect("the store works").bodies > 0);
    let dropped = drop_archived_copies(&*operated).expect("the store works");
    assert_eq!(dropped.bodies, 0, "the operator has yet to follow all of them");
    assert!(dropped.pieces > 0);
}
