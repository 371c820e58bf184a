//! Path lengths, and graphs that are hard to search.

use super::{Case, forge::*, run};

/// A chain of CAs with these path lengths below a root, and a leaf.
fn lengths(lengths: &[Option<u8>]) -> &'static str {
    let (chain, leaf) = chain(lengths);
    let (root, rest) = chain.split_first().unwrap();
    Trial::new(&[root], &rest.iter().collect::<Vec<_>>(), &leaf).code()
}

fn chain(lengths: &[Option<u8>]) -> (Vec<Entity>, Entity) {
    let mut chain = vec![Spec::root("root").issue()];
    for (index, length) in lengths.iter().enumerate() {
        let next = Spec::ca(chain.last().unwrap(), &format!("ca {index}")).with(basic(true, *length)).issue();
        chain.push(next);
    }
    let leaf = Spec::leaf(chain.last().unwrap()).issue();
    (chain, leaf)
}

fn depth(intermediates: usize, depth: u8) -> &'static str {
    let (chain, leaf) = chain(&vec![None; intermediates]);
    let (root, rest) = chain.split_first().unwrap();
    Trial::new(&[root], &rest.iter().collect::<Vec<_>>(), &leaf)
        .change(move |request| request.max_chain_depth = Some(depth))
        .code()
}

const LENGTHS: &[Case] = &[
    ("zero above a leaf", "ok", || lengths(&[Some(0)])),
    ("one above a leaf", "ok", || lengths(&[Some(1)])),
    ("two above a leaf", "ok", || lengths(&[Some(2)])),
    ("zero above a CA", "IDX-0028", || lengths(&[Some(0), Some(0)])),
    ("growing", "ok", || lengths(&[Some(1), Some(2)])),
    ("growing does not help", "IDX-0028", || lengths(&[Some(1), Some(2), None])),
    ("second too short", "IDX-0028", || lengths(&[Some(1), Some(0), Some(0)])),
    ("of the root", "IDX-0028", || {
        let root = Spec::root("root").with(basic(true, Some(0))).issue();
        let ca = Spec::ca(&root, "ca").issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&root], &[&ca], &leaf).code()
    }),
    ("of a CA as leaf does not count", "ok", || {
        let root = Spec::root("root").issue();
        let first = Spec::ca(&root, "first").with(basic(true, Some(0))).issue();
        let second =
            Spec::ca(&first, "second").with(basic(true, Some(0))).with(san(&[dns("example.com")])).issue();
        Trial::new(&[&root], &[&first], &second).code()
    }),
    ("self-issued CAs do not count", "ok", || {
        let root = Spec::root("root").issue();
        let first = Spec::ca(&root, "first").with(basic(true, Some(1))).issue();
        let renewed = Spec::ca(&first, "renewed")
            .with(basic(true, Some(1)))
            .set(|spec| spec.subject = cn("first"))
            .issue();
        let last = Spec::ca(&renewed, "last").with(basic(true, Some(0))).issue();
        let leaf = Spec::leaf(&last).issue();
        Trial::new(&[&root], &[&first, &renewed, &last], &leaf).code()
    }),
    ("no intermediate allowed, none needed", "ok", || depth(0, 0)),
    ("no intermediate allowed, one needed", "IDX-0029", || depth(1, 0)),
    ("one allowed, one needed", "ok", || depth(1, 1)),
    ("one allowed, two needed", "IDX-0029", || depth(2, 1)),
    ("one allowed, a self-issued one besides", "ok", || {
        let root = Spec::root("root").issue();
        let first = Spec::ca(&root, "first").issue();
        let renewed = Spec::ca(&first, "renewed").set(|spec| spec.subject = cn("first")).issue();
        let leaf = Spec::leaf(&renewed).issue();
        Trial::new(&[&root], &[&first, &renewed], &leaf)
            .change(|request| request.max_chain_depth = Some(1))
            .code()
    }),
    ("the longest path", "ok", || depth(32, 255)),
    ("one more", "IDX-0029", || depth(33, 255)),
];

#[test]
fn path_lengths_count_what_they_should() {
    run(LENGTHS);
}

/// Two CAs that sign each other.
fn cycle(names: [&str; 2]) -> [Entity; 2] {
    let keys = [Key::p256("cycle one"), Key::p256("cycle two")];
    let make = |own: usize, other: usize| {
        let base = Spec::root(names[own]).keyed(keys[own].clone()).set(|spec| {
            spec.issuer = cn(names[other]);
            spec.signer = keys[other].clone();
        });
        base.with(aki(&keys[other])).issue()
    };
    [make(0, 1), make(1, 0)]
}

#[test]
fn cycles_end() {
    let root = Spec::root("root").issue();
    for names in [["one", "two"], ["same", "same"]] {
        let [one, two] = cycle(names);
        let leaf = Spec::leaf(&one).issue();
        let trial = Trial::new(&[&root], &[&one, &two], &leaf);
        assert_eq!(trial.code(), "IDX-0030");
        let deep = Trial::new(&[&root], &[&one, &two], &leaf);
        assert_eq!(deep.change(|request| request.max_chain_depth = Some(255)).code(), "IDX-0030");
    }
}

