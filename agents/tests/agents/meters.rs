//! Budgets of chains of grants: shared, carved, windowed, counted.

use crate::world::{AI3, Held, World, address_payee, identity_payee, window};
use auto_agents::{Agents, Call, Fund, Reclaim};
use autoid_core::{Asset, Kind, Meter, Mode};

#[test]
fn a_payment_is_debited_from_every_grant_of_the_chain() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let helper = world.identity(Kind::Agent, Some(&agent));
    let root = world.grant(&office, &agent, None);
    let leaf = world.metered((&agent, &helper), Some(&root), |meter| {
        (meter.total, meter.per_call) = (10 * AI3, 6 * AI3);
    });
    let pay = world.spend(&helper, &[&root, &leaf], 6 * AI3, identity_payee(&agent));
    world.run::<Agents>(pay);
    assert_eq!((world.vault(&office), world.vault(&agent)), (994 * AI3, 6 * AI3));
    let (above, own) = (world.used(&root), world.used(&leaf));
    assert_eq!((above.spent.base_units(), above.own.base_units()), (6 * AI3, 0));
    assert_eq!((own.spent.base_units(), own.own.base_units()), (6 * AI3, 6 * AI3));
    let more = world.spend(&helper, &[&root, &leaf], 5 * AI3, identity_payee(&agent));
    assert_eq!(world.refused::<Agents>(more), "AGT-0018");
    // A failed act leaves nothing behind: not even its call is used.
    let rest = world.spend(&helper, &[&root, &leaf], 4 * AI3, identity_payee(&agent));
    world.run::<Agents>(rest);
    assert_eq!(world.used(&root).spent.base_units(), 10 * AI3);
}

#[test]
fn a_window_holds_back_what_the_total_would_allow() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.metered((&office, &agent), None, |meter| meter.window = window(8, 10));
    // Into the first block of a window.
    while !(world.number() + 1).is_multiple_of(8) {
        world.domain.advance(1);
    }
    let pay = world.spend(&agent, &[&grant], 7 * AI3, address_payee("bob"));
    world.run::<Agents>(pay);
    let over = world.spend(&agent, &[&grant], 4 * AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(over), "AGT-0019");
    let rest = world.spend(&agent, &[&grant], 3 * AI3, address_payee("bob"));
    world.run::<Agents>(rest);
    while !(world.number() + 1).is_multiple_of(8) {
        world.domain.advance(1);
    }
    let again = world.spend(&agent, &[&grant], 10 * AI3, address_payee("bob"));
    world.run::<Agents>(again);
    assert_eq!(world.used(&grant).spent.base_units(), 20 * AI3);
}

#[test]
fn a_carved_budget_is_taken_from_the_one_above_and_goes_back_when_the_grant_ends() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let helper = world.identity(Kind::Agent, Some(&agent));
    let root = world.grant(&office, &agent, None);
    let leaf = world.metered((&agent, &helper), Some(&root), |meter| {
        (meter.mode, meter.total, meter.per_call) = (Mode::Carved, 60 * AI3, 60 * AI3);
    });
    let early = world.spend(&helper, &[&root, &leaf], AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(early), "AGT-0021");
    let fund = Call::Fund(Fund { grant: leaf.id });
    world.run::<Agents>(fund.clone());
    assert_eq!(world.refused::<Agents>(fund), "AGT-0022");
    assert_eq!(world.refused::<Agents>(Call::Fund(Fund { grant: root.id })), "AGT-0023");
    assert_eq!(world.used(&root).carved.base_units(), 60 * AI3);

    // The agent has 40 left for itself, the helper 60 that nobody else can take.
    let much = world.spend(&agent, &[&root], 41 * AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(much), "AGT-0018");
    let own = world.spend(&agent, &[&root], 40 * AI3, address_payee("bob"));
    world.run::<Agents>(own);
    let carved = world.spend(&helper, &[&root, &leaf], 50 * AI3, address_payee("bob"));
    world.run::<Agents>(carved);
    assert_eq!(world.used(&root).spent.base_units(), 40 * AI3);
    assert_eq!(world.used(&leaf).spent.base_units(), 50 * AI3);

    let reclaim = Call::Reclaim(Reclaim { grant: leaf.id });
    assert_eq!(world.refused::<Agents>(reclaim.clone()), "AGT-0024");
    world.revoke(&agent, &leaf);
    world.run::<Agents>(reclaim);
    assert_eq!(world.used(&root).carved.base_units(), 50 * AI3);
    let back = world.spend(&agent, &[&root], 10 * AI3, address_payee("bob"));
    world.run::<Agents>(back);
    let over = world.spend(&agent, &[&root], 1, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(over), "AGT-0018");
}

