//! Lists for a part of the certificates: scopes, distribution points, indirect lists.

use std::slice;

use super::{
    Case,
    forge::*,
    lists::{chain, one, with_leaf},
    run,
};

fn points(parts: &[Vec<u8>]) -> Ext {
    ext(CRL_POINTS, false, seq(&[seq(parts)]))
}

fn scope(parts: &[Vec<u8>]) -> Ext {
    ext(IDP, true, seq(parts))
}

const URI: &str = "http://example.com/partition.crl";

fn flag(number: u8) -> Vec<u8> {
    tlv(0x80 | number, &[0xff])
}

/// A leaf with this point and a list with this scope.
fn placed(point: Option<Ext>, parts: &[Vec<u8>]) -> &'static str {
    let add = |spec: Spec| match point {
        Some(point) => spec.with(point),
        None => spec,
    };
    with_leaf(add, |root, _| List::of(root).with(scope(parts)))
}

const SCOPES: &[Case] = &[
    ("same URI", "ok", || placed(Some(points(&[full(&[uri(URI)])])), &[full(&[uri(URI)])])),
    ("another URI", "IDX-0051", || {
        placed(Some(points(&[full(&[uri("http://example.com/other.crl")])])), &[full(&[uri(URI)])])
    }),
    ("the same URI in another spelling", "IDX-0051", || {
        placed(Some(points(&[full(&[uri("http://example.com/%70artition.crl")])])), &[full(&[uri(URI)])])
    }),
    ("no point in the certificate", "IDX-0051", || placed(None, &[full(&[uri(URI)])])),
    ("a host name beside the URI in the certificate", "IDX-0051", || {
        placed(Some(points(&[full(&[uri(URI), dns("example.com")])])), &[full(&[uri(URI)])])
    }),
    ("a host name beside the URI in the list", "IDX-0051", || {
        placed(Some(points(&[full(&[uri(URI)])])), &[full(&[uri(URI), dns("example.com")])])
    }),
    ("relative name and no point", "IDX-0051", || placed(None, &[relative("partition")])),
    ("same directory name", "ok", || {
        placed(Some(points(&[full(&[directory(&cn("x"))])])), &[full(&[directory(&cn("X"))])])
    }),
    ("relative names", "ok", || placed(Some(points(&[relative("p")])), &[relative("p")])),
    ("other relative names", "IDX-0051", || placed(Some(points(&[relative("p")])), &[relative("q")])),
    ("relative name spelled out", "ok", || {
        let whole = seq(&[rdn(&[0x55, 4, 3], 0x0c, b"root"), rdn(&[0x55, 4, 3], 0x0c, b"p")]);
        placed(Some(points(&[full(&[directory(&whole)])])), &[relative("p")])
    }),
    ("list named by its issuer", "ok", || placed(None, &[full(&[directory(&cn("root"))])])),
    ("list without a name", "ok", || {
        with_leaf(|spec| spec.with(points(&[full(&[uri(URI)])])), |root, _| List::of(root))
    }),
    ("only CA certificates, leaf", "IDX-0051", || placed(None, &[flag(2)])),
    ("only user certificates, leaf", "ok", || placed(None, &[flag(1)])),
    ("only attribute certificates", "IDX-0051", || placed(None, &[flag(5)])),
    ("two kinds only", "IDX-0048", || placed(None, &[flag(1), flag(2)])),
    ("scope that is not critical", "IDX-0048", || {
        one(|root, _| List::of(root).with(ext(IDP, false, seq(&[flag(1)]))))
    }),
    ("only user certificates, intermediate", "IDX-0051", || {
        chain(|root, ca, _| vec![List::of(root).with(scope(&[flag(1)])), List::of(ca)])
    }),
    ("only CA certificates, intermediate", "ok", || {
        chain(|root, ca, _| vec![List::of(root).with(scope(&[flag(2)])), List::of(ca)])
    }),
    ("indirect partition under the issuer's own name", "IDX-0051", || {
        placed(Some(points(&[full(&[uri(URI)])])), &[full(&[uri(URI)]), flag(4)])
    }),
    ("indirect list of the issuer itself", "ok", || placed(None, &[flag(4)])),
    ("only some reasons", "IDX-0047", || {
        placed(Some(points(&[full(&[uri(URI)])])), &[full(&[uri(URI)]), named(0x83, 0x4000)])
    }),
    ("a point for some reasons only", "IDX-0047", || {
        let some = [full(&[uri(URI)]), named(0x81, 0x4000)];
        placed(Some(points(&some)), &[full(&[uri(URI)])])
    }),
    ("reasons in two lists", "ok", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).issue();
        let first = List::of(&root).with(scope(&[named(0x83, 0x4000)])).issue();
        let second = List::of(&root).with(scope(&[named(0x83, 0x3f80)])).issue();
        Trial::new(&[&root], &[], &leaf).lists(&[&first, &second]).code()
    }),
    ("revoked for a reason of the second list", "IDX-0046", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).issue();
        let first = List::of(&root).with(scope(&[named(0x83, 0x4000)])).issue();
        let second = List::of(&root).with(scope(&[named(0x83, 0x3f80)])).revoking(&leaf.spec.serial).issue();
        Trial::new(&[&root], &[], &leaf).lists(&[&first, &second]).code()
    }),
];

#[test]
fn lists_must_cover_the_certificate() {
    run(SCOPES);
}

