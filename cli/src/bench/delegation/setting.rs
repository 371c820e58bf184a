//! A state with people, organisations, agents and helpers, each helper with the last grant of a chain.

use crate::error::{CliError, internal};
use auto_agents::{Act, Agents, Call, Deposit, Intent, audience};
use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, DomainName, GenesisAccount, GenesisDomain, Hash,
    KeyPair, List, ModuleGenesis, Nonce, OpaqueExtrinsic, OperatorAllowList, OperatorId, Preset,
    ProtocolParams, Slot, Transaction, VrfSignature, extrinsic_hash, merkle_root,
};
use auto_domains::derive::ParentTip;
use auto_domains::state::{DomainBlock, InboxEntry};
use auto_module::bank::Bank;
use auto_module::{Contents, Domain, Environment, Extrinsic, Inherent, Module, Outcome, Runtimes};
use auto_registry::{Registry, ids};
use auto_state::{Changes, EMPTY_ROOT, MemoryNodes, Overlay, Snapshot};
use autoid::{Autoid, AutoidGenesis, Incept, RegisterGrant};
use autoid_core::{
    Asset, Authority, AutoId, Genesis, Grant, GrantId, Inception, Key, KeyOf, KeySet, Kind, KindSet, Meter,
    Mode, Payee, Policy, Relations, Reversibility, RevocationPlace, Sign, Sign1, Signer, Spend, Time,
};
use autoid_interface::network_of;
use ed25519_dalek::SigningKey;
use parity_scale_codec::Encode;
use std::sync::Arc;

const CLOCK: u64 = 1_800_000_000;
const ONE: u128 = Amount::ai3(1).base_units();
const BUNDLES: usize = 24;
const MODULES: [&str; 3] = ["bank", "autoid", "agents"];

/// An identity and its key.
pub(super) type Actor = (AutoId, SigningKey);

/// Person, organisation, agent and helper, and the grants from each to the next.
pub(super) struct Chain {
    pub(super) actors: Vec<Actor>,
    pub(super) grants: Vec<Sign1<Grant>>,
}

/// The state and what it takes to go on from it.
pub(super) struct Setting {
    pub(super) domain: Arc<dyn Domain>,
    pub(super) environment: Environment,
    /// The state as a tree, and as keys and values.
    pub(super) nodes: MemoryNodes,
    pub(super) contents: Contents,
    pub(super) tip: ParentTip,
    pub(super) network: Genesis,
    pub(super) chains: Vec<Chain>,
}

fn pair(number: u16) -> KeyPair {
    let mut secret = [7; 32];
    secret[..2].copy_from_slice(&number.to_le_bytes());
    KeyPair::from_secret(&secret)
}

fn key(number: u64) -> SigningKey {
    let mut secret = [9; 32];
    secret[..8].copy_from_slice(&number.to_le_bytes());
    SigningKey::from_bytes(&secret)
}

fn list<T, const MAX: usize>(values: Vec<T>) -> Result<List<T, MAX>, CliError> {
    List::new(values).map_err(|_| internal("the list is too long"))
}

fn encoded<M: Module>(call: &M::Call) -> Result<auto_core::Call, CliError> {
    M::encode_call(call).ok_or_else(|| internal("the call is too long"))
}

/// Writes what a block changed.
pub(super) fn write(contents: &mut Contents, changes: Changes) {
    for (key, value) in changes {
        match value {
            Some(value) => contents.insert(key, value),
            None => contents.remove(&key),
        };
    }
}

/// What the consensus chain says to a block: the first sets the state up.
pub(super) fn inherent(number: u64) -> Inherent {
    Inherent {
        number: BlockNumber(number),
        consensus_number: BlockNumber(number),
        consensus_hash: Hash::ZERO,
        mmr_root: Hash::ZERO,
        slot: Slot(number.saturating_mul(6)),
        byte_fee: Amount::from_base_units(1000),
        runtime_version: 1,
    }
}

