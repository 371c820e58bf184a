//! The certificate profile of RFC 5280 section 4, and the Web PKI's where it does not contradict it.

use super::{Case, forge::*, run};

fn root() -> Entity {
    Spec::root("root").issue()
}

/// A leaf right below the root, changed.
fn leaf(change: impl FnOnce(Spec) -> Spec) -> &'static str {
    let root = root();
    let leaf = change(Spec::leaf(&root)).issue();
    Trial::new(&[&root], &[], &leaf).code()
}

/// A plain leaf below a changed root.
fn below_root(change: impl FnOnce(Spec) -> Spec) -> &'static str {
    let root = change(Spec::root("root")).issue();
    let leaf = Spec::leaf(&root).issue();
    Trial::new(&[&root], &[], &leaf).code()
}

/// A plain leaf below a changed intermediate.
fn below_ca(change: impl FnOnce(Spec) -> Spec) -> &'static str {
    let root = root();
    let ca = change(Spec::ca(&root, "ca")).issue();
    let leaf = Spec::leaf(&ca).issue();
    Trial::new(&[&root], &[&ca], &leaf).code()
}

const EXTENSIONS: &[Case] = &[
    ("plain leaf", "ok", || leaf(|spec| spec)),
    ("plain intermediate", "ok", || below_ca(|spec| spec)),
    ("leaf without key usage", "ok", || leaf(|spec| spec.without(KEY_USAGE))),
    ("leaf without purposes", "ok", || leaf(|spec| spec.without(EKU))),
    ("leaf with basic constraints of no CA", "ok", || leaf(|spec| spec.with(basic(false, None)))),
    ("unknown critical extension on the leaf", "IDX-0017", || {
        leaf(|spec| spec.with(ext(UNKNOWN, true, Vec::new())))
    }),
    ("unknown extension on the leaf", "ok", || leaf(|spec| spec.with(ext(UNKNOWN, false, Vec::new())))),
    ("unknown critical extension on the root", "IDX-0017", || {
        below_root(|spec| spec.with(ext(UNKNOWN, true, Vec::new())))
    }),
    ("unknown critical extension on the intermediate", "IDX-0017", || {
        below_ca(|spec| spec.with(ext(UNKNOWN, true, Vec::new())))
    }),
    ("the same extension twice", "IDX-0016", || {
        leaf(|spec| spec.set(|spec| spec.extensions.push(san(&[dns("example.com")]))))
    }),
    ("critical authority key identifier", "IDX-0019", || {
        below_root(|spec| {
            let identifier = Ext { critical: true, ..aki(&spec.key) };
            spec.with(identifier)
        })
    }),
    ("leaf without authority key identifier", "IDX-0020", || leaf(|spec| spec.without(AKI))),
    ("intermediate without authority key identifier", "IDX-0020", || below_ca(|spec| spec.without(AKI))),
    ("critical subject key identifier", "IDX-0019", || {
        below_root(|spec| {
            let identifier = Ext { critical: true, ..ski(&spec.key) };
            spec.with(identifier)
        })
    }),
    ("root without subject key identifier", "IDX-0020", || below_root(|spec| spec.without(SKI))),
    ("intermediate without subject key identifier", "IDX-0020", || below_ca(|spec| spec.without(SKI))),
    ("anchor that is not self-issued without authority key identifier", "IDX-0020", || {
        let above = root();
        let anchor = Spec::ca(&above, "cross").without(AKI).issue();
        let leaf = Spec::leaf(&anchor).issue();
        Trial::new(&[&anchor], &[], &leaf).code()
    }),
    ("self-signed anchor under another issuer's name", "ok", || {
        below_root(|spec| spec.set(|spec| spec.issuer = cn("somebody")))
    }),
    ("root naming no key as its authority", "IDX-0021", || {
        below_root(|spec| spec.with(ext(AKI, false, seq(&[]))))
    }),
    ("root naming another key as its authority", "IDX-0021", || {
        below_root(|spec| spec.with(aki(&Key::p256("another"))))
    }),
    ("root naming its own key as its authority", "ok", || {
        below_root(|spec| {
            let identifier = aki(&spec.key);
            spec.with(identifier)
        })
    }),
    ("root naming a certificate as its authority", "IDX-0021", || {
        below_root(|spec| {
            let parts = [tlv(0x80, &spec.key.id()), tlv(0xa1, &directory(&cn("x"))), tlv(0x82, &[5])];
            spec.with(ext(AKI, false, seq(&parts)))
        })
    }),
    ("root naming an issuer without a serial number", "IDX-0018", || {
        below_root(|spec| {
            let parts = [tlv(0x80, &spec.key.id()), tlv(0xa1, &directory(&cn("x")))];
            spec.with(ext(AKI, false, seq(&parts)))
        })
    }),
    ("information access", "ok", || leaf(|spec| spec.with(ext(AIA, false, access())))),
    ("critical information access", "IDX-0019", || leaf(|spec| spec.with(ext(AIA, true, access())))),
    ("malformed information access", "IDX-0018", || {
        leaf(|spec| spec.with(ext(AIA, false, b"malformed".to_vec())))
    }),
    ("policy constraints that are not critical", "IDX-0019", || {
        below_ca(|spec| spec.with(ext(POLICY_CONSTRAINTS, false, seq(&[tlv(0x80, &[3])]))))
    }),
    ("policy constraints beside policies that are not critical", "ok", || {
        let any = ext(POLICIES, false, seq(&[seq(&[oid(&[0x55, 0x1d, 0x20, 0])])]));
        below_ca(|spec| spec.with(any.clone()).with(ext(POLICY_CONSTRAINTS, false, seq(&[tlv(0x80, &[3])]))))
    }),
    ("inhibit any-policy that is not critical", "IDX-0019", || {
        below_ca(|spec| spec.with(ext(INHIBIT_ANY, false, int(&[0]))))
    }),
];

