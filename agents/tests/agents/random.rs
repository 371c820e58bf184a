//! Whatever is asked for in whatever order: no panic, and every invariant holds after every block.

use crate::logs::outcome;
use crate::payments::settle;
use crate::world::{AI3, Held, Identity, World, address_payee, entries, identity_payee, whole, window};
use auto_agents::{Action, Agents, Call, Deed, Entry, EscrowId, Fund, Reclaim, Refund, audit};
use auto_core::Amount;
use auto_testkit::{Tx, address};
use autoid_core::{Action as Change, CallDigest, Kind, Mode, Reason};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    Pay { leaf: usize, ai3: u128 },
    Open { leaf: usize, ai3: u128 },
    Settle { escrow: usize, ai3: u128 },
    Refund { escrow: usize },
    Report { act: usize },
    Fund { leaf: usize },
    Reclaim { leaf: usize },
    Revoke { leaf: usize },
    Suspend,
    Resume,
    Withdraw { ai3: u32 },
    Wait { blocks: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3usize, 1..50u128).prop_map(|(leaf, ai3)| Step::Pay { leaf, ai3 }),
        3 => (0..3usize, 1..50u128).prop_map(|(leaf, ai3)| Step::Open { leaf, ai3 }),
        2 => (0..4usize, 0..50u128).prop_map(|(escrow, ai3)| Step::Settle { escrow, ai3 }),
        1 => (0..4usize).prop_map(|escrow| Step::Refund { escrow }),
        1 => (0..4usize).prop_map(|act| Step::Report { act }),
        2 => (0..3usize).prop_map(|leaf| Step::Fund { leaf }),
        1 => (0..3usize).prop_map(|leaf| Step::Reclaim { leaf }),
        1 => (0..3usize).prop_map(|leaf| Step::Revoke { leaf }),
        1 => Just(Step::Suspend),
        1 => Just(Step::Resume),
        1 => (1..300u32).prop_map(|ai3| Step::Withdraw { ai3 }),
        1 => (1..12u64).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

/// An agent with a root grant of 100 and three leaves: one shared, one with a window, one carved.
struct Random {
    world: World,
    office: Identity,
    agent: Identity,
    seller: Identity,
    helpers: Vec<Identity>,
    root: Held,
    leaves: Vec<Held>,
    escrows: Vec<EscrowId>,
    acts: Vec<(usize, u64, CallDigest)>,
    logs: Vec<Vec<Entry>>,
}

impl Random {
    fn new() -> Self {
        let mut world = World::with(1);
        let (_, office, agent) = world.office();
        let seller = world.identity(Kind::Agent, None);
        let root = world.grant(&office, &agent, None);
        let (mut helpers, mut leaves) = (Vec::new(), Vec::new());
        for number in 0..3 {
            let helper = world.identity(Kind::Agent, Some(&agent));
            leaves.push(world.metered((&agent, &helper), Some(&root), |meter| match number {
                0 => {}
                1 => (meter.total, meter.per_call, meter.window) = (60 * AI3, 60 * AI3, window(4, 30)),
                _ => (meter.total, meter.per_call, meter.mode) = (50 * AI3, 50 * AI3, Mode::Carved),
            }));
            helpers.push(helper);
        }
        let logs = vec![Vec::new(); 3];
        let (escrows, acts) = (Vec::new(), Vec::new());
        Self { world, office, agent, seller, helpers, root, leaves, escrows, acts, logs }
    }

    fn calls(&mut self, step: &Step) -> Option<Tx> {
        let world = &mut self.world;
        let call = match *step {
            Step::Pay { leaf, ai3 } => {
                let chain = [&self.root, &self.leaves[leaf]];
                world.spend(&self.helpers[leaf], &chain, ai3 * AI3, address_payee("bob"))
            }
            Step::Open { leaf, ai3 } => {
                let (chain, deadline) = ([&self.root, &self.leaves[leaf]], world.number() + 6);
                let spend = (ai3 * AI3, identity_payee(&self.seller));
                let (open, id) = world.open(&self.helpers[leaf], &chain, spend, deadline);
                self.escrows.push(id);
                open
            }
            Step::Settle { escrow, ai3 } => {
                settle(world, &self.seller, *self.escrows.iter().rev().nth(escrow)?, ai3 * AI3)
            }
            Step::Refund { escrow } => {
                Call::Refund(Refund { escrow: *self.escrows.iter().rev().nth(escrow)? })
            }
            Step::Report { act } => {
                let (helper, act, call) = *self.acts.iter().rev().nth(act)?;
                let helper = &self.helpers[helper];
                world.outcome(helper, outcome(helper, act, call))
            }
            Step::Fund { leaf } => Call::Fund(Fund { grant: self.leaves[leaf].id }),
            Step::Reclaim { leaf } => Call::Reclaim(Reclaim { grant: self.leaves[leaf].id }),
            Step::Withdraw { ai3 } => {
                let (from, amount) = (self.office.id, Amount::ai3(ai3));
                world.order(&self.office, Action::Withdraw { from, to: address("bob"), amount }, 1)
            }
            Step::Revoke { .. } | Step::Suspend | Step::Resume | Step::Wait { .. } => return None,
        };
        Some(world.domain.sign::<Agents>("alice", [call]))
    }

