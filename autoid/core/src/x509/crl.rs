//! A certificate revocation list (RFC 5280 section 5), decoded and held to its profile.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{
    der::{self, Reader, SEQUENCE},
    distribution::{DistributionPoint, IssuingPoint},
    error::{DerError, X509Error},
    extensions::Extension,
    general_name::GeneralName,
    limits::{CRL_BYTES_MAX, EXTENSIONS_MAX},
    name::Name,
    oid,
    signature::Algorithm,
    time::{self, Moment},
};

/// The reason code that takes an entry back, in delta lists only.
pub(crate) const REMOVE_FROM_CRL: u8 = 8;

/// A decoded list.
#[derive(Debug, Clone)]
pub(crate) struct Crl<'a> {
    pub(crate) index: usize,
    pub(crate) signed: &'a [u8],
    pub(crate) algorithm: Algorithm,
    pub(crate) signature: &'a [u8],
    pub(crate) issuer: Name<'a>,
    pub(crate) this_update: Moment,
    pub(crate) next_update: Option<Moment>,
    pub(crate) number: &'a [u8],
    /// The number of the list this one updates, if it is a delta list.
    pub(crate) base: Option<&'a [u8]>,
    pub(crate) point: Option<IssuingPoint<'a>>,
    /// Sorted by serial number.
    entries: Vec<Entry<'a>>,
    /// Issuers named by entries of an indirect list.
    issuers: Vec<Vec<GeneralName<'a>>>,
}

#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    serial: &'a [u8],
    reason: u8,
    /// An index into the issuers; nothing for the issuer of the list.
    issuer: Option<usize>,
}

/// What is wrong with a list, before its index is attached.
enum Flaw {
    Malformed,
    UnknownCritical,
    Unsupported,
}

impl From<DerError> for Flaw {
    fn from(_: DerError) -> Self {
        Self::Malformed
    }
}

/// The extensions of a list.
#[derive(Default)]
struct ListExtensions<'a> {
    number: Option<&'a [u8]>,
    base: Option<&'a [u8]>,
    point: Option<IssuingPoint<'a>>,
}

impl<'a> Crl<'a> {
    /// Decodes a list and checks everything that needs no certificate.
    pub(crate) fn parse(input: &'a [u8], index: usize) -> Result<Self, X509Error> {
        let read = if input.len() > CRL_BYTES_MAX { Err(Flaw::Malformed) } else { Self::read(input, index) };
        read.map_err(|flaw| match flaw {
            Flaw::Malformed => X509Error::CrlMalformed { crl: index },
            Flaw::UnknownCritical => X509Error::CrlUnknownCritical { crl: index },
            Flaw::Unsupported => X509Error::CrlSigner { crl: index },
        })
    }

    fn read(input: &'a [u8], index: usize) -> Result<Self, Flaw> {
        let mut outer = der::open(input, SEQUENCE)?;
        let signed = outer.element(SEQUENCE)?;
        let outer_algorithm = outer.element(SEQUENCE)?.raw;
        let signature = der::octets(outer.value(der::BIT_STRING)?)?;
        outer.finish()?;

        let mut tbs = Reader::new(signed.value);
        if tbs.value(der::INTEGER)? != [1] || tbs.element(SEQUENCE)?.raw != outer_algorithm {
            return Err(Flaw::Malformed);
        }
        let issuer = Name::read(&mut tbs)?;
        let this_update = time::time(&mut tbs)?;
        let next_update = match tbs.peek() {
            Some(der::UTC_TIME | der::GENERALIZED_TIME) => Some(time::time(&mut tbs)?),
            _ => None,
        };
        let revoked = tbs.optional(SEQUENCE)?;
        let extensions = tbs.optional(der::constructed(0))?.ok_or(Flaw::Malformed)?;
        tbs.finish()?;

        let extensions = ListExtensions::read(extensions)?;
        let indirect = extensions.point.as_ref().is_some_and(|point| point.indirect);
        let (entries, issuers) = match revoked {
            Some([]) => return Err(Flaw::Malformed),
            Some(content) => entries(content, indirect)?,
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self {
            index,
            signed: signed.raw,
            algorithm: Algorithm::parse(outer_algorithm)?.ok_or(Flaw::Unsupported)?,
            signature,
            issuer,
            this_update,
            next_update,
            number: extensions.number.ok_or(Flaw::Malformed)?,
            base: extensions.base,
            point: extensions.point,
            entries,
            issuers,
        })
    }

    /// The reason for which a certificate is listed, if it is.
    pub(crate) fn reason(&self, serial: &[u8], issuer: &Name<'_>) -> Option<u8> {
        let first = self.entries.partition_point(|entry| entry.serial < serial);
        let same = self.entries.get(first..).unwrap_or_default();
        let same = same.iter().take_while(|entry| entry.serial == serial);
        let is_for = |entry: &&Entry<'_>| match entry.issuer {
            None => self.issuer.matches(issuer),
            Some(index) => self.issuers.get(index).is_some_and(|names| names_directory(names, issuer)),
        };
        same.filter(is_for).map(|entry| entry.reason).next()
    }

    /// Whether the list is in force at a moment; one that does not say until when never is.
    pub(crate) fn is_current(&self, time: i64) -> bool {
        self.this_update.unix <= time && self.next_update.is_some_and(|next| time <= next.unix)
    }
}

