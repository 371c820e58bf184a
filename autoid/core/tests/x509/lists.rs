//! Revocation lists.

use super::{Case, forge::*, run};

/// A leaf below a root, and a list of the root made from both.
pub(crate) fn one(make: impl FnOnce(&Entity, &Entity) -> List) -> &'static str {
    with_leaf(|spec| spec, make)
}

pub(crate) fn with_leaf(
    change: impl FnOnce(Spec) -> Spec,
    make: impl FnOnce(&Entity, &Entity) -> List,
) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = change(Spec::leaf(&root)).issue();
    let list = make(&root, &leaf).issue();
    Trial::new(&[&root], &[], &leaf).lists(&[&list]).code()
}

fn with_root(change: impl FnOnce(Spec) -> Spec) -> &'static str {
    let root = change(Spec::root("root")).issue();
    let leaf = Spec::leaf(&root).issue();
    let list = List::of(&root).revoking(&[5]).issue();
    Trial::new(&[&root], &[], &leaf).lists(&[&list]).code()
}

/// A leaf whose serial number is as long as it may be, and a list of one that differs in one octet, if any.
fn long(different: usize) -> &'static str {
    let serial = [0x41; 20].to_vec();
    let listed: Vec<u8> = (0..20).map(|octet| if octet == different { 0x42 } else { 0x41 }).collect();
    with_leaf(|spec| spec.set(|spec| spec.serial = serial), |root, _| List::of(root).revoking(&listed))
}

const STRUCTURE: &[Case] = &[
    ("revoked", "IDX-0046", || one(|root, leaf| List::of(root).revoking(&leaf.spec.serial))),
    ("others revoked", "ok", || one(|root, _| List::of(root).revoking(&[5]).revoking(&[6]))),
    ("no entries", "ok", || one(|root, _| List::of(root))),
    ("empty sequence of entries", "IDX-0048", || {
        one(|root, _| List::of(root).set(|list| list.next_update.extend(seq(&[]))))
    }),
    ("without number", "IDX-0048", || one(|root, _| List::of(root).without(CRL_NUMBER))),
    ("critical number", "IDX-0048", || one(|root, _| List::of(root).with(ext(CRL_NUMBER, true, int(&[5]))))),
    ("version 1", "IDX-0048", || one(|root, _| List::of(root).set(|list| list.version = Vec::new()))),
    ("version 3", "IDX-0048", || one(|root, _| List::of(root).set(|list| list.version = int(&[2])))),
    ("unknown critical extension", "IDX-0049", || {
        one(|root, _| List::of(root).with(ext(UNKNOWN, true, Vec::new())))
    }),
    ("unknown extension", "ok", || one(|root, _| List::of(root).with(ext(UNKNOWN, false, Vec::new())))),
    ("unknown critical extension of another entry", "IDX-0049", || {
        one(|root, _| {
            List::of(root).set(|list| list.entries.push(entry(&[5], &[ext(UNKNOWN, true, Vec::new())])))
        })
    }),
    ("unknown extension of the entry", "IDX-0046", || {
        one(|root, leaf| {
            let found = entry(&leaf.spec.serial, &[ext(UNKNOWN, false, Vec::new())]);
            List::of(root).set(|list| list.entries.push(found))
        })
    }),
    ("an entry twice", "IDX-0048", || one(|root, _| List::of(root).revoking(&[5]).revoking(&[5]))),
    ("negative serial number of another", "ok", || {
        with_leaf(
            |spec| spec.set(|spec| spec.serial = vec![0, 0xff]),
            |root, _| List::of(root).revoking(&[0xff]),
        )
    }),
    ("twenty octets that differ in the last", "ok", || long(19)),
    ("twenty octets that differ in the first", "ok", || long(0)),
    ("twenty octets that are revoked", "IDX-0046", || long(20)),
    ("entry taken back in a complete list", "IDX-0046", || {
        one(|root, leaf| List::of(root).set(|list| list.entries.push(entry(&leaf.spec.serial, &[reason(8)]))))
    }),
    ("reason outside the list of reasons", "IDX-0048", || {
        one(|root, _| List::of(root).set(|list| list.entries.push(entry(&[5], &[reason(7)]))))
    }),
    ("ten thousand entries", "ok", || {
        one(|root, _| {
            let entries = (0..10_000u32).map(|index| {
                let digits = [0x10_00_00_00 | index].map(u32::to_be_bytes).concat();
                entry(&digits, &[])
            });
            let entries = entries.collect();
            List::of(root).set(|list| list.entries = entries)
        })
    }),
];

