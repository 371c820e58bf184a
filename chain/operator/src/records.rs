//! What an operator keeps of consensus blocks and of blocks of domains.
//!
//! Records are keyed by the hash of the consensus block, so branches stand side by side: following another
//! branch moves one pointer. States are nodes under their hashes, counted per block; see
//! [`auto_store::StateNodes`].
//!
//! | key in [`Column::Domains`] | value |
//! |---|---|
//! | `last` | [`Last`] |
//! | `k`, height, hash | [`Known`]: a consensus block that was followed |
//! | `d`, domain, hash | [`Made`]: the domain block that a consensus block made |
//! | `r`, domain, hash | hash of the own receipt of that block |
//! | `n`, domain, height of the domain | the consensus block that made it, once final |
//! | `m`, height, index | node of the mountain range over consensus blocks, of the branch followed |
//! | `t`, domain, hash of an extrinsic | [`Place`] |

use crate::OperatorError;
use auto_core::{
    BUNDLE_EXTRINSICS_MAX, BlockNumber, DomainId, ExecutionReceipt, Hash, List, OpaqueExtrinsic,
    decode_strict,
};
use auto_domains::derive::ParentTip;
use auto_state::mmr::{Mmr, MmrNode, MmrSource};
use auto_store::{Batch, Column, Direction, Store};
use parity_scale_codec::{Decode, Encode};

/// Bytes that one record may have: the bundles of a block, and what they did.
const RECORD_BYTES_MAX: usize = 64 << 20;
/// Blocks of a consensus height that are looked at together.
const SIBLINGS_MAX: usize = 4096;
const LAST: &[u8] = b"last";

/// The newest consensus block, and what is final.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Last {
    pub(crate) number: BlockNumber,
    pub(crate) hash: Hash,
    /// Height up to which other branches are discarded.
    pub(crate) finalized: BlockNumber,
    /// Height of each domain below which states are gone.
    pub(crate) released: Vec<(DomainId, BlockNumber)>,
}

/// Where a domain stands after a consensus block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Tip {
    pub(crate) domain: DomainId,
    pub(crate) number: BlockNumber,
    pub(crate) receipt: Hash,
    pub(crate) block: Hash,
    pub(crate) state_root: Hash,
    /// The consensus block that made the newest block.
    pub(crate) made_in: Hash,
    /// The consensus block that made block zero: zero for domains of genesis.
    pub(crate) founded_in: Hash,
    /// The newest block that did something worth confirming.
    pub(crate) worked: BlockNumber,
    /// The newest confirmed block.
    pub(crate) confirmed: BlockNumber,
}

impl Tip {
    pub(crate) const fn parent(&self) -> ParentTip {
        ParentTip { receipt_hash: self.receipt, block_hash: self.block, state_root: self.state_root }
    }
}

/// A consensus block that was followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Known {
    pub(crate) parent: Hash,
    pub(crate) state_root: Hash,
    /// Over all blocks before it.
    pub(crate) mmr: Mmr,
    pub(crate) tips: Vec<Tip>,
}

impl Known {
    pub(crate) fn tip(&self, domain: DomainId) -> Option<&Tip> {
        self.tips.iter().find(|tip| tip.domain == domain)
    }
}

/// How an extrinsic ended, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Ending {
    /// It took effect.
    Applied,
    /// A call failed: fee and nonce stay, nothing else does; or a message was refused.
    Failed {
        /// Position of the call.
        call: u32,
        /// Stable code of the failure.
        code: String,
        /// What happened, for people.
        message: String,
    },
    /// It changed nothing at all.
    Skipped {
        /// Stable code of the reason.
        code: String,
    },
}

/// An extrinsic that ran.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ran {
    /// Its hash.
    pub hash: Hash,
    /// Its bytes.
    pub bytes: OpaqueExtrinsic,
    /// How it ended.
    pub ending: Ending,
    /// What its signer paid.
    pub fee: auto_core::Amount,
    /// Events: the module, and what it says in its own encoding.
    pub events: Vec<(auto_core::ModuleId, Vec<u8>)>,
}

/// The bundles of a block.
pub(crate) type Bodies = Vec<List<OpaqueExtrinsic, BUNDLE_EXTRINSICS_MAX>>;

/// A block of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Made {
    pub(crate) receipt: ExecutionReceipt,
    /// The consensus block that made the block before.
    pub(crate) parent_in: Hash,
    /// The bundles, until the block is confirmed.
    pub(crate) bodies: Bodies,
    pub(crate) ran: Vec<Ran>,
    pub(crate) finalized: Vec<(auto_core::ModuleId, Vec<u8>)>,
    /// Nodes that the block added, until it is confirmed.
    pub(crate) fresh: Vec<Hash>,
    /// Nodes that the block replaced, until they are released.
    pub(crate) stale: Vec<Hash>,
}

/// Where an extrinsic ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Place {
    pub(crate) made_in: Hash,
    pub(crate) number: BlockNumber,
    pub(crate) position: u32,
}

fn known_key(number: BlockNumber, hash: &Hash) -> Vec<u8> {
    // The genesis block is known before its hash is.
    let hash = if number.0 == 0 { &Hash::ZERO } else { hash };
    [b"k".as_slice(), &number.0.to_be_bytes(), hash.as_ref()].concat()
}

fn domain_key(kind: u8, domain: DomainId, rest: &[u8]) -> Vec<u8> {
    [[kind].as_slice(), &domain.0.to_be_bytes(), rest].concat()
}