/// Whether one of the names is this directory name.
pub(crate) fn names_directory(names: &[GeneralName<'_>], wanted: &Name<'_>) -> bool {
    names.iter().any(|name| matches!(name, GeneralName::Directory(name) if name.matches(wanted)))
}

/// Compares two list numbers.
pub(crate) fn compare_numbers(ours: &[u8], theirs: &[u8]) -> Ordering {
    let ours = ours.strip_prefix(&[0]).unwrap_or(ours);
    let theirs = theirs.strip_prefix(&[0]).unwrap_or(theirs);
    ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs))
}

impl<'a> ListExtensions<'a> {
    fn read(content: &'a [u8]) -> Result<Self, Flaw> {
        let mut reader = der::open(content, SEQUENCE)?;
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut found = Self::default();
        while !reader.is_empty() {
            let Extension { kind, critical, value } = Extension::read(&mut reader)?;
            if seen.contains(&kind) || seen.len() >= EXTENSIONS_MAX {
                return Err(Flaw::Malformed);
            }
            seen.push(kind);
            let right = match kind {
                oid::CRL_NUMBER => {
                    found.number = Some(list_number(value)?);
                    !critical
                }
                oid::DELTA_CRL_INDICATOR => {
                    found.base = Some(list_number(value)?);
                    critical
                }
                oid::ISSUING_DISTRIBUTION_POINT => {
                    found.point = Some(IssuingPoint::parse(value)?);
                    critical
                }
                oid::FRESHEST_CRL => {
                    DistributionPoint::list(value)?;
                    !critical
                }
                oid::AUTHORITY_KEY_IDENTIFIER | oid::AUTHORITY_INFO_ACCESS => !critical,
                oid::ISSUER_ALT_NAME => true,
                _ if critical => return Err(Flaw::UnknownCritical),
                _ => true,
            };
            if !right {
                return Err(Flaw::Malformed);
            }
        }
        Ok(found)
    }
}

fn list_number(value: &[u8]) -> Result<&[u8], DerError> {
    let content = der::integer(der::single(value, der::INTEGER)?.value)?;
    match content {
        [0x80..=0xff, ..] => Err(DerError::Integer),
        _ if content.len() > 20 => Err(DerError::Integer),
        _ => Ok(content),
    }
}

type Entries<'a> = (Vec<Entry<'a>>, Vec<Vec<GeneralName<'a>>>);

fn entries(content: &[u8], indirect: bool) -> Result<Entries<'_>, Flaw> {
    let mut reader = Reader::new(content);
    let (mut list, mut issuers) = (Vec::new(), Vec::new());
    // An entry of an indirect list without an issuer has that of the entry before it.
    let mut current = None;
    while !reader.is_empty() {
        let mut entry = reader.nested(SEQUENCE)?;
        // Lists may name certificates that break the rules, so any canonical integer goes.
        let serial = der::integer(entry.value(der::INTEGER)?)?;
        time::time(&mut entry)?;
        let mut reason = 0;
        if let Some(extensions) = entry.optional(SEQUENCE)? {
            let (found, issuer) = entry_extensions(extensions)?;
            reason = found;
            if let Some(names) = issuer {
                if !indirect {
                    return Err(Flaw::Malformed);
                }
                current = Some(issuers.len());
                issuers.push(names);
            }
        }
        entry.finish()?;
        list.push(Entry { serial, reason, issuer: current });
    }
    list.sort_unstable_by(|a, b| a.serial.cmp(b.serial).then(a.issuer.cmp(&b.issuer)));
    let repeated = list.windows(2).any(|pair| match pair {
        [a, b] => a.serial == b.serial && a.issuer == b.issuer,
        _ => false,
    });
    if repeated { Err(Flaw::Malformed) } else { Ok((list, issuers)) }
}

fn entry_extensions(content: &[u8]) -> Result<(u8, Option<Vec<GeneralName<'_>>>), Flaw> {
    let mut reader = Reader::new(content);
    if reader.is_empty() {
        return Err(Flaw::Malformed);
    }
    let (mut reason, mut issuer) = (None, None);
    while !reader.is_empty() {
        let Extension { kind, critical, value } = Extension::read(&mut reader)?;
        let repeated = match kind {
            oid::CRL_REASON => {
                let code = match der::single(value, der::ENUMERATED)?.value {
                    [code @ (0..=6 | 8..=10)] => *code,
                    _ => return Err(Flaw::Malformed),
                };
                reason.replace(code).is_some()
            }
            oid::INVALIDITY_DATE => {
                time::generalized_time(der::single(value, der::GENERALIZED_TIME)?.value)?;
                false
            }
            // An entry for another issuer that may be skipped would be read as one for this issuer.
            oid::CERTIFICATE_ISSUER if critical => issuer.replace(GeneralName::sequence(value)?).is_some(),
            oid::CERTIFICATE_ISSUER => return Err(Flaw::Malformed),
            _ if critical => return Err(Flaw::UnknownCritical),
            _ => false,
        };
        if repeated {
            return Err(Flaw::Malformed);
        }
    }
    Ok((reason.unwrap_or(0), issuer))
}
