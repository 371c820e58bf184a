//! One table out of the one before: find matches, hash them, sort by `y`.

use crate::lanes::{Batch, LANES, Word};
use crate::matching::{self, BLOCK, Grid};
use crate::path::Path;
use crate::shape::{BC, Meta, Step, at, length};
use crate::sort;

/// The table at hand and all that is needed to compute the next, to reuse.
#[derive(Debug, Default)]
pub(crate) struct Workbench {
    /// `y` of the entries, ascending.
    pub(crate) ys: Vec<u32>,
    /// Metadata of the entries.
    pub(crate) metas: Vec<Meta>,
    /// `y` in the upper half, what it belongs to in the lower.
    pub(crate) keys: Vec<u64>,
    pub(crate) sort_scratch: Vec<u64>,
    pub(crate) keystream: Vec<u8>,
    /// Positions of left and right entry of each match.
    matches: Vec<[u32; 2]>,
    /// Metadata of the new entries in the order of their matches.
    fresh: Vec<Meta>,
    grid: Grid,
}

impl Workbench {
    /// Replaces the table at hand by the next; its back-pointers go to `links`.
    pub(crate) fn advance(&mut self, path: Path, step: &Step, links: &mut Vec<[u32; 2]>) {
        match path {
            Path::Portable => self.advance_with::<u32>(step, links, equal),
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => x86::advance_avx2(self, step, links),
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => x86::advance_avx512(self, step, links),
        }
    }

    /// The table at hand becomes the next; compiled once for each path.
    #[inline(always)]
    fn advance_with<W: Word>(
        &mut self,
        step: &Step,
        links: &mut Vec<[u32; 2]>,
        equal: impl Fn(&[u8; BLOCK], u8) -> u64 + Copy,
    ) {
        self.find_matches(equal);
        self.hash_matches::<W>(step);
        sort::by_upper_half(&mut self.keys, &mut self.sort_scratch, step.y_bits);
        self.arrange(step, links);
    }

    #[inline(always)]
    fn find_matches(&mut self, equal: impl Fn(&[u8; BLOCK], u8) -> u64 + Copy) {
        self.matches.clear();
        let mut left = 0..0;
        let mut next_bucket = 0;
        let count = length(&self.ys);
        while left.end < count || !left.is_empty() {
            let mut end = left.end;
            while end < count && self.ys[at(end)] < (next_bucket + 1) * BC {
                end += 1;
            }
            let right = left.end..end;
            if !left.is_empty() {
                let (grid, out) = (&mut self.grid, &mut self.matches);
                matching::find(grid, &self.ys, left, right.clone(), next_bucket - 1, equal, out);
            }
            left = right;
            next_bucket += 1;
        }
    }

    #[inline(always)]
    fn hash_matches<W: Word>(&mut self, step: &Step) {
        self.keys.clear();
        self.fresh.clear();
        let mut batch = Batch::ZERO;
        let mut index = 0u64;
        for pairs in self.matches.chunks(LANES) {
            for (lane, [left, right]) in pairs.iter().enumerate() {
                let (left, right) = (at(*left), at(*right));
                batch.put(lane, self.ys[left], &self.metas[left], &self.metas[right]);
            }
            batch.compute::<W>(step);
            for lane in 0..pairs.len() {
                let (y, meta) = batch.take(lane);
                self.keys.push((u64::from(y) << 32) | index);
                self.fresh.push(meta);
                index += 1;
            }
        }
    }

    /// Brings everything into the order of the sorted keys, equal `y` into that of their back-pointers.
    #[inline(always)]
    fn arrange(&mut self, step: &Step, links: &mut Vec<[u32; 2]>) {
        self.ys.clear();
        self.metas.clear();
        links.clear();
        for key in &self.keys {
            let (y, index) = split(*key);
            self.ys.push(y);
            links.push(self.matches[at(index)]);
        }
        if step.meta_bits > 0 {
            self.metas.extend(self.keys.iter().map(|key| self.fresh[at(split(*key).1)]));
        }
        for position in 1..links.len() {
            let mut at = position;
            while at > 0 && self.ys[at - 1] == self.ys[at] && links[at - 1] > links[at] {
                links.swap(at - 1, at);
                if step.meta_bits > 0 {
                    self.metas.swap(at - 1, at);
                }
                at -= 1;
            }
        }
    }
}

/// Computes a single batch.
pub(crate) fn compute(path: Path, batch: &mut Batch, step: &Step) {
    match path {
        Path::Portable => batch.compute::<u32>(step),
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => x86::compute_avx2(batch, step),
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 => x86::compute_avx512(batch, step),
    }
}

/// `y` and position.
#[inline(always)]
pub(crate) fn split(key: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits).expect("holds because it is half of 64 bits");
    (half(key >> 32), half(key & 0xFFFF_FFFF))
}

/// One bit for each element that equals `column`.
fn equal(asked: &[u8; BLOCK], column: u8) -> u64 {
    asked.iter().rev().fold(0, |mask, other| (mask << 1) | u64::from(*other == column))
}

/// The same steps compiled for more instructions.
#[cfg(target_arch = "x86_64")]
mod x86 {
    #![allow(unsafe_code, reason = "vector instructions of x86-64 have no safe loads")]

    use super::{Batch, Step, Workbench};
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
        _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_set1_epi8,
    };

    pub(super) fn advance_avx2(bench: &mut Workbench, step: &Step, links: &mut Vec<[u32; 2]>) {
        // SAFETY: `Path::Avx2` exists only where the features were detected.
        unsafe { avx2(bench, step, links) }
    }

    pub(super) fn advance_avx512(bench: &mut Workbench, step: &Step, links: &mut Vec<[u32; 2]>) {
        // SAFETY: `Path::Avx512` exists only where the features were detected.
        unsafe { avx512(bench, step, links) }
    }

    pub(super) fn compute_avx2(batch: &mut Batch, step: &Step) {
        // SAFETY: `Path::Avx2` exists only where the features were detected.
        unsafe { batch_avx2(batch, step) }
    }

    pub(super) fn compute_avx512(batch: &mut Batch, step: &Step) {
        // SAFETY: `Path::Avx512` exists only where the features were detected.
        unsafe { batch_avx512(batch, step) }
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn batch_avx2(batch: &mut Batch, step: &Step) {
        batch.compute::<__m256i>(step);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn batch_avx512(batch: &mut Batch, step: &Step) {
        batch.compute::<__m512i>(step);
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn avx2(bench: &mut Workbench, step: &Step, links: &mut Vec<[u32; 2]>) {
        bench.advance_with::<__m256i>(step, links, |asked, column| {
            let wanted = _mm256_set1_epi8(column.cast_signed());
            let (low, high) = asked.split_at(32);
            let half = |bytes: &[u8]| {
                // SAFETY: `bytes` are 32 bytes, half of the array; the load needs no alignment.
                let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, wanted)).cast_unsigned()
            };
            u64::from(half(low)) | (u64::from(half(high)) << 32)
        });
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn avx512(bench: &mut Workbench, step: &Step, links: &mut Vec<[u32; 2]>) {
        bench.advance_with::<__m512i>(step, links, |asked, column| {
            // SAFETY: the array has the 64 bytes that are loaded; the load needs no alignment.
            let bytes = unsafe { _mm512_loadu_si512(asked.as_ptr().cast()) };
            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(column.cast_signed()))
        });
    }
}
