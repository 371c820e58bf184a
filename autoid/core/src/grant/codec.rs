//! The encoding of grants.

use super::{ApproveOver, Asset, Grant, Meter, Mode, Payee, Reversibility, RevocationPlace, Window};
use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::command::Command;
use crate::limits::{APPROVALS_MAX, METERS_MAX, PAYEES_MAX, SCOPES_MAX};
use crate::policy::Policy;
use crate::resource::ResourcePattern;
use crate::{AutoId, GrantId, Refusal, Time};

/// The version of the encoding.
const VERSION: u64 = 1;

impl Canonical for Grant {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &VERSION);
            fields.value(2, &self.iss);
            fields.value(3, &self.aud);
            fields.value(4, &self.sub);
            fields.list(5, &self.cmd);
            fields.list(6, &self.res);
            if !self.pol.is_empty() {
                fields.value(7, &self.pol);
            }
            if let Some(payees) = &self.payees {
                fields.put(8, |to| to.list(payees));
            }
            fields.value(9, &self.nbf);
            fields.value(10, &self.exp);
            fields.value(11, &self.max_depth);
            fields.value(12, &self.max_staleness);
            fields.value(13, &self.rev);
            fields.value(14, &self.epoch);
            fields.value(15, &self.iss_seq);
            fields.option(16, self.parent.as_ref());
            fields.list(17, &self.meters);
            fields.option(18, self.calls.as_ref());
            fields.value(19, &self.class);
            fields.option(20, self.approve_over.as_ref());
            if self.dangerous {
                fields.value(21, &true);
            }
            fields.value(22, &self.nonce);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        if fields.need(1, u64::read)? != VERSION {
            return Err(CborError::Range.into());
        }
        let grant = Self {
            iss: fields.need(2, AutoId::read)?,
            aud: fields.need(3, AutoId::read)?,
            sub: fields.need(4, AutoId::read)?,
            cmd: fields.maybe(5, |from| from.set(SCOPES_MAX, Command::read))?.unwrap_or_default(),
            res: fields.maybe(6, |from| from.set(SCOPES_MAX, ResourcePattern::read))?.unwrap_or_default(),
            pol: fields.maybe(7, Policy::read)?.unwrap_or_default(),
            payees: fields.maybe(8, |from| from.set(PAYEES_MAX, Payee::read))?,
            nbf: fields.need(9, Time::read)?,
            exp: fields.need(10, Time::read)?,
            max_depth: fields.need(11, u8::read)?,
            max_staleness: fields.need(12, u32::read)?,
            rev: fields.need(13, RevocationPlace::read)?,
            epoch: fields.need(14, u32::read)?,
            iss_seq: fields.need(15, u64::read)?,
            parent: fields.maybe(16, GrantId::read)?,
            meters: fields.maybe(17, meters)?.unwrap_or_default(),
            calls: fields.maybe(18, u64::read)?,
            class: fields.need(19, Reversibility::read)?,
            approve_over: fields.maybe(20, ApproveOver::read)?,
            dangerous: fields.maybe(21, bool::read)?.unwrap_or_default(),
            nonce: fields.need(22, <[u8; 16]>::read)?,
        };
        fields.close()?;
        Ok(grant)
    }
}

/// Meters in the rising order of their assets, so that no asset has two.
fn meters(from: &mut Reader<'_>) -> Result<alloc::vec::Vec<Meter>, Refusal> {
    let meters = from.list(METERS_MAX, Meter::read)?;
    if meters.is_sorted_by(|a, b| a.asset < b.asset) { Ok(meters) } else { Err(CborError::Order.into()) }
}

/// The number of the list in the high 32 bits, the bit in the low.
impl Canonical for RevocationPlace {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(self.list) << 32 | u64::from(self.index));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let bytes = from.uint()?.to_be_bytes();
        let [a, b, c, d, e, f, g, h] = bytes;
        Ok(Self { list: u32::from_be_bytes([a, b, c, d]), index: u32::from_be_bytes([e, f, g, h]) })
    }
}

impl Canonical for Reversibility {
    fn write(&self, to: &mut Writer) {
        to.uint(match self {
            Self::Read => 0,
            Self::Reversible => 1,
            Self::Compensable => 2,
            Self::Irreversible => 3,
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let number = usize::try_from(from.uint()?).map_err(|_| CborError::Range)?;
        Self::ALL.get(number).copied().ok_or(CborError::Range.into())
    }
}

impl Canonical for Mode {
    fn write(&self, to: &mut Writer) {
        to.uint(match self {
            Self::Shared => 0,
            Self::Carved => 1,
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        match from.uint()? {
            0 => Ok(Self::Shared),
            1 => Ok(Self::Carved),
            _ => Err(CborError::Range.into()),
        }
    }
}

impl Canonical for Window {
    fn write(&self, to: &mut Writer) {
        to.array(2);
        self.blocks.write(to);
        self.cap.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.tuple(2)?;
        Ok(Self { blocks: u32::read(from)?, cap: u128::read(from)? })
    }
}

impl Canonical for Meter {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.asset);
            fields.value(2, &self.per_call);
            fields.option(3, self.window.as_ref());
            fields.value(4, &self.total);
            fields.value(5, &self.mode);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let meter = Self {
            asset: fields.need(1, Asset::read)?,
            per_call: fields.need(2, u128::read)?,
            window: fields.maybe(3, Window::read)?,
            total: fields.need(4, u128::read)?,
            mode: fields.need(5, Mode::read)?,
        };
        fields.close()?;
        Ok(meter)
    }
}

impl Canonical for ApproveOver {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.asset);
            fields.value(2, &self.amount);
            fields.put(3, |to| to.list(&self.approvers));
            fields.value(4, &self.threshold);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let over = Self {
            asset: fields.need(1, Asset::read)?,
            amount: fields.need(2, u128::read)?,
            approvers: fields.need(3, |from| from.set(APPROVALS_MAX, AutoId::read))?,
            threshold: fields.need(4, u8::read)?,
        };
        fields.close()?;
        Ok(over)
    }
}
