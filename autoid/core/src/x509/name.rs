//! Distinguished names: decoding, and comparison as RFC 5280 section 7.1 asks.

use super::{
    der::{self, Reader, SEQUENCE, SET},
    error::DerError,
    oid,
};

const UTF8_STRING: u8 = 0x0c;
const NUMERIC_STRING: u8 = 0x12;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const VISIBLE_STRING: u8 = 0x1a;
const UNIVERSAL_STRING: u8 = 0x1c;
const BMP_STRING: u8 = 0x1e;

/// Attributes of one relative name that are compared as a set; more are compared as bytes only.
const SET_ATTRIBUTES_MAX: usize = 16;

/// A distinguished name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    /// The whole encoding, a SEQUENCE.
    pub(crate) raw: &'a [u8],
    /// The relative names.
    rdns: &'a [u8],
}

/// One attribute: its type, and its value as an element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute<'a> {
    pub(crate) kind: &'a [u8],
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
}

impl<'a> Name<'a> {
    /// Decodes a name from its SEQUENCE.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let tlv = reader.element(SEQUENCE)?;
        let mut rdns = Reader::new(tlv.value);
        while !rdns.is_empty() {
            check_rdn(rdns.value(SET)?)?;
        }
        Ok(Self { raw: tlv.raw, rdns: tlv.value })
    }

    /// Decodes a name that fills the input.
    pub(crate) fn parse(input: &'a [u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(input);
        let name = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(name)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether both names are the same.
    pub(crate) fn matches(&self, other: &Name<'_>) -> bool {
        if self.rdns == other.rdns {
            return true;
        }
        let (mut ours, mut theirs) = (self.relative(), other.relative());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if rdn_matches(a, b) => {}
                _ => return false,
            }
        }
    }

    /// Whether this name lies in the subtree of `base`: its first relative names are those of `base`.
    pub(crate) fn is_within(&self, base: &Name<'_>) -> bool {
        let mut ours = self.relative();
        base.relative().all(|theirs| ours.next().is_some_and(|own| rdn_matches(own, theirs)))
    }

    /// Whether this name is `issuer` followed by one relative name given as the content of a SET.
    pub(crate) fn extends(&self, issuer: &Name<'_>, relative: &[u8]) -> bool {
        let mut ours = self.relative();
        issuer.relative().all(|theirs| ours.next().is_some_and(|own| rdn_matches(own, theirs)))
            && ours.next().is_some_and(|own| rdn_matches(own, relative))
            && ours.next().is_none()
    }

    /// The contents of the relative names' SETs.
    fn relative(&self) -> Elements<'a> {
        Elements(Reader::new(self.rdns))
    }

    /// Every attribute of the name.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.relative().flat_map(attributes)
    }

    /// The values of the mail addresses in the name.
    pub(crate) fn mail_addresses(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.attributes().filter(|attribute| attribute.kind == oid::EMAIL_ADDRESS).map(|found| found.value)
    }
}

/// Whether two relative names, given as contents of SETs, are the same.
pub(crate) fn rdn_matches(ours: &[u8], theirs: &[u8]) -> bool {
    if ours == theirs {
        return true;
    }
    let count = attributes(ours).count();
    if count != attributes(theirs).count() || count > SET_ATTRIBUTES_MAX {
        return false;
    }
    // Equal sizes and types that occur once each make one direction enough.
    attributes(ours).all(|own| attributes(theirs).any(|other| attribute_matches(&own, &other)))
        && attributes(theirs).all(|own| attributes(ours).any(|other| attribute_matches(&own, &other)))
}

/// Checks the content of a relative name: sorted, at least one attribute.
pub(crate) fn check_rdn(content: &[u8]) -> Result<(), DerError> {
    let mut reader = Reader::new(content);
    let mut last: &[u8] = &[];
    if reader.is_empty() {
        return Err(DerError::Empty);
    }
    while !reader.is_empty() {
        let tlv = reader.element(SEQUENCE)?;
        if tlv.raw <= last {
            return Err(DerError::SetOrder);
        }
        last = tlv.raw;
        let mut pair = Reader::new(tlv.value);
        der::oid(pair.value(der::OID)?)?;
        let value = pair.any()?;
        pair.finish()?;
        check_string(value.tag, value.value)?;
    }
    Ok(())
}

fn check_string(tag: u8, content: &[u8]) -> Result<(), DerError> {
    let good = match tag {
        UTF8_STRING => core::str::from_utf8(content).is_ok(),
        PRINTABLE_STRING => content.iter().all(|byte| {
            // Asterisk, at sign, ampersand and underscore are common mistakes of old issuers; they are
            // compared like any other octet.
            byte.is_ascii_graphic() || *byte == b' '
        }),
        IA5_STRING => content.is_ascii(),
        VISIBLE_STRING => content.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' '),
        NUMERIC_STRING => content.iter().all(|byte| byte.is_ascii_digit() || *byte == b' '),
        BMP_STRING | UNIVERSAL_STRING => {
            let width = if tag == BMP_STRING { 2 } else { 4 };
            // An unpaired surrogate has no character, so two of them could pass for one another.
            content.len().is_multiple_of(width)
                && content.chunks(width).all(|unit| char::from_u32(code(unit)).is_some())
        }
        _ => true,
    };
    if good { Ok(()) } else { Err(DerError::Characters) }
}

