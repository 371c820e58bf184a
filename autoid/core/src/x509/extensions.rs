//! The extensions of a certificate (RFC 5280 section 4.2), decoded and held to their definitions.

use alloc::vec::Vec;

use super::{
    der::{self, Reader, SEQUENCE},
    distribution::DistributionPoint,
    error::{At, CertRef, DerError, X509Error},
    general_name::GeneralName,
    limits::{EXTENSIONS_MAX, POLICIES_MAX},
    oid,
};

pub(crate) const KEY_CERT_SIGN: u16 = 0x0400;
pub(crate) const CRL_SIGN: u16 = 0x0200;
/// Key encipherment, data encipherment, key agreement, encipher only, decipher only.
pub(crate) const ENCRYPTION_USES: u16 = 0x2000 | 0x1000 | 0x0800 | 0x0100 | 0x0080;

/// The authority key identifier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authority<'a> {
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) names_certificate: bool,
}

/// Basic constraints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Basic {
    pub(crate) ca: bool,
    pub(crate) path_length: Option<u32>,
    pub(crate) critical: bool,
}

/// A policy of the issuer's domain, and the one it becomes in the subject's.
pub(crate) type Mapping<'a> = (&'a [u8], &'a [u8]);

/// One subtree of a name constraint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subtree<'a> {
    pub(crate) base: GeneralName<'a>,
}

/// Name constraints.
#[derive(Debug, Clone)]
pub(crate) struct Constraints<'a> {
    pub(crate) permitted: Vec<Subtree<'a>>,
    pub(crate) excluded: Vec<Subtree<'a>>,
    pub(crate) critical: bool,
}

/// A list of names or purposes, and whether it is critical.
#[derive(Debug, Clone)]
pub(crate) struct Marked<T> {
    pub(crate) list: Vec<T>,
    pub(crate) critical: bool,
}

/// Policy constraints and inhibit-any-policy, in certificates to skip.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PolicyLimits {
    pub(crate) require_explicit: Option<u32>,
    pub(crate) inhibit_mapping: Option<u32>,
    pub(crate) inhibit_any: Option<u32>,
    /// Policy constraints are there and critical.
    pub(crate) constraints_critical: bool,
}

impl PolicyLimits {
    fn constrains(&self) -> bool {
        self.require_explicit.is_some() || self.inhibit_mapping.is_some()
    }
}

/// The extensions of one certificate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extensions<'a> {
    pub(crate) authority: Option<Authority<'a>>,
    pub(crate) subject_key: Option<&'a [u8]>,
    pub(crate) key_usage: Option<u16>,
    pub(crate) policies: Option<Vec<&'a [u8]>>,
    pub(crate) mappings: Vec<Mapping<'a>>,
    pub(crate) alt_names: Option<Marked<GeneralName<'a>>>,
    pub(crate) basic: Option<Basic>,
    pub(crate) constraints: Option<Constraints<'a>>,
    pub(crate) policy_limits: PolicyLimits,
    pub(crate) purposes: Option<Marked<&'a [u8]>>,
    pub(crate) points: Vec<DistributionPoint<'a>>,
    /// Those that are not decoded here, in order.
    pub(crate) others: Vec<Extension<'a>>,
}

impl<'a> Extensions<'a> {
    /// Decodes the content of the extensions field; `understood` are critical extensions the caller
    /// checks itself.
    pub(crate) fn parse(content: &'a [u8], at: CertRef, understood: &[&[u8]]) -> Result<Self, X509Error> {
        let mut reader = der::open(content, SEQUENCE).at(at)?;
        if reader.is_empty() {
            return Err(X509Error::Der { at, source: DerError::Empty });
        }
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut extensions = Self::default();
        while !reader.is_empty() {
            let extension = Extension::read(&mut reader).at(at)?;
            if seen.contains(&extension.kind) {
                return Err(X509Error::DuplicateExtension { at });
            }
            if seen.len() >= EXTENSIONS_MAX {
                return Err(X509Error::MalformedExtension { at, extension: "list of extensions" });
            }
            seen.push(extension.kind);
            let known = extensions.constraint(&extension, at)? || extensions.identity(&extension, at)?;
            if !known && extension.critical && !understood.contains(&extension.kind) {
                return Err(X509Error::UnknownCriticalExtension { at });
            }
            if !known {
                extensions.others.push(extension);
            }
        }
        // RFC 3280 left the mark to the issuer. Beside policies the constraints are heeded either way; without
        // any they only bite where they are understood, and must say so.
        let limits = &extensions.policy_limits;
        if limits.constrains() && extensions.policies.is_none() {
            must_be(limits.constraints_critical, at, "policy constraints")?;
        }
        Ok(extensions)
    }

