//! What identities did: intents, outcomes, and outcomes that never came.

use crate::world::{AI3, World, address_payee, entries, intent};
use auto_agents::{Agents, Call, Confirmation, Deed, Ending, Intent, Outcome, PENDING};
use auto_core::Hash;
use autoid_core::{CallDigest, Kind, Sign1};
use autoid_interface::Envelope;

pub(crate) fn outcome(agent: &crate::world::Identity, act: u64, call: CallDigest) -> Outcome {
    Outcome {
        agent: agent.id,
        act,
        call,
        status: Ending::Succeeded,
        outputs: [8; 32],
        cost: AI3,
        side_effects: [9; 32],
    }
}

#[test]
fn an_act_states_its_intent_and_then_its_outcome() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let guest = world.identity(Kind::Human, None);
    let grant = world.grant(&office, &agent, None);
    let pay = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    let done = world.run::<Agents>(pay);
    let entry = entries(&done, &agent).pop().expect("one");
    let Deed::Acted { act, call, intent: stated, subject, .. } = entry.deed else { panic!("acted") };
    assert_eq!((entry.position, act, stated, subject), (0, 0, intent(), office.id));

    let other = world.outcome(&agent, outcome(&agent, 0, CallDigest([0; 32])));
    assert_eq!(world.refused::<Agents>(other), "AGT-0027");
    let unknown = world.outcome(&agent, outcome(&agent, 1, call));
    assert_eq!(world.refused::<Agents>(unknown), "AGT-0026");
    let forged = world.outcome(&office, outcome(&agent, 0, call));
    assert_eq!(world.refused::<Agents>(forged), "AID-0009");

    let Call::Report(mut report) = world.outcome(&agent, outcome(&agent, 0, call)) else { panic!("reports") };
    let confirm = |by: &crate::world::Identity, outcome: Outcome| {
        let outcome = Sign1::sign(outcome, &world.genesis, 1, by.key()).expect("sound");
        Some(Confirmation { by: by.id, outcome: Envelope::from(outcome) })
    };
    let itself = confirm(&agent, outcome(&agent, 0, call));
    let another = confirm(&guest, Outcome { cost: 0, ..outcome(&agent, 0, call) });
    let guests = confirm(&guest, outcome(&agent, 0, call));
    for (confirmation, code) in [(itself, "AGT-0030"), (another, "AGT-0029")] {
        report.confirmation = confirmation;
        assert_eq!(world.refused::<Agents>(Call::Report(report.clone())), code);
    }
    report.confirmation = guests;
    let done = world.run::<Agents>(Call::Report(report.clone()));
    let entry = entries(&done, &agent).pop().expect("one");
    assert!(
        matches!(entry.deed, Deed::Ended { act: 0, status: Ending::Succeeded, confirmed_by: Some(by), .. } if by == guest.id)
    );
    assert_eq!(world.refused::<Agents>(Call::Report(report)), "AGT-0026", "an act ends once");
    assert_eq!((world.log(&agent).acts, world.log(&agent).ended, world.log(&agent).waiting()), (1, 1, 0));
}

#[test]
fn an_outcome_that_never_comes_is_noted_as_missed() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let pay = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    let done = world.run::<Agents>(pay);
    let Deed::Acted { call, due, .. } = entries(&done, &agent).pop().expect("one").deed else {
        panic!("acted")
    };
    world.wait_until(due + 1);
    let late = world.outcome(&agent, outcome(&agent, 0, call));
    assert_eq!(world.refused::<Agents>(late), "AGT-0028");
    assert!(PENDING.get(world.domain.state(), &(agent.id, 0)).expect("sound").is_some());
    let next = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    let done = world.run::<Agents>(next);
    let deeds: Vec<_> = entries(&done, &agent).into_iter().map(|entry| entry.deed).collect();
    assert!(matches!(deeds.as_slice(), [Deed::Missed { act: 0 }, Deed::Acted { act: 1, .. }]));
    assert_eq!((world.log(&agent).missed, world.log(&agent).waiting()), (1, 1));
}

#[test]
fn the_intent_cannot_be_exchanged() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let Call::Act(mut act) = world.spend(&agent, &[&grant], AI3, address_payee("bob")) else {
        panic!("acts")
    };
    act.intent = Intent { policy: Hash([0xaa; 32]), ..intent() };
    assert_eq!(world.refused::<Agents>(Call::Act(act)), "AGT-0013");
}
