use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use crate::Refusal;
use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::id::{hexadecimal, tagged};
use crate::limits::{POLICY_DEPTH_MAX, STATEMENT_BYTES_MAX};

/// A value of arguments or of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer of 64 bits and a sign.
    Int(i128),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// Fields by name, in the order of CBOR: shorter names first, then by bytes.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A map of fields, which it puts in order.
    ///
    /// # Errors
    /// When a name is there twice.
    pub fn map(mut fields: Vec<(String, Self)>) -> Result<Self, Refusal> {
        fields.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
        let map = Self::Map(fields);
        if map.is_sound(0) { Ok(map) } else { Err(CborError::Order.into()) }
    }

    /// The hash by which a call binds these arguments.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        args_hash(&self.to_cbor())
    }

    /// The field with a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The bytes that the value takes, about: what a comparison may have to look at.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) => 1,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(values) => values.iter().fold(1, |sum, value| sum.saturating_add(value.size())),
            Self::Map(fields) => fields.iter().fold(1, |sum: usize, (name, value)| {
                sum.saturating_add(name.len()).saturating_add(value.size())
            }),
        }
    }

    /// Whether the value can be encoded: integers in range, fields in order, not too deep.
    pub(super) fn is_sound(&self, depth: usize) -> bool {
        depth <= POLICY_DEPTH_MAX
            && match self {
                Self::Int(value) => (-(1 << 64)..1 << 64).contains(value),
                Self::List(values) => values.iter().all(|value| value.is_sound(depth + 1)),
                Self::Map(fields) => {
                    fields.is_sorted_by(|(a, _), (b, _)| order(a) < order(b))
                        && fields.iter().all(|(_, value)| value.is_sound(depth + 1))
                }
                _ => true,
            }
    }

    fn read_at(from: &mut Reader<'_>, depth: usize) -> Result<Self, Refusal> {
        if depth > POLICY_DEPTH_MAX {
            return Err(CborError::Depth.into());
        }
        Ok(match from.major() {
            Some(0 | 1) => Self::Int(from.int()?),
            Some(2) => Self::Bytes(from.bytes(STATEMENT_BYTES_MAX)?.to_vec()),
            Some(3) => Self::Text(from.text(STATEMENT_BYTES_MAX)?.to_string()),
            Some(4) => Self::List(from.list(STATEMENT_BYTES_MAX, |from| Self::read_at(from, depth + 1))?),
            Some(5) => {
                let count = from.map(STATEMENT_BYTES_MAX)?;
                let mut fields: Vec<(String, Self)> = Vec::new();
                for _ in 0..count {
                    let name = from.text(STATEMENT_BYTES_MAX)?.to_string();
                    if fields.last().is_some_and(|(last, _)| order(last) >= order(&name)) {
                        return Err(CborError::Order.into());
                    }
                    fields.push((name, Self::read_at(from, depth + 1)?));
                }
                Self::Map(fields)
            }
            _ if from.is_null() => from.null().map(|()| Self::Null)?,
            _ => Self::Bool(from.bool()?),
        })
    }
}

/// The hash by which a call binds arguments of any encoding.
#[must_use]
pub fn args_hash(bytes: &[u8]) -> [u8; 32] {
    tagged("auto/args/v1", &[bytes])
}

/// The order of encoded texts (RFC 8949, section 4.2.1): the head holds the length.
fn order(name: &str) -> (usize, &[u8]) {
    (name.len(), name.as_bytes())
}

impl Canonical for Value {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Null => to.null(),
            Self::Bool(value) => to.bool(*value),
            Self::Int(value) => to.int(*value),
            Self::Text(text) => to.text(text),
            Self::Bytes(bytes) => to.bytes(bytes),
            Self::List(values) => to.list(values),
            Self::Map(fields) => {
                to.map(fields.len());
                for (name, value) in fields {
                    to.text(name);
                    value.write(to);
                }
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Self::read_at(from, 0)
    }
}

/// As JSON, except that bytes are `0x` and hexadecimal digits.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(text) => write!(f, "\"{}\"", text.escape_debug()),
            Self::Bytes(bytes) => write!(f, "0x{}", hexadecimal(bytes)),
            Self::List(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{value}")?;
                }
                f.write_str("]")
            }
            Self::Map(fields) => {
                f.write_str("{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}\"{}\": {value}", name.escape_debug())?;
                }
                f.write_str("}")
            }
        }
    }
}
