//! Modules that are wrong in one way each, and what the harness says of them.

use auto_core::{ErrorCode, ModuleId};
use auto_module::bank::Bank;
use auto_module::{
    CallContext, CheckContext, Contents, Events, Invariant, Item, Map, Module, StoredError, Weight, module,
};
use auto_state::StateWrite;
use auto_testkit::{DomainHarness, HarnessError};
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, thiserror::Error)]
enum BrokenError {
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for BrokenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Stored(error) => error.code(),
        }
    }
}

const COUNT: Item<u64> = Item::new("broken/count");
const MARKS: Map<u64, u64> = Map::new("broken/mark");

/// How often a step of this process ran: what no module may know.
static RUNS: [AtomicU64; 3] = [AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)];

fn runs(of: usize) -> u64 {
    RUNS[of].fetch_add(1, Ordering::SeqCst)
}

/// A module whose one call, without arguments, does `apply`.
macro_rules! broken {
    ($name:ident, $invariants:expr, |$state:ident| $apply:block) => {
        #[derive(Debug)]
        struct $name;

        impl Module for $name {
            const ID: ModuleId = ModuleId(901);
            const NAME: &'static str = "broken";
            const VERSION: u32 = 1;

            type Call = ();
            type Event = ();
            type Error = BrokenError;
            type Genesis = ();

            fn check((): &(), _: &CheckContext<'_>) -> Result<(), BrokenError> {
                Ok(())
            }

            fn weight((): &()) -> Weight {
                Weight(1_000)
            }

            fn apply(
                (): &(),
                _: &CallContext<'_>,
                $state: &mut dyn StateWrite,
                _: &mut Events,
            ) -> Result<(), BrokenError> {
                $apply
                Ok(())
            }

            fn invariants() -> &'static [Invariant] {
                $invariants
            }
        }
    };
}

fn small(_: &Contents, after: &Contents) -> Result<(), String> {
    match COUNT.get(after) {
        Ok(Some(count)) if count > 2 => Err(format!("the count is {count}")),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

broken!(Growing, &[Invariant { name: "the count is at most two", check: small }], |state| {
    let count = COUNT.get(state)?.unwrap_or_default();
    COUNT.put(state, &(count + 1));
});

broken!(Forgetful, &[], |state| {
    COUNT.put(state, &runs(0));
});

broken!(Wandering, &[], |state| {
    // Deriving runs it an even number of times, so both derivations agree; a witness holds another key.
    let there = MARKS.get(state, &(runs(1) / 2))?;
    COUNT.put(state, &u64::from(there.is_some()));
});

broken!(Careless, &[], |state| {
    // It does not care for what it cannot read, and looks elsewhere each time.
    let there = MARKS.get(state, &runs(2)).is_ok();
    COUNT.put(state, &u64::from(there));
});

fn try_once<M: Module<Call = ()>>(domain: &mut DomainHarness) -> Result<(), HarnessError> {
    let call = domain.sign::<M>("alice", [()]);
    domain.try_block(&[call]).map(drop)
}

fn with<M: Module>() -> DomainHarness {
    DomainHarness::new(vec![module::<Bank>(), module::<M>()])
}

#[test]
fn an_invariant_that_breaks_is_caught_in_its_block() {
    let mut domain = with::<Growing>();
    assert_eq!(try_once::<Growing>(&mut domain), Ok(()));
    assert_eq!(try_once::<Growing>(&mut domain), Ok(()));
    let what = "the count is 3".to_owned();
    let broken = HarnessError::InvariantBroken { name: "the count is at most two", what };
    assert_eq!(try_once::<Growing>(&mut domain), Err(broken));
}

#[test]
#[should_panic(expected = "block 3 of the domain: the invariant \"the count is at most two\" is broken")]
fn a_block_that_breaks_an_invariant_panics_with_the_reason() {
    let mut domain = with::<Growing>();
    for _ in 0..3 {
        let call = domain.sign::<Growing>("alice", [()]);
        domain.block(&[call]);
    }
}

#[test]
fn a_module_that_depends_on_more_than_its_state_is_caught() {
    assert_eq!(try_once::<Forgetful>(&mut with::<Forgetful>()), Err(HarnessError::Fickle));
}

#[test]
fn a_module_that_reads_differently_on_a_witness_is_caught() {
    let error = try_once::<Wandering>(&mut with::<Wandering>()).expect_err("its step cannot be run again");
    let HarnessError::Refused { lie, .. } = &error else { panic!("{error}") };
    assert_eq!(lie, "the root after extrinsic 0");
}

#[test]
fn a_module_that_hides_a_failed_read_is_caught_all_the_same() {
    let error = try_once::<Careless>(&mut with::<Careless>()).expect_err("its step cannot be run again");
    assert!(matches!(error, HarnessError::Refused { .. }), "{error}");
}