/// Collects the calls that set the state up.
struct Draft {
    network: Genesis,
    drawn: u64,
    calls: Vec<auto_core::Call>,
}

impl Draft {
    const fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.saturating_add(1);
        self.drawn
    }

    fn identity(&mut self, kind: Kind, parent: Option<&Actor>) -> Result<Actor, CliError> {
        let own = key(self.draw());
        let all = Key { kid: 1, key: own.public_key(), relations: Relations::ALL, not_after: None };
        let keys = KeySet::new(vec![all], 1).map_err(internal)?;
        let any =
            Authority { is_ca: true, path_len: None, kinds: KindSet::of(&Kind::ALL), name_subtree: None };
        let inception = Inception {
            kind,
            next: keys.commitment(),
            keys,
            recovery: None,
            parent: parent.map(|(id, _)| *id),
            issuers: Vec::new(),
            threshold: 0,
            salt: u128::from(self.draw()).to_le_bytes(),
            authority: any,
        };
        let id = inception.id(&self.network);
        let mut signed = Sign::new(inception).map_err(internal)?;
        for (identity, key) in [Some((&id, &own)), parent.map(|(id, key)| (id, key))].into_iter().flatten() {
            let by = KeyOf { identity: *identity, kid: 1 };
            signed = signed.signed(&self.network, by, key).map_err(internal)?;
        }
        self.calls.push(encoded::<Autoid>(&autoid::Call::Incept(Incept { inception: signed.into() }))?);
        Ok((id, own))
    }

    fn grant(
        &mut self,
        (from, key): &Actor,
        to: AutoId,
        above: Option<&Sign1<Grant>>,
        sub: AutoId,
    ) -> Result<Sign1<Grant>, CliError> {
        let meter =
            Meter { asset: Asset::AI3, per_call: ONE, window: None, total: 1_000 * ONE, mode: Mode::Shared };
        let index = u32::try_from(self.draw() % 8_192).map_err(internal)?;
        let grant = Grant {
            iss: *from,
            aud: to,
            sub,
            cmd: vec!["/pay".parse().map_err(internal)?],
            res: vec!["meeting:**".parse().map_err(internal)?],
            pol: Policy::default(),
            payees: None,
            nbf: Time(CLOCK),
            exp: Time(CLOCK + 1_000_000),
            max_depth: above.map_or(4, |above| above.body().max_depth.saturating_sub(1)),
            max_staleness: 10,
            rev: RevocationPlace { list: 0, index },
            epoch: 0,
            iss_seq: 0,
            parent: above.map(|above| above.id(&self.network)),
            meters: vec![meter],
            calls: Some(1_000),
            class: Reversibility::Compensable,
            approve_over: None,
            dangerous: false,
            nonce: u128::from(self.draw()).to_le_bytes(),
        };
        let signed = Sign1::sign(grant, &self.network, 1, key).map_err(internal)?;
        let call = autoid::Call::RegisterGrant(RegisterGrant { grant: signed.clone().into() });
        self.calls.push(encoded::<Autoid>(&call)?);
        Ok(signed)
    }

    fn chain(&mut self) -> Result<Chain, CliError> {
        let mut actors: Vec<Actor> = Vec::new();
        for kind in [Kind::Human, Kind::Org, Kind::Agent, Kind::Agent] {
            let next = self.identity(kind, actors.last())?;
            actors.push(next);
        }
        let owner = actors.first().map(|(id, _)| *id).ok_or_else(|| internal("nobody is there"))?;
        let deposit = Call::Deposit(Deposit { to: owner, amount: Amount::ai3(500) });
        self.calls.push(encoded::<Agents>(&deposit)?);
        let mut grants: Vec<Sign1<Grant>> = Vec::new();
        for (from, to) in actors.iter().zip(actors.iter().skip(1)) {
            let next = self.grant(from, to.0, grants.last(), owner)?;
            grants.push(next);
        }
        Ok(Chain { actors, grants })
    }
}

impl Chain {
    pub(super) fn ids(&self, network: &Genesis) -> Vec<GrantId> {
        self.grants.iter().map(|grant| grant.id(network)).collect()
    }

