//! General names (RFC 5280 section 4.2.1.6) and the syntax of each form.

use alloc::vec::Vec;

use super::{
    der::{self, Reader, SEQUENCE},
    error::DerError,
    name::Name,
};

/// One general name, as written in a certificate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum GeneralName<'a> {
    Other,
    Rfc822(&'a [u8]),
    Dns(&'a [u8]),
    X400,
    Directory(Name<'a>),
    EdiParty,
    Uri(&'a [u8]),
    Ip(&'a [u8]),
    RegisteredId,
}

/// The form of a general name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Other,
    Rfc822,
    Dns,
    X400,
    Directory,
    EdiParty,
    Uri,
    Ip,
    RegisteredId,
}

impl<'a> GeneralName<'a> {
    /// Decodes the next general name; its syntax is not checked.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let tlv = reader.any()?;
        let ascii = |value: &'a [u8]| if value.is_ascii() { Ok(value) } else { Err(DerError::Characters) };
        match tlv.tag {
            0xa0 => {
                let mut inner = Reader::new(tlv.value);
                der::oid(inner.value(der::OID)?)?;
                let mut value = inner.nested(der::constructed(0))?;
                value.any()?;
                value.finish()?;
                inner.finish()?;
                Ok(Self::Other)
            }
            0x81 => Ok(Self::Rfc822(ascii(tlv.value)?)),
            0x82 => Ok(Self::Dns(ascii(tlv.value)?)),
            0xa3 => Ok(Self::X400),
            0xa4 => Ok(Self::Directory(Name::parse(tlv.value)?)),
            0xa5 => Ok(Self::EdiParty),
            0x86 => Ok(Self::Uri(ascii(tlv.value)?)),
            0x87 => Ok(Self::Ip(tlv.value)),
            0x88 => {
                der::oid(tlv.value)?;
                Ok(Self::RegisteredId)
            }
            _ => Err(DerError::UnexpectedTag),
        }
    }

    /// Decodes a non-empty list that fills the reader.
    pub(crate) fn list(mut reader: Reader<'a>) -> Result<Vec<Self>, DerError> {
        if reader.is_empty() {
            return Err(DerError::Empty);
        }
        let mut names = Vec::new();
        while !reader.is_empty() {
            names.push(Self::read(&mut reader)?);
        }
        Ok(names)
    }

    /// Decodes `GeneralNames` that fill the input.
    pub(crate) fn sequence(input: &'a [u8]) -> Result<Vec<Self>, DerError> {
        Self::list(der::open(input, SEQUENCE)?)
    }

    pub(crate) const fn form(&self) -> Form {
        match self {
            Self::Other => Form::Other,
            Self::Rfc822(_) => Form::Rfc822,
            Self::Dns(_) => Form::Dns,
            Self::X400 => Form::X400,
            Self::Directory(_) => Form::Directory,
            Self::EdiParty => Form::EdiParty,
            Self::Uri(_) => Form::Uri,
            Self::Ip(_) => Form::Ip,
            Self::RegisteredId => Form::RegisteredId,
        }
    }

    /// Whether the name is well formed as the name of a subject.
    pub(crate) fn is_well_formed(&self) -> bool {
        match self {
            Self::Rfc822(mailbox) => is_mailbox(mailbox),
            Self::Dns(name) => is_dns_name(name) || wildcard_base(name).is_some_and(is_dns_name),
            Self::Directory(name) => !name.is_empty(),
            Self::Uri(uri) => is_absolute_uri(uri),
            Self::Ip(address) => address.len() == 4 || address.len() == 16,
            Self::Other | Self::X400 | Self::EdiParty | Self::RegisteredId => true,
        }
    }
}

/// The part of `*.example.com` after the first period.
pub(crate) fn wildcard_base(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(b"*.")
}

/// Whether this is a host name of letters, digits and hyphens whose last label is no number.
pub(crate) fn is_dns_name(name: &[u8]) -> bool {
    if name.is_empty() || name.len() > 253 || !name.split(|byte| *byte == b'.').all(is_label) {
        return false;
    }
    // A last label of digits makes it an address in a name's clothes.
    name.rsplit(|byte| *byte == b'.').next().is_some_and(|last| !last.iter().all(u8::is_ascii_digit))
}

fn is_label(label: &[u8]) -> bool {
    (1..=63).contains(&label.len())
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        && label.first() != Some(&b'-')
        && label.last() != Some(&b'-')
}

/// Splits a mailbox into its local part and host, if both are well formed.
///
/// Quoted local parts are refused: a quoted at sign is how constraints on the host are evaded.
pub(crate) fn mailbox(address: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = address.split(|byte| *byte == b'@');
    let (local, host) = (parts.next()?, parts.next()?);
    let atoms = |local: &[u8]| local.split(|byte| *byte == b'.').all(is_atom);
    (parts.next().is_none() && local.len() <= 64 && atoms(local) && is_dns_name(host))
        .then_some((local, host))
}

pub(crate) fn is_mailbox(address: &[u8]) -> bool {
    mailbox(address).is_some()
}

fn is_atom(atom: &[u8]) -> bool {
    !atom.is_empty()
        && atom.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(byte))
}

/// Whether this is `scheme:rest` in the characters of RFC 3986.
pub(crate) fn is_absolute_uri(uri: &[u8]) -> bool {
    let Some(colon) = uri.iter().position(|byte| *byte == b':') else { return false };
    let (scheme, rest) = uri.split_at(colon);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        && rest.len() > 1
        && rest.iter().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(byte))
}

