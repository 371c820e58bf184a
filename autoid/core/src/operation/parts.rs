use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::id::tagged;
use crate::limits::GUARDIANS_MAX;
use crate::{AutoId, Refusal};

/// Why an identity was suspended or revoked, by the numbers of RFC 5280.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Reason {
    /// No reason is given.
    Unspecified,
    /// A key is or may be in foreign hands.
    KeyCompromise,
    /// A key of whoever stands above is or may be in foreign hands.
    IssuerCompromise,
    /// It belongs to somebody else, or its description is wrong.
    AffiliationChanged,
    /// Another identity takes its place.
    Superseded,
    /// It is not needed any more.
    CessationOfOperation,
    /// It lost what it was allowed.
    PrivilegeWithdrawn,
}

impl Reason {
    const NUMBERS: [(Self, u8); 7] = [
        (Self::Unspecified, 0),
        (Self::KeyCompromise, 1),
        (Self::IssuerCompromise, 2),
        (Self::AffiliationChanged, 3),
        (Self::Superseded, 4),
        (Self::CessationOfOperation, 5),
        (Self::PrivilegeWithdrawn, 9),
    ];
}

impl Canonical for Reason {
    fn write(&self, to: &mut Writer) {
        let number = Self::NUMBERS.iter().find(|(reason, _)| reason == self).map_or(0, |(_, number)| *number);
        to.uint(u64::from(number));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let number = u8::read(from)?;
        let found = Self::NUMBERS.iter().find(|(_, known)| *known == number);
        found.map(|(reason, _)| *reason).ok_or(CborError::Range.into())
    }
}

/// Who may recover an identity whose keys are lost. The record holds their commitment only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardians {
    /// Up to 8 identities, in rising order.
    pub members: Vec<AutoId>,
    /// How many of them it takes.
    pub threshold: u8,
    /// Hides who they are until they act.
    pub salt: [u8; 16],
}

impl Guardians {
    /// What the record of the identity holds.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        tagged("auto/guardians/v1", &[&self.to_cbor()])
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let reachable = self.threshold > 0 && usize::from(self.threshold) <= self.members.len();
        if reachable { Ok(()) } else { Err(Refusal::GuardianSet) }
    }
}

impl Canonical for Guardians {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.put(1, |to| to.list(&self.members));
            fields.value(2, &self.threshold);
            fields.value(3, &self.salt);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let guardians = Self {
            members: fields.need(1, |from| from.set(GUARDIANS_MAX, AutoId::read))?,
            threshold: fields.need(2, u8::read)?,
            salt: fields.need(3, <[u8; 16]>::read)?,
        };
        fields.close()?;
        Ok(guardians)
    }
}

/// Where an identity can be reached: a service of its DID document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Service {
    /// The fragment that names it: lower-case letters, digits and hyphens.
    pub name: String,
    /// Its type, such as `A2A`, `MCP` or `LinkedDomains`.
    pub kind: String,
    /// Its address.
    pub endpoint: String,
}

const SERVICE_NAME_BYTES_MAX: usize = 32;
const SERVICE_ENDPOINT_BYTES_MAX: usize = 256;

impl Service {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let name = |text: &str, upper: bool| {
            !text.is_empty()
                && text.bytes().all(|byte| {
                    byte.is_ascii_lowercase()
                        || byte.is_ascii_digit()
                        || byte == b'-'
                        || upper && byte.is_ascii_uppercase()
                })
        };
        // The characters of RFC 3986 only; a scheme in front.
        let address = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        let scheme = self.endpoint.split_once(':').is_some_and(|(scheme, rest)| {
            !rest.is_empty()
                && scheme.starts_with(|first: char| first.is_ascii_lowercase())
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte))
        });
        if name(&self.name, false) && name(&self.kind, true) && scheme && self.endpoint.bytes().all(address) {
            Ok(())
        } else {
            Err(Refusal::Service)
        }
    }
}

impl Canonical for Service {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.put(1, |to| to.text(&self.name));
            fields.put(2, |to| to.text(&self.kind));
            fields.put(3, |to| to.text(&self.endpoint));
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let text = |limit: usize| move |from: &mut Reader<'_>| Ok(from.text(limit)?.to_string());
        let mut fields = from.fields()?;
        let service = Self {
            name: fields.need(1, text(SERVICE_NAME_BYTES_MAX))?,
            kind: fields.need(2, text(SERVICE_NAME_BYTES_MAX))?,
            endpoint: fields.need(3, text(SERVICE_ENDPOINT_BYTES_MAX))?,
        };
        fields.close()?;
        Ok(service)
    }
}
