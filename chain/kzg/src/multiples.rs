//! Sums of fixed points times scalars, with tables of their multiples.
//!
//! A scalar is cut into signed windows. For each window the table holds every point times the window's
//! power of two, so all windows share one set of buckets: a sum of 4096 products costs about 80,000
//! additions, made in affine coordinates with one inversion for thousands of them.

use crate::curve::{Affine, Fp, Fr, G1};
use rayon::prelude::*;

/// Bits of a window: 20 windows of 13 bits cover a scalar, and 4096 buckets stay cheap to add up.
const WINDOW: usize = 13;
const WINDOWS: usize = 20;
/// Digits have magnitudes up to this.
const BUCKETS: usize = 1 << (WINDOW - 1);
/// Buckets of one task: large enough that an inversion is shared by thousands of additions.
const TASK: usize = 256;
/// Side of the square in which buckets are added up.
const SIDE: usize = 64;
const _: () = assert!(SIDE * SIDE == BUCKETS && BUCKETS.is_multiple_of(TASK));

/// Tables of the multiples of fixed points.
pub(crate) struct Multiples {
    /// Window after window, each the points times `2^(WINDOW * window)`.
    table: Vec<Affine>,
    count: usize,
}

impl Multiples {
    /// Computes the tables of `points`.
    pub(crate) fn new(points: &[Affine]) -> Self {
        let rows: Vec<Vec<Affine>> = points
            .par_chunks(64)
            .map(|chunk| {
                let mut row: Vec<G1> = chunk.iter().copied().map(G1::from).collect();
                let mut all = row.clone();
                for _ in 1..WINDOWS {
                    for point in &mut row {
                        *point = (0..WINDOW).fold(*point, |doubled, _| doubled.double());
                    }
                    all.extend_from_slice(&row);
                }
                G1::normalize(&all)
            })
            .collect();
        let mut table = Vec::with_capacity(WINDOWS * points.len());
        for window in 0..WINDOWS {
            for (chunk, row) in points.chunks(64).zip(&rows) {
                table.extend(row.iter().skip(window * chunk.len()).take(chunk.len()));
            }
        }
        Self { table, count: points.len() }
    }

    /// The sum of the points times `scalars`; scalars beyond the points are ignored.
    pub(crate) fn sum(&self, scalars: &[Fr]) -> G1 {
        let (starts, entries) = self.sort(scalars);
        let tasks: Vec<&[usize]> = starts.windows(TASK + 1).step_by(TASK).collect();
        let buckets: Vec<Affine> = tasks
            .par_iter()
            .flat_map_iter(|starts| {
                let first = starts.first().copied().unwrap_or(0);
                let last = starts.last().copied().unwrap_or(first);
                let members = entries.get(first..last).unwrap_or(&[]);
                let points = members.iter().map(|entry| self.entry(*entry)).collect();
                sum_runs(
                    points,
                    starts
                        .windows(2)
                        .map(|pair| pair.iter().rev().copied().reduce(|a, b| a - b).unwrap_or(0))
                        .collect(),
                )
            })
            .collect();
        weigh(&buckets)
    }

    fn entry(&self, entry: (usize, bool)) -> Affine {
        let point = self.table.get(entry.0).copied().unwrap_or_default();
        if entry.1 { point.negate() } else { point }
    }

    /// Where the table entries of each bucket start, and those entries, negated where marked.
    fn sort(&self, scalars: &[Fr]) -> (Vec<usize>, Vec<(usize, bool)>) {
        let mut digits = Vec::with_capacity(self.table.len());
        for (index, scalar) in scalars.iter().take(self.count).enumerate() {
            for (window, (magnitude, negative)) in signed_digits(*scalar).into_iter().enumerate() {
                if magnitude > 0 {
                    digits.push((magnitude - 1, (window * self.count + index, negative)));
                }
            }
        }
        let mut starts = vec![0; BUCKETS + 1];
        for (bucket, _) in &digits {
            if let Some(count) = starts.get_mut(bucket + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, false); digits.len()];
        for (bucket, entry) in digits {
            if let Some(position) = next.get_mut(bucket) {
                if let Some(slot) = entries.get_mut(*position) {
                    *slot = entry;
                }
                *position += 1;
            }
        }
        (starts, entries)
    }
}

