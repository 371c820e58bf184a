//! Products divided without loss: what shares, thresholds and slashes are counted with.

/// `floor(value * numerator / denominator)`, exact in between; `None` when the denominator is zero or the
/// result does not fit.
#[must_use]
pub(crate) fn mul_div(value: u128, numerator: u128, denominator: u128) -> Option<u128> {
    match value.checked_mul(numerator) {
        Some(product) => product.checked_div(denominator),
        None => {
            let (high, low) = widening_mul(value, numerator);
            narrowing_div(high, low, denominator)
        }
    }
}

/// The 256-bit product as its upper and lower half.
const fn widening_mul(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = (1 << 64) - 1;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    // Each product is below 2^128, and so is each sum of a 64-bit half and two more of them.
    let low = a_low * b_low;
    let (first, second) = (a_low * b_high, a_high * b_low);
    let middle = (low >> 64) + (first & LOW) + (second & LOW);
    let high = a_high * b_high + (first >> 64) + (second >> 64) + (middle >> 64);
    (high, (middle << 64) | (low & LOW))
}

/// The quotient of a 256-bit number, bit by bit; `None` when it does not fit, or for a divisor of zero.
fn narrowing_div(high: u128, low: u128, divisor: u128) -> Option<u128> {
    if high >= divisor {
        return None;
    }
    let (mut rest, mut quotient) = (high, 0);
    for bit in (0..128).rev() {
        let carry = rest >> 127 == 1;
        rest = (rest << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if carry || rest >= divisor {
            // With a carry the true rest is 2^128 more, and below twice the divisor.
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    Some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_quotients() {
        assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
        assert_eq!(mul_div(u128::MAX, 2, 4), Some(u128::MAX / 2));
        assert_eq!(mul_div(u128::MAX, 3, 2), None);
        assert_eq!(mul_div(7, 3, 0), None);
        assert_eq!(mul_div(u128::MAX, 2, 0), None);
        assert_eq!(mul_div(1 << 127, 6, 1 << 126), Some(12));
        assert_eq!(mul_div(10, 10, 3), Some(33));
    }

    proptest! {
        #[test]
        fn quotient_and_rest_give_the_product_back(
            value in any::<u128>(), numerator in any::<u128>(), denominator in 1..=u128::MAX,
        ) {
            let (high, low) = widening_mul(value, numerator);
            match mul_div(value, numerator, denominator) {
                None => prop_assert!(high >= denominator),
                Some(quotient) => {
                    let (back_high, back_low) = widening_mul(quotient, denominator);
                    let (rest, borrow) = low.overflowing_sub(back_low);
                    prop_assert_eq!(high - back_high - u128::from(borrow), 0);
                    prop_assert!(rest < denominator);
                }
            }
        }
    }
}
