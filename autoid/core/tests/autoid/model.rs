//! Random chains against a reference that is too simple to be wrong: a call is within a chain when every
//! grant of it allows the call by itself.

use autoid_core::policy::{Comparison, Statement, Value};
use autoid_core::verify::{Answer, SignatureFact, can};
use autoid_core::{Algorithm, AutoId, Grant, Memo, Payee, Policy, Reversibility, Sign1, Signature, Time};
use proptest::prelude::*;

use crate::world::{Cast, NOW, call, grant, meter, pay};

/// Takes every signature for verified: they are not what is tried here.
struct Trusting;

impl Memo for Trusting {
    fn knows(&self, _: &SignatureFact) -> bool {
        true
    }

    fn learn(&mut self, _: SignatureFact) {}
}

const COMMANDS: [&str; 5] = ["/a", "/a/b", "/ab", "/a/b/c", "/b"];
const PATTERNS: [&str; 6] = ["x:**", "x:a/**", "x:a/*", "x:a/b", "x:b", "x:*"];
const RESOURCES: [&str; 5] = ["x:a", "x:b", "x:a/b", "x:a/c", "x:a/b/c"];
/// Which of the resources a pattern stands for.
const MATCHES: [[bool; 5]; 6] = [
    [true, true, true, true, true],
    [false, false, true, true, true],
    [false, false, true, true, false],
    [false, false, true, false, false],
    [false, true, false, false, false],
    [true, true, false, false, false],
];
/// Which commands lie under a command.
const UNDER: [[bool; 5]; 5] = [
    [true, true, false, true, false],
    [false, true, false, true, false],
    [false, false, true, false, false],
    [false, false, false, true, false],
    [false, false, false, false, true],
];

/// What a grant allows, in numbers.
#[derive(Debug, Clone)]
struct Allowance {
    commands: [bool; 5],
    patterns: [bool; 6],
    per_call: u128,
    payees: Option<[bool; 3]>,
    class: usize,
    from: u64,
    to: u64,
    below: Option<i128>,
}

/// A call, in numbers.
#[derive(Debug, Clone)]
struct Wish {
    command: usize,
    resource: usize,
    amount: u128,
    payee: usize,
    class: usize,
    argument: i128,
}

fn payee(number: usize) -> Payee {
    Payee::Address([u8::try_from(number).unwrap(); 32])
}

impl Allowance {
    fn allows(&self, wish: &Wish) -> bool {
        let any = |flags: &[bool], covers: &dyn Fn(usize) -> bool| {
            flags.iter().enumerate().any(|(at, on)| *on && covers(at))
        };
        any(&self.commands, &|at| UNDER[at][wish.command])
            && any(&self.patterns, &|at| MATCHES[at][wish.resource])
            && (wish.amount == 0
                || wish.amount <= self.per_call && self.payees.is_none_or(|payees| payees[wish.payee]))
            && wish.class <= self.class
            && (self.from..self.to).contains(&10)
            && self.below.is_none_or(|limit| wish.argument < limit)
    }

    /// The part of this that `other` allows too, on every axis.
    fn narrowed_by(&self, other: &Self) -> Self {
        let mut narrow = self.clone();
        for (at, on) in narrow.commands.iter_mut().enumerate() {
            *on &= other.commands[at];
        }
        for (at, on) in narrow.patterns.iter_mut().enumerate() {
            *on &= other.patterns[at];
        }
        narrow.per_call = self.per_call.min(other.per_call);
        narrow.payees = match (self.payees, other.payees) {
            (Some(own), Some(others)) => Some([0, 1, 2].map(|at| own[at] && others[at])),
            (own, others) => own.or(others),
        };
        narrow.class = self.class.min(other.class);
        (narrow.from, narrow.to) = (self.from.max(other.from), self.to.min(other.to));
        narrow.below = other.below;
        narrow
    }

