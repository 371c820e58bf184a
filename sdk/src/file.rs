//! Files larger than one object: a manifest object that lists the objects holding the file's bytes.

use auto_core::{Blob, CodecError, Hash, List, decode_strict};
use parity_scale_codec::{Decode, Encode};

/// A file made of objects.
///
/// The manifest is itself an object: [`FileManifest::MAGIC`] followed by this value in SCALE. Every chunk
/// but the last is as long as the first; the last is at most as long. The chunks in order are the file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileManifest {
    /// File name without folders, in UTF-8.
    pub name: Blob<{ FileManifest::NAME_MAX }>,
    /// Media type such as `text/plain`, in printable ASCII; empty when unknown.
    pub media_type: Blob<{ FileManifest::NAME_MAX }>,
    /// Length of the file in bytes.
    pub size: u64,
    /// Content hashes of the chunks, in order.
    pub chunks: List<Hash, { FileManifest::CHUNKS_MAX }>,
}

/// Why bytes are not a manifest, or a value makes none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The bytes do not start with the magic.
    #[error("the object is not a file manifest")]
    NotAManifest,
    /// The bytes after the magic are malformed.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A field breaks its rule.
    #[error("file manifest: {0}")]
    Invalid(&'static str),
}

impl FileManifest {
    /// First bytes of every manifest object.
    pub const MAGIC: &'static [u8] = b"auto/v1/file\0";
    /// Most bytes of a name or of a media type.
    pub const NAME_MAX: usize = 255;
    /// Most chunks of one file.
    pub const CHUNKS_MAX: usize = 65_536;
    /// Most bytes of a manifest object.
    pub const BYTES_MAX: usize = Self::MAGIC.len() + 2 * (4 + Self::NAME_MAX) + 8 + 4 + Self::CHUNKS_MAX * 32;

    /// Describes a file, checked.
    ///
    /// # Errors
    /// When a field is over its bound or breaks its rule.
    pub fn new(name: &str, media_type: &str, size: u64, chunks: Vec<Hash>) -> Result<Self, FileError> {
        let bounded =
            |text: &str, what| Blob::new(text.as_bytes().to_vec()).map_err(|_| FileError::Invalid(what));
        let manifest = Self {
            name: bounded(name, "the name is longer than 255 bytes")?,
            media_type: bounded(media_type, "the media type is longer than 255 bytes")?,
            size,
            chunks: List::new(chunks).map_err(|_| FileError::Invalid("more than 65536 chunks"))?,
        };
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether an object starts as a manifest does.
    #[must_use]
    pub fn is_manifest(object: &[u8]) -> bool {
        object.starts_with(Self::MAGIC)
    }

    /// The bytes of the manifest object.
    #[must_use]
    pub fn to_object(&self) -> Vec<u8> {
        let mut bytes = Self::MAGIC.to_vec();
        self.encode_to(&mut bytes);
        bytes
    }

    /// Reads a manifest object strictly.
    ///
    /// # Errors
    /// When the magic is missing, the encoding malformed or over its bound, or a field breaks its rule.
    pub fn from_object(object: &[u8]) -> Result<Self, FileError> {
        let encoded = object.strip_prefix(Self::MAGIC).ok_or(FileError::NotAManifest)?;
        let manifest: Self = decode_strict(encoded, Self::BYTES_MAX - Self::MAGIC.len())?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The file name.
    #[must_use]
    pub fn name(&self) -> &str {
        std::str::from_utf8(&self.name).unwrap_or_default()
    }

    /// The media type; empty when unknown.
    #[must_use]
    pub fn media_type(&self) -> &str {
        std::str::from_utf8(&self.media_type).unwrap_or_default()
    }

    fn check(&self) -> Result<(), FileError> {
        let name =
            std::str::from_utf8(&self.name).map_err(|_| FileError::Invalid("the name is not UTF-8"))?;
        if name.chars().any(|c| c.is_control() || c == '/' || c == '\\') || matches!(name, "." | "..") {
            return Err(FileError::Invalid("the name holds a folder or a control character"));
        }
        if !self.media_type.iter().all(|byte| (0x20..0x7f).contains(byte)) {
            return Err(FileError::Invalid("the media type is not printable ASCII"));
        }
        let chunks = u64::try_from(self.chunks.len()).map_err(|_| FileError::Invalid("too many chunks"))?;
        if (self.size == 0) != (chunks == 0) || self.size < chunks {
            return Err(FileError::Invalid("the size does not match the number of chunks"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> FileManifest {
        FileManifest::new("notes.txt", "text/plain", 70, vec![Hash([1; 32]), Hash([2; 32])])
            .expect("within bounds")
    }

    #[test]
    fn manifest_round_trips() {
        let object = manifest().to_object();
        assert_eq!(FileManifest::from_object(&object), Ok(manifest()));
        assert!(FileManifest::is_manifest(&object));
    }

    #[test]
    fn encoding_is_frozen() {
        let object = FileManifest::new("a", "", 1, vec![Hash([7; 32])]).expect("within bounds").to_object();
        let expected = [
            b"auto/v1/file\0".as_slice(),
            &[1, 0, 0, 0, b'a', 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
            &[7; 32],
        ]
        .concat();
        assert_eq!(object, expected);
    }

    #[test]
    fn broken_manifests_are_refused() {
        let object = manifest().to_object();
        assert_eq!(FileManifest::from_object(&object[1..]), Err(FileError::NotAManifest));
        assert!(FileManifest::from_object(&object[..object.len() - 1]).is_err());
        assert!(FileManifest::from_object(&[object, vec![0]].concat()).is_err());
        for (name, media, size, chunks) in [
            ("a/b", "", 1, 1),
            ("a\nb", "", 1, 1),
            ("..", "", 1, 1),
            ("a", "text/\u{e9}", 1, 1),
            ("a", "", 0, 1),
            ("a", "", 1, 0),
            ("a", "", 1, 2),
        ] {
            assert!(FileManifest::new(name, media, size, vec![Hash::ZERO; chunks]).is_err(), "{name} {size}");
        }
        let long = "x".repeat(256);
        assert!(FileManifest::new(&long, "", 0, Vec::new()).is_err());
    }

    #[test]
    fn a_count_over_the_bound_is_refused_before_allocation() {
        let mut object = FileManifest::new("", "", 0, Vec::new()).expect("an empty file").to_object();
        let end = object.len();
        object[end - 4..].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(FileManifest::from_object(&object), Err(FileError::Codec(_))));
    }

    proptest::proptest! {
        #[test]
        fn junk_never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..512)) {
            let object = [FileManifest::MAGIC, &bytes].concat();
            if let Ok(manifest) = FileManifest::from_object(&object) {
                proptest::prop_assert_eq!(manifest.to_object(), object);
            }
        }
    }
}
