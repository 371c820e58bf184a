//! Which entries of one bucket match which of the next.
//!
//! A bucket is a grid of 119 rows and 127 columns. A left entry in row `b`, column `c` of a bucket of
//! parity `p` matches, for each `m` in `0..64`, the right entries in row `(b + m) mod 119` and column
//! `(c + (2m + p)^2) mod 127`. A row of the grid holds two entries on average, so it is cheapest to
//! compute, once for a row of left entries, which column each of the about 127 right entries in the 64
//! rows in reach asks for, and then to look for the columns that are there.

use crate::shape::{B, BC, C, M, at, length};

/// Right entries that are looked at together.
pub(crate) const BLOCK: usize = 64;

/// Rows of the right bucket, once more behind themselves so that no row number wraps around.
const ROWS: usize = 2 * 119;

/// Buffers of a search, to reuse.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Row (0 to 237) and column of each right entry, twice, and one block of zeros.
    rows: Vec<u16>,
    columns: Vec<u16>,
    /// Where each row starts in them.
    starts: Vec<u32>,
    /// Columns asked for by the right entries in reach of the row at hand.
    asked: Vec<[u8; BLOCK]>,
}

impl Grid {
    /// Lays out the right entries, whose bucket starts at `base`.
    #[inline(always)]
    fn lay_out(&mut self, right: &[u32], base: u32) {
        self.rows.clear();
        self.columns.clear();
        self.starts.clear();
        let count = length(right);
        for (first_row, first_index) in [(0, 0), (B, count)] {
            for (y, index) in right.iter().zip(0u32..) {
                let r = y - base;
                let row = first_row + r / C;
                let start = first_index + index;
                while self.starts.len() <= at(row) {
                    self.starts.push(start);
                }
                self.rows.push(narrow(row));
                self.columns.push(narrow(r % C));
            }
        }
        self.starts.resize(ROWS + 1, 2 * count);
        self.rows.resize(self.rows.len() + BLOCK, 0);
        self.columns.resize(self.columns.len() + BLOCK, 0);
    }
}

/// A row, a column or a parity.
#[inline(always)]
fn narrow(number: u32) -> u16 {
    u16::try_from(number).expect("holds because rows are below 238 and columns below 127")
}

/// The column that a right entry in `row` and `column` asks for, seen from left row `from` of parity `parity`.
#[inline(always)]
fn asks_for(row: u16, column: u16, from: u16, parity: u16) -> u8 {
    // 127 is a Mersenne number: halves of a number added up leave its rest.
    let step = row.wrapping_sub(from).wrapping_mul(2).wrapping_add(parity);
    let square = step.wrapping_mul(step);
    let square = (square & 127).wrapping_add(square >> 7);
    let column = column.wrapping_add(4 * 127).wrapping_sub(square);
    let column = (column & 127).wrapping_add(column >> 7);
    column.min(column.wrapping_sub(127)).to_le_bytes()[0]
}

/// Appends the matches of the left entries `ys[left]` with the right entries `ys[right]`, left entries in order.
///
/// Both are ranges of a table sorted by `y`; the right bucket is `bucket + 1`.
#[inline(always)]
pub(crate) fn find(
    grid: &mut Grid,
    ys: &[u32],
    left: std::ops::Range<u32>,
    right: std::ops::Range<u32>,
    bucket: u32,
    equal: impl Fn(&[u8; BLOCK], u8) -> u64,
    out: &mut Vec<[u32; 2]>,
) {
    if left.is_empty() || right.is_empty() {
        return;
    }
    let right_len = right.end - right.start;
    let base = bucket * BC;
    grid.lay_out(&ys[at(right.start)..at(right.end)], base + BC);
    let parity = narrow(bucket % 2);
    let mut position = left.start;
    while position < left.end {
        let row = (ys[at(position)] - base) / C;
        let row_base = base + row * C;
        let (start, end) = (grid.starts[at(row)], grid.starts[at(row + M)]);
        let in_reach = end - start;
        grid.asked.clear();
        for block in 0..in_reach.div_ceil(64) {
            let first = at(start) + at(block) * BLOCK;
            let rows = &grid.rows[first..first + BLOCK];
            let columns = &grid.columns[first..first + BLOCK];
            let mut asked = [0; BLOCK];
            for ((asked, r), c) in asked.iter_mut().zip(rows).zip(columns) {
                *asked = asks_for(*r, *c, narrow(row), parity);
            }
            grid.asked.push(asked);
        }
        while position < left.end {
            let column = ys[at(position)] - row_base;
            if column >= C {
                break;
            }
            let pair = |index: u32| {
                let index = if index >= right_len { index.wrapping_sub(right_len) } else { index };
                [position, right.start.wrapping_add(index)]
            };
            let mut rest = in_reach;
            let mut first = start;
            for asked in &grid.asked {
                let mut mask = equal(asked, column.to_le_bytes()[0]);
                if rest < 64 {
                    mask &= (1 << rest) - 1;
                }
                // One entry in two blocks or so matches: to write one always and take it back costs less
                // than a branch that cannot be foreseen.
                let found = out.len().wrapping_add(usize::from(mask != 0));
                out.push(pair(first.wrapping_add(mask.trailing_zeros())));
                out.truncate(found);
                mask &= mask.wrapping_sub(1);
                while mask != 0 {
                    out.push(pair(first.wrapping_add(mask.trailing_zeros())));
                    mask &= mask.wrapping_sub(1);
                }
                rest = rest.saturating_sub(64);
                first = first.wrapping_add(64);
            }
            position += 1;
        }
    }
}

/// Whether `left` and `right` are `y` values of matching entries.
pub(crate) fn matches(left: u32, right: u32) -> bool {
    let bucket = left / BC;
    if right / BC != bucket + 1 {
        return false;
    }
    let (left, right) = (left % BC, right % BC);
    let m = (right / C + B - left / C) % B;
    let step = 2 * m + bucket % 2;
    m < M && (left % C + step * step) % C == right % C
}
