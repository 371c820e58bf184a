//! The entry point.

use alloc::vec::Vec;

use super::{
    certificate::Certificate,
    crl::{Crl, compare_numbers},
    error::{CertRef, X509Error},
    general_name::GeneralName,
    limits::INPUTS_MAX,
    profile::Goal,
    request::{AltName, PathRequest, VerifiedPath},
    search::{Found, Pool, Search},
};

/// Verifies a certificate: finds a path to a trust anchor that every rule allows.
///
/// # Errors
/// The most telling of the refusals met: of the leaf itself, of a complete path, or of the certificate
/// where the search got stuck.
pub fn verify_path<'a>(request: &PathRequest<'a>) -> Result<VerifiedPath<'a>, X509Error> {
    if request.trust_anchors.is_empty() {
        return Err(X509Error::NoTrustAnchor);
    }
    let lists = [request.trust_anchors.len(), request.intermediates.len(), request.crls.len()];
    if lists.iter().any(|count| *count > INPUTS_MAX) {
        return Err(X509Error::TooManyInputs);
    }
    let understood = request.understood_extensions;
    let leaf = Certificate::parse(request.leaf, CertRef::Leaf, understood)?;
    let parse = |given: &[&'a [u8]], place: fn(usize) -> CertRef| {
        let numbered = given.iter().enumerate();
        numbered.map(|(index, der)| Certificate::parse(der, place(index), understood)).collect::<Vec<_>>()
    };
    let mut crls: Vec<_> =
        request.crls.iter().enumerate().map(|(index, der)| Crl::parse(der, index)).collect();
    // The newest list is asked first, so that an older one cannot speak in its place.
    crls.sort_by(|a, b| match (a, b) {
        (Ok(a), Ok(b)) => compare_numbers(b.number, a.number),
        (a, b) => b.is_ok().cmp(&a.is_ok()),
    });
    let pool = Pool {
        anchors: parse(request.trust_anchors, CertRef::Anchor),
        intermediates: parse(request.intermediates, CertRef::Intermediate),
        crls,
    };
    let mut search = Search::new(request, &pool);
    let found = search.find(&leaf, Goal::Peer, 0)?;
    Ok(answer(&leaf, found))
}

fn answer<'a>(leaf: &Certificate<'a>, found: Found<'_, 'a>) -> VerifiedPath<'a> {
    let Found { path, policies } = found;
    let certificates = path.certificates.iter().copied().chain([path.anchor]);
    let ends = certificates.clone().map(|certificate| certificate.not_after.unix);
    let names = leaf.extensions.alt_names.iter().flat_map(|names| names.list.iter());
    VerifiedPath {
        chain: certificates.map(|certificate| certificate.at).collect(),
        spki: leaf.spki,
        subject: leaf.subject.raw,
        issuer: leaf.issuer.raw,
        serial: leaf.serial,
        names: names.filter_map(alt_name).collect(),
        not_after: ends.min().unwrap_or(leaf.not_after.unix),
        policies,
        validity: (leaf.not_before.unix, leaf.not_after.unix),
        authority: leaf.extensions.basic.filter(|basic| basic.ca).map(|basic| basic.path_length),
        others: leaf.extensions.others.iter().map(|other| (other.kind, other.value)).collect(),
    }
}

fn alt_name<'a>(name: &GeneralName<'a>) -> Option<AltName<'a>> {
    let text = |bytes: &'a [u8]| core::str::from_utf8(bytes).ok();
    match name {
        GeneralName::Dns(bytes) => text(bytes).map(AltName::Dns),
        GeneralName::Rfc822(bytes) => text(bytes).map(AltName::Rfc822),
        GeneralName::Uri(bytes) => text(bytes).map(AltName::Uri),
        GeneralName::Ip(octets) => Some(AltName::Ip(octets)),
        GeneralName::Directory(name) => Some(AltName::Directory(name.raw)),
        _ => None,
    }
}