    /// The helper's call to pay one AI3, the `number`th.
    pub(super) fn call(
        &self,
        network: &Genesis,
        intent: &Intent,
        number: u64,
    ) -> Result<Sign1<autoid_core::Call>, CliError> {
        let (helper, key) = self.actors.last().ok_or_else(|| internal("nobody is there"))?;
        let payee = Payee::Address(pair(0).public_key().address().0);
        let call = autoid_core::Call {
            iss: *helper,
            aud: audience(network),
            chain: self.ids(network),
            cmd: "/pay".parse().map_err(internal)?,
            res: "meeting:room/7".parse().map_err(internal)?,
            class: Reversibility::Compensable,
            args_hash: [0; 32],
            args: None,
            spend: Some(Spend { asset: Asset::AI3, amount: ONE, payee }),
            call_id: u128::from(number).to_le_bytes(),
            exp: Time(CLOCK + 300),
            binding: None,
            intent: intent.digest(),
        };
        Sign1::sign(call, network, 1, key).map_err(internal)
    }
}

impl Setting {
    /// A state with so many chains of three grants.
    pub(super) fn new(chains: u16) -> Result<Self, CliError> {
        let modules = ids(MODULES).ok_or_else(|| internal("a module is missing"))?;
        let domain = Registry::new().domain(&modules, 1).ok_or_else(|| internal("the runtime is missing"))?;
        let params = ProtocolParams::preset(Preset::Production);
        let environment = Environment { params, genesis: Hash([1; 32]), domain: DomainId(1) };
        let network = network_of(&environment.genesis, environment.domain);
        let changes = domain.genesis(&environment, &genesis(chains)?).map_err(internal)?;
        let mut contents: Contents =
            changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();

        let mut draft = Draft { network, drawn: 0, calls: Vec::new() };
        let made = (0..chains).map(|_| draft.chain()).collect::<Result<Vec<_>, _>>()?;
        // One account more than chains: it sets the state up.
        let calls = (0..).zip(draft.calls);
        let signed = calls.map(|(nonce, call)| transaction(&environment, &pair(chains), nonce, call));
        let signed = signed.collect::<Result<Vec<_>, _>>()?;
        let changes = run(&*domain, &environment, &contents, 1, &signed)?;
        write(&mut contents, changes);
        let whole = contents.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&whole).map_err(internal)?;
        let tip = ParentTip { receipt_hash: Hash::ZERO, block_hash: Hash::ZERO, state_root: commit.root };
        let nodes = commit.fresh.into_iter().collect();
        Ok(Self { domain, environment, nodes, contents, tip, network, chains: made })
    }

    /// Bundles with `each` acts of every chain, carried by an account of its own.
    pub(super) fn acts(&self, each: u16) -> Result<Vec<Vec<OpaqueExtrinsic>>, CliError> {
        let intent = Intent { policy: Hash([1; 32]), model: Hash([2; 32]), inputs: Hash([3; 32]) };
        let mut all = Vec::new();
        for nonce in 0..u64::from(each) {
            for (number, chain) in (0..).zip(&self.chains) {
                let call = chain.call(&self.network, &intent, nonce)?.into();
                let act = Call::Act(Box::new(Act { call, approvals: List::default(), intent }));
                let call = encoded::<Agents>(&act)?;
                all.push(transaction(&self.environment, &pair(number), nonce, call)?);
            }
        }
        Ok(all.chunks(all.len().div_ceil(BUNDLES)).map(<[_]>::to_vec).collect())
    }

    /// A transaction with a call of the module `autoid`, of the account that set the state up.
    pub(super) fn identity_call(&self, call: &autoid::Call, nonce: u64) -> Result<OpaqueExtrinsic, CliError> {
        let by = u16::try_from(self.chains.len()).map_err(internal)?;
        transaction(&self.environment, &pair(by), nonce, encoded::<Autoid>(call)?)
    }

    fn weight(&self, bytes: &OpaqueExtrinsic) -> Result<u64, CliError> {
        let decoded = self.domain.decode(bytes).map_err(internal)?;
        Ok(self.domain.check(&self.environment, decoded).map_err(internal)?.weight().0)
    }

    /// The block of these bundles, the second.
    pub(super) fn block(&self, bundles: &[Vec<OpaqueExtrinsic>]) -> Result<DomainBlock, CliError> {
        let entry = |(at, bundle): (u8, &Vec<OpaqueExtrinsic>)| {
            let hashes: Vec<Hash> = bundle.iter().map(|bytes| extrinsic_hash(bytes)).collect();
            Ok(InboxEntry {
                bundle: Hash([at; 32]),
                operator: OperatorId(u64::from(at)),
                vrf: VrfSignature { pre_output: [at; 32], proof: [0; 64] },
                extrinsics_root: merkle_root(&hashes),
                extrinsics: u32::try_from(bundle.len()).map_err(internal)?,
                bytes: bundle.iter().map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)).sum(),
                weight: bundle.iter().map(|bytes| self.weight(bytes)).sum::<Result<_, _>>()?,
                storage_fee: Amount::from_base_units(1),
            })
        };
        let inbox = (0..=u8::MAX).zip(bundles).map(entry).collect::<Result<_, CliError>>()?;
        Ok(DomainBlock { inherent: inherent(2), seed: Hash([3; 32]), range: u64::MAX, inbox: list(inbox)? })
    }
}

