//! What an account can ask of the bank.

mod transfer;

use parity_scale_codec::{Decode, Encode};
pub use transfer::Transfer;

/// A call of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Call {
    /// Moves money.
    #[codec(index = 0)]
    Transfer(Transfer),
}
