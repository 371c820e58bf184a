//! Signed statements as calls carry them.

use autoid_core::{Body, Refusal, Sign, Sign1, limits};
use parity_scale_codec::{Compact, Decode, Encode, Error, Input, Output};

/// A signed statement in its one encoding.
pub trait Cose: Sized {
    /// Most bytes of the encoding.
    const BYTES_MAX: usize;

    /// The encoding.
    fn to_cose(&self) -> Vec<u8>;

    /// The statement of an encoding.
    ///
    /// # Errors
    /// When the bytes are not exactly an envelope around a body that keeps its rules.
    fn from_cose(bytes: &[u8]) -> Result<Self, Refusal>;
}

impl<T: Body> Cose for Sign1<T> {
    const BYTES_MAX: usize = T::BYTES_MAX + limits::ENVELOPE_BYTES_MAX;

    fn to_cose(&self) -> Vec<u8> {
        self.to_cose()
    }

    fn from_cose(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::from_cose(bytes)
    }
}

impl<T: Body> Cose for Sign<T> {
    const BYTES_MAX: usize = Self::bytes_max();

    fn to_cose(&self) -> Vec<u8> {
        self.to_cose()
    }

    fn from_cose(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::from_cose(bytes)
    }
}

/// The bytes of a statement, and the statement or why they are none.
///
/// It is read once, when the call is decoded. Bytes that are no statement still decode, so that the call's
/// check can say which rule they break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<S> {
    bytes: Vec<u8>,
    statement: Result<Box<S>, Refusal>,
}

impl<S: Cose> Envelope<S> {
    /// Bytes that may or may not be a statement.
    #[must_use]
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        let statement = S::from_cose(&bytes).map(Box::new);
        Self { bytes, statement }
    }

    /// The statement.
    ///
    /// # Errors
    /// Why the bytes are none.
    pub fn open(&self) -> Result<&S, Refusal> {
        self.statement.as_deref().map_err(Clone::clone)
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes; then there is no statement either.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<S: Cose> From<S> for Envelope<S> {
    fn from(statement: S) -> Self {
        Self { bytes: statement.to_cose(), statement: Ok(Box::new(statement)) }
    }
}

impl<S> Encode for Envelope<S> {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        self.bytes.encode_to(dest);
    }
}

impl<S: Cose> Decode for Envelope<S> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let length = usize::try_from(Compact::<u32>::decode(input)?.0).ok();
        let length = length.filter(|length| *length <= S::BYTES_MAX).ok_or("envelope over its bound")?;
        if input.remaining_len()?.is_some_and(|left| left < length) {
            return Err(Error::from("length over the input"));
        }
        let mut bytes = vec![0; length];
        input.read(&mut bytes)?;
        Ok(Self::of_bytes(bytes))
    }
}