const TIMES: &[Case] = &[
    ("from the future", "IDX-0050", || {
        one(|root, _| List::of(root).set(|list| list.this_update = utc("240102000000Z")))
    }),
    ("passed", "IDX-0050", || {
        one(|root, _| List::of(root).set(|list| list.next_update = utc("231231000000Z")))
    }),
    ("without next update", "IDX-0050", || {
        one(|root, _| List::of(root).set(|list| list.next_update = Vec::new()))
    }),
    ("passed before the leaf began", "IDX-0050", || {
        with_leaf(
            |spec| spec.valid("20231202000000", "20240131000000"),
            |root, _| {
                List::of(root).set(|list| {
                    (list.this_update, list.next_update) = (utc("230101000000Z"), utc("230701000000Z"));
                })
            },
        )
    }),
    ("revoked in the future", "IDX-0046", || {
        one(|root, leaf| {
            let found = seq(&[int(&leaf.spec.serial), utc("240102000000Z")]);
            List::of(root).set(|list| list.entries.push(found))
        })
    }),
    ("next update after 2050", "ok", || {
        one(|root, _| List::of(root).set(|list| list.next_update = generalized("20510101000000Z")))
    }),
];

const SIGNERS: &[Case] = &[
    ("without cRLSign", "IDX-0052", || with_root(|spec| spec.with(usage(CERT_SIGN)))),
    ("without key usage", "ok", || with_root(|spec| spec.without(KEY_USAGE))),
    ("with both", "ok", || with_root(|spec| spec)),
    ("another key", "IDX-0052", || {
        one(|root, _| List::of(root).set(|list| list.signer = Key::p256("another")))
    }),
    ("the key of another root", "IDX-0052", || {
        let root = Spec::root("root").issue();
        let other = Spec::root("other").issue();
        let leaf = Spec::leaf(&root).issue();
        let list = List::of(&other).set(|list| list.issuer = cn("root")).issue();
        Trial::new(&[&root, &other], &[], &leaf).lists(&[&list]).code()
    }),
    ("the leaf's serial number in another's list", "ok", || {
        let root = Spec::root("root").issue();
        let other = Spec::root("other").issue();
        let leaf = Spec::leaf(&root).issue();
        let own = List::of(&root).issue();
        let foreign = List::of(&other).revoking(&leaf.spec.serial).issue();
        Trial::new(&[&root, &other], &[], &leaf).lists(&[&own, &foreign]).code()
    }),
    ("only another's list", "IDX-0047", || {
        let root = Spec::root("root").issue();
        let other = Spec::root("other").issue();
        let leaf = Spec::leaf(&root).issue();
        let foreign = List::of(&other).issue();
        Trial::new(&[&root, &other], &[], &leaf).lists(&[&foreign]).code()
    }),
    ("missing list of the intermediate", "IDX-0047", || chain(|root, _, _| vec![List::of(root)])),
    ("lists for the whole path", "ok", || chain(|root, ca, _| vec![List::of(root), List::of(ca)])),
    ("revoked intermediate", "IDX-0046", || {
        chain(|root, ca, _| vec![List::of(root).revoking(&ca.spec.serial), List::of(ca)])
    }),
    ("revoked leaf below an intermediate", "IDX-0046", || {
        chain(|root, ca, leaf| vec![List::of(root), List::of(ca).revoking(&leaf.spec.serial)])
    }),
    ("an older list is no excuse", "IDX-0046", || {
        updated(|root, leaf| {
            let newer = List::of(root).with(ext(CRL_NUMBER, false, int(&[6]))).revoking(&leaf.spec.serial);
            vec![List::of(root), newer]
        })
    }),
    ("an older list is no burden", "ok", || {
        updated(|root, leaf| {
            let newer = List::of(root).with(ext(CRL_NUMBER, false, int(&[1, 0])));
            vec![List::of(root).revoking(&leaf.spec.serial), newer]
        })
    }),
    ("a bad list beside a good one", "ok", || {
        chain(|root, ca, _| {
            let bad = List::of(ca).set(|list| list.signer = Key::p256("x"));
            vec![bad, List::of(root), List::of(ca)]
        })
    }),
];

/// Root, CA and leaf, and lists made from them.
pub(crate) fn chain(make: impl FnOnce(&Entity, &Entity, &Entity) -> Vec<List>) -> &'static str {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let leaf = Spec::leaf(&ca).issue();
    let lists: Vec<_> = make(&root, &ca, &leaf).iter().map(List::issue).collect();
    Trial::new(&[&root], &[&ca], &leaf).lists(&lists.iter().collect::<Vec<_>>()).code()
}

/// A delta list on the complete list of the forge, which has number 5.
fn delta(root: &Entity, number: u8, base: u8) -> List {
    List::of(root).with(ext(CRL_NUMBER, false, int(&[number]))).with(ext(DELTA, true, int(&[base])))
}

