//! A domain with many accounts in memory, as a warm cache over a database holds it.

use crate::error::{CliError, internal};
use auto_core::{
    Address, Amount, Blob, BlockFees, BlockNumber, Call, DomainConfig, DomainHeader, DomainId, DomainName,
    ExecutionReceipt, GenesisAccount, GenesisDomain, Hash, KeyPair, List, ModuleGenesis, Nonce,
    OpaqueExtrinsic, OperatorAllowList, OperatorId, Preset, ProtocolParams, Slot, Transaction, Transfers,
    VrfSignature, extrinsic_hash, hash, merkle_root,
};
use auto_domains::derive::{BlockRules, Derived, ParentTip, execute};
use auto_domains::fraud::{Claim, Evidence, FraudProof, prove};
use auto_domains::state::{DomainBlock, InboxEntry};
use auto_module::bank::{self, Bank};
use auto_module::{Domain, Environment, Extrinsic, Inherent, Module, Runtimes};
use auto_registry::{Registry, ids};
use auto_state::{Changes, EMPTY_ROOT, NodeSource, Overlay, Snapshot, StateError};
use parity_scale_codec::Encode;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const DOMAIN: DomainId = DomainId(1);
/// Accounts that one commit adds.
const BATCH: u32 = 50_000;

/// State nodes by hash.
#[derive(Default)]
pub(super) struct Nodes(HashMap<Hash, Vec<u8>>);

impl NodeSource for Nodes {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.0.get(hash).cloned())
    }
}

/// A domain at genesis.
pub(super) struct World {
    pub(super) environment: Environment,
    pub(super) domain: Arc<dyn Domain>,
    pub(super) nodes: Nodes,
    pub(super) tip: ParentTip,
    pairs: Vec<KeyPair>,
}

/// A derived block with all that it was derived from.
pub(super) struct Scene<'a> {
    world: &'a World,
    pub(super) block: DomainBlock,
    pub(super) bundles: Vec<Vec<OpaqueExtrinsic>>,
    pub(super) derived: Derived,
}

/// An account that nobody has a key to.
pub(super) fn stranger(at: u32) -> Address {
    Address(hash(&at.to_le_bytes()).0)
}

fn pair(at: u32) -> KeyPair {
    let mut secret = [5; 32];
    secret[..4].copy_from_slice(&at.to_le_bytes());
    KeyPair::from_secret(&secret)
}

/// A call that moves money.
pub(super) fn pay(to: Address) -> Result<Call, CliError> {
    let transfer = bank::Transfer { to, amount: Amount::ai3(1) };
    Bank::encode_call(&bank::Call::Transfer(transfer)).ok_or_else(|| internal("the call is too long"))
}

fn list<T, const MAX: usize>(values: Vec<T>) -> Result<List<T, MAX>, CliError> {
    List::new(values).map_err(|_| internal("the list is too long"))
}

fn genesis(
    modules: &[auto_core::ModuleId],
    accounts: Vec<GenesisAccount>,
) -> Result<GenesisDomain, CliError> {
    let modules = modules.iter().map(|module| ModuleGenesis { module: *module, genesis: Blob::default() });
    Ok(GenesisDomain {
        owner: stranger(0),
        config: DomainConfig {
            name: DomainName::default(),
            bundle_bytes_max: u32::MAX,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: DomainName::default(),
        modules: list(modules.collect())?,
        accounts: list(accounts)?,
    })
}

impl World {
    /// A domain of the production parameters: `signers` accounts with keys, `strangers` without.
    pub(super) fn new(signers: u32, strangers: u32) -> Result<Self, CliError> {
        let params = ProtocolParams::preset(Preset::Production);
        let environment = Environment { params, genesis: Hash::ZERO, domain: DOMAIN };
        let modules = ids(["bank", "messages"]).ok_or_else(|| internal("a module is missing"))?;
        let domain = Registry::new().domain(&modules, 1).ok_or_else(|| internal("the runtime is missing"))?;
        let pairs: Vec<KeyPair> = (0..signers).map(pair).collect();
        let balance = Amount::ai3(1000);
        let accounts = pairs
            .iter()
            .map(|pair| GenesisAccount { address: pair.public_key().address(), balance })
            .collect();
        let changes = domain.genesis(&environment, &genesis(&modules, accounts)?).map_err(internal)?;
        let tip = ParentTip { receipt_hash: Hash::ZERO, block_hash: Hash::ZERO, state_root: EMPTY_ROOT };
        let mut world = Self { environment, domain, nodes: Nodes::default(), tip, pairs };
        world.write(&changes)?;
        for first in (0..strangers).step_by(usize::try_from(BATCH).map_err(internal)?) {
            let below = BTreeMap::new();
            let mut overlay = Overlay::new(&below);
            for at in first..strangers.min(first.saturating_add(BATCH)) {
                let account = bank::Account { balance: Amount::ai3(5), nonce: Nonce(0) };
                bank::ACCOUNTS.put(&mut overlay, &stranger(at), &account);
            }
            world.write(&overlay.into_changes())?;
        }
        Ok(world)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), CliError> {
        let commit = Snapshot::new(&self.nodes, self.tip.state_root).commit(changes).map_err(internal)?;
        commit.stale.iter().for_each(|hash| drop(self.nodes.0.remove(hash)));
        self.nodes.0.extend(commit.fresh);
        self.tip.state_root = commit.root;
        Ok(())
    }

    /// A transaction of the signer of this number.
    pub(super) fn signed(&self, from: usize, calls: Vec<Call>) -> Result<OpaqueExtrinsic, CliError> {
        let pair = self.pairs.get(from).ok_or_else(|| internal("no such signer"))?;
        let transaction = Transaction {
            domain: DOMAIN,
            signer: pair.public_key(),
            nonce: Nonce(0),
            expiry: BlockNumber(1000),
            fee_limit: Amount::ai3(100),
            calls: list(calls)?,
        };
        let signed = transaction.sign(pair, &self.environment.genesis);
        Blob::new(Extrinsic::Signed(Box::new(signed)).encode()).map_err(|_| internal("too long"))
    }

    /// One transfer of each of the first `count` signers.
    pub(super) fn transfers(&self, count: usize, accounts: u32) -> Result<Vec<OpaqueExtrinsic>, CliError> {
        let to = |at: usize| u32::try_from(at).map(|at| stranger(at.wrapping_mul(331) % accounts.max(1)));
        (0..count).map(|at| self.signed(at, vec![pay(to(at).map_err(internal)?)?])).collect()
    }

    fn block(&self, bundles: &[Vec<OpaqueExtrinsic>]) -> Result<DomainBlock, CliError> {
        let weight = |bytes: &OpaqueExtrinsic| {
            let checked = self.domain.check(&self.environment, self.domain.decode(bytes).ok()?).ok()?;
            Some(checked.weight().0)
        };
        let entry = |(at, bundle): (u8, &Vec<OpaqueExtrinsic>)| {
            let hashes: Vec<Hash> = bundle.iter().map(|bytes| extrinsic_hash(bytes)).collect();
            Ok(InboxEntry {
                bundle: hash(&[at]),
                operator: OperatorId(u64::from(at)),
                vrf: VrfSignature { pre_output: [at; 32], proof: [0; 64] },
                extrinsics_root: merkle_root(&hashes),
                extrinsics: u32::try_from(bundle.len()).map_err(internal)?,
                bytes: bundle.iter().map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)).sum(),
                weight: bundle.iter().filter_map(weight).sum(),
                storage_fee: Amount::from_base_units(1),
            })
        };
        let inbox = (0..=u8::MAX).zip(bundles).map(entry).collect::<Result<_, CliError>>()?;
        let inherent = Inherent {
            number: BlockNumber(1),
            consensus_number: BlockNumber(1),
            consensus_hash: Hash::ZERO,
            mmr_root: Hash::ZERO,
            slot: Slot(6),
            byte_fee: Amount::from_base_units(1000),
            runtime_version: 1,
        };
        Ok(DomainBlock { inherent, seed: hash(b"order"), range: u64::MAX, inbox: list(inbox)? })
    }

    /// Derives the block of these bundles.
    pub(super) fn scene(&self, bundles: Vec<Vec<OpaqueExtrinsic>>) -> Result<Scene<'_>, CliError> {
        let block = self.block(&bundles)?;
        let rules = BlockRules { domain: &*self.domain, environment: &self.environment, block: &block };
        let derived = derive(&rules, &bundles, self)?;
        Ok(Scene { world: self, block, bundles, derived })
    }
}

