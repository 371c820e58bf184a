//! A state that takes change after change, with a root after each, in memory.

use crate::{
    Changes, Commit, EMPTY_ROOT, KEY_BYTES_MAX, NodeSource, StateError, StateRead, VALUE_BYTES_MAX,
    node::{Branch, Node, leaf_bytes, leaf_hash},
    path::Path,
};
use auto_core::{Hash, hash};
use std::collections::BTreeSet;
use std::sync::OnceLock;

#[cfg(test)]
mod tests;

/// The state of a root with batches of changes on top, none of which is written anywhere.
///
/// It keeps every node that it once read, decoded, so that a batch costs only the hashes of the branches
/// above its keys: this is what makes a root after every step of a block affordable. Reading is shared, so
/// several threads may warm it up; a batch needs it alone.
#[derive(Debug)]
pub struct Staged<S> {
    source: S,
    top: Link,
    /// Nodes of the first state that were changed or removed since.
    replaced: Vec<Hash>,
}

/// The way to a subtree: its hash, and the node itself once it was read.
#[derive(Debug, Default)]
struct Link {
    hash: Hash,
    node: OnceLock<Box<Place>>,
}

#[derive(Debug)]
struct Place {
    /// Whether the source holds it: it is a node of the first state, as that state has it.
    old: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Leaf { path: Path, bytes: Body },
    Branch { depth: u8, prefix: Path, sides: [Link; 2], dirty: bool },
}

/// What a leaf holds.
#[derive(Debug)]
enum Body {
    /// The value alone, as long as the leaf stays as it is.
    Value(Vec<u8>),
    /// The key as well, since the leaf will have to be written.
    Entry(Vec<u8>, Vec<u8>),
}

impl Body {
    fn value(&self) -> &[u8] {
        match self {
            Self::Value(value) | Self::Entry(_, value) => value,
        }
    }
}

/// What removing a key left at a link.
enum Removed {
    /// The key was not there.
    Nothing,
    /// The subtree is another.
    Changed,
    /// The subtree is gone.
    All,
}

impl Place {
    fn is_leaf_of(&self, wanted: &Path) -> bool {
        matches!(&self.kind, Kind::Leaf { path, .. } if path == wanted)
    }
}

impl Link {
    fn of(hash: Hash, place: Place) -> Self {
        Self { hash, node: OnceLock::from(Box::new(place)) }
    }

    /// Whether nothing is below; a new branch has no hash yet and is not empty.
    fn is_empty(&self) -> bool {
        self.hash == EMPTY_ROOT && self.node.get().is_none()
    }

    /// The node, read if it was not read before; the link must not be empty.
    fn open(&self, source: &impl NodeSource) -> Result<&Place, StateError> {
        if let Some(place) = self.node.get() {
            return Ok(place);
        }
        let bytes = source.node(&self.hash)?.ok_or(StateError::Missing(self.hash))?;
        let kind = match Node::open(&self.hash, &bytes)? {
            Node::Leaf { path, value } => Kind::Leaf { path, bytes: Body::Value(value) },
            Node::Branch(Branch { depth, prefix, left, right }) => {
                let sides = [left, right].map(|hash| Self { hash, node: OnceLock::new() });
                Kind::Branch { depth, prefix, sides, dirty: false }
            }
        };
        Ok(self.node.get_or_init(|| Box::new(Place { old: true, kind })))
    }

    /// The node, which a walk of the same key has read before.
    fn opened(&mut self) -> Result<&mut Place, StateError> {
        let hash = self.hash;
        self.node.get_mut().map(Box::as_mut).ok_or(StateError::Missing(hash))
    }
}

/// Walks from `link` towards `path`, reads what was not read before, and ends at the node that stands where
/// the key would.
fn walk<'a>(source: &impl NodeSource, top: &'a Link, path: &Path) -> Result<Option<&'a Place>, StateError> {
    let (mut link, mut above): (&Link, Option<u8>) = (top, None);
    if link.is_empty() {
        return Ok(None);
    }
    loop {
        let place = link.open(source)?;
        match &place.kind {
            Kind::Branch { depth, prefix, sides, .. } if prefix.shares(path, *depth) => {
                if above.is_some_and(|above| above >= *depth) {
                    return Err(StateError::Damaged(link.hash));
                }
                above = Some(*depth);
                link = &sides[usize::from(path.bit(*depth))];
            }
            _ => return Ok(Some(place)),
        }
    }
}

