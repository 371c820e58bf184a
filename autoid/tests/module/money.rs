//! Deposits: who pays, who gets back, and what stays.

use crate::people::{Person, inception};
use crate::world::{PARAMS, World};
use auto_core::Amount;
use auto_module::bank::{ACCOUNTS, Bank};
use auto_module::module;
use auto_testkit::{DomainHarness, address};
use autoid::{Autoid, AutoidError, AutoidGenesis, ERRORS, Params, deposits_account};
use autoid_core::{Action, Kind, Service};
use std::collections::BTreeSet;

fn on_deposit(world: &World) -> u128 {
    let account = ACCOUNTS.get(world.domain.state(), &deposits_account()).expect("sound");
    account.unwrap_or_default().balance.base_units()
}

fn service() -> Action {
    let service = Service {
        name: "a".to_owned(),
        kind: "MCP".to_owned(),
        endpoint: "https://ann.example/mcp".to_owned(),
    };
    Action::SetServices { services: vec![service] }
}

#[test]
fn the_deposit_lies_on_the_account_of_deposits_until_the_identity_ends() {
    let mut world = World::new();
    let ann = world.person("ann");
    let record = world.record(&ann);
    assert_eq!((on_deposit(&world), record.payer), (record.deposit, address("alice").0));
    world.operate(&ann, Action::Deactivate, &[&ann]);
    let left = world.record(&ann).deposit;
    assert!(left < record.deposit && left >= PARAMS.entry_deposit.base_units());
    assert_eq!(on_deposit(&world), left, "a tombstone is paid for");
}

#[test]
fn whoever_pays_for_growth_takes_the_deposit_over() {
    let mut world = World::new();
    let ann = world.person("ann");
    let (first, before) = (world.record(&ann).deposit, world.domain.balance("alice"));
    let grow = world.operation(&ann, service(), &[&ann]);
    world.apply_from("bob", grow);
    let record = world.record(&ann);
    assert_eq!(record.payer, address("bob").0);
    let back = world.domain.balance("alice").saturating_sub(before);
    assert_eq!(back.base_units(), first);
    assert_eq!(on_deposit(&world), record.deposit);
    // What shrinks goes back to bob, whoever sends it.
    let before = world.domain.balance("bob");
    let shrink = world.operation(&ann, Action::SetServices { services: Vec::new() }, &[&ann]);
    world.apply_from("carol", shrink);
    assert_eq!(world.domain.balance("bob").saturating_sub(before).base_units(), record.deposit - first);
}

#[test]
fn nobody_begins_an_identity_without_the_deposit() {
    let mut world =
        World::with(|builder| builder.account("poor", Amount::from_base_units(25_000_000_000_000_000)));
    let ann = Person::of("ann", inception("ann", Kind::Human), &world.network);
    let call = world.incept(&ann, &[]);
    let (tx, done) = world.send_from("poor", call);
    assert!(matches!(done.code(&tx), Some("BNK-0002" | "BNK-0003")), "{:?}", done.outcome(&tx));
}

#[test]
fn a_genesis_that_makes_no_module_is_refused() {
    let rich = |params: Params| {
        let builder = DomainHarness::builder(vec![module::<Bank>(), module::<Autoid>()]);
        let builder = builder.account("alice", Amount::ai3(10));
        builder.genesis::<Autoid>(&AutoidGenesis { clock: 0, params }).try_start().map(drop)
    };
    assert!(rich(PARAMS).is_ok() && rich(Params::default()).is_ok());
    for params in [
        Params { recovery_delay: 0, ..PARAMS },
        Params { endorsement_window: 0, ..PARAMS },
        Params { alias_age_min: 0, ..PARAMS },
        Params { alias_age_min: 5, ..PARAMS },
        Params { entry_deposit: Amount::ZERO, ..PARAMS },
        Params { alias_deposit: Amount::ZERO, ..PARAMS },
    ] {
        let error = rich(params).expect_err("no module").to_string();
        assert!(error.contains("autoid"), "{error}");
    }
}

#[test]
fn every_code_of_the_module_is_explained_once() {
    let codes: BTreeSet<_> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), ERRORS.len());
    assert_eq!(codes.first(), Some(&"AID-0501"));
    for error in [AutoidError::Overflow, AutoidError::SerialUsed, AutoidError::NoAlias] {
        assert!(codes.contains(auto_core::ErrorCode::code(&error)));
    }
}
