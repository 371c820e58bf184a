//! The tree of blocks above the confirmed one, and which of its leaves is best.

use crate::{BlockDigest, ChainState, ConsensusError, VerifiedHeader};
use auto_core::{BlockNumber, Equivocation, Hash, Header, SolutionKey};
use std::collections::{BTreeMap, BTreeSet};

/// What a tree keeps of a block.
#[derive(Debug, Clone)]
struct Node {
    number: BlockNumber,
    parent: Hash,
    weight: u128,
    /// The claim and the header that made it; none for the root.
    claim: Option<(SolutionKey, Header)>,
}

/// What inserting a block changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inserted {
    /// Whether the block is the best one now.
    pub is_best: bool,
    /// Evidence that the block's author used the same solution for an earlier known block.
    pub equivocation: Option<Box<Equivocation>>,
}

/// The way from one block to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReorgPath {
    /// Blocks to revert, the newest first.
    pub revert: Vec<Hash>,
    /// Blocks to apply, the oldest first.
    pub apply: Vec<Hash>,
}

/// The known blocks above the confirmed block.
///
/// The heaviest block is best; of equal ones, the one seen first. A block whose fork would revert more
/// blocks than the confirmation depth is refused, whatever it weighs.
#[derive(Debug, Clone)]
pub struct ForkTree {
    depth: u64,
    root: Hash,
    best: Hash,
    nodes: BTreeMap<Hash, Node>,
    claims: BTreeMap<SolutionKey, BTreeSet<Hash>>,
}

impl ForkTree {
    /// A tree of only the confirmed block, which is also the best.
    #[must_use]
    pub fn new(confirmation_depth: u64, confirmed: &ChainState) -> Self {
        let node = Node {
            number: confirmed.number(),
            parent: confirmed.parent_hash(),
            weight: confirmed.weight(),
            claim: None,
        };
        Self {
            depth: confirmation_depth,
            root: confirmed.hash(),
            best: confirmed.hash(),
            nodes: BTreeMap::from([(confirmed.hash(), node)]),
            claims: BTreeMap::new(),
        }
    }

    /// The best block.
    #[must_use]
    pub const fn best(&self) -> Hash {
        self.best
    }

    /// The confirmed block.
    #[must_use]
    pub const fn confirmed(&self) -> Hash {
        self.root
    }

    /// Whether the block is in the tree.
    #[must_use]
    pub fn contains(&self, hash: &Hash) -> bool {
        self.nodes.contains_key(hash)
    }

    /// Blocks in the tree, the confirmed one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is above the confirmed block.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Height of a block of the tree.
    #[must_use]
    pub fn number(&self, hash: &Hash) -> Option<BlockNumber> {
        self.nodes.get(hash).map(|node| node.number)
    }

    /// Weight of the chain up to a block of the tree.
    #[must_use]
    pub fn weight(&self, hash: &Hash) -> Option<u128> {
        self.nodes.get(hash).map(|node| node.weight)
    }

    /// The blocks without children, with their weights.
    #[must_use]
    pub fn leaves(&self) -> Vec<(Hash, u128)> {
        let parents: BTreeSet<Hash> = self.nodes.values().map(|node| node.parent).collect();
        let leaves = self.nodes.iter().filter(|(hash, _)| !parents.contains(hash));
        leaves.map(|(hash, node)| (*hash, node.weight)).collect()
    }

    /// Adds a verified block whose parent is known.
    ///
    /// # Errors
    /// When the block is known, its parent is not, or its fork starts too deep below the best block.
    pub fn insert(&mut self, block: &VerifiedHeader) -> Result<Inserted, ConsensusError> {
        let claim = (SolutionKey::new(&block.digest().pre_digest), block.header().clone());
        let state = block.state();
        let node = Node {
            number: state.number(),
            parent: state.parent_hash(),
            weight: state.weight(),
            claim: Some(claim),
        };
        self.insert_node(state.hash(), node)
    }

    /// Adds a block of one's own store again, with the state that its verification gave then.
    ///
    /// Adding all blocks of a tree in their first order gives the same tree, best block included.
    ///
    /// # Errors
    /// Those of [`ForkTree::insert`], and when the header's digest does not read.
    pub fn restore(&mut self, header: &Header, state: &ChainState) -> Result<Inserted, ConsensusError> {
        let (digest, _) = BlockDigest::read(header)?;
        let node = Node {
            number: state.number(),
            parent: state.parent_hash(),
            weight: state.weight(),
            claim: Some((SolutionKey::new(&digest.pre_digest), header.clone())),
        };
        self.insert_node(state.hash(), node)
    }

