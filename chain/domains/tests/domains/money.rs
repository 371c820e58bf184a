//! No money is made or lost, whatever happens in whatever order: the world counts it after every block.

use crate::channels::{CHANNEL, HERE, There, opened_in};
use crate::world::{D, Setup, World, address};
use auto_core::{
    Amount, BlockFees, BlockNumber, BundleVerdict, ChannelId, DomainId, ExecutionReceipt, InvalidBundle,
    List, OperatorId, Submission, Transfers,
};
use auto_domains::state::OperatorStatus;
use auto_domains::{DomainsCall, Withdraw, receipt};
use auto_module::messages::{OUTBOX, channel};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// Something that may happen in a block.
#[derive(Debug, Clone)]
enum Act {
    /// An honest-looking bundle whose receipt states these fees and transfers, and blames some bundle.
    Bundle {
        operator: u64,
        fees: [u32; 3],
        moved: [u32; 4],
        blame: bool,
    },
    Nominate {
        from: u8,
        operator: u64,
        amount: u32,
    },
    Withdraw {
        from: u8,
        operator: u64,
        part: u8,
    },
    Unlock {
        from: u8,
        operator: u64,
    },
    Deregister {
        operator: u64,
    },
    UnlockAll {
        from: u8,
        operator: u64,
    },
    Rest {
        operator: u64,
    },
    Return {
        operator: u64,
    },
    Open {
        from: u8,
    },
    Close {
        from: u8,
        channel: u64,
    },
    Send {
        from: u8,
        channel: u64,
        amount: u32,
    },
    Fraud {
        depth: u64,
    },
    /// A bundle whose receipt states what the domain moved.
    State {
        operator: u64,
    },
    /// A bundle that vouches for the newest receipt.
    Vouch {
        operator: u64,
    },
    /// The domain takes the next message.
    Take,
    /// The domain sends money back.
    Back {
        from: u8,
        amount: u32,
    },
    /// The next message of the domain is relayed.
    Deliver,
    /// The domain's owner stops it, or lets it go on.
    Freeze {
        stop: bool,
    },
    Nothing,
}

fn acts() -> impl Strategy<Value = Act> {
    let account = 1u8..5;
    let operator = 0u64..5;
    prop_oneof![
        12 => (operator.clone(), any::<[u32; 3]>(), any::<[u32; 4]>(), prop::bool::weighted(0.15))
            .prop_map(|(operator, fees, moved, blame)| Act::Bundle { operator, fees, moved, blame }),
        3 => (account.clone(), operator.clone(), any::<u32>())
            .prop_map(|(from, operator, amount)| Act::Nominate { from, operator, amount }),
        4 => (account.clone(), operator.clone(), any::<u8>())
            .prop_map(|(from, operator, part)| Act::Withdraw { from, operator, part }),
        4 => (account.clone(), operator.clone()).prop_map(|(from, operator)| Act::Unlock { from, operator }),
        1 => operator.clone().prop_map(|operator| Act::Deregister { operator }),
        1 => (account.clone(), operator.clone()).prop_map(|(from, operator)| Act::UnlockAll { from, operator }),
        1 => operator.clone().prop_map(|operator| Act::Rest { operator }),
        1 => operator.prop_map(|operator| Act::Return { operator }),
        1 => account.clone().prop_map(|from| Act::Open { from }),
        1 => (account.clone(), 0u64..2).prop_map(|(from, half)| Act::Close { from, channel: half * 2 }),
        1 => (account, 0u64..2, any::<u32>())
            .prop_map(|(from, half, amount)| Act::Send { from, channel: half * 2, amount }),
        1 => (0u64..4).prop_map(|depth| Act::Fraud { depth }),
        8 => (0u64..5).prop_map(|operator| Act::State { operator }),
        2 => (0u64..5).prop_map(|operator| Act::Vouch { operator }),
        3 => Just(Act::Take),
        2 => (1u8..8, any::<u32>()).prop_map(|(from, amount)| Act::Back { from, amount }),
        4 => Just(Act::Deliver),
        1 => any::<bool>().prop_map(|stop| Act::Freeze { stop }),
        1 => Just(Act::Nothing),
    ]
}

