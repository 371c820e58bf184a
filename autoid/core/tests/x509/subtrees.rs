//! Name constraints.

use autoid_core::x509::{PeerName, Purpose};

use super::{Case, forge::*, run};

/// A leaf with these names below a root with these constraints; no name is expected.
fn under(constraint: Ext, names: &[Vec<u8>]) -> &'static str {
    let root = Spec::root("root").with(constraint).issue();
    let leaf = Spec::leaf(&root).with(san(names)).issue();
    Trial::new(&[&root], &[], &leaf).names(&[]).code()
}

/// As [`under`], with the common name as subject.
fn named(constraint: Ext, subject: &str, names: &[Vec<u8>]) -> &'static str {
    let root = Spec::root("root").with(constraint).issue();
    let leaf = Spec::leaf(&root).with(san(names)).set(|spec| spec.subject = cn(subject)).issue();
    Trial::new(&[&root], &[], &leaf).names(&[]).code()
}

fn permit(bases: &[Vec<u8>]) -> Ext {
    constraints(Some(bases), None)
}

fn exclude(bases: &[Vec<u8>]) -> Ext {
    constraints(None, Some(bases))
}

const NET: [u8; 8] = [192, 0, 2, 0, 255, 255, 255, 0];

fn net6() -> Vec<u8> {
    let mut range = vec![0; 15];
    range.push(1);
    range.extend([0xff; 16]);
    range
}

const HOSTS: &[Case] = &[
    ("permitted, same", "ok", || under(permit(&[dns("example.com")]), &[dns("example.com")])),
    ("permitted, below", "ok", || under(permit(&[dns("example.com")]), &[dns("foo.bar.example.com")])),
    ("permitted, another", "IDX-0035", || under(permit(&[dns("example.com")]), &[dns("not-example.com")])),
    ("permitted, other case", "ok", || under(permit(&[dns("EXAMPLE.com")]), &[dns("a.example.COM")])),
    ("permitted, wildcard within", "ok", || under(permit(&[dns("example.com")]), &[dns("*.example.com")])),
    ("permitted, wildcard beyond", "IDX-0035", || {
        under(permit(&[dns("foo.example.com")]), &[dns("*.example.com")])
    }),
    ("permitted, one of two names outside", "IDX-0035", || {
        under(permit(&[dns("example.com")]), &[dns("example.com"), dns("example.org")])
    }),
    ("excluded, same", "IDX-0034", || under(exclude(&[dns("example.com")]), &[dns("example.com")])),
    ("excluded, below", "IDX-0034", || under(exclude(&[dns("example.com")]), &[dns("a.b.example.com")])),
    ("excluded, second name", "IDX-0034", || {
        under(exclude(&[dns("no.example.com")]), &[dns("example.com"), dns("no.example.com")])
    }),
    ("excluded, another", "ok", || under(exclude(&[dns("example.com")]), &[dns("example.org")])),
    ("excluded, wildcard reaches it", "IDX-0034", || {
        under(
            constraints(Some(&[dns("example.com")]), Some(&[dns("bar.example.com")])),
            &[dns("*.example.com")],
        )
    }),
    ("excluded wins over permitted", "IDX-0034", || {
        under(constraints(Some(&[dns("example.com")]), Some(&[dns("example.com")])), &[dns("example.com")])
    }),
    ("everything excluded", "IDX-0034", || under(exclude(&[dns("")]), &[dns("example.com")])),
    ("constraint on another form", "ok", || under(permit(&[ip(&NET)]), &[dns("example.com")])),
    ("exclusion of another form", "ok", || under(exclude(&[ip(&NET)]), &[dns("example.com")])),
    ("wildcard as constraint", "IDX-0036", || {
        under(permit(&[dns("*.example.com")]), &[dns("a.example.com")])
    }),
    ("leading period as constraint", "IDX-0036", || {
        under(permit(&[dns(".example.com")]), &[dns("a.example.com")])
    }),
    ("not critical", "IDX-0019", || {
        under(Ext { critical: false, ..permit(&[dns("example.com")]) }, &[dns("example.com")])
    }),
];