    /// Reads an extension that limits the path; tells whether it was one.
    fn constraint(&mut self, extension: &Extension<'a>, at: CertRef) -> Result<bool, X509Error> {
        let Extension { kind, critical, value } = *extension;
        match kind {
            oid::BASIC_CONSTRAINTS => self.basic = Some(basic(value, critical).ext(at, "basic constraints")?),
            oid::NAME_CONSTRAINTS => {
                let constraints = constraints(value, critical);
                self.constraints = Some(constraints.map_err(|_| X509Error::MalformedConstraint { at })?);
            }
            oid::POLICY_CONSTRAINTS => {
                let (explicit, mapping) = policy_constraints(value).ext(at, "policy constraints")?;
                self.policy_limits.require_explicit = explicit;
                self.policy_limits.inhibit_mapping = mapping;
                self.policy_limits.constraints_critical = critical;
            }
            oid::INHIBIT_ANY_POLICY => {
                must_be(critical, at, "inhibit any-policy")?;
                let skip = der::single(value, der::INTEGER).and_then(|found| der::small(found.value));
                self.policy_limits.inhibit_any = Some(skip.ext(at, "inhibit any-policy")?);
            }
            oid::CERTIFICATE_POLICIES => self.policies = Some(policies(value, critical, at)?),
            oid::POLICY_MAPPINGS => self.mappings = mappings(value, at)?,
            oid::KEY_USAGE => {
                let bits = der::single(value, der::BIT_STRING).and_then(|found| der::named_bits(found.value));
                let bits = bits.ext(at, "key usage")?;
                if bits == 0 || bits & 0x007f != 0 {
                    return Err(X509Error::MalformedExtension { at, extension: "key usage" });
                }
                self.key_usage = Some(bits);
            }
            oid::EXTENDED_KEY_USAGE => {
                let list = purposes(value).ext(at, "extended key usage")?;
                self.purposes = Some(Marked { list, critical });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Reads an extension that identifies or locates something; tells whether it was one.
    fn identity(&mut self, extension: &Extension<'a>, at: CertRef) -> Result<bool, X509Error> {
        let Extension { kind, critical, value } = *extension;
        match kind {
            oid::AUTHORITY_KEY_IDENTIFIER => {
                must_be(!critical, at, "authority key identifier")?;
                self.authority = Some(authority(value).ext(at, "authority key identifier")?);
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                must_be(!critical, at, "subject key identifier")?;
                let key = der::single(value, der::OCTET_STRING).and_then(|found| non_empty(found.value));
                self.subject_key = Some(key.ext(at, "subject key identifier")?);
            }
            oid::SUBJECT_ALT_NAME => {
                let list = GeneralName::sequence(value).ext(at, "subject alternative name")?;
                self.alt_names = Some(Marked { list, critical });
            }
            oid::ISSUER_ALT_NAME => {
                GeneralName::sequence(value).ext(at, "issuer alternative name")?;
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                self.points = DistributionPoint::list(value).ext(at, "CRL distribution points")?;
            }
            oid::FRESHEST_CRL => {
                must_be(!critical, at, "freshest CRL")?;
                DistributionPoint::list(value).ext(at, "freshest CRL")?;
            }
            oid::AUTHORITY_INFO_ACCESS | oid::SUBJECT_INFO_ACCESS => {
                must_be(!critical, at, "information access")?;
                information_access(value).ext(at, "information access")?;
            }
            oid::SUBJECT_DIRECTORY_ATTRIBUTES => must_be(!critical, at, "subject directory attributes")?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// One extension, undecoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) kind: &'a [u8],
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut extension = reader.nested(SEQUENCE)?;
        let kind = der::oid(extension.value(der::OID)?)?;
        let critical = extension.default_false(der::BOOLEAN)?;
        let value = extension.value(der::OCTET_STRING)?;
        extension.finish()?;
        Ok(Self { kind, critical, value })
    }
}

fn must_be(right: bool, at: CertRef, extension: &'static str) -> Result<(), X509Error> {
    if right { Ok(()) } else { Err(X509Error::Criticality { at, extension }) }
}

fn non_empty(content: &[u8]) -> Result<&[u8], DerError> {
    if content.is_empty() { Err(DerError::Empty) } else { Ok(content) }
}

fn authority(value: &[u8]) -> Result<Authority<'_>, DerError> {
    let mut reader = der::open(value, SEQUENCE)?;
    let key = reader.optional(der::context(0))?.map(non_empty).transpose()?;
    let issuer = reader.optional(der::constructed(1))?;
    if let Some(names) = issuer {
        GeneralName::list(Reader::new(names))?;
    }
    let serial = reader.optional(der::context(2))?.map(der::integer).transpose()?;
    reader.finish()?;
    // Issuer and serial number name a certificate together or not at all.
    if issuer.is_some() != serial.is_some() {
        return Err(DerError::Empty);
    }
    Ok(Authority { key, names_certificate: issuer.is_some() })
}

fn basic(value: &[u8], critical: bool) -> Result<Basic, DerError> {
    let mut reader = der::open(value, SEQUENCE)?;
    let ca = reader.default_false(der::BOOLEAN)?;
    let path_length = reader.optional(der::INTEGER)?.map(der::small).transpose()?;
    reader.finish()?;
    if path_length.is_some() && !ca {
        return Err(DerError::UnexpectedTag);
    }
    Ok(Basic { ca, path_length, critical })
}

fn constraints(value: &[u8], critical: bool) -> Result<Constraints<'_>, DerError> {
    let mut reader = der::open(value, SEQUENCE)?;
    let permitted = reader.optional(der::constructed(0))?.map(subtrees).transpose()?;
    let excluded = reader.optional(der::constructed(1))?.map(subtrees).transpose()?;
    reader.finish()?;
    if permitted.is_none() && excluded.is_none() {
        return Err(DerError::Empty);
    }
    Ok(Constraints {
        permitted: permitted.unwrap_or_default(),
        excluded: excluded.unwrap_or_default(),
        critical,
    })
}

fn subtrees(content: &[u8]) -> Result<Vec<Subtree<'_>>, DerError> {
    let mut reader = Reader::new(non_empty(content)?);
    let mut list = Vec::new();
    while !reader.is_empty() {
        let mut subtree = reader.nested(SEQUENCE)?;
        let base = GeneralName::read(&mut subtree)?;
        // RFC 5280 fixes the minimum at its default and has no maximum.
        subtree.finish()?;
        list.push(Subtree { base });
    }
    Ok(list)
}

fn policy_constraints(value: &[u8]) -> Result<(Option<u32>, Option<u32>), DerError> {
    let mut reader = der::open(value, SEQUENCE)?;
    let explicit = reader.optional(der::context(0))?.map(der::small).transpose()?;
    let mapping = reader.optional(der::context(1))?.map(der::small).transpose()?;
    reader.finish()?;
    if explicit.is_none() && mapping.is_none() {
        return Err(DerError::Empty);
    }
    Ok((explicit, mapping))
}

fn policies(value: &[u8], critical: bool, at: CertRef) -> Result<Vec<&[u8]>, X509Error> {
    let malformed = X509Error::MalformedExtension { at, extension: "certificate policies" };
    let mut list: Vec<&[u8]> = Vec::new();
    let mut qualified = true;
    let mut read = || -> Result<bool, DerError> {
        let mut reader = der::open(value, SEQUENCE)?;
        while !reader.is_empty() && list.len() <= POLICIES_MAX {
            let mut policy = reader.nested(SEQUENCE)?;
            let kind = der::oid(policy.value(der::OID)?)?;
            if let Some(qualifiers) = policy.optional(SEQUENCE)? {
                qualified &= qualifiers_known(qualifiers)?;
            }
            policy.finish()?;
            if list.contains(&kind) {
                return Ok(false);
            }
            list.push(kind);
        }
        Ok(!list.is_empty())
    };
    if !read().ext(at, "certificate policies")? {
        return Err(malformed);
    }
    if list.len() > POLICIES_MAX {
        return Err(X509Error::PolicyLimit { at });
    }
    // A critical extension must be understood with its qualifiers.
    if critical && !qualified { Err(X509Error::UnknownCriticalExtension { at }) } else { Ok(list) }
}

fn qualifiers_known(content: &[u8]) -> Result<bool, DerError> {
    let mut reader = Reader::new(non_empty(content)?);
    let mut known = true;
    while !reader.is_empty() {
        let mut qualifier = reader.nested(SEQUENCE)?;
        let kind = der::oid(qualifier.value(der::OID)?)?;
        qualifier.any()?;
        qualifier.finish()?;
        known &= kind == oid::QUALIFIER_CPS || kind == oid::QUALIFIER_NOTICE;
    }
    Ok(known)
}

fn mappings(value: &[u8], at: CertRef) -> Result<Vec<Mapping<'_>>, X509Error> {
    let extension = "policy mappings";
    let mut reader = der::open(value, SEQUENCE).ext(at, extension)?;
    let mut list = Vec::new();
    while !reader.is_empty() {
        let mut pair = reader.nested(SEQUENCE).ext(at, extension)?;
        let issuer = pair.value(der::OID).and_then(der::oid).ext(at, extension)?;
        let subject = pair.value(der::OID).and_then(der::oid).ext(at, extension)?;
        pair.finish().ext(at, extension)?;
        if issuer == oid::ANY_POLICY || subject == oid::ANY_POLICY {
            return Err(X509Error::PolicyMapping { at });
        }
        if list.len() >= POLICIES_MAX {
            return Err(X509Error::PolicyLimit { at });
        }
        list.push((issuer, subject));
    }
    if list.is_empty() { Err(X509Error::MalformedExtension { at, extension }) } else { Ok(list) }
}

fn purposes(value: &[u8]) -> Result<Vec<&[u8]>, DerError> {
    let mut reader = Reader::new(non_empty(der::single(value, SEQUENCE)?.value)?);
    let mut list = Vec::new();
    while !reader.is_empty() {
        list.push(der::oid(reader.value(der::OID)?)?);
    }
    Ok(list)
}

fn information_access(value: &[u8]) -> Result<(), DerError> {
    let mut reader = Reader::new(non_empty(der::single(value, SEQUENCE)?.value)?);
    while !reader.is_empty() {
        let mut description = reader.nested(SEQUENCE)?;
        der::oid(description.value(der::OID)?)?;
        GeneralName::read(&mut description)?;
        description.finish()?;
    }
    Ok(())
}