    /// Writes this into a grant; nothing when no such grant can be written.
    fn write(&self, grant: &mut Grant) -> Option<()> {
        let chosen = |names: &[&'static str], flags: &[bool]| -> Vec<&'static str> {
            names.iter().zip(flags).filter(|(_, on)| **on).map(|(name, _)| *name).collect()
        };
        grant.cmd = chosen(&COMMANDS, &self.commands).iter().map(|text| text.parse().unwrap()).collect();
        grant.res = chosen(&PATTERNS, &self.patterns).iter().map(|text| text.parse().unwrap()).collect();
        grant.cmd.sort();
        grant.res.sort();
        grant.meters = vec![meter(self.per_call, 1_000)];
        grant.payees = self.payees.map(|payees| (0..3).filter(|at| payees[*at]).map(payee).collect());
        grant.class = Reversibility::ALL[self.class];
        (grant.nbf, grant.exp) = (Time(NOW.0 - 10 + self.from), Time(NOW.0 - 10 + self.to));
        grant.pol = Policy(self.below.map_or_else(Vec::new, |limit| {
            vec![Statement::Compare(Comparison::Less, ".n".parse().unwrap(), Value::Int(limit))]
        }));
        (!grant.cmd.is_empty() && !grant.res.is_empty() && self.from < self.to).then_some(())
    }
}

fn allowances() -> impl Strategy<Value = Allowance> {
    let likely = || proptest::bool::weighted(0.7);
    (
        proptest::array::uniform5(likely()),
        proptest::array::uniform6(likely()),
        0_u128..6,
        proptest::option::weighted(0.3, proptest::array::uniform3(likely())),
        1_usize..4,
        prop_oneof![6 => 0_u64..=10, 1 => Just(11_u64)],
        prop_oneof![6 => 11_u64..20, 1 => Just(10_u64)],
        proptest::option::weighted(0.3, 0_i128..4),
    )
        .prop_map(|(commands, patterns, per_call, payees, class, from, to, below)| Allowance {
            commands,
            patterns,
            per_call,
            payees,
            class,
            from,
            to,
            below,
        })
}

fn wishes() -> impl Strategy<Value = Wish> {
    (0_usize..5, 0_usize..5, 0_u128..6, 0_usize..3, 0_usize..4, 0_i128..4).prop_map(
        |(command, resource, amount, payee, class, argument)| Wish {
            command,
            resource,
            amount,
            payee,
            class,
            argument,
        },
    )
}

/// The verifier's answer; nothing when the chain cannot be written.
fn verifier(cast: &Cast, chain: &[Allowance], wish: &Wish) -> Option<bool> {
    let way = [&cast.person, &cast.org, &cast.agent, &cast.second];
    let mut grants: Vec<Sign1<Grant>> = Vec::new();
    for (allowance, pair) in chain.iter().zip(way.windows(2)) {
        let mut body = grant(pair[0], pair[1], &cast.person, grants.last());
        allowance.write(&mut body)?;
        grants.push(Sign1::new(body, 0, Algorithm::Ed25519, Signature([0; 64])).unwrap());
    }
    let actor = way[chain.len()];
    let mut body = call(actor, &cast.service, &grants);
    if wish.amount > 0 {
        pay(&mut body, wish.amount, &cast.bystander);
        body.spend.as_mut().unwrap().payee = payee(wish.payee);
    }
    body.cmd = COMMANDS[wish.command].parse().unwrap();
    body.res = RESOURCES[wish.resource].parse().unwrap();
    body.class = Reversibility::ALL[wish.class];
    let args = Value::map(vec![("n".into(), Value::Int(wish.argument))]).unwrap();
    body.args_hash = args.hash();
    body.args = Some(args);
    let trust = cast.world.trust(cast.service.id);
    let answer = can(&body, &grants, &cast.world, &trust, &mut Trusting).unwrap();
    Some(matches!(answer, Answer::Yes { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1) })]

    /// 100,000 chains, of which every other is narrowed from grant to grant.
    #[test]
    fn a_child_never_allows_what_its_parent_forbids(
        cases in proptest::collection::vec(
            (proptest::collection::vec(allowances(), 1..=3), wishes(), any::<bool>()),
            100_000,
        ),
    ) {
        let cast = Cast::new();
        let (mut written, mut allowed) = (0, 0);
        for (mut chain, wish, narrow) in cases {
            if narrow {
                for link in 1..chain.len() {
                    chain[link] = chain[link - 1].narrowed_by(&chain[link]);
                }
            }
            let expected = chain.iter().all(|allowance| allowance.allows(&wish));
            let Some(found) = verifier(&cast, &chain, &wish) else { continue };
            written += 1;
            allowed += u32::from(found);
            prop_assert!(!found || expected, "{chain:?} {wish:?}");
            if narrow {
                prop_assert_eq!(found, expected, "{:?} {:?}", chain, wish);
            }
        }
        // The property would hold of a verifier that refuses everything.
        prop_assert!(written > 50_000 && allowed > 2_000, "{written} {allowed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// More bits that are set never allow more.
    #[test]
    fn revocation_is_monotone(
        first in proptest::collection::btree_set((0_usize..4, 0_u32..6), 0..4),
        more in proptest::collection::btree_set((0_usize..4, 0_u32..6), 0..4),
    ) {
        let mut cast = Cast::new();
        let who: Vec<AutoId> =
            [&cast.person, &cast.org, &cast.agent, &cast.second].iter().map(|actor| actor.id).collect();
        cast.world.revoked = first.iter().map(|(at, index)| (who[*at], 0, *index)).collect();
        let before = cast.clone().plain().verify();
        cast.world.revoked.extend(more.iter().map(|(at, index)| (who[*at], 0, *index)));
        let after = cast.plain().verify();
        prop_assert!(before.is_ok() || after.is_err());
    }
}
