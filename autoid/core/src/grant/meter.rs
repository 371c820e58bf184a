use core::fmt;
use core::str::FromStr;

use parity_scale_codec::{Decode, Encode};

use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::{AutoId, Refusal};

/// What is spent: one to eight lower-case letters and digits, such as `ai3`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Asset([u8; 8]);

impl Asset {
    /// The coin of the network, in base units of 18 decimals.
    pub const AI3: Self = Self(*b"ai3\0\0\0\0\0");

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        core::str::from_utf8(self.0.get(..length).unwrap_or_default()).unwrap_or_default()
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asset({self})")
    }
}

impl FromStr for Asset {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let mut name = [0; 8];
        let letters = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !letters || !(1..=name.len()).contains(&text.len()) {
            return Err(Refusal::Asset);
        }
        for (to, from) in name.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Ok(Self(name))
    }
}

impl Canonical for Asset {
    fn write(&self, to: &mut Writer) {
        to.text(self.name());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.text(8)?.parse()
    }
}

/// Who is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Payee {
    /// An identity, into its vault.
    Identity(AutoId),
    /// An account.
    Address([u8; 32]),
}

impl Canonical for Payee {
    fn write(&self, to: &mut Writer) {
        let (number, bytes) = match self {
            Self::Identity(id) => (0, &id.0),
            Self::Address(address) => (1, address),
        };
        to.array(2);
        to.uint(number);
        to.bytes(bytes);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.tuple(2)?;
        match from.uint()? {
            0 => Ok(Self::Identity(AutoId::read(from)?)),
            1 => Ok(Self::Address(from.array_of_bytes()?)),
            _ => Err(CborError::Range.into()),
        }
    }
}

/// Whose limit a spend counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Mode {
    /// Against this meter and every meter above it.
    Shared,
    /// Against a reserve that was taken out of the parent's meter when the grant was registered.
    Carved,
}

/// A limit over a stretch of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Window {
    /// Its length.
    pub blocks: u32,
    /// The most that is spent in it, in base units.
    pub cap: u128,
}

/// What may be spent of an asset under a grant, in base units.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Meter {
    /// The asset.
    pub asset: Asset,
    /// The most in one call.
    pub per_call: u128,
    /// The most in a stretch of blocks.
    pub window: Option<Window>,
    /// The most altogether.
    pub total: u128,
    /// Against whose limit.
    pub mode: Mode,
}

impl Meter {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let empty = self.window.is_some_and(|window| window.blocks == 0);
        if empty || self.per_call > self.total { Err(Refusal::Meter) } else { Ok(()) }
    }

    /// Whether no spend under `child` can break this meter's limits one by one. Sums are counted on chain.
    pub(super) fn covers(&self, child: &Self) -> bool {
        let window = match (self.window, child.window) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(child)) => child.blocks >= own.blocks && child.cap <= own.cap,
        };
        window && child.per_call <= self.per_call && child.total <= self.total
    }
}
