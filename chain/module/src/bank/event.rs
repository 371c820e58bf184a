//! What can happen in the bank.

use auto_core::{Address, Amount};
use parity_scale_codec::{Decode, Encode};

/// Something that a call did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub enum Event {
    /// Money moved.
    #[codec(index = 0)]
    Transferred {
        /// Who sent it.
        from: Address,
        /// Who received it.
        to: Address,
        /// How much.
        amount: Amount,
    },
}
