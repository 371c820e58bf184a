//! Escrowed payments: opened, settled, given back.

use crate::world::{AI3, Identity, World, address_payee, entries, identity_payee};
use auto_agents::{Agents, Call, Claim, Deed, EscrowId, Refund, Settle, Settlement, escrow_account, view};
use auto_core::Amount;
use auto_module::bank;
use autoid::Autoid;
use autoid_core::{Action as Change, Kind, Sign1};
use autoid_interface::{Envelope, OPEN};

pub(crate) fn settle(world: &World, payee: &Identity, escrow: EscrowId, amount: u128) -> Call {
    let settlement = Settlement { escrow, amount };
    let signed = Sign1::sign(settlement, &world.genesis, 1, payee.key()).expect("sound");
    Call::Settle(Settle { claim: Claim::Signed(Box::new(Envelope::from(signed))) })
}

fn held(world: &World) -> u128 {
    bank::account(world.domain.state(), &escrow_account()).expect("sound").balance.base_units()
}

#[test]
fn the_payee_settles_for_at_most_what_was_reserved_and_the_rest_goes_back() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.grant(&office, &agent, None);
    let deadline = world.number() + 50;
    let (open, id) = world.open(&agent, &[&grant], (40 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open.clone());
    assert_eq!((world.vault(&office), held(&world)), (960 * AI3, 40 * AI3));
    assert_eq!(world.used(&grant).reserved.base_units(), 40 * AI3);
    // What is reserved is not there to be spent.
    let over = world.spend(&agent, &[&grant], 61 * AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(over), "AGT-0018");
    assert_eq!(world.refused::<Agents>(open), "AGT-0012");

    let foreign = settle(&world, &agent, id, AI3);
    assert_eq!(world.refused::<Agents>(foreign), "AID-0009");
    let early = Call::Refund(Refund { escrow: id });
    assert_eq!(world.refused::<Agents>(early), "AGT-0034");
    let claim = settle(&world, &seller, id, 25 * AI3);
    let done = world.run::<Agents>(claim.clone());
    let settled = Deed::Settled { escrow: id, grant: Some(grant.id), paid: Amount::ai3(25) };
    assert_eq!(entries(&done, &agent).pop().expect("one").deed, settled);
    assert_eq!((world.vault(&seller), world.vault(&office), held(&world)), (25 * AI3, 975 * AI3, 0));
    let used = world.used(&grant);
    assert_eq!((used.spent.base_units(), used.reserved.base_units()), (25 * AI3, 0));
    assert_eq!(world.refused::<Agents>(claim), "AGT-0031");
    assert_eq!(view::escrow(world.domain.state(), &id), Ok(None));
}

#[test]
fn nobody_is_deactivated_while_an_escrow_in_its_name_is_open() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.grant(&office, &agent, None);
    let deadline = world.number() + 50;
    let open = |world: &mut World| {
        let (open, id) = world.open(&agent, &[&grant], (4 * AI3, identity_payee(&seller)), deadline);
        world.run::<Agents>(open);
        id
    };
    let escrows = [open(&mut world), open(&mut world)];
    let deactivate = |world: &World, id: &Identity| {
        let operation = world.operation(id, id, Change::Deactivate);
        autoid::Call::Operate(autoid::Operate { operation })
    };
    for party in [&office, &agent] {
        assert_eq!(OPEN.get(world.domain.state(), &party.id), Ok(Some(2)));
        let early = deactivate(&world, party);
        assert_eq!(world.refused::<Autoid>(early), "AID-0520");
    }
    // Who is neither owner nor agent of it may go, the payee as well; nobody below it holds it up.
    let gone = deactivate(&world, &person);
    world.run::<Autoid>(gone);
    let first = Call::Refund(Refund { escrow: escrows[0] });
    world.run::<Agents>(first);
    let early = deactivate(&world, &office);
    assert_eq!(world.refused::<Autoid>(early), "AID-0520");
    let second = Call::Refund(Refund { escrow: escrows[1] });
    world.run::<Agents>(second);
    for party in [&office, &agent, &seller] {
        assert_eq!(OPEN.get(world.domain.state(), &party.id), Ok(None));
    }
    assert_eq!(world.vault(&office), 1_000 * AI3);
}

