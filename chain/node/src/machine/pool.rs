//! Transactions at the door, and what every new block makes of those that wait.

use super::{Effect, NodeMachine};
use crate::pool::Full;
use crate::{Imported, Message, NodeError, NodeEvent, PeerId};
use auto_core::{Amount, DomainId, ErrorCode, Hash, SignedTransaction, decode_strict};
use parity_scale_codec::Encode;
use std::collections::BTreeSet;

impl NodeMachine {
    /// Takes a transaction from a user.
    ///
    /// # Errors
    /// When it is refused; then nothing has changed.
    pub fn submit(&mut self, bytes: &[u8]) -> Result<Hash, NodeError> {
        let transaction = self.decode_transaction(bytes)?;
        self.accept(&transaction, None)
    }

    /// The fee that a transaction would pay if it were submitted now.
    ///
    /// # Errors
    /// When it would be refused.
    pub fn simulate(&self, bytes: &[u8]) -> Result<Amount, NodeError> {
        let checked = self.chain.check(&self.decode_transaction(bytes)?)?;
        self.chain.validate(&checked, &self.pool)
    }

    fn decode_transaction(&self, bytes: &[u8]) -> Result<SignedTransaction, NodeError> {
        let limit = usize::try_from(self.chain.params().block_bytes_max).unwrap_or(usize::MAX);
        decode_strict(bytes, limit).map_err(NodeError::Undecodable)
    }

    pub(super) fn accept(
        &mut self,
        transaction: &SignedTransaction,
        from: Option<PeerId>,
    ) -> Result<Hash, NodeError> {
        if transaction.transaction.domain != DomainId::CONSENSUS {
            return self.accept_for_domain(transaction, from);
        }
        let hash = transaction.hash();
        if self.pool.get(&hash).is_some() {
            return Err(NodeError::AlreadyInPool { hash });
        }
        let signer = transaction.transaction.signer.address();
        let size = u64::try_from(transaction.encoded_size()).unwrap_or(u64::MAX);
        self.pool.room(&signer, size).map_err(|full| match full {
            Full::Pool => NodeError::PoolFull,
            Full::Signer => NodeError::SignerFull { signer },
        })?;
        let checked = self.chain.check(transaction)?;
        self.chain.validate(&checked, &self.pool)?;
        self.broadcast(&Message::Transaction(Box::new(transaction.clone())), from);
        let contends_for = self.chain.contends_for(&checked);
        self.pool.push(checked, contends_for);
        self.effects.push(Effect::Notify(NodeEvent::TransactionAccepted { hash }));
        Ok(hash)
    }

    /// Takes out what was included or can no longer be, and offers anew what was reverted.
    pub(super) fn refill_pool(&mut self, imported: &Imported) {
        // Even an empty block moves the height and the price of a byte, and with them what is valid.
        if imported.returned.is_empty() && self.pool.is_empty() {
            return;
        }
        let included: BTreeSet<Hash> = imported.included.iter().copied().collect();
        let waiting = self.pool.drain();
        let returned = imported.returned.iter().filter_map(|transaction| self.chain.check(transaction).ok());
        for transaction in returned.chain(waiting) {
            let hash = transaction.hash();
            if included.contains(&hash) || self.pool.get(&hash).is_some() {
                continue;
            }
            match self.chain.validate(&transaction, &self.pool) {
                Ok(_) => {
                    let contends_for = self.chain.contends_for(&transaction);
                    self.pool.push(transaction, contends_for);
                }
                Err(error) => {
                    let code = error.code().to_owned();
                    self.effects.push(Effect::Notify(NodeEvent::TransactionDropped { hash, code }));
                }
            }
        }
    }
}
