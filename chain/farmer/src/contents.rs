//! Contents maps: which s-buckets hold an encoded chunk of a record.

use crate::layout::MAP_BYTES;
use auto_core::{S_BUCKETS, SBucket};

/// Which s-buckets hold an encoded chunk of one record; bit `j % 8` of byte `j / 8` is s-bucket `j`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsMap(Box<[u8]>);

impl Default for ContentsMap {
    fn default() -> Self {
        Self(vec![0; MAP_BYTES].into_boxed_slice())
    }
}

impl ContentsMap {
    /// A map out of exactly [`MAP_BYTES`] bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == MAP_BYTES).then(|| Self(bytes.into()))
    }

    /// The map's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Marks an s-bucket; one out of range is ignored.
    pub fn insert(&mut self, bucket: usize) {
        if let Some(byte) = self.0.get_mut(bucket / 8) {
            *byte |= 1 << (bucket % 8);
        }
    }

    /// Whether an s-bucket holds an encoded chunk.
    #[must_use]
    pub fn contains(&self, bucket: usize) -> bool {
        contains(&self.0, bucket)
    }

    /// Number of encoded chunks.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count_before(S_BUCKETS)
    }

    /// Number of encoded chunks in s-buckets below `bucket`.
    #[must_use]
    pub fn count_before(&self, bucket: usize) -> usize {
        let (whole, rest) = (bucket / 8, bucket % 8);
        let ones = |byte: &u8| usize::try_from(byte.count_ones()).unwrap_or(0);
        let full: usize = self.0.iter().take(whole).map(ones).sum();
        let partial = self.0.get(whole).map_or(0, |byte| ones(&(byte & ((1 << rest) - 1))));
        full + partial
    }

    /// The s-buckets that hold an encoded chunk, in order.
    pub fn encoded(&self) -> impl Iterator<Item = usize> {
        (0..S_BUCKETS).filter(|bucket| self.contains(*bucket))
    }

    /// The s-buckets without one, in order: the first of them are those of the extra chunks.
    pub fn free(&self) -> impl Iterator<Item = usize> {
        (0..S_BUCKETS).filter(|bucket| !self.contains(*bucket))
    }
}

/// Whether the map in `bytes` marks an s-bucket.
pub(crate) fn contains(bytes: &[u8], bucket: usize) -> bool {
    bytes.get(bucket / 8).is_some_and(|byte| byte >> (bucket % 8) & 1 == 1)
}

/// For each s-bucket, how many of the maps in `bytes` mark it.
pub(crate) fn ranks(bytes: &[u8]) -> Vec<u32> {
    let mut ranks = vec![0; S_BUCKETS];
    for map in bytes.chunks_exact(MAP_BYTES) {
        for (byte, counts) in map.iter().zip(ranks.chunks_exact_mut(8)) {
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += u32::from(byte >> bit & 1);
            }
        }
    }
    ranks
}

/// The position among `maps` of the map that is number `rank` of those marking `bucket`.
pub(crate) fn select(maps: &[u8], bucket: SBucket, rank: usize) -> Option<usize> {
    let bucket = usize::from(bucket.0);
    let marked = maps.chunks_exact(MAP_BYTES).enumerate().filter(|(_, map)| contains(map, bucket));
    marked.map(|(position, _)| position).nth(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn counts_agree_with_a_set(buckets in proptest::collection::btree_set(0..S_BUCKETS, 0..300)) {
            let mut map = ContentsMap::default();
            buckets.iter().for_each(|bucket| map.insert(*bucket));
            proptest::prop_assert_eq!(map.count(), buckets.len());
            proptest::prop_assert!(map.encoded().eq(buckets.iter().copied()));
            proptest::prop_assert_eq!(map.free().count(), S_BUCKETS - buckets.len());
            for bucket in [0, 1, 7, 8, 4095, 4096, 8191] {
                let below = buckets.range(..bucket).count();
                proptest::prop_assert_eq!(map.count_before(bucket), below);
            }
        }
    }

    #[test]
    fn ranks_and_selection_are_inverse() {
        let mut maps = vec![ContentsMap::default(); 3];
        maps[0].insert(9);
        maps[2].insert(9);
        maps[1].insert(10);
        let bytes = maps.iter().flat_map(|map| map.bytes().to_vec()).collect::<Vec<_>>();
        assert_eq!(ranks(&bytes)[9], 2);
        assert_eq!(ranks(&bytes)[10], 1);
        assert_eq!(select(&bytes, SBucket(9), 1), Some(2));
        assert_eq!(select(&bytes, SBucket(9), 2), None);
        assert_eq!(select(&bytes, SBucket(10), 0), Some(1));
    }
}