fn stated(world: &World, there: &There, fees: [u32; 3], moved: [u32; 4], blame: bool) -> ExecutionReceipt {
    let next = world.claim_after(&world.head_receipt(D));
    let Some(mut receipt) = next else { return world.head_receipt(D) };
    World::retrace(&mut receipt, vec![there.root, there.root]);
    let unit = |units: u32| Amount::from_base_units(u128::from(units));
    let to = |units: u32| {
        let some = units.is_multiple_of(5).then_some((DomainId(units % 2), unit(units)));
        List::new(some.into_iter().collect()).expect("one at most")
    };
    receipt.fees = BlockFees { storage: unit(fees[0]), execution: unit(fees[1]), burned: unit(fees[2]) };
    receipt.transfers = Transfers {
        incoming: to(moved[0]),
        outgoing: to(moved[1]),
        rejected: to(moved[2]),
        reclaimed: to(moved[3]),
    };
    if blame {
        let mut list = receipt.bundles.to_vec();
        list.iter_mut()
            .for_each(|bundle| bundle.verdict = BundleVerdict::Invalid(InvalidBundle::InvalidWeight));
        receipt.bundles = List::new(list).expect("as many");
    }
    receipt
}

fn offer(world: &mut World, operator: u64, receipt: ExecutionReceipt) {
    let right = world.rights(operator).next();
    let Some(right) = right else { return };
    let record = world.record(D);
    let submission = if record.head.0 - record.head_receipt.0 > 1 {
        world.sealed(right, receipt)
    } else {
        Submission::Bundle(Box::new(world.bundle_with(right, receipt, &[])))
    };
    let _ = world.block(&[submission], &[]);
}

