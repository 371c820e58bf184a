//! Subject alternative names: their syntax, and how expected names match them.

use autoid_core::x509::{PeerName, Purpose};

use super::{Case, forge::*, run};

/// A leaf with these names, asked for a host.
fn asked(names: &[Vec<u8>], host: &'static str) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(san(names)).issue();
    Trial::new(&[&root], &[], &leaf).host(host).code()
}

fn mailbox(names: &[Vec<u8>], expected: &[&'static str]) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(san(names)).with(eku(&[CLIENT])).issue();
    let expected: Vec<_> = expected.iter().map(|name| PeerName::Rfc822(name)).collect();
    Trial::new(&[&root], &[], &leaf).names(&expected).client(&[Purpose::ClientAuth]).code()
}

fn leaf(change: impl FnOnce(Spec) -> Spec) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = change(Spec::leaf(&root)).issue();
    Trial::new(&[&root], &[], &leaf).code()
}

const HOSTS: &[Case] = &[
    ("exact", "ok", || asked(&[dns("example.com")], "example.com")),
    ("other case", "ok", || asked(&[dns("Example.COM")], "eXample.com")),
    ("one of several", "ok", || asked(&[dns("a.example.com"), dns("example.com")], "example.com")),
    ("another domain", "IDX-0041", || asked(&[dns("example.com")], "example2.com")),
    ("another label", "IDX-0041", || asked(&[dns("abc.example.com")], "def.example.com")),
    ("below the name", "IDX-0041", || asked(&[dns("example.com")], "abc.example.com")),
    ("above the name", "IDX-0041", || asked(&[dns("abc.example.com")], "example.com")),
    ("wildcard", "ok", || asked(&[dns("*.example.com")], "foo.example.com")),
    ("wildcard for two labels", "IDX-0041", || asked(&[dns("*.example.com")], "foo.bar.example.com")),
    ("wildcard for none", "IDX-0041", || asked(&[dns("*.example.com")], "example.com")),
    ("wildcard for a top-level domain", "IDX-0041", || asked(&[dns("*.com")], "example.com")),
    ("wildcard in a label", "IDX-0039", || asked(&[dns("ba*.example.com")], "baz.example.com")),
    ("wildcard not first", "IDX-0039", || asked(&[dns("foo.*.example.com")], "foo.bar.example.com")),
    ("wildcard in an A-label", "IDX-0039", || {
        asked(&[dns("xn--*-1b3c148a.example.com")], "xn--bliss-1b3c148a.example.com")
    }),
    ("wildcard alone", "IDX-0039", || asked(&[dns("*")], "example.com")),
    ("not ASCII", "IDX-0018", || asked(&[dns("\u{1f61c}.example.com")], "xn--628h.example.com")),
    ("underscore", "IDX-0039", || asked(&[dns("foo_bar.example.com")], "foo_bar.example.com")),
    ("leading period", "IDX-0039", || asked(&[dns(".example.com"), dns("example.com")], "example.com")),
    ("trailing period", "IDX-0039", || asked(&[dns("example.com.")], "example.com")),
    ("empty name", "IDX-0039", || asked(&[dns(""), dns("example.com")], "example.com")),
    ("address as host name", "IDX-0039", || asked(&[dns("127.0.0.1")], "example.com")),
    ("expected name with an underscore", "IDX-0042", || asked(&[dns("example.com")], "a_b.example.com")),
    ("expected name not ASCII", "IDX-0042", || asked(&[dns("example.com")], "b\u{fc}cher.example")),
];

const FORMS: &[Case] = &[
    ("no alternative name, name in the common name", "IDX-0040", || leaf(|spec| spec.without(SAN))),
    ("no alternative name, none expected", "ok", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).without(SAN).issue();
        Trial::new(&[&root], &[], &leaf).names(&[]).code()
    }),
    ("no name at all", "IDX-0012", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).without(SAN).set(|spec| spec.subject = seq(&[])).issue();
        Trial::new(&[&root], &[], &leaf).names(&[]).code()
    }),
    ("extension that is no sequence", "IDX-0018", || {
        leaf(|spec| spec.with(ext(SAN, false, b"example.com".to_vec())))
    }),
    ("empty list", "IDX-0018", || leaf(|spec| spec.with(san(&[])))),
    ("not critical with an empty subject", "IDX-0019", || {
        leaf(|spec| spec.set(|spec| spec.subject = seq(&[])))
    }),
    ("critical with an empty subject", "ok", || {
        leaf(|spec| {
            let names = Ext { critical: true, ..san(&[dns("example.com")]) };
            spec.set(|spec| spec.subject = seq(&[])).with(names)
        })
    }),
    ("critical with a subject", "IDX-0019", || {
        leaf(|spec| spec.with(Ext { critical: true, ..san(&[dns("example.com")]) }))
    }),
    ("IPv4 address", "ok", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).with(san(&[ip(&[127, 0, 0, 1])])).issue();
        Trial::new(&[&root], &[], &leaf).names(&[PeerName::Ip([127, 0, 0, 1].into())]).code()
    }),
    ("address range as address", "IDX-0039", || {
        asked(&[ip(&[192, 0, 2, 0, 255, 255, 255, 0]), dns("example.com")], "example.com")
    }),
    ("another address", "IDX-0041", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).with(san(&[ip(&[127, 0, 0, 1])])).issue();
        Trial::new(&[&root], &[], &leaf).names(&[PeerName::Ip([127, 0, 0, 2].into())]).code()
    }),
    ("URI of a DID", "ok", || asked(&[uri("did:auto:test:zabc"), dns("example.com")], "example.com")),
    ("relative URI", "IDX-0039", || asked(&[uri("/path"), dns("example.com")], "example.com")),
    ("other name", "ok", || asked(&[other_name(), dns("example.com")], "example.com")),
    ("empty directory name", "IDX-0039", || {
        asked(&[directory(&seq(&[])), dns("example.com")], "example.com")
    }),
];

const MAILBOXES: &[Case] = &[
    ("exact", "ok", || mailbox(&[mail("user@example.com")], &["user@example.com"])),
    ("host in another case", "ok", || mailbox(&[mail("user@EXAMPLE.com")], &["user@example.com"])),
    ("user in another case", "IDX-0041", || mailbox(&[mail("User@example.com")], &["user@example.com"])),
    ("another user", "IDX-0041", || mailbox(&[mail("user@example.com")], &["other@example.com"])),
    ("another host", "IDX-0041", || mailbox(&[mail("user@example.com")], &["user@example.org"])),
    ("two of two", "ok", || mailbox(&[mail("a@x.org"), mail("b@x.org")], &["a@x.org", "b@x.org"])),
    ("two of one", "IDX-0041", || mailbox(&[mail("a@x.org")], &["a@x.org", "b@x.org"])),
    ("host name only", "IDX-0041", || mailbox(&[dns("example.com")], &["user@example.com"])),
    ("two at signs", "IDX-0039", || {
        mailbox(&[mail("good@example.com"), mail("bad@address@example.com")], &["good@example.com"])
    }),
    ("quoted at sign", "IDX-0039", || mailbox(&[mail("\"a@b\"@example.com")], &["good@example.com"])),
];

#[test]
fn host_names_match_as_rfc_9525_says() {
    run(HOSTS);
}

#[test]
fn every_form_is_checked() {
    run(FORMS);
}

#[test]
fn mailboxes_match_with_case_before_the_at_sign() {
    run(MAILBOXES);
}
