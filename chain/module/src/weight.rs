//! Weight: what execution costs.

use parity_scale_codec::{Decode, Encode};

/// Time of execution in nanoseconds on the reference machine: one core of a laptop.
///
/// A call's weight is a bound that its module states before the call runs, out of a bench. It counts all that
/// the call costs an operator: decoding, its part of the verdict, the step, and the new root of the state.
///
/// # Where the numbers come from
/// `cargo run -p auto-domains --example weights` over a million accounts in memory, on one core of the machine
/// that the README measures with: of five runs the middle one's fastest round, since slower rounds count what
/// else the machine did. A constant is twice that, for a slower core and for a state on a disk whose nodes are
/// not all in memory, rounded up to ten microseconds.
///
/// | what | measured, ns | stated, ns |
/// |---|---|---|
/// | signed transaction whose call does nothing | 89,000 | 180,000 |
/// | payment, alone in its transaction | 38,100 | 80,000 |
/// | payment, one of 32 | 28,800 | |
/// | opening of a channel | 115,700 | 240,000 |
/// | closing of a channel | 22,200 | 50,000 |
/// | transfer to another chain | 62,400 | 130,000 |
/// | message, proven out of a small state | 131,400 | 290,000 |
/// | proof out of the large state: a domain's message has one more, verified twice | 5,000 | |
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, serde::Serialize,
)]
pub struct Weight(pub u64);

impl Weight {
    /// No weight.
    pub const ZERO: Self = Self(0);
    /// The most that one extrinsic may weigh, whatever a bundle may: a proof about it runs it, and has to be
    /// judged inside of a consensus block.
    pub const EXTRINSIC_MAX: Self = Self(25_000_000);
    /// Every signed transaction beside its calls: the signature, the fee, the nonce.
    pub const SIGNED: Self = Self(180_000);
    /// Every relayed message: its proofs, the channel and the answer. What a module does with a notice is not
    /// counted: it keeps to what a transfer does.
    pub const MESSAGE: Self = Self(290_000);

    /// The sum, or the most there is: a sum that large fits no bundle either way.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