impl<S: NodeSource> Staged<S> {
    /// The state of `root`, without changes; nothing is read yet.
    pub const fn new(source: S, root: Hash) -> Self {
        Self { source, top: Link { hash: root, node: OnceLock::new() }, replaced: Vec::new() }
    }

    /// The root, with every batch so far.
    pub const fn root(&self) -> Hash {
        self.top.hash
    }

    /// The value of a key, with every batch so far.
    ///
    /// # Errors
    /// When a node is missing or damaged, or the source fails.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let wanted = Path::of(key);
        let place = walk(&self.source, &self.top, &wanted)?;
        Ok(place.and_then(|place| match &place.kind {
            Kind::Leaf { path, bytes } if *path == wanted => Some(bytes.value().to_vec()),
            _ => None,
        }))
    }

    /// Applies a batch and gives the root after it: the very root that a commit of it has.
    ///
    /// # Errors
    /// When a node is missing or damaged, the source fails, or a key or value is over its limit; then the
    /// state is as before.
    pub fn apply(&mut self, changes: &Changes) -> Result<Hash, StateError> {
        let (mut puts, mut removals) = (Vec::new(), Vec::new());
        for (key, value) in changes {
            if key.len() > KEY_BYTES_MAX {
                return Err(StateError::KeyTooLong { actual: key.len(), limit: KEY_BYTES_MAX });
            }
            let path = Path::of(key);
            let place = walk(&self.source, &self.top, &path)?;
            match value {
                Some(value) if value.len() > VALUE_BYTES_MAX => {
                    return Err(StateError::ValueTooLong { actual: value.len(), limit: VALUE_BYTES_MAX });
                }
                Some(value) => puts.push((path, key, value)),
                None => removals.extend(place.filter(|place| place.is_leaf_of(&path)).map(|_| path)),
            }
        }
        // A removal moves a subtree up that nobody has read. With keys set first, and only keys removed that
        // are there, no walk ends at it.
        for (path, key, value) in puts {
            insert(&mut self.top, &path, key, value, &mut self.replaced)?;
        }
        for path in removals {
            if matches!(remove(&mut self.top, &path, &mut self.replaced)?, Removed::All) {
                self.top = Link::default();
            }
        }
        rehash(&mut self.top, &mut self.replaced);
        Ok(self.top.hash)
    }

    /// Everything that the batches together do to the tree: the nodes in which it differs from the first.
    ///
    /// # Errors
    /// When a key or value is over its limit, which [`Staged::apply`] refuses.
    pub fn finish(self) -> Result<Commit, StateError> {
        let (mut fresh, mut queue) = (Vec::new(), vec![&self.top]);
        while let Some(link) = queue.pop() {
            // Below a node of the first state there are only nodes of the first state.
            let Some(place) = link.node.get().filter(|place| !place.old) else { continue };
            fresh.push((link.hash, seal(place)?));
            if let Kind::Branch { sides, .. } = &place.kind {
                queue.extend(sides);
            }
        }
        // What was changed and changed back is neither fresh nor stale.
        let mut stale: BTreeSet<Hash> = self.replaced.into_iter().collect();
        fresh.retain(|(hash, _)| !stale.remove(hash));
        Ok(Commit { root: self.top.hash, fresh, stale: stale.into_iter().collect() })
    }
}

impl<S: NodeSource> StateRead for Staged<S> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Self::get(self, key)
    }
}

/// The stored bytes of a node that is not of the first state.
fn seal(place: &Place) -> Result<Vec<u8>, StateError> {
    match &place.kind {
        Kind::Branch { depth, prefix, sides: [left, right], .. } => {
            let branch = Branch { depth: *depth, prefix: *prefix, left: left.hash, right: right.hash };
            Ok(branch.seal().1)
        }
        Kind::Leaf { bytes: Body::Entry(key, value), .. } => leaf_bytes(key, value),
        Kind::Leaf { path, bytes: Body::Value(_) } => Err(StateError::Damaged(Hash(path.0))),
    }
}

