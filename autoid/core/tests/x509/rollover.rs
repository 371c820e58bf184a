//! CAs that change their key or spell their name in another way, as in groups 4.3 and 4.5 of NIST's PKITS.

use super::{Case, forge::*, run};

const COUNTRY: &[u8] = &[0x55, 4, 6];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];
const COMMON: &[u8] = &[0x55, 4, 3];
const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x19];

const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;
const TELETEX: u8 = 0x14;
const IA5: u8 = 0x16;
const BMP: u8 = 0x1e;

/// A name of a country, an organization and a common name in one string type.
fn three(tag: u8, organization: &str, common: &str) -> Vec<u8> {
    seq(&[
        rdn(COUNTRY, PRINTABLE, b"US"),
        rdn(ORGANIZATION, tag, organization.as_bytes()),
        rdn(COMMON, tag, common.as_bytes()),
    ])
}

/// A CA of one name, and a leaf and a list that call it by another.
fn called(subject: &[u8], issuer: &[u8]) -> &'static str {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").set(|spec| spec.subject = subject.to_vec()).issue();
    let leaf = Spec::leaf(&ca).set(|spec| spec.issuer = issuer.to_vec()).issue();
    let roots = List::of(&root).issue();
    let list = List::of(&ca).set(|list| list.issuer = issuer.to_vec());
    let judge = |list: List| Trial::new(&[&root], &[&ca], &leaf).lists(&[&roots, &list.issue()]).code();
    let found = judge(list.clone());
    if found == "ok" {
        assert_eq!(judge(list.revoking(&leaf.spec.serial)), "IDX-0046", "the list must be the CA's");
    }
    found
}

const SPELLINGS: &[Case] = &[
    ("the same", "ok", || {
        called(&three(PRINTABLE, "Test Certs", "CA"), &three(PRINTABLE, "Test Certs", "CA"))
    }),
    ("more white space", "ok", || {
        called(&three(PRINTABLE, "Test Certs", "Good CA"), &three(PRINTABLE, "  Test   Certs ", "Good  CA"))
    }),
    ("other case", "ok", || {
        called(&three(PRINTABLE, "Test Certs", "Good CA"), &three(PRINTABLE, "TEST certs", "good ca"))
    }),
    ("another string type", "ok", || {
        called(&three(PRINTABLE, "Test Certs", "Good CA"), &three(UTF8, "Test Certs", "Good CA"))
    }),
    ("another string type, case and space", "ok", || {
        called(&three(UTF8, "test Certs", " Good CA"), &three(PRINTABLE, "Test  Certs", "GOOD CA"))
    }),
    ("two octets a character", "ok", || {
        let wide = seq(&[
            rdn(COUNTRY, PRINTABLE, b"US"),
            rdn(ORGANIZATION, BMP, b"\0T\0e\0s\0t"),
            rdn(COMMON, BMP, b"\0C\0A"),
        ]);
        called(&wide, &three(PRINTABLE, "Test", "CA"))
    }),
    ("a string type that is compared by octets", "ok", || {
        called(&three(TELETEX, "T", "CA"), &three(TELETEX, "T", "CA"))
    }),
    ("a string type that is compared by octets, other case", "IDX-0030", || {
        called(&three(TELETEX, "T", "CA"), &three(TELETEX, "T", "ca"))
    }),
    ("domain components", "ok", || {
        let name = |text: &[u8]| seq(&[rdn(DOMAIN_COMPONENT, IA5, b"gov"), rdn(DOMAIN_COMPONENT, IA5, text)]);
        called(&name(b"testcertificates"), &name(b"TestCertificates"))
    }),
    ("another order", "IDX-0030", || {
        let swapped = seq(&[
            rdn(COUNTRY, PRINTABLE, b"US"),
            rdn(COMMON, PRINTABLE, b"CA"),
            rdn(ORGANIZATION, PRINTABLE, b"T"),
        ]);
        called(&three(PRINTABLE, "T", "CA"), &swapped)
    }),
    ("words run together", "IDX-0030", || {
        called(&three(PRINTABLE, "T", "Good CA"), &three(PRINTABLE, "T", "GoodCA"))
    }),
    ("one part less", "IDX-0030", || {
        called(&three(PRINTABLE, "T", "CA"), &seq(&[rdn(COMMON, PRINTABLE, b"CA")]))
    }),
    ("a longer end", "IDX-0030", || called(&three(PRINTABLE, "T", "CA"), &three(PRINTABLE, "T", "CAx"))),
];

#[test]
fn names_are_compared_by_their_words() {
    run(SPELLINGS);
}

