//! Blocks, transactions and objects.

use super::NodeHandle;
use crate::chain::index::decode_call;
use crate::records::{
    BlockRecord, EventsRecord, ObjectRecord, Outcome, TransactionRecord, account_key, object_order_key,
    object_order_prefix,
};
use crate::{
    BlockEvents, BlockId, BlockView, CallView, NodeError, ObjectPlace, ObjectView, SubmissionKind,
    SubmissionView, TransactionStage, TransactionView,
};
use auto_core::{
    Address, Amount, BlockNumber, Body, Call, Hash, RAW_RECORD_BYTES, SegmentIndex, SignedTransaction,
    Submission,
};
use auto_ledger::LedgerCall;
use auto_store::{Column, Direction};
use parity_scale_codec::Encode;

fn call_view(call: &Call) -> CallView {
    let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    match decode_call(call) {
        Some(LedgerCall::Transfer { to, amount }) => CallView::Transfer { to, amount },
        Some(LedgerCall::Store { data }) => {
            CallView::Store { object: Hash::of_object(&data), size_bytes: size(data.len()) }
        }
        _ => CallView::Other { module: call.module.0, payload: call.payload.to_vec() },
    }
}

fn transaction_view(
    signed: &SignedTransaction,
    stage: TransactionStage,
    outcome: Option<&Outcome>,
    included: Option<(BlockId, u32)>,
) -> TransactionView {
    let transaction = &signed.transaction;
    let failure = outcome.filter(|outcome| !outcome.failure.is_empty());
    TransactionView {
        hash: signed.hash(),
        stage,
        signer: transaction.signer.address(),
        nonce: transaction.nonce,
        fee_limit: transaction.fee_limit,
        fee: outcome.map(|outcome| outcome.fee),
        included,
        failure: failure.map(|outcome| String::from_utf8_lossy(&outcome.failure).into_owned()),
        calls: transaction.calls.iter().map(call_view).collect(),
        size_bytes: u64::try_from(signed.encoded_size()).unwrap_or(u64::MAX),
    }
}

impl NodeHandle {
    /// The block of a height on the best chain.
    ///
    /// # Errors
    /// When the store fails.
    pub fn block(&self, number: BlockNumber) -> Result<Option<BlockView>, NodeError> {
        match self.records().canonical(number)? {
            Some(hash) => self.block_by_hash(&hash),
            None => Ok(None),
        }
    }

    /// A known block, on the best chain or not.
    ///
    /// # Errors
    /// When the store fails.
    pub fn block_by_hash(&self, hash: &Hash) -> Result<Option<BlockView>, NodeError> {
        let Some(record) = self.records().block(hash)? else { return Ok(None) };
        let body = self.records().body(hash)?.map(|body| body.body).unwrap_or_default();
        let canonical = self.records().canonical(record.header.number)? == Some(*hash);
        let confirmed = canonical && record.header.number <= self.tips()?.confirmed_number;
        Ok(Some(block_view(*hash, &record, &body, canonical, confirmed)))
    }

    /// What the chain's extension reported of a known block.
    ///
    /// # Errors
    /// When the store fails.
    pub fn block_events(&self, hash: &Hash) -> Result<BlockEvents, NodeError> {
        let EventsRecord { begun, submissions, transactions, ended } = self.records().events(hash)?;
        Ok(BlockEvents { begun, submissions, transactions, ended })
    }

    /// A submission of the best chain, with the block that holds it and its position there.
    ///
    /// # Errors
    /// When the store fails.
    pub fn submission(&self, hash: &Hash) -> Result<Option<(BlockId, u32, SubmissionView)>, NodeError> {
        let Some(record) = self.records().submission(hash)? else { return Ok(None) };
        let id = BlockId { number: record.number, hash: record.block };
        let view = self.block_by_hash(&record.block)?.and_then(|block| {
            let index = usize::try_from(record.index).ok()?;
            block.submissions.into_iter().nth(index)
        });
        Ok(view.map(|view| (id, record.index, view)))
    }

