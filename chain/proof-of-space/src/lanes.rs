//! Entries of tables 2 to 7 out of pairs: single-block BLAKE3, as many side by side as the machine allows.

#[cfg(target_arch = "x86_64")]
mod x86;

use crate::shape::{META_WORDS, Meta, Step};

/// Entries of a batch.
pub(crate) const LANES: usize = 16;

/// One 32-bit word of each entry of a batch.
pub(crate) type Lanes = [u32; LANES];

/// Some 32-bit words, computed with side by side: one, or as many as a vector register holds.
pub(crate) trait Word: Copy {
    /// Words side by side; divides [`LANES`].
    const WIDTH: usize;
    /// The words of `lanes` from `first` on.
    fn load(lanes: &Lanes, first: usize) -> Self;
    /// Writes the words to `lanes` from `first` on.
    fn store(self, lanes: &mut Lanes, first: usize);
    /// The same word everywhere.
    fn splat(word: u32) -> Self;
    /// Sum modulo 2^32.
    fn add(self, other: Self) -> Self;
    /// Exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Inclusive or.
    fn or(self, other: Self) -> Self;
    /// Intersection.
    fn and(self, other: Self) -> Self;
    /// Shift left; 32 bits leave zero.
    fn left(self, bits: u32) -> Self;
    /// Shift right; 32 bits leave zero.
    fn right(self, bits: u32) -> Self;
    /// Rotation to the right by 16 bits.
    fn rotate_16(self) -> Self;
    /// Rotation to the right by 12 bits.
    fn rotate_12(self) -> Self;
    /// Rotation to the right by 8 bits.
    fn rotate_8(self) -> Self;
    /// Rotation to the right by 7 bits.
    fn rotate_7(self) -> Self;
    /// The bytes of each word in reverse.
    fn swap_bytes(self) -> Self;
}

impl Word for u32 {
    const WIDTH: usize = 1;

    #[inline(always)]
    fn load(lanes: &Lanes, first: usize) -> Self {
        lanes[first]
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes, first: usize) {
        lanes[first] = self;
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        word
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn left(self, bits: u32) -> Self {
        self.checked_shl(bits).unwrap_or(0)
    }

    #[inline(always)]
    fn right(self, bits: u32) -> Self {
        self.checked_shr(bits).unwrap_or(0)
    }

    #[inline(always)]
    fn rotate_16(self) -> Self {
        self.rotate_right(16)
    }

    #[inline(always)]
    fn rotate_12(self) -> Self {
        self.rotate_right(12)
    }

    #[inline(always)]
    fn rotate_8(self) -> Self {
        self.rotate_right(8)
    }

    #[inline(always)]
    fn rotate_7(self) -> Self {
        self.rotate_right(7)
    }

    #[inline(always)]
    fn swap_bytes(self) -> Self {
        Self::swap_bytes(self)
    }
}

/// BLAKE3 block words that a pair can fill (26 + 2 * 80 bits), rounded up; the others are zero.
const INPUT_WORDS: usize = 6;
/// Hash words that an entry can take (26 + 80 bits).
const OUTPUT_WORDS: usize = 4;

const IV: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];
/// `CHUNK_START | CHUNK_END | ROOT`: the input is a single block.
const FLAGS: u32 = 1 | 2 | 8;
/// The word permutation of BLAKE3, applied once per round.
const SCHEDULE: [[usize; 16]; 7] = schedule();

const fn schedule() -> [[usize; 16]; 7] {
    let permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
    let mut rounds = [[0; 16]; 7];
    let mut word = 0;
    while word < 16 {
        rounds[0][word] = word;
        word += 1;
    }
    let mut round = 1;
    while round < 7 {
        word = 0;
        while word < 16 {
            rounds[round][word] = rounds[round - 1][permutation[word]];
            word += 1;
        }
        round += 1;
    }
    rounds
}

#[inline(always)]
fn mix<W: Word>(v: &mut [W; 16], [a, b, c, d]: [usize; 4], x: Option<W>, y: Option<W>) {
    v[a] = v[a].add(v[b]);
    if let Some(x) = x {
        v[a] = v[a].add(x);
    }
    v[d] = v[d].xor(v[a]).rotate_16();
    v[c] = v[c].add(v[d]);
    v[b] = v[b].xor(v[c]).rotate_12();
    v[a] = v[a].add(v[b]);
    if let Some(y) = y {
        v[a] = v[a].add(y);
    }
    v[d] = v[d].xor(v[a]).rotate_8();
    v[c] = v[c].add(v[d]);
    v[b] = v[b].xor(v[c]).rotate_7();
}

#[inline(always)]
fn round<W: Word, const R: usize>(v: &mut [W; 16], block: &[W; INPUT_WORDS]) {
    let word = |index: usize| {
        let index = SCHEDULE[R][index];
        if index < INPUT_WORDS { Some(block[index]) } else { None }
    };
    mix(v, [0, 4, 8, 12], word(0), word(1));
    mix(v, [1, 5, 9, 13], word(2), word(3));
    mix(v, [2, 6, 10, 14], word(4), word(5));
    mix(v, [3, 7, 11, 15], word(6), word(7));
    mix(v, [0, 5, 10, 15], word(8), word(9));
    mix(v, [1, 6, 11, 12], word(10), word(11));
    mix(v, [2, 7, 8, 13], word(12), word(13));
    mix(v, [3, 4, 9, 14], word(14), word(15));
}

