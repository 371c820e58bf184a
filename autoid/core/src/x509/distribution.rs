//! Distribution points of certificates and lists (RFC 5280 sections 4.2.1.13 and 5.2.5).

use alloc::vec::Vec;

use super::{
    der::{self, Reader, SEQUENCE},
    error::DerError,
    general_name::GeneralName,
    name::{self, Name},
};

/// Every reason a list can cover, as named bits; bit 0 is unused.
pub(crate) const ALL_REASONS: u16 = 0x7f80;

/// Where a list is found, by name.
#[derive(Debug, Clone)]
pub(crate) enum PointName<'a> {
    Full(Vec<GeneralName<'a>>),
    /// The content of one relative name, to be appended to the name of the list's issuer.
    Relative(&'a [u8]),
}

/// One entry of the CRL distribution points extension.
#[derive(Debug, Clone)]
pub(crate) struct DistributionPoint<'a> {
    pub(crate) name: Option<PointName<'a>>,
    pub(crate) reasons: u16,
    /// The issuers of the list, when they are not the certificate's issuer; empty otherwise.
    pub(crate) issuers: Vec<GeneralName<'a>>,
}

/// What a list covers.
#[derive(Debug, Clone)]
pub(crate) struct IssuingPoint<'a> {
    /// The whole extension value; a delta list must have the same scope as its base.
    pub(crate) raw: &'a [u8],
    pub(crate) name: Option<PointName<'a>>,
    pub(crate) only_users: bool,
    pub(crate) only_cas: bool,
    pub(crate) only_attributes: bool,
    pub(crate) reasons: u16,
    pub(crate) indirect: bool,
}

impl<'a> PointName<'a> {
    fn read(content: &'a [u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(content);
        let tlv = reader.any()?;
        reader.finish()?;
        match tlv.tag {
            0xa0 => Ok(Self::Full(GeneralName::list(Reader::new(tlv.value))?)),
            0xa1 => {
                name::check_rdn(tlv.value)?;
                Ok(Self::Relative(tlv.value))
            }
            _ => Err(DerError::UnexpectedTag),
        }
    }

    /// Whether the names are of forms that can be a place of a list: a URI or a directory entry.
    fn is_place(&self) -> bool {
        match self {
            Self::Full(names) => {
                names.iter().all(|name| matches!(name, GeneralName::Uri(_) | GeneralName::Directory(_)))
            }
            Self::Relative(_) => true,
        }
    }

    /// Whether the two share a name; `ours` and `theirs` are the issuers that relative names extend.
    pub(crate) fn meets(&self, ours: &Name<'_>, other: &PointName<'_>, theirs: &Name<'_>) -> bool {
        if !self.is_place() || !other.is_place() {
            return false;
        }
        match (self, other) {
            (Self::Full(own), PointName::Full(names)) => {
                own.iter().any(|name| names.iter().any(|other| same(name, other)))
            }
            (Self::Full(own), PointName::Relative(rdn)) => {
                directory(own).any(|name| name.extends(theirs, rdn))
            }
            (Self::Relative(rdn), PointName::Full(names)) => {
                directory(names).any(|name| name.extends(ours, rdn))
            }
            (Self::Relative(own), PointName::Relative(rdn)) => {
                ours.matches(theirs) && name::rdn_matches(own, rdn)
            }
        }
    }
}

impl<'a> DistributionPoint<'a> {
    /// Decodes the extension: at least one point.
    pub(crate) fn list(value: &'a [u8]) -> Result<Vec<Self>, DerError> {
        let mut reader = der::open(value, SEQUENCE)?;
        if reader.is_empty() {
            return Err(DerError::Empty);
        }
        let mut points = Vec::new();
        while !reader.is_empty() {
            let mut point = reader.nested(SEQUENCE)?;
            let name = point.optional(der::constructed(0))?.map(PointName::read).transpose()?;
            let reasons = point.optional(der::context(1))?.map(der::named_bits).transpose()?;
            let issuers = match point.optional(der::constructed(2))? {
                Some(content) => GeneralName::list(Reader::new(content))?,
                None => Vec::new(),
            };
            point.finish()?;
            if name.is_none() && issuers.is_empty() {
                return Err(DerError::Empty);
            }
            points.push(Self { name, reasons: reasons.unwrap_or(ALL_REASONS) & ALL_REASONS, issuers });
        }
        Ok(points)
    }

    /// The point assumed for lists that the certificate does not name: its issuer's own.
    pub(crate) fn of_issuer(issuer: Name<'a>) -> Self {
        let name = PointName::Full(Vec::from([GeneralName::Directory(issuer)]));
        Self { name: Some(name), reasons: ALL_REASONS, issuers: Vec::new() }
    }
}

impl<'a> IssuingPoint<'a> {
    pub(crate) fn parse(value: &'a [u8]) -> Result<Self, DerError> {
        let mut point = der::open(value, SEQUENCE)?;
        let name = point.optional(der::constructed(0))?.map(PointName::read).transpose()?;
        let only_users = point.default_false(der::context(1))?;
        let only_cas = point.default_false(der::context(2))?;
        let reasons = point.optional(der::context(3))?.map(der::named_bits).transpose()?;
        let indirect = point.default_false(der::context(4))?;
        let only_attributes = point.default_false(der::context(5))?;
        point.finish()?;
        let kinds = [only_users, only_cas, only_attributes].iter().filter(|only| **only).count();
        // At most one kind, and a list that says nothing at all must not have the extension.
        let says_something = name.is_some() || kinds == 1 || reasons.is_some() || indirect;
        if kinds > 1 || !says_something {
            return Err(DerError::Empty);
        }
        let reasons = reasons.unwrap_or(ALL_REASONS) & ALL_REASONS;
        Ok(Self { raw: value, name, only_users, only_cas, only_attributes, reasons, indirect })
    }
}

fn directory<'n, 'a>(names: &'n [GeneralName<'a>]) -> impl Iterator<Item = &'n Name<'a>> {
    names.iter().filter_map(|name| if let GeneralName::Directory(name) = name { Some(name) } else { None })
}

/// Whether two names of places are the same; URIs octet by octet.
fn same(ours: &GeneralName<'_>, theirs: &GeneralName<'_>) -> bool {
    match (ours, theirs) {
        (GeneralName::Uri(own), GeneralName::Uri(other)) => own == other,
        (GeneralName::Directory(own), GeneralName::Directory(other)) => own.matches(other),
        _ => false,
    }
}