    /// What other modules do, in blocks of its own.
    fn other(&mut self, step: &Step) {
        let operation = match *step {
            Step::Wait { blocks } => return self.world.domain.advance(blocks),
            Step::Revoke { leaf } => Change::RevokeGrant { grant: self.leaves[leaf].id },
            Step::Suspend => Change::Suspend { reason: Reason::Unspecified },
            _ => Change::Resume,
        };
        let on = if matches!(step, Step::Revoke { .. }) { &self.agent } else { &self.helpers[0] };
        let operation = self.world.operation(on, &self.agent, operation);
        let call = match step {
            Step::Revoke { .. } => autoid::Call::RevokeGrant(autoid::RevokeGrant {
                operation,
                unstored: auto_core::List::default(),
            }),
            _ => autoid::Call::Operate(autoid::Operate { operation }),
        };
        drop(self.world.try_run::<autoid::Autoid>(vec![call]));
    }

    fn block(&mut self, steps: &[Step]) {
        let transactions: Vec<Tx> = steps.iter().filter_map(|step| self.calls(step)).collect();
        let done = self.world.domain.block(&transactions);
        // The order of a block is not that of its transactions.
        for executed in done.derived().executed.clone() {
            let Some(tx) = transactions.iter().find(|tx| tx.hash() == executed.hash) else { continue };
            for (number, helper) in self.helpers.iter().enumerate() {
                for entry in entries(&(done.clone(), tx.clone()), helper) {
                    if let Deed::Acted { act, call, .. } = entry.deed {
                        self.acts.push((number, act, call));
                    }
                    self.logs[number].push(entry);
                }
            }
        }
        steps.iter().for_each(|step| {
            if matches!(step, Step::Revoke { .. } | Step::Suspend | Step::Resume | Step::Wait { .. }) {
                self.other(step);
            }
        });
    }

    /// Every log is what its entries say, and its payments are what the meter of its leaf counts.
    fn audits_hold(&self) -> bool {
        self.helpers.iter().zip(&self.logs).zip(&self.leaves).all(|((helper, log), leaf)| {
            audit(self.world.domain.state(), &helper.id, &whole(log.clone()), &[leaf.id]).is_ok()
        })
    }
}

/// What actually left by one log: payments, and of escrows the part that was taken, or all while they are open.
fn taken(log: &[Entry]) -> u128 {
    let mut by_call = BTreeMap::new();
    for entry in log {
        match &entry.deed {
            Deed::Acted { call, payment: Some(payment), .. } => {
                by_call.insert(*call, payment.amount);
            }
            Deed::Settled { escrow, paid, .. } => {
                by_call.insert(*escrow, *paid);
            }
            Deed::Refunded { escrow } => {
                by_call.insert(*escrow, Amount::ZERO);
            }
            _ => {}
        }
    }
    by_call.values().map(|amount| amount.base_units()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Counted from what happened, not from the meters.
    #[test]
    fn spend_over_any_interleaving_never_exceeds_any_ancestors_cap(
        blocks in proptest::collection::vec(
            proptest::collection::vec(prop_oneof![
                5 => (0..3usize, 5..50u128).prop_map(|(leaf, ai3)| Step::Pay { leaf, ai3 }),
                3 => (0..3usize, 5..50u128).prop_map(|(leaf, ai3)| Step::Open { leaf, ai3 }),
                2 => (0..4usize, 0..50u128).prop_map(|(escrow, ai3)| Step::Settle { escrow, ai3 }),
                1 => (0..4usize).prop_map(|escrow| Step::Refund { escrow }),
                2 => (0..3usize).prop_map(|leaf| Step::Fund { leaf }),
            ], 2..6),
            4..12,
        ),
    ) {
        let mut random = Random::new();
        for steps in &blocks {
            random.block(steps);
            let taken: Vec<u128> = random.logs.iter().map(|log| taken(log)).collect();
            for (taken, cap) in taken.iter().zip([100, 60, 50]) {
                prop_assert!(*taken <= cap * AI3, "a grant: {taken} of {cap} AI3 after {steps:?}");
            }
            let all: u128 = taken.iter().sum();
            prop_assert!(all <= 100 * AI3, "the grant above: {all} of 100 AI3 after {steps:?}");
        }
    }

    #[test]
    fn every_invariant_holds_whatever_is_asked_for(
        blocks in proptest::collection::vec(proptest::collection::vec(step(), 1..5), 1..12),
    ) {
        let mut random = Random::new();
        for steps in &blocks {
            random.block(steps);
            prop_assert!(random.audits_hold(), "{:?}", steps);
        }
    }
}
