//! Files cut into objects, and put together again.

use crate::{FileError, FileManifest, SdkError};
use auto_core::Hash;
use std::io::Read;

/// Cuts a file into the objects that hold it; [`Splitter::finish`] gives the manifest.
///
/// ```
/// use auto_sdk::{Assembler, Splitter};
///
/// let mut splitter = Splitter::new(&b"hello world"[..], 4);
/// let mut chunks = Vec::new();
/// while let Some(chunk) = splitter.next_chunk()? {
///     chunks.push(chunk);
/// }
/// let manifest = splitter.finish("hello.txt", "text/plain")?;
/// let mut file = Vec::new();
/// let mut assembler = Assembler::new(manifest);
/// for chunk in &chunks {
///     file.extend_from_slice(assembler.push(chunk)?);
/// }
/// assembler.finish()?;
/// assert_eq!(file, b"hello world");
/// # Ok::<(), auto_sdk::SdkError>(())
/// ```
#[derive(Debug)]
pub struct Splitter<R> {
    reader: R,
    chunk_bytes: usize,
    size: u64,
    chunks: Vec<Hash>,
}

impl<R: Read> Splitter<R> {
    /// Cuts what `reader` gives into chunks of `chunk_bytes`, at least one.
    pub fn new(reader: R, chunk_bytes: usize) -> Self {
        Self { reader, chunk_bytes: chunk_bytes.max(1), size: 0, chunks: Vec::new() }
    }

    /// The next object; `None` at the end of the file.
    ///
    /// # Errors
    /// When the reader fails, or the file has more chunks than a manifest holds.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, SdkError> {
        let limit = u64::try_from(self.chunk_bytes).unwrap_or(u64::MAX);
        let mut chunk = Vec::new();
        let read = Read::by_ref(&mut self.reader).take(limit).read_to_end(&mut chunk);
        read.map_err(|error| SdkError::Io { action: "read", path: "the file".to_owned(), error })?;
        if chunk.is_empty() {
            return Ok(None);
        }
        if self.chunks.len() >= FileManifest::CHUNKS_MAX {
            return Err(FileError::Invalid("more than 65536 chunks").into());
        }
        self.size = self.size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        self.chunks.push(Hash::of_object(&chunk));
        Ok(Some(chunk))
    }

    /// The manifest of what was cut so far.
    ///
    /// # Errors
    /// When the name or the media type breaks its rule.
    pub fn finish(self, name: &str, media_type: &str) -> Result<FileManifest, SdkError> {
        Ok(FileManifest::new(name, media_type, self.size, self.chunks)?)
    }
}

/// Puts a file together from its objects in order, and checks every one.
#[derive(Debug)]
pub struct Assembler {
    manifest: FileManifest,
    next: usize,
    size: u64,
    chunk_bytes: usize,
}

impl Assembler {
    /// Starts a file.
    #[must_use]
    pub const fn new(manifest: FileManifest) -> Self {
        Self { manifest, next: 0, size: 0, chunk_bytes: 0 }
    }

    /// The hash of the object that is needed next; `None` once all were taken.
    #[must_use]
    pub fn needs(&self) -> Option<Hash> {
        self.manifest.chunks.get(self.next).copied()
    }

    /// Takes the next object and gives the bytes that it adds to the file.
    ///
    /// # Errors
    /// When it is not the one that is needed, or its length breaks the manifest's rule.
    pub fn push<'a>(&mut self, chunk: &'a [u8]) -> Result<&'a [u8], SdkError> {
        let needed = self.needs().ok_or(FileError::Invalid("the file has no more chunks"))?;
        if Hash::of_object(chunk) != needed {
            return Err(SdkError::WrongBytes(needed));
        }
        if self.next == 0 {
            self.chunk_bytes = chunk.len();
        }
        let is_last = self.next.saturating_add(1) == self.manifest.chunks.len();
        if chunk.len() > self.chunk_bytes || (chunk.len() < self.chunk_bytes && !is_last) {
            return Err(FileError::Invalid("a chunk has another length than the first").into());
        }
        self.next = self.next.saturating_add(1);
        self.size = self.size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.size > self.manifest.size {
            return Err(FileError::Invalid("the chunks are longer than the file").into());
        }
        Ok(chunk)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When chunks are missing, or the length is not the manifest's.
    pub fn finish(self) -> Result<FileManifest, SdkError> {
        if self.needs().is_some() || self.size != self.manifest.size {
            return Err(FileError::Invalid("the chunks are shorter than the file").into());
        }
        Ok(self.manifest)
    }
}

/// The media type that a file name suggests; empty when none does.
#[must_use]
pub fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("txt" | "md" | "rs" | "toml") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("svg") => "image/svg+xml",
        Some("mp4") => "video/mp4",
        Some("mp3") => "audio/mpeg",
        Some("zip") => "application/zip",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(bytes: &[u8], chunk: usize) -> (Vec<Vec<u8>>, FileManifest) {
        let mut splitter = Splitter::new(bytes, chunk);
        let chunks: Vec<_> = std::iter::from_fn(|| splitter.next_chunk().expect("readable")).collect();
        (chunks, splitter.finish("f", "").expect("valid"))
    }

    proptest::proptest! {
        #[test]
        fn split_and_join_are_inverse(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600), chunk in 1..200usize) {
            let (chunks, manifest) = split(&bytes, chunk);
            let mut assembler = Assembler::new(manifest);
            let mut file = Vec::new();
            for part in &chunks {
                file.extend_from_slice(assembler.push(part).expect("the right chunk"));
            }
            proptest::prop_assert!(assembler.finish().is_ok());
            proptest::prop_assert_eq!(file, bytes);
        }
    }

    #[test]
    fn wrong_missing_and_surplus_chunks_are_refused() {
        let (chunks, manifest) = split(b"0123456789", 4);
        let mut assembler = Assembler::new(manifest.clone());
        assert!(matches!(assembler.push(&chunks[1]), Err(SdkError::WrongBytes(_))));
        assert!(assembler.push(&chunks[0]).is_ok());
        assert!(assembler.finish().is_err());
        let mut assembler = Assembler::new(manifest);
        chunks.iter().for_each(|chunk| assert!(assembler.push(chunk).is_ok()));
        assert!(assembler.push(&chunks[0]).is_err());
    }

    #[test]
    fn a_manifest_that_lies_about_its_length_is_refused() {
        let hash = Hash::of_object(b"abcd");
        let manifest = FileManifest::new("f", "", 3, vec![hash]).expect("well formed");
        assert!(Assembler::new(manifest).push(b"abcd").is_err());
    }
}
