//! What an account can ask for.

mod write;

use parity_scale_codec::{Decode, Encode};
pub use write::Write;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Call {
    /// Sets the signer's note.
    #[codec(index = 0)]
    Write(Write),
}
