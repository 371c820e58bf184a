//! Bundles that break a rule, for lies that are about one.

use super::{Fault, Lie};
use crate::scene::Scene;
use auto_core::{
    Amount, BlockNumber, ChannelId, DomainId, Hash, KeyPair, List, Nonce, OpaqueExtrinsic, ProofOfElection,
    Transaction, hash,
};
use auto_domains::election::{in_range, operator_position, signer_position};
use auto_ledger::Rules;
use auto_module::Extrinsic;
use auto_module::messages::{Message, MessageProof, Payload, Relay};
use auto_state::mmr::{MmrLeaf, MmrProof};
use auto_state::{EMPTY_ROOT, MemoryNodes, Snapshot};
use parity_scale_codec::Encode;

/// Keys that are tried until one lies where it has to.
const TRIES: u64 = 4096;

/// A bundle that breaks a rule.
pub(crate) struct Authored {
    pub(crate) extrinsics: Vec<OpaqueExtrinsic>,
    pub(crate) weight: u64,
}

impl Lie {
    /// The invalid bundle that the lie is going to be about; `None` for other lies, and where no bundle can
    /// break the rule, such as the range while it is the whole ring.
    pub(crate) fn author(self, rules: &Rules, scene: &Scene, right: &ProofOfElection) -> Option<Authored> {
        let fault = match self {
            Self::AsValid(fault) => fault,
            Self::LaterReason => Fault::Undecodable,
            _ => return None,
        };
        let (bytes, weight) = match fault {
            Fault::Undecodable => (vec![0xff; 8], 0),
            Fault::OutOfRange => (outsider(rules, right, scene.record.range)?, 0),
            Fault::Inherent => (Extrinsic::Inherent(Box::new(scene.block.inherent)).encode(), 0),
            Fault::Message => (unproven(right.domain)?, 0),
            Fault::Illegal => (signed(rules, right, |at| in_range(at.0, at.1, scene.block.range))?, 0),
            Fault::Weight => return Some(Authored { extrinsics: Vec::new(), weight: 1 }),
        };
        Some(Authored { extrinsics: vec![OpaqueExtrinsic::new(bytes).ok()?], weight })
    }
}

/// A transaction of a signer out of range; `None` where even the place that is farthest away is in it.
fn outsider(rules: &Rules, right: &ProofOfElection, range: u64) -> Option<Vec<u8>> {
    let operator = operator_position(&right.vrf);
    let farthest = operator.wrapping_add(1 << 63);
    if in_range(operator, farthest, range) {
        return None;
    }
    signed(rules, right, |at| !in_range(at.0, at.1, range))
}

/// A transaction without calls, of a signer whose place is as it has to be.
fn signed(rules: &Rules, right: &ProofOfElection, fits: impl Fn((u64, u64)) -> bool) -> Option<Vec<u8>> {
    let operator = operator_position(&right.vrf);
    let pair = (0..TRIES).find_map(|number| {
        let pair = KeyPair::from_secret(&hash(&(right.slot, number).encode()).0);
        let place = signer_position(&pair.public_key().address());
        fits((operator, place)).then_some(pair)
    })?;
    let transaction = Transaction {
        domain: right.domain,
        signer: pair.public_key(),
        nonce: Nonce(0),
        expiry: BlockNumber(u64::MAX),
        fee_limit: Amount::ZERO,
        calls: List::default(),
    };
    Some(Extrinsic::Signed(Box::new(transaction.sign(&pair, &rules.genesis))).encode())
}

/// A message that nobody sent.
fn unproven(domain: DomainId) -> Option<Vec<u8>> {
    let message = Message {
        src: DomainId::CONSENSUS,
        dst: domain,
        channel: ChannelId(0),
        nonce: Nonce(0),
        received: Nonce(0),
        payload: Payload::Open,
    };
    let leaf = MmrLeaf { number: BlockNumber(0), block_hash: Hash::ZERO, state_root: EMPTY_ROOT };
    let proof = MessageProof::Consensus {
        anchor: BlockNumber(1),
        leaf,
        mmr: MmrProof { leaves: 1, siblings: List::default(), peaks: List::default() },
        message: Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).prove(b"nothing").ok()?,
    };
    Some(Extrinsic::Message(Box::new(Relay { message, proof })).encode())
}