fn access() -> Vec<u8> {
    seq(&[seq(&[oid(&[0x2b, 6, 1, 5, 5, 7, 0x30, 2]), dns("example.com")])])
}

const AUTHORITY: &[Case] = &[
    ("intermediate that is no CA", "IDX-0022", || below_ca(|spec| spec.with(basic(false, None)))),
    ("intermediate without basic constraints", "IDX-0022", || below_ca(|spec| spec.without(BASIC))),
    ("intermediate without basic constraints and usage", "IDX-0022", || {
        below_ca(|spec| spec.without(BASIC).without(KEY_USAGE))
    }),
    ("intermediate without keyCertSign", "IDX-0023", || below_ca(|spec| spec.with(usage(DIGITAL_SIGNATURE)))),
    ("intermediate without key usage", "ok", || below_ca(|spec| spec.without(KEY_USAGE))),
    ("intermediate with basic constraints that are not critical", "ok", || {
        below_ca(|spec| spec.with(Ext { critical: false, ..basic(true, None) }))
    }),
    ("root without basic constraints", "IDX-0022", || below_root(|spec| spec.without(BASIC))),
    ("root with basic constraints that are not critical", "IDX-0019", || {
        below_root(|spec| spec.with(Ext { critical: false, ..basic(true, None) }))
    }),
    ("root without keyCertSign", "IDX-0023", || below_root(|spec| spec.with(usage(DIGITAL_SIGNATURE)))),
    ("root with an empty key usage", "IDX-0018", || below_root(|spec| spec.with(usage(0)))),
    ("path length on a certificate that is no CA", "IDX-0018", || {
        leaf(|spec| spec.with(basic(false, Some(0))))
    }),
    ("leaf with keyCertSign that is no CA", "IDX-0024", || {
        leaf(|spec| spec.with(basic(false, None)).with(usage(DIGITAL_SIGNATURE | CERT_SIGN)))
    }),
    ("leaf that is a CA by basic constraints only", "IDX-0024", || leaf(|spec| spec.with(basic(true, None)))),
    ("CA as leaf", "ok", || {
        let root = root();
        let ca = Spec::ca(&root, "ca").with(san(&[dns("ca.example.com")])).issue();
        Trial::new(&[&root], &[], &ca).host("ca.example.com").code()
    }),
    ("CA as leaf for another name", "IDX-0041", || {
        let root = root();
        let ca = Spec::ca(&root, "ca").with(san(&[dns("ca.example.com")])).issue();
        Trial::new(&[&root], &[], &ca).host("other.example.com").code()
    }),
    ("intermediate as anchor beside its root", "ok", || {
        let root = root();
        let ca = Spec::ca(&root, "ca").issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&ca], &[&root], &leaf).code()
    }),
    ("unrelated anchor", "IDX-0030", || {
        let (root, other) = (root(), Spec::root("other").issue());
        let ca = Spec::ca(&root, "ca").issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&other], &[&root, &ca], &leaf).code()
    }),
    ("no intermediate given", "IDX-0030", || {
        let root = root();
        let ca = Spec::ca(&root, "ca").issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("broken certificates that do not belong to the path", "ok", || {
        let root = root();
        let bad_root = Spec::root("bad root").with(ext(UNKNOWN, true, Vec::new())).issue();
        let bad_ca = Spec::ca(&root, "bad ca").with(ext(UNKNOWN, true, Vec::new())).issue();
        let ca = Spec::ca(&root, "ca").issue();
        let leaf = Spec::leaf(&ca).issue();
        Trial::new(&[&bad_root, &root], &[&bad_ca, &ca], &leaf).code()
    }),
];

const FIELDS: &[Case] = &[
    ("empty issuer", "IDX-0012", || leaf(|spec| spec.set(|spec| spec.issuer = seq(&[])))),
    ("CA with an empty subject", "IDX-0012", || {
        let root = Spec::root("root").set(|spec| spec.subject = seq(&[])).issue();
        let leaf = Spec::leaf(&root).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("CA as leaf with an empty subject", "IDX-0012", || {
        let root = root();
        let ca = Spec::ca(&root, "ca").set(|spec| spec.subject = seq(&[])).issue();
        Trial::new(&[&root], &[], &ca).names(&[]).code()
    }),
    ("version 1", "IDX-0003", || {
        leaf(|spec| spec.set(|spec| (spec.version, spec.extensions) = (Vec::new(), Vec::new())))
    }),
    ("version 2", "IDX-0003", || leaf(|spec| spec.set(|spec| spec.version = tlv(0xa0, &int(&[1]))))),
    ("version 4", "IDX-0003", || leaf(|spec| spec.set(|spec| spec.version = tlv(0xa0, &int(&[3]))))),
    ("serial of 20 octets", "ok", || leaf(|spec| spec.set(|spec| spec.serial = vec![0x7f; 20]))),
    ("serial of 21 octets", "IDX-0004", || leaf(|spec| spec.set(|spec| spec.serial = vec![0x7f; 21]))),
    ("serial zero", "IDX-0004", || leaf(|spec| spec.set(|spec| spec.serial = vec![0]))),
    ("negative serial", "IDX-0004", || leaf(|spec| spec.set(|spec| spec.serial = vec![0x80]))),
    ("another outer algorithm", "IDX-0006", || {
        leaf(|spec| spec.set(|spec| spec.outer = Some(Key::p384("x").algorithm())))
    }),
    ("outer algorithm with parameters", "IDX-0006", || {
        let parameters = seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]), vec![5, 0]]);
        leaf(|spec| spec.set(|spec| spec.outer = Some(parameters)))
    }),
];

