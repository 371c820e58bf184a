//! What a farmer has left to win when it comes back.

use crate::driver::Driver;
use crate::extension::extension;
use crate::fixture::{farmer, genesis};
use auto_core::{Slot, global_challenge};
use auto_node::{Audit, Chain, Effect, NodeMachine, Retention, Roles, Tick};
use auto_store::{MemoryStore, Store};
use std::sync::Arc;

fn audits(machine: &mut NodeMachine) -> Vec<Audit> {
    let effects = machine.take_effects().into_iter();
    effects.filter_map(|effect| if let Effect::Audit(audit) = effect { Some(audit) } else { None }).collect()
}

#[test]
fn slots_between_the_head_and_its_future_slot_are_audited_again_after_a_restart() {
    let (genesis, store) = (genesis(), Arc::new(MemoryStore::new()) as Arc<dyn Store>);
    let mut before = Driver::open(Arc::clone(&store), &genesis, true, Tick::default).expect("opens");
    before.run_to(5).expect("the store works");
    let head = before.machine.chain().head().clone();
    drop(before);

    let open = |farms: bool| {
        let chain =
            Chain::open(Arc::clone(&store), &genesis, extension(), Retention::default()).expect("opens");
        let farmers = farms.then(farmer).into_iter().collect();
        NodeMachine::new(chain, Roles { timekeeper: farms, farmers, ..Roles::default() })
    };
    let wanted: Vec<Audit> = (head.slot().0 + 1..=head.future_slot().0)
        .map(|slot| Audit {
            slot: Slot(slot),
            challenge: global_challenge(
                &head.output(Slot(slot)).expect("the head's state has it"),
                Slot(slot),
            ),
            range: head.solution_range(),
            history_size: head.history_size(),
        })
        .collect();
    assert_eq!(wanted.len(), usize::try_from(genesis.params.authoring_delay).expect("small"));
    assert_eq!(audits(&mut open(true)), wanted);
    assert_eq!(audits(&mut open(false)), []);

    // What is found there wins: the next block claims one of these slots.
    let mut after = Driver::open(store, &genesis, true, Tick::default).expect("opens");
    after.run_to(6).expect("the store works");
    assert!(after.machine.chain().head().slot() <= head.future_slot());
}

#[test]
fn a_new_chain_has_nothing_to_audit_before_its_first_slot() {
    let chain = Chain::open(Arc::new(MemoryStore::new()), &genesis(), extension(), Retention::default())
        .expect("opens");
    let mut machine =
        NodeMachine::new(chain, Roles { timekeeper: true, farmers: vec![farmer()], ..Roles::default() });
    assert_eq!(audits(&mut machine), []);
}
