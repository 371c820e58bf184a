//! Content by its hash.

use std::io::{self, Read};

/// What a content is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Content {
    /// BLAKE3 of its bytes, as `b3sum` prints it.
    pub hash: [u8; 32],
    /// Number of bytes.
    pub size: u64,
}

impl Content {
    /// The content of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { hash: *blake3::hash(bytes).as_bytes(), size }
    }

    /// The content that `reader` gives until its end, of any size; a small part of it is in memory at a time.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn of_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut reader)?;
        Ok(Self { hash: *hasher.finalize().as_bytes(), size: hasher.count() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gives_the_same_as_its_bytes() {
        for size in [0, 1, 65_535, 65_536, 300_000] {
            let bytes: Vec<u8> = (0..size).map(|at: u32| at.to_le_bytes()[0]).collect();
            assert_eq!(Content::of_reader(&bytes[..]).unwrap(), Content::of_bytes(&bytes));
        }
    }

    #[test]
    fn the_hash_is_plain_blake3() {
        let empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
        assert_eq!(Content::of_bytes(b"").hash.map(|byte| format!("{byte:02x}")).concat(), empty);
    }
}
