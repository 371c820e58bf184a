//! No input makes the verifier panic or accept what was not signed.

use autoid_core::x509::{PathRequest, Portable, case, verify_path};
use proptest::prelude::*;

use super::forge::*;

fn chain() -> [Entity; 3] {
    let root = Spec::root("root").issue();
    let limit = constraints(Some(&[dns("example.com")]), Some(&[mail("x.org")]));
    let ca = Spec::ca(&root, "ca").with(limit).issue();
    let leaf = Spec::leaf(&ca).with(san(&[dns("example.com"), uri("did:auto:z")])).issue();
    [root, ca, leaf]
}

/// Changes some octets, cuts the end off, or puts some in.
fn mutate(der: &mut Vec<u8>, edits: &[(usize, u8, u8)]) {
    for (at, value, kind) in edits {
        let at = at % der.len().max(1);
        match kind % 4 {
            0 => der.truncate(at),
            1 => der.insert(at.min(der.len()), *value),
            _ => {
                if let Some(octet) = der.get_mut(at) {
                    *octet = *value;
                }
            }
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<(usize, u8, u8)>> {
    proptest::collection::vec((any::<usize>(), any::<u8>(), 1..64u8), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_changed_chain_is_never_accepted_as_another(edits in edits(), which in 0..3usize) {
        let [root, ca, leaf] = chain();
        let mut ders = [root.der, ca.der, leaf.der];
        let before = ders.clone();
        mutate(&mut ders[which], &edits);
        let (anchors, between) = ([ders[0].as_slice()], [ders[1].as_slice()]);
        let request = PathRequest { intermediates: &between, ..PathRequest::new(&anchors, &ders[2], NOW) };
        let answer = verify_path(&request);
        if which > 0 && before[which] != ders[which] {
            prop_assert!(answer.is_err());
        }
    }

    #[test]
    fn a_changed_list_never_panics(edits in edits()) {
        let [root, ca, leaf] = chain();
        let held = entry(&[5], &[reason(6)]);
        let mut list = List::of(&root).set(|list| list.entries.push(held)).issue();
        let original = list.clone();
        mutate(&mut list, &edits);
        let own = List::of(&ca).issue();
        let code = Trial::new(&[&root], &[&ca], &leaf).lists(&[&list, &own]).code();
        prop_assert_eq!(code == "ok", list == original);
    }

    #[test]
    fn junk_never_panics(junk in proptest::collection::vec(any::<u8>(), 0..300)) {
        let anchors = [junk.as_slice()];
        let request = PathRequest { crls: &anchors, intermediates: &anchors, ..PathRequest::new(&anchors, &junk, NOW) };
        prop_assert!(verify_path(&request).is_err());
    }

    #[test]
    fn junk_is_no_case(junk in "\\PC{0,200}") {
        prop_assert!(case::run(&junk, NOW, &Portable).is_err());
    }
}

#[test]
fn every_octet_of_a_leaf_is_protected() {
    let [root, ca, leaf] = chain();
    for at in 0..leaf.der.len() {
        for flip in [1u8, 0x80] {
            let mut changed = leaf.clone();
            changed.der[at] ^= flip;
            assert_ne!(Trial::new(&[&root], &[&ca], &changed).names(&[]).code(), "ok", "octet {at}");
        }
    }
    for length in 0..leaf.der.len() {
        let cut = Entity { der: leaf.der[..length].to_vec(), spec: leaf.spec.clone() };
        assert_eq!(Trial::new(&[&root], &[&ca], &cut).code(), "IDX-0001");
    }
}
