//! Whether an operator missed so many bundles that it cannot have been there.
//!
//! The number of bundles of an operator that is always there is binomial. With `mu` expected, fewer than
//! `mu - sqrt(2 * mu * ln(1/tau))` occur with a probability of at most `tau` (additive Chernoff bound of the
//! lower tail). An operator is offline when it made fewer than that, and fewer than two thirds of what is
//! expected: the second gate matters where the first is strict, for large `mu`.

use crate::ratio::mul_div;

/// Bits after the point of expected numbers.
pub(super) const POINT: u32 = 32;
/// `ln(200)`, for `tau` of half a percent, with [`POINT`] bits after the point, rounded up.
const LN_ONE_OVER_TAU: u128 = 22_756_099_814;
/// The least expected number at which the test says anything: `ceil(2 * ln(200))`.
const RELEVANT: u128 = 11;

/// `slots * threshold / 2^128` with [`POINT`] bits after the point.
pub(super) fn expected_by_slots(slots: u64, threshold: u128) -> u128 {
    // Does not overflow: the product of a 64-bit number and 2^32 is below 2^96, and the quotient no more.
    mul_div(u128::from(slots) << POINT, threshold, u128::MAX).unwrap_or(0)
}

/// `bundles * stake / total` with [`POINT`] bits after the point.
pub(super) fn expected_by_share(bundles: u64, stake: u128, total: u128) -> u128 {
    mul_div(u128::from(bundles) << POINT, stake, total).unwrap_or(0)
}

/// Fewer bundles than this are too few for an operator that was there; `None` when so few are expected that
/// none would be nothing unusual.
pub(super) fn least_bundles(expected: u128) -> Option<u64> {
    let whole = expected >> POINT;
    if whole < RELEVANT {
        return None;
    }
    // Twice the bits after the point under the root. Rounded up, in favour of the operator.
    let square = expected.checked_mul(2)?.checked_mul(LN_ONE_OVER_TAU)?;
    let deviation = square.isqrt().saturating_add(1);
    let by_chernoff = expected.saturating_sub(deviation) >> POINT;
    let by_share = whole.saturating_mul(2) / 3;
    u64::try_from(by_chernoff.min(by_share)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least(expected: u128) -> Option<u64> {
        least_bundles(expected << POINT)
    }

    #[test]
    fn bounds_are_those_of_the_formula() {
        // mu - sqrt(2 * mu * 5.298317) by hand, and two thirds of mu.
        assert_eq!(least(10), None);
        assert_eq!(least(11), Some(0));
        assert_eq!(least(20), Some(5));
        assert_eq!(least(50), Some(26));
        assert_eq!(least(95), Some(63));
        assert_eq!(least(150), Some(100));
        assert_eq!(least(3_000), Some(2_000));
    }

    #[test]
    fn expectations_follow_slots_and_shares() {
        assert_eq!(expected_by_slots(100, u128::MAX) >> POINT, 100);
        assert_eq!(expected_by_slots(100, u128::MAX / 4).div_ceil(1 << POINT), 25);
        assert_eq!(expected_by_share(90, 1, 3) >> POINT, 30);
        assert_eq!(expected_by_share(90, 1, 0), 0);
    }
}
