//! What a block is rewarded.

use auto_core::{Amount, BlockNumber, ProtocolParams};
use parity_scale_codec::{Decode, Encode};

/// Blocks over which the use of block space is averaged (chain.md 1.6).
const USAGE_BLOCKS: u64 = 100;
/// Fractional bits of the average.
const SCALE_BITS: u32 = 32;

/// Bytes of bodies, averaged exponentially over 100 blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct BlockspaceUsage {
    /// Bytes times 2^32.
    scaled: u128,
}

/// `value * numerator / denominator`, rounded down; `None` when the denominator is zero or the result
/// does not fit.
fn mul_div(value: u128, numerator: u64, denominator: u64) -> Option<u128> {
    let (numerator, denominator) = (u128::from(numerator), u128::from(denominator));
    let whole = value.checked_div(denominator)?.checked_mul(numerator)?;
    // The rest is below 2^64, and so is the numerator.
    let part = value.checked_rem(denominator)?.checked_mul(numerator)?.checked_div(denominator)?;
    whole.checked_add(part)
}

impl BlockspaceUsage {
    /// The average once block `number` has used `bytes`.
    ///
    /// `(2 * bytes + (n - 1) * average) / (n + 1)` with `n` the number of blocks, at most 100.
    #[must_use]
    pub fn after(self, number: BlockNumber, bytes: u32) -> Self {
        let blocks = u128::from(number.0.clamp(1, USAGE_BLOCKS));
        // Below 2^65 + 100 * 2^64.
        let fresh = u128::from(bytes) << (SCALE_BITS + 1);
        let sum = fresh.saturating_add(self.scaled.saturating_mul(blocks.saturating_sub(1)));
        Self { scaled: sum / blocks.saturating_add(1) }
    }
}

/// The subsidy of a height: linear between the corners of the parameters, constant outside.
#[must_use]
pub fn subsidy(params: &ProtocolParams, number: BlockNumber) -> Amount {
    let after = params.subsidy.iter().position(|corner| corner.block > number);
    let corner = |at: usize| params.subsidy.get(at);
    let (from, to) = match after {
        Some(0) | None => {
            let outside = if after.is_some() { params.subsidy.first() } else { params.subsidy.last() };
            return outside.map_or(Amount::ZERO, |corner| corner.subsidy);
        }
        Some(at) => match (corner(at.saturating_sub(1)), corner(at)) {
            (Some(from), Some(to)) => (from, to),
            _ => return Amount::ZERO,
        },
    };
    let passed = number.0.saturating_sub(from.block.0);
    let length = to.block.0.saturating_sub(from.block.0);
    let (low, high) = (from.subsidy.min(to.subsidy), from.subsidy.max(to.subsidy));
    let slope = high.saturating_sub(low).base_units();
    let change = Amount::from_base_units(mul_div(slope, passed, length).unwrap_or(slope));
    if to.subsidy < from.subsidy {
        from.subsidy.saturating_sub(change)
    } else {
        from.subsidy.checked_add(change).unwrap_or(to.subsidy)
    }
}

/// The reward of a block (chain.md 1.6).
///
/// `s - usage * min(s, block_bytes_max * byte fee) / block_bytes_max` with `s` the subsidy of the height:
/// the more of the space is in use, the more fees stand in for new money. At most `remaining`.
#[must_use]
pub fn block_reward(
    params: &ProtocolParams,
    number: BlockNumber,
    usage: BlockspaceUsage,
    byte_fee: Amount,
    remaining: Amount,
) -> Amount {
    let subsidy = subsidy(params, number);
    let full =
        byte_fee.checked_mul(u128::from(params.block_bytes_max)).map_or(subsidy, |fees| fees.min(subsidy));
    let space = u64::from(params.block_bytes_max) << SCALE_BITS;
    let used = u64::try_from(usage.scaled).unwrap_or(u64::MAX).min(space);
    let less = mul_div(full.base_units(), used, space).unwrap_or(0);
    subsidy.saturating_sub(Amount::from_base_units(less)).min(remaining)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{List, Preset, SubsidyPoint};

    fn params() -> ProtocolParams {
        let corner = |block, subsidy| SubsidyPoint {
            block: BlockNumber(block),
            subsidy: Amount::from_base_units(subsidy),
        };
        let subsidy = List::new(vec![corner(10, 1000), corner(20, 500), corner(23, 501)]).expect("three");
        ProtocolParams { subsidy, ..ProtocolParams::preset(Preset::Test) }
    }

    #[test]
    fn subsidy_is_linear_between_corners_and_constant_outside() {
        let wanted =
            [(0, 1000), (10, 1000), (11, 950), (19, 550), (20, 500), (21, 500), (22, 500), (23, 501)];
        for (number, units) in wanted.into_iter().chain([(u64::MAX, 501)]) {
            assert_eq!(subsidy(&params(), BlockNumber(number)).base_units(), units, "at {number}");
        }
        let mut rising = params();
        rising.subsidy = List::new(vec![
            SubsidyPoint { block: BlockNumber(0), subsidy: Amount::ZERO },
            SubsidyPoint { block: BlockNumber(u64::MAX), subsidy: Amount::from_base_units(u128::MAX) },
        ])
        .expect("two");
        // u128::MAX / u64::MAX is 2^64 + 1.
        assert_eq!(subsidy(&rising, BlockNumber(3)).base_units(), 3 * ((1 << 64) + 1));
    }

    #[test]
    fn full_blocks_leave_no_subsidy_where_bytes_pay_for_it() {
        let (params, fee) = (params(), Amount::from_base_units(u128::MAX));
        let full = (1..300).fold(BlockspaceUsage::default(), |usage, number| {
            usage.after(BlockNumber(number), params.block_bytes_max)
        });
        let reward =
            |usage, fee| block_reward(&params, BlockNumber(5), usage, fee, Amount::ai3(1)).base_units();
        assert!(reward(full, fee) <= 1);
        assert_eq!(reward(BlockspaceUsage::default(), fee), 1000);
        let half = BlockspaceUsage::default().after(BlockNumber(1), params.block_bytes_max / 2);
        assert_eq!(reward(half, fee), 500);
        // Bytes that cost nothing replace nothing.
        assert_eq!(reward(full, Amount::ZERO), 1000);
    }

    #[test]
    fn average_follows_the_last_hundred_blocks() {
        let mut usage = BlockspaceUsage::default().after(BlockNumber(1), 700);
        assert_eq!(usage.scaled, 700 << 32);
        usage = usage.after(BlockNumber(2), 100);
        assert_eq!(usage.scaled, (2 * (100 << 32) + (700 << 32)) / 3);
        let late = BlockspaceUsage::default().after(BlockNumber(1_000_000), 101);
        assert_eq!(late.scaled, 2 << 32);
    }
}
