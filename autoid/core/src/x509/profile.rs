//! The rules a certificate must meet for its place in a path.

use alloc::vec::Vec;

use super::{
    certificate::Certificate,
    error::X509Error,
    extensions::{CRL_SIGN, ENCRYPTION_USES, KEY_CERT_SIGN},
    general_name::GeneralName,
    oid, peer,
    request::{PathRequest, PeerKind, Profile, Purpose},
};

/// What a path is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The certificate the caller asked about.
    Peer,
    /// The signer of a revocation list, under the anchor with this index.
    CrlSigner(usize),
}

/// Purposes that have no place beside TLS server authentication (CA/Browser Forum 7.1.2.7.10).
const NOT_WITH_SERVER: [&[u8]; 6] = [
    oid::ANY_EXTENDED_KEY_USAGE,
    oid::CODE_SIGNING,
    oid::EMAIL_PROTECTION,
    oid::TIME_STAMPING,
    oid::OCSP_SIGNING,
    oid::PRECERTIFICATE_SIGNING,
];
/// Purposes that have no place beside mail protection (S/MIME baseline requirements 7.1.2.3).
const NOT_WITH_MAIL: [&[u8]; 4] =
    [oid::ANY_EXTENDED_KEY_USAGE, oid::SERVER_AUTH, oid::CODE_SIGNING, oid::TIME_STAMPING];

/// Checks the leaf.
pub(crate) fn leaf(
    certificate: &Certificate<'_>,
    request: &PathRequest<'_>,
    goal: Goal,
) -> Result<(), X509Error> {
    below_anchor(certificate, request)?;
    let extensions = &certificate.extensions;
    let at = certificate.at;
    if goal != Goal::Peer {
        return match extensions.key_usage {
            Some(bits) if bits & CRL_SIGN == 0 => Err(X509Error::KeyUsageInconsistent { at }),
            _ => Ok(()),
        };
    }
    if let Some(bits) = extensions.key_usage {
        if certificate.is_ca() && bits & KEY_CERT_SIGN == 0 {
            return Err(X509Error::KeyUsageInconsistent { at });
        }
        if request.key_usage.iter().any(|usage| bits & usage.bit() == 0) {
            return Err(X509Error::RequestedKeyUsage);
        }
    }
    match &extensions.alt_names {
        None if certificate.subject.is_empty() => return Err(X509Error::EmptyName { at }),
        Some(names) if names.critical != certificate.subject.is_empty() => {
            return Err(X509Error::Criticality { at, extension: "subject alternative name" });
        }
        _ => {}
    }
    leaf_purposes(certificate, request)?;
    let names = extensions.alt_names.as_ref().map(|names| names.list.as_slice());
    if request.profile == Profile::WebPki {
        web_pki_leaf(certificate, names.unwrap_or_default())?;
    }
    peer::check(request.expected_peer_names, names)
}

/// Checks a certificate that is to issue another, below the anchor.
pub(crate) fn intermediate(
    certificate: &Certificate<'_>,
    request: &PathRequest<'_>,
    goal: Goal,
) -> Result<(), X509Error> {
    issuer(certificate)?;
    below_anchor(certificate, request)?;
    nested_purposes(certificate, request, goal)
}

/// Checks a certificate that is to be the end of a path; its serial number and signature decide nothing.
///
/// `self_signed` says that it is signed with its own key, whatever its issuer is called.
pub(crate) fn anchor(
    certificate: &Certificate<'_>,
    request: &PathRequest<'_>,
    goal: Goal,
    self_signed: bool,
) -> Result<(), X509Error> {
    let at = certificate.at;
    let extensions = &certificate.extensions;
    issuer(certificate)?;
    if extensions.basic.is_some_and(|basic| !basic.critical) {
        return Err(X509Error::Criticality { at, extension: "basic constraints" });
    }
    everywhere(certificate, request)?;
    if !certificate.self_issued {
        if !self_signed {
            authority_present(certificate)?;
        }
        return nested_purposes(certificate, request, goal);
    }
    let own = |key: Option<&[u8]>| key.is_some() && key == extensions.subject_key;
    if extensions.authority.is_some_and(|authority| authority.names_certificate || !own(authority.key)) {
        return Err(X509Error::AuthorityKey { at });
    }
    if extensions.purposes.is_some() {
        return Err(X509Error::ForbiddenPurpose { at });
    }
    Ok(())
}

