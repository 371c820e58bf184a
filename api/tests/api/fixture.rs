//! A small chain in memory: real headers, signed transactions and objects, without a node.

#[path = "fixture/backend.rs"]
mod backend;
#[path = "fixture/domains.rs"]
pub(crate) mod domains;

use auto_api::{Backend, BackendError, FailureKind};
use auto_core::{
    Address, Amount, Blob, BlockNumber, Call, Digest, DomainId, Hash, Header, KeyPair, List, ModuleId, Nonce,
    PieceIndex, Preset, ProtocolParams, SegmentIndex, ShardId, SignedTransaction, Slot, SolutionRange,
    Transaction, merkle_root,
};
use auto_node::{BlockId, BlockView, NodeEvent, ObjectPlace, ObjectView, TransactionStage, TransactionView};
use auto_sdk::FileManifest;
use parity_scale_codec::Encode;
use parking_lot::RwLock;
use std::collections::BTreeMap;
use tokio::sync::broadcast;

pub(crate) const OLDEST_STATE: u64 = 3;
const DEPTH: u64 = 4;
const EVENTS: usize = 16;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) blocks: Vec<BlockView>,
    reverted: Vec<BlockView>,
    headers: BTreeMap<Hash, Header>,
    transactions: BTreeMap<Hash, TransactionView>,
    pool: Vec<Hash>,
    pub(crate) objects: Vec<(ObjectView, Vec<u8>)>,
    pub(crate) head_age_s: u64,
}

pub(crate) struct Fixture {
    params: ProtocolParams,
    pub(crate) state: RwLock<State>,
    events: broadcast::Sender<(u64, NodeEvent)>,
    pub(crate) file: Hash,
    pub(crate) file_bytes: Vec<u8>,
    domains: &'static BTreeMap<Vec<u8>, Vec<u8>>,
}

pub(crate) fn alice() -> KeyPair {
    KeyPair::from_secret(&[1; 32])
}

pub(crate) fn bob() -> Address {
    KeyPair::from_secret(&[2; 32]).public_key().address()
}

