//! The order in which extrinsics run.

use auto_core::{Address, BUNDLE_EXTRINSICS_MAX, Hash, List, Nonce, extrinsic_hash, hash_parts, tag};
use auto_module::Extrinsic;
use parity_scale_codec::{Decode, Encode};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

#[cfg(test)]
mod tests;

/// All that the order, and the digest of a bundle, depend on of one extrinsic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct DigestEntry {
    /// Whose extrinsics keep their order among themselves.
    pub sender: Address,
    /// Position among them.
    pub nonce: Nonce,
    /// Hash of the extrinsic.
    pub hash: Hash,
}

/// The entries of one bundle, in its order.
pub type BundleEntries = List<DigestEntry, BUNDLE_EXTRINSICS_MAX>;

impl DigestEntry {
    /// The entry of an extrinsic that decoded from `bytes`; `None` for an inherent, which has no sender.
    #[must_use]
    pub fn of(extrinsic: &Extrinsic, bytes: &[u8]) -> Option<Self> {
        let nonce = match extrinsic {
            Extrinsic::Signed(signed) => signed.transaction.nonce,
            Extrinsic::Message(relay) => relay.message.nonce,
            Extrinsic::Inherent(_) => return None,
        };
        Some(Self { sender: extrinsic.sender()?, nonce, hash: extrinsic_hash(bytes) })
    }
}

/// What a receipt states of a valid bundle: a hash over signer, nonce and hash of each extrinsic.
#[must_use]
pub fn bundle_digest(entries: &BundleEntries) -> Hash {
    hash_parts(tag::BUNDLE_DIGEST, &[&entries.encode()])
}

/// The order of a block's extrinsics, whatever order they come in; none runs twice.
///
/// The entries are sorted by sender, nonce and hash, and repetitions dropped. The list of their senders, one
/// per entry, is then shuffled: from the last place down to the second, the place changes with the one at
/// `(r * (place + 1)) >> 64`, where `r` is the next 64-bit word of `ChaCha8` (key = seed, nonce and counter
/// zero, words little-endian). Each sender's entries take its places in their sorted order.
#[must_use]
pub fn order(seed: &Hash, mut entries: Vec<DigestEntry>) -> Vec<DigestEntry> {
    entries.sort_unstable();
    entries.dedup();
    // The first entry of each place's sender that has no place yet.
    let mut next: Vec<usize> = Vec::new();
    let mut senders: Vec<usize> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        if at == 0 || entries[at - 1].sender != entry.sender {
            next.push(at);
        }
        senders.push(next.len() - 1);
    }
    shuffle(seed, &mut senders);
    senders
        .into_iter()
        .map(|sender| {
            let entry = entries[next[sender]];
            next[sender] += 1;
            entry
        })
        .collect()
}

fn shuffle(seed: &Hash, places: &mut [usize]) {
    let mut words = ChaCha8Rng::from_seed(seed.0);
    for place in (1..places.len()).rev() {
        // A list in memory is far shorter than 2^64, so the product fits and its upper half is a place.
        let choices = u128::try_from(place).unwrap_or(u128::MAX).saturating_add(1);
        let chosen = u128::from(words.next_u64()).saturating_mul(choices) >> 64;
        places.swap(place, usize::try_from(chosen).unwrap_or(place));
    }
}
