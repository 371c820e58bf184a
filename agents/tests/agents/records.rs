//! Records of agents: what they say, what is held for them, who may change them.

use crate::world::{AI3, Identity, World};
use auto_agents::{
    Action, Agents, Call, Clear, DataPolicy, Event, Interface, Order, Price, Profile, Protocol, Skill,
    deposits_account, view,
};
use auto_core::{Amount, Blob, Hash, List};
use auto_module::bank;
use autoid_core::{Action as Change, Asset, Kind, Reason};

fn blob<const MAX: usize>(text: &str) -> Blob<MAX> {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

pub(crate) fn profile(owner: &Identity, live_until: u64) -> Profile {
    let skill = |id: &str, tag: &str| Skill { id: blob(id), tags: List::new(vec![blob(tag)]).expect("one") };
    Profile {
        owner: owner.id,
        purpose: blob("organises meetings"),
        model: Some(Hash([4; 32])),
        skills: List::new(vec![skill("book-room", "meeting"), skill("invite", "meeting")]).expect("few"),
        interfaces: List::new(vec![Interface {
            protocol: Protocol::A2a,
            url: blob("https://agent.example/a2a"),
            spki_hash: Some(Hash([5; 32])),
            version: blob("1.0"),
        }])
        .expect("one"),
        price: Some(Price { asset: Asset::AI3, amount: AI3 / 2 }),
        accepts: List::new(vec![Asset::AI3]).expect("one"),
        stake: Amount::ai3(20),
        live_until,
        card_hash: None,
        data_policy: DataPolicy::Forgotten,
    }
}

fn register(world: &World, agent: &Identity, profile: Profile) -> Call {
    world.order(agent, Action::Register(Box::new(profile)), 1)
}

fn held(world: &World) -> Amount {
    bank::account(world.domain.state(), &deposits_account()).expect("sound").balance
}

#[test]
fn an_agent_is_registered_changed_renewed_and_retired() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    let call = register(&world, &agent, profile(&office, 100));
    let (done, tx) = world.run::<Agents>(call);
    let record = view::record(world.domain.state(), &agent.id).expect("sound").expect("there");
    assert_eq!(done.events_of::<Agents>(&tx), [Event::Registered(Box::new(record.clone()))]);
    assert_eq!(Some(held(&world)), record.held());
    assert!(record.deposit > Amount::ai3(1) && record.is_live(100) && !record.is_live(101));

    // Somebody higher up answers, with less stake: what was held before is back.
    let less = Profile { stake: Amount::ZERO, ..profile(&person, 100) };
    let call = register(&world, &agent, less);
    world.run::<Agents>(call);
    let changed = view::record(world.domain.state(), &agent.id).expect("sound").expect("there");
    assert_eq!((changed.registered, changed.profile.owner), (record.registered, person.id));
    assert!(changed.updated > record.updated && held(&world) == changed.deposit);

    let renew = world.order(&agent, Action::Renew { live_until: 500 }, 1);
    world.run::<Agents>(renew);
    assert!(view::record(world.domain.state(), &agent.id).expect("sound").expect("there").is_live(500));

    let retire = world.order(&agent, Action::Retire, 1);
    world.run::<Agents>(retire);
    assert_eq!(view::record(world.domain.state(), &agent.id), Ok(None));
    assert_eq!(held(&world), Amount::ZERO);
    let renew = world.order(&agent, Action::Renew { live_until: 500 }, 1);
    assert_eq!(world.refused::<Agents>(renew), "AGT-0006");
}

#[test]
fn a_record_that_ran_out_leaves_searches_and_stays_in_the_state() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let soon = world.number() + 2;
    let call = register(&world, &agent, profile(&office, soon));
    world.run::<Agents>(call);
    world.domain.advance(3);
    let record = view::record(world.domain.state(), &agent.id).expect("sound").expect("there");
    assert!(!record.is_live(world.number()));
    let past = world.order(&agent, Action::Renew { live_until: soon }, 1);
    assert_eq!(world.refused::<Agents>(past), "AGT-0007");
    let far = world.order(&agent, Action::Renew { live_until: u64::MAX }, 1);
    assert_eq!(world.refused::<Agents>(far), "AGT-0007");
}

#[test]
fn an_owner_is_on_the_way_to_the_top_and_people_are_no_agents() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    let stranger = world.identity(Kind::Org, None);
    let claimed = register(&world, &agent, profile(&stranger, 100));
    assert_eq!(world.refused::<Agents>(claimed), "AGT-0005");
    let human = register(&world, &person, profile(&person, 100));
    assert_eq!(world.refused::<Agents>(human), "AGT-0004");
    let mut forger = agent.clone();
    forger.keys.clone_from(&office.keys);
    let forged = register(&world, &forger, profile(&office, 100));
    assert_eq!(world.refused::<Agents>(forged), "AID-0009");
    let order = Order {
        id: agent.id,
        seq: 0,
        valid_until: u64::MAX,
        action: Action::Register(Box::new(profile(&office, 100))),
    };
    let foreign = world.order_of(&office, order, 1);
    assert_eq!(world.refused::<Agents>(foreign), "AID-0013");
}

#[test]
fn a_malformed_profile_is_not_even_offered() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let good = profile(&office, 100);
    let twice = |skill: &Skill| List::new(vec![skill.clone(), skill.clone()]).expect("two");
    let interface = |url: &str| {
        let one = Interface { url: blob(url), ..good.interfaces[0].clone() };
        Profile { interfaces: List::new(vec![one]).expect("one"), ..good.clone() }
    };
    let bad = [
        Profile { purpose: blob(" "), ..good.clone() },
        Profile { purpose: Blob::new(vec![0xff]).expect("one"), ..good.clone() },
        Profile { skills: twice(&good.skills[0]), ..good.clone() },
        Profile {
            skills: List::new(vec![Skill { id: blob("Book"), tags: List::default() }]).expect("one"),
            ..good.clone()
        },
        interface("http://agent.example"),
        interface("https://agent.example/a b"),
        interface("https://"),
        Profile { accepts: List::new(vec![Asset::AI3, Asset::AI3]).expect("two"), ..good.clone() },
    ];
    for profile in bad {
        let call = register(&world, &agent, profile.clone());
        assert_eq!(world.refused::<Agents>(call), "AGT-0001", "{profile:?}");
    }
}

#[test]
fn anyone_clears_the_record_of_an_agent_that_ended() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let call = register(&world, &agent, profile(&office, 100));
    world.run::<Agents>(call);
    let clear = Call::Clear(Clear { agent: agent.id });
    assert_eq!(world.refused::<Agents>(clear.clone()), "AGT-0037");
    world.operate(&agent, &office, Change::Revoke { reason: Reason::CessationOfOperation, guardians: None });
    world.run::<Agents>(clear);
    assert_eq!((view::record(world.domain.state(), &agent.id), held(&world)), (Ok(None), Amount::ZERO));
}
