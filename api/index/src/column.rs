//! Values as columns hold them.

use crate::IndexError;
use auto_agents::AgentRecord;
use auto_core::{Amount, BlockNumber, DomainId, decode_strict};
use parity_scale_codec::Decode;

/// The number that the consensus chain has among the chains; domains have their own.
pub(crate) const CONSENSUS: i64 = -1;
/// Most bytes of a value that the index keeps.
const BYTES_MAX: usize = 65_536;

/// The number of a domain among the chains.
pub(crate) fn chain(domain: DomainId) -> i64 {
    i64::from(domain.0)
}

/// A number as a column holds it; what lies beyond the range of columns is at its end.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The number in a column.
pub(crate) fn unsigned(column: i64) -> Result<u64, IndexError> {
    u64::try_from(column).map_err(|_| IndexError::Damaged("a number is negative"))
}

pub(crate) fn block(column: i64) -> Result<BlockNumber, IndexError> {
    unsigned(column).map(BlockNumber)
}

/// An amount, so that columns compare as amounts do.
pub(crate) fn amount(value: Amount) -> [u8; 16] {
    value.base_units().to_be_bytes()
}

/// A value in the encoding of the chain.
pub(crate) fn value<T: Decode>(bytes: &[u8], what: &'static str) -> Result<T, IndexError> {
    decode_strict(bytes, BYTES_MAX).map_err(|_| IndexError::Damaged(what))
}

/// The record of an agent.
pub(crate) fn record(bytes: &[u8]) -> Result<AgentRecord, IndexError> {
    value(bytes, "the record of an agent")
}