#[test]
fn an_account_is_paid_when_it_says_so_itself() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let deadline = world.number() + 50;
    let (open, id) = world.open(&agent, &[&grant], (4 * AI3, address_payee("alice")), deadline);
    world.run::<Agents>(open);
    let (open, other) = world.open(&agent, &[&grant], (4 * AI3, address_payee("bob")), deadline);
    world.run::<Agents>(open);
    let direct = |escrow| Call::Settle(Settle { claim: Claim::Direct { escrow, amount: Amount::ai3(4) } });
    world.run::<Agents>(direct(id));
    assert_eq!(world.refused::<Agents>(direct(other)), "AGT-0036");
}

#[test]
fn after_the_deadline_anyone_gives_the_money_back() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.grant(&office, &agent, None);
    let deadline = world.number() + 3;
    let (open, id) = world.open(&agent, &[&grant], (40 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open);
    world.domain.advance(3);
    let late = settle(&world, &seller, id, AI3);
    assert_eq!(world.refused::<Agents>(late), "AGT-0033");
    let done = world.run::<Agents>(Call::Refund(Refund { escrow: id }));
    assert_eq!(entries(&done, &agent).pop().expect("one").deed, Deed::Refunded { escrow: id });
    assert_eq!((world.vault(&office), held(&world)), (1_000 * AI3, 0));
    assert_eq!(world.used(&grant).taken(), Some(Amount::ZERO));
}

#[test]
fn a_payee_that_wants_nothing_settles_for_nothing() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.grant(&office, &agent, None);
    let deadline = world.number() + 50;
    let (open, id) = world.open(&agent, &[&grant], (40 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open);
    let waive = settle(&world, &seller, id, 0);
    world.run::<Agents>(waive);
    assert_eq!((world.vault(&office), held(&world)), (1_000 * AI3, 0));
}

#[test]
fn terms_that_the_call_is_not_bound_to_open_nothing() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let far = world.number() + 1_000_000;
    let (open, _) = world.open(&agent, &[&grant], (AI3, address_payee("bob")), far);
    assert_eq!(world.refused::<Agents>(open.clone()), "AGT-0032");
    let Call::Open(mut other) = open.clone() else { panic!("opens") };
    other.terms.deadline = world.number() + 5;
    assert_eq!(world.refused::<Agents>(Call::Open(other)), "AGT-0014");
    // Whoever carries a call for an escrow cannot make a payment of it.
    let Call::Open(bound) = open else { panic!("opens") };
    let act = auto_agents::Act { call: bound.call, approvals: bound.approvals, intent: bound.intent };
    assert_eq!(world.refused::<Agents>(Call::Act(Box::new(act))), "AID-0134");
    let (dust, _) = world.open(&agent, &[&grant], (1, address_payee("bob")), far - 999_000);
    assert_eq!(world.refused::<Agents>(dust), "AGT-0040");
}

#[test]
fn an_empty_vault_cannot_stop_a_settlement() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.metered((&office, &agent), None, |meter| {
        (meter.total, meter.per_call) = (2_000 * AI3, 2_000 * AI3);
    });
    let deadline = world.number() + 50;
    let (open, id) = world.open(&agent, &[&grant], (1_000 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open);
    assert_eq!(world.vault(&office), 0);
    let all_but_dust = settle(&world, &seller, id, 1_000 * AI3 - 1);
    world.run::<Agents>(all_but_dust);
    assert_eq!((world.vault(&seller), world.vault(&office), held(&world)), (1_000 * AI3 - 1, 0, 1));
}
