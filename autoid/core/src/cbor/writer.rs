use alloc::vec::Vec;

use super::Canonical;
use super::reader::{ARRAY, BYTES, FALSE, MAP, NEGATIVE, NULL, TAG, TEXT, TRUE, UINT};

/// Appends items in their only encoding.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn head(&mut self, major: u8, value: u64) {
        let major = major << 5;
        let bytes = value.to_be_bytes();
        match value {
            0..=23 => self.bytes.push(major | bytes[7]),
            24..=0xff => self.bytes.extend_from_slice(&[major | 24, bytes[7]]),
            0x100..=0xffff => self.long(major | 25, &bytes[6..]),
            0x1_0000..=0xffff_ffff => self.long(major | 26, &bytes[4..]),
            _ => self.long(major | 27, &bytes),
        }
    }

    fn long(&mut self, head: u8, value: &[u8]) {
        self.bytes.push(head);
        self.bytes.extend_from_slice(value);
    }

    fn length(&mut self, major: u8, length: usize) {
        self.head(major, u64::try_from(length).unwrap_or(u64::MAX));
    }

    /// An integer that is not negative.
    pub fn uint(&mut self, value: u64) {
        self.head(UINT, value);
    }

    /// An integer; one outside CBOR's 64 bits and sign is written as the nearest that is inside.
    pub fn int(&mut self, value: i128) {
        match u64::try_from(value) {
            Ok(value) => self.head(UINT, value),
            Err(_) if value > 0 => self.head(UINT, u64::MAX),
            Err(_) => self.head(NEGATIVE, u64::try_from(-1 - value).unwrap_or(u64::MAX)),
        }
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        self.length(BYTES, value.len());
        self.bytes.extend_from_slice(value);
    }

    /// A text.
    pub fn text(&mut self, value: &str) {
        self.length(TEXT, value.len());
        self.bytes.extend_from_slice(value.as_bytes());
    }

    /// True or false.
    pub fn bool(&mut self, value: bool) {
        self.bytes.push(if value { TRUE } else { FALSE });
    }

    /// Null.
    pub fn null(&mut self) {
        self.bytes.push(NULL);
    }

    /// A tag, in front of the next item.
    pub fn tag(&mut self, tag: u64) {
        self.head(TAG, tag);
    }

    /// The head of an array; its members follow.
    pub fn array(&mut self, count: usize) {
        self.length(ARRAY, count);
    }

    /// The head of a map; its entries follow.
    pub fn map(&mut self, count: usize) {
        self.length(MAP, count);
    }

    /// A list.
    pub fn list<T: Canonical>(&mut self, values: &[T]) {
        self.array(values.len());
        for value in values {
            value.write(self);
        }
    }

    /// A map whose keys are the numbers of fields, at most 23 of them, put in rising order.
    pub fn fields(&mut self, put: impl FnOnce(&mut FieldWriter<'_>)) {
        let head = self.bytes.len();
        self.bytes.push(MAP << 5);
        put(&mut FieldWriter { writer: self, head });
    }
}

/// Puts the fields of a map.
#[derive(Debug)]
pub struct FieldWriter<'w> {
    writer: &'w mut Writer,
    /// Where the map's head is, which counts the fields.
    head: usize,
}

impl FieldWriter<'_> {
    /// Puts a field.
    pub fn put(&mut self, key: u64, write: impl FnOnce(&mut Writer)) {
        if let Some(head) = self.writer.bytes.get_mut(self.head) {
            *head += 1;
        }
        self.writer.uint(key);
        write(self.writer);
    }

    /// Puts a value.
    pub fn value(&mut self, key: u64, value: &impl Canonical) {
        self.put(key, |to| value.write(to));
    }

    /// Puts a value that may be missing.
    pub fn option(&mut self, key: u64, value: Option<&impl Canonical>) {
        if let Some(value) = value {
            self.value(key, value);
        }
    }

    /// Puts a list, unless it is empty.
    pub fn list(&mut self, key: u64, values: &[impl Canonical]) {
        if !values.is_empty() {
            self.put(key, |to| to.list(values));
        }
    }
}
