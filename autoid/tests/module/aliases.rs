//! Names for people.

use crate::people::Person;
use crate::world::World;
use auto_core::Hash;
use autoid::{Call, CommitAlias, DropCommitment, Event, FreeAlias, alias_commitment};
use autoid_core::{Action, Reason};
use autoid_interface::{ALIAS_OF, ALIASES, Alias};

pub(crate) const SALT: [u8; 16] = [3; 16];

pub(crate) fn commitment(world: &World, of: &Person, alias: &str) -> Hash {
    alias_commitment(&world.network, &of.id, &SALT, &alias.parse().expect("an alias"))
}

pub(crate) fn commit(world: &mut World, of: &Person, alias: &str) -> Call {
    Call::CommitAlias(CommitAlias { commitment: commitment(world, of, alias) })
}

pub(crate) fn reveal(alias: &str) -> Action {
    Action::RevealAlias { alias: alias.to_owned(), salt: SALT }
}

/// Commits to an alias, waits, and reveals it.
pub(crate) fn take(world: &mut World, of: &Person, alias: &str) -> Vec<Event> {
    let call = commit(world, of, alias);
    world.apply(call);
    world.domain.advance(1);
    world.operate(of, reveal(alias), &[of])
}

fn owner(world: &World, alias: &str) -> Option<autoid_core::AutoId> {
    let alias: Alias = alias.parse().expect("an alias");
    let record = ALIASES.get(world.domain.state(), &alias.look()).expect("sound")?;
    assert_eq!(ALIAS_OF.get(world.domain.state(), &record.id), Ok(Some(alias.look())));
    Some(record.id)
}

#[test]
fn an_alias_is_committed_to_revealed_released_and_free_again() {
    let mut world = World::new();
    let (ann, ben) = (world.person("ann"), world.person("ben"));
    let taken = Event::AliasTaken { id: ann.id, alias: "ann-smith".parse().expect("an alias") };
    assert!(take(&mut world, &ann, "ann-smith").contains(&taken));
    assert_eq!(owner(&world, "ann-smith"), Some(ann.id));
    let before = world.domain.balance("alice");
    let release = world.operation(&ann, Action::ReleaseAlias, &[&ann]);
    world.apply_from("bob", release);
    assert!(world.domain.balance("alice") > before, "whoever paid the deposit gets it back");
    assert_eq!(owner(&world, "ann-smith"), None);
    take(&mut world, &ben, "ann-smith");
    assert_eq!(owner(&world, "ann-smith"), Some(ben.id));
    assert_eq!(world.refuse_operation(&ann, Action::ReleaseAlias, &[&ann]), "AID-0518");
}

#[test]
fn a_commitment_waits_and_does_not_hold_for_ever() {
    let mut world = World::new();
    let ann = world.person("ann");
    let call = commit(&mut world, &ann, "ann");
    world.apply(call.clone());
    assert_eq!(world.refuse(call), "AID-0512");
    let dropped = Call::DropCommitment(DropCommitment { commitment: commitment(&world, &ann, "ann") });
    assert_eq!(world.refuse(dropped.clone()), "AID-0515");
    world.domain.advance(4);
    assert_eq!(world.refuse_operation(&ann, reveal("ann"), &[&ann]), "AID-0514");
    let before = world.domain.balance("alice");
    world.apply_from("bob", dropped.clone());
    assert!(world.domain.balance("alice") > before);
    assert_eq!(world.refuse(dropped), "AID-0513");
}

#[test]
fn an_identity_has_one_alias_and_only_a_plain_one() {
    let mut world = World::new();
    let ann = world.person("ann");
    take(&mut world, &ann, "ann");
    let call = commit(&mut world, &ann, "other");
    world.apply(call);
    world.domain.advance(1);
    assert_eq!(world.refuse_operation(&ann, reveal("other"), &[&ann]), "AID-0517");
    for bad in ["An", "ann--smith", "ann_smith", "1ann", "an"] {
        assert_eq!(world.refuse_operation(&ann, reveal(bad), &[&ann]), "AID-0511");
    }
}

#[test]
fn the_alias_of_an_identity_that_ended_is_freed() {
    let mut world = World::new();
    let (ann, ben) = (world.person("ann"), world.person("ben"));
    take(&mut world, &ann, "ann");
    take(&mut world, &ben, "ben");
    let free = Call::FreeAlias(FreeAlias { id: ann.id });
    assert_eq!(world.refuse(free.clone()), "AID-0047");
    world.operate(&ann, Action::Revoke { reason: Reason::Superseded, guardians: None }, &[&ann]);
    assert_eq!(owner(&world, "ann"), Some(ann.id));
    world.apply_from("bob", free.clone());
    assert_eq!(owner(&world, "ann"), None);
    assert_eq!(world.refuse(free), "AID-0518");
    // Deactivation frees it by itself.
    world.operate(&ben, Action::Deactivate, &[&ben]);
    assert_eq!(owner(&world, "ben"), None);
}
