//! Adjustment of the solution range at the end of an era.

use auto_core::{BlockNumber, ProtocolParams, Slot, SolutionRange};

/// The narrowest range: below it half a range is zero and the range could never grow again.
pub const SOLUTION_RANGE_MIN: SolutionRange = SolutionRange(2);

/// Whether `number` is the last block of an era.
#[must_use]
pub fn is_era_end(params: &ProtocolParams, number: BlockNumber) -> bool {
    number.0 != 0 && number.0.checked_rem(params.era_blocks) == Some(0)
}

/// The range of the next era: `current * actual_slots / era_blocks * slot_probability`, within a quarter
/// and four times the current one (chain.md 1.3).
///
/// Every division rounds down. The result is never below [`SOLUTION_RANGE_MIN`].
#[must_use]
pub fn next_solution_range(
    params: &ProtocolParams,
    current: SolutionRange,
    era_start: Slot,
    era_end: Slot,
) -> SolutionRange {
    let (numerator, denominator) = params.slot_probability;
    let slots = u128::from(era_end.0.saturating_sub(era_start.0));
    // Two 64-bit factors fit. A later product that saturates is at least 2^96 after its division, which
    // the upper limit cuts anyway.
    let scaled = u128::from(current.0).saturating_mul(slots) / u128::from(params.era_blocks.max(1));
    let scaled = scaled.saturating_mul(u128::from(numerator)) / u128::from(denominator.max(1));
    let low = current.0 / 4;
    let high = current.0.saturating_mul(4);
    let next = u64::try_from(scaled).unwrap_or(u64::MAX).clamp(low, high);
    SolutionRange(next).max(SOLUTION_RANGE_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::Preset;

    #[test]
    fn an_era_at_the_wanted_pace_keeps_the_range() {
        let params = ProtocolParams::preset(Preset::Test);
        // 8 blocks at one block in four slots take 32 slots.
        let next =
            |slots: u64| next_solution_range(&params, SolutionRange(1 << 40), Slot(100), Slot(100 + slots)).0;
        assert_eq!(next(32), 1 << 40);
        assert_eq!(next(64), 1 << 41);
        assert_eq!(next(16), 1 << 39);
    }

    #[test]
    fn a_jump_is_cut_at_a_quarter_and_at_four_times() {
        let params = ProtocolParams::preset(Preset::Test);
        let next =
            |current, slots| next_solution_range(&params, SolutionRange(current), Slot(0), Slot(slots)).0;
        assert_eq!(next(1 << 40, 0), 1 << 38);
        assert_eq!(next(1 << 40, 7), 1 << 38);
        assert_eq!(next(1 << 40, 129), 1 << 42);
        assert_eq!(next(1 << 40, u64::MAX), 1 << 42);
        assert_eq!(next(u64::MAX, u64::MAX), u64::MAX);
        assert_eq!(next(2, 0), 2);
    }

    #[test]
    fn genesis_ends_no_era() {
        let params = ProtocolParams::preset(Preset::Test);
        let ends: Vec<u64> = (0..20).filter(|number| is_era_end(&params, BlockNumber(*number))).collect();
        assert_eq!(ends, [8, 16]);
    }
}