fn run(world: &mut World, there: &mut There, act: &Act) {
    let id = |operator: &u64| OperatorId(*operator);
    let owner = |operator: &u64| u8::try_from(operator + 1).expect("few");
    let ai3 = |units: &u32| Amount::from_base_units(u128::from(*units) << 34);
    let (from, call) = match act {
        Act::Bundle { operator, fees, moved, blame } => {
            let receipt = stated(world, there, *fees, *moved, *blame);
            return offer(world, *operator, receipt);
        }
        Act::Fraud { depth } => {
            let height = world.record(D).head_receipt.0.saturating_sub(*depth);
            let bad = receipt::at(&world.contents, D, BlockNumber(height)).expect("sound");
            if let Some(bad) = bad {
                let open = bad.receipt.number > world.record(D).confirmed;
                world.tamper(|state| {
                    let removed = receipt::remove_from(state, &bad, address(7));
                    assert_eq!(removed.is_ok(), open);
                });
            }
            return world.empty_blocks(1);
        }
        Act::Nothing => return world.empty_blocks(1),
        Act::State { operator } => {
            let mut receipt = stated(world, there, [0; 3], [1; 4], false);
            let before = world.record(D).head_receipt;
            if receipt.number > before {
                receipt.transfers = there.moved();
            }
            offer(world, *operator, receipt);
            if world.record(D).head_receipt > before {
                there.begin();
            }
            return;
        }
        Act::Vouch { operator } => {
            let receipt = world.head_receipt(D);
            return offer(world, *operator, receipt);
        }
        Act::Take => {
            let next = channel(&there.state(), HERE, CHANNEL).expect("open").next_inbox;
            if let Some(message) = OUTBOX.get(&world.contents, &(D, CHANNEL, next)).expect("sound") {
                let _ = there.try_act(world, |post, state| post.receive(state, &message));
            }
            return;
        }
        Act::Back { from, amount } => {
            let (from, to) = (address(*from), address(6));
            let amount = ai3(amount);
            let place = (HERE, CHANNEL);
            let _ = there.try_act(world, |post, state| post.transfer(state, place, &from, &to, amount));
            return;
        }
        Act::Deliver => {
            let next = channel(&world.contents, D, CHANNEL).expect("open").next_inbox;
            let Some(message) = OUTBOX.get(&there.state(), &(HERE, CHANNEL, next)).expect("sound") else {
                return;
            };
            let relay = world.relay_from_domain(message, &there.nodes);
            (8, DomainsCall::RelayMessage(Box::new(relay)))
        }
        Act::Freeze { stop: true } => (9, DomainsCall::FreezeDomain { domain: D }),
        Act::Freeze { stop: false } => (9, DomainsCall::UnfreezeDomain { domain: D }),
        Act::Nominate { from, operator, amount } => {
            (*from, DomainsCall::Nominate { operator: id(operator), amount: ai3(amount) })
        }
        Act::Withdraw { from, operator, part } => {
            let shares = world.operator(*operator).shares / u128::from(part % 16 + 1);
            let amount = if *part < 64 { Withdraw::All } else { Withdraw::Shares(shares) };
            (*from, DomainsCall::Withdraw { operator: id(operator), amount })
        }
        Act::Unlock { from, operator } => (*from, DomainsCall::Unlock { operator: id(operator) }),
        Act::Deregister { operator } => {
            (owner(operator), DomainsCall::DeregisterOperator { operator: id(operator) })
        }
        Act::UnlockAll { from, operator } => (*from, DomainsCall::UnlockNominator { operator: id(operator) }),
        Act::Rest { operator } => {
            (owner(operator), DomainsCall::DeactivateOperator { operator: id(operator) })
        }
        Act::Return { operator } => {
            (owner(operator), DomainsCall::ReactivateOperator { operator: id(operator) })
        }
        Act::Open { from } => (*from, DomainsCall::OpenChannel { domain: D }),
        Act::Close { from, channel } => {
            (*from, DomainsCall::CloseChannel { domain: D, channel: ChannelId(*channel) })
        }
        Act::Send { from, channel, amount } => {
            let (channel, to) = (ChannelId(*channel), address(5));
            (*from, DomainsCall::TransferToDomain { domain: D, channel, to, amount: ai3(amount) })
        }
    };
    let _ = world.call(from, call);
}

/// Three operators of one domain, and an open channel to it.
fn begun() -> (World, There) {
    let stakes = [1000, 700, 300, 800, 900];
    let operators = stakes.map(|stake| (D, Amount::ai3(stake))).to_vec();
    opened_in(World::new(Setup { domains: 2, operators, ..Setup::default() }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_in_any_order_of_events(acts in prop::collection::vec(acts(), 1..80)) {
        let (mut world, mut there) = begun();
        for act in &acts {
            run(&mut world, &mut there, act);
            let record = world.record(D);
            prop_assert!(record.confirmed <= record.head_receipt && record.head_receipt <= record.head);
            prop_assert!(record.head_receipt_hash == world.head_receipt(D).hash());
            for operator in 0..5 {
                let known = world.operator(operator);
                if known.status == OperatorStatus::Slashed {
                    prop_assert!(known.stake.is_zero());
                }
            }
        }
    }
}

#[test]
fn the_random_sequences_reach_everything_that_moves_money() {
    let mut runner = TestRunner::deterministic();
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..30 {
        let sequence =
            prop::collection::vec(acts(), 60..120).new_tree(&mut runner).expect("a sequence").current();
        let (mut world, mut there) = begun();
        for act in &sequence {
            run(&mut world, &mut there, act);
        }
        for (kind, count) in world.happened {
            *happened.entry(kind).or_default() += count;
        }
    }
    let kinds = [
        "confirmed",
        "slashed for a bundle",
        "slashed for a receipt",
        "marked",
        "vouched",
        "received",
        "answered",
        "frozen",
        "unfrozen",
    ];
    for kind in kinds {
        assert!(happened.contains_key(kind), "{kind} never happened: {happened:?}");
    }
}
