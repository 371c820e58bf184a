//! One named test for each threat of the design that a certificate path must withstand.

use super::forge::*;

fn trio(change: impl Fn(usize, Spec) -> Spec) -> &'static str {
    let root = change(0, Spec::root("root")).issue();
    let ca = change(1, Spec::ca(&root, "ca")).issue();
    let leaf = change(2, Spec::leaf(&ca)).issue();
    Trial::new(&[&root], &[&ca], &leaf).code()
}

fn at(place: usize, change: impl Fn(Spec) -> Spec) -> &'static str {
    trio(|index, spec| if index == place { change(spec) } else { spec })
}

#[test]
fn threat_28_expired_or_early_certificate_anywhere_is_refused() {
    for place in 0..3 {
        assert_eq!(at(place, |spec| spec.valid("20100101000000", "20231231235959")), "IDX-0015");
        assert_eq!(at(place, |spec| spec.valid("20240101000001", "20400101000000")), "IDX-0014");
        assert_eq!(at(place, |spec| spec.valid("20240101000000", "20240101000000")), "ok");
    }
}

#[test]
fn threat_29_path_length_is_held_and_self_issued_does_not_count() {
    let root = Spec::root("root").with(basic(true, Some(0))).issue();
    let renewed = Spec::ca(&root, "renewed").set(|spec| spec.subject = cn("root")).issue();
    let leaf = Spec::leaf(&renewed).issue();
    assert_eq!(Trial::new(&[&root], &[&renewed], &leaf).code(), "ok");
    let ca = Spec::ca(&renewed, "ca").issue();
    let leaf = Spec::leaf(&ca).issue();
    assert_eq!(Trial::new(&[&root], &[&renewed, &ca], &leaf).code(), "IDX-0028");
}

#[test]
fn threat_30_issuer_without_ca_or_key_cert_sign_is_refused() {
    assert_eq!(at(1, |spec| spec.without(BASIC).without(KEY_USAGE)), "IDX-0022");
    assert_eq!(at(1, |spec| spec.with(basic(false, None)).with(usage(DIGITAL_SIGNATURE))), "IDX-0022");
    assert_eq!(at(1, |spec| spec.with(usage(CRL_SIGN))), "IDX-0023");
    // A leaf must not issue.
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).issue();
    let below = Spec::leaf(&leaf).set(|spec| spec.key = Key::p256("below")).issue();
    assert_eq!(Trial::new(&[&root], &[&leaf], &below).code(), "IDX-0022");
}

#[test]
fn threat_31_name_constraints_are_not_escaped() {
    let limit =
        |spec: Spec| spec.with(constraints(Some(&[dns("example.com")]), Some(&[dns("no.example.com")])));
    let with = |names: Vec<Vec<u8>>, host: &'static str| {
        let root = limit(Spec::root("root")).issue();
        let leaf = Spec::leaf(&root).with(san(&names)).issue();
        Trial::new(&[&root], &[], &leaf).host(host).code()
    };
    assert_eq!(with(vec![dns("a.example.com")], "a.example.com"), "ok");
    assert_eq!(with(vec![dns("*.example.com")], "no.example.com"), "IDX-0034");
    assert_eq!(with(vec![dns("*.com")], "example.com"), "IDX-0041");
    assert_eq!(with(vec![dns("*.com"), dns("example.com")], "example.com"), "IDX-0035");
    assert_eq!(with(vec![dns("evil.org")], "evil.org"), "IDX-0035");
    assert_eq!(with(vec![dns("notexample.com")], "notexample.com"), "IDX-0035");
    assert_eq!(with(Vec::new(), "example.com"), "IDX-0018");
    // The common name names nobody.
    let root = limit(Spec::root("root")).issue();
    let named = Spec::leaf(&root).without(SAN).set(|spec| spec.subject = cn("evil.org")).issue();
    assert_eq!(Trial::new(&[&root], &[], &named).host("evil.org").code(), "IDX-0040");
    let limited = limit(Spec::leaf(&root)).issue();
    assert_eq!(Trial::new(&[&root], &[], &limited).code(), "IDX-0038");
}

#[test]
fn threat_32_unknown_critical_and_duplicate_extensions_are_refused() {
    for place in 0..3 {
        assert_eq!(at(place, |spec| spec.with(ext(UNKNOWN, true, vec![5, 0]))), "IDX-0017");
        assert_eq!(at(place, |spec| spec.with(ext(UNKNOWN, false, vec![5, 0]))), "ok");
        let twice = |spec: Spec| {
            let again = ski(&spec.key);
            spec.set(|spec| spec.extensions.push(again))
        };
        assert_eq!(at(place, twice), "IDX-0016");
    }
}

#[test]
fn threat_33_algorithm_mismatch_and_weak_algorithms_are_refused() {
    for place in 0..3 {
        let other = Key::ed25519("x").algorithm();
        let mismatched = |spec: Spec| spec.set(|spec| spec.outer = Some(other.clone()));
        assert_eq!(at(place, mismatched), "IDX-0006");
    }
    let mut modulus = vec![0xff; 128];
    modulus.insert(0, 0);
    let key = seq(&[int(&modulus), int(&[1, 0, 1])]);
    let algorithm = seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), vec![5, 0]]);
    let weak = Key::Raw(seq(&[algorithm, bits(&key)]));
    assert_eq!(at(2, |spec| spec.keyed(weak.clone())), "IDX-0010");
}

