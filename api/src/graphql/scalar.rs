//! Scalars that every client reads without loss: numbers over 53 bits travel as strings.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use auto_core::{Address, Amount, BlockNumber, Hash};

fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

fn refuse<T: async_graphql::InputType>(message: &str) -> InputValueError<T> {
    InputValueError::custom(message)
}

/// A 32-byte BLAKE3 hash as 64 hex digits; `0x` before it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HashText(pub(crate) Hash);

/// A 32-byte BLAKE3 hash as 64 hex digits; `0x` before it is accepted.
#[Scalar(name = "Hash")]
impl ScalarType for HashText {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        text.parse().map(Self).map_err(|_| refuse("a hash is 64 hex digits"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<Hash> for HashText {
    fn from(hash: Hash) -> Self {
        Self(hash)
    }
}

/// Money in base units as a decimal string; 10^18 base units are one AI3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AmountText(pub(crate) Amount);

/// Money in base units as a decimal string; 10^18 base units are one AI3.
#[Scalar(name = "Amount")]
impl ScalarType for AmountText {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        let units = text.parse().map_err(|_| refuse("an amount is a decimal number of base units"))?;
        Ok(Self(Amount::from_base_units(units)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.base_units().to_string())
    }
}

impl From<Amount> for AmountText {
    fn from(amount: Amount) -> Self {
        Self(amount)
    }
}

/// An account's address in base58 with a checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressText(pub(crate) Address);

/// An account's address in base58 with a checksum.
#[Scalar(name = "Address")]
impl ScalarType for AddressText {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        text.parse().map(Self).map_err(|error: auto_core::AddressError| refuse(&error.to_string()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Bytes in hex after `0x`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BytesText(pub(crate) Vec<u8>);

/// Bytes in hex after `0x`.
#[Scalar(name = "Bytes")]
impl ScalarType for BytesText {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        let digits = text.strip_prefix("0x").ok_or_else(|| refuse("bytes are hex digits after `0x`"))?;
        hex::decode(digits).map(Self).map_err(|_| refuse("bytes are pairs of hex digits after `0x`"))
    }

    fn to_value(&self) -> Value {
        Value::String(format!("0x{}", hex::encode(&self.0)))
    }
}

fn natural<T: async_graphql::InputType>(value: Value, what: &str) -> Result<u64, InputValueError<T>> {
    match value {
        Value::String(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map_err(|_| refuse(&format!("{what} fits in 64 bits")))
        }
        Value::Number(number) => number.as_u64().ok_or_else(|| refuse(&format!("{what} is not negative"))),
        _ => Err(refuse(&format!("{what} is a decimal number, best as a string"))),
    }
}

/// Height of a block as a decimal string; a plain integer is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Height(pub(crate) BlockNumber);

/// Height of a block as a decimal string; a plain integer is accepted.
#[Scalar(name = "Height")]
impl ScalarType for Height {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(BlockNumber(natural(value, "a height")?)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<BlockNumber> for Height {
    fn from(number: BlockNumber) -> Self {
        Self(number)
    }
}

/// A natural number below 2^64 as a decimal string; a plain integer is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Natural(pub(crate) u64);

/// A natural number below 2^64 as a decimal string; a plain integer is accepted.
#[Scalar(name = "UInt64")]
impl ScalarType for Natural {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(natural(value, "the number")?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A natural number below 2^128 as a decimal string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Natural128(pub(crate) u128);

/// A natural number below 2^128 as a decimal string.
#[Scalar(name = "UInt128")]
impl ScalarType for Natural128 {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value).map_err(InputValueError::expected_type)?;
        text.parse().map(Self).map_err(|_| refuse("the number is a decimal number of at most 128 bits"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