fn updated(make: impl FnOnce(&Entity, &Entity) -> Vec<List>) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).issue();
    let lists: Vec<_> = make(&root, &leaf).iter().map(List::issue).collect();
    Trial::new(&[&root], &[], &leaf).lists(&lists.iter().collect::<Vec<_>>()).code()
}

const DELTAS: &[Case] = &[
    ("without its base", "IDX-0047", || updated(|root, _| vec![delta(root, 6, 5)])),
    ("nothing new", "ok", || updated(|root, _| vec![List::of(root), delta(root, 6, 5)])),
    ("newly revoked", "IDX-0046", || {
        updated(|root, leaf| vec![List::of(root), delta(root, 6, 5).revoking(&leaf.spec.serial)])
    }),
    ("taken back", "ok", || {
        updated(|root, leaf| {
            let held = List::of(root).set(|list| list.entries.push(entry(&leaf.spec.serial, &[reason(6)])));
            let freed =
                delta(root, 6, 5).set(|list| list.entries.push(entry(&leaf.spec.serial, &[reason(8)])));
            vec![held, freed]
        })
    }),
    ("of a later base", "ok", || {
        updated(|root, leaf| vec![List::of(root), delta(root, 9, 6).revoking(&leaf.spec.serial)])
    }),
    ("older than the list", "ok", || {
        updated(|root, leaf| vec![List::of(root), delta(root, 5, 4).revoking(&leaf.spec.serial)])
    }),
    ("the newest counts", "IDX-0046", || {
        updated(|root, leaf| {
            let older = delta(root, 6, 5);
            let newer = delta(root, 7, 5).revoking(&leaf.spec.serial);
            vec![List::of(root), older, newer]
        })
    }),
    ("by another key", "ok", || {
        updated(|root, leaf| {
            let forged =
                delta(root, 6, 5).revoking(&leaf.spec.serial).set(|list| list.signer = Key::p256("x"));
            vec![List::of(root), forged]
        })
    }),
];

#[test]
fn structure_and_entries() {
    run(STRUCTURE);
}

#[test]
fn lists_must_be_current() {
    run(TIMES);
}

#[test]
fn lists_must_be_signed_by_their_issuer() {
    run(SIGNERS);
}

#[test]
fn delta_lists_update_their_base() {
    run(DELTAS);
}

#[test]
fn a_separate_key_may_sign_the_lists_of_a_ca() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(usage(CERT_SIGN)).issue();
    let signer = Spec::ca(&root, "list signer")
        .set(|spec| spec.subject = cn("ca"))
        .without(BASIC)
        .without(SKI)
        .with(usage(CRL_SIGN))
        .issue();
    let leaf = Spec::leaf(&ca).issue();
    let roots = List::of(&root).issue();
    let list = List::of(&signer).issue();
    let judge = |intermediates: &[&Entity], lists: &[&Vec<u8>]| {
        Trial::new(&[&root], intermediates, &leaf).lists(lists).code()
    };
    assert_eq!(judge(&[&ca, &signer], &[&roots, &list]), "ok");
    assert_eq!(judge(&[&ca], &[&roots, &list]), "IDX-0052");
    let revoking = List::of(&signer).revoking(&leaf.spec.serial).issue();
    assert_eq!(judge(&[&ca, &signer], &[&roots, &revoking]), "IDX-0046");
    let signer_revoked = List::of(&root).revoking(&signer.spec.serial).issue();
    assert_eq!(judge(&[&ca, &signer], &[&signer_revoked, &list]), "IDX-0052");
    // The same name and key below a root that is not trusted count for nothing.
    let stranger = Spec::root("stranger").issue();
    let foreign = Spec::ca(&stranger, "list signer")
        .set(|spec| spec.subject = cn("ca"))
        .without(BASIC)
        .without(SKI)
        .with(usage(CRL_SIGN))
        .issue();
    assert_eq!(judge(&[&ca, &foreign, &stranger], &[&roots, &list]), "IDX-0052");
}

#[test]
fn a_list_that_vouches_for_its_own_signer_decides_nothing() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(usage(CERT_SIGN)).issue();
    let signer = Spec::ca(&ca, "list signer")
        .set(|spec| spec.subject = cn("ca"))
        .without(BASIC)
        .without(SKI)
        .with(usage(CRL_SIGN))
        .issue();
    let leaf = Spec::leaf(&ca).issue();
    let lists = [List::of(&root).issue(), List::of(&signer).issue()];
    let trial = Trial::new(&[&root], &[&ca, &signer], &leaf).lists(&[&lists[0], &lists[1]]);
    assert_eq!(trial.code(), "IDX-0052");
}