struct Elements<'a>(Reader<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() { None } else { Some(self.0.any().ok()?.value) }
    }
}

fn attributes<'a>(rdn: &'a [u8]) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
    Elements(Reader::new(rdn)).filter_map(|content| {
        let mut pair = Reader::new(content);
        let kind = pair.value(der::OID).ok()?;
        let value = pair.any().ok()?;
        Some(Attribute { kind, tag: value.tag, value: value.value })
    })
}

fn attribute_matches(ours: &Attribute<'_>, theirs: &Attribute<'_>) -> bool {
    if ours.kind != theirs.kind {
        return false;
    }
    if ours.tag == theirs.tag && ours.value == theirs.value {
        return true;
    }
    match (characters(ours.tag, ours.value), characters(theirs.tag, theirs.value)) {
        (Some(own), Some(other)) => Folded::new(own).eq(Folded::new(other)),
        _ => false,
    }
}

/// The characters of a string value, or nothing for a type that is compared as octets.
fn characters(tag: u8, content: &[u8]) -> Option<Characters<'_>> {
    let kind = match tag {
        UTF8_STRING | PRINTABLE_STRING | IA5_STRING | VISIBLE_STRING | NUMERIC_STRING => {
            return Some(Characters::Utf8(core::str::from_utf8(content).ok()?.chars()));
        }
        BMP_STRING => 2,
        UNIVERSAL_STRING => 4,
        _ => return None,
    };
    Some(Characters::Wide(content, kind))
}

fn code(unit: &[u8]) -> u32 {
    unit.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte))
}

enum Characters<'a> {
    Utf8(core::str::Chars<'a>),
    Wide(&'a [u8], usize),
}

impl Iterator for Characters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Utf8(chars) => chars.next(),
            Self::Wide(rest, width) => {
                let (unit, after) = rest.split_at_checked(*width)?;
                *rest = after;
                char::from_u32(code(unit))
            }
        }
    }
}

/// Characters in lower case, without white space at the ends, and single spaces between words.
struct Folded<I: Iterator<Item = char>> {
    source: core::iter::Peekable<I>,
    lower: Option<core::char::ToLowercase>,
    begun: bool,
}

impl<I: Iterator<Item = char>> Folded<I> {
    fn new(source: I) -> Self {
        Self { source: source.peekable(), lower: None, begun: false }
    }
}

impl<I: Iterator<Item = char>> Iterator for Folded<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(character) = self.lower.as_mut().and_then(Iterator::next) {
            return Some(character);
        }
        let mut space = false;
        while self.source.next_if(|character| character.is_whitespace()).is_some() {
            space = true;
        }
        let next = *self.source.peek()?;
        if space && self.begun {
            return Some(' ');
        }
        self.begun = true;
        self.source.next();
        let mut lower = next.to_lowercase();
        let first = lower.next();
        self.lower = Some(lower);
        first
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn folded(text: &str) -> Vec<char> {
        Folded::new(text.chars()).collect()
    }

    fn attribute(tag: u8, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::from([0x06, 0x03, 0x55, 0x04, 0x03, tag, u8::try_from(value.len()).unwrap()]);
        out.extend_from_slice(value);
        let mut sequence = Vec::from([0x30, u8::try_from(out.len()).unwrap()]);
        sequence.extend(out);
        sequence
    }

    #[test]
    fn folding_compresses_and_lowers() {
        assert_eq!(folded("  Good   CA "), folded("good ca"));
        assert_ne!(folded("goodca"), folded("good ca"));
        assert_eq!(folded(""), folded("   "));
        assert_eq!(folded("\u{c9}t\u{e9}"), folded("\u{e9}T\u{c9}"));
    }

    #[test]
    fn string_types_compare_with_each_other() {
        let printable = attribute(PRINTABLE_STRING, b"Good CA");
        assert!(rdn_matches(&printable, &attribute(UTF8_STRING, b"good  ca")));
        assert!(rdn_matches(&printable, &attribute(BMP_STRING, b"\0G\0o\0o\0d\0 \0C\0A")));
        assert!(!rdn_matches(&printable, &attribute(UTF8_STRING, b"good cb")));
        assert!(!rdn_matches(&printable, &attribute(0x14, b"Good CA")));
    }

    #[test]
    fn sets_are_sorted_and_filled() {
        let (a, b) = (attribute(UTF8_STRING, b"a"), attribute(UTF8_STRING, b"b"));
        let both = [a.clone(), b.clone()].concat();
        assert!(check_rdn(&both).is_ok());
        assert_eq!(check_rdn(&[b, a.clone()].concat()), Err(DerError::SetOrder));
        assert_eq!(check_rdn(&[a.clone(), a].concat()), Err(DerError::SetOrder));
        assert_eq!(check_rdn(&[]), Err(DerError::Empty));
        assert_eq!(check_rdn(&attribute(UTF8_STRING, b"\xff")), Err(DerError::Characters));
    }
}