/// Two points, each with its reasons, and a list for each.
#[test]
fn points_may_share_the_reasons() {
    let other = "http://example.com/other.crl";
    let root = Spec::root("root").issue();
    let part = |name: &str, reasons| seq(&[full(&[uri(name)]), named(0x81, reasons)]);
    let split = ext(CRL_POINTS, false, seq(&[part(URI, 0x6000), part(other, 0x1f80)]));
    let leaf = Spec::leaf(&root).with(split).issue();
    let list = |name: &str, reasons| List::of(&root).with(scope(&[full(&[uri(name)]), named(0x83, reasons)]));
    let judge = |first: &List, second: &List| {
        Trial::new(&[&root], &[], &leaf).lists(&[&first.issue(), &second.issue()]).code()
    };
    let (first, second) = (list(URI, 0x6000), list(other, 0x1f80));
    assert_eq!(judge(&first, &second), "ok");
    assert_eq!(judge(&first, &first), "IDX-0047");
    for revoking in [[&first, &second], [&second, &first]] {
        let listing = revoking[0].clone().revoking(&leaf.spec.serial);
        assert_eq!(judge(&listing, revoking[1]), "IDX-0046");
        assert_eq!(judge(revoking[1], &listing), "IDX-0046");
    }
}

/// A name relative to the issuer of the list, which is not the issuer of the certificate.
#[test]
fn a_relative_name_extends_the_issuer_of_the_list() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let publisher = Spec::ca(&root, "publisher").issue();
    let point = points(&[relative("part"), tlv(0xa2, &directory(&cn("publisher")))]);
    let leaf = Spec::leaf(&ca).with(point).issue();
    let roots = List::of(&root).issue();
    let judge = |names: &[Vec<u8>]| {
        let list = List::of(&publisher).with(scope(&[full(names), flag(4)])).issue();
        Trial::new(&[&root], &[&ca, &publisher], &leaf).lists(&[&roots, &list]).code()
    };
    let below = |name: &str| {
        directory(&seq(&[rdn(&[0x55, 4, 3], 0x0c, name.as_bytes()), rdn(&[0x55, 4, 3], 0x0c, b"part")]))
    };
    assert_eq!(judge(&[below("publisher")]), "ok");
    assert_eq!(judge(&[uri(URI), below("publisher")]), "ok");
    assert_eq!(judge(&[below("ca")]), "IDX-0051");
}

#[test]
fn another_issuer_may_publish_an_indirect_list() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let publisher = Spec::ca(&root, "publisher").issue();
    let point = points(&[full(&[uri(URI)]), tlv(0xa2, &directory(&cn("publisher")))]);
    let leaf = Spec::leaf(&ca).with(point).issue();
    let roots = List::of(&root).issue();
    let indirect = |entries: Vec<Vec<u8>>| {
        let base = List::of(&publisher).with(scope(&[full(&[uri(URI)]), flag(4)]));
        base.set(|list| list.entries = entries).issue()
    };
    let judge =
        |list: &Vec<u8>| Trial::new(&[&root], &[&ca, &publisher], &leaf).lists(&[&roots, list]).code();
    let issuer = ext(CERTIFICATE_ISSUER, true, seq(&[directory(&cn("ca"))]));
    assert_eq!(judge(&indirect(Vec::new())), "ok");
    assert_eq!(judge(&indirect(vec![entry(&leaf.spec.serial, &[])])), "ok");
    assert_eq!(judge(&indirect(vec![entry(&leaf.spec.serial, slice::from_ref(&issuer))])), "IDX-0046");
    // An entry takes over the issuer of the one before it.
    let inherited = vec![entry(&[5], slice::from_ref(&issuer)), entry(&leaf.spec.serial, &[])];
    assert_eq!(judge(&indirect(inherited)), "IDX-0046");
    let direct = List::of(&publisher).with(scope(&[full(&[uri(URI)])])).issue();
    assert_eq!(judge(&direct), "IDX-0047");
    let unmarked = Ext { critical: false, ..issuer };
    assert_eq!(judge(&indirect(vec![entry(&leaf.spec.serial, &[unmarked])])), "IDX-0048");
}

#[test]
fn a_ca_may_leave_the_status_of_a_signer_to_its_own_list() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let point = points(&[full(&[uri(URI)]), tlv(0xa2, &directory(&cn("publisher")))]);
    let publisher = Spec::ca(&ca, "publisher")
        .without(BASIC)
        .without(SKI)
        .with(usage(CRL_SIGN))
        .with(point.clone())
        .issue();
    let leaf = Spec::leaf(&ca).with(point).issue();
    let roots = List::of(&root).issue();
    let judge = |revoked: Option<&Entity>| {
        let issuer = ext(CERTIFICATE_ISSUER, true, seq(&[directory(&cn("ca"))]));
        let base = List::of(&publisher).with(scope(&[full(&[uri(URI)]), flag(4)]));
        let entries = revoked.iter().map(|entity| entry(&entity.spec.serial, slice::from_ref(&issuer)));
        let list = base.set(|list| list.entries = entries.collect()).issue();
        Trial::new(&[&root], &[&ca, &publisher], &leaf).lists(&[&roots, &list]).code()
    };
    assert_eq!(judge(None), "ok");
    assert_eq!(judge(Some(&leaf)), "IDX-0046");
    assert_eq!(judge(Some(&publisher)), "IDX-0052");
}
