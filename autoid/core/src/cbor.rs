//! Deterministic CBOR (RFC 8949, section 4.2.1), strictly read.
//!
//! Every value has one encoding: definite lengths, shortest integers, maps with small integer keys in rising
//! order, defaults left out. There are no floats, no tags inside a body, no unknown keys and no bytes after
//! the end. A length is checked against its bound and against the input before anything is allocated.

mod error;
mod reader;
mod writer;

pub use error::CborError;
pub use reader::{Fields, Reader};
pub use writer::{FieldWriter, Writer};

use alloc::vec::Vec;

use crate::Refusal;

/// A value with exactly one encoding.
pub trait Canonical: Sized {
    /// Appends the encoding.
    fn write(&self, to: &mut Writer);

    /// Reads a value.
    ///
    /// # Errors
    /// When the bytes are not the encoding of a value of this type.
    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal>;

    /// The encoding.
    #[must_use]
    fn to_cbor(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.into_bytes()
    }

    /// The value of an encoding of at most `limit` bytes.
    ///
    /// # Errors
    /// When the bytes are over the limit, or not exactly what [`Canonical::to_cbor`] gives.
    fn from_cbor(bytes: &[u8], limit: usize) -> Result<Self, Refusal> {
        if bytes.len() > limit {
            return Err(Refusal::TooLarge { bytes: bytes.len(), limit });
        }
        let mut reader = Reader::new(bytes);
        let value = Self::read(&mut reader)?;
        reader.finish()?;
        if value.to_cbor() == bytes { Ok(value) } else { Err(CborError::NotCanonical.into()) }
    }
}

impl Canonical for u8 {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Self::try_from(from.uint()?).map_err(|_| CborError::Range.into())
    }
}

impl Canonical for u32 {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Self::try_from(from.uint()?).map_err(|_| CborError::Range.into())
    }
}

impl Canonical for u64 {
    fn write(&self, to: &mut Writer) {
        to.uint(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Ok(from.uint()?)
    }
}

/// An amount: 16 bytes, most significant first, because CBOR's integers end at 64 bits.
impl Canonical for u128 {
    fn write(&self, to: &mut Writer) {
        to.bytes(&self.to_be_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Ok(Self::from_be_bytes(from.array_of_bytes()?))
    }
}

impl Canonical for bool {
    fn write(&self, to: &mut Writer) {
        to.bool(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Ok(from.bool()?)
    }
}

impl<const N: usize> Canonical for [u8; N] {
    fn write(&self, to: &mut Writer) {
        to.bytes(self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Ok(from.array_of_bytes()?)
    }
}