    /// A transaction of the pool or of the best chain.
    ///
    /// # Errors
    /// When the store fails.
    pub fn transaction(&self, hash: &Hash) -> Result<Option<TransactionView>, NodeError> {
        if let Some(record) = self.records().transaction(hash)? {
            return self.included(hash, &record);
        }
        let machine = self.shared.machine.lock();
        let waiting = machine.pool().get(hash);
        Ok(waiting.map(|checked| transaction_view(checked.signed(), TransactionStage::Accepted, None, None)))
    }

    /// A transaction of the best chain as it was signed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn signed_transaction(&self, hash: &Hash) -> Result<Option<SignedTransaction>, NodeError> {
        let Some(record) = self.records().transaction(hash)? else { return Ok(None) };
        let Some(body) = self.records().body(&record.block)? else { return Ok(None) };
        let index = usize::try_from(record.index).unwrap_or(usize::MAX);
        Ok(body.body.transactions.get(index).filter(|signed| signed.hash() == *hash).cloned())
    }

    fn included(
        &self,
        hash: &Hash,
        record: &TransactionRecord,
    ) -> Result<Option<TransactionView>, NodeError> {
        let Some(body) = self.records().body(&record.block)? else { return Ok(None) };
        let index = usize::try_from(record.index).unwrap_or(usize::MAX);
        let Some(signed) = body.body.transactions.get(index).filter(|signed| signed.hash() == *hash) else {
            return Ok(None);
        };
        let confirmed = record.number <= self.tips()?.confirmed_number;
        let stage = if confirmed { TransactionStage::Confirmed } else { TransactionStage::InBlock };
        let place = (BlockId { number: record.number, hash: record.block }, record.index);
        Ok(Some(transaction_view(signed, stage, Some(&record.outcome), Some(place))))
    }

    /// Included transactions that an account sent or was paid by, the newest first, below `before`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn transactions_of(
        &self,
        address: &Address,
        before: Option<(BlockNumber, u32)>,
        limit: usize,
    ) -> Result<Vec<TransactionView>, NodeError> {
        let from = before.map(|(number, index)| account_key(address, number, index));
        // The row at `before` itself comes first, so one more is read and it is left out.
        let wanted = limit.saturating_add(usize::from(from.is_some()));
        let rows = self.shared.store.scan(
            Column::Accounts,
            &address.0,
            from.as_deref(),
            Direction::Reverse,
            wanted,
        )?;
        let rows = rows.into_iter().filter(|(key, _)| Some(key) != from.as_ref()).take(limit);
        let mut views = Vec::new();
        for (_, value) in rows {
            let hash = <[u8; 32]>::try_from(value.as_slice()).map(Hash);
            if let Ok(hash) = hash
                && let Some(view) = self.transaction(&hash)?
            {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// Where an object of the best chain is.
    ///
    /// # Errors
    /// When the store fails.
    pub fn object_info(&self, hash: &Hash) -> Result<Option<ObjectView>, NodeError> {
        Ok(self.records().object(hash)?.map(|record| object_view(*hash, &record)))
    }

    /// Objects of the best chain, the newest first, below `before`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn objects(&self, before: Option<Hash>, limit: usize) -> Result<Vec<ObjectView>, NodeError> {
        let prefix = object_order_prefix();
        let from = match before {
            None => None,
            Some(hash) => match self.records().object(&hash)? {
                Some(record) => self.object_row(&hash, record.number)?,
                None => return Ok(Vec::new()),
            },
        };
        let wanted = limit.saturating_add(usize::from(from.is_some()));
        let rows =
            self.shared.store.scan(Column::Index, prefix, from.as_deref(), Direction::Reverse, wanted)?;
        let rows = rows.into_iter().filter(|(key, _)| Some(key) != from.as_ref()).take(limit);
        let mut views = Vec::new();
        for (_, value) in rows {
            let hash = <[u8; 32]>::try_from(value.as_slice()).map(Hash);
            if let Ok(hash) = hash
                && let Some(view) = self.object_info(&hash)?
            {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// The segments over which an archived object stretches; `None` before it is archived.
    ///
    /// # Errors
    /// When the store fails.
    pub fn segments_of(&self, hash: &Hash) -> Result<Option<Vec<SegmentIndex>>, NodeError> {
        let Some(record) = self.records().object(hash)? else { return Ok(None) };
        let Some(at) = record.archived else { return Ok(None) };
        let bytes = u64::from(at.offset).saturating_add(4).saturating_add(u64::from(record.size));
        // Every second piece is a source piece, and each holds one raw record. What stands between the
        // parts of an object that crosses segments is shorter than a record.
        let records = bytes.div_ceil(u64::try_from(RAW_RECORD_BYTES).unwrap_or(u64::MAX));
        let last = at.piece_index.0.saturating_add(records.saturating_mul(2));
        let pieces = self.params().pieces_per_segment();
        let (first, last) = (at.piece_index.segment(pieces), auto_core::PieceIndex(last).segment(pieces));
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        let history = self.shared.retriever.stored_segments()?;
        Ok(Some((first.0..=last.0).filter(|index| *index < history).map(SegmentIndex).collect()))
    }

    /// The row of an object among those of its block.
    fn object_row(&self, hash: &Hash, number: BlockNumber) -> Result<Option<Vec<u8>>, NodeError> {
        let first = object_order_key(number, 0);
        let prefix = first.get(..first.len().saturating_sub(4)).unwrap_or(&first);
        let rows = self.shared.store.scan(Column::Index, prefix, None, Direction::Forward, usize::MAX)?;
        Ok(rows.into_iter().find(|(_, value)| value.as_slice() == hash.0).map(|(key, _)| key))
    }
}

fn object_view(hash: Hash, record: &ObjectRecord) -> ObjectView {
    let block = BlockId { number: record.number, hash: record.block };
    let place = match record.archived {
        Some(at) => ObjectPlace::Archived { piece: at.piece_index, offset: at.offset },
        None => ObjectPlace::Pending { block },
    };
    ObjectView { hash, size_bytes: u64::from(record.size), block: record.number, place }
}

fn submissions(record: &BlockRecord, body: &Body) -> Vec<SubmissionView> {
    let fees = record.submission_fees.iter().copied().chain(std::iter::repeat(Amount::ZERO));
    body.submissions.iter().zip(fees).map(|(submission, fee)| submission_view(submission, fee)).collect()
}

fn submission_view(submission: &Submission, fee: Amount) -> SubmissionView {
    let election = submission.election();
    let (kind, extrinsics) = match submission {
        Submission::Bundle(bundle) => (SubmissionKind::Bundle, bundle.extrinsics.len()),
        Submission::Receipt(_) => (SubmissionKind::Receipt, 0),
    };
    SubmissionView {
        hash: submission.hash(),
        kind,
        domain: election.domain,
        operator: election.operator,
        slot: election.slot,
        receipt_number: submission.receipt().number,
        receipt_hash: submission.receipt().hash(),
        extrinsics: u32::try_from(extrinsics).unwrap_or(u32::MAX),
        size_bytes: u64::try_from(submission.encoded_size()).unwrap_or(u64::MAX),
        fee,
    }
}

fn block_view(hash: Hash, record: &BlockRecord, body: &Body, canonical: bool, confirmed: bool) -> BlockView {
    let header = &record.header;
    let pre = header.pre_digest();
    let solution = pre.map(|pre| &pre.solution);
    let range = header.digest.iter().find_map(|item| match item {
        auto_core::DigestItem::SolutionRange(range) => Some(*range),
        _ => None,
    });
    BlockView {
        id: BlockId { number: header.number, hash },
        parent_hash: header.parent_hash,
        slot: record.state.slot(),
        farmer: solution.map(|solution| solution.public_key),
        reward_address: solution.map(|solution| solution.reward_address),
        reward: record.reward,
        state_root: header.state_root,
        transactions_root: header.transactions_root,
        mmr_root: header.mmr_root,
        solution_range: range.unwrap_or(record.state.solution_range()),
        weight: record.state.weight().to_string(),
        segments: header.segment_headers().iter().map(|segment| segment.index).collect(),
        transactions: body.transactions.iter().map(SignedTransaction::hash).collect(),
        submissions: submissions(record, body),
        size_bytes: record.size_bytes,
        solution_bytes: solution
            .map_or(0, |solution| u64::try_from(solution.encoded_size()).unwrap_or(u64::MAX)),
        canonical,
        confirmed,
    }
}