fn derive(
    rules: &BlockRules<'_>,
    bundles: &[Vec<OpaqueExtrinsic>],
    world: &World,
) -> Result<Derived, CliError> {
    let slices: Vec<&[OpaqueExtrinsic]> = bundles.iter().map(Vec::as_slice).collect();
    execute(rules, &slices, &world.tip, &world.nodes).map_err(internal)
}

impl Scene<'_> {
    pub(super) fn rules(&self) -> BlockRules<'_> {
        let world = self.world;
        BlockRules { domain: &*world.domain, environment: &world.environment, block: &self.block }
    }

    /// Derives the block again.
    pub(super) fn derive(&self) -> Result<Derived, CliError> {
        derive(&self.rules(), &self.bundles, self.world)
    }

    /// A dispute of `receipt`.
    pub(super) fn claim<'a>(&'a self, receipt: &'a ExecutionReceipt) -> Claim<'a> {
        Claim { rules: self.rules(), parent: &self.world.tip, receipt }
    }

    /// The proof that the receipt as `change` leaves it is wrong, with that receipt.
    pub(super) fn prove(
        &self,
        change: impl FnOnce(&mut ExecutionReceipt) -> Option<()>,
    ) -> Result<(ExecutionReceipt, FraudProof), CliError> {
        let mut bad = self.derived.receipt.clone();
        change(&mut bad).ok_or_else(|| internal("the receipt is another than expected"))?;
        bad.trace_root = merkle_root(&bad.trace);
        bad.final_state_root = bad.trace.last().copied().unwrap_or_default();
        let bundles: Vec<&[OpaqueExtrinsic]> = self.bundles.iter().map(Vec::as_slice).collect();
        let evidence = Evidence { bundles: &bundles, derived: &self.derived, source: &self.world.nodes };
        let proof = prove(&self.claim(&bad), &evidence).map_err(internal)?;
        Ok((bad, proof.ok_or_else(|| internal("nothing is wrong"))?))
    }
}

/// A receipt for a bundle's header.
pub(super) fn any_receipt() -> ExecutionReceipt {
    let header = DomainHeader {
        domain: DOMAIN,
        number: BlockNumber(1),
        parent_hash: Hash::ZERO,
        extrinsics_root: merkle_root(&[]),
        state_root: EMPTY_ROOT,
    };
    let trace = vec![EMPTY_ROOT, EMPTY_ROOT];
    ExecutionReceipt {
        domain: DOMAIN,
        number: header.number,
        block_hash: header.hash(),
        extrinsics_root: header.extrinsics_root,
        parent_receipt: Hash::ZERO,
        consensus_number: BlockNumber(1),
        consensus_hash: Hash::ZERO,
        bundles: List::default(),
        final_state_root: EMPTY_ROOT,
        trace_root: merkle_root(&trace),
        trace: List::new(trace).unwrap_or_default(),
        fees: BlockFees::default(),
        transfers: Transfers::default(),
    }
}
