//! A certificate, decoded once and checked as far as it can be checked alone.

use super::{
    der::{self, Reader, SEQUENCE},
    error::{At, CertRef, DerError, X509Error},
    extensions::Extensions,
    key::PublicKey,
    limits::CERTIFICATE_BYTES_MAX,
    name::Name,
    signature::{Algorithm, Ecdsa},
    time::{self, Moment},
};

/// A decoded certificate.
#[derive(Debug, Clone)]
pub(crate) struct Certificate<'a> {
    pub(crate) at: CertRef,
    /// The signed part.
    pub(crate) signed: &'a [u8],
    /// The content of the serial number.
    pub(crate) serial: &'a [u8],
    /// Nothing when it is not one of those verified here; an anchor may have such a signature.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) issuer: Name<'a>,
    pub(crate) subject: Name<'a>,
    pub(crate) not_before: Moment,
    pub(crate) not_after: Moment,
    pub(crate) spki: &'a [u8],
    pub(crate) key: PublicKey<'a>,
    pub(crate) signature: &'a [u8],
    pub(crate) extensions: Extensions<'a>,
    /// Issuer and subject are the same name.
    pub(crate) self_issued: bool,
}

impl<'a> Certificate<'a> {
    /// Decodes a certificate and checks its encoding, fields, key and extensions.
    pub(crate) fn parse(input: &'a [u8], at: CertRef, understood: &[&[u8]]) -> Result<Self, X509Error> {
        if input.len() > CERTIFICATE_BYTES_MAX {
            return Err(X509Error::TooLarge { at, bytes: input.len() });
        }
        let mut outer = der::open(input, SEQUENCE).at(at)?;
        let signed = outer.element(SEQUENCE).at(at)?;
        let outer_algorithm = outer.element(SEQUENCE).at(at)?.raw;
        let signature = der::octets(outer.value(der::BIT_STRING).at(at)?).at(at)?;
        outer.finish().at(at)?;

        let mut tbs = Reader::new(signed.value);
        version(&mut tbs, at)?;
        let serial = der::integer(tbs.value(der::INTEGER).at(at)?).at(at)?;
        if tbs.element(SEQUENCE).at(at)?.raw != outer_algorithm {
            return Err(X509Error::AlgorithmMismatch { at });
        }
        let algorithm = Algorithm::parse(outer_algorithm).at(at)?;
        let issuer = Name::read(&mut tbs).at(at)?;
        let (not_before, not_after) = validity(&mut tbs, at)?;
        let subject = Name::read(&mut tbs).at(at)?;
        let spki = tbs.element(SEQUENCE).at(at)?.raw;
        for unique_identifier in [der::context(1), der::context(2)] {
            if let Some(bits) = tbs.optional(unique_identifier).at(at)? {
                bits.first().filter(|unused| **unused < 8).ok_or(DerError::BitString).at(at)?;
            }
        }
        let extensions = match tbs.optional(der::constructed(3)).at(at)? {
            Some(content) => Extensions::parse(content, at, understood)?,
            None => Extensions::default(),
        };
        tbs.finish().at(at)?;

        let key = PublicKey::parse(spki, at)?;
        if issuer.is_empty() {
            return Err(X509Error::EmptyName { at });
        }
        Ok(Self {
            at,
            signed: signed.raw,
            serial,
            algorithm,
            issuer,
            subject,
            not_before,
            not_after,
            spki,
            key,
            signature,
            extensions,
            self_issued: issuer.matches(&subject),
        })
    }

    /// The serial number is a positive integer of at most 20 octets.
    pub(crate) fn has_proper_serial(&self) -> bool {
        self.serial.len() <= 20 && !matches!(self.serial, [] | [0] | [0x80..=0xff, ..])
    }

    /// Basic constraints say that this is a CA.
    pub(crate) fn is_ca(&self) -> bool {
        self.extensions.basic.is_some_and(|basic| basic.ca)
    }

    /// Whether two decoded certificates stand for the same subject with the same key.
    pub(crate) fn same_entity(&self, other: &Certificate<'_>) -> bool {
        self.spki == other.spki && self.subject.matches(&other.subject)
    }

    /// Whether this certificate's signature verifies under the issuer's key.
    pub(crate) fn is_signed_by(&self, issuer: &Certificate<'_>, ecdsa: &dyn Ecdsa) -> bool {
        self.algorithm
            .is_some_and(|algorithm| algorithm.verify(issuer.key, self.signed, self.signature, ecdsa))
    }
}

fn version(tbs: &mut Reader<'_>, at: CertRef) -> Result<(), X509Error> {
    let Some(content) = tbs.optional(der::constructed(0)).at(at)? else {
        return Err(X509Error::Version { at });
    };
    match der::single(content, der::INTEGER).at(at)?.value {
        [2] => Ok(()),
        _ => Err(X509Error::Version { at }),
    }
}

fn validity(tbs: &mut Reader<'_>, at: CertRef) -> Result<(Moment, Moment), X509Error> {
    let mut reader = tbs.nested(SEQUENCE).at(at)?;
    let not_before = time::time(&mut reader).at(at)?;
    let not_after = time::time(&mut reader).at(at)?;
    reader.finish().at(at)?;
    if not_before.unix > not_after.unix {
        return Err(X509Error::Validity { at });
    }
    Ok((not_before, not_after))
}