    fn insert_node(&mut self, hash: Hash, node: Node) -> Result<Inserted, ConsensusError> {
        if self.nodes.contains_key(&hash) {
            return Err(ConsensusError::KnownBlock { hash });
        }
        if !self.nodes.contains_key(&node.parent) {
            let confirmed = self.node(&self.root)?.number;
            return Err(if node.number <= confirmed {
                ConsensusError::BelowConfirmed { number: node.number, confirmed }
            } else {
                ConsensusError::UnknownParent { number: node.number, parent: node.parent }
            });
        }
        self.reorg_path(&self.best, &node.parent)?;
        let equivocation = node.claim.as_ref().and_then(|(key, header)| self.equivocation(key, header));
        if let Some((key, _)) = &node.claim {
            self.claims.entry(*key).or_default().insert(hash);
        }
        let is_best = node.weight > self.node(&self.best)?.weight;
        self.nodes.insert(hash, node);
        if is_best {
            self.best = hash;
        }
        Ok(Inserted { is_best, equivocation })
    }

    fn equivocation(&self, key: &SolutionKey, second: &Header) -> Option<Box<Equivocation>> {
        let earlier = self.claims.get(key)?.iter().filter_map(|hash| self.nodes.get(hash)?.claim.as_ref());
        // One header with two seals is two blocks to fork choice, but no evidence.
        let own = second.pre_seal_hash();
        let (_, first) = earlier.into_iter().find(|(_, header)| header.pre_seal_hash() != own)?;
        Some(Box::new(Equivocation::new(first.clone(), second.clone())))
    }

    /// Whether the author of a block used the same solution for another known block.
    #[must_use]
    pub fn is_equivocated(&self, hash: &Hash) -> bool {
        let claim = self.nodes.get(hash).and_then(|node| node.claim.as_ref());
        claim.and_then(|(key, _)| self.claims.get(key)).is_some_and(|blocks| blocks.len() > 1)
    }

    /// The way from one block to another, through their last common ancestor.
    ///
    /// # Errors
    /// When a block is not in the tree, or more blocks would be reverted than the confirmation depth.
    pub fn reorg_path(&self, from: &Hash, to: &Hash) -> Result<ReorgPath, ConsensusError> {
        let (mut left, mut right) = (*from, *to);
        let mut path = ReorgPath::default();
        while left != right {
            let (left_node, right_node) = (self.node(&left)?, self.node(&right)?);
            // The higher one steps down; at equal height both do, one after the other.
            if left_node.number >= right_node.number {
                path.revert.push(left);
                left = left_node.parent;
            } else {
                path.apply.push(right);
                right = right_node.parent;
            }
        }
        self.node(&left)?;
        path.apply.reverse();
        let depth = u64::try_from(path.revert.len()).unwrap_or(u64::MAX);
        if depth > self.depth {
            return Err(ConsensusError::ReorgTooDeep { depth, limit: self.depth });
        }
        Ok(path)
    }

    /// The block that the confirmation depth makes confirmed: so many blocks below the best one.
    ///
    /// `None` while the best block is not that far above the confirmed one.
    #[must_use]
    pub fn next_confirmed(&self) -> Option<Hash> {
        let mut at = self.best;
        for _ in 0..self.depth {
            at = self.nodes.get(&at).filter(|_| at != self.root)?.parent;
        }
        (at != self.root && self.contains(&at)).then_some(at)
    }

    /// Confirms a block of the best chain and with it all its ancestors.
    ///
    /// Returns the discarded blocks: those that neither are ancestors of the confirmed block nor descend
    /// from it, children before their parents. Confirmed ancestors leave the tree without being listed.
    ///
    /// # Errors
    /// When the block is not in the tree or not on the best chain; nothing changes then.
    pub fn confirm(&mut self, hash: &Hash) -> Result<Vec<Hash>, ConsensusError> {
        self.node(hash)?;
        if !self.is_ancestor(hash, &self.best) {
            return Err(ConsensusError::NotOnBestChain { hash: *hash });
        }
        let kept: BTreeSet<Hash> =
            self.nodes.keys().filter(|block| self.is_ancestor(hash, block)).copied().collect();
        let gone = self.nodes.iter().filter(|(block, _)| !kept.contains(block));
        let mut discarded: Vec<(BlockNumber, Hash)> = gone
            .filter(|(block, _)| !self.is_ancestor(block, hash))
            .map(|(block, node)| (node.number, *block))
            .collect();
        discarded.sort_unstable();
        self.nodes.retain(|block, _| kept.contains(block));
        for blocks in self.claims.values_mut() {
            blocks.retain(|block| kept.contains(block));
        }
        self.claims.retain(|_, blocks| !blocks.is_empty());
        self.root = *hash;
        Ok(discarded.into_iter().rev().map(|(_, block)| block).collect())
    }

    /// Whether `ancestor` is `block` or an ancestor of it.
    fn is_ancestor(&self, ancestor: &Hash, block: &Hash) -> bool {
        let Some(floor) = self.number(ancestor) else { return false };
        let mut at = *block;
        while let Some(node) = self.nodes.get(&at) {
            if node.number <= floor {
                return at == *ancestor;
            }
            at = node.parent;
        }
        false
    }

    fn node(&self, hash: &Hash) -> Result<&Node, ConsensusError> {
        self.nodes.get(hash).ok_or(ConsensusError::UnknownBlock { hash: *hash })
    }
}

#[cfg(test)]
mod tests;
