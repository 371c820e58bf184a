//! Extrinsics of a domain that wait for a bundle.

use crate::OperatorError;
use auto_core::{Address, BlockNumber, DomainId, Hash, Nonce, OpaqueExtrinsic};
use auto_module::CheckedExtrinsic;
use std::collections::{BTreeMap, VecDeque};

/// Extrinsics that a pool holds.
pub const POOL_EXTRINSICS_MAX: usize = 8192;
/// Bytes of extrinsics that a pool holds.
pub const POOL_BYTES_MAX: usize = 16 << 20;
/// Extrinsics of one sender that a pool holds.
pub const POOL_SENDER_MAX: usize = 64;

/// Extrinsics of which it is remembered why they left the pools without being executed.
const DROPPED_MAX: usize = 1024;

/// Why extrinsics left the pools without being executed; only the last ones are remembered.
#[derive(Debug, Default)]
pub(crate) struct Dropped(VecDeque<(Hash, String, String)>);

impl Dropped {
    /// Remembers an extrinsic with the code of the reason, and the reason for people.
    pub(crate) fn push(&mut self, hash: Hash, code: String, reason: String) {
        if self.0.len() == DROPPED_MAX {
            self.0.pop_front();
        }
        self.0.push_back((hash, code, reason));
    }

    /// The last reason for an extrinsic.
    pub(crate) fn get(&self, hash: &Hash) -> Option<(String, String)> {
        let found = self.0.iter().rev().find(|(dropped, ..)| dropped == hash);
        found.map(|(_, code, reason)| (code.clone(), reason.clone()))
    }
}

/// An extrinsic that waits.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) extrinsic: CheckedExtrinsic,
    pub(crate) bytes: OpaqueExtrinsic,
    /// The head of the consensus chain when it was last put into an own bundle.
    pub(crate) offered: Option<BlockNumber>,
    at: u64,
}

/// Extrinsics of a domain that wait for a bundle, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    next: u64,
    entries: BTreeMap<Hash, Entry>,
    order: BTreeMap<u64, Hash>,
    senders: BTreeMap<(Address, Nonce), Hash>,
    bytes: usize,
}