/// The scalar as `sum of +-magnitude * 2^(WINDOW * window)`, magnitudes at most [`BUCKETS`].
fn signed_digits(scalar: Fr) -> [(usize, bool); WINDOWS] {
    let bytes = scalar.to_le_bytes();
    let mut digits = [(0, false); WINDOWS];
    // A buffer of bits that refills byte by byte; at most WINDOW - 1 + 8 bits are in it.
    let (mut buffer, mut filled, mut carry) = (0_usize, 0, 0);
    let mut bytes = bytes.into_iter();
    for digit in &mut digits {
        while filled < WINDOW {
            buffer |= usize::from(bytes.next().unwrap_or(0)) << filled;
            filled += 8;
        }
        let value = (buffer & (2 * BUCKETS - 1)) + carry;
        buffer >>= WINDOW;
        filled -= WINDOW;
        (*digit, carry) =
            if value > BUCKETS { ((2 * BUCKETS - value, true), 1) } else { ((value, false), 0) };
    }
    // 20 windows have 260 bits and a scalar 255, so the last digit is small and carries nothing.
    digits
}

/// `sum of (k + 1) * buckets[k]`, by rows and columns of a square.
fn weigh(buckets: &[Affine]) -> G1 {
    let rows = sum_runs(buckets.to_vec(), vec![SIDE; SIDE]);
    let transposed =
        (0..SIDE).flat_map(|column| buckets.iter().skip(column).step_by(SIDE)).copied().collect();
    let columns = sum_runs(transposed, vec![SIDE; SIDE]);
    // Row a weighs 64 a, column b weighs b + 1.
    let by_rows = weighted(rows.get(1..).unwrap_or(&[]));
    let by_rows = (0..SIDE.ilog2()).fold(by_rows, |doubled, _| doubled.double());
    by_rows.add(&weighted(&columns))
}

/// `sum of (k + 1) * points[k]`.
fn weighted(points: &[Affine]) -> G1 {
    let (mut running, mut total) = (G1::infinity(), G1::infinity());
    for point in points.iter().rev() {
        running = running.add_affine(point);
        total = total.add(&running);
    }
    total
}

/// The sum of each run of `points`; runs follow one another and have the lengths `runs`.
fn sum_runs(mut points: Vec<Affine>, mut runs: Vec<usize>) -> Vec<Affine> {
    let mut pairs = Vec::with_capacity(points.len() / 2);
    let mut prefixes = Vec::with_capacity(points.len() / 2);
    let mut next = Vec::with_capacity(points.len());
    loop {
        pairs.clear();
        next.clear();
        let mut from = 0;
        for run in &mut runs {
            for pair in 0..*run / 2 {
                pairs.push((from + 2 * pair, next.len()));
                next.push(Affine::default());
            }
            if *run % 2 == 1 {
                next.extend(points.get(from + *run - 1));
            }
            from += *run;
            *run = run.div_ceil(2);
        }
        if pairs.is_empty() {
            break;
        }
        add_pairs(&points, &pairs, &mut prefixes, &mut next);
        std::mem::swap(&mut points, &mut next);
    }
    let mut sums = points.into_iter();
    runs.iter()
        .map(|run| if *run == 0 { Affine::default() } else { sums.next().unwrap_or_default() })
        .collect()
}

/// Adds each pair of neighbours `points[from]`, `points[from + 1]` into `sums[to]`, with one inversion.
fn add_pairs(points: &[Affine], pairs: &[(usize, usize)], prefixes: &mut Vec<(Fp, Fp)>, sums: &mut [Affine]) {
    prefixes.clear();
    let mut product = Fp::one();
    for (from, _) in pairs {
        let (a, b) = neighbours(points, *from);
        let slope = denominator(a, b);
        prefixes.push((product, slope));
        if !slope.is_zero() {
            product = product.mul(&slope);
        }
    }
    let mut inverse = product.invert();
    for ((from, to), (prefix, slope)) in pairs.iter().zip(prefixes.iter()).rev() {
        let (a, b) = neighbours(points, *from);
        let sum = if slope.is_zero() {
            exceptional(a, b)
        } else {
            let own = inverse.mul(prefix);
            inverse = inverse.mul(slope);
            chord(a, b, &own)
        };
        if let Some(slot) = sums.get_mut(*to) {
            *slot = sum;
        }
    }
}