fn refuse(code: &'static str, kind: FailureKind, message: &str) -> BackendError {
    BackendError { code, kind, message: message.to_owned() }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let params = ProtocolParams::preset(Preset::Test);
        let fixture = Self {
            params,
            state: RwLock::default(),
            events: broadcast::channel(EVENTS).0,
            file: Hash::ZERO,
            file_bytes: (0..2500u32).map(|byte| b'a' + u8::try_from(byte % 26).expect("below 26")).collect(),
            domains: domains::state(),
        };
        fixture.grow(0);
        let chunks: Vec<Hash> = fixture.file_bytes.chunks(1000).map(|chunk| fixture.store(chunk)).collect();
        let manifest = FileManifest::new("notes one.txt", "text/plain", 2500, chunks).expect("well formed");
        let file = fixture.store(&manifest.to_object());
        fixture.store(b"Stored for ever: plain words & <b>no markup</b>.\n");
        fixture.store(b"<!doctype html><script>alert(1)</script>");
        fixture.store(&png());
        for nonce in 0..30 {
            if nonce < 3 {
                fixture.submit(&transfer(nonce, fixture.genesis()).encode()).expect("valid");
            }
            fixture.grow(0);
        }
        Self { file, ..fixture }
    }

    fn store(&self, bytes: &[u8]) -> Hash {
        let hash = Hash::of_object(bytes);
        let mut state = self.state.write();
        let index = u64::try_from(state.objects.len()).expect("few");
        let place = if index < 5 {
            ObjectPlace::Archived { piece: PieceIndex(2 * index), offset: 77 }
        } else {
            ObjectPlace::Pending { block: state.blocks[0].id }
        };
        let size_bytes = u64::try_from(bytes.len()).expect("small");
        let view = ObjectView { hash, size_bytes, block: BlockNumber(index), place };
        state.objects.push((view, bytes.to_vec()));
        hash
    }

    /// Adds a block with the pool's transactions; `salt` tells forks apart.
    pub(crate) fn grow(&self, salt: u8) -> BlockId {
        let mut state = self.state.write();
        let number = BlockNumber(u64::try_from(state.blocks.len()).expect("few"));
        let parent_hash = state.blocks.last().map_or(self.params.hash(), |block| block.id.hash);
        let transactions = std::mem::take(&mut state.pool);
        let header = Header {
            shard: ShardId(0),
            number,
            parent_hash,
            transactions_root: merkle_root(&transactions),
            state_root: auto_core::hash(&[salt]),
            mmr_root: auto_core::hash(&number.encode()),
            digest: Digest::default(),
        };
        let id = BlockId { number, hash: header.hash() };
        for (position, hash) in (0u32..).zip(&transactions) {
            let view = state.transactions.get_mut(hash).expect("in the pool");
            (view.stage, view.included, view.fee) =
                (TransactionStage::InBlock, Some((id, position)), Some(Amount::ai3(0)));
        }
        let farmed = number.0 > 0;
        state.blocks.push(BlockView {
            id,
            parent_hash,
            slot: Slot(number.0 * 5),
            farmer: farmed.then(|| alice().public_key()),
            reward_address: farmed.then(|| alice().public_key().address()),
            reward: Amount::ai3(10),
            state_root: header.state_root,
            transactions_root: header.transactions_root,
            mmr_root: header.mmr_root,
            solution_range: SolutionRange(u64::MAX / 9),
            weight: (u128::from(number.0) << 70).to_string(),
            segments: if number.0 % 10 == 9 { vec![SegmentIndex(number.0 / 10)] } else { Vec::new() },
            transactions,
            submissions: if number.0 == domains::SUBMITTED_IN {
                vec![domains::submission()]
            } else {
                Vec::new()
            },
            size_bytes: 1400 + number.0,
            solution_bytes: 620,
            canonical: true,
            confirmed: false,
        });
        state.headers.insert(id.hash, header);
        let confirmed = number.0.saturating_sub(DEPTH);
        let deep: Vec<Hash> = state
            .blocks
            .iter_mut()
            .filter(|block| block.id.number.0 <= confirmed)
            .flat_map(|block| {
                block.confirmed = true;
                block.transactions.clone()
            })
            .collect();
        for hash in deep {
            if let Some(view) = state.transactions.get_mut(&hash) {
                view.stage = TransactionStage::Confirmed;
            }
        }
        drop(state);
        self.tell(NodeEvent::BlockAdded { block: id });
        id
    }

    /// Takes the head back; its transactions return to the pool.
    pub(crate) fn revert(&self) -> BlockId {
        let mut state = self.state.write();
        let mut block = state.blocks.pop().expect("not empty");
        block.canonical = false;
        for hash in &block.transactions {
            let view = state.transactions.get_mut(hash).expect("known");
            (view.stage, view.included) = (TransactionStage::Accepted, None);
        }
        state.pool.extend(block.transactions.iter().copied());
        let id = block.id;
        state.reverted.push(block);
        drop(state);
        self.tell(NodeEvent::BlockReverted { block: id });
        id
    }

    /// Drops a transaction from the pool.
    pub(crate) fn forget(&self, hash: Hash) {
        let mut state = self.state.write();
        state.pool.retain(|other| *other != hash);
        state.transactions.remove(&hash);
        drop(state);
        self.tell(NodeEvent::TransactionDropped { hash, code: "LED-0007".to_owned() });
    }

    pub(crate) fn tell(&self, event: NodeEvent) {
        // Nobody may be listening.
        let _ = self.events.send((0, event));
    }

    fn head(&self) -> BlockId {
        self.state.read().blocks.last().expect("not empty").id
    }
}

/// One blue pixel.
pub(crate) fn png() -> Vec<u8> {
    let text = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763d0f77d0b000312019bd36af1960000000049454e44ae426082";
    hex::decode(text).expect("hex")
}

pub(crate) fn transfer(nonce: u64, genesis: Hash) -> SignedTransaction {
    let call =
        Call { module: ModuleId(0), payload: Blob::new((bob(), Amount::ai3(2)).encode()).expect("short") };
    let transaction = Transaction {
        domain: DomainId::CONSENSUS,
        signer: alice().public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(1000),
        fee_limit: Amount::ai3(1),
        calls: List::new(vec![call]).expect("one"),
    };
    transaction.sign(&alice(), &genesis)
}
