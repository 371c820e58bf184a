//! A state with people, organisations, agents and helpers, each of which holds the last grant of a chain.

use auto_agents::{Act, Agents, Call, Deposit, Intent, audience};
use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, DomainName, GenesisAccount, GenesisDomain, Hash,
    KeyPair, List, ModuleGenesis, Nonce, OpaqueExtrinsic, OperatorAllowList, OperatorId, Preset,
    ProtocolParams, Slot, Transaction, VrfSignature, extrinsic_hash, merkle_root,
};
use auto_domains::derive::ParentTip;
use auto_domains::state::{DomainBlock, InboxEntry};
use auto_module::bank::Bank;
use auto_module::{Contents, Domain, Environment, Extrinsic, Inherent, Module, Outcome, Runtime, module};
use auto_state::{EMPTY_ROOT, MemoryNodes, Overlay, Snapshot};
use autoid::{Autoid, AutoidGenesis, Incept, RegisterGrant};
use autoid_core::keys::next_commitment;
use autoid_core::{
    Asset, Authority, AutoId, Genesis, Grant, GrantId, Inception, Key, KeyOf, KeySet, Kind, KindSet, Meter,
    Mode, Payee, Policy, Relations, Reversibility, RevocationPlace, Sign, Sign1, Signer, Spend, Time,
};
use autoid_interface::{Envelope, network_of};
use ed25519_dalek::SigningKey;
use parity_scale_codec::Encode;

const CLOCK: u64 = 1_800_000_000;
const ONE: u128 = 1_000_000_000_000_000_000;
const BUNDLES: usize = 24;

pub(crate) struct Setting {
    pub(crate) runtime: Runtime,
    pub(crate) environment: Environment,
    pub(crate) nodes: MemoryNodes,
    pub(crate) tip: ParentTip,
    network: Genesis,
    chains: Vec<Chain>,
}

