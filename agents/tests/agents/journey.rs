//! The meeting: a person, their organisation, its agent and a second agent arrange one, within limits.

use crate::logs::outcome;
use crate::records::profile;
use crate::world::{AI3, Held, Identity, World, entries, identity_payee, whole};
use auto_agents::{Action, Agents, Call, Deed, Entry, Extract, RECORDS, audit};
use auto_core::ErrorCode;
use autoid_core::{Kind, Payee, Reversibility};
use parity_scale_codec::{Decode, Encode};

struct Meeting {
    world: World,
    person: Identity,
    office: Identity,
    agent: Identity,
    helper: Identity,
    venue: Identity,
    chain: [Held; 3],
}

impl Meeting {
    /// The person lets the organisation spend 100, that lets its agent spend 60, and the agent the helper 20; the
    /// helper may pay the venue only, for what can be undone.
    fn new() -> Self {
        let mut world = World::new();
        let person = world.identity(Kind::Human, None);
        let office = world.identity(Kind::Org, Some(&person));
        let agent = world.identity(Kind::Agent, Some(&office));
        let helper = world.identity(Kind::Agent, Some(&agent));
        let venue = world.identity(Kind::Service, None);
        world.pay_in(&person, 500 * AI3);
        let root = world.grant(&person, &office, None);
        let middle = world.metered((&office, &agent), Some(&root), |meter| {
            (meter.total, meter.per_call) = (60 * AI3, 30 * AI3);
        });
        let mut draft = world.draft(&agent, &helper, Some(&middle));
        (draft.meters[0].total, draft.meters[0].per_call) = (20 * AI3, 15 * AI3);
        draft.payees = Some(vec![identity_payee(&venue)]);
        draft.class = Reversibility::Reversible;
        let leaf = world.register(&agent, draft);
        Self { world, person, office, agent, helper, venue, chain: [root, middle, leaf] }
    }

    fn call(&mut self, amount: u128, payee: Payee) -> autoid_core::Call {
        let chain: Vec<_> = self.chain.iter().collect();
        let mut call = self.world.call(&self.helper, &chain, Some((amount, payee)));
        call.class = Reversibility::Reversible;
        call
    }

    fn act(&mut self, amount: u128) -> Call {
        let call = self.call(amount, identity_payee(&self.venue));
        self.world.act_of(&self.helper, call)
    }

    fn refused(&mut self, change: impl FnOnce(&mut autoid_core::Call)) -> &'static str {
        let mut call = self.call(AI3, identity_payee(&self.venue));
        change(&mut call);
        let call = self.world.act_of(&self.helper, call);
        self.world.refused::<Agents>(call)
    }
}

#[test]
fn a_meeting_is_arranged_within_limits_and_can_be_audited_by_anyone() {
    let mut meeting = Meeting::new();

    // Discovery: the helper is found by a skill.
    let owner = meeting.office.clone();
    let record = Action::Register(Box::new(profile(&owner, 1_000)));
    let order = meeting.world.order(&meeting.helper, record, 1);
    meeting.world.run::<Agents>(order);
    let found = RECORDS.entries(meeting.world.domain.state()).expect("sound");
    let has_skill = |id: &[u8]| {
        found.iter().filter(|(_, one)| one.profile.skills.iter().any(|skill| skill.id[..] == *id)).count()
    };
    assert_eq!((has_skill(b"book-room"), has_skill(b"cook")), (1, 0));

    // The helper pays the venue: the money is the person's, every grant on the way counts it.
    let mut log: Vec<Entry> = Vec::new();
    let pay = meeting.act(12 * AI3);
    let done = meeting.world.run::<Agents>(pay);
    log.extend(entries(&done, &meeting.helper));
    assert_eq!(meeting.world.vault(&meeting.venue), 12 * AI3);
    assert_eq!(meeting.world.vault(&meeting.person), 488 * AI3);
    for held in &meeting.chain {
        assert_eq!(meeting.world.used(held).spent.base_units(), 12 * AI3);
    }
    let Deed::Acted { call, .. } = log[0].deed else { panic!("acted") };
    let report = meeting.world.outcome(&meeting.helper, outcome(&meeting.helper, 0, call));
    let done = meeting.world.run::<Agents>(report);
    log.extend(entries(&done, &meeting.helper));

    // Five overreaches, each refused for its own reason, and a sixth by delegation.
    assert_eq!(meeting.refused(|call| call.cmd = "/payroll".parse().expect("a command")), "AID-0121");
    assert_eq!(meeting.refused(|call| call.res = "payroll:may".parse().expect("a resource")), "AID-0122");
    assert_eq!(meeting.refused(|call| call.class = Reversibility::Irreversible), "AID-0123");
    assert_eq!(meeting.refused(|call| call.spend.as_mut().expect("spends").amount = 16 * AI3), "AID-0125");
    let stranger = identity_payee(&meeting.agent);
    assert_eq!(meeting.refused(|call| call.spend.as_mut().expect("spends").payee = stranger), "AID-0126");
    assert_eq!(meeting.refused(|call| call.spend.as_mut().expect("spends").amount = 9 * AI3), "AGT-0018");

    // The middle grant is revoked: in the next block the leaf is refused.
    let (office, middle) = (meeting.office.clone(), meeting.chain[1].clone());
    let before = meeting.act(AI3);
    meeting.world.revoke(&office, &middle);
    assert_eq!(meeting.world.refused::<Agents>(before), "AID-0114");
    // The root still holds.
    let own = meeting.world.spend(&office, &[&meeting.chain[0]], AI3, identity_payee(&meeting.venue));
    meeting.world.run::<Agents>(own);

    // The log is exported, checked against the state, and one byte less than honest.
    let bytes = whole(log).encode();
    let check = |bytes: &[u8]| -> Result<(), Option<&'static str>> {
        let extract = Extract::decode(&mut &*bytes).map_err(|_| None)?;
        let state = meeting.world.domain.state();
        audit(state, &meeting.helper.id, &extract, &[meeting.chain[2].id])
            .map(drop)
            .map_err(|error| Some(error.code()))
    };
    assert_eq!(check(&bytes), Ok(()));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(check(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn revocation_shows_in_the_very_block_after() {
    let mut meeting = Meeting::new();
    let (office, middle) = (meeting.office.clone(), meeting.chain[1].clone());
    let pay = meeting.act(AI3);
    meeting.world.run::<Agents>(pay);
    meeting.world.revoke(&office, &middle);
    let number = meeting.world.number();
    let pay = meeting.act(AI3);
    assert_eq!(meeting.world.refused::<Agents>(pay), "AID-0114");
    assert_eq!(meeting.world.number(), number + 1);
}
