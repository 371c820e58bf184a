//! What the node keeps in its store: the encoding of every value and the form of every key.

use auto_consensus::ChainState;
use auto_core::{
    Address, Amount, Block, BlockNumber, Body, GlobalObject, Hash, Header, List, PieceIndex,
    PotJustification, SegmentHeader, SegmentIndex, decode_strict,
};
use auto_ledger::mmr::Mmr;
use auto_ledger::{Event, ExecutedBlock};
use auto_store::{Batch, Column, Direction, Store};
use parity_scale_codec::{Decode, Encode};

use crate::NodeError;

/// Bytes that a stored value may have.
const VALUE_BYTES_MAX: usize = 64 << 20;

/// What became of one transaction of a block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Outcome {
    pub fee: Amount,
    /// Code of the failure in ASCII, or empty.
    pub failure: Vec<u8>,
}

/// Everything about a block but its transactions; kept for ever for the best chain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct BlockRecord {
    pub header: Header,
    pub state: ChainState,
    /// Peaks over all blocks before this one.
    pub mmr: Mmr,
    /// What the block issued and passed on to its author.
    pub reward: Amount,
    pub outcomes: Vec<Outcome>,
    /// What each submission paid.
    pub submission_fees: Vec<Amount>,
    pub size_bytes: u64,
}

/// What the chain's extension reported while a block was executed, each event in its own encoding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct EventsRecord {
    /// Before the submissions.
    pub begun: Vec<Vec<u8>>,
    /// One entry per submission.
    pub submissions: Vec<Vec<Vec<u8>>>,
    /// Those of transactions that have any, by position.
    pub transactions: Vec<(u32, Vec<Vec<u8>>)>,
    /// At the end.
    pub ended: Vec<Vec<u8>>,
}

impl EventsRecord {
    pub(crate) fn of(block: &ExecutedBlock) -> Self {
        let only = |events: &[Event]| -> Vec<Vec<u8>> {
            let own = events.iter().filter_map(|event| match event {
                Event::Extension(bytes) => Some(bytes.to_vec()),
                _ => None,
            });
            own.collect()
        };
        let transactions = block.transactions.iter().zip(0..).map(|(done, at)| (at, only(&done.events)));
        Self {
            begun: only(&block.begun),
            submissions: block.submissions.iter().map(|done| only(&done.events)).collect(),
            transactions: transactions.filter(|(_, events)| !events.is_empty()).collect(),
            ended: only(&block.ended),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.begun.is_empty()
            && self.ended.is_empty()
            && self.transactions.is_empty()
            && self.submissions.iter().all(Vec::is_empty)
    }
}

/// Where a submission of the best chain lies.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SubmissionRecord {
    pub number: BlockNumber,
    pub block: Hash,
    pub index: u32,
}

/// The heavy part of a block, which archiving makes dispensable.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct BodyRecord {
    pub justification: PotJustification,
    pub body: Body,
}

impl BodyRecord {
    pub(crate) fn into_block(self, header: Header) -> Block {
        Block { header, justification: self.justification, body: self.body }
    }
}

/// The state nodes that a block made and made stale, until the block is final or discarded.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StateJournal {
    pub fresh: Vec<Hash>,
    pub stale: Vec<Hash>,
}

/// Where a transaction of the best chain lies, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct TransactionRecord {
    pub number: BlockNumber,
    pub block: Hash,
    pub index: u32,
    pub outcome: Outcome,
}

/// Where an object of the best chain lies.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ObjectRecord {
    pub number: BlockNumber,
    pub block: Hash,
    /// Offset in the block's encoding of the length that the bytes follow.
    pub offset: u32,
    pub size: u32,
    pub archived: Option<GlobalObject>,
}

/// A segment that was cut, and by archiving which block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SegmentRecord {
    pub header: SegmentHeader,
    pub cut_by: BlockNumber,
}

/// The tips of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Tips {
    pub genesis: Hash,
    pub head: Hash,
    /// Last archived block: nothing below it can be reverted.
    pub confirmed: Hash,
    pub confirmed_number: BlockNumber,
    /// Lowest block whose state can be read.
    pub oldest_state: BlockNumber,
}

pub(crate) const TIPS: &[u8] = b"tips";
pub(crate) const GENESIS: &[u8] = b"genesis";
const JOURNAL: &[u8] = b"journal/";
const EVENTS: &[u8] = b"events/";
const SUBMISSION: &[u8] = b"submission/";
const OPEN: &[u8] = b"open/";
const OBJECT_ORDER: &[u8] = b"object/";
const CUT: &[u8] = b"cut/";

pub(crate) fn number_key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

pub(crate) fn journal_key(block: &Hash) -> Vec<u8> {
    [JOURNAL, block.as_ref()].concat()
}

pub(crate) fn events_key(block: &Hash) -> Vec<u8> {
    [EVENTS, block.as_ref()].concat()
}

