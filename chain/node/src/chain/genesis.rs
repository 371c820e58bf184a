//! The first block and the first segment.

use crate::NodeError;
use crate::records::{BlockRecord, BodyRecord, GENESIS, Records, SegmentRecord, TIPS, Tips, number_key, put};
use auto_archiver::Archiver;
use auto_consensus::ChainState;
use auto_core::{
    Amount, Block, BlockNumber, Body, Digest, Genesis, Hash, Header, PieceIndex, PotJustification,
    ProtocolParams, ShardId,
};
use auto_ledger::{Extension, mmr::Mmr};
use auto_state::{EMPTY_ROOT, Snapshot};
use auto_store::{Batch, Column, StateNodes, Store};
use parity_scale_codec::Encode;

/// Bytes that item headers may take around the genesis block in segment zero.
const ITEM_RESERVE: usize = 64;

/// Refuses a store that was started from another genesis, naming the parameter that differs.
pub(super) fn check_same(store: &dyn Store, genesis: &Genesis) -> Result<(), NodeError> {
    let stored: Option<Genesis> = Records(store).read(Column::Meta, GENESIS)?;
    let stored = stored.ok_or(NodeError::Missing { what: "genesis", key: String::new() })?;
    if let Some(field) = stored.params.first_difference(&genesis.params) {
        return Err(NodeError::OtherParams { field });
    }
    if stored != *genesis {
        return Err(NodeError::OtherGenesis);
    }
    Ok(())
}

/// The genesis block of a genesis file, with the root of its state.
fn block(genesis: &Genesis, state_root: Hash) -> Block {
    let body = Body::default();
    let header = Header {
        shard: ShardId(0),
        number: BlockNumber(0),
        parent_hash: genesis.hash(),
        transactions_root: body.root(),
        state_root,
        mmr_root: Mmr::default().root(),
        digest: Digest::default(),
    };
    Block { header, justification: PotJustification::default(), body }
}

/// The genesis block as it is archived: followed by pseudo-random bytes that fill segment zero, so that
/// farmers have something to plot at once.
pub(crate) fn archived_bytes(params: &ProtocolParams, block: &Block) -> Vec<u8> {
    let mut bytes = block.encode();
    let filler = params.segment_bytes().saturating_sub(bytes.len()).saturating_sub(ITEM_RESERVE);
    let mut reader = blake3::Hasher::new_keyed(block.header.hash().as_bytes()).finalize_xof();
    let start = bytes.len();
    bytes.resize(start.saturating_add(filler), 0);
    if let Some(rest) = bytes.get_mut(start..) {
        reader.fill(rest);
    }
    bytes
}

/// Writes the genesis block and segment zero.
pub(super) fn start(
    store: &dyn Store,
    genesis: &Genesis,
    extension: &dyn Extension,
) -> Result<Tips, NodeError> {
    let params = &genesis.params;
    let changes = auto_ledger::genesis_state(genesis, extension).map_err(NodeError::Ledger)?;
    let commit = Snapshot::new(StateNodes(store), EMPTY_ROOT).commit(&changes).map_err(NodeError::State)?;
    let block = block(genesis, commit.root);
    let hash = block.header.hash();

    let mut archiver = Archiver::new(params);
    let bytes = archived_bytes(params, &block);
    let segments = archiver.add_block(BlockNumber(0), bytes, Vec::new()).map_err(NodeError::Archive)?;
    let [segment] = segments.as_slice() else {
        return Err(NodeError::GenesisSegments { count: segments.len() });
    };
    let state =
        ChainState::genesis(params, hash, &genesis.entropy, &segment.header).map_err(NodeError::Consensus)?;

    let mut batch = Batch::synced();
    let mut stage = StateNodes(store).stage();
    stage.stage_commit(&commit);
    stage.finish(&mut batch)?;
    let size_bytes = u64::try_from(block.encoded_size()).unwrap_or(u64::MAX);
    let record = BlockRecord {
        header: block.header,
        state,
        mmr: Mmr::default(),
        reward: Amount::ZERO,
        outcomes: Vec::new(),
        submission_fees: Vec::new(),
        size_bytes,
    };
    put(&mut batch, Column::Blocks, hash.0, &record);
    put(
        &mut batch,
        Column::Bodies,
        hash.0,
        &BodyRecord { justification: block.justification, body: block.body },
    );
    put(&mut batch, Column::Canonical, number_key(0), &hash);
    let segment_record = SegmentRecord { header: segment.header.clone(), cut_by: BlockNumber(0) };
    put(&mut batch, Column::Segments, number_key(0), &segment_record);
    for (position, piece) in segment.pieces.iter().enumerate() {
        let index = PieceIndex(u64::try_from(position).unwrap_or(u64::MAX));
        batch.put(Column::Pieces, number_key(index.0), piece.to_bytes());
    }
    let tips = Tips {
        genesis: hash,
        head: hash,
        confirmed: hash,
        confirmed_number: BlockNumber(0),
        oldest_state: BlockNumber(0),
    };
    put(&mut batch, Column::Meta, GENESIS, genesis);
    put(&mut batch, Column::Meta, TIPS, &tips);
    store.write(batch)?;
    Ok(tips)
}
