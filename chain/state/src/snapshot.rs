//! The state at one root.

use crate::{
    EMPTY_ROOT, NodeSource, StateError, StateProof, StateRead, node::Node, path::Path, proof::ProofBuilder,
};
use auto_core::Hash;

/// The state at one root, over a source of nodes. Cheap to make; holding the root pins the state for as
/// long as the source keeps its nodes.
#[derive(Debug, Clone)]
pub struct Snapshot<S> {
    source: S,
    root: Hash,
}

impl<S: NodeSource> Snapshot<S> {
    /// The state of `root`; nothing is read yet.
    pub const fn new(source: S, root: Hash) -> Self {
        Self { source, root }
    }

    /// The root.
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// The node of a hash, checked against it.
    pub(crate) fn load(&self, hash: &Hash) -> Result<Node, StateError> {
        let bytes = self.source.node(hash)?.ok_or(StateError::Missing(*hash))?;
        Node::open(hash, &bytes)
    }

    /// Walks towards `path` and shows every node on the way to `visit`.
    fn walk(&self, path: &Path, mut visit: impl FnMut(&Node)) -> Result<(), StateError> {
        let mut at = self.root;
        if at == EMPTY_ROOT {
            return Ok(());
        }
        let mut above: Option<u8> = None;
        loop {
            let node = self.load(&at)?;
            visit(&node);
            match node {
                Node::Branch(branch) if branch.prefix.shares(path, branch.depth) => {
                    if above.is_some_and(|depth| depth >= branch.depth) {
                        return Err(StateError::Damaged(at));
                    }
                    above = Some(branch.depth);
                    at = branch.child(path.bit(branch.depth));
                }
                _ => return Ok(()),
            }
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When a node is missing or damaged, or the source fails.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let wanted = Path::of(key);
        let mut found = None;
        self.walk(&wanted, |node| {
            if let Node::Leaf { path, value } = node
                && *path == wanted
            {
                found = Some(value.clone());
            }
        })?;
        Ok(found)
    }

    /// Proves the value of a key, or that there is none.
    ///
    /// # Errors
    /// When a node is missing or damaged, or the source fails.
    pub fn prove(&self, key: &[u8]) -> Result<StateProof, StateError> {
        let path = Path::of(key);
        let mut builder = ProofBuilder::new(path);
        self.walk(&path, |node| builder.visit(node))?;
        builder.finish()
    }
}

impl<S: NodeSource> StateRead for Snapshot<S> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Self::get(self, key)
    }
}
