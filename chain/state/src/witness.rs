//! The nodes that a computation reads: enough to run it again without the state.

use crate::{MemoryNodes, NodeSource, Snapshot, StateError, node::Node};
use auto_core::{Blob, Hash, List};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use parking_lot::Mutex;

/// Nodes that a witness may hold.
pub const WITNESS_NODES_MAX: usize = 1 << 20;
/// Bytes of the longest node: a leaf with the longest key and value.
const NODE_BYTES_MAX: usize = 1 + 4 + crate::KEY_BYTES_MAX + 4 + crate::VALUE_BYTES_MAX;

/// Nodes recorded while something was computed over a state; a source to compute it again from.
///
/// The encoding lists the nodes by rising hash, and decoding computes every hash anew, so a witness can
/// come from anyone: what it holds is either part of the state of a known root or of no use. To learn
/// whether a witness holds more than was needed, replay over a [`Recorder`] of it and compare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Witness {
    nodes: MemoryNodes,
}

impl Witness {
    /// What reading `keys` in the state of `root` takes: enough to learn their values, or that they have none.
    ///
    /// # Errors
    /// When a node is missing or damaged, or the source fails.
    pub fn of(source: impl NodeSource, root: Hash, keys: &[Vec<u8>]) -> Result<Self, StateError> {
        let recorder = Recorder::new(source);
        let state = Snapshot::new(&recorder, root);
        for key in keys {
            state.get(key)?;
        }
        Ok(recorder.into_witness())
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes, as when only an empty state was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl NodeSource for Witness {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        self.nodes.node(hash)
    }
}

impl Encode for Witness {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX).encode_to(dest);
        for bytes in self.nodes.values() {
            u32::try_from(bytes.len()).unwrap_or(u32::MAX).encode_to(dest);
            dest.write(bytes);
        }
    }
}

impl Decode for Witness {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let list = List::<Blob<NODE_BYTES_MAX>, WITNESS_NODES_MAX>::decode(input)?;
        let mut nodes = MemoryNodes::new();
        for bytes in list.into_inner() {
            let hash = Node::hash_of(&bytes).ok_or_else(|| Error::from("not a state node"))?;
            if nodes.last_key_value().is_some_and(|(last, _)| *last >= hash) {
                return Err(Error::from("state nodes out of order"));
            }
            nodes.insert(hash, bytes.into_inner());
        }
        Ok(Self { nodes })
    }
}

/// A source that remembers every node that is read from it.
#[derive(Debug)]
pub struct Recorder<S> {
    source: S,
    nodes: Mutex<MemoryNodes>,
}

impl<S: NodeSource> Recorder<S> {
    /// Records what is read from `source`.
    pub const fn new(source: S) -> Self {
        Self { source, nodes: Mutex::new(MemoryNodes::new()) }
    }

    /// What was read.
    pub fn into_witness(self) -> Witness {
        Witness { nodes: self.nodes.into_inner() }
    }
}

impl<S: NodeSource> NodeSource for Recorder<S> {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        let found = self.source.node(hash)?;
        if let Some(bytes) = &found {
            self.nodes.lock().entry(*hash).or_insert_with(|| bytes.clone());
        }
        Ok(found)
    }
}
