//! The encoding of operations: an array of the action's number and its fields.

use alloc::string::ToString as _;

use super::{Action, Guardians, Operation, Reason, Service};
use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::keys::KeySet;
use crate::limits::SERVICES_MAX;
use crate::{AutoId, GrantId, Refusal};

/// Bytes of an alias.
const ALIAS_BYTES_MAX: usize = 32;

impl Canonical for Operation {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.id);
            fields.value(2, &self.seq);
            fields.value(3, &self.valid_until);
            fields.value(4, &self.action);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let operation = Self {
            id: fields.need(1, AutoId::read)?,
            seq: fields.need(2, u64::read)?,
            valid_until: fields.need(3, u64::read)?,
            action: fields.need(4, Action::read)?,
        };
        fields.close()?;
        Ok(operation)
    }
}

impl Action {
    /// The action's number, and how many fields follow it.
    const fn shape(&self) -> (u64, usize) {
        match self {
            Self::Rotate { .. } => (1, 2),
            Self::SetRecovery { .. } => (2, 1),
            Self::Suspend { .. } => (3, 1),
            Self::Resume => (4, 0),
            Self::Revoke { .. } => (5, 2),
            Self::BumpEpoch => (6, 0),
            Self::Deactivate => (7, 0),
            Self::SetServices { .. } => (8, 1),
            Self::AttachCertificate { .. } => (9, 1),
            Self::Endorse => (10, 0),
            Self::StartRecovery { .. } => (11, 3),
            Self::VetoRecovery => (12, 0),
            Self::FinishRecovery => (13, 0),
            Self::RevokeGrant { .. } => (14, 1),
            Self::RevealAlias { .. } => (15, 2),
            Self::ReleaseAlias => (16, 0),
        }
    }
}

impl Canonical for Action {
    fn write(&self, to: &mut Writer) {
        let (number, fields) = self.shape();
        to.array(fields + 1);
        to.uint(number);
        match self {
            Self::Rotate { keys, next } => {
                keys.write(to);
                next.write(to);
            }
            Self::SetRecovery { guardians } => nullable(to, guardians.as_ref()),
            Self::Suspend { reason } => reason.write(to),
            Self::Revoke { reason, guardians } => {
                reason.write(to);
                nullable(to, guardians.as_ref());
            }
            Self::SetServices { services } => to.list(services),
            Self::AttachCertificate { certificate } => certificate.write(to),
            Self::StartRecovery { guardians, keys, next } => {
                guardians.write(to);
                keys.write(to);
                next.write(to);
            }
            Self::RevokeGrant { grant } => grant.write(to),
            Self::RevealAlias { alias, salt } => {
                to.text(alias);
                salt.write(to);
            }
            Self::Resume
            | Self::BumpEpoch
            | Self::Deactivate
            | Self::Endorse
            | Self::VetoRecovery
            | Self::FinishRecovery
            | Self::ReleaseAlias => {}
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let members = from.array(4)?;
        let action = match from.uint()? {
            1 => Self::Rotate { keys: KeySet::read(from)?, next: from.array_of_bytes()? },
            2 => Self::SetRecovery { guardians: read_nullable(from)? },
            3 => Self::Suspend { reason: Reason::read(from)? },
            4 => Self::Resume,
            5 => Self::Revoke { reason: Reason::read(from)?, guardians: read_nullable(from)? },
            6 => Self::BumpEpoch,
            7 => Self::Deactivate,
            8 => Self::SetServices { services: services(from)? },
            9 => Self::AttachCertificate { certificate: from.array_of_bytes()? },
            10 => Self::Endorse,
            11 => Self::StartRecovery {
                guardians: Guardians::read(from)?,
                keys: KeySet::read(from)?,
                next: from.array_of_bytes()?,
            },
            12 => Self::VetoRecovery,
            13 => Self::FinishRecovery,
            14 => Self::RevokeGrant { grant: GrantId::read(from)? },
            15 => Self::RevealAlias {
                alias: from.text(ALIAS_BYTES_MAX)?.to_string(),
                salt: from.array_of_bytes()?,
            },
            16 => Self::ReleaseAlias,
            _ => return Err(CborError::Range.into()),
        };
        if action.shape().1 + 1 == members { Ok(action) } else { Err(CborError::Length.into()) }
    }
}

/// Services in the rising order of their names, so that no name is there twice.
fn services(from: &mut Reader<'_>) -> Result<alloc::vec::Vec<Service>, Refusal> {
    let services = from.list(SERVICES_MAX, Service::read)?;
    if services.is_sorted_by(|a, b| a.name < b.name) { Ok(services) } else { Err(CborError::Order.into()) }
}

fn nullable(to: &mut Writer, value: Option<&impl Canonical>) {
    match value {
        Some(value) => value.write(to),
        None => to.null(),
    }
}

fn read_nullable<T: Canonical>(from: &mut Reader<'_>) -> Result<Option<T>, Refusal> {
    if from.is_null() { from.null().map(|()| None).map_err(Refusal::from) } else { T::read(from).map(Some) }
}
