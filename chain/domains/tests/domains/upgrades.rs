//! Runtimes that are upgraded.

use crate::world::{D, Setup, World, address};
use auto_core::{BlockNumber, DomainName, RuntimeId};
use auto_domains::state::RUNTIME;
use auto_domains::{DomainsCall, DomainsEvent};

/// Gives an account the runtime of the first domain, and tells its number and name.
pub(crate) fn own_runtime(world: &mut World, owner: u8) -> (RuntimeId, DomainName) {
    let runtime = world.record(D).runtime;
    let mut known = RUNTIME.get(&world.contents, &runtime).expect("sound").expect("exists");
    known.owner = Some(address(owner));
    world.tamper(|state| RUNTIME.put(state, &runtime, &known));
    (runtime, known.name)
}

#[test]
fn case_71_the_block_of_an_upgrade_is_derived_though_it_has_no_bundles() {
    let mut world = World::new(Setup::default());
    (0..3).for_each(|_| drop(world.step(&[0, 1])));
    let (runtime, name) = own_runtime(&mut world, 9);
    let at = BlockNumber(world.number.0 + 4);
    world.call(9, DomainsCall::UpgradeRuntime { runtime, name, version: 2, at }).expect("the owner may");
    let head = world.record(D).head.0;
    world.empty_blocks(at.0 - world.number.0 - 1);
    assert_eq!(world.record(D).head.0, head, "nothing makes a block before");
    let executed = world.block(&[], &[]).expect("an empty block");
    assert!(World::events(&executed).contains(&DomainsEvent::RuntimeUpgraded { runtime, version: 2 }));
    let number = BlockNumber(head + 1);
    assert_eq!(world.record(D).head, number);
    let block = world.derivation(D, number).expect("it is to be derived");
    assert_eq!((block.inherent.runtime_version, block.inbox.len()), (2, 0));

    // The receipts of the block before and of this one come first; nobody gets past it.
    while world.record(D).head_receipt < number {
        let receipt = world.honest_receipt(D);
        if receipt.number == number {
            assert!(receipt.bundles.is_empty());
            assert_eq!((receipt.trace.len(), receipt.consensus_number), (2, at));
        }
        let sealed = world.sealed(world.right(0), receipt.clone());
        if world.record(D).head.0 - world.record(D).head_receipt.0 > 1 {
            world.submit(&[sealed]);
        } else {
            world.submit_receipt(0, receipt);
        }
    }
    while world.record(D).confirmed < number {
        world.step(&[0, 1]);
    }
    assert_eq!(
        world.derivation(D, world.record(D).head).map(|block| block.inherent.runtime_version),
        Some(2)
    );
}
