//! Reading over witnesses.

use auto_core::Hash;
use auto_module::StoredError;
use auto_state::{NodeSource, Recorder, Snapshot, StateError, StateRead, Witness};

/// Several witnesses of one state.
pub(crate) struct Parts<'a>(pub &'a [Witness]);

impl NodeSource for Parts<'_> {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        for witness in self.0 {
            if let Some(bytes) = witness.node(hash)? {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }
}

/// What `read` finds in the state of a root, as far as the witness shows it.
pub(crate) fn over<T>(
    witness: &Witness,
    root: Hash,
    read: impl FnOnce(&dyn StateRead) -> Result<T, StoredError>,
) -> Result<T, StoredError> {
    read(&Snapshot::new(witness, root))
}

/// Whether a witness holds what `read` needs and nothing else.
pub(crate) fn is_minimal<T, E>(
    witness: &Witness,
    root: Hash,
    read: impl FnOnce(&dyn StateRead) -> Result<T, E>,
) -> bool {
    let recorder = Recorder::new(witness);
    let sound = read(&Snapshot::new(&recorder, root)).is_ok();
    sound && recorder.into_witness() == *witness
}
