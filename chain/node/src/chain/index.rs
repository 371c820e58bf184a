//! What follows the best chain: heights, transactions, accounts and objects.
//!
//! Rows are staged over the store, so that blocks which leave and join within one batch see each other.

use crate::NodeError;
use crate::records::{
    BlockRecord, ObjectRecord, Outcome, Records, SubmissionRecord, TransactionRecord, account_key,
    number_key, object_order_key, put, submission_key,
};
use auto_core::{Address, Block, BlockNumber, Call, Hash, SignedTransaction, decode_strict};
use auto_ledger::LedgerCall;
use auto_store::{Batch, Column, Store};
use parity_scale_codec::Encode;
use std::collections::{BTreeMap, BTreeSet};

/// Staged rows of the best chain.
pub(super) struct Staged<'a> {
    store: &'a dyn Store,
    canonical: BTreeMap<BlockNumber, Option<Hash>>,
    objects: BTreeMap<Hash, Option<ObjectRecord>>,
}

/// A call of the ledger; `None` for what no valid block holds.
pub(crate) fn decode_call(call: &Call) -> Option<LedgerCall> {
    decode_strict(&call.payload, Call::PAYLOAD_MAX).ok().filter(|_| call.module == auto_ledger::MODULE)
}

/// Accounts that a transaction concerns.
fn accounts(transaction: &SignedTransaction) -> BTreeSet<Address> {
    let calls = transaction.transaction.calls.iter().filter_map(decode_call);
    let payees = calls.filter_map(|call| match call {
        LedgerCall::Transfer { to, .. } => Some(to),
        _ => None,
    });
    payees.chain([transaction.transaction.signer.address()]).collect()
}

/// The `u32` length at an offset.
fn size_at(encoded: &[u8], offset: u32) -> Option<u32> {
    let bytes = encoded.get(usize::try_from(offset).ok()?..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}

impl<'a> Staged<'a> {
    pub(super) fn new(store: &'a dyn Store) -> Self {
        Self { store, canonical: BTreeMap::new(), objects: BTreeMap::new() }
    }

    pub(super) fn canonical(&self, number: BlockNumber) -> Result<Option<Hash>, NodeError> {
        match self.canonical.get(&number) {
            Some(staged) => Ok(*staged),
            None => Records(self.store).canonical(number),
        }
    }

    pub(super) fn object(&self, hash: &Hash) -> Result<Option<ObjectRecord>, NodeError> {
        match self.objects.get(hash) {
            Some(staged) => Ok(staged.clone()),
            None => Records(self.store).object(hash),
        }
    }

    pub(super) fn set_object(&mut self, batch: &mut Batch, hash: Hash, record: ObjectRecord) {
        put(batch, Column::Objects, hash.0, &record);
        self.objects.insert(hash, Some(record));
    }

    /// A block joins the best chain.
    pub(super) fn add(
        &mut self,
        batch: &mut Batch,
        hash: Hash,
        record: &BlockRecord,
        block: &Block,
    ) -> Result<(), NodeError> {
        let number = record.header.number;
        put(batch, Column::Canonical, number_key(number.0), &hash);
        self.canonical.insert(number, Some(hash));
        for (index, transaction) in block.body.transactions.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let outcome = usize::try_from(index).ok().and_then(|at| record.outcomes.get(at)).cloned();
            let outcome = outcome.unwrap_or(Outcome { fee: auto_core::Amount::ZERO, failure: Vec::new() });
            let id = transaction.hash();
            put(
                batch,
                Column::Transactions,
                id.0,
                &TransactionRecord { number, block: hash, index, outcome },
            );
            for address in accounts(transaction) {
                batch.put(Column::Accounts, account_key(&address, number, index), id.0);
            }
        }
        for (index, submission) in (0..).zip(block.body.submissions.iter()) {
            let record = SubmissionRecord { number, block: hash, index };
            put(batch, Column::Index, submission_key(&submission.hash()), &record);
        }
        let encoded = block.encode();
        for (index, object) in auto_ledger::block_objects(block).into_iter().enumerate() {
            // The first block that stores an object keeps it.
            if self.object(&object.hash)?.is_some() {
                continue;
            }
            let size = size_at(&encoded, object.offset)
                .ok_or(NodeError::Missing { what: "object", key: object.hash.to_string() })?;
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            batch.put(Column::Index, object_order_key(number, index), object.hash.0);
            let record = ObjectRecord { number, block: hash, offset: object.offset, size, archived: None };
            self.set_object(batch, object.hash, record);
        }
        Ok(())
    }

    /// A block leaves the best chain; blocks above it have left before.
    pub(super) fn remove(&mut self, batch: &mut Batch, hash: Hash, block: &Block) -> Result<(), NodeError> {
        let number = block.header.number;
        batch.delete(Column::Canonical, number_key(number.0));
        self.canonical.insert(number, None);
        for (index, transaction) in block.body.transactions.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            batch.delete(Column::Transactions, transaction.hash().0);
            for address in accounts(transaction) {
                batch.delete(Column::Accounts, account_key(&address, number, index));
            }
        }
        for submission in block.body.submissions.iter() {
            batch.delete(Column::Index, submission_key(&submission.hash()));
        }
        for (index, object) in auto_ledger::block_objects(block).into_iter().enumerate() {
            if self.object(&object.hash)?.is_some_and(|record| record.block == hash) {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                batch.delete(Column::Index, object_order_key(number, index));
                batch.delete(Column::Objects, object.hash.0);
                self.objects.insert(object.hash, None);
            }
        }
        Ok(())
    }
}
