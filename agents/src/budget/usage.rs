//! What one grant has used up.

use crate::{AgentsError, METERS_MAX};
use auto_core::{Amount, List};
use parity_scale_codec::{Decode, Encode};

/// What was used of one meter.
///
/// At every moment `spent + reserved + carved + returned` is at most the total of the meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct MeterUsage {
    /// Paid under this grant and all below it that share its meter; never falls.
    pub spent: Amount,
    /// The part of it that was paid by calls under this very grant; never falls.
    pub own: Amount,
    /// Held by escrows that are open.
    pub reserved: Amount,
    /// Handed to meters below that are carved, less what came back.
    pub carved: Amount,
    /// The window that [`Self::windowed`] counts in: height divided by the length of a window.
    pub window: u64,
    /// Debited in that window, whatever came back of it.
    pub windowed: Amount,
    /// Of a carved meter: whether its total was taken from the meters above.
    pub funded: bool,
    /// Of a carved meter: what it gave back to them.
    pub returned: Amount,
}

impl MeterUsage {
    /// All that the total is no longer free for.
    #[must_use]
    pub fn taken(&self) -> Option<Amount> {
        self.spent.checked_add(self.reserved)?.checked_add(self.carved)?.checked_add(self.returned)
    }
}

/// What was used of one grant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Usage {
    /// Calls under this grant and all below it; never falls.
    pub calls: u64,
    /// Its meters, in the order of the grant.
    pub meters: List<MeterUsage, METERS_MAX>,
}

impl Usage {
    /// What was used of the meter at a position; nothing when none was noted.
    #[must_use]
    pub fn meter(&self, position: u8) -> MeterUsage {
        self.meters.get(usize::from(position)).copied().unwrap_or_default()
    }

    /// Notes what was used of the meter at a position.
    pub(crate) fn set(&mut self, position: u8, usage: MeterUsage) -> Result<(), AgentsError> {
        let mut meters = std::mem::take(&mut self.meters).into_inner();
        let at = usize::from(position);
        while meters.len() <= at {
            meters.push(MeterUsage::default());
        }
        if let Some(meter) = meters.get_mut(at) {
            *meter = usage;
        }
        self.meters = List::new(meters).map_err(|_| AgentsError::Overflow)?;
        Ok(())
    }
}