/// Runs a block of these transactions, all of which must take effect, and tells what it changed.
pub(super) fn run(
    domain: &dyn Domain,
    environment: &Environment,
    contents: &Contents,
    number: u64,
    extrinsics: &[OpaqueExtrinsic],
) -> Result<Changes, CliError> {
    let (mut state, inherent) = (Overlay::new(contents), inherent(number));
    domain.initialize(environment, &inherent, &mut state).map_err(internal)?;
    for bytes in extrinsics {
        let checked = domain.check(environment, domain.decode(bytes).map_err(internal)?).map_err(internal)?;
        let executed = domain.apply(environment, &inherent, &checked, &mut state).map_err(internal)?;
        if executed.outcome != Outcome::Applied {
            return Err(internal(format!("a transaction ended as {:?}", executed.outcome)));
        }
    }
    domain.finalize(environment, &inherent, &mut state).map_err(internal)?;
    Ok(state.into_changes())
}

fn genesis(chains: u16) -> Result<GenesisDomain, CliError> {
    let autoid = AutoidGenesis { clock: CLOCK, ..AutoidGenesis::default() };
    let modules = [(Bank::ID, Vec::new()), (Autoid::ID, autoid.encode()), (Agents::ID, Vec::new())];
    let modules = modules.into_iter().map(|(module, genesis)| {
        let genesis = Blob::new(genesis).map_err(|_| internal("the genesis is too long"))?;
        Ok(ModuleGenesis { module, genesis })
    });
    let account = |number| GenesisAccount {
        address: pair(number).public_key().address(),
        balance: Amount::ai3(1_000_000),
    };
    Ok(GenesisDomain {
        owner: pair(0).public_key().address(),
        config: DomainConfig {
            name: DomainName::default(),
            bundle_bytes_max: u32::MAX,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: DomainName::default(),
        modules: list(modules.collect::<Result<_, CliError>>()?)?,
        accounts: list((0..=chains).map(account).collect())?,
    })
}

fn transaction(
    environment: &Environment,
    by: &KeyPair,
    nonce: u64,
    call: auto_core::Call,
) -> Result<OpaqueExtrinsic, CliError> {
    let transaction = Transaction {
        domain: environment.domain,
        signer: by.public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(1_000),
        fee_limit: Amount::ai3(100),
        calls: list(vec![call])?,
    };
    let signed = transaction.sign(by, &environment.genesis);
    Blob::new(Extrinsic::Signed(Box::new(signed)).encode()).map_err(|_| internal("too long"))
}
