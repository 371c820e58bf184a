//! A strict reader of DER: definite minimal lengths, low tag numbers, nothing left over.

use super::error::DerError;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag of a primitive context-specific field.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag of a constructed context-specific field.
pub(crate) const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

/// One element: its tag, its content and its whole encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

/// A cursor over consecutive elements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads the next element, whatever its tag.
    pub(crate) fn any(&mut self) -> Result<Tlv<'a>, DerError> {
        let (&tag, after_tag) = self.rest.split_first().ok_or(DerError::Truncated)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError::HighTag);
        }
        let (&first, after_first) = after_tag.split_first().ok_or(DerError::Truncated)?;
        let (length, content) =
            if first < 0x80 { (usize::from(first), after_first) } else { long_length(first, after_first)? };
        let value = content.get(..length).ok_or(DerError::Truncated)?;
        let after = content.get(length..).ok_or(DerError::Truncated)?;
        let used = self.rest.len().saturating_sub(after.len());
        let raw = self.rest.get(..used).ok_or(DerError::Truncated)?;
        self.rest = after;
        Ok(Tlv { tag, value, raw })
    }

    /// Reads an element that must have this tag.
    pub(crate) fn element(&mut self, tag: u8) -> Result<Tlv<'a>, DerError> {
        match self.peek() {
            None => Err(DerError::Truncated),
            Some(found) if found == tag => self.any(),
            Some(_) => Err(DerError::UnexpectedTag),
        }
    }

    /// Reads the content of an element that must have this tag.
    pub(crate) fn value(&mut self, tag: u8) -> Result<&'a [u8], DerError> {
        Ok(self.element(tag)?.value)
    }

    /// Reads the content of the next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, DerError> {
        if self.peek() == Some(tag) { Ok(Some(self.any()?.value)) } else { Ok(None) }
    }

    /// Reads an element with this tag and returns a reader of its content.
    pub(crate) fn nested(&mut self, tag: u8) -> Result<Reader<'a>, DerError> {
        Ok(Reader::new(self.value(tag)?))
    }

    /// Reads a `BOOLEAN DEFAULT FALSE`; an encoded FALSE is not DER.
    pub(crate) fn default_false(&mut self, tag: u8) -> Result<bool, DerError> {
        match self.optional(tag)? {
            None => Ok(false),
            Some([0xff]) => Ok(true),
            Some([0x00]) => Err(DerError::EncodedDefault),
            Some(_) => Err(DerError::Boolean),
        }
    }

    /// Succeeds when nothing is left.
    pub(crate) const fn finish(self) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerError::Trailing) }
    }
}

/// Reads one element that fills the input completely.
pub(crate) fn single<'a>(input: &'a [u8], tag: u8) -> Result<Tlv<'a>, DerError> {
    let mut reader = Reader::new(input);
    let tlv = reader.element(tag)?;
    reader.finish()?;
    Ok(tlv)
}

/// Reads one element that fills the input and opens its content.
pub(crate) fn open(input: &[u8], tag: u8) -> Result<Reader<'_>, DerError> {
    Ok(Reader::new(single(input, tag)?.value))
}

/// Checks that integer content is minimal two's complement.
pub(crate) fn integer(content: &[u8]) -> Result<&[u8], DerError> {
    match content {
        [] => Err(DerError::Integer),
        [0x00, next, ..] if *next < 0x80 => Err(DerError::Integer),
        [0xff, next, ..] if *next >= 0x80 => Err(DerError::Integer),
        _ => Ok(content),
    }
}

/// Reads integer content as a small non-negative number.
pub(crate) fn small(content: &[u8]) -> Result<u32, DerError> {
    let content = integer(content)?;
    if content.first().is_some_and(|first| *first >= 0x80) {
        return Err(DerError::Integer);
    }
    let digits = content.strip_prefix(&[0]).unwrap_or(content);
    // A count beyond 32 bits is larger than any path; saturating keeps its meaning.
    if digits.len() > 4 {
        return Ok(u32::MAX);
    }
    Ok(digits.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte)))
}

/// Reads bit string content whose length is whole octets.
pub(crate) fn octets(content: &[u8]) -> Result<&[u8], DerError> {
    match content.split_first() {
        Some((0, bits)) => Ok(bits),
        _ => Err(DerError::BitString),
    }
}