#[test]
fn an_expired_cross_certificate_does_not_hide_the_root() {
    let root = Spec::root("root").issue();
    let other = Spec::root("other").issue();
    let expired = Spec::ca(&other, "root").valid("19800101000000", "19881125000000").issue();
    let leaf = Spec::leaf(&root).issue();
    assert_eq!(Trial::new(&[&other, &root], &[&expired], &leaf).code(), "ok");
    assert_eq!(Trial::new(&[&other], &[&expired], &leaf).code(), "IDX-0015");
}

#[test]
fn roots_that_cross_sign_each_other_lead_to_the_trusted_one() {
    let names = ["root a", "root b", "root c"];
    let roots: Vec<_> = names.iter().map(|name| Spec::root(name).issue()).collect();
    let mut graph = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for (other, signer) in roots.iter().enumerate() {
            if index != other {
                graph.push(Spec::ca(signer, name).issue());
            }
        }
    }
    let below = Spec::ca(&roots[0], "below a").issue();
    let leaf = Spec::leaf(&below).issue();
    graph.push(below);
    for trusted in &roots {
        assert_eq!(Trial::new(&[trusted], &graph.iter().collect::<Vec<_>>(), &leaf).code(), "ok");
    }
    let stranger = Spec::root("stranger").issue();
    assert_eq!(Trial::new(&[&stranger], &graph.iter().collect::<Vec<_>>(), &leaf).code(), "IDX-0030");
}

/// Every CA is signed by every other, and none of them is trusted.
fn clique(size: usize) -> Vec<Entity> {
    let names: Vec<_> = (0..size).map(|index| format!("member {index}")).collect();
    let roots: Vec<_> = names.iter().map(|name| Spec::root(name).issue()).collect();
    let mut graph = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for (other, signer) in roots.iter().enumerate() {
            if index != other {
                graph.push(Spec::ca(signer, name).issue());
            }
        }
    }
    graph
}

#[test]
fn a_graph_built_to_explode_exhausts_the_budget() {
    let graph = clique(12);
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&graph[0]).issue();
    let code = Trial::new(&[&root], &graph.iter().collect::<Vec<_>>(), &leaf).code();
    assert_eq!(code, "IDX-0033");
}

#[test]
fn many_keys_under_one_name_are_searched() {
    let root = Spec::root("root").issue();
    let make = |index| Spec::ca(&root, &format!("key {index}")).set(|spec| spec.subject = cn("same")).issue();
    let same: Vec<_> = (0..40).map(make).collect();
    let leaf = Spec::leaf(&same[39]).issue();
    // The authority key identifier leads straight to the right one.
    assert_eq!(Trial::new(&[&root], &same.iter().collect::<Vec<_>>(), &leaf).code(), "ok");
    let misled = Spec::leaf(&same[39]).with(aki(&Key::p256("key 0"))).issue();
    assert_eq!(Trial::new(&[&root], &same.iter().collect::<Vec<_>>(), &misled).code(), "ok");
}

#[test]
fn a_hundred_keys_under_one_name_end() {
    let named = |spec: Spec| spec.set(|spec| (spec.subject, spec.issuer) = (cn("same"), cn("same")));
    for renewed in [true, false] {
        let root = named(Spec::root("root")).issue();
        let mut chain = vec![root];
        for index in 0..100 {
            // A CA that only renews its certificate keeps its key.
            let name = if renewed { "key".into() } else { format!("key {index}") };
            chain.push(named(Spec::ca(chain.last().unwrap(), &name)).issue());
        }
        let leaf = Spec::leaf(chain.last().unwrap()).issue();
        let [root, between @ ..] = chain.as_slice() else { panic!("a root") };
        let mut between: Vec<_> = between.iter().collect();
        for _ in 0..2 {
            let code = Trial::new(&[root], &between, &leaf).code();
            assert_eq!(code, if renewed { "ok" } else { "IDX-0033" });
            between.reverse();
        }
    }
}

#[test]
fn too_many_inputs_are_refused_before_they_are_read() {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).issue();
    let many = vec![&root; 1025];
    assert_eq!(Trial::new(&[&root], &many, &leaf).code(), "IDX-0032");
    assert_eq!(Trial::new(&[], &[], &leaf).code(), "IDX-0031");
}

#[test]
fn the_answer_names_the_path() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").valid("20200101000000", "20300101000000").issue();
    let other = Spec::ca(&root, "other").issue();
    let leaf = Spec::leaf(&ca).with(san(&[dns("example.com"), uri("did:auto:zabc")])).issue();
    let trial = Trial::new(&[&other, &root], &[&other, &ca], &leaf);
    trial.then(|answer| {
        use autoid_core::x509::{AltName, CertRef};
        let found = answer.unwrap();
        assert_eq!(found.chain, [CertRef::Leaf, CertRef::Intermediate(1), CertRef::Anchor(1)]);
        assert_eq!(found.names, [AltName::Dns("example.com"), AltName::Uri("did:auto:zabc")]);
        assert_eq!(found.spki, leaf.spec.key.spki());
        assert_eq!(found.subject, cn("example.com"));
        assert_eq!(found.issuer, cn("ca"));
        assert_eq!(found.serial, leaf.spec.serial);
        assert_eq!(found.not_after, 1_893_456_000);
    });
}

#[test]
fn an_understood_critical_extension_passes() {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(ext(UNKNOWN, true, vec![5, 0])).issue();
    let trial = Trial::new(&[&root], &[], &leaf);
    assert_eq!(trial.change(|request| request.understood_extensions = &[UNKNOWN]).code(), "ok");
}
