//! Proof-of-time values: what a slot starts from, what it ends with, and the checkpoints between.

use crate::{Hash, List, Slot, hash};
use parity_scale_codec::{Decode, Encode};
use std::fmt;

/// Checkpoints of one slot.
pub const CHECKPOINTS: usize = 8;

macro_rules! block16 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

block16!(/** What the AES chain of a slot starts from. */ PotSeed);
block16!(/** The AES-128 key of a slot. */ PotKey);
block16!(/** A value on the AES chain; the last one of a slot is the slot's output. */ PotOutput);

impl PotSeed {
    /// The seed of slot zero: `blake3(genesis hash || external entropy)[..16]`.
    #[must_use]
    pub fn genesis(genesis_hash: &Hash, external_entropy: &[u8]) -> Self {
        Self(first_16(&hash(&[genesis_hash.as_ref(), external_entropy].concat())))
    }

    /// The key of a slot: `blake3(seed)[..16]`.
    #[must_use]
    pub fn key(&self) -> PotKey {
        PotKey(first_16(&hash(&self.0)))
    }
}

impl PotOutput {
    /// The next slot's seed when nothing is injected: the output itself.
    #[must_use]
    pub const fn seed(&self) -> PotSeed {
        PotSeed(self.0)
    }

    /// The next slot's seed when `entropy` is injected: `blake3(entropy || output)[..16]`.
    #[must_use]
    pub fn seed_with_entropy(&self, entropy: &Hash) -> PotSeed {
        PotSeed(first_16(&hash(&[entropy.as_ref(), self.0.as_slice()].concat())))
    }

    /// The slot's randomness: `blake3(output)`.
    #[must_use]
    pub fn randomness(&self) -> Hash {
        hash(&self.0)
    }
}

fn first_16(hash: &Hash) -> [u8; 16] {
    let (first, _) = hash.0.split_at(16);
    first.try_into().expect("holds because the halves of 32 bytes have 16 each")
}

/// The eight values at even distances on one slot's AES chain; the last is the slot's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct PotCheckpoints(pub [PotOutput; CHECKPOINTS]);

impl PotCheckpoints {
    /// The slot's output.
    #[must_use]
    pub const fn output(&self) -> PotOutput {
        self.0[CHECKPOINTS - 1]
    }
}

/// Proves a block's future proof of time: the checkpoints of every slot since its parent's.
///
/// It travels beside the header and is not part of the block hash: any valid one will do, and only
/// one is valid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct PotJustification {
    /// The seed of the first slot of `checkpoints`.
    pub seed: PotSeed,
    /// Checkpoints of the slots `(parent's future slot, own future slot]`, in order.
    pub checkpoints: List<PotCheckpoints, { PotJustification::SLOTS_MAX }>,
}

impl PotJustification {
    /// Slots that one block may span: about 18 hours in production.
    pub const SLOTS_MAX: usize = 1 << 16;
}

/// A slot's proof as timekeepers gossip it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PotProof {
    /// The slot that is proven.
    pub slot: Slot,
    /// Where its AES chain starts.
    pub seed: PotSeed,
    /// AES encryptions in the slot; a multiple of 16.
    pub iterations: u64,
    /// The values at even distances.
    pub checkpoints: PotCheckpoints,
}