#[test]
fn threat_34_bad_and_reused_serial_numbers_are_refused() {
    for serial in [vec![0], vec![0xff], vec![0x80, 0], vec![0x40; 21]] {
        for place in 1..3 {
            assert_eq!(at(place, |spec| spec.set(|spec| spec.serial = serial.clone())), "IDX-0004");
        }
        // Well-known roots have the serial number zero; an anchor's number decides nothing.
        assert_eq!(at(0, |spec| spec.set(|spec| spec.serial = serial.clone())), "ok");
    }
    assert_eq!(at(2, |spec| spec.set(|spec| spec.serial = vec![0, 5])), "IDX-0001");
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let renewed = Spec::ca(&ca, "renewed").set(|spec| spec.subject = cn("ca")).issue();
    let serial = renewed.spec.serial.clone();
    let leaf = Spec::leaf(&renewed).set(|spec| spec.serial = serial).issue();
    assert_eq!(Trial::new(&[&root], &[&ca, &renewed], &leaf).code(), "IDX-0005");
}

#[test]
fn threat_35_loops_and_exploding_graphs_end() {
    let names: Vec<_> = (0..14).map(|index| format!("member {index}")).collect();
    let members: Vec<_> = names.iter().map(|name| Spec::root(name).issue()).collect();
    let mut graph = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for signer in
            members.iter().skip(index % 3).step_by(2).filter(|signer| signer.spec.subject != cn(name))
        {
            graph.push(Spec::ca(signer, name).issue());
        }
    }
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&graph[0]).issue();
    let code = Trial::new(&[&root], &graph.iter().collect::<Vec<_>>(), &leaf).code();
    assert_eq!(code, "IDX-0033");
    // The same graph with a trusted member is no obstacle.
    assert_eq!(Trial::new(&[&members[0]], &graph.iter().collect::<Vec<_>>(), &leaf).code(), "ok");
}

#[test]
fn threat_36_list_without_crl_sign_wrong_scope_or_passed_is_refused() {
    let judge = |root: &Entity, make: &dyn Fn(List) -> List| {
        let leaf = Spec::leaf(root).issue();
        let list = make(List::of(root)).issue();
        Trial::new(&[root], &[], &leaf).lists(&[&list]).code()
    };
    let silent = Spec::root("root").with(usage(CERT_SIGN)).issue();
    assert_eq!(judge(&silent, &|list| list), "IDX-0052");
    let root = Spec::root("root").issue();
    assert_eq!(judge(&root, &|list| list), "ok");
    assert_eq!(judge(&root, &|list| list.with(ext(IDP, true, seq(&[tlv(0x82, &[0xff])])))), "IDX-0051");
    assert_eq!(judge(&root, &|list| list.set(|list| list.next_update = utc("231231235959Z"))), "IDX-0050");
    assert_eq!(judge(&root, &|list| list.set(|list| list.next_update = Vec::new())), "IDX-0050");
    assert_eq!(judge(&root, &|list| list.set(|list| list.issuer = cn("other"))), "IDX-0047");
}

#[test]
fn threat_37_encodings_that_are_not_der_are_refused() {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).issue();
    let judge = |der: Vec<u8>| {
        let entity = Entity { der, spec: leaf.spec.clone() };
        Trial::new(&[&root], &[], &entity).code()
    };
    assert_eq!(judge(leaf.der.clone()), "ok");
    assert_eq!(judge([leaf.der.as_slice(), &[0]].concat()), "IDX-0001");
    // The length in three octets instead of two, and indefinite.
    assert_eq!(judge([&[0x30, 0x83, 0], &leaf.der[2..]].concat()), "IDX-0001");
    assert_eq!(judge([&[0x30, 0x80], &leaf.der[4..], &[0, 0]].concat()), "IDX-0001");
    assert_eq!(judge(Vec::new()), "IDX-0001");
    let change = |change: &dyn Fn(Spec) -> Spec| judge(change(Spec::leaf(&root)).issue().der);
    // An encoded default, a padded integer, an unsorted set, a boolean of 1.
    let explicit = ext(BASIC, true, seq(&[vec![1, 1, 0]]));
    assert_eq!(change(&|spec| spec.with(explicit.clone())), "IDX-0018");
    let one = ext(BASIC, true, seq(&[vec![1, 1, 1]]));
    assert_eq!(change(&|spec| spec.with(one.clone())), "IDX-0018");
    let padded = ext(KEY_USAGE, false, vec![3, 2, 0, 0x80]);
    assert_eq!(change(&|spec| spec.with(padded.clone())), "IDX-0018");
    let attribute = |value: &[u8]| seq(&[oid(&[0x55, 4, 3]), tlv(0x0c, value)]);
    let unsorted = seq(&[tlv(0x31, &[attribute(b"b"), attribute(b"a")].concat())]);
    assert_eq!(change(&|spec| spec.set(|spec| spec.subject = unsorted.clone())), "IDX-0001");
    let trailing = ext(SKI, false, [tlv(4, &[1]), vec![0]].concat());
    assert_eq!(change(&|spec| spec.with(trailing.clone())), "IDX-0018");
}

#[test]
fn threat_50_small_order_and_non_canonical_ed25519_are_refused() {
    let spki = |point: [u8; 32]| Key::Raw(seq(&[seq(&[oid(&[0x2b, 0x65, 0x70])]), bits(&point)]));
    let mut identity = [0; 32];
    identity[0] = 1;
    for point in [identity, [0; 32]] {
        assert_eq!(at(2, |spec| spec.keyed(spki(point))), "IDX-0010");
    }
    // Adding the group order to S gives a second encoding of the same signature.
    let root = Spec::root("root").keyed(Key::ed25519("root")).issue();
    let mut leaf = Spec::leaf(&root).issue();
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let start = leaf.der.len() - 32;
    let mut carry = 0u16;
    for (octet, addend) in leaf.der[start..].iter_mut().zip(order) {
        let sum = u16::from(*octet) + u16::from(addend) + carry;
        *octet = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0011");
}
