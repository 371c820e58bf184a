//! Random lives of many identities: nothing panics, every invariant holds after every block.

use crate::aliases::{commit, reveal};
use crate::grants::{below, grant, registration};
use crate::people::{Person, guardians, inception, keys, signed};
use crate::world::World;
use auto_testkit::Tx;
use autoid::{Autoid, Call, FreeAlias, Lapse, Operate, PruneGrant};
use autoid_core::{Action, Grant, Inception, Kind, Reason, Sign, Sign1};
use autoid_interface::IDENTITIES;
use proptest::prelude::*;

/// One step: what is done, by whom and to whom.
type Step = (u8, usize, usize, usize);

/// The people and grants that there are so far.
#[derive(Default)]
struct Cast {
    people: Vec<Person>,
    /// Those whose inception is under way.
    coming: Vec<Person>,
    grants: Vec<Sign1<Grant>>,
}

impl Cast {
    fn person(&self, at: usize) -> &Person {
        &self.people[at % self.people.len()]
    }

    /// The call of a step, whether it makes sense or not.
    fn call(&mut self, world: &mut World, (what, a, b, c): Step) -> Call {
        let reason = Reason::Unspecified;
        let (one, other, third) = (self.person(a).clone(), self.person(b).clone(), self.person(c).clone());
        match what {
            0 | 1 => {
                let name = format!("n{}-{}", self.people.len(), self.coming.len());
                let mut body = Inception { parent: Some(one.id), ..inception(&name, Kind::ALL[b % 6]) };
                if what == 1 {
                    body.recovery = Some(guardians(&[&other], 1).commitment());
                    (body.issuers, body.threshold) = (vec![other.id], 1);
                }
                let person = Person::of(&name, body, &world.network);
                let call = world.incept(&person, &[&one]);
                self.coming.push(person);
                call
            }
            2 => world.operation(&one, Action::Endorse, &[&other]),
            3 => {
                let (to, name) = (one.generation + 1, one.name.clone());
                let action = Action::Rotate { keys: keys(&name, to), next: keys(&name, to + 1).commitment() };
                let new = Person { generation: to, ..one.clone() };
                let envelope = Sign::new(world.next(&one, action, &[&one])).expect("well formed");
                let envelope = signed(envelope, &world.network, [&one, &new]);
                for person in self.people.iter_mut().filter(|person| person.id == one.id && c % 4 > 0) {
                    person.generation = to;
                }
                Call::Operate(Operate { operation: envelope.into() })
            }
            4 => world.operation(&one, Action::Suspend { reason }, &[&other]),
            5 => world.operation(&one, Action::Resume, &[&other]),
            6 if c % 8 == 0 => world.operation(&one, Action::Revoke { reason, guardians: None }, &[&other]),
            7 if c % 4 == 0 => world.operation(&one, Action::BumpEpoch, &[&one]),
            8 if c % 8 == 0 => world.operation(&one, Action::Deactivate, &[&one]),
            6..=8 => world.operation(&one, Action::SetServices { services: Vec::new() }, &[&one]),
            9 => {
                let start = Action::StartRecovery {
                    guardians: guardians(&[&other], 1),
                    keys: keys(&one.name, 90),
                    next: keys(&one.name, 91).commitment(),
                };
                world.operation(&one, start, &[&other])
            }
            10 => {
                let new = Person { generation: 90, ..one.clone() };
                world.operation(&one, Action::FinishRecovery, &[&new])
            }
            11 => Call::Lapse(Lapse { id: one.id }),
            12 | 13 => {
                let index = u32::try_from(c % 5).expect("small");
                let made = match self.grants.get(b) {
                    Some(above) if above.body().max_depth > 0 => below(above, &one, &third, world),
                    _ => grant(&one, &other, index),
                };
                let record = world.record(&one);
                let made = Grant { epoch: record.grant_epoch, nonce: [what; 16], ..made };
                let made = world.granted(made, &one);
                self.grants.push(made.clone());
                registration(&made)
            }
            14 | 15 => match self.grants.get(b % self.grants.len().max(1)).cloned() {
                Some(target) if what == 14 => world.revocation(target.id(&world.network), &one, &[]),
                Some(target) => world.revocation(target.id(&world.network), &one, &[&target]),
                None => Call::FreeAlias(FreeAlias { id: one.id }),
            },
            16 => match self.grants.get(b % self.grants.len().max(1)) {
                Some(target) => Call::PruneGrant(PruneGrant { grant: target.id(&world.network) }),
                None => Call::FreeAlias(FreeAlias { id: one.id }),
            },
            17 => commit(world, &one, &format!("alias-{}", b % 3)),
            18 => world.operation(&one, reveal(&format!("alias-{}", b % 3)), &[&one]),
            19 => world.operation(&one, Action::ReleaseAlias, &[&one]),
            _ => Call::FreeAlias(FreeAlias { id: one.id }),
        }
    }
}

/// Runs steps, several in a block, and tells how many took effect.
fn live(steps: &[Step]) -> usize {
    let mut world = World::with(|builder| builder.lies_per_block(1));
    let mut cast = Cast::default();
    for name in ["root", "rival"] {
        let person = world.person(name);
        cast.people.push(person);
    }
    let mut applied = 0;
    for block in steps.chunks(3) {
        let calls: Vec<Call> = block.iter().map(|step| cast.call(&mut world, *step)).collect();
        let senders = ["alice", "bob", "carol"];
        let txs: Vec<Tx> = senders
            .iter()
            .zip(calls)
            .map(|(sender, call)| world.domain.sign::<Autoid>(sender, [call]))
            .collect();
        let done = world.domain.block(&txs);
        applied += txs.iter().filter(|tx| done.applied(tx)).count();
        let begun =
            |person: &Person| IDENTITIES.get(world.domain.state(), &person.id).expect("sound").is_some();
        cast.people.extend(cast.coming.drain(..).filter(begun));
    }
    applied
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_over_random_lives(
        steps in proptest::collection::vec((0u8..21, 0usize..64, 0usize..64, 0usize..64), 1..60)
    ) {
        live(&steps);
    }
}

#[test]
fn random_lives_are_not_only_refusals() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).expect("small") % bound
    };
    let steps: Vec<Step> =
        (0..120).map(|_| (u8::try_from(next(21)).expect("small"), next(64), next(64), next(64))).collect();
    let applied = live(&steps);
    assert!(applied > 20, "{applied} of 120 steps took effect");
}