fn neighbours(points: &[Affine], from: usize) -> (&Affine, &Affine) {
    match points.get(from..) {
        Some([a, b, ..]) => (a, b),
        _ => (&INFINITY, &INFINITY),
    }
}

static INFINITY: Affine = Affine::INFINITY;

/// The denominator of the slope of the line through both points; zero where there is no such line.
fn denominator(a: &Affine, b: &Affine) -> Fp {
    if a.is_infinity() || b.is_infinity() {
        return Fp::default();
    }
    let difference = b.x.sub(&a.x);
    // The same point twice: the tangent. Opposite points: the line is vertical.
    if difference.is_zero() && a.y == b.y { a.y.add(&a.y) } else { difference }
}

/// The sum where one point is infinity or both are opposite.
fn exceptional(a: &Affine, b: &Affine) -> Affine {
    match (a.is_infinity(), b.is_infinity()) {
        (true, _) => *b,
        (_, true) => *a,
        _ => Affine::default(),
    }
}

/// The sum by the line through both points, given the inverse of its slope's denominator.
fn chord(a: &Affine, b: &Affine, inverse: &Fp) -> Affine {
    let numerator = if a.x == b.x {
        let square = a.x.square();
        square.add(&square).add(&square)
    } else {
        b.y.sub(&a.y)
    };
    let slope = numerator.mul(inverse);
    let x = slope.square().sub(&a.x).sub(&b.x);
    let y = slope.mul(&a.x.sub(&x)).sub(&a.y);
    Affine { x, y }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generator times one, two, three and so on.
    fn points(count: usize) -> Vec<Affine> {
        let step = G1::from(Affine::generator());
        let multiples: Vec<G1> =
            std::iter::successors(Some(step), |point| Some(point.add(&step))).take(count).collect();
        G1::normalize(&multiples)
    }

    #[test]
    fn runs_with_equal_opposite_and_infinite_points_add_up() {
        let known = points(4);
        let (one, two, three, four) = (known[0], known[1], known[2], known[3]);
        let infinity = Affine::INFINITY;
        let runs = vec![
            (vec![], infinity),
            (vec![one], one),
            (vec![one, one], two),
            (vec![one, one, one, one], four),
            (vec![one, one.negate()], infinity),
            (vec![one, infinity, infinity, two], three),
            (vec![infinity, infinity, one], one),
            (vec![four, one.negate(), three.negate(), infinity, two], two),
        ];
        let lengths = runs.iter().map(|(run, _)| run.len()).collect();
        let expected: Vec<Affine> = runs.iter().map(|(_, sum)| *sum).collect();
        let all = runs.into_iter().flat_map(|(run, _)| run).collect();
        assert_eq!(sum_runs(all, lengths), expected);
    }

    #[test]
    fn sums_agree_with_plain_multiplication() {
        let points = points(70);
        let multiples = Multiples::new(&points);
        let top = Fr::ZERO.sub(&Fr::one());
        let edges = [Fr::ZERO, Fr::one(), top, Fr::from_u64(4096), Fr::from_u64(4097), Fr::from_u64(8191)];
        let spread = |index: u64| edges[index as usize % 6].mul(&Fr::from_u64(index | 1).pow(&[index / 6]));
        let scalars: Vec<Fr> = (0..70).map(spread).collect();
        for count in [0, 1, 5, 6, 70] {
            let products = points.iter().zip(&scalars).take(count);
            let expected =
                products.fold(G1::infinity(), |sum, (point, scalar)| sum.add(&G1::from(*point).mul(scalar)));
            assert_eq!(multiples.sum(&scalars[..count]), expected, "{count} points");
        }
    }

    #[test]
    fn digits_of_the_largest_scalar_carry_nothing_out() {
        let top = Fr::ZERO.sub(&Fr::one());
        let digits = signed_digits(top);
        let radix = Fr::from_u64(1 << WINDOW);
        let value = digits.iter().rev().fold(Fr::ZERO, |value, (magnitude, negative)| {
            let digit = Fr::from_u64(*magnitude as u64);
            value.mul(&radix).add(&if *negative { digit.negate() } else { digit })
        });
        assert_eq!(value, top);
    }
}
