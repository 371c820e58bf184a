//! No order of debits passes a cap: random trees of grants against a model that only remembers what went out.

use super::{Cap, Place, Purpose, Stage, debit, fund, reclaim, settle};
use crate::AgentsError;
use auto_core::Amount;
use auto_state::Overlay;
use autoid_core::GrantId;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A grant: the one above it, and what its meter allows.
#[derive(Debug, Clone)]
struct Node {
    above: Option<usize>,
    total: u64,
    window: Option<(u64, u64)>,
    carved: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Pay(usize, u64),
    Reserve(usize, u64),
    Settle(usize, u64),
    Fund(usize),
    /// The grant ends, and all that rest on it.
    End(usize),
    Reclaim(usize),
    Wait(u64),
}

/// Money that went out or is held under a grant.
struct Flow {
    node: usize,
    amount: u64,
    number: u64,
    places: Option<Vec<Place>>,
}

struct World {
    nodes: Vec<Node>,
    ended: Vec<bool>,
    number: u64,
    /// What was paid; of what an escrow held, only the part that was paid.
    flows: Vec<Flow>,
    /// What counted against windows when it was debited.
    debits: Vec<(usize, u64, u64)>,
}

fn amount(units: u64) -> Amount {
    Amount::from_base_units(u128::from(units))
}

impl World {
    fn path(&self, node: usize) -> Vec<usize> {
        std::iter::successors(Some(node), |at| self.nodes[*at].above).collect()
    }

    fn way(&self, node: usize) -> Vec<Stage> {
        let stage = |at: usize| {
            let node = &self.nodes[at];
            Stage {
                place: Place { grant: id(at), position: 0 },
                cap: Cap {
                    total: amount(node.total),
                    window: node.window.map(|(blocks, most)| (blocks, amount(most))),
                    carved: node.carved,
                },
            }
        };
        self.path(node).into_iter().map(stage).collect()
    }

    fn is_over(&self, node: usize) -> bool {
        self.path(node).into_iter().any(|at| self.ended[at])
    }

    fn under(&self, node: usize, other: usize) -> bool {
        self.path(other).contains(&node)
    }

    /// What went out or is held under a grant.
    fn out(&self, node: usize) -> u64 {
        self.flows.iter().filter(|flow| self.under(node, flow.node)).map(|flow| flow.amount).sum()
    }

    fn caps_hold(&self) -> bool {
        self.nodes.iter().enumerate().all(|(at, node)| {
            let windows = node.window.is_none_or(|(blocks, most)| {
                let mut sums: BTreeMap<u64, u64> = BTreeMap::new();
                for (by, amount, number) in &self.debits {
                    if self.under(at, *by) {
                        *sums.entry(number / blocks).or_default() += amount;
                    }
                }
                sums.values().all(|sum| *sum <= most)
            });
            self.out(at) <= node.total && windows
        })
    }
}

fn id(node: usize) -> GrantId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&u64::try_from(node).expect("few").to_le_bytes());
    GrantId(bytes)
}

fn run(
    world: &mut World,
    state: &mut Overlay<'_, BTreeMap<Vec<u8>, Vec<u8>>>,
    step: Step,
) -> Result<(), AgentsError> {
    let count = world.nodes.len();
    match step {
        Step::Pay(node, units) | Step::Reserve(node, units) => {
            let node = node % count;
            let is_pay = matches!(step, Step::Pay(..));
            if world.is_over(node) {
                return Ok(());
            }
            let purpose = if is_pay { Purpose::Pay } else { Purpose::Reserve };
            let places = debit(state, &world.way(node), purpose, amount(units), world.number)?;
            let places = (!is_pay).then_some(places);
            world.flows.push(Flow { node, amount: units, number: world.number, places });
            world.debits.push((node, units, world.number));
        }
        Step::Settle(flow, units) => {
            let open: Vec<_> =
                (0..world.flows.len()).filter(|at| world.flows[*at].places.is_some()).collect();
            let Some(at) = open.get(flow % open.len().max(1)) else { return Ok(()) };
            let flow = &mut world.flows[*at];
            let places = flow.places.clone().expect("open");
            settle(state, &places, amount(flow.amount), amount(units))?;
            assert!(units <= flow.amount && flow.number <= world.number);
            (flow.amount, flow.places) = (units, None);
        }
        Step::Fund(node) => drop(fund(state, &world.way(node % count), world.number)?),
        Step::End(node) => world.ended[node % count] = true,
        Step::Reclaim(node) => {
            let node = node % count;
            if world.is_over(node) {
                reclaim(state, &world.way(node))?;
            }
        }
        Step::Wait(blocks) => world.number += blocks,
    }
    Ok(())
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let node = (any::<usize>(), 0..100u64, proptest::option::of((1..6u64, 0..60u64)), any::<bool>());
    proptest::collection::vec(node, 1..9).prop_map(|drawn| {
        let node = |(at, (above, total, window, carved)): (usize, (usize, u64, _, bool))| Node {
            above: (at > 0).then(|| above % at.max(1)),
            total,
            window,
            carved,
        };
        drawn.into_iter().enumerate().map(node).collect()
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (any::<usize>(), 0..50u64).prop_map(|(node, units)| Step::Pay(node, units)),
        2 => (any::<usize>(), 0..50u64).prop_map(|(node, units)| Step::Reserve(node, units)),
        2 => (any::<usize>(), 0..50u64).prop_map(|(flow, units)| Step::Settle(flow, units)),
        2 => any::<usize>().prop_map(Step::Fund),
        1 => any::<usize>().prop_map(Step::End),
        1 => any::<usize>().prop_map(Step::Reclaim),
        1 => (0..4u64).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_interleaving_passes_the_cap_of_any_grant_above(nodes in nodes(), steps in steps()) {
        let below = BTreeMap::new();
        let mut state = Overlay::new(&below);
        let ended = vec![false; nodes.len()];
        let mut world = World { nodes, ended, number: 0, flows: Vec::new(), debits: Vec::new() };
        for step in steps {
            // What is refused has written nothing, so nothing has to be undone.
            let result = run(&mut world, &mut state, step.clone());
            prop_assert!(!matches!(result, Err(AgentsError::Overflow)), "{:?}", step);
            prop_assert!(world.caps_hold(), "{:?}", step);
        }
    }

    #[test]
    fn a_shared_debit_is_refused_only_when_a_total_above_is_used_up(nodes in nodes(), steps in steps()) {
        let below = BTreeMap::new();
        let mut state = Overlay::new(&below);
        let shared = |node: Node| Node { window: None, carved: false, ..node };
        let nodes: Vec<Node> = nodes.into_iter().map(shared).collect();
        let ended = vec![false; nodes.len()];
        let mut world = World { nodes, ended, number: 0, flows: Vec::new(), debits: Vec::new() };
        for step in steps {
            let Step::Pay(node, units) = step else { continue };
            let node = node % world.nodes.len();
            let fits = world.path(node).iter().all(|at| world.out(*at) + units <= world.nodes[*at].total);
            let paid = run(&mut world, &mut state, Step::Pay(node, units)).is_ok();
            prop_assert_eq!(paid, fits);
        }
    }
}