fn node_key(height: u32, index: u64) -> Vec<u8> {
    [b"m".as_slice(), &height.to_be_bytes(), &index.to_be_bytes()].concat()
}

/// The records in a store.
#[derive(Clone, Copy)]
pub(crate) struct Records<'a>(pub(crate) &'a dyn Store);

impl Records<'_> {
    fn read<T: Decode>(self, what: &'static str, key: &[u8]) -> Result<Option<T>, OperatorError> {
        let Some(bytes) = self.0.get(Column::Domains, key)? else { return Ok(None) };
        let damaged = |error| OperatorError::Damaged { what, error };
        decode_strict(&bytes, RECORD_BYTES_MAX).map(Some).map_err(damaged)
    }

    pub(crate) fn last(self) -> Result<Option<Last>, OperatorError> {
        self.read("last", LAST)
    }

    pub(crate) fn known(self, number: BlockNumber, hash: &Hash) -> Result<Option<Known>, OperatorError> {
        self.read("block", &known_key(number, hash))
    }

    /// The block of a domain that a consensus block made.
    pub(crate) fn made(self, domain: DomainId, made_in: &Hash) -> Result<Option<Made>, OperatorError> {
        self.read("domain block", &domain_key(b'd', domain, made_in.as_ref()))
    }

    /// Hash of the own receipt of the block of a domain that a consensus block made.
    pub(crate) fn receipt(self, domain: DomainId, made_in: &Hash) -> Result<Option<Hash>, OperatorError> {
        self.read("receipt", &domain_key(b'r', domain, made_in.as_ref()))
    }

    /// The block of a domain that a consensus block made, which must be there.
    pub(crate) fn must_have(self, domain: DomainId, made_in: &Hash) -> Result<Made, OperatorError> {
        self.made(domain, made_in)?.ok_or_else(|| OperatorError::missing("domain block", made_in))
    }

    pub(crate) fn place(self, domain: DomainId, hash: &Hash) -> Result<Option<Place>, OperatorError> {
        self.read("place", &domain_key(b't', domain, hash.as_ref()))
    }

    /// The consensus block that made a final block of a domain.
    pub(crate) fn at(self, domain: DomainId, number: BlockNumber) -> Result<Option<Hash>, OperatorError> {
        self.read("height", &domain_key(b'n', domain, &number.0.to_be_bytes()))
    }

    /// All blocks of one height that were followed.
    pub(crate) fn of_height(self, number: BlockNumber) -> Result<Vec<(Hash, Known)>, OperatorError> {
        let prefix = [b"k".as_slice(), &number.0.to_be_bytes()].concat();
        let pairs = self.0.scan(Column::Domains, &prefix, None, Direction::Forward, SIBLINGS_MAX)?;
        let open = |(key, value): (Vec<u8>, Vec<u8>)| {
            let hash = key.get(prefix.len()..).and_then(|hash| hash.try_into().ok()).map(Hash);
            let hash = hash.ok_or_else(|| OperatorError::missing("block", &number))?;
            let known = decode_strict(&value, RECORD_BYTES_MAX);
            Ok((hash, known.map_err(|error| OperatorError::Damaged { what: "block", error })?))
        };
        pairs.into_iter().map(open).collect()
    }
}

impl MmrSource for Records<'_> {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.node(0, index)
    }

    fn node(&self, height: u32, index: u64) -> Option<Hash> {
        self.read("node", &node_key(height, index)).ok().flatten()
    }
}

/// Writes of records that belong together.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Batch);

impl Writer {
    fn put(&mut self, key: Vec<u8>, value: &impl Encode) {
        self.0.put(Column::Domains, key, value.encode());
    }

    pub(crate) fn last(&mut self, last: &Last) {
        self.put(LAST.to_vec(), last);
    }

    pub(crate) fn known(&mut self, number: BlockNumber, hash: &Hash, known: &Known) {
        self.put(known_key(number, hash), known);
    }

    pub(crate) fn forget(&mut self, number: BlockNumber, hash: &Hash) {
        self.0.delete(Column::Domains, known_key(number, hash));
    }

    pub(crate) fn made(&mut self, domain: DomainId, made_in: &Hash, made: &Made) {
        self.put(domain_key(b'd', domain, made_in.as_ref()), made);
        self.put(domain_key(b'r', domain, made_in.as_ref()), &made.receipt.hash());
    }

    pub(crate) fn unmake(&mut self, domain: DomainId, made_in: &Hash) {
        self.0.delete(Column::Domains, domain_key(b'd', domain, made_in.as_ref()));
        self.0.delete(Column::Domains, domain_key(b'r', domain, made_in.as_ref()));
    }

    pub(crate) fn place(&mut self, domain: DomainId, hash: &Hash, place: &Place) {
        self.put(domain_key(b't', domain, hash.as_ref()), place);
    }

    pub(crate) fn unplace(&mut self, domain: DomainId, hash: &Hash) {
        self.0.delete(Column::Domains, domain_key(b't', domain, hash.as_ref()));
    }

    pub(crate) fn at(&mut self, domain: DomainId, number: BlockNumber, made_in: &Hash) {
        self.put(domain_key(b'n', domain, &number.0.to_be_bytes()), made_in);
    }

    pub(crate) fn not_at(&mut self, domain: DomainId, number: BlockNumber) {
        self.0.delete(Column::Domains, domain_key(b'n', domain, &number.0.to_be_bytes()));
    }

    pub(crate) fn nodes(&mut self, nodes: &[MmrNode]) {
        for node in nodes {
            self.put(node_key(node.height, node.index), &node.hash);
        }
    }
}
