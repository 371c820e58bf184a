//! Money in vaults: who pays in, and who takes out.

use crate::world::{AI3, World};
use auto_agents::{Action, Agents, Call, Deposit, Order, vault};
use auto_core::Amount;
use auto_testkit::address;
use autoid_core::{Action as Change, AutoId, Kind, Reason};

fn withdraw(from: AutoId, ai3: u32) -> Action {
    Action::Withdraw { from, to: address("bob"), amount: Amount::ai3(ai3) }
}

#[test]
fn anyone_pays_in_and_only_the_controller_takes_out() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    assert_eq!(world.vault(&office), 1_000 * AI3);
    let order = world.order(&office, withdraw(office.id, 400), 1);
    let before = world.domain.balance("bob");
    world.run::<Agents>(order);
    assert_eq!(world.vault(&office), 600 * AI3);
    assert_eq!(world.domain.balance("bob"), before.checked_add(Amount::ai3(400)).expect("small"));
    // Neither who is below nor who is above has a say while it is active.
    let order = world.order(&agent, withdraw(office.id, 1), 1);
    assert_eq!(world.refused::<Agents>(order), "AGT-0010");
    let order = world.order(&office, withdraw(office.id, 601), 1);
    assert_eq!(world.refused::<Agents>(order), "BNK-0002");
    let order = world.order(&office, withdraw(office.id, 600), 1);
    world.run::<Agents>(order);
    assert_eq!(world.vault(&office), 0);
}

#[test]
fn a_deposit_needs_an_identity_and_an_amount() {
    let mut world = World::new();
    let nobody = Call::Deposit(Deposit { to: AutoId([9; 32]), amount: Amount::ai3(1) });
    assert_eq!(world.refused::<Agents>(nobody), "AGT-0003");
    let nothing = Call::Deposit(Deposit { to: AutoId([9; 32]), amount: Amount::ZERO });
    assert_eq!(world.refused::<Agents>(nothing), "AGT-0002");
    assert_ne!(vault(&AutoId([9; 32])), vault(&AutoId([8; 32])));
}

#[test]
fn an_order_takes_effect_once_in_turn_and_in_time() {
    let mut world = World::new();
    let (_, office, _) = world.office();
    let order = world.order(&office, withdraw(office.id, 1), 1);
    world.run::<Agents>(order.clone());
    assert_eq!(world.refused::<Agents>(order), "AGT-0008");
    let ahead = Order { id: office.id, seq: 2, valid_until: u64::MAX, action: withdraw(office.id, 1) };
    let ahead = world.order_of(&office, ahead, 1);
    assert_eq!(world.refused::<Agents>(ahead), "AGT-0008");
    let late = Order { id: office.id, seq: 1, valid_until: world.number(), action: withdraw(office.id, 1) };
    let late = world.order_of(&office, late, 1);
    assert_eq!(world.refused::<Agents>(late), "AGT-0009");
    assert_eq!(world.vault(&office), 999 * AI3);
}

#[test]
fn as_many_keys_order_as_control_the_identity_together() {
    let mut world = World::new();
    let board = world.identity_of(Kind::Org, None, 3, 2);
    world.pay_in(&board, 10 * AI3);
    let one = world.order(&board, withdraw(board.id, 1), 1);
    assert_eq!(world.refused::<Agents>(one), "AID-0014");
    let mut stranger = board.clone();
    stranger.keys[1] = world.identity(Kind::Human, None).keys[0].clone();
    let forged = world.order(&stranger, withdraw(board.id, 1), 2);
    assert_eq!(world.refused::<Agents>(forged), "AID-0009");
    let two = world.order(&board, withdraw(board.id, 1), 2);
    world.run::<Agents>(two);
    assert_eq!(world.vault(&board), 9 * AI3);
    // One key speaks for it in a call, but does not spend what two control.
    let payee = crate::world::address_payee("bob");
    let alone = world.spend(&board, &[], AI3, payee);
    assert_eq!(world.refused::<Agents>(alone), "AGT-0042");
    let talk = world.call(&board, &[], None);
    let talk = world.act_of(&board, talk);
    world.run::<Agents>(talk);
}

#[test]
fn the_vault_of_an_identity_that_ended_opens_to_the_nearest_active_one_above() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    world.pay_in(&agent, 5 * AI3);
    world.operate(&agent, &office, Change::Suspend { reason: Reason::Unspecified });
    let order = world.order(&office, withdraw(agent.id, 5), 1);
    assert_eq!(world.refused::<Agents>(order), "AGT-0010", "a suspension ends");
    world.operate(&agent, &office, Change::Revoke { reason: Reason::KeyCompromise, guardians: None });
    let order = world.order(&person, withdraw(agent.id, 5), 1);
    assert_eq!(world.refused::<Agents>(order), "AGT-0010", "the office is nearer");
    let order = world.order(&office, withdraw(agent.id, 5), 1);
    world.run::<Agents>(order);
    assert_eq!(world.vault(&agent), 0);
}
