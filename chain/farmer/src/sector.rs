//! Reading one plotted sector, each part against its checksum.

use crate::contents::{contains, ranks};
use crate::disk::PlotFile;
use crate::layout::{CHECKSUM_BYTES, Layout, MAP_BYTES, METADATA_BYTES, REGION_BUCKETS, REGIONS, wide};
use crate::{ContentsMap, FarmError, Part};
use auto_core::{
    CHUNKS_PER_RECORD, Commitment, Hash, S_BUCKETS, SBucket, SCALAR_BYTES, SectorIndex, Witness, hash,
};
use std::path::Path;

/// Chunk areas up to this many bytes are read whole rather than chunk by chunk.
const READ_WHOLE_BYTES: usize = 8 << 20;
/// Reads in flight while the chunks of a record are gathered from a large sector.
const SCATTER_THREADS: usize = 16;

/// What is stored beside a record's chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) commitment: Commitment,
    pub(crate) witness: Witness,
    pub(crate) checksum: Hash,
    /// Number of the record's first extra chunk among all chunks of the sector.
    pub(crate) extras_start: u32,
}

impl Metadata {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [
            self.commitment.0.as_slice(),
            &self.witness.0,
            self.checksum.as_ref(),
            &self.extras_start.to_le_bytes(),
        ]
        .concat()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (commitment, rest) = bytes.split_at_checked(48)?;
        let (witness, rest) = rest.split_at_checked(48)?;
        let (checksum, start) = rest.split_at_checked(32)?;
        Some(Self {
            commitment: Commitment(commitment.try_into().ok()?),
            witness: Witness(witness.try_into().ok()?),
            checksum: Hash(checksum.try_into().ok()?),
            extras_start: u32::from_le_bytes(start.try_into().ok()?),
        })
    }
}

/// The checksum table of a sector.
#[derive(Debug)]
pub(crate) struct Checksums<'a> {
    layout: &'a Layout,
    bytes: Vec<u8>,
}

impl Checksums<'_> {
    fn matches(&self, number: usize, bytes: &[u8]) -> bool {
        let at = number * CHECKSUM_BYTES;
        self.bytes.get(at..at + CHECKSUM_BYTES) == Some(hash(bytes).as_ref())
    }

    pub(crate) fn map_matches(&self, offset: usize, bytes: &[u8]) -> bool {
        self.matches(offset, bytes)
    }

    pub(crate) fn metadata_matches(&self, offset: usize, bytes: &[u8]) -> bool {
        self.matches(self.layout.pieces() + offset, bytes)
    }

    pub(crate) fn directory_matches(&self, bytes: &[u8]) -> bool {
        self.matches(2 * self.layout.pieces(), bytes)
    }

    pub(crate) fn region(&self, region: usize) -> Option<&[u8]> {
        let at = (2 * self.layout.pieces() + 1 + region) * CHECKSUM_BYTES;
        self.bytes.get(at..at + CHECKSUM_BYTES)
    }

    pub(crate) fn extras(&self) -> Option<&[u8]> {
        self.region(REGIONS)
    }
}

/// The chunks of one record with what is needed to decode them.
#[derive(Debug)]
pub(crate) struct StoredRecord {
    pub(crate) map: ContentsMap,
    /// As in [`crate::EncodedRecord::chunks`].
    pub(crate) chunks: Vec<u8>,
    pub(crate) metadata: Metadata,
}

/// A plotted sector in a plot file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SectorReader<'a> {
    pub(crate) file: &'a dyn PlotFile,
    pub(crate) path: &'a Path,
    pub(crate) layout: &'a Layout,
    pub(crate) sector: SectorIndex,
    /// Position of the sector in the file.
    pub(crate) base: u64,
    pub(crate) digest: Hash,
}

impl<'a> SectorReader<'a> {
    pub(crate) fn damaged(&self, part: Part) -> FarmError {
        FarmError::Damaged { sector: self.sector, part }
    }