const OTHER_FORMS: &[Case] = &[
    ("address permitted", "ok", || under(permit(&[ip(&NET)]), &[ip(&[192, 0, 2, 1])])),
    ("address not permitted", "IDX-0035", || under(permit(&[ip(&NET)]), &[ip(&[192, 0, 3, 1])])),
    ("address excluded", "IDX-0034", || under(exclude(&[ip(&NET)]), &[ip(&[192, 0, 2, 1])])),
    ("IPv6 permitted", "ok", || under(permit(&[ip(&net6())]), &[ip(&net6()[..16])])),
    ("IPv6 excluded", "IDX-0034", || under(exclude(&[ip(&net6())]), &[ip(&net6()[..16])])),
    ("IPv6 address where only IPv4 is permitted", "IDX-0035", || {
        under(permit(&[ip(&NET)]), &[ip(&net6()[..16])])
    }),
    ("address instead of range", "IDX-0036", || {
        under(permit(&[ip(&[127, 0, 0, 1])]), &[ip(&[127, 0, 0, 1])])
    }),
    ("IPv6 address instead of range", "IDX-0036", || {
        under(permit(&[ip(&net6()[..16])]), &[ip(&net6()[..16])])
    }),
    ("mask with holes", "IDX-0036", || {
        under(permit(&[ip(&[192, 0, 2, 0, 255, 0, 255, 0])]), &[ip(&[192, 0, 2, 1])])
    }),
    ("directory name permitted", "ok", || {
        named(permit(&[directory(&cn("foo"))]), "foo", &[directory(&cn("foo"))])
    }),
    ("directory name not permitted", "IDX-0035", || {
        named(permit(&[directory(&cn("foo"))]), "not-foo", &[directory(&cn("not-foo"))])
    }),
    ("directory name permitted, subject not", "IDX-0035", || {
        named(permit(&[directory(&cn("foo"))]), "not-foo", &[directory(&cn("foo"))])
    }),
    ("directory name permitted, no subject at all", "ok", || {
        let root = Spec::root("root").with(permit(&[directory(&cn("foo"))])).issue();
        let names = Ext { critical: true, ..san(&[mail("user@example.com")]) };
        let leaf = Spec::leaf(&root).with(names).set(|spec| spec.subject = seq(&[])).issue();
        Trial::new(&[&root], &[], &leaf).names(&[]).code()
    }),
    ("directory name excluded", "IDX-0034", || {
        named(exclude(&[directory(&cn("foo"))]), "foo", &[directory(&cn("foo"))])
    }),
    ("subject excluded, alternative name not", "IDX-0034", || {
        named(exclude(&[directory(&cn("foo"))]), "foo", &[directory(&cn("not-foo"))])
    }),
    ("directory name excluded in another case", "IDX-0034", || {
        named(exclude(&[directory(&cn("Foo  Bar"))]), " foo bar", &[dns("example.com")])
    }),
    ("other name excluded and present", "IDX-0037", || {
        under(
            constraints(Some(&[dns("example.com")]), Some(&[other_name()])),
            &[dns("example.com"), other_name()],
        )
    }),
    ("other name excluded and absent", "ok", || {
        under(constraints(Some(&[dns("example.com")]), Some(&[other_name()])), &[dns("example.com")])
    }),
    ("URI permitted", "ok", || under(permit(&[uri("example.com")]), &[uri("https://example.com/x")])),
    ("URI of another host", "IDX-0035", || {
        under(permit(&[uri("example.com")]), &[uri("https://a.example.com/")])
    }),
    ("URI below a domain", "ok", || under(permit(&[uri(".example.com")]), &[uri("https://a.example.com/")])),
    ("URI of the domain itself", "IDX-0035", || {
        under(permit(&[uri(".example.com")]), &[uri("https://example.com/")])
    }),
    ("URI excluded", "IDX-0034", || {
        under(exclude(&[uri(".example.com")]), &[uri("ftp://a.b.example.com:21/")])
    }),
    ("URI without a host", "IDX-0037", || under(permit(&[uri("example.com")]), &[uri("did:auto:zabc")])),
    ("URI with an address", "IDX-0037", || {
        under(exclude(&[uri("example.com")]), &[uri("http://192.0.2.1/")])
    }),
    ("URI with a user", "IDX-0037", || {
        under(permit(&[uri("b.corp")]), &[uri("spiffe://a.corp:x@b.corp/admin")])
    }),
];