fn issuer(certificate: &Certificate<'_>) -> Result<(), X509Error> {
    let at = certificate.at;
    if !certificate.is_ca() {
        return Err(X509Error::NotCa { at });
    }
    match certificate.extensions.key_usage {
        Some(bits) if bits & KEY_CERT_SIGN == 0 => Err(X509Error::MissingCertSign { at }),
        _ => Ok(()),
    }
}

fn below_anchor(certificate: &Certificate<'_>, request: &PathRequest<'_>) -> Result<(), X509Error> {
    let at = certificate.at;
    if !certificate.has_proper_serial() {
        return Err(X509Error::Serial { at });
    }
    everywhere(certificate, request)?;
    let algorithm = certificate.algorithm.ok_or(X509Error::UnsupportedAlgorithm { at })?;
    if !request.signature_algorithms.is_empty() && !request.signature_algorithms.contains(&algorithm.name()) {
        return Err(X509Error::AlgorithmNotAllowed { at });
    }
    if certificate.self_issued { Ok(()) } else { authority_present(certificate) }
}

/// Section 4.2.1.1: every certificate but a self-signed one names its issuer's key.
fn authority_present(certificate: &Certificate<'_>) -> Result<(), X509Error> {
    match certificate.extensions.authority {
        Some(authority) if authority.key.is_some() => Ok(()),
        _ => {
            Err(X509Error::MissingKeyIdentifier { at: certificate.at, extension: "authority key identifier" })
        }
    }
}

/// Rules for every certificate of a path, the anchor included.
fn everywhere(certificate: &Certificate<'_>, request: &PathRequest<'_>) -> Result<(), X509Error> {
    let at = certificate.at;
    let extensions = &certificate.extensions;
    valid_at(certificate, request.validation_time)?;
    let web_pki = request.profile == Profile::WebPki;
    if web_pki && (certificate.not_before.early_generalized || certificate.not_after.early_generalized) {
        return Err(X509Error::Validity { at });
    }
    if certificate.is_ca() {
        if certificate.subject.is_empty() {
            return Err(X509Error::EmptyName { at });
        }
        if extensions.subject_key.is_none() {
            return Err(X509Error::MissingKeyIdentifier { at, extension: "subject key identifier" });
        }
    }
    if let Some(bits) = extensions.key_usage {
        let signs_certificates = bits & KEY_CERT_SIGN != 0;
        let encrypts = bits & ENCRYPTION_USES != 0;
        if (signs_certificates && !certificate.is_ca()) || (encrypts && certificate.key.signs_only()) {
            return Err(X509Error::KeyUsageInconsistent { at });
        }
    }
    if let Some(constraints) = &extensions.constraints {
        if !certificate.is_ca() {
            return Err(X509Error::ConstraintPlacement { at });
        }
        if !constraints.critical && !web_pki {
            return Err(X509Error::Criticality { at, extension: "name constraints" });
        }
    }
    match &extensions.alt_names {
        Some(names) if !names.list.iter().all(GeneralName::is_well_formed) => {
            Err(X509Error::MalformedName { at })
        }
        _ => Ok(()),
    }
}

fn valid_at(certificate: &Certificate<'_>, time: i64) -> Result<(), X509Error> {
    let (not_before, not_after) = (certificate.not_before.unix, certificate.not_after.unix);
    if time < not_before {
        return Err(X509Error::NotYetValid { at: certificate.at, not_before, time });
    }
    if time > not_after {
        return Err(X509Error::Expired { at: certificate.at, not_after, time });
    }
    Ok(())
}

/// The purposes asked for: the caller's, or that of the kind of peer.
fn wanted<'a>(request: &PathRequest<'a>) -> Vec<Purpose<'a>> {
    if !request.extended_key_usage.is_empty() {
        return request.extended_key_usage.to_vec();
    }
    Vec::from([match request.peer_kind {
        PeerKind::Server => Purpose::ServerAuth,
        PeerKind::Client => Purpose::ClientAuth,
    }])
}