struct Chain {
    helper: (AutoId, SigningKey),
    grants: Vec<GrantId>,
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

/// The inherent of the first block, which sets the state up, or of the second.
fn inherent(number: u64) -> Inherent {
    Inherent {
        number: BlockNumber(number),
        consensus_number: BlockNumber(number),
        consensus_hash: Hash::ZERO,
        mmr_root: Hash::ZERO,
        slot: Slot(number * 6),
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
    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    fn identity(&mut self, kind: Kind, parent: Option<&(AutoId, SigningKey)>) -> (AutoId, SigningKey) {
        let own = key(self.draw());
        let set = Key { kid: 1, key: own.public_key(), relations: Relations::ALL, not_after: None };
        let keys = KeySet::new(vec![set], 1).unwrap();
        let inception = Inception {
            kind,
            next: next_commitment(&keys),
            keys,
            recovery: None,
            parent: parent.map(|(id, _)| *id),
            issuers: Vec::new(),
            threshold: 0,
            salt: u128::from(self.draw()).to_le_bytes(),
            authority: Authority {
                is_ca: true,
                path_len: None,
                kinds: KindSet::of(&Kind::ALL),
                name_subtree: None,
            },
        };
        let id = inception.id(&self.network);
        let signed = Sign::new(inception).unwrap();
        let mut signed = signed.signed(&self.network, KeyOf { identity: id, kid: 1 }, &own).unwrap();
        if let Some((parent, key)) = parent {
            signed = signed.signed(&self.network, KeyOf { identity: *parent, kid: 1 }, key).unwrap();
        }
        let call = autoid::Call::Incept(Incept { inception: Envelope::from(signed) });
        self.calls.push(Autoid::encode_call(&call).unwrap());
        (id, own)
    }

    fn grant(
        &mut self,
        (from, key): &(AutoId, SigningKey),
        to: AutoId,
        above: Option<&(GrantId, Grant)>,
        sub: AutoId,
    ) -> (GrantId, Grant) {
        let meter =
            Meter { asset: Asset::AI3, per_call: ONE, window: None, total: 1_000 * ONE, mode: Mode::Shared };
        let grant = Grant {
            iss: *from,
            aud: to,
            sub,
            cmd: vec!["/pay".parse().unwrap()],
            res: vec!["meeting:**".parse().unwrap()],
            pol: Policy::default(),
            payees: None,
            nbf: Time(CLOCK),
            exp: Time(CLOCK + 1_000_000),
            max_depth: above.map_or(4, |(_, above)| above.max_depth - 1),
            max_staleness: 10,
            rev: RevocationPlace { list: 0, index: u32::try_from(self.draw() % 8_192).unwrap() },
            epoch: 0,
            iss_seq: 0,
            parent: above.map(|(id, _)| *id),
            meters: vec![meter],
            calls: Some(1_000),
            class: Reversibility::Compensable,
            approve_over: None,
            dangerous: false,
            nonce: u128::from(self.draw()).to_le_bytes(),
        };
        let signed = Sign1::sign(grant.clone(), &self.network, 1, key).unwrap();
        let id = signed.id(&self.network);
        let call = autoid::Call::RegisterGrant(RegisterGrant { grant: Envelope::from(signed) });
        self.calls.push(Autoid::encode_call(&call).unwrap());
        (id, grant)
    }

    fn chain(&mut self) -> Chain {
        let person = self.identity(Kind::Human, None);
        let office = self.identity(Kind::Org, Some(&person));
        let agent = self.identity(Kind::Agent, Some(&office));
        let helper = self.identity(Kind::Agent, Some(&agent));
        let deposit = Call::Deposit(Deposit { to: person.0, amount: Amount::ai3(500) });
        self.calls.push(Agents::encode_call(&deposit).unwrap());
        let root = self.grant(&person, office.0, None, person.0);
        let middle = self.grant(&office, agent.0, Some(&root), person.0);
        let leaf = self.grant(&agent, helper.0, Some(&middle), person.0);
        Chain { helper, grants: vec![root.0, middle.0, leaf.0] }
    }
}

impl Setting {
    /// A state with so many chains of three grants, each with four identities of its own.
    pub(crate) fn new(chains: u16) -> Self {
        let runtime =
            Runtime::new(1, vec![module::<Bank>(), module::<Autoid>(), module::<Agents>()]).unwrap();
        let params = ProtocolParams::preset(Preset::Production);
        let environment = Environment { params, genesis: Hash([1; 32]), domain: DomainId(1) };
        let network = network_of(&environment.genesis, environment.domain);
        let autoid = AutoidGenesis { clock: CLOCK, ..AutoidGenesis::default() };
        let modules = [(Bank::ID, Vec::new()), (Autoid::ID, autoid.encode()), (Agents::ID, Vec::new())];
        let modules = modules
            .map(|(module, genesis)| ModuleGenesis { module, genesis: Blob::new(genesis).unwrap() })
            .to_vec();
        let account = |number| GenesisAccount {
            address: pair(number).public_key().address(),
            balance: Amount::ai3(1_000_000),
        };
        let genesis = GenesisDomain {
            owner: pair(0).public_key().address(),
            config: DomainConfig {
                name: DomainName::default(),
                bundle_bytes_max: u32::MAX,
                bundle_weight_max: u64::MAX,
                bundle_probability: (1, 1),
                operators: OperatorAllowList::Anyone,
            },
            runtime: DomainName::default(),
            modules: List::new(modules).unwrap(),
            accounts: List::new((0..=chains).map(account).collect()).unwrap(),
        };
        let changes = runtime.genesis(&environment, &genesis).unwrap();
        let contents: Contents = changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();

        let mut draft = Draft { network, drawn: 0, calls: Vec::new() };
        let chains: Vec<Chain> = (0..chains).map(|_| draft.chain()).collect();
        let mut state = Overlay::new(&contents);
        let inherent = inherent(1);
        runtime.initialize(&environment, &inherent, &mut state).unwrap();
        let set_up = pair(u16::try_from(chains.len()).unwrap());
        for (nonce, call) in (0..).zip(draft.calls) {
            let bytes = signed(&environment, &set_up, nonce, call);
            let checked = runtime.check(&environment, runtime.decode(&bytes).unwrap()).unwrap();
            let executed = runtime.apply(&environment, &inherent, &checked, &mut state).unwrap();
            assert!(executed.outcome == Outcome::Applied, "{:?}", executed.outcome);
        }
        runtime.finalize(&environment, &inherent, &mut state).unwrap();
        let changes = state.into_changes();
        let mut whole = contents;
        for (key, value) in changes {
            match value {
                Some(value) => whole.insert(key, value),
                None => whole.remove(&key),
            };
        }
        let whole = whole.into_iter().map(|(key, value)| (key, Some(value))).collect();
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&whole).unwrap();
        let tip = ParentTip { receipt_hash: Hash::ZERO, block_hash: Hash::ZERO, state_root: commit.root };
        Self { runtime, environment, nodes: commit.fresh.into_iter().collect(), tip, network, chains }
    }

    /// Bundles with `each` acts of every chain, carried by an account of its own.
    pub(crate) fn acts(&self, each: u16) -> Vec<Vec<OpaqueExtrinsic>> {
        let mut all = Vec::new();
        for nonce in 0..u64::from(each) {
            for (number, chain) in (0..).zip(&self.chains) {
                let call = self.act(chain, nonce);
                all.push(signed(&self.environment, &pair(number), nonce, call));
            }
        }
        all.chunks(all.len().div_ceil(BUNDLES)).map(<[_]>::to_vec).collect()
    }

    fn act(&self, chain: &Chain, number: u64) -> auto_core::Call {
        let intent = Intent { policy: Hash([1; 32]), model: Hash([2; 32]), inputs: Hash([3; 32]) };
        let (helper, key) = &chain.helper;
        let payee = Payee::Address(pair(0).public_key().address().0);
        let call = autoid_core::Call {
            iss: *helper,
            aud: audience(&self.network),
            chain: chain.grants.clone(),
            cmd: "/pay".parse().unwrap(),
            res: "meeting:room/7".parse().unwrap(),
            class: Reversibility::Compensable,
            args_hash: [0; 32],
            args: None,
            spend: Some(Spend { asset: Asset::AI3, amount: ONE, payee }),
            call_id: u128::from(number).to_le_bytes(),
            exp: Time(CLOCK + 300),
            binding: None,
            intent: intent.digest(),
        };
        let call = Sign1::sign(call, &self.network, 1, key).unwrap();
        let act = Act { call: Envelope::from(call), approvals: List::default(), intent };
        Agents::encode_call(&Call::Act(Box::new(act))).unwrap()
    }

    /// Weight of an extrinsic in nanoseconds.
    pub(crate) fn weight(&self, bytes: &OpaqueExtrinsic) -> u64 {
        let decoded = self.runtime.decode(bytes).unwrap();
        self.runtime.check(&self.environment, decoded).unwrap().weight().0
    }

    /// The block of these bundles.
    pub(crate) fn block(&self, bundles: &[Vec<OpaqueExtrinsic>]) -> DomainBlock {
        let entry = |(at, bundle): (u8, &Vec<OpaqueExtrinsic>)| {
            let hashes: Vec<Hash> = bundle.iter().map(|bytes| extrinsic_hash(bytes)).collect();
            InboxEntry {
                bundle: Hash([at; 32]),
                operator: OperatorId(u64::from(at)),
                vrf: VrfSignature { pre_output: [at; 32], proof: [0; 64] },
                extrinsics_root: merkle_root(&hashes),
                extrinsics: u32::try_from(bundle.len()).unwrap(),
                bytes: bundle.iter().map(|bytes| u64::try_from(bytes.len()).unwrap()).sum(),
                weight: bundle.iter().map(|bytes| self.weight(bytes)).sum(),
                storage_fee: Amount::from_base_units(1),
            }
        };
        let inbox = List::new((0..).zip(bundles).map(entry).collect()).unwrap();
        DomainBlock { inherent: inherent(2), seed: Hash([3; 32]), range: u64::MAX, inbox }
    }
}

fn signed(environment: &Environment, by: &KeyPair, nonce: u64, call: auto_core::Call) -> OpaqueExtrinsic {
    let transaction = Transaction {
        domain: environment.domain,
        signer: by.public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(1_000),
        fee_limit: Amount::ai3(100),
        calls: List::new(vec![call]).unwrap(),
    };
    let signed = transaction.sign(by, &environment.genesis);
    Blob::new(Extrinsic::Signed(Box::new(signed)).encode()).unwrap()
}
