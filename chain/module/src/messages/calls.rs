//! What an account can ask of the messages of a domain.

mod close;
mod open;
mod transfer;

pub use close::Close;
pub use open::Open;
use parity_scale_codec::{Decode, Encode};
pub use transfer::Transfer;

/// A call of the messages.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Call {
    /// Opens a channel.
    #[codec(index = 0)]
    Open(Open),
    /// Closes a channel.
    #[codec(index = 1)]
    Close(Close),
    /// Sends money to another chain.
    #[codec(index = 2)]
    Transfer(Transfer),
}
