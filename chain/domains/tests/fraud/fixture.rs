//! A domain with money, messages and a scratch pad, and blocks of it.
#![allow(dead_code, reason = "tests and examples use different parts")]

#[path = "fixture/genesis.rs"]
mod genesis;
#[path = "fixture/scratch.rs"]
pub(crate) mod scratch;

use auto_core::{
    Address, Amount, Blob, BlockNumber, BundleVerdict, Call, ChannelId, DomainId, ExecutionReceipt,
    GenesisAccount, Hash, KeyPair, List, ModuleId, Nonce, OpaqueExtrinsic, OperatorId, Preset,
    ProtocolParams, Slot, Transaction, VrfSignature, extrinsic_hash, hash, merkle_root,
};
use auto_domains::derive::{BlockRules, Derived, ParentTip, execute};
use auto_domains::fraud::{Claim, Evidence, FraudError, FraudProof, judge, prove};
use auto_domains::state::{DomainBlock, InboxEntry};
use auto_module::bank::{self, Bank};
use auto_module::messages::{self, Message, MessageProof, Messages, OUTBOX, Payload, Relay};
use auto_module::{Domain, Environment, Extrinsic, Inherent, Module, Runtime, Runtimes, module};
use auto_state::mmr::{Mmr, MmrLeaf, MmrProof, MmrSource};
use auto_state::{Changes, EMPTY_ROOT, MemoryNodes, Overlay, Snapshot};
use genesis::{genesis_of, genesis_receipt};
use parity_scale_codec::Encode;
use scratch::{Pad, Scratch};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const DOMAIN: DomainId = DomainId(7);
/// The consensus block whose header names the range that messages are proven by.
pub(crate) const ANCHOR: u64 = 9;
/// The block of that range whose state holds the messages.
const LEAF: u64 = 5;
/// Messages that the consensus chain sent.
const MESSAGES: u64 = 6;
pub(crate) const BYTE_FEE: u128 = 1_000;

/// The leaves of a range.
struct Leaves(Vec<MmrLeaf>);

impl MmrSource for Leaves {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.0.get(usize::try_from(index).ok()?).map(MmrLeaf::hash)
    }
}

#[derive(Debug)]
pub(crate) struct OneRuntime;

pub(crate) fn runtime() -> Runtime {
    Runtime::new(1, vec![module::<Bank>(), module::<Messages>(), module::<Scratch>()]).expect("bank first")
}

impl Runtimes for OneRuntime {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = [Bank::ID, Messages::ID, Scratch::ID];
        (modules == known && version == 1).then(|| Arc::new(runtime()) as Arc<dyn Domain>)
    }

    fn newest(&self, _modules: &[ModuleId]) -> Option<u32> {
        Some(1)
    }
}

/// A domain after its last derived block.
pub(crate) struct World {
    pub(crate) environment: Environment,
    pub(crate) runtime: Runtime,
    pub(crate) nodes: MemoryNodes,
    pub(crate) parent: ExecutionReceipt,
    consensus: MemoryNodes,
    leaves: Leaves,
    mmr_root: Hash,
}

/// One block of a domain, derived, with all that it was derived from.
pub(crate) struct Scene {
    pub(crate) environment: Environment,
    pub(crate) runtime: Runtime,
    pub(crate) nodes: MemoryNodes,
    pub(crate) parent: ExecutionReceipt,
    pub(crate) tip: ParentTip,
    pub(crate) block: DomainBlock,
    pub(crate) bundles: Vec<Vec<OpaqueExtrinsic>>,
    pub(crate) derived: Derived,
}

pub(crate) fn pair(index: u16) -> KeyPair {
    let mut secret = [9; 32];
    secret[..2].copy_from_slice(&index.to_le_bytes());
    KeyPair::from_secret(&secret)
}

pub(crate) fn address(index: u16) -> Address {
    pair(index).public_key().address()
}

pub(crate) fn opaque(bytes: Vec<u8>) -> OpaqueExtrinsic {
    Blob::new(bytes).expect("short enough")
}

fn message(nonce: u64) -> Message {
    // One account is so far without the existential deposit that a transfer to it is refused.
    let amount = if nonce == 1 { Amount::from_base_units(1) } else { Amount::ai3(3) };
    let to = if nonce == 1 { Address([77; 32]) } else { address(3) };
    Message {
        src: DomainId::CONSENSUS,
        dst: DOMAIN,
        channel: ChannelId(0),
        nonce: Nonce(nonce),
        received: Nonce(0),
        payload: Payload::Transfer { from: address(1), to, amount },
    }
}

