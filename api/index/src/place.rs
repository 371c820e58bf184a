//! Where an agent stands in the order of searches.
//!
//! The place is one number, so that a list by place is a walk through a table and every list of agents by a
//! word is sorted by it already:
//!
//! | bits | what |
//! |---|---|
//! | 5 | the slot of the domain |
//! | 1 | 0 when the agent is live |
//! | 25 | the stake, the highest first, to about four parts in a million |
//! | 32 | the number of the registration: who registered first comes first |

use crate::IndexError;
use auto_core::Amount;

/// Domains with agents that one index can hold.
pub(crate) const SLOTS_MAX: i64 = 32;
const MANTISSA_BITS: u32 = 18;
const NUMBER_BITS: u32 = 32;
const STAKE_BITS: u32 = 25;
const STAKE_MAX: u64 = (1 << STAKE_BITS) - 1;
const LIVE_SHIFT: u32 = NUMBER_BITS + STAKE_BITS;

// Places are positive, as identifiers of rows are.
const _: () = assert!(LIVE_SHIFT + 1 + 5 == 63);

/// A stake as a number of few bits: how long it is, and its highest bits. A higher stake never gives a lower
/// number.
fn magnitude(stake: Amount) -> u64 {
    let units = stake.base_units();
    match 128 - units.leading_zeros() {
        0 => 0,
        128 => STAKE_MAX,
        length => {
            // All bits but the highest, left-aligned; then as many of them as there is room for.
            let below = units.checked_shl(129 - length).unwrap_or(0) >> (128 - MANTISSA_BITS);
            u64::from(length) << MANTISSA_BITS | u64::try_from(below).unwrap_or(0)
        }
    }
}

/// The place of an agent.
pub(crate) fn place(slot: i64, live: bool, stake: Amount, number: i64) -> Result<i64, IndexError> {
    let full = || IndexError::Damaged("it has no room for another agent");
    let number = u32::try_from(number).map_err(|_| full())?;
    let slot = u64::try_from(slot).ok().filter(|_| slot < SLOTS_MAX).ok_or_else(full)?;
    let head = (slot << 1 | u64::from(!live)) << LIVE_SHIFT;
    let place = head | (STAKE_MAX - magnitude(stake)) << NUMBER_BITS | u64::from(number);
    i64::try_from(place).map_err(|_| full())
}

/// The places of a domain, live or not, down to a stake: before the first and the last.
pub(crate) fn range(slot: i64, live: bool, stake_min: Amount) -> Result<(i64, i64), IndexError> {
    let last = place(slot, live, stake_min, i64::from(u32::MAX))?;
    let first = place(slot, live, Amount::from_base_units(u128::MAX), 0)?;
    Ok((first - 1, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(units: u128) -> Amount {
        Amount::from_base_units(units)
    }

    #[test]
    fn the_live_come_first_then_the_higher_stake_then_the_older() {
        let order = [
            place(0, true, units(u128::MAX), 0),
            place(0, true, Amount::ai3(1_001), 7),
            place(0, true, Amount::ai3(1_000), 1),
            place(0, true, Amount::ai3(1_000), 2),
            place(0, true, units(1), 0),
            place(0, true, units(0), 0),
            place(0, false, units(u128::MAX), 0),
            place(0, false, units(0), i64::from(u32::MAX)),
            place(1, true, units(5), 0),
            place(SLOTS_MAX - 1, false, units(0), i64::from(u32::MAX)),
        ]
        .map(Result::unwrap);
        assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
        assert!(place(SLOTS_MAX, true, units(0), 0).is_err() && place(0, true, units(0), 1 << 32).is_err());
    }

    #[test]
    fn the_first_range_begins_before_every_place() {
        assert_eq!(range(0, true, units(0)).unwrap().0, -1);
        let (before, last) = range(3, false, Amount::ai3(5)).unwrap();
        let (highest, least) = (units(u128::MAX), Amount::ai3(5));
        assert!(before < place(3, false, highest, 0).unwrap() && place(3, false, least, 9).unwrap() <= last);
        assert!(place(3, false, Amount::ai3(4), 0).unwrap() > last);
    }

    proptest! {
        #[test]
        fn a_higher_stake_is_never_behind(a: u128, b: u128, shift in 0_u32..128) {
            let (low, high) = ((a >> shift).min(b >> shift), (a >> shift).max(b >> shift));
            prop_assert!(magnitude(units(low)) <= magnitude(units(high)));
            // What differs by a part in a hundred thousand is told apart.
            let more = low.saturating_add((low / 100_000).max(1));
            prop_assert!(low >= 1 << 126 || magnitude(units(low)) < magnitude(units(more)) );
        }
    }
}
