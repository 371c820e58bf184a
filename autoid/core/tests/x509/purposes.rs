//! Key usage and extended key usage, and the Web PKI profile.

use autoid_core::x509::{KeyUsage, Profile, Purpose};

use super::{Case, forge::*, run};

const MAIL: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 4];
const STAMP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];
const PRECERTIFICATE: &[u8] = &[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 4];

/// A server's leaf with these purposes.
fn server(purposes: &[&[u8]]) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(eku(purposes)).issue();
    Trial::new(&[&root], &[], &leaf)
        .change(|request| request.extended_key_usage = &[Purpose::ServerAuth])
        .code()
}

/// A client's leaf with these purposes, asked for one of them.
fn client(purposes: &[&[u8]], wanted: &'static [Purpose<'static>]) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(eku(purposes)).issue();
    Trial::new(&[&root], &[], &leaf).client(wanted).code()
}

fn under(purposes: &[&[u8]]) -> &'static str {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(eku(purposes)).issue();
    let leaf = Spec::leaf(&ca).issue();
    Trial::new(&[&root], &[&ca], &leaf).code()
}

const PURPOSES: &[Case] = &[
    ("server", "ok", || server(&[SERVER])),
    ("server and client", "ok", || server(&[SERVER, CLIENT])),
    ("client instead of server", "IDX-0026", || server(&[CLIENT])),
    ("empty list", "IDX-0018", || server(&[])),
    ("server and any", "IDX-0027", || server(&[SERVER, ANY_EKU])),
    ("server and code signing", "IDX-0027", || server(&[SERVER, CODE])),
    ("server and mail", "IDX-0027", || server(&[SERVER, MAIL])),
    ("server and time stamps", "IDX-0027", || server(&[SERVER, STAMP])),
    ("server and OCSP", "IDX-0027", || server(&[SERVER, OCSP])),
    ("precertificates", "IDX-0027", || server(&[PRECERTIFICATE])),
    ("server and precertificates", "IDX-0027", || server(&[SERVER, PRECERTIFICATE])),
    ("critical list of a server", "IDX-0027", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).with(Ext { critical: true, ..eku(&[SERVER]) }).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("root with purposes", "IDX-0027", || {
        let root = Spec::root("root").with(eku(&[SERVER])).issue();
        let leaf = Spec::leaf(&root).issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
    ("CA for servers", "ok", || under(&[SERVER, CLIENT])),
    ("CA for any purpose", "ok", || under(&[ANY_EKU])),
    ("CA for clients only", "IDX-0026", || under(&[CLIENT])),
    ("client", "ok", || client(&[CLIENT], &[])),
    ("client by any purpose", "ok", || client(&[ANY_EKU], &[])),
    ("another purpose", "ok", || client(&[CODE], &[Purpose::CodeSigning])),
    ("any purpose wanted", "ok", || client(&[CODE], &[Purpose::Any])),
    ("own purpose", "ok", || client(&[UNKNOWN], &[Purpose::Other(UNKNOWN)])),
    ("own purpose missing", "IDX-0026", || client(&[CLIENT], &[Purpose::Other(UNKNOWN)])),
    ("two wanted, one listed", "IDX-0026", || {
        client(&[CLIENT], &[Purpose::ClientAuth, Purpose::CodeSigning])
    }),
    ("mail", "ok", || client(&[MAIL], &[Purpose::EmailProtection])),
    ("mail and server", "IDX-0027", || client(&[MAIL, SERVER], &[Purpose::EmailProtection])),
];

fn used(bits: u16, wanted: &'static [KeyUsage]) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(usage(bits)).issue();
    Trial::new(&[&root], &[], &leaf).change(move |request| request.key_usage = wanted).code()
}

const USAGES: &[Case] = &[
    ("listed", "ok", || used(DIGITAL_SIGNATURE, &[KeyUsage::DigitalSignature])),
    ("not listed", "IDX-0025", || used(DIGITAL_SIGNATURE, &[KeyUsage::KeyEncipherment])),
    ("one of two", "IDX-0025", || {
        used(DIGITAL_SIGNATURE, &[KeyUsage::DigitalSignature, KeyUsage::KeyEncipherment])
    }),
    ("last bit", "ok", || used(DIGITAL_SIGNATURE | 0x0880, &[KeyUsage::DecipherOnly])),
    ("no list", "ok", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root).without(KEY_USAGE).issue();
        Trial::new(&[&root], &[], &leaf)
            .change(|request| request.key_usage = &[KeyUsage::KeyEncipherment])
            .code()
    }),
    ("no bit set", "IDX-0018", || used(0, &[])),
    ("encryption with a key that only signs", "IDX-0024", || {
        let root = Spec::root("root").issue();
        let leaf = Spec::leaf(&root)
            .keyed(Key::ed25519("leaf"))
            .with(usage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT))
            .issue();
        Trial::new(&[&root], &[], &leaf).code()
    }),
];