const TIMES: &[Case] = &[
    ("expired root", "IDX-0015", || below_root(|spec| spec.valid("20160101000000", "20200101000000"))),
    ("expired intermediate", "IDX-0015", || below_ca(|spec| spec.valid("20160101000000", "20200101000000"))),
    ("expired leaf", "IDX-0015", || leaf(|spec| spec.valid("20160101000000", "20231231235959"))),
    ("root that is not valid yet", "IDX-0014", || {
        below_root(|spec| spec.valid("20240101000001", "20300101000000"))
    }),
    ("leaf that is not valid yet", "IDX-0014", || {
        leaf(|spec| spec.valid("20240101000001", "20300101000000"))
    }),
    ("the first second", "ok", || leaf(|spec| spec.valid("20240101000000", "20300101000000"))),
    ("the last second", "ok", || leaf(|spec| spec.valid("20230101000000", "20240101000000"))),
    ("validity that ends before it begins", "IDX-0013", || {
        leaf(|spec| spec.valid("20250101000000", "20230101000000"))
    }),
    ("UTCTime before 2000", "ok", || leaf(|spec| spec.valid("19500101120100", "20300101000000"))),
    ("GeneralizedTime before 2050", "ok", || {
        leaf(|spec| spec.set(|spec| spec.not_before = generalized("20020101120100Z")))
    }),
    ("time without seconds", "IDX-0001", || {
        leaf(|spec| spec.set(|spec| spec.not_before = utc("2301010000Z")))
    }),
    ("time with an offset", "IDX-0001", || {
        leaf(|spec| spec.set(|spec| spec.not_before = utc("230101000000+0000")))
    }),
    ("no well-defined end", "ok", || {
        leaf(|spec| spec.set(|spec| spec.not_after = generalized("99991231235959Z")))
    }),
];

#[test]
fn extensions_follow_their_definitions() {
    run(EXTENSIONS);
}

#[test]
fn issuers_have_authority() {
    run(AUTHORITY);
}

#[test]
fn fields_follow_the_profile() {
    run(FIELDS);
}

#[test]
fn validity_is_inclusive() {
    run(TIMES);
}
