//! Strict SCALE decoding and the two containers with a fixed-width length.

use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use std::ops::Deref;

/// Why bytes could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The bytes do not follow the format.
    #[error("malformed encoding: {0}")]
    Malformed(String),
    /// Bytes are left over after the value.
    #[error("{0} trailing bytes after the value")]
    Trailing(usize),
    /// The input is longer than its bound, so it was not decoded.
    #[error("encoding of {actual} bytes is over the limit of {limit}")]
    TooLong {
        /// Length of the input in bytes.
        actual: usize,
        /// The bound in bytes.
        limit: usize,
    },
}

/// Decodes exactly one value out of `bytes`, which may be at most `limit` bytes long.
///
/// # Errors
/// When the input is over the limit, malformed, or longer than the value.
pub fn decode_strict<T: Decode>(bytes: &[u8], limit: usize) -> Result<T, CodecError> {
    if bytes.len() > limit {
        return Err(CodecError::TooLong { actual: bytes.len(), limit });
    }
    let mut input = bytes;
    let value = T::decode(&mut input).map_err(|error| CodecError::Malformed(error.to_string()))?;
    if input.is_empty() { Ok(value) } else { Err(CodecError::Trailing(input.len())) }
}

fn decode_length<I: Input>(input: &mut I, max: usize, unit: usize) -> Result<usize, Error> {
    let length = u32::decode(input)?;
    let length = usize::try_from(length).map_err(|_| Error::from("length over the address space"))?;
    if length > max {
        return Err(Error::from("length over its bound"));
    }
    // An element takes at least `unit` bytes, so a short input is refused before allocation.
    match input.remaining_len()? {
        Some(left) if left / unit < length => Err(Error::from("length over the input")),
        _ => Ok(length),
    }
}

/// At most `MAX` bytes behind a `u32` length.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Blob<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> Blob<MAX> {
    /// Wraps `bytes`, or gives them back when they are over the bound.
    ///
    /// # Errors
    /// The bytes themselves, when there are more than `MAX`.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Vec<u8>> {
        if bytes.len() > MAX || u32::try_from(bytes.len()).is_err() { Err(bytes) } else { Ok(Self(bytes)) }
    }

    /// The bytes without their wrapper.
    #[must_use]
    pub fn into_inner(self) -> Vec<u8> {
        self.0
    }
}

impl<const MAX: usize> std::fmt::Debug for Blob<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> Deref for Blob<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> Encode for Blob<MAX> {
    fn size_hint(&self) -> usize {
        self.0.len().saturating_add(4)
    }

    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        let length = u32::try_from(self.0.len()).expect("holds because the constructor bounds the length");
        length.encode_to(dest);
        dest.write(&self.0);
    }
}

impl<const MAX: usize> Decode for Blob<MAX> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let length = decode_length(input, MAX, 1)?;
        let mut bytes = vec![0; length];
        input.read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// At most `MAX` values behind a `u32` count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> List<T, MAX> {
    /// Wraps `values`, or gives them back when they are over the bound.
    ///
    /// # Errors
    /// The values themselves, when there are more than `MAX`.
    pub fn new(values: Vec<T>) -> Result<Self, Vec<T>> {
        if values.len() > MAX || u32::try_from(values.len()).is_err() {
            Err(values)
        } else {
            Ok(Self(values))
        }
    }

    /// The values without their wrapper.
    #[must_use]
    pub fn into_inner(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Encode, const MAX: usize> Encode for List<T, MAX> {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        let length = u32::try_from(self.0.len()).expect("holds because the constructor bounds the length");
        length.encode_to(dest);
        for value in &self.0 {
            value.encode_to(dest);
        }
    }
}

impl<T: Decode, const MAX: usize> Decode for List<T, MAX> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let length = decode_length(input, MAX, 1)?;
        // Grows as values arrive: a count alone never allocates for what the input does not hold.
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(T::decode(input)?);
        }
        Ok(Self(values))
    }
}

impl<T: serde::Serialize, const MAX: usize> serde::Serialize for List<T, MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = 7u32.encode();
        bytes.push(0);
        assert_eq!(decode_strict::<u32>(&bytes, 64), Err(CodecError::Trailing(1)));
    }

    #[test]
    fn input_over_the_limit_is_refused_undecoded() {
        let error = decode_strict::<u32>(&[0; 5], 4).expect_err("five bytes are over four");
        assert_eq!(error, CodecError::TooLong { actual: 5, limit: 4 });
    }

    #[test]
    fn length_over_bound_or_input_is_refused() {
        assert!(decode_strict::<Blob<3>>(&Blob::<4>(vec![1; 4]).encode(), 64).is_err());
        assert!(decode_strict::<Blob<{ 1 << 30 }>>(&(1u32 << 29).encode(), 64).is_err());
        assert!(decode_strict::<List<u64, 1000>>(&999u32.encode(), 64).is_err());
    }

    proptest::proptest! {
        #[test]
        fn blob_round_trips(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..256)) {
            let blob = Blob::<256>::new(bytes.clone()).expect("within the bound");
            let encoded = blob.encode();
            proptest::prop_assert_eq!(encoded.len(), bytes.len() + 4);
            proptest::prop_assert_eq!(decode_strict::<Blob<256>>(&encoded, 1024), Ok(blob));
        }
    }
}
