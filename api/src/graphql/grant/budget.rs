//! What may be spent under a grant, and what was used of it.

use crate::graphql::scalar::{AmountText, Natural, Natural128};
use async_graphql::{Enum, SimpleObject};
use auto_agents::{MeterUsage, Usage};
use auto_core::{Amount, BlockNumber};

/// Against whose limit a spend counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MeterMode {
    /// Against this meter and those above it.
    Shared,
    /// Against a reserve that was taken from those above in advance.
    Carved,
}

/// A limit over a stretch of blocks.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "MeterWindow")]
pub(crate) struct Window {
    /// Length of the stretch in blocks.
    blocks: u32,
    /// The most that is spent in it.
    cap: Natural128,
    /// What was spent in the present one.
    used: AmountText,
    /// The block of the domain with which the next one begins.
    ends: Natural,
}

/// What may be spent of an asset under a grant, in base units, and what was used of it.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Meter {
    /// The asset.
    asset: String,
    /// The most in one call.
    per_call: Natural128,
    /// The most in a stretch of blocks.
    window: Option<Window>,
    /// The most altogether.
    total: Natural128,
    /// Against whose limit.
    mode: MeterMode,
    /// Spent, reserved and handed on: what the total is no longer free for.
    used: AmountText,
    /// Paid under this grant and those below that share its meter.
    spent: AmountText,
    /// Held by escrows that are open.
    reserved: AmountText,
    /// Handed on to meters below that are carved.
    carved: AmountText,
    /// Of a carved meter: whether its reserve was taken from those above.
    funded: bool,
}

/// What was spent in the window of a height; an earlier window does not count.
pub(crate) fn windowed(usage: &MeterUsage, blocks: u32, number: BlockNumber) -> Amount {
    let now = number.0.checked_div(u64::from(blocks));
    if now == Some(usage.window) { usage.windowed } else { Amount::ZERO }
}

/// The meters of a grant as of a height of the domain.
pub(super) fn meters(grant: &autoid_core::Grant, usage: &Usage, number: BlockNumber) -> Vec<Meter> {
    let one = |(place, meter): (u8, &autoid_core::Meter)| {
        let used = usage.meter(place);
        let window = meter.window.map(|window| Window {
            blocks: window.blocks,
            cap: Natural128(window.cap),
            used: windowed(&used, window.blocks, number).into(),
            ends: Natural(next_window(window.blocks, number)),
        });
        Meter {
            asset: meter.asset.to_string(),
            per_call: Natural128(meter.per_call),
            window,
            total: Natural128(meter.total),
            mode: match meter.mode {
                autoid_core::Mode::Shared => MeterMode::Shared,
                autoid_core::Mode::Carved => MeterMode::Carved,
            },
            used: used.taken().unwrap_or_default().into(),
            spent: used.spent.into(),
            reserved: used.reserved.into(),
            carved: used.carved.into(),
            funded: used.funded,
        }
    };
    (0u8..).zip(&grant.meters).map(one).collect()
}

/// The block with which the next window of a length begins.
pub(crate) fn next_window(blocks: u32, number: BlockNumber) -> u64 {
    let length = u64::from(blocks);
    let window = number.0.checked_div(length).unwrap_or(0);
    window.saturating_add(1).saturating_mul(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_counts_only_while_it_lasts() {
        let usage = MeterUsage { window: 3, windowed: Amount::ai3(2), ..MeterUsage::default() };
        for (number, counted) in [(29, 0), (30, 2), (39, 2), (40, 0)] {
            assert_eq!(windowed(&usage, 10, BlockNumber(number)), Amount::ai3(counted), "{number}");
        }
        assert_eq!((next_window(10, BlockNumber(39)), next_window(10, BlockNumber(40))), (40, 50));
    }
}
