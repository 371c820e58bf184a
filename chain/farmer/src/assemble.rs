//! Moves the staged pieces of a sector to their places, with bounded memory.

use crate::FarmError;
use crate::layout::{CHECKSUM_BYTES, MAP_BYTES, METADATA_BYTES, REGION_BUCKETS, REGIONS, wide};
use crate::sector::Metadata;
use crate::staging::{StagedPiece, Staging};
use auto_core::{CHUNKS_PER_RECORD, Hash, S_BUCKETS, SBucket, SCALAR_BYTES, hash};

/// Chunk bytes that are put together in memory at once; a single region may be larger.
pub(crate) const BATCH_BYTES: usize = 32 << 20;

/// Writes all of a sector but its page, and returns the digest for the page.
///
/// `pieces` are all pieces of the sector in the order of their offsets; `base` is the sector's
/// position in the file. About `batch` bytes of chunks are held in memory at once.
pub(crate) fn assemble(
    staging: &Staging<'_>,
    pieces: &[StagedPiece],
    base: u64,
    batch: usize,
) -> Result<Hash, FarmError> {
    let assembly = Assembly { staging, pieces, base, batch, directory: directory(staging, pieces)? };
    let mut checksums = assembly.write_maps_and_metadata()?;
    checksums.extend_from_slice(assembly.write_directory()?.as_ref());
    let mut first = 0;
    while first < REGIONS {
        let end = assembly.batch_end(first);
        checksums.extend(assembly.write_regions(first, end)?);
        first = end;
    }
    checksums.extend_from_slice(assembly.write_extras()?.as_ref());
    debug_assert_eq!(checksums.len(), staging.layout.checksums() * CHECKSUM_BYTES);
    assembly.write(&checksums, staging.layout.checksums_start())?;
    Ok(hash(&checksums))
}

/// For each group, and once more at the end, the number of encoded chunks before it.
fn directory(staging: &Staging<'_>, pieces: &[StagedPiece]) -> Result<Vec<usize>, FarmError> {
    let layout = staging.layout;
    let mut counts = vec![0; layout.groups() + 1];
    for piece in pieces {
        let class = layout.class(usize::from(piece.offset.0));
        for bucket in piece.map.encoded() {
            if let Some(count) = counts.get_mut(bucket * layout.classes() + class) {
                *count += 1;
            }
        }
    }
    let mut before: usize = 0;
    for count in &mut counts {
        let own = std::mem::replace(count, before);
        before += own;
    }
    if u32::try_from(layout.chunks()).is_err() {
        return Err(FarmError::Parameters("a sector has too many chunks".to_owned()));
    }
    Ok(counts)
}

struct Assembly<'a> {
    staging: &'a Staging<'a>,
    pieces: &'a [StagedPiece],
    base: u64,
    batch: usize,
    directory: Vec<usize>,
}