pub(crate) fn written(put: impl FnOnce(&mut Overlay<'_, BTreeMap<Vec<u8>, Vec<u8>>>)) -> Changes {
    let below = BTreeMap::new();
    let mut overlay = Overlay::new(&below);
    put(&mut overlay);
    overlay.into_changes()
}

impl World {
    /// A domain at genesis, whose first `accounts` accounts hold money.
    pub(crate) fn new(accounts: u16) -> Self {
        let mut params = ProtocolParams::preset(Preset::Test);
        params.block_bytes_max = ProtocolParams::preset(Preset::Production).block_bytes_max;
        let environment = Environment { params, genesis: hash(b"genesis"), domain: DOMAIN };
        let runtime = runtime();
        let accounts = (0..accounts)
            .map(|index| GenesisAccount { address: address(index), balance: Amount::ai3(1000) })
            .collect();
        let changes = runtime.genesis(&environment, &genesis_of(accounts)).expect("a working genesis");
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("in memory");

        let sent = written(|state| {
            for nonce in 0..MESSAGES {
                let message = message(nonce);
                OUTBOX.put(state, &(DOMAIN, ChannelId(0), Nonce(nonce)), &message);
            }
        });
        let sent = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&sent).expect("in memory");
        let mut mmr = Mmr::default();
        let leaves: Vec<MmrLeaf> = (0..ANCHOR)
            .map(|number| MmrLeaf {
                number: BlockNumber(number),
                block_hash: hash(&number.to_le_bytes()),
                state_root: if number == LEAF { sent.root } else { Hash::ZERO },
            })
            .collect();
        for leaf in &leaves {
            mmr.append(leaf).expect("in order");
        }
        Self {
            environment,
            runtime,
            nodes: commit.fresh.into_iter().collect(),
            parent: genesis_receipt(commit.root),
            consensus: sent.fresh.into_iter().collect(),
            leaves: Leaves(leaves),
            mmr_root: mmr.root(),
        }
    }

    /// A domain whose first block is behind it: messages can be relayed.
    pub(crate) fn started(accounts: u16) -> Self {
        let mut world = Self::new(accounts);
        let scene = world.scene(vec![vec![]]);
        world.advance(&scene);
        world
    }

    pub(crate) fn signed(&self, from: u16, nonce: u64, calls: Vec<Call>) -> OpaqueExtrinsic {
        self.signed_with(from, nonce, calls, |_| {})
    }

    pub(crate) fn signed_with(
        &self,
        from: u16,
        nonce: u64,
        calls: Vec<Call>,
        change: impl FnOnce(&mut Transaction),
    ) -> OpaqueExtrinsic {
        let pair = pair(from);
        let mut transaction = Transaction {
            domain: DOMAIN,
            signer: pair.public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(1_000),
            fee_limit: Amount::ai3(100),
            calls: List::new(calls).expect("few"),
        };
        change(&mut transaction);
        let signed = transaction.sign(&pair, &self.environment.genesis);
        opaque(Extrinsic::Signed(Box::new(signed)).encode())
    }

    pub(crate) fn transfer(&self, from: u16, nonce: u64, to: u16, amount: u32) -> OpaqueExtrinsic {
        self.signed(from, nonce, vec![pay(address(to), Amount::ai3(amount))])
    }

    pub(crate) fn pad(&self, from: u16, nonce: u64, pad: &Pad) -> OpaqueExtrinsic {
        self.signed(from, nonce, vec![Scratch::encode_call(pad).expect("short")])
    }

    /// Sends money to the consensus chain.
    pub(crate) fn leave(&self, from: u16, nonce: u64, amount: u32) -> OpaqueExtrinsic {
        let call = messages::Transfer {
            chain: DomainId::CONSENSUS,
            channel: ChannelId(0),
            to: address(from),
            amount: Amount::ai3(amount),
        };
        self.signed(from, nonce, vec![Messages::encode_call(&messages::Call::Transfer(call)).expect("short")])
    }

    /// A message of the consensus chain, as `change` leaves it.
    pub(crate) fn relay(&self, nonce: u64, change: impl FnOnce(&mut Relay)) -> OpaqueExtrinsic {
        let state_root = self.leaves.0[5].state_root;
        let key = messages::outbox_key(DOMAIN, ChannelId(0), Nonce(nonce));
        let mut relay = Relay {
            message: message(nonce),
            proof: MessageProof::Consensus {
                anchor: BlockNumber(ANCHOR),
                leaf: self.leaves.0[5],
                mmr: MmrProof::new(&self.leaves, ANCHOR, LEAF).expect("in the range"),
                message: Snapshot::new(&self.consensus, state_root).prove(&key).expect("in memory"),
            },
        };
        change(&mut relay);
        opaque(Extrinsic::Message(Box::new(relay)).encode())
    }

    fn inherent(&self) -> Inherent {
        let number = self.parent.number.0 + 1;
        Inherent {
            number: BlockNumber(number),
            consensus_number: BlockNumber(ANCHOR - 1 + number),
            consensus_hash: hash(&[b"consensus".as_slice(), &number.to_le_bytes()].concat()),
            mmr_root: if number == 1 { self.mmr_root } else { hash(&number.to_le_bytes()) },
            slot: Slot(number * 6),
            byte_fee: Amount::from_base_units(BYTE_FEE),
            runtime_version: 1,
        }
    }

    /// The next block, out of these bundles, with headers that state the right weights.
    pub(crate) fn block(&self, bundles: &[Vec<OpaqueExtrinsic>]) -> DomainBlock {
        let weight = |bytes: &OpaqueExtrinsic| {
            let decoded = self.runtime.decode(bytes).ok()?;
            Some(self.runtime.check(&self.environment, decoded).ok()?.weight().0)
        };
        let entries = (0u8..).zip(bundles).map(|(index, bundle)| {
            let hashes: Vec<Hash> = bundle.iter().map(|bytes| extrinsic_hash(bytes)).collect();
            InboxEntry {
                bundle: hash(&[b'b', index]),
                operator: OperatorId(u64::from(index)),
                vrf: VrfSignature { pre_output: [index; 32], proof: [0; 64] },
                extrinsics_root: merkle_root(&hashes),
                extrinsics: u32::try_from(bundle.len()).expect("few"),
                bytes: bundle.iter().map(|bytes| u64::try_from(bytes.len()).expect("short")).sum(),
                weight: bundle.iter().filter_map(weight).sum(),
                storage_fee: Amount::from_base_units(1),
            }
        });
        let inbox = List::new(entries.collect()).expect("few");
        DomainBlock { inherent: self.inherent(), seed: hash(b"seed"), range: u64::MAX, inbox }
    }

    pub(crate) fn scene(&self, bundles: Vec<Vec<OpaqueExtrinsic>>) -> Scene {
        let block = self.block(&bundles);
        self.scene_of(block, bundles)
    }

    /// Derives a block.
    pub(crate) fn scene_of(&self, block: DomainBlock, bundles: Vec<Vec<OpaqueExtrinsic>>) -> Scene {
        let tip = ParentTip::of(&self.parent);
        let rules = BlockRules { domain: &self.runtime, environment: &self.environment, block: &block };
        let slices: Vec<&[OpaqueExtrinsic]> = bundles.iter().map(Vec::as_slice).collect();
        let derived = execute(&rules, &slices, &tip, &self.nodes).expect("the state is whole");
        Scene {
            environment: self.environment.clone(),
            runtime: self.runtime.clone(),
            nodes: self.nodes.clone(),
            parent: self.parent.clone(),
            tip,
            block,
            bundles,
            derived,
        }
    }

    /// Adds accounts to the state that nobody has a key to, as if they had always been there.
    pub(crate) fn populate(&mut self, accounts: u32) {
        for batch in 0..accounts.div_ceil(50_000) {
            let range = batch * 50_000..accounts.min((batch + 1) * 50_000);
            let changes = written(|state| {
                for number in range {
                    let account = bank::Account { balance: Amount::ai3(5), nonce: Nonce(0) };
                    bank::ACCOUNTS.put(state, &stranger(number), &account);
                }
            });
            self.write(&changes);
        }
    }

    /// Changes the state behind the back of the domain.
    pub(crate) fn write(&mut self, changes: &Changes) {
        let commit =
            Snapshot::new(&self.nodes, self.parent.final_state_root).commit(changes).expect("in memory");
        for stale in &commit.stale {
            self.nodes.remove(stale);
        }
        self.nodes.extend(commit.fresh);
        self.parent.final_state_root = commit.root;
    }

    /// Goes on after a block.
    pub(crate) fn advance(&mut self, scene: &Scene) {
        self.nodes.extend(scene.derived.commit.fresh.iter().cloned());
        self.parent = scene.derived.receipt.clone();
    }
}