fn new_leaf(path: &Path, key: &[u8], value: &[u8]) -> Link {
    let bytes = Body::Entry(key.to_vec(), value.to_vec());
    Link::of(leaf_hash(path, &hash(value)), Place { old: false, kind: Kind::Leaf { path: *path, bytes } })
}

/// Sets a key; the branches above it are left dirty.
fn insert(
    top: &mut Link,
    path: &Path,
    key: &[u8],
    value: &[u8],
    replaced: &mut Vec<Hash>,
) -> Result<(), StateError> {
    let mut link = top;
    if link.is_empty() {
        *link = new_leaf(path, key, value);
        return Ok(());
    }
    loop {
        let below = match &mut link.opened()?.kind {
            Kind::Branch { depth, prefix, dirty, .. } if prefix.shares(path, *depth) => {
                *dirty = true;
                *depth
            }
            Kind::Branch { prefix, .. } => {
                let prefix = *prefix;
                return fork(link, prefix, path, key, value);
            }
            Kind::Leaf { path: other, .. } if other != path => {
                let other = *other;
                return fork(link, other, path, key, value);
            }
            Kind::Leaf { .. } => {
                let leaf = new_leaf(path, key, value);
                if leaf.hash != link.hash {
                    if link.opened()?.old {
                        replaced.push(link.hash);
                    }
                    *link = leaf;
                }
                return Ok(());
            }
        };
        let Kind::Branch { sides, .. } = &mut link.opened()?.kind else {
            return Err(StateError::Damaged(Hash(path.0)));
        };
        link = &mut sides[usize::from(path.bit(below))];
    }
}

/// Puts a branch over the subtree at `link`, whose paths begin as `other` does, and a new leaf.
fn fork(link: &mut Link, other: Path, path: &Path, key: &[u8], value: &[u8]) -> Result<(), StateError> {
    // Equal only if BLAKE3 collides.
    let depth = u8::try_from(other.common(path)).map_err(|_| StateError::Damaged(Hash(path.0)))?;
    let (leaf, rest) = (new_leaf(path, key, value), std::mem::take(link));
    let sides = if path.bit(depth) { [rest, leaf] } else { [leaf, rest] };
    let kind = Kind::Branch { depth, prefix: path.prefix(depth), sides, dirty: true };
    *link = Link::of(Hash::ZERO, Place { old: false, kind });
    Ok(())
}

/// Removes a key; the branches above it are left dirty.
fn remove(link: &mut Link, path: &Path, replaced: &mut Vec<Hash>) -> Result<Removed, StateError> {
    let hash = link.hash;
    let place = link.opened()?;
    let old = place.old;
    let rest = match &mut place.kind {
        Kind::Leaf { path: own, .. } if own == path => {
            if old {
                replaced.push(hash);
            }
            return Ok(Removed::All);
        }
        Kind::Branch { depth, prefix, sides: [left, right], dirty } if prefix.shares(path, *depth) => {
            let (side, other) = if path.bit(*depth) { (right, left) } else { (left, right) };
            match remove(side, path, replaced)? {
                Removed::Nothing => return Ok(Removed::Nothing),
                Removed::Changed => {
                    *dirty = true;
                    return Ok(Removed::Changed);
                }
                Removed::All => std::mem::take(other),
            }
        }
        _ => return Ok(Removed::Nothing),
    };
    if old {
        replaced.push(hash);
    }
    *link = rest;
    Ok(Removed::Changed)
}

/// Computes the hashes of dirty branches, from below.
fn rehash(link: &mut Link, replaced: &mut Vec<Hash>) {
    let Some(place) = link.node.get_mut() else { return };
    let Kind::Branch { depth, prefix, sides, dirty } = &mut place.kind else { return };
    if !std::mem::take(dirty) {
        return;
    }
    for side in sides.iter_mut() {
        rehash(side, replaced);
    }
    let [left, right] = [sides[0].hash, sides[1].hash];
    let hash = Branch { depth: *depth, prefix: *prefix, left, right }.hash();
    if hash != link.hash {
        if std::mem::take(&mut place.old) {
            replaced.push(link.hash);
        }
        link.hash = hash;
    }
}