impl Assembly<'_> {
    fn write(&self, bytes: &[u8], position: u64) -> Result<(), FarmError> {
        let written = self.staging.file.write_at(bytes, self.base + position);
        written.map_err(|error| FarmError::io("write", self.staging.path, error))
    }

    fn encoded_chunks(&self) -> usize {
        self.directory.last().copied().unwrap_or_default()
    }

    /// Number of chunks before the s-bucket that starts a region.
    fn region_start(&self, region: usize) -> usize {
        let group = region * REGION_BUCKETS * self.staging.layout.classes();
        self.directory.get(group).copied().unwrap_or_default()
    }

    fn write_maps_and_metadata(&self) -> Result<Vec<u8>, FarmError> {
        let layout = self.staging.layout;
        let mut maps = vec![0; self.pieces.len() * MAP_BYTES];
        let mut metadata = Vec::with_capacity(self.pieces.len() * METADATA_BYTES);
        let (mut map_checksums, mut metadata_checksums) = (Vec::new(), Vec::new());
        let mut extras_start = self.encoded_chunks();
        for piece in self.pieces {
            let at = usize::try_from(layout.map_at(usize::from(piece.offset.0)) - layout.map_at(0));
            let at = at.unwrap_or(usize::MAX);
            if let Some(place) = maps.get_mut(at..at.saturating_add(MAP_BYTES)) {
                place.copy_from_slice(piece.map.bytes());
            }
            map_checksums.extend_from_slice(hash(piece.map.bytes()).as_ref());
            let entry = Metadata {
                commitment: piece.commitment,
                witness: piece.witness,
                checksum: piece.checksum,
                extras_start: u32::try_from(extras_start).unwrap_or(u32::MAX),
            }
            .to_bytes();
            metadata_checksums.extend_from_slice(hash(&entry).as_ref());
            metadata.extend(entry);
            extras_start += CHUNKS_PER_RECORD - piece.map.count();
        }
        self.write(&maps, layout.map_at(0))?;
        self.write(&metadata, layout.metadata_start())?;
        Ok([map_checksums, metadata_checksums].concat())
    }

    fn write_directory(&self) -> Result<Hash, FarmError> {
        let number = |start: &usize| u32::try_from(*start).unwrap_or(u32::MAX).to_le_bytes();
        let bytes: Vec<u8> = self.directory.iter().flat_map(number).collect();
        self.write(&bytes, self.staging.layout.directory_start())?;
        Ok(hash(&bytes))
    }

    /// The end of the batch of regions that starts with `first`.
    fn batch_end(&self, first: usize) -> usize {
        let bytes = |end: usize| (self.region_start(end) - self.region_start(first)) * SCALAR_BYTES;
        (first + 2..=REGIONS).take_while(|end| bytes(*end) <= self.batch).last().unwrap_or(first + 1)
    }

    /// Writes the regions `first..end` and returns their checksums.
    fn write_regions(&self, first: usize, end: usize) -> Result<Vec<u8>, FarmError> {
        let layout = self.staging.layout;
        let start = self.region_start(first);
        let mut area = vec![0; (self.region_start(end) - start) * SCALAR_BYTES];
        let (first_bucket, end_bucket) = (first * REGION_BUCKETS, end * REGION_BUCKETS);
        let groups = first_bucket * layout.classes()..end_bucket * layout.classes();
        let mut next: Vec<usize> = self.directory.get(groups).unwrap_or_default().to_vec();
        // In the order of offsets, so that this is the order inside each group too.
        for piece in self.pieces {
            let offset = usize::from(piece.offset.0);
            let (from, to) = (piece.map.count_before(first_bucket), piece.map.count_before(end_bucket));
            let chunks = self.staging.chunks(offset, from, to)?;
            let buckets =
                (first_bucket..end_bucket.min(S_BUCKETS)).filter(|bucket| piece.map.contains(*bucket));
            for (bucket, chunk) in buckets.zip(chunks.chunks_exact(SCALAR_BYTES)) {
                let bucket = SBucket(u16::try_from(bucket - first_bucket).unwrap_or(u16::MAX));
                let Some(position) = next.get_mut(layout.group(bucket, layout.class(offset))) else {
                    continue;
                };
                let at = (*position - start) * SCALAR_BYTES;
                *position += 1;
                if let Some(place) = area.get_mut(at..at + SCALAR_BYTES) {
                    place.copy_from_slice(chunk);
                }
            }
        }
        self.write(&area, layout.chunk_at(start))?;
        let slice = |region| {
            let byte = |region| (self.region_start(region) - start) * SCALAR_BYTES;
            area.get(byte(region)..byte(region + 1)).unwrap_or_default()
        };
        Ok((first..end).flat_map(|region| hash(slice(region)).0).collect())
    }

    /// Writes the extra chunks and returns their checksum.
    fn write_extras(&self) -> Result<Hash, FarmError> {
        let mut hasher = blake3::Hasher::new();
        let mut at = self.encoded_chunks();
        for piece in self.pieces {
            let encoded = piece.map.count();
            if encoded == CHUNKS_PER_RECORD {
                continue;
            }
            let extras = self.staging.chunks(usize::from(piece.offset.0), encoded, CHUNKS_PER_RECORD)?;
            hasher.update(&extras);
            self.write(&extras, self.staging.layout.chunk_at(at))?;
            at += CHUNKS_PER_RECORD - encoded;
        }
        debug_assert_eq!(wide(at), wide(self.staging.layout.chunks()));
        Ok(Hash(*hasher.finalize().as_bytes()))
    }
}

#[cfg(test)]
mod tests;