/// The host of a URI with an authority, when it is a host name; nothing for addresses and user names.
pub(crate) fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let colon = uri.iter().position(|byte| *byte == b':')?;
    let authority = uri.get(colon..)?.strip_prefix(b"://")?;
    let authority = authority.split(|byte| b"/?#".contains(byte)).next()?;
    // A user name would let one host be read for another, so such a URI has no comparable host.
    if authority.contains(&b'@') {
        return None;
    }
    let mut parts = authority.split(|byte| *byte == b':');
    let host = parts.next()?;
    let port = parts.next().unwrap_or_default();
    (parts.next().is_none() && port.iter().all(u8::is_ascii_digit) && is_dns_name(host)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_follow_preferred_syntax() {
        let long = [b"a".repeat(63).as_slice(), b".com"].concat();
        for good in [b"example.com".as_slice(), b"xn--bcher-kva.example", b"a", b"1.example", &long] {
            assert!(is_dns_name(good), "{good:?}");
        }
        let longer = [b"a".repeat(64).as_slice(), b".com"].concat();
        let bad: [&[u8]; 12] = [
            b"",
            b".example.com",
            b"example.com.",
            b"a..b",
            b"foo_bar.example.com",
            b"-a.com",
            b"a-.com",
            b"127.0.0.1",
            b"*.example.com",
            b"ex ample.com",
            b"ba*.example.com",
            &longer,
        ];
        for name in bad {
            assert!(!is_dns_name(name), "{name:?}");
        }
    }

    #[test]
    fn mailboxes_have_one_at_sign() {
        assert_eq!(mailbox(b"foo@example.com"), Some((b"foo".as_slice(), b"example.com".as_slice())));
        assert!(is_mailbox(b"*@example.com"));
        for bad in [
            b"foo".as_slice(),
            b"@example.com",
            b"a@b@example.com",
            b"\"a@b\"@example.com",
            b"a.@b.c",
            b"a@1.2.3.4",
        ] {
            assert!(!is_mailbox(bad), "{bad:?}");
        }
    }

    #[test]
    fn hosts_of_uris_are_names_only() {
        assert_eq!(uri_host(b"https://example.com:8443/a?b"), Some(b"example.com".as_slice()));
        assert_eq!(uri_host(b"http://example.com"), Some(b"example.com".as_slice()));
        for bad in [
            b"did:auto:zabc".as_slice(),
            b"http://user@example.com/",
            b"http://192.0.2.1/",
            b"http://[::1]/",
            b"http://example.com:x@evil.com/",
            b"http:///path",
            b"urn:a",
        ] {
            assert_eq!(uri_host(bad), None, "{bad:?}");
        }
        assert!(is_absolute_uri(b"did:auto:zabc"));
        assert!(!is_absolute_uri(b"/relative"));
        assert!(!is_absolute_uri(b"http://a b/"));
    }
}