impl Scene {
    pub(crate) fn rules(&self) -> BlockRules<'_> {
        BlockRules { domain: &self.runtime, environment: &self.environment, block: &self.block }
    }

    pub(crate) fn right(&self) -> &ExecutionReceipt {
        &self.derived.receipt
    }

    pub(crate) fn verdicts(&self) -> Vec<BundleVerdict> {
        self.right().bundles.iter().map(|bundle| bundle.verdict).collect()
    }

    pub(crate) fn prove(&self, bad: &ExecutionReceipt) -> Result<Option<FraudProof>, FraudError> {
        let claim = Claim { rules: self.rules(), parent: &self.tip, receipt: bad };
        let bundles: Vec<&[OpaqueExtrinsic]> = self.bundles.iter().map(Vec::as_slice).collect();
        prove(&claim, &Evidence { bundles: &bundles, derived: &self.derived, source: &self.nodes })
    }

    pub(crate) fn judge(&self, receipt: &ExecutionReceipt, proof: &FraudProof) -> Result<(), FraudError> {
        proof.check()?;
        judge(&Claim { rules: self.rules(), parent: &self.tip, receipt }, &proof.kind)
    }
}

/// An account that nobody has a key to.
pub(crate) fn stranger(number: u32) -> Address {
    Address(hash(&number.to_le_bytes()).0)
}

/// A call that moves money.
pub(crate) fn pay(to: Address, amount: Amount) -> Call {
    Bank::encode_call(&bank::Call::Transfer(bank::Transfer { to, amount })).expect("short")
}
