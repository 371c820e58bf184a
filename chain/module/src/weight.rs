//! Weight: what execution costs.

use parity_scale_codec::{Decode, Encode};

/// Time of execution in nanoseconds on the reference machine: one core of a laptop.
///
/// A call's weight is a bound that its module states before the call runs, out of a bench.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, serde::Serialize,
)]
pub struct Weight(pub u64);

impl Weight {
    /// No weight.
    pub const ZERO: Self = Self(0);
    /// Every signed transaction beside its calls: the signature, the fee, the nonce.
    pub const SIGNED: Self = Self(70_000);
    /// Every relayed message: its proofs, the channel and the answer.
    pub const MESSAGE: Self = Self(200_000);

    /// The sum, or the most there is: a sum that large fits no bundle either way.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