fn boxes(constraint: Ext, name: &'static str) -> &'static str {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(constraint).issue();
    let leaf = Spec::leaf(&ca).with(san(&[mail(name)])).with(eku(&[CLIENT])).issue();
    let purposes = [Purpose::ClientAuth];
    let names = [PeerName::Rfc822(name)];
    Trial::new(&[&root], &[&ca], &leaf).names(&names).client(&purposes).code()
}

const MAIL: &[Case] = &[
    ("mailbox", "ok", || boxes(permit(&[mail("foo@example.com")]), "foo@example.com")),
    ("another mailbox", "IDX-0035", || boxes(permit(&[mail("foo@example.com")]), "bar@example.com")),
    ("mailbox at another host", "IDX-0035", || boxes(permit(&[mail("foo@example.com")]), "foo@example.org")),
    ("two mailboxes with one name", "ok", || {
        boxes(permit(&[mail("foo@example.com"), mail("foo@example.org")]), "foo@example.com")
    }),
    ("host", "ok", || boxes(permit(&[mail("example.com")]), "foo@example.com")),
    ("below the host", "IDX-0035", || boxes(permit(&[mail("example.com")]), "foo@sub.example.com")),
    ("domain", "ok", || boxes(permit(&[mail(".example.com")]), "foo@sub.example.com")),
    ("the domain itself", "IDX-0035", || boxes(permit(&[mail(".example.com")]), "foo@example.com")),
    ("excluded mailbox in another case", "IDX-0034", || {
        boxes(exclude(&[mail("foo@example.com")]), "FOO@example.com")
    }),
    ("asterisk is a letter", "ok", || boxes(permit(&[mail("*@example.com")]), "*@example.com")),
    ("asterisk is no wildcard", "IDX-0035", || boxes(permit(&[mail("*@example.com")]), "user@example.com")),
    ("two asterisks", "IDX-0035", || boxes(permit(&[mail("**@example.com")]), "*@example.com")),
    ("malformed constraint", "IDX-0036", || boxes(permit(&[mail("bad@bad@example.com")]), "foo@example.com")),
    ("constraint without a user", "IDX-0036", || boxes(permit(&[mail("@example.com")]), "foo@example.com")),
    ("address in the subject", "IDX-0034", || {
        let kind = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
        let root = Spec::root("root").with(exclude(&[mail("example.com")])).issue();
        let subject = seq(&[rdn(&kind, 0x16, b"foo@example.com")]);
        let leaf = Spec::leaf(&root).set(|spec| spec.subject = subject).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
];

const PLACES: &[Case] = &[
    ("on the leaf", "IDX-0038", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).with(permit(&[dns("example.com")])).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("on the leaf, not critical", "IDX-0038", || {
        let root = Spec::root("root").issue();
        let constraint = Ext { critical: false, ..permit(&[dns("example.com")]) };
        let leaf = Spec::leaf(&root).with(constraint).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("no subtrees at all", "IDX-0036", || {
        under(ext(NAME_CONSTRAINTS, true, seq(&[])), &[dns("example.com")])
    }),
    ("both lists empty", "IDX-0036", || under(constraints(Some(&[]), Some(&[])), &[dns("example.com")])),
    ("permitted list empty", "IDX-0036", || {
        under(constraints(Some(&[]), Some(&[dns("x.org")])), &[dns("example.com")])
    }),
    ("excluded list empty", "IDX-0036", || {
        under(constraints(Some(&[dns("example.com")]), Some(&[])), &[dns("example.com")])
    }),
    ("minimum written out", "IDX-0036", || {
        let subtree = seq(&[dns("example.com"), tlv(0x80, &[0])]);
        under(ext(NAME_CONSTRAINTS, true, seq(&[tlv(0xa0, &subtree)])), &[dns("example.com")])
    }),
    ("self-issued intermediate is exempt", "ok", || {
        let root = Spec::root("a.example.org")
            .with(permit(&[dns("example.com")]))
            .with(san(&[dns("a.example.org")]))
            .issue();
        let ca = Spec::ca(&root, "next")
            .with(san(&[dns("a.example.org")]))
            .set(|spec| spec.subject = cn("a.example.org"))
            .issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&root], &[&ca], &leaf).code()
    }),
    ("self-issued leaf is not exempt", "IDX-0035", || {
        let root = Spec::root("root").with(permit(&[dns("example.com")])).issue();
        let ca = Spec::ca(&root, "same").issue();
        let leaf =
            Spec::leaf(&ca).with(san(&[dns("other.org")])).set(|spec| spec.subject = cn("same")).issue();
        Trial::new(&[&root], &[&ca], &leaf).host("other.org").code()
    }),
    ("alternative name of an intermediate, intermediate constrains", "IDX-0034", || {
        let limit = constraints(Some(&[dns("yes.org")]), Some(&[dns("no.org")]));
        let root = Spec::root("root").issue();
        let first = Spec::ca(&root, "first").with(limit).issue();
        let second = Spec::ca(&first, "second").with(san(&[dns("no.org")])).issue();
        let leaf = Spec::leaf(&second).with(san(&[dns("yes.org")])).issue();
        Trial::new(&[&root], &[&first, &second], &leaf).host("yes.org").code()
    }),
    ("alternative name of an intermediate, root constrains", "IDX-0034", || {
        let limit = constraints(Some(&[dns("yes.org")]), Some(&[dns("no.org")]));
        let root = Spec::root("root").with(limit).issue();
        let first = Spec::ca(&root, "first").issue();
        let second = Spec::ca(&first, "second").with(san(&[dns("no.org")])).issue();
        let leaf = Spec::leaf(&second).with(san(&[dns("yes.org")])).issue();
        Trial::new(&[&root], &[&first, &second], &leaf).host("yes.org").code()
    }),
    ("permitted subtrees narrow", "IDX-0035", || {
        chain_of_two(&[dns("foo.org"), dns("bar.org")], &[dns("bar.org")])
    }),
    ("permitted subtrees do not widen", "IDX-0035", || {
        chain_of_two(&[dns("bar.org")], &[dns("foo.org"), dns("bar.org")])
    }),
];

fn chain_of_two(first: &[Vec<u8>], second: &[Vec<u8>]) -> &'static str {
    let root = Spec::root("root").issue();
    let upper = Spec::ca(&root, "upper").with(permit(first)).issue();
    let lower = Spec::ca(&upper, "lower").with(permit(second)).issue();
    let leaf = Spec::leaf(&lower).with(san(&[dns("foo.org")])).issue();
    Trial::new(&[&root], &[&upper, &lower], &leaf).host("foo.org").code()
}

#[test]
fn hosts_stay_in_their_subtrees() {
    run(HOSTS);
}

#[test]
fn other_forms_stay_in_their_subtrees() {
    run(OTHER_FORMS);
}

#[test]
fn mailboxes_stay_in_their_subtrees() {
    run(MAIL);
}

#[test]
fn constraints_hold_where_they_must() {
    run(PLACES);
}

#[test]
fn another_path_avoids_the_constraint() {
    let root_a = Spec::root("root a").issue();
    let root_b = Spec::root("root b").issue();
    let limited = Spec::ca(&root_a, "limited").with(exclude(&[dns("no.org")])).issue();
    let one = Spec::ca(&limited, "shared").with(san(&[dns("no.org")])).issue();
    let two = Spec::ca(&root_b, "shared").with(san(&[dns("free.org")])).issue();
    let leaf = Spec::leaf(&one).issue();
    assert_eq!(Trial::new(&[&root_a, &root_b], &[&limited, &one, &two], &leaf).code(), "ok");
    assert_eq!(Trial::new(&[&root_a], &[&limited, &one, &two], &leaf).code(), "IDX-0034");
}

#[test]
fn many_names_under_many_constraints_are_refused() {
    let bases: Vec<_> = (0..513).map(|index| dns(&format!("t{index}.test"))).collect();
    let excluded: Vec<_> = (0..513).map(|index| dns(&format!("x{index}.test"))).collect();
    let root = Spec::root("root").with(constraints(Some(&bases), Some(&excluded))).issue();
    let names = Ext { critical: true, ..san(&bases) };
    let leaf = Spec::leaf(&root).with(names).set(|spec| spec.subject = seq(&[])).issue();
    assert_eq!(Trial::new(&[&root], &[], &leaf).host("t0.test").code(), "IDX-0033");

    let kind = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
    let addresses: Vec<_> =
        (0..513).map(|index| rdn(&kind, 0x16, format!("t{index}@test").as_bytes())).collect();
    let permitted: Vec<_> = (0..513).map(|index| mail(&format!("t{index}@test"))).collect();
    let excluded: Vec<_> = (0..513).map(|index| mail(&format!("x{index}@test"))).collect();
    let root = Spec::root("root").with(constraints(Some(&permitted), Some(&excluded))).issue();
    let leaf = Spec::leaf(&root).set(|spec| spec.subject = seq(&addresses)).issue();
    assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0033");
}
