//! The authenticated key-value state: a content-addressed, path-compressed binary sparse Merkle tree.
//!
//! # The tree
//! The path of a key is `blake3(STATE_KEY || key)`, read from the most significant bit of its first byte.
//! A node is stored under its hash:
//!
//! | node | stored bytes | hash |
//! |---|---|---|
//! | leaf | `0 || u32 length || key || u32 length || value` | `blake3(STATE_LEAF || path || blake3(value))` |
//! | branch | `1 || depth || prefix || left || right` | `blake3(STATE_NODE || depth || prefix || left || right)` |
//!
//! `depth` is the first bit in which the two sides differ, `prefix` the `depth` bits before it in as few
//! bytes as hold them, the spare bits zero. A subtree with one key is that key's leaf, so the depth of a
//! leaf is about `log2` of the number of keys. The root of the empty state is [`EMPTY_ROOT`].
//!
//! # Guarantees
//! * The same content has the same root, whatever the history of changes.
//! * A node stands for one place in one tree: its hash covers its path or prefix. No node occurs twice in
//!   a tree, and [`Commit::fresh`] and [`Commit::stale`] are exactly the two set differences between the
//!   old and the new tree, so that counting references prunes exactly, forks included.
//! * Every node that is read is checked against its hash: damage is an error, never a wrong value.
//! * A [`StateProof`] verifies in one form only: no spare steps, no other order, no other ending.
//! * [`Staged`] takes batch after batch in memory; each root, and what all batches together do to the tree,
//!   are exactly those of [`Snapshot::commit`].
//! * What runs over a [`Recorder`] runs again over its [`Witness`], commit included, to the same root.
//! * Work and recursion are bounded by the 256 bits of a path; a commit hashes
//!   `O(changes * log keys)` nodes in one walk from the top.
//!
//! # Why this tree and not a kept crate
//! `jmt` keys nodes by version and path, which needs one line of versions. A chain that follows the
//! heaviest branch keeps several children of a block alive at once and drops all but one later. Here the
//! hash is the key, so branches share one store without knowing of one another, a reader pins a state by
//! holding 32 bytes, and a witness is a set of nodes with no index. `examples/state_tree.rs` measures it.
//!
//! # Beside the tree
//! [`mmr`] is the Merkle mountain range over the blocks of the consensus chain, whose leaves name the roots of
//! its states: what lets one chain prove its state to another.
//!
//! # Deviations
//! The production protocol keeps its state in a hexary Patricia trie; proofs there carry up to fifteen
//! siblings a level. A binary tree carries one.

mod commit;
mod error;
pub mod mmr;
mod node;
mod overlay;
mod path;
mod proof;
mod read;
mod snapshot;
mod staged;
mod witness;

pub use commit::{Changes, Commit};
pub use error::{ERRORS, StateError};
pub use node::{EMPTY_ROOT, KEY_BYTES_MAX, VALUE_BYTES_MAX, children};
pub use overlay::Overlay;
pub use proof::StateProof;
pub use read::{MemoryNodes, NodeSource, StateRead, StateWrite};
pub use snapshot::Snapshot;
pub use staged::Staged;
pub use witness::{Recorder, WITNESS_NODES_MAX, Witness};
