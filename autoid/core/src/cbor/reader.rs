use alloc::vec::Vec;
use core::str;

use super::CborError;
use crate::Refusal;

pub(super) const UINT: u8 = 0;
pub(super) const NEGATIVE: u8 = 1;
pub(super) const BYTES: u8 = 2;
pub(super) const TEXT: u8 = 3;
pub(super) const ARRAY: u8 = 4;
pub(super) const MAP: u8 = 5;
pub(super) const TAG: u8 = 6;
pub(super) const FALSE: u8 = 0xf4;
pub(super) const TRUE: u8 = 0xf5;
pub(super) const NULL: u8 = 0xf6;

/// Reads items from the front of a byte string.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The major type of the next item.
    #[must_use]
    pub fn major(&self) -> Option<u8> {
        self.rest.first().map(|head| head >> 5)
    }

    /// Whether the next item is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.rest.first() == Some(&NULL)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When bytes are left.
    pub const fn finish(&self) -> Result<(), CborError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CborError::Trailing) }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], CborError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The major type and the argument of the next item's head.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let head = *self.take(1)?.first().ok_or(CborError::Truncated)?;
        let (major, info) = (head >> 5, head & 0x1f);
        let (value, least) = match info {
            0..=23 => (u64::from(info), 0),
            24 => (self.number(1)?, 24),
            25 => (self.number(2)?, 1 << 8),
            26 => (self.number(4)?, 1 << 16),
            27 => (self.number(8)?, 1 << 32),
            31 => return Err(CborError::Indefinite),
            _ => return Err(CborError::Type),
        };
        if value < least { Err(CborError::NotShortest) } else { Ok((major, value)) }
    }

    fn number(&mut self, width: usize) -> Result<u64, CborError> {
        Ok(self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn expect(&mut self, major: u8) -> Result<u64, CborError> {
        match self.head()? {
            (found, value) if found == major => Ok(value),
            _ => Err(CborError::Type),
        }
    }

    /// A length of at most `limit`, which the input can hold with a byte for every member.
    fn length(&mut self, major: u8, limit: usize) -> Result<usize, CborError> {
        let length = usize::try_from(self.expect(major)?).map_err(|_| CborError::Length)?;
        if length > limit {
            return Err(CborError::Length);
        }
        if length > self.rest.len() { Err(CborError::Truncated) } else { Ok(length) }
    }

    /// An integer that is not negative.
    ///
    /// # Errors
    /// When the next item is none.
    pub fn uint(&mut self) -> Result<u64, CborError> {
        self.expect(UINT)
    }

    /// An integer of 64 bits and a sign.
    ///
    /// # Errors
    /// When the next item is none.
    pub fn int(&mut self) -> Result<i128, CborError> {
        match self.head()? {
            (UINT, value) => Ok(i128::from(value)),
            (NEGATIVE, value) => Ok(-1 - i128::from(value)),
            _ => Err(CborError::Type),
        }
    }

    /// A byte string of at most `limit` bytes.
    ///
    /// # Errors
    /// When the next item is none.
    pub fn bytes(&mut self, limit: usize) -> Result<&'a [u8], CborError> {
        let length = self.length(BYTES, limit)?;
        self.take(length)
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// When the next item is none.
    pub fn array_of_bytes<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        self.bytes(N)?.try_into().map_err(|_| CborError::Length)
    }

    /// A text of at most `limit` bytes.
    ///
    /// # Errors
    /// When the next item is none.
    pub fn text(&mut self, limit: usize) -> Result<&'a str, CborError> {
        let length = self.length(TEXT, limit)?;
        str::from_utf8(self.take(length)?).map_err(|_| CborError::Utf8)
    }

    /// True or false.
    ///
    /// # Errors
    /// When the next item is neither.
    pub fn bool(&mut self) -> Result<bool, CborError> {
        match self.take(1)? {
            [FALSE] => Ok(false),
            [TRUE] => Ok(true),
            _ => Err(CborError::Type),
        }
    }

    /// Null.
    ///
    /// # Errors
    /// When the next item is something else.
    pub fn null(&mut self) -> Result<(), CborError> {
        if self.take(1)? == [NULL] { Ok(()) } else { Err(CborError::Type) }
    }

    /// The tag in front of the next item.
    ///
    /// # Errors
    /// When there is none.
    pub fn tag(&mut self) -> Result<u64, CborError> {
        self.expect(TAG)
    }

    /// The number of members of an array that may have `limit`.
    ///
    /// # Errors
    /// When the next item is no such array.
    pub fn array(&mut self, limit: usize) -> Result<usize, CborError> {
        self.length(ARRAY, limit)
    }

    /// The number of entries of a map that may have `limit`.
    ///
    /// # Errors
    /// When the next item is no such map.
    pub fn map(&mut self, limit: usize) -> Result<usize, CborError> {
        self.length(MAP, limit)
    }

    /// An array of exactly `count` members.
    ///
    /// # Errors
    /// When the next item is no such array.
    pub fn tuple(&mut self, count: usize) -> Result<(), CborError> {
        if self.array(count)? == count { Ok(()) } else { Err(CborError::Length) }
    }

    /// A list of at most `limit` values.
    ///
    /// # Errors
    /// When the next item is no such list.
    pub fn list<T>(
        &mut self,
        limit: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let count = self.array(limit)?;
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(read(self)?);
        }
        Ok(values)
    }

    /// A set of at most `limit` values, in rising order.
    ///
    /// # Errors
    /// When the next item is no such set.
    pub fn set<T: Ord>(
        &mut self,
        limit: usize,
        read: impl FnMut(&mut Self) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        let values = self.list(limit, read)?;
        if values.is_sorted_by(|a, b| a < b) { Ok(values) } else { Err(CborError::Order.into()) }
    }

    /// Opens a map whose keys are the numbers of fields.
    ///
    /// # Errors
    /// When the next item is no such map.
    pub fn fields(&mut self) -> Result<Fields<'_, 'a>, CborError> {
        let left = self.map(23)?;
        Ok(Fields { reader: self, left, key: None })
    }
}

/// The fields of a map, asked for in rising order; what is not asked for is unknown.
#[derive(Debug)]
pub struct Fields<'r, 'a> {
    reader: &'r mut Reader<'a>,
    left: usize,
    /// A key that was read and whose value was not asked for yet.
    key: Option<u64>,
}

impl<'a> Fields<'_, 'a> {
    fn advance(&mut self, wanted: u64) -> Result<bool, CborError> {
        if self.key.is_none() && self.left > 0 {
            self.left -= 1;
            self.key = Some(self.reader.uint()?);
        }
        let found = self.key == Some(wanted);
        if found {
            self.key = None;
        }
        Ok(found)
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// When it is not, or does not decode.
    pub fn need<T>(
        &mut self,
        key: u64,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if self.advance(key)? { read(self.reader) } else { Err(CborError::Field.into()) }
    }

    /// A field that may be there.
    ///
    /// # Errors
    /// When it does not decode.
    pub fn maybe<T>(
        &mut self,
        key: u64,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        if self.advance(key)? { read(self.reader).map(Some) } else { Ok(None) }
    }

    /// Ends the map.
    ///
    /// # Errors
    /// When it has more fields.
    pub fn close(self) -> Result<(), Refusal> {
        if self.key.is_none() && self.left == 0 { Ok(()) } else { Err(CborError::Field.into()) }
    }
}
