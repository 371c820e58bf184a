//! The calls of the consensus chain.

use auto_core::{Address, Amount, Blob, Call, Equivocation, ModuleId, ProtocolParams, SignedTransaction};
use parity_scale_codec::{Decode, Encode};

/// The module of these calls.
pub const MODULE: ModuleId = ModuleId(0);
/// Bytes of an object that any chain could hold: a call's payload less variant and length.
pub const OBJECT_BYTES_MAX: usize = Call::PAYLOAD_MAX - 5;
/// Bytes of a transaction with one `Store` call beside the object: fixed fields, the call's module and
/// length, the variant, the object's length, the signature.
const STORE_OVERHEAD: usize = SignedTransaction::CALLS_OFFSET + 2 + 4 + 1 + 4 + 64;
/// Bytes of an encoded body beside its transactions and submissions: their counts.
pub const BODY_OVERHEAD: usize = 4 + 4;

/// What an account can do on the consensus chain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LedgerCall {
    /// Moves money.
    #[codec(index = 0)]
    Transfer {
        /// Who receives it.
        to: Address,
        /// How much; not zero.
        amount: Amount,
    },
    /// Puts an object on chain for good; not empty.
    #[codec(index = 1)]
    Store {
        /// The object.
        data: Blob<OBJECT_BYTES_MAX>,
    },
    /// Shows that a farmer sealed two blocks with one solution.
    #[codec(index = 2)]
    ReportEquivocation(Box<Equivocation>),
}

impl LedgerCall {
    /// The call as a transaction carries it; `None` when it is longer than a payload may be.
    #[must_use]
    pub fn into_call(self) -> Option<Call> {
        Some(Call { module: MODULE, payload: Blob::new(self.encode()).ok()? })
    }
}

/// Bytes of the largest object that fits a block of these parameters.
#[must_use]
pub fn object_bytes_max(params: &ProtocolParams) -> usize {
    let block = usize::try_from(params.block_bytes_max).unwrap_or(usize::MAX);
    block.saturating_sub(BODY_OVERHEAD + STORE_OVERHEAD).min(OBJECT_BYTES_MAX)
}
