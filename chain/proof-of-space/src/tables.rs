//! Tables of one piece, and the proofs in them.

use crate::path::Path;
use crate::shape::{EXT, PROOF_VALUES, Shape, at};
use crate::step::{Workbench, split};
use crate::{SpaceError, challenge, first, sort};
use auto_core::{Hash, S_BUCKETS, SBucket, SpaceProof, hash};

/// Tables that follow the first.
const STEPS: usize = 6;

/// The tables of one seed: `y` of the last one, and the way back from each of its entries to 64 values.
#[derive(Debug)]
pub struct Tables {
    shape: Shape,
    /// Values of the first table, in its order.
    pub(crate) xs: Vec<u32>,
    /// Back-pointers of tables 2 to 7 to the left and right entry in the table before.
    pub(crate) links: [Vec<[u32; 2]>; STEPS],
    /// `y` of the last table, ascending.
    pub(crate) ys: Vec<u32>,
}

impl Tables {
    /// Builds the tables of `seed` for parameter `k`; single-threaded.
    ///
    /// To build many, [`TablesGenerator`] saves allocations.
    ///
    /// # Errors
    /// When `k` is not a table parameter.
    pub fn generate(k: u8, seed: &Hash) -> Result<Self, SpaceError> {
        Ok(TablesGenerator::new(k)?.generate(seed))
    }

    /// The proof that masks the chunk of `bucket`, if there is one: the first in table order.
    ///
    /// An s-bucket that does not exist has none.
    #[must_use]
    pub fn proof(&self, bucket: SBucket) -> Option<SpaceProof> {
        let challenge = challenge(self.shape.k, bucket).ok()?;
        let first = self.ys.partition_point(|y| y >> EXT < challenge);
        self.first_proof(challenge, first, &mut self.seen())
    }

    /// BLAKE3 of the bytes of [`Self::proof`] for each of the 8192 s-buckets: what masks its chunk.
    #[must_use]
    pub fn proof_hashes(&self) -> Vec<Option<Hash>> {
        let mut seen = self.seen();
        let mut position = 0;
        let buckets = (0..S_BUCKETS).map(|bucket| {
            let bucket = SBucket(u16::try_from(bucket).expect("holds because there are 8192 s-buckets"));
            let challenge = challenge(self.shape.k, bucket).expect("holds because the s-bucket exists");
            while self.ys.get(position).is_some_and(|y| y >> EXT < challenge) {
                position += 1;
            }
            self.first_proof(challenge, position, &mut seen).map(|proof| hash(proof.bytes()))
        });
        buckets.collect()
    }

    /// One cleared bit per value of `x`.
    pub(crate) fn seen(&self) -> Vec<u64> {
        vec![0; at(self.shape.values() / 64)]
    }

    /// The first proof among the entries from `position` on that answer `challenge`.
    pub(crate) fn first_proof(
        &self,
        challenge: u32,
        position: usize,
        seen: &mut [u64],
    ) -> Option<SpaceProof> {
        let answers = self.ys.get(position..)?.iter().take_while(|y| *y >> EXT == challenge);
        (position..).zip(answers).find_map(|(position, _)| {
            let xs = self.values(position);
            are_distinct(&xs, seen).then(|| pack(self.shape, &xs))
        })
    }

    /// The 64 values that the entry at `position` of the last table leads back to.
    pub(crate) fn values(&self, position: usize) -> [u32; PROOF_VALUES] {
        let [second, third, fourth, fifth, sixth, seventh] = &self.links;
        let t6 = seventh[position];
        let t5: [u32; 4] = expand(sixth, &t6);
        let t4: [u32; 8] = expand(fifth, &t5);
        let t3: [u32; 16] = expand(fourth, &t4);
        let t2: [u32; 32] = expand(third, &t3);
        let t1: [u32; PROOF_VALUES] = expand(second, &t2);
        t1.map(|position| self.xs[at(position)])
    }
}

/// The entries that `positions` point back to, pair by pair.
fn expand<const N: usize>(links: &[[u32; 2]], positions: &[u32]) -> [u32; N] {
    let mut out = [0; N];
    for (pair, position) in out.as_chunks_mut().0.iter_mut().zip(positions) {
        *pair = links[at(*position)];
    }
    out
}

/// Whether no two of `xs` are equal; `seen` has a bit for each value and is left cleared.
pub(crate) fn are_distinct(xs: &[u32; PROOF_VALUES], seen: &mut [u64]) -> bool {
    let mut distinct = true;
    for x in xs {
        let (word, bit) = (&mut seen[at(x / 64)], 1 << (x % 64));
        distinct &= *word & bit == 0;
        *word |= bit;
    }
    for x in xs {
        seen[at(x / 64)] = 0;
    }
    distinct
}

/// Packs values into `K` bits each, most significant bit first.
pub(crate) fn pack(shape: Shape, xs: &[u32; PROOF_VALUES]) -> SpaceProof {
    let mut bytes = Vec::with_capacity(SpaceProof::length(shape.k));
    // Eight values fill K bytes.
    for group in xs.as_chunks::<8>().0 {
        let bits = group.iter().fold([0u128; 2], |[high, low], x| {
            let k = u32::from(shape.k);
            [(high << k) | (low >> (128 - k)), (low << k) | u128::from(*x)]
        });
        let all: Vec<u8> = bits.iter().flat_map(|half| half.to_be_bytes()).collect();
        bytes.extend_from_slice(&all[32 - usize::from(shape.k)..]);
    }
    SpaceProof::new(shape.k, bytes).expect("holds because 64 values of K bits fill 8 K bytes")
}

/// Builds tables of one parameter one after another, reusing its buffers.
///
/// Single-threaded: to use more cores, give each thread a generator of its own.
#[derive(Debug)]
pub struct TablesGenerator {
    shape: Shape,
    path: Path,
    bench: Workbench,
    spare: Option<Tables>,
}

impl TablesGenerator {
    /// A generator of tables of parameter `k`.
    ///
    /// # Errors
    /// When `k` is not a table parameter.
    pub fn new(k: u8) -> Result<Self, SpaceError> {
        Self::with_path(k, Path::detect())
    }

    pub(crate) fn with_path(k: u8, path: Path) -> Result<Self, SpaceError> {
        Ok(Self { shape: Shape::new(k)?, path, bench: Workbench::default(), spare: None })
    }

    /// Builds the tables of `seed`.
    #[must_use]
    pub fn generate(&mut self, seed: &Hash) -> Tables {
        let mut tables = self.spare.take().unwrap_or_else(|| Tables {
            shape: self.shape,
            xs: Vec::new(),
            links: Default::default(),
            ys: Vec::new(),
        });
        let bench = &mut self.bench;
        first::values(self.shape, seed, &mut bench.keystream, &mut bench.keys);
        sort::by_upper_half(&mut bench.keys, &mut bench.sort_scratch, self.shape.y_bits());
        bench.ys.clear();
        bench.metas.clear();
        tables.xs.clear();
        let shift = 32 - u32::from(self.shape.k);
        for (y, x) in bench.keys.iter().map(|key| split(*key)) {
            bench.ys.push(y);
            bench.metas.push([x << shift, 0, 0]);
            tables.xs.push(x);
        }
        for (links, table) in tables.links.iter_mut().zip(2..) {
            bench.advance(self.path, &self.shape.step(table), links);
        }
        std::mem::swap(&mut tables.ys, &mut bench.ys);
        tables
    }

    /// Takes back tables that are no longer needed, so that the next ones reuse their memory.
    pub fn recycle(&mut self, tables: Tables) {
        if tables.shape == self.shape {
            self.spare = Some(tables);
        }
    }
}