    pub(crate) fn read(&self, buffer: &mut [u8], position: u64) -> Result<(), FarmError> {
        self.file.read_at(buffer, self.base + position).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => self.damaged(Part::Missing),
            _ => FarmError::io("read", self.path, error),
        })
    }

    fn read_vec(&self, length: usize, position: u64) -> Result<Vec<u8>, FarmError> {
        let mut buffer = vec![0; length];
        self.read(&mut buffer, position)?;
        Ok(buffer)
    }

    /// The checksum table, against the digest of the sector's header.
    pub(crate) fn checksums(&self) -> Result<Checksums<'a>, FarmError> {
        let bytes = self.read_vec(self.layout.checksums() * CHECKSUM_BYTES, self.layout.checksums_start())?;
        if hash(&bytes) != self.digest {
            return Err(self.damaged(Part::Checksums));
        }
        Ok(Checksums { layout: self.layout, bytes })
    }

    pub(crate) fn directory(&self, checksums: &Checksums<'_>) -> Result<Vec<u32>, FarmError> {
        let bytes = self.read_vec(self.layout.directory_bytes(), self.layout.directory_start())?;
        if !checksums.directory_matches(&bytes) {
            return Err(self.damaged(Part::Directory));
        }
        Ok(bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }

    /// First chunk and number of chunks of a group, out of a directory in memory.
    pub(crate) fn group_in(&self, directory: &[u32], group: usize) -> Result<(usize, usize), FarmError> {
        match (directory.get(group), directory.get(group + 1)) {
            (Some(start), Some(end)) => self.checked_group(*start, *end),
            _ => Err(self.damaged(Part::Directory)),
        }
    }

    /// First chunk and number of chunks of a group, out of the directory on disk.
    pub(crate) fn group_on_disk(&self, group: usize) -> Result<(usize, usize), FarmError> {
        let mut bytes = [0; 8];
        self.read(&mut bytes, self.layout.directory_start() + wide(group * 4))?;
        let [a, b, c, d, e, f, g, h] = bytes;
        self.checked_group(u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
    }

    fn checked_group(&self, start: u32, end: u32) -> Result<(usize, usize), FarmError> {
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let most = self.layout.class_pieces(0);
        match range {
            Some((start, end)) if start <= end && end <= self.layout.chunks() && end - start <= most => {
                Ok((start, end - start))
            }
            _ => Err(self.damaged(Part::Directory)),
        }
    }

    /// The contents maps of the first `count` pieces of a class.
    pub(crate) fn class_maps(
        &self,
        class: usize,
        count: usize,
        checksums: &Checksums<'_>,
    ) -> Result<Vec<u8>, FarmError> {
        let bytes = self.read_vec(count * MAP_BYTES, self.layout.map_at(class))?;
        for (rank, map) in bytes.chunks_exact(MAP_BYTES).enumerate() {
            if !checksums.map_matches(self.layout.class_member(class, rank), map) {
                return Err(self.damaged(Part::Map));
            }
        }
        Ok(bytes)
    }

    pub(crate) fn metadata(&self, offset: usize, checksums: &Checksums<'_>) -> Result<Metadata, FarmError> {
        let bytes = self.read_vec(METADATA_BYTES, self.layout.metadata_at(offset))?;
        if !checksums.metadata_matches(offset, &bytes) {
            return Err(self.damaged(Part::Metadata));
        }
        Metadata::from_bytes(&bytes).ok_or_else(|| self.damaged(Part::Metadata))
    }

    /// Reads everything that is stored of one record; `directory` spares a read when it is at hand.
    pub(crate) fn record(&self, offset: usize, directory: Option<&[u32]>) -> Result<StoredRecord, FarmError> {
        let checksums = self.checksums()?;
        let metadata = self.metadata(offset, &checksums)?;
        let read;
        let directory = match directory {
            Some(directory) => directory,
            None => {
                read = self.directory(&checksums)?;
                &read
            }
        };
        let (class, rank) = (self.layout.class(offset), offset / self.layout.classes());
        let maps = self.class_maps(class, rank + 1, &checksums)?;
        let (before, own) = maps.split_at_checked(rank * MAP_BYTES).unwrap_or_default();
        let map = ContentsMap::from_bytes(own).ok_or_else(|| self.damaged(Part::Map))?;
        let mut positions = Vec::with_capacity(CHUNKS_PER_RECORD);
        for (bucket, rank) in
            ranks(before).into_iter().enumerate().filter(|(bucket, _)| contains(own, *bucket))
        {
            let bucket = SBucket(u16::try_from(bucket).map_err(|_| self.damaged(Part::Map))?);
            let (start, count) = self.group_in(directory, self.layout.group(bucket, class))?;
            let rank = usize::try_from(rank).unwrap_or(usize::MAX);
            if rank >= count {
                return Err(self.damaged(Part::Directory));
            }
            positions.push(start + rank);
        }
        let extras = CHUNKS_PER_RECORD.checked_sub(positions.len()).ok_or_else(|| self.damaged(Part::Map))?;
        let extras_start = usize::try_from(metadata.extras_start).unwrap_or(usize::MAX);
        let end = extras_start.checked_add(extras).filter(|end| *end <= self.layout.chunks());
        positions.extend(extras_start..end.ok_or_else(|| self.damaged(Part::Metadata))?);
        Ok(StoredRecord { map, chunks: self.gather(&positions)?, metadata })
    }

    /// Reads the chunks at `positions`, in that order.
    fn gather(&self, positions: &[usize]) -> Result<Vec<u8>, FarmError> {
        if self.layout.chunks() * SCALAR_BYTES <= READ_WHOLE_BYTES {
            self.gather_whole(positions)
        } else {
            self.gather_scattered(positions)
        }
    }

    fn gather_whole(&self, positions: &[usize]) -> Result<Vec<u8>, FarmError> {
        let area = self.read_vec(self.layout.chunks() * SCALAR_BYTES, self.layout.chunks_start())?;
        let mut chunks = vec![0; positions.len() * SCALAR_BYTES];
        for (chunk, position) in chunks.chunks_exact_mut(SCALAR_BYTES).zip(positions) {
            let at = position * SCALAR_BYTES;
            let stored = area.get(at..at + SCALAR_BYTES).ok_or_else(|| self.damaged(Part::Directory))?;
            chunk.copy_from_slice(stored);
        }
        Ok(chunks)
    }

    /// A disk answers many small reads at once far sooner than one after another.
    fn gather_scattered(&self, positions: &[usize]) -> Result<Vec<u8>, FarmError> {
        let mut chunks = vec![0; positions.len() * SCALAR_BYTES];
        let share = positions.len().div_ceil(SCATTER_THREADS).max(1);
        std::thread::scope(|scope| {
            let parts = chunks.chunks_mut(share * SCALAR_BYTES).zip(positions.chunks(share));
            let readers: Vec<_> = parts
                .map(|(part, positions)| scope.spawn(move || self.gather_part(part, positions)))
                .collect();
            readers.into_iter().try_for_each(|reader| match reader.join() {
                Ok(result) => result,
                Err(_) => Err(FarmError::Threads("a reader stopped early".to_owned())),
            })
        })?;
        Ok(chunks)
    }

    fn gather_part(&self, part: &mut [u8], positions: &[usize]) -> Result<(), FarmError> {
        for (chunk, position) in part.chunks_exact_mut(SCALAR_BYTES).zip(positions) {
            self.read(chunk, self.layout.chunk_at(*position))?;
        }
        Ok(())
    }

    /// Reads the whole sector and returns the first part that does not match its checksum.
    pub(crate) fn verify(&self) -> Result<(), FarmError> {
        let checksums = self.checksums()?;
        let directory = self.directory(&checksums)?;
        for class in 0..self.layout.classes() {
            self.class_maps(class, self.layout.class_pieces(class), &checksums)?;
        }
        for offset in 0..self.layout.pieces() {
            self.metadata(offset, &checksums)?;
        }
        for region in 0..REGIONS {
            let first = region * REGION_BUCKETS * self.layout.classes();
            let last = first + REGION_BUCKETS * self.layout.classes();
            let range = directory.get(first).copied().zip(directory.get(last).copied());
            self.verify_chunks(range, checksums.region(region), Part::Buckets)?;
        }
        let end = u32::try_from(self.layout.chunks()).ok();
        let extras = directory.get(S_BUCKETS * self.layout.classes()).copied().zip(end);
        self.verify_chunks(extras, checksums.extras(), Part::Extras)
    }

    fn verify_chunks(
        &self,
        range: Option<(u32, u32)>,
        checksum: Option<&[u8]>,
        part: Part,
    ) -> Result<(), FarmError> {
        let chunks = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let (start, end) = range
            .map(|(start, end)| (chunks(start), chunks(end)))
            .filter(|(start, end)| start <= end && *end <= self.layout.chunks())
            .ok_or_else(|| self.damaged(Part::Directory))?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; ((end - start) * SCALAR_BYTES).min(1 << 20)];
        let mut at = start * SCALAR_BYTES;
        while at < end * SCALAR_BYTES {
            let length = (end * SCALAR_BYTES - at).min(buffer.len());
            let bytes = buffer.get_mut(..length).unwrap_or_default();
            self.read(bytes, self.layout.chunks_start() + wide(at))?;
            hasher.update(bytes);
            at += length;
        }
        match checksum {
            Some(checksum) if hasher.finalize().as_bytes() == checksum => Ok(()),
            _ => Err(self.damaged(part)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Preset, ProtocolParams};

    #[test]
    fn both_ways_of_gathering_read_the_same_chunks() {
        let layout = Layout::new(&ProtocolParams::preset(Preset::Test)).expect("a valid preset");
        let file = tempfile::tempfile().expect("a temporary file");
        let mut bytes = vec![0; usize::try_from(layout.sector_bytes()).expect("small")];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        file.write_at(&bytes, 0).expect("writable");
        let reader = SectorReader {
            file: &file,
            path: Path::new("plot.bin"),
            layout: &layout,
            sector: SectorIndex(0),
            base: 0,
            digest: Hash::ZERO,
        };
        let positions: Vec<usize> =
            (0..CHUNKS_PER_RECORD).map(|number| number * 7919 % layout.chunks()).collect();
        let whole = reader.gather_whole(&positions).expect("readable");
        assert_eq!(whole, reader.gather_scattered(&positions).expect("readable"));
        let third = usize::try_from(layout.chunk_at(positions[3])).expect("small");
        assert_eq!(whole[96..128], bytes[third..third + 32]);
    }
}
