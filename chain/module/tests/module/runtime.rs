//! What a runtime guarantees whatever its modules do.

use crate::notes::{BLOCKS, Call, NOTES, Notes};
use crate::world::{ONE, World, address, environment, genesis, runtime};
use auto_core::{Amount, ErrorCode, Hash, InvalidBundle, List};
use auto_module::bank::Bank;
use auto_module::messages::Messages;
use auto_module::{
    CheckedExtrinsic, Contents, Domain, DomainError, Events, Module, Outcome, Runtime, RuntimeEvent, Weight,
    module,
};
use auto_state::{Overlay, StateError, StateRead};
use parity_scale_codec::Encode;

fn checked(world: &World, calls: &[Call]) -> CheckedExtrinsic {
    let calls = calls.iter().map(|call| Notes::encode_call(call).expect("short")).collect();
    world.check(ONE, world.sign(world.transaction(ONE, 1, calls), 1)).expect("well formed")
}

fn keep(slot: u8, note: &[u8]) -> Call {
    Call::Keep { slot, note: note.to_vec() }
}

#[test]
fn a_failing_call_takes_the_whole_transaction_with_it() {
    let world = World::new();
    let chain = &world.domains[&ONE];
    let mut state = Overlay::new(&chain.contents);
    let extrinsic = checked(&world, &[keep(1, b"one"), Call::Fail, keep(2, b"two")]);
    let executed =
        world.runtime.apply(&chain.env, &world.inherent(ONE), &extrinsic, &mut state).expect("readable");
    assert!(matches!(executed.outcome, Outcome::Failed { call: 1, code: "NOTE-0042", .. }));
    assert!(executed.events.is_empty());
    for slot in [1, 2, 255] {
        assert_eq!(NOTES.get(&state, &slot), Ok(None));
    }
    // Fee and nonce: the account and the fees, no other key.
    assert_eq!(state.into_changes().len(), 2);
}

#[test]
fn events_come_in_order_under_their_modules() {
    let world = World::new();
    let chain = &world.domains[&ONE];
    let mut state = Overlay::new(&chain.contents);
    let extrinsic = checked(&world, &[keep(1, b"one"), keep(2, b"two")]);
    let executed =
        world.runtime.apply(&chain.env, &world.inherent(ONE), &extrinsic, &mut state).expect("readable");
    assert_eq!(executed.outcome, Outcome::Applied);
    assert_eq!(executed.hash, extrinsic.hash());
    let payloads: Vec<_> =
        executed.events.iter().map(|event| (event.module, event.payload.clone())).collect();
    let wanted = [b"one".to_vec(), b"two".to_vec()].map(|note| (Notes::ID, note.encode()));
    assert_eq!(payloads, wanted);
}

#[test]
fn a_value_over_the_limit_fails_the_call_and_not_the_block() {
    let world = World::new();
    let chain = &world.domains[&ONE];
    let mut state = Overlay::new(&chain.contents);
    let extrinsic = checked(&world, &[Call::Huge]);
    let executed =
        world.runtime.apply(&chain.env, &world.inherent(ONE), &extrinsic, &mut state).expect("readable");
    assert!(matches!(executed.outcome, Outcome::Failed { call: 0, code: "STA-0005", .. }));
    assert_eq!(NOTES.get(&state, &254), Ok(None));
}

/// A state that lacks one key, as a witness that was cut.
struct Holed<'a> {
    contents: &'a Contents,
    hole: Vec<u8>,
}

impl StateRead for Holed<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if key == self.hole {
            Err(StateError::Missing(Hash::ZERO))
        } else {
            StateRead::get(self.contents, key)
        }
    }
}

#[test]
fn a_read_that_fails_is_never_taken_for_a_call_that_fails() {
    let world = World::new();
    let chain = &world.domains[&ONE];
    let inherent = world.inherent(ONE);
    let holes = [NOTES.key(&9), auto_module::bank::account_key(&address(1)), auto_module::bank::FEES.key()];
    for hole in holes {
        let state = Holed { contents: &chain.contents, hole };
        let mut overlay = Overlay::new(&state);
        let extrinsic = checked(&world, &[Call::Careless { slot: 9 }]);
        let error = world.runtime.apply(&chain.env, &inherent, &extrinsic, &mut overlay);
        let error = error.expect_err("the state has a hole");
        assert!(error.unreadable().is_some());
        assert_eq!((error.code(), error.verdict(0)), ("STA-0001", None));
        assert!(overlay.into_changes().is_empty());
    }
    let state = Holed { contents: &chain.contents, hole: BLOCKS.key() };
    let mut overlay = Overlay::new(&state);
    assert!(world.runtime.finalize(&chain.env, &inherent, &mut overlay).is_err());
    assert!(overlay.into_changes().is_empty());
}

