//! Chains made by rcgen, an encoder independent of this crate's tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use autoid_core::x509::{PathRequest, PeerName, X509Error, verify_path};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};

const NOW: i64 = 1_704_067_200;

fn ca(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn leaf(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn verify(anchor: &[u8], intermediate: &[u8], leaf: &[u8], host: &str) -> Result<usize, X509Error> {
    let (anchors, between, names) = ([anchor], [intermediate], [PeerName::Dns(host)]);
    let request = PathRequest {
        intermediates: &between,
        expected_peer_names: &names,
        ..PathRequest::new(&anchors, leaf, NOW)
    };
    verify_path(&request).map(|found| found.chain.len())
}

#[test]
fn a_chain_with_name_constraints_verifies() {
    let root = CertifiedIssuer::self_signed(ca("root"), KeyPair::generate().unwrap()).unwrap();
    let mut params = ca("ca");
    params.use_authority_key_identifier_extension = true;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".into())],
        excluded_subtrees: vec![GeneralSubtree::DnsName("no.example.com".into())],
    });
    let below = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
    let issue = |host: &str| leaf(host).signed_by(&KeyPair::generate().unwrap(), &below).unwrap();
    let judge = |host: &str| verify(root.der(), below.der(), issue(host).der(), host);
    assert_eq!(judge("a.example.com"), Ok(3));
    assert!(matches!(judge("no.example.com"), Err(X509Error::NameExcluded { .. })));
    assert!(matches!(judge("example.org"), Err(X509Error::NameNotPermitted { .. })));
}