/// First words of the BLAKE3 hashes of single blocks of `bytes` bytes, zero behind [`INPUT_WORDS`].
#[inline(always)]
fn compress<W: Word>(block: &[W; INPUT_WORDS], bytes: u32) -> [W; OUTPUT_WORDS] {
    let mut v = [W::splat(0); 16];
    for (word, iv) in v.iter_mut().zip(IV.iter().chain(&IV[..4]).chain(&[0, 0, bytes, FLAGS])) {
        *word = W::splat(*iv);
    }
    round::<W, 0>(&mut v, block);
    round::<W, 1>(&mut v, block);
    round::<W, 2>(&mut v, block);
    round::<W, 3>(&mut v, block);
    round::<W, 4>(&mut v, block);
    round::<W, 5>(&mut v, block);
    round::<W, 6>(&mut v, block);
    [v[0].xor(v[8]), v[1].xor(v[9]), v[2].xor(v[10]), v[3].xor(v[11])]
}

/// Writes a left-aligned string of `bits` bits at bit `offset` of `target`, which is zero there.
#[inline(always)]
fn place<W: Word, const TARGET: usize>(target: &mut [W; TARGET], offset: u32, source: &[W], bits: u32) {
    let (mut word, shift) = (crate::shape::at(offset / 32), offset % 32);
    let count = crate::shape::at(bits.div_ceil(32));
    for part in source.iter().take(count) {
        target[word] = target[word].or(part.right(shift));
        word += 1;
        if word < TARGET {
            target[word] = target[word].or(part.left(32 - shift));
        }
    }
}

/// The pairs of sixteen matches, and what follows from them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch {
    /// `y` of the left entries; replaced by `y` of the new entries.
    pub(crate) y: Lanes,
    /// Metadata of the left entries; replaced by metadata of the new entries.
    pub(crate) left: [Lanes; META_WORDS],
    /// Metadata of the right entries.
    pub(crate) right: [Lanes; META_WORDS],
}

impl Batch {
    pub(crate) const ZERO: Self =
        Self { y: [0; LANES], left: [[0; LANES]; META_WORDS], right: [[0; LANES]; META_WORDS] };

    /// Puts the pair of one match in place.
    #[inline(always)]
    pub(crate) fn put(&mut self, lane: usize, y: u32, left: &Meta, right: &Meta) {
        self.y[lane] = y;
        for (words, word) in self.left.iter_mut().zip(left).chain(self.right.iter_mut().zip(right)) {
            words[lane] = *word;
        }
    }

    /// `y` and metadata of one new entry.
    #[inline(always)]
    pub(crate) fn take(&self, lane: usize) -> (u32, Meta) {
        let [first, second, third] = &self.left;
        (self.y[lane], [first[lane], second[lane], third[lane]])
    }

    /// Computes `y` and metadata of sixteen new entries: BLAKE3 of `y`, left and right metadata as one bit string.
    #[inline(always)]
    pub(crate) fn compute<W: Word>(&mut self, step: &Step) {
        for first in (0..LANES).step_by(W::WIDTH) {
            self.compute_some::<W>(step, first);
        }
    }

    /// Computes as many entries as `W` has words, from `first` on.
    #[inline(always)]
    fn compute_some<W: Word>(&mut self, step: &Step, first: usize) {
        let load = |words: &[Lanes; META_WORDS]| {
            [W::load(&words[0], first), W::load(&words[1], first), W::load(&words[2], first)]
        };
        let (left, right) = (load(&self.left), load(&self.right));
        // One word more than needed, for the empty end of the last metadata word.
        let mut block = [W::splat(0); INPUT_WORDS + 1];
        block[0] = W::load(&self.y, first).left(32 - step.y_bits);
        place(&mut block, step.y_bits, &left, step.parent_bits);
        place(&mut block, step.y_bits + step.parent_bits, &right, step.parent_bits);
        let mut input = [W::splat(0); INPUT_WORDS];
        for (word, bits) in input.iter_mut().zip(&block) {
            *word = bits.swap_bytes();
        }
        let mut hash = compress(&input, step.input_bytes);
        for word in &mut hash {
            *word = word.swap_bytes();
        }
        hash[0].right(32 - step.y_bits).store(&mut self.y, first);
        if step.concatenates {
            let mut meta = left;
            place(&mut meta, step.parent_bits, &right, step.parent_bits);
            for (word, meta) in self.left.iter_mut().zip(meta) {
                meta.store(word, first);
            }
        } else {
            for (word, first_bit) in [0u32, 32, 64].into_iter().enumerate() {
                let wanted = step.meta_bits.saturating_sub(first_bit).min(32);
                let mask = u32::MAX.checked_shl(32 - wanted).unwrap_or(0);
                let bits = hash[word].left(step.y_bits).or(hash[word + 1].right(32 - step.y_bits));
                bits.and(W::splat(mask)).store(&mut self.left[word], first);
            }
        }
    }
}