#[test]
fn a_module_that_fails_at_the_end_of_a_block_loses_only_what_it_wrote_there() {
    let mut world = World::new();
    world.step();
    world.submit::<Notes>(ONE, 1, &keep(200, b"fail"));
    world.step();
    let chain = &world.domains[&ONE];
    assert_eq!(BLOCKS.get(&chain.contents), Ok(Some(1)));
    let mut state = Overlay::new(&chain.contents);
    let events = world.runtime.finalize(&chain.env, &world.inherent(ONE), &mut state).expect("readable");
    let wanted = RuntimeEvent::EndBlockFailed {
        module: Notes::ID,
        code: auto_core::Blob::new(b"NOTE-0042".to_vec()).expect("short"),
    };
    let [event] = &events[..] else { panic!("one event") };
    assert_eq!((event.module, event.payload.clone()), (RuntimeEvent::MODULE, wanted.encode()));
}

#[test]
fn runtimes_that_make_no_sense_are_refused() {
    let refused = |modules| matches!(Runtime::new(1, modules), Err(DomainError::RuntimeInvalid(_)));
    assert!(refused(vec![]));
    assert!(refused(vec![module::<Messages>(), module::<Bank>()]));
    assert!(refused(vec![module::<Bank>(), module::<Notes>(), module::<Notes>()]));
    let runtime = runtime();
    assert_eq!(runtime.version(), 1);
    let ids: Vec<_> = runtime.modules().iter().map(|module| (module.id, module.version)).collect();
    assert_eq!(ids, [(Bank::ID, 1), (Messages::ID, 1), (Notes::ID, 3)]);
}

#[test]
fn genesis_must_be_of_this_runtime() {
    let env = environment(ONE);
    let good = genesis(&[(1, Amount::ai3(1))], &[]);
    assert!(runtime().genesis(&env, &good).is_ok());
    let code = |change: &dyn Fn(&mut Vec<auto_core::ModuleGenesis>)| {
        let mut modules = good.modules.to_vec();
        change(&mut modules);
        let modules = List::new(modules).expect("few");
        let genesis = auto_core::GenesisDomain { modules, ..good.clone() };
        runtime().genesis(&env, &genesis).expect_err("broken").code()
    };
    assert_eq!(code(&|modules| drop(modules.pop())), "MOD-0011");
    assert_eq!(code(&|modules| modules.swap(1, 2)), "MOD-0011");
    let junk = auto_core::Blob::new(vec![1]).expect("short");
    assert_eq!(code(&|modules| modules[2].genesis = junk.clone()), "MOD-0014");
    // A chain does not exchange messages with itself.
    let own = crate::world::genesis(&[(1, Amount::ai3(1))], &[ONE]);
    assert_eq!(runtime().genesis(&env, &own).expect_err("itself").code(), "MSG-0002");
}

#[test]
fn a_block_of_another_version_is_not_begun() {
    let world = World::new();
    let chain = &world.domains[&ONE];
    let mut inherent = world.inherent(ONE);
    inherent.runtime_version = 2;
    let mut state = Overlay::new(&chain.contents);
    let error = world.runtime.initialize(&chain.env, &inherent, &mut state).expect_err("another version");
    assert_eq!(error.code(), "MOD-0013");
    assert!(state.into_changes().is_empty());
}

#[test]
fn the_same_block_gives_the_same_changes() {
    let run = || {
        let mut world = World::new();
        world.submit::<Notes>(ONE, 1, &keep(1, b"one"));
        world.submit::<Notes>(ONE, 2, &Call::Fail);
        world.step();
        world.domains[&ONE].blocks.last().expect("two").root
    };
    assert_eq!(run(), run());
}

#[test]
fn events_start_empty() {
    let mut events = Events::new();
    assert!(events.is_empty());
    events.emit::<Notes>(&b"x".to_vec());
    assert_eq!(events.len(), 1);
}

#[test]
fn a_transaction_weighs_no_more_than_can_be_judged_whatever_its_signature() {
    let world = World::new();
    let check = |calls: &[Call], key| {
        let calls = calls.iter().map(|call| Notes::encode_call(call).expect("short")).collect();
        world.check(ONE, world.sign(world.transaction(ONE, 1, calls), key))
    };
    let most = Weight::EXTRINSIC_MAX.0 - Weight::SIGNED.0;
    assert_eq!(check(&[Call::Heavy(most)], 1).map(|checked| checked.weight()), Ok(Weight::EXTRINSIC_MAX));
    let weight = Weight(Weight::EXTRINSIC_MAX.0 + 1);
    let heavy = DomainError::TooHeavy { weight };
    assert_eq!(heavy.verdict(3), Some(InvalidBundle::IllegalTx(3)));
    // The signature is not looked at.
    for (calls, key) in [(vec![Call::Heavy(most + 1)], 1), (vec![Call::Heavy(most), Call::Heavy(1)], 2)] {
        assert_eq!(check(&calls, key).map(drop), Err(heavy.clone()));
    }
    let endless = vec![Call::Heavy(u64::MAX), Call::Heavy(u64::MAX)];
    assert!(matches!(check(&endless, 1), Err(DomainError::TooHeavy { .. })));
}