impl Pool {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, hash: &Hash) -> Option<&Entry> {
        self.entries.get(hash)
    }

    /// Whether an extrinsic of this sender with this nonce waits.
    pub(crate) fn holds(&self, sender: &Address, nonce: Nonce) -> bool {
        self.senders.contains_key(&(*sender, nonce))
    }

    /// The entries of a sender by nonce.
    pub(crate) fn of_sender(&self, sender: Address) -> impl Iterator<Item = (Nonce, &Entry)> {
        let hashes = self.senders.range((sender, Nonce(0))..=(sender, Nonce(u64::MAX)));
        hashes.filter_map(|((_, nonce), hash)| Some((*nonce, self.entries.get(hash)?)))
    }

    /// Refuses what has no room, before anything is verified.
    pub(crate) fn room(
        &self,
        domain: DomainId,
        (hash, sender, nonce): (&Hash, &Address, Nonce),
        bytes: usize,
    ) -> Result<(), OperatorError> {
        if self.entries.contains_key(hash) {
            return Err(OperatorError::AlreadyInPool(*hash));
        }
        if self.holds(sender, nonce) {
            return Err(OperatorError::NonceTaken(nonce));
        }
        if self.entries.len() >= POOL_EXTRINSICS_MAX || self.bytes.saturating_add(bytes) > POOL_BYTES_MAX {
            return Err(OperatorError::PoolFull(domain));
        }
        if self.of_sender(*sender).count() >= POOL_SENDER_MAX {
            return Err(OperatorError::SenderFull(POOL_SENDER_MAX));
        }
        Ok(())
    }

    /// Adds an extrinsic for which there is room.
    pub(crate) fn insert(&mut self, extrinsic: CheckedExtrinsic, bytes: OpaqueExtrinsic) -> Hash {
        let hash = extrinsic.hash();
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.order.insert(self.next, hash);
        self.senders.insert((extrinsic.sender(), extrinsic.nonce()), hash);
        self.entries.insert(hash, Entry { extrinsic, bytes, offered: None, at: self.next });
        self.next = self.next.saturating_add(1);
        hash
    }

    pub(crate) fn remove(&mut self, hash: &Hash) -> Option<Entry> {
        let entry = self.entries.remove(hash)?;
        self.order.remove(&entry.at);
        self.senders.remove(&(entry.extrinsic.sender(), entry.extrinsic.nonce()));
        self.bytes = self.bytes.saturating_sub(entry.bytes.len());
        Some(entry)
    }

    /// All entries in order of arrival.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.order.values().filter_map(|hash| self.entries.get(hash))
    }

    pub(crate) fn set_offered(&mut self, hash: &Hash, offered: Option<BlockNumber>) {
        if let Some(entry) = self.entries.get_mut(hash) {
            entry.offered = offered;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Amount, Blob, KeyPair, List, Preset, ProtocolParams, Transaction};
    use auto_module::bank::{Bank, Call, Transfer};
    use auto_module::messages::Messages;
    use auto_module::{Domain, Environment, Extrinsic, Module, Runtime, module};
    use parity_scale_codec::Encode;

    const D: DomainId = DomainId(1);

    fn checked(nonce: u64, units: u128) -> (CheckedExtrinsic, OpaqueExtrinsic) {
        let pair = KeyPair::from_secret(&[1; 32]);
        let call = Call::Transfer(Transfer { to: Address([2; 32]), amount: Amount::from_base_units(units) });
        let call = auto_core::Call { module: Bank::ID, payload: Blob::new(call.encode()).expect("short") };
        let transaction = Transaction {
            domain: D,
            signer: pair.public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(9),
            fee_limit: Amount::ai3(1),
            calls: List::new(vec![call]).expect("one"),
        };
        let params = ProtocolParams::preset(Preset::Test);
        let environment = Environment { params, genesis: Hash::ZERO, domain: D };
        let extrinsic = Extrinsic::Signed(Box::new(transaction.sign(&pair, &Hash::ZERO)));
        let bytes = Blob::new(extrinsic.encode()).expect("short");
        let runtime = Runtime::new(1, vec![module::<Bank>(), module::<Messages>()]).expect("bank first");
        (runtime.check(&environment, extrinsic).expect("well formed"), bytes)
    }

    fn offer(pool: &mut Pool, nonce: u64, units: u128) -> Result<Hash, OperatorError> {
        let (extrinsic, bytes) = checked(nonce, units);
        let (hash, sender) = (extrinsic.hash(), extrinsic.sender());
        pool.room(D, (&hash, &sender, extrinsic.nonce()), bytes.len())?;
        Ok(pool.insert(extrinsic, bytes))
    }

    #[test]
    fn one_extrinsic_per_nonce_and_so_many_per_sender() {
        let mut pool = Pool::default();
        let first = offer(&mut pool, 0, 1).expect("room");
        assert!(matches!(offer(&mut pool, 0, 1), Err(OperatorError::AlreadyInPool(hash)) if hash == first));
        assert!(matches!(offer(&mut pool, 0, 2), Err(OperatorError::NonceTaken(Nonce(0)))));
        for nonce in 1..u64::try_from(POOL_SENDER_MAX).expect("small") {
            offer(&mut pool, nonce, 1).expect("room");
        }
        assert!(matches!(offer(&mut pool, 900, 1), Err(OperatorError::SenderFull(POOL_SENDER_MAX))));
        assert_eq!(pool.iter().next().map(|entry| entry.extrinsic.hash()), Some(first));
        assert!(pool.remove(&first).is_some());
        assert_eq!(pool.len(), POOL_SENDER_MAX - 1);
        offer(&mut pool, 0, 2).expect("the nonce is free again");
    }
}