fn leaf_purposes(certificate: &Certificate<'_>, request: &PathRequest<'_>) -> Result<(), X509Error> {
    let at = certificate.at;
    let wanted = wanted(request);
    let mail = wanted.contains(&Purpose::EmailProtection);
    let server = wanted.contains(&Purpose::ServerAuth) && request.peer_kind == PeerKind::Server;
    let Some(purposes) = &certificate.extensions.purposes else {
        // Without the extension a key may serve any purpose, except where a profile demands it.
        return if mail { Err(X509Error::ExtendedKeyUsage { at }) } else { Ok(()) };
    };
    let forbidden = |list: &[&[u8]]| purposes.list.iter().any(|purpose| list.contains(purpose));
    if (server && (purposes.critical || forbidden(&NOT_WITH_SERVER))) || (mail && forbidden(&NOT_WITH_MAIL)) {
        return Err(X509Error::ForbiddenPurpose { at });
    }
    if allows(&purposes.list, &wanted) { Ok(()) } else { Err(X509Error::ExtendedKeyUsage { at }) }
}

/// A CA that limits purposes limits them for everything below it.
fn nested_purposes(
    certificate: &Certificate<'_>,
    request: &PathRequest<'_>,
    goal: Goal,
) -> Result<(), X509Error> {
    let at = certificate.at;
    let Some(purposes) = &certificate.extensions.purposes else { return Ok(()) };
    if goal != Goal::Peer {
        return Ok(());
    }
    let wanted = wanted(request);
    let mail = wanted.contains(&Purpose::EmailProtection);
    if mail && purposes.list.iter().any(|purpose| NOT_WITH_MAIL.contains(purpose)) {
        return Err(X509Error::ForbiddenPurpose { at });
    }
    if allows(&purposes.list, &wanted) { Ok(()) } else { Err(X509Error::ExtendedKeyUsage { at }) }
}

fn allows(listed: &[&[u8]], wanted: &[Purpose<'_>]) -> bool {
    wanted.contains(&Purpose::Any)
        || listed.contains(&oid::ANY_EXTENDED_KEY_USAGE)
        || wanted.iter().all(|purpose| listed.contains(&purpose.oid()))
}

/// Rules of the CA/Browser Forum that RFC 5280 does not have.
fn web_pki_leaf(certificate: &Certificate<'_>, names: &[GeneralName<'_>]) -> Result<(), X509Error> {
    let at = certificate.at;
    if certificate.is_ca() {
        return Err(X509Error::WebPki { at, rule: "the leaf is a CA" });
    }
    if certificate.extensions.purposes.is_none() {
        return Err(X509Error::WebPki { at, rule: "the leaf lists no purpose" });
    }
    let mut common = certificate.subject.attributes().filter(|attribute| attribute.kind == oid::COMMON_NAME);
    let (first, second) = (common.next(), common.next());
    let repeated = first.is_none_or(|found| names.iter().any(|name| repeats(found.value, name)));
    if second.is_some() || !repeated {
        return Err(X509Error::WebPki { at, rule: "the common name is not one of the alternative names" });
    }
    Ok(())
}

/// Whether a common name repeats an alternative name character for character.
fn repeats(common: &[u8], name: &GeneralName<'_>) -> bool {
    match name {
        GeneralName::Dns(host) | GeneralName::Rfc822(host) => common == *host,
        GeneralName::Ip(octets) => {
            let text = if let Ok(four) = <[u8; 4]>::try_from(*octets) {
                alloc::format!("{}", core::net::Ipv4Addr::from(four))
            } else if let Ok(sixteen) = <[u8; 16]>::try_from(*octets) {
                // The standard text form of an IPv6 address is that of RFC 5952.
                alloc::format!("{}", core::net::Ipv6Addr::from(sixteen))
            } else {
                return false;
            };
            common == text.as_bytes()
        }
        _ => false,
    }
}
