//! Audits offline: over a witness of the state and entries of any origin.

use crate::logs::outcome;
use crate::payments::settle;
use crate::world::{AI3, World, address_payee, entries, identity_payee, whole};
use auto_agents::{Agents, Deed, Entry, Extract, Log, audit, keys};
use auto_core::{Amount, ErrorCode, Hash};
use auto_module::Contents;
use auto_state::mmr::Mmr;
use autoid_core::{CallDigest, Kind};

/// The state as far as these keys go: what proofs of them show.
fn shown(world: &World, keys: &[Vec<u8>]) -> Contents {
    let root = world.domain.receipt().final_state_root;
    let proven = keys.iter().filter_map(|key| {
        let value = world.domain.prove(key).verify(&root, key).expect("proves");
        Some((key.clone(), value?))
    });
    proven.collect()
}

#[test]
fn an_audit_needs_only_the_keys_that_it_names() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let grant = world.grant(&office, &agent, None);
    let mut all: Vec<Entry> = Vec::new();
    for amount in [3, 4] {
        let pay = world.spend(&agent, &[&grant], amount * AI3, address_payee("bob"));
        let done = world.run::<Agents>(pay);
        all.extend(entries(&done, &agent));
    }
    let deadline = world.number() + 50;
    let (open, id) = world.open(&agent, &[&grant], (20 * AI3, identity_payee(&seller)), deadline);
    let done = world.run::<Agents>(open);
    all.extend(entries(&done, &agent));
    let claim = settle(&world, &seller, id, 5 * AI3);
    let done = world.run::<Agents>(claim);
    all.extend(entries(&done, &agent));
    let Deed::Acted { call, .. } = all[0].deed else { panic!("acted") };
    let report = world.outcome(&agent, outcome(&agent, 0, call));
    let done = world.run::<Agents>(report);
    all.extend(entries(&done, &agent));

    let extract = whole(all.clone());
    let grants = [grant.id];
    let wanted = keys(world.domain.state(), &agent.id, &extract, &grants).expect("sound");
    let state = shown(&world, &wanted);
    let findings = audit(&state, &agent.id, &extract, &grants).expect("in order");
    assert_eq!(findings.spent, [(grant.id, Amount::ai3(12))]);
    let path: Vec<_> = findings.answerers.iter().map(|one| one.id).collect();
    assert_eq!(path, [agent.id, office.id, person.id]);
    let tally = findings.tally.expect("whole");
    assert_eq!((tally.acts, tally.ended, tally.paid), (3, 1, Amount::ai3(12)));
    assert_eq!(tally.waiting.into_iter().collect::<Vec<_>>(), [1, 2]);

    // A part of the log, from its third entry on.
    let mut before = Mmr::default();
    for entry in &all[..2] {
        before.append_hash(entry.hash(&agent.id)).expect("few");
    }
    let since = Extract { before, entries: all[2..].to_vec() };
    assert!(audit(&state, &agent.id, &since, &[]).is_ok_and(|findings| findings.tally.is_none()));
}

/// Threat 63: a fork of the log, an entry that is dropped, changed, added or moved.
#[test]
fn threat_63_a_log_that_is_not_the_log_of_the_chain_is_found_out() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let mut all: Vec<Entry> = Vec::new();
    for amount in 1..=4 {
        let pay = world.spend(&agent, &[&grant], amount * AI3, address_payee("bob"));
        let done = world.run::<Agents>(pay);
        all.extend(entries(&done, &agent));
    }
    let state = world.domain.state();
    let check = |entries: Vec<Entry>| audit(state, &agent.id, &whole(entries), &[grant.id]);
    assert!(check(all.clone()).is_ok());
    let code = |entries: Vec<Entry>| check(entries).expect_err("is found out").code();

    let mut dropped = all.clone();
    dropped.remove(1);
    assert_eq!(code(dropped.clone()), "AGT-0101");
    // The gap is hidden by numbering anew.
    (0..).zip(&mut dropped).for_each(|(position, entry)| entry.position = position);
    assert_eq!(code(dropped), "AGT-0102");
    assert_eq!(code(all[..3].to_vec()), "AGT-0102");
    let mut moved = all.clone();
    moved.swap(0, 1);
    (0..).zip(&mut moved).for_each(|(position, entry)| entry.position = position);
    assert_eq!(code(moved), "AGT-0102");
    for at in 0..all.len() {
        let mut changed = all.clone();
        let Deed::Acted { call, .. } = &mut changed[at].deed else { panic!("acted") };
        *call = CallDigest([0; 32]);
        assert_eq!(code(changed), "AGT-0102");
    }
    let mut longer = all.clone();
    longer.push(Entry { position: 4, ..all[3].clone() });
    assert_eq!(code(longer), "AGT-0102");
    // Entries of one agent are none of another.
    assert_eq!(
        audit(state, &office.id, &whole(all.clone()), &[]).expect_err("is found out").code(),
        "AGT-0102"
    );
    // A second history would need a second root, and there is one in the state.
    let mut fork = Mmr::default();
    for entry in all.iter().skip(1) {
        fork.append_hash(entry.hash(&agent.id)).expect("few");
    }
    assert_ne!(fork.root(), world.log(&agent).root());
}

#[test]
fn a_spend_that_no_meter_counts_is_found_out() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let other = world.grant(&office, &agent, None);
    let pay = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    let done = world.run::<Agents>(pay);
    let extract = whole(entries(&done, &agent));
    // A state in which the meter says something else, as only a broken chain could have.
    let mut state = world.domain.state().clone();
    let usage = auto_agents::USAGE.key(&grant.id);
    state.remove(&usage);
    let error = audit(&state, &agent.id, &extract, &[other.id, grant.id]).expect_err("is found out");
    assert_eq!(error.code(), "AGT-0105");
    let log = Log { acts: 2, ..world.log(&agent) };
    let mut state = world.domain.state().clone();
    state.insert(auto_agents::LOGS.key(&agent.id), parity_scale_codec::Encode::encode(&log));
    assert_eq!(audit(&state, &agent.id, &extract, &[]).expect_err("is found out").code(), "AGT-0104");
    assert_ne!(log.root(), Hash::ZERO);
}
