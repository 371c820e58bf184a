//! Matching the names a caller expects against those a certificate carries (RFC 9525).

use core::net::IpAddr;

use super::{
    error::X509Error,
    general_name::{GeneralName, is_dns_name, mailbox, wildcard_base},
    request::PeerName,
};

/// Checks that the leaf carries every expected name.
pub(crate) fn check(expected: &[PeerName<'_>], names: Option<&[GeneralName<'_>]>) -> Result<(), X509Error> {
    for name in expected {
        let well_formed = match name {
            PeerName::Dns(host) => is_dns_name(host.as_bytes()),
            PeerName::Ip(_) => true,
            PeerName::Rfc822(address) => mailbox(address.as_bytes()).is_some(),
        };
        if !well_formed {
            return Err(X509Error::ExpectedName);
        }
    }
    if expected.is_empty() {
        return Ok(());
    }
    let names = names.ok_or(X509Error::MissingAltName)?;
    if expected.iter().all(|wanted| names.iter().any(|name| matches(wanted, name))) {
        Ok(())
    } else {
        Err(X509Error::PeerName)
    }
}

fn matches(wanted: &PeerName<'_>, name: &GeneralName<'_>) -> bool {
    match (wanted, name) {
        (PeerName::Dns(host), GeneralName::Dns(pattern)) => dns_matches(host.as_bytes(), pattern),
        (PeerName::Ip(IpAddr::V4(address)), GeneralName::Ip(octets)) => {
            address.octets().as_slice() == *octets
        }
        (PeerName::Ip(IpAddr::V6(address)), GeneralName::Ip(octets)) => {
            address.octets().as_slice() == *octets
        }
        (PeerName::Rfc822(wanted), GeneralName::Rfc822(address)) => {
            match (mailbox(wanted.as_bytes()), mailbox(address)) {
                (Some((local, host)), Some((own, domain))) => {
                    local == own && host.eq_ignore_ascii_case(domain)
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// A wildcard is the whole first label, stands for exactly one, and needs two labels after it.
fn dns_matches(host: &[u8], pattern: &[u8]) -> bool {
    let Some(base) = wildcard_base(pattern) else { return host.eq_ignore_ascii_case(pattern) };
    let Some(first) = host.iter().position(|byte| *byte == b'.') else { return false };
    let rest = host.get(first.saturating_add(1)..).unwrap_or_default();
    base.contains(&b'.') && is_dns_name(base) && rest.eq_ignore_ascii_case(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_whole_label() {
        assert!(dns_matches(b"foo.example.com", b"*.Example.com"));
        assert!(dns_matches(b"EXAMPLE.com", b"example.COM"));
        for (host, pattern) in [
            (b"example.com".as_slice(), b"*.example.com".as_slice()),
            (b"a.b.example.com", b"*.example.com"),
            (b"baz.example.com", b"ba*.example.com"),
            (b"foo.bar.example.com", b"foo.*.example.com"),
            (b"example.com", b"*.com"),
            (b"xn--bliss-1b3c148a.example.com", b"xn--*-1b3c148a.example.com"),
            (b"a.example.com", b"b.example.com"),
            (b"example.com", b"abc.example.com"),
        ] {
            assert!(!dns_matches(host, pattern), "{pattern:?}");
        }
    }
}
