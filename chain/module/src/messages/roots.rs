//! The window of known roots.

use super::MessageError;
use super::state::{RING, ROOTS};
use auto_core::{BlockNumber, Hash, ProtocolParams};
use auto_state::StateWrite;

/// Makes the root that the header of consensus block `number` names usable in proofs, and forgets the one that
/// is `message_roots` older. `sequence` counts the calls: on a domain the height of its block, on the
/// consensus chain `number` itself.
///
/// # Errors
/// When the state cannot be read.
pub fn record_root(
    state: &mut dyn StateWrite,
    params: &ProtocolParams,
    sequence: BlockNumber,
    number: BlockNumber,
    root: &Hash,
) -> Result<(), MessageError> {
    let place = sequence.0.checked_rem(params.message_roots).unwrap_or(0);
    if let Some(old) = RING.get(state, &place)? {
        ROOTS.delete(state, &old);
    }
    RING.put(state, &place, &number);
    ROOTS.put(state, &number, root);
    Ok(())
}