pub(crate) fn submission_key(submission: &Hash) -> Vec<u8> {
    [SUBMISSION, submission.as_ref()].concat()
}

/// Blocks above the confirmed one, in order of arrival, so that the fork tree can be rebuilt.
pub(crate) fn open_key(arrival: u64) -> Vec<u8> {
    [OPEN, arrival.to_be_bytes().as_slice()].concat()
}

pub(crate) fn object_order_key(number: BlockNumber, index: u32) -> Vec<u8> {
    [OBJECT_ORDER, number.0.to_be_bytes().as_slice(), index.to_be_bytes().as_slice()].concat()
}

pub(crate) fn object_order_prefix() -> &'static [u8] {
    OBJECT_ORDER
}

/// Segments that archiving one block completed.
pub(crate) fn cut_key(block: BlockNumber) -> Vec<u8> {
    [CUT, block.0.to_be_bytes().as_slice()].concat()
}

pub(crate) fn account_key(address: &Address, number: BlockNumber, index: u32) -> Vec<u8> {
    [address.0.as_slice(), number.0.to_be_bytes().as_slice(), index.to_be_bytes().as_slice()].concat()
}

/// Typed access to a store.
pub(crate) struct Records<'a>(pub &'a dyn Store);

impl Records<'_> {
    pub(crate) fn read<T: Decode>(&self, column: Column, key: &[u8]) -> Result<Option<T>, NodeError> {
        let Some(bytes) = self.0.get(column, key)? else { return Ok(None) };
        decode_strict(&bytes, VALUE_BYTES_MAX).map(Some).map_err(|error| NodeError::Damaged {
            column: column.name(),
            key: hex::encode(key),
            error,
        })
    }

    pub(crate) fn block(&self, hash: &Hash) -> Result<Option<BlockRecord>, NodeError> {
        self.read(Column::Blocks, hash.as_ref())
    }

    pub(crate) fn body(&self, hash: &Hash) -> Result<Option<BodyRecord>, NodeError> {
        self.read(Column::Bodies, hash.as_ref())
    }

    pub(crate) fn canonical(&self, number: BlockNumber) -> Result<Option<Hash>, NodeError> {
        self.read(Column::Canonical, &number_key(number.0))
    }

    pub(crate) fn segment(&self, index: SegmentIndex) -> Result<Option<SegmentRecord>, NodeError> {
        self.read(Column::Segments, &number_key(index.0))
    }

    pub(crate) fn segments_cut_by(&self, block: BlockNumber) -> Result<Vec<SegmentHeader>, NodeError> {
        let indexes: Option<List<SegmentIndex, 64>> = self.read(Column::Index, &cut_key(block))?;
        let mut headers = Vec::new();
        for index in indexes.unwrap_or_default().iter() {
            let record = self
                .segment(*index)?
                .ok_or(NodeError::Missing { what: "segment", key: index.to_string() })?;
            headers.push(record.header);
        }
        Ok(headers)
    }

    pub(crate) fn transaction(&self, hash: &Hash) -> Result<Option<TransactionRecord>, NodeError> {
        self.read(Column::Transactions, hash.as_ref())
    }

    pub(crate) fn events(&self, block: &Hash) -> Result<EventsRecord, NodeError> {
        Ok(self.read(Column::Index, &events_key(block))?.unwrap_or_default())
    }

    pub(crate) fn submission(&self, hash: &Hash) -> Result<Option<SubmissionRecord>, NodeError> {
        self.read(Column::Index, &submission_key(hash))
    }

    pub(crate) fn object(&self, hash: &Hash) -> Result<Option<ObjectRecord>, NodeError> {
        self.read(Column::Objects, hash.as_ref())
    }

    pub(crate) fn piece(&self, index: PieceIndex) -> Result<Option<Vec<u8>>, NodeError> {
        Ok(self.0.get(Column::Pieces, &number_key(index.0))?)
    }

    pub(crate) fn tips(&self) -> Result<Option<Tips>, NodeError> {
        self.read(Column::Meta, TIPS)
    }

    /// Blocks above the confirmed one with their arrival numbers, in order of arrival.
    pub(crate) fn open_blocks(&self) -> Result<Vec<(u64, Hash)>, NodeError> {
        let rows = self.0.scan(Column::Index, OPEN, None, Direction::Forward, usize::MAX)?;
        rows.into_iter()
            .map(|(key, value)| {
                let damaged = || NodeError::Missing { what: "open block", key: hex::encode(&key) };
                let arrival =
                    key.last_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes)).ok_or_else(damaged)?;
                let hash: [u8; 32] = value.try_into().map_err(|_| damaged())?;
                Ok((arrival, Hash(hash)))
            })
            .collect()
    }
}

pub(crate) fn put<T: Encode>(batch: &mut Batch, column: Column, key: impl Into<Vec<u8>>, value: &T) {
    batch.put(column, key, value.encode());
}