#[test]
fn what_is_spent_of_a_reserve_still_counts_against_windows_above() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let helper = world.identity(Kind::Agent, Some(&agent));
    let root = world.metered((&office, &agent), None, |meter| meter.window = window(1_000, 30));
    let leaf = world.metered((&agent, &helper), Some(&root), |meter| {
        (meter.mode, meter.total) = (Mode::Carved, 100 * AI3);
    });
    // All of the total, and none of the window.
    world.run::<Agents>(Call::Fund(Fund { grant: leaf.id }));
    let within = world.spend(&helper, &[&root, &leaf], 30 * AI3, address_payee("bob"));
    world.run::<Agents>(within);
    let over = world.spend(&helper, &[&root, &leaf], 1, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(over), "AGT-0019");
}

#[test]
fn calls_are_counted_for_every_grant_of_the_chain() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let helper = world.identity(Kind::Agent, Some(&agent));
    let mut limited = world.draft(&office, &agent, None);
    limited.calls = Some(2);
    let root = world.register(&office, limited);
    let leaf = world.grant(&agent, &helper, Some(&root));
    for by in [&agent, &helper] {
        let chain: Vec<_> = if by.id == agent.id { vec![&root] } else { vec![&root, &leaf] };
        let call = world.call(by, &chain, None);
        let call = world.act_of(by, call);
        world.run::<Agents>(call);
    }
    let third = world.call(&helper, &[&root, &leaf], None);
    let third = world.act_of(&helper, third);
    assert_eq!(world.refused::<Agents>(third), "AGT-0020");
}

#[test]
fn a_chain_of_eight_grants_in_a_tree_of_full_depth_fits_a_step() {
    let mut world = World::new();
    let mut line = vec![world.identity(Kind::Human, None)];
    for _ in 0..8 {
        let next = world.identity(Kind::Agent, line.last());
        line.push(next);
    }
    world.pay_in(&line[0], 10 * AI3);
    let mut chain: Vec<Held> = Vec::new();
    for pair in line.windows(2) {
        let mut draft = world.draft(&pair[0], &pair[1], chain.last());
        draft.max_depth = 7 - u8::try_from(chain.len()).expect("few");
        chain.push(world.register(&pair[0], draft));
    }
    let links: Vec<&Held> = chain.iter().collect();
    let pay = world.spend(&line[8], &links, AI3, address_payee("bob"));
    world.run::<Agents>(pay);
    assert!(chain.iter().all(|held| world.used(held).spent.base_units() == AI3));
}

#[test]
fn only_the_money_of_the_chain_is_paid_here() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let mut draft = world.draft(&office, &agent, None);
    let usd: Asset = "usd".parse().expect("an asset");
    draft.meters.push(Meter { asset: usd, ..draft.meters[0].clone() });
    let grant = world.register(&office, draft);
    let mut call = world.call(&agent, &[&grant], Some((AI3, address_payee("bob"))));
    call.spend.as_mut().expect("spends").asset = usd;
    let call = world.act_of(&agent, call);
    assert_eq!(world.refused::<Agents>(call), "AGT-0016");
}

#[test]
fn grants_that_are_not_registered_cannot_be_used() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let mut grant = world.grant(&office, &agent, None);
    grant.id = autoid_core::GrantId([6; 32]);
    let call = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(call), "AGT-0011");
}