fn web(change: impl FnOnce(Spec) -> Spec, host: &'static str) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = change(Spec::leaf(&root).valid("20230101000000", "20250101000000")).issue();
    let long = Spec::root("root").set(|spec| spec.not_after = generalized("20990101000000Z")).issue();
    Trial::new(&[&long], &[], &leaf).host(host).change(|request| request.profile = Profile::WebPki).code()
}

fn named(name: &str, names: &[Vec<u8>], expected: autoid_core::x509::PeerName<'static>) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).with(san(names)).set(|spec| spec.subject = cn(name)).issue();
    Trial::new(&[&root], &[], &leaf)
        .names(&[expected])
        .change(|request| request.profile = Profile::WebPki)
        .code()
}

fn address(name: &str, octets: &[u8]) -> &'static str {
    let expected: std::net::IpAddr = match *octets {
        [a, b, c, d] => [a, b, c, d].into(),
        _ => <[u8; 16]>::try_from(octets).unwrap().into(),
    };
    named(name, &[ip(octets)], autoid_core::x509::PeerName::Ip(expected))
}

const EIGHT: [u8; 16] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1];

const WEB_PKI: &[Case] = &[
    ("plain", "ok", || web(|spec| spec, "example.com")),
    ("without purposes", "IDX-0053", || web(|spec| spec.without(EKU), "example.com")),
    ("CA as leaf", "IDX-0053", || {
        web(|spec| spec.with(basic(true, None)).with(usage(DIGITAL_SIGNATURE | CERT_SIGN)), "example.com")
    }),
    ("early GeneralizedTime", "IDX-0013", || {
        web(|spec| spec.set(|spec| spec.not_before = generalized("20230101000000Z")), "example.com")
    }),
    ("name constraints that are not critical", "ok", || {
        let limit = Ext { critical: false, ..constraints(Some(&[dns("example.com")]), None) };
        let root = Spec::root("root").with(limit).issue();
        let leaf = Spec::leaf(&root).issue();
        Trial::new(&[&root], &[], &leaf).change(|request| request.profile = Profile::WebPki).code()
    }),
    ("common name elsewhere", "IDX-0053", || web(|spec| spec.with(san(&[dns("a.org")])), "a.org")),
    ("common name in another case", "IDX-0053", || {
        web(|spec| spec.set(|spec| spec.subject = cn("Example.COM")), "example.com")
    }),
    ("address as common name", "ok", || address("192.168.1.1", &[192, 168, 1, 1])),
    ("address in hexadecimal", "IDX-0053", || address("0xC0A80101", &[192, 168, 1, 1])),
    ("address with zeros", "IDX-0053", || address("192.168.001.001", &[192, 168, 1, 1])),
    ("IPv6 compressed", "ok", || address("2001:db8::1:0:0:1", &EIGHT)),
    ("IPv6 not compressed", "IDX-0053", || address("2001:db8:0:0:1:0:0:1", &EIGHT)),
    ("IPv6 in capitals", "IDX-0053", || address("2001:DB8::1:0:0:1", &EIGHT)),
];

#[test]
fn purposes_are_held_to() {
    run(PURPOSES);
}

#[test]
fn key_usages_are_held_to() {
    run(USAGES);
}

#[test]
fn the_web_pki_profile_adds_its_rules() {
    run(WEB_PKI);
}