#[test]
fn unique_identifiers_decide_nothing() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").set(|spec| spec.unique_ids = tlv(0x82, &[0, 1, 2, 3])).issue();
    let leaf = Spec::leaf(&ca).set(|spec| spec.unique_ids = tlv(0x81, &[0, 9])).issue();
    assert_eq!(Trial::new(&[&root], &[&ca], &leaf).code(), "ok");
    let broken = Spec::leaf(&ca).set(|spec| spec.unique_ids = tlv(0x81, &[])).issue();
    assert_eq!(Trial::new(&[&root], &[&ca], &broken).code(), "IDX-0001");
}

/// A CA with a second certificate that it issued to itself under another key: by its root, and by itself.
fn renewed(first: &str, second: &str) -> [Entity; 3] {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").keyed(Key::p256(first)).issue();
    let again = Spec::ca(&ca, "ca").keyed(Key::p256(second)).issue();
    [root, ca, again]
}

#[test]
fn one_list_covers_what_both_keys_of_a_ca_signed() {
    for [first, second] in [["new", "old"], ["old", "new"]] {
        let [root, ca, again] = renewed(first, second);
        let leaf = Spec::leaf(&again).issue();
        let roots = List::of(&root).issue();
        let judge =
            |list: List| Trial::new(&[&root], &[&ca, &again], &leaf).lists(&[&roots, &list.issue()]).code();
        assert_eq!(judge(List::of(&ca)), "ok");
        assert_eq!(judge(List::of(&ca).revoking(&leaf.spec.serial)), "IDX-0046");
        assert_eq!(judge(List::of(&ca).revoking(&again.spec.serial)), "IDX-0046");
        // The list of the second key would vouch for that key itself.
        assert_eq!(judge(List::of(&again)), "IDX-0052");
        assert_eq!(judge(List::of(&ca).set(|list| list.signer = Key::p256("third"))), "IDX-0052");
    }
}

#[test]
fn a_ca_may_issue_itself_a_key_for_lists_only() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let part = full(&[directory(&cn("part"))]);
    let signer = Spec::ca(&ca, "lists")
        .set(|spec| spec.subject = cn("ca"))
        .without(BASIC)
        .with(usage(CRL_SIGN))
        .with(ext(CRL_POINTS, false, seq(&[seq(std::slice::from_ref(&part))])))
        .issue();
    let leaf = Spec::leaf(&ca).issue();
    let roots = List::of(&root).issue();
    let partial = List::of(&ca).with(ext(IDP, true, seq(&[part])));
    let judge = |main: List, partial: &List, leaf: &Entity| {
        let lists = [main.issue(), partial.issue()];
        Trial::new(&[&root], &[&ca, &signer], leaf).lists(&[&roots, &lists[0], &lists[1]]).code()
    };
    assert_eq!(judge(List::of(&signer), &partial, &leaf), "ok");
    assert_eq!(judge(List::of(&signer).revoking(&leaf.spec.serial), &partial, &leaf), "IDX-0046");
    let revoked = partial.clone().revoking(&signer.spec.serial);
    assert_eq!(judge(List::of(&signer), &revoked, &leaf), "IDX-0052");
    // The key for lists signs no certificates.
    let forged = Spec::leaf(&signer).issue();
    assert_eq!(judge(List::of(&signer), &partial, &forged), "IDX-0022");
}

#[test]
fn a_list_of_its_own_may_cover_the_renewed_certificate() {
    let part = full(&[directory(&cn("part"))]);
    let [root, ca, again] = renewed("old", "new");
    let point = ext(CRL_POINTS, false, seq(&[seq(std::slice::from_ref(&part))]));
    let again = again.spec.with(point).issue();
    let roots = List::of(&root).issue();
    let partial = List::of(&ca).with(ext(IDP, true, seq(&[part])));
    // Whichever key signed the certificate, the new one signs the list of all but its own certificate.
    for (signer, refused) in [(&again, "IDX-0046"), (&ca, "IDX-0052")] {
        let leaf = Spec::leaf(signer).issue();
        let judge = |main: List, partial: &List| {
            let lists = [main.issue(), partial.issue()];
            let trial = Trial::new(&[&root], &[&ca, &again], &leaf);
            let there = trial.lists(&[&roots, &lists[0], &lists[1]]).code();
            let back = Trial::new(&[&root], &[&again, &ca], &leaf).lists(&[&lists[1], &lists[0], &roots]);
            assert_eq!(back.code() == "ok", there == "ok");
            there
        };
        assert_eq!(judge(List::of(&again), &partial), "ok");
        assert_eq!(judge(List::of(&again).revoking(&leaf.spec.serial), &partial), "IDX-0046");
        let revoked = partial.clone().revoking(&again.spec.serial);
        assert_eq!(judge(List::of(&again), &revoked), refused);
    }
}