/// Reads a named bit list of at most 16 bits; bit 0 is the highest bit of the result.
pub(crate) fn named_bits(content: &[u8]) -> Result<u16, DerError> {
    let (&unused, bits) = content.split_first().ok_or(DerError::BitString)?;
    let bad = match bits.last() {
        None => unused != 0,
        // DER drops trailing zero bits, so the last used bit of the last octet is one.
        Some(last) => unused > 7 || u32::from(unused) != last.trailing_zeros(),
    };
    if bad || bits.len() > 2 {
        return Err(DerError::BitString);
    }
    let high = bits.first().copied().unwrap_or(0);
    let low = bits.get(1).copied().unwrap_or(0);
    Ok(u16::from_be_bytes([high, low]))
}

/// Checks that content is a well-formed object identifier.
pub(crate) fn oid(content: &[u8]) -> Result<&[u8], DerError> {
    if content.is_empty() || content.len() > 64 || content.last().is_some_and(|last| *last >= 0x80) {
        return Err(DerError::ObjectIdentifier);
    }
    let mut start = true;
    for byte in content {
        if start && *byte == 0x80 {
            return Err(DerError::ObjectIdentifier);
        }
        start = *byte < 0x80;
    }
    Ok(content)
}

fn long_length(first: u8, rest: &[u8]) -> Result<(usize, &[u8]), DerError> {
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Err(DerError::Indefinite);
    }
    if count > 4 {
        return Err(DerError::Truncated);
    }
    let digits = rest.get(..count).ok_or(DerError::Truncated)?;
    let after = rest.get(count..).ok_or(DerError::Truncated)?;
    if digits.first() == Some(&0) {
        return Err(DerError::Length);
    }
    let length = digits.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    if length < 0x80 {
        return Err(DerError::Length);
    }
    Ok((usize::try_from(length).map_err(|_| DerError::Truncated)?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_definite_and_minimal() {
        assert_eq!(single(&[0x04, 0x80, 0x00, 0x00], OCTET_STRING), Err(DerError::Indefinite));
        assert_eq!(single(&[0x04, 0x81, 0x01, 0xaa], OCTET_STRING), Err(DerError::Length));
        assert_eq!(single(&[0x04, 0x82, 0x00, 0x80], OCTET_STRING), Err(DerError::Length));
        assert_eq!(single(&[0x04, 0x02, 0xaa], OCTET_STRING), Err(DerError::Truncated));
        assert_eq!(single(&[0x04, 0x01, 0xaa, 0xbb], OCTET_STRING), Err(DerError::Trailing));
        assert_eq!(single(&[0x1f, 0x20, 0x00], 0x1f), Err(DerError::HighTag));
        assert_eq!(single(&[0x04, 0x01, 0xaa], OCTET_STRING).unwrap().value, [0xaa]);
    }

    #[test]
    fn integers_and_booleans_have_one_encoding() {
        assert!(integer(&[]).is_err());
        assert!(integer(&[0, 1]).is_err());
        assert!(integer(&[0xff, 0x80]).is_err());
        assert_eq!(integer(&[0, 0x80]).unwrap(), [0, 0x80]);
        assert_eq!(small(&[0x01, 0x00]).unwrap(), 256);
        assert!(small(&[0x80]).is_err());
        assert_eq!(small(&[1, 0, 0, 0, 0]).unwrap(), u32::MAX);
        assert_eq!(Reader::new(&[1, 1, 0]).default_false(BOOLEAN), Err(DerError::EncodedDefault));
        assert_eq!(Reader::new(&[1, 1, 1]).default_false(BOOLEAN), Err(DerError::Boolean));
        assert_eq!(Reader::new(&[1, 1, 0xff]).default_false(BOOLEAN), Ok(true));
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(&[7, 0x80]).unwrap(), 0x8000);
        assert_eq!(named_bits(&[0]).unwrap(), 0);
        assert!(named_bits(&[6, 0x80]).is_err());
        assert!(named_bits(&[0, 0x80]).is_err());
        assert!(named_bits(&[1]).is_err());
        assert!(named_bits(&[8, 0]).is_err());
        assert_eq!(named_bits(&[7, 0x00, 0x80]).unwrap(), 0x0080);
    }

    #[test]
    fn object_identifiers_have_no_padding() {
        assert!(oid(&[0x80, 0x01]).is_err());
        assert!(oid(&[0x55, 0x80]).is_err());
        assert!(oid(&[0x55, 0x1d, 0x81, 0x00]).is_ok());
        assert!(oid(&[]).is_err());
    }
}
