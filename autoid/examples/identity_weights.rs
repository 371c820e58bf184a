//! What each call costs beside what every transaction costs: the figures behind the weights.
//!
//! Every call is run many times over a state with ten thousand identities under one root, from the decoded call to
//! the changed overlay; the median is printed beside the weight that is charged.

#![allow(clippy::print_stdout, reason = "figures for people")]

use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, GenesisAccount, GenesisDomain, Hash, KeyPair, List,
    ModuleGenesis, OperatorAllowList, Preset, ProtocolParams, Slot,
};
use auto_module::bank::Bank;
use auto_module::{
    BlockContext, CallContext, Contents, Domain, Environment, Events, Inherent, Module, Runtime, module,
};
use auto_state::Overlay;
use autoid::{
    AttachCertificate, Autoid, AutoidGenesis, Call, CommitAlias, Incept, Operate, Params, RegisterGrant,
    RevokeGrant,
};
use autoid_certificates::{Order, issue};
use autoid_core::{
    Action, Authority, AutoId, Genesis, Grant, IdentityRecord, Inception, Key, KeyOf, KeySet, Kind, KindSet,
    Operation, Policy, PublicKey, Relations, Reversibility, RevocationPlace, Sign, Sign1, Signer, Time,
};
use autoid_interface::{IDENTITIES, network_of};
use ed25519_dalek::SigningKey;
use parity_scale_codec::Encode;
use std::error::Error;
use std::time::{Duration, Instant};

const CLOCK: u64 = 1_780_000_000;
const CROWD: u32 = 10_000;
const RUNS: usize = 41;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A key of P-256 is dearer to verify than one of Ed25519, so what is measured is signed by it.
fn key(seed: u32) -> p256::ecdsa::SigningKey {
    let bytes = auto_core::hash(&seed.to_le_bytes()).0;
    p256::ecdsa::SigningKey::from_slice(&bytes).unwrap_or_else(|_| key(seed.wrapping_add(1 << 20)))
}

fn keys(public: PublicKey) -> Outcome<KeySet> {
    let key = Key { kid: 0, key: public, relations: Relations::ALL, not_after: None };
    Ok(KeySet::new(vec![key], 1).map_err(|refusal| refusal.to_string())?)
}

/// The state of a domain, a block on it, and what is signed there.
struct Bench {
    environment: Environment,
    inherent: Inherent,
    network: Genesis,
    contents: Contents,
}

impl Bench {
    fn new() -> Outcome<Self> {
        let runtime = Runtime::new(1, vec![module::<Bank>(), module::<Autoid>()])?;
        let params = ProtocolParams::preset(Preset::Dev);
        let environment = Environment { params, genesis: Hash([1; 32]), domain: DomainId(1) };
        let contents = runtime.genesis(&environment, &domain_genesis()?)?;
        let contents = contents.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let network = network_of(&environment.genesis, environment.domain);
        let inherent = Inherent {
            number: BlockNumber(1),
            consensus_number: BlockNumber(1),
            consensus_hash: Hash::ZERO,
            mmr_root: Hash::ZERO,
            slot: Slot(1_000),
            byte_fee: Amount::from_base_units(1_000),
            runtime_version: 1,
        };
        let mut bench = Self { environment, inherent, network, contents };
        bench.write(|contents| auto_module::INHERENT.put(contents, &inherent));
        Ok(bench)
    }

    fn write(&mut self, change: impl FnOnce(&mut Overlay<'_, Contents>)) {
        let below = self.contents.clone();
        let mut overlay = Overlay::new(&below);
        change(&mut overlay);
        for (key, value) in overlay.into_changes() {
            match value {
                Some(value) => self.contents.insert(key, value),
                None => self.contents.remove(&key),
            };
        }
    }

    /// Runs a call; keeps what it did.
    fn apply(&mut self, call: &Call) -> Outcome<()> {
        let mut result = Ok(());
        let (environment, inherent) = (self.environment.clone(), self.inherent);
        self.write(|overlay| result = run(&environment, &inherent, call, overlay));
        Ok(result?)
    }

    /// Times a call; drops what it did.
    fn time(&self, name: &str, call: &Call) -> Outcome<()> {
        let bytes = call.encode();
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let start = Instant::now();
            let decoded: Call = auto_core::decode_strict(&bytes, bytes.len())?;
            let mut overlay = Overlay::new(&self.contents);
            run(&self.environment, &self.inherent, &decoded, &mut overlay)?;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let median = times.get(RUNS / 2).copied().unwrap_or(Duration::MAX);
        println!(
            "{name:28} {:>8.1} us, charged {:>8.1} us",
            median.as_secs_f64() * 1e6,
            Duration::from_nanos(Autoid::weight(call).0).as_secs_f64() * 1e6
        );
        Ok(())
    }

    fn incept(&self, seed: u32, parent: Option<(AutoId, u32)>) -> Outcome<(AutoId, Call)> {
        let body = Inception {
            kind: Kind::Org,
            keys: keys(key(seed).public_key())?,
            next: [0; 32],
            recovery: None,
            parent: parent.map(|(id, _)| id),
            issuers: Vec::new(),
            threshold: 0,
            salt: [0; 16],
            authority: Authority {
                is_ca: true,
                path_len: None,
                kinds: KindSet::of(&Kind::ALL),
                name_subtree: None,
            },
        };
        let id = body.id(&self.network);
        let by = |identity| KeyOf { identity, kid: 0 };
        let mut envelope = sound(Sign::new(body))?;
        envelope = sound(envelope.signed(&self.network, by(id), &key(seed)))?;
        if let Some((parent, seed)) = parent {
            envelope = sound(envelope.signed(&self.network, by(parent), &key(seed)))?;
        }
        Ok((id, Call::Incept(Incept { inception: envelope.into() })))
    }

    fn operation(&self, id: AutoId, seed: u32, action: Action) -> Outcome<Sign<Operation>> {
        let seq = self.record(&id)?.seq.saturating_add(1);
        let body = Operation { id, seq, valid_until: u64::MAX, action };
        sound(sound(Sign::new(body))?.signed(&self.network, KeyOf { identity: id, kid: 0 }, &key(seed)))
    }

    fn record(&self, id: &AutoId) -> Outcome<IdentityRecord> {
        Ok(IDENTITIES.get(&self.contents, id)?.ok_or("unknown")?)
    }
}

fn sound<T>(result: Result<T, autoid_core::Refusal>) -> Outcome<T> {
    Ok(result.map_err(|refusal| refusal.to_string())?)
}

fn run(
    environment: &Environment,
    inherent: &Inherent,
    call: &Call,
    overlay: &mut Overlay<'_, Contents>,
) -> Result<(), autoid::AutoidError> {
    let block = BlockContext { environment, inherent };
    let signer = pair().public_key().address();
    let cx = CallContext { block, signer, extrinsic: Hash::ZERO, call: 0 };
    Autoid::apply(call, &cx, overlay, &mut Events::new())
}

fn pair() -> KeyPair {
    KeyPair::from_secret(&[7; 32])
}

fn domain_genesis() -> Outcome<GenesisDomain> {
    let short = |bytes: &[u8]| Blob::new(bytes.to_vec()).map_err(|_| "too long");
    let account = GenesisAccount { address: pair().public_key().address(), balance: Amount::ai3(1_000_000) };
    let own = AutoidGenesis { clock: CLOCK, params: Params::default() };
    let modules = vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Autoid::ID, genesis: Blob::new(own.encode()).map_err(|_| "too long")? },
    ];
    Ok(GenesisDomain {
        owner: account.address,
        config: DomainConfig {
            name: short(b"bench")?,
            bundle_bytes_max: 1 << 16,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: short(b"bench")?,
        modules: List::new(modules).map_err(|_| "too many modules")?,
        accounts: List::new(vec![account]).map_err(|_| "too many accounts")?,
    })
}

/// A line of nine identities, each with a certificate: the deepest there is.
fn deepest(bench: &mut Bench) -> Outcome<Vec<(AutoId, u32)>> {
    let mut line: Vec<(AutoId, u32)> = Vec::new();
    for seed in 0..9 {
        let (id, call) = bench.incept(seed, line.last().copied())?;
        bench.apply(&call)?;
        line.push((id, seed));
        if seed < 8 {
            let call = certificate(bench, &line)?;
            bench.apply(&call)?;
        }
    }
    Ok(line)
}

/// The call that certifies the last of a line.
fn certificate(bench: &Bench, line: &[(AutoId, u32)]) -> Outcome<Call> {
    let records = line.iter().rev().map(|(id, _)| bench.record(id)).collect::<Outcome<Vec<_>>>()?;
    let (holder, ancestors) = records.split_first().ok_or("nobody")?;
    let (id, seed) = *line.last().ok_or("nobody")?;
    let order = Order {
        genesis: &bench.network,
        holder,
        ancestors,
        key: &key(seed).public_key(),
        serial: [1; 16],
        from: Time(CLOCK),
        to: Time(CLOCK + 300 * 86_400),
        hosts: &[],
    };
    let mut serial = order;
    serial.serial[15] = u8::try_from(line.len())?;
    let signer = line.iter().rev().nth(1).map_or(seed, |(_, seed)| *seed);
    let der = issue(&serial, &key(signer))?;
    let action = Action::AttachCertificate { certificate: auto_core::hash(&der).0 };
    let operation = bench.operation(id, seed, action)?.into();
    Ok(Call::AttachCertificate(AttachCertificate {
        operation,
        certificate: Blob::new(der).map_err(|_| "too long")?,
    }))
}

fn grant(
    bench: &Bench,
    from: (AutoId, u32),
    to: AutoId,
    above: Option<&Sign1<Grant>>,
) -> Outcome<Sign1<Grant>> {
    let body = Grant {
        iss: from.0,
        aud: to,
        sub: above.map_or(from.0, |above| above.body().sub),
        cmd: vec![sound("/pay".parse())?],
        res: vec![sound("shop:*".parse())?],
        pol: Policy(Vec::new()),
        payees: None,
        nbf: Time(CLOCK),
        exp: Time(CLOCK + 1_000_000),
        max_depth: above.map_or(7, |above| above.body().max_depth.saturating_sub(1)),
        max_staleness: 10,
        rev: RevocationPlace { list: 0, index: 0 },
        epoch: 0,
        iss_seq: 0,
        parent: above.map(|above| above.id(&bench.network)),
        meters: Vec::new(),
        calls: None,
        class: Reversibility::Read,
        approve_over: None,
        dangerous: false,
        nonce: [0; 16],
    };
    sound(Sign1::sign(body, &bench.network, 0, &key(from.1)))
}

fn main() -> Outcome<()> {
    let mut bench = Bench::new()?;
    let line = deepest(&mut bench)?;
    let (top, bottom) = (line[0], line[8]);
    // A crowd makes the map of identities as large as a busy domain's.
    let crowd = bench.record(&bottom.0)?;
    bench.write(|overlay| {
        for number in 0..CROWD {
            let id = AutoId(auto_core::hash(&number.to_be_bytes()).0);
            IDENTITIES.put(overlay, &id, &IdentityRecord { id, ..crowd.clone() });
        }
    });
    let (_, first) = bench.incept(100, Some((line[7].0, 7)))?;
    bench.time("incept, eight deep", &first)?;
    let bump = bench.operation(bottom.0, bottom.1, Action::BumpEpoch)?;
    bench.time("operate, own keys", &Call::Operate(Operate { operation: bump.into() }))?;
    let attach = certificate(&bench, &line)?;
    bench.time("attach, nine certificates", &attach)?;

    let mut chain: Vec<Sign1<Grant>> = Vec::new();
    for at in 0..8 {
        let next = grant(&bench, line[at], line[at + 1].0, chain.last())?;
        let call = Call::RegisterGrant(RegisterGrant { grant: next.clone().into() });
        if at == 7 {
            bench.time("register, eighth of a chain", &call)?;
        }
        bench.apply(&call)?;
        chain.push(next);
    }
    let target = chain.last().ok_or("no grant")?.id(&bench.network);
    let order = bench.operation(top.0, top.1, Action::RevokeGrant { grant: target })?;
    let revoke = RevokeGrant { operation: order.into(), unstored: List::default() };
    bench.time("revoke, eighth of a chain", &Call::RevokeGrant(revoke))?;
    bench.time("commit to an alias", &Call::CommitAlias(CommitAlias { commitment: Hash([5; 32]) }))?;
    // The key type of most identities, for comparison.
    let plain = SigningKey::from_bytes(&[3; 32]);
    let (message, public) = ([0; 200], plain.public_key());
    let signature = sound(Signer::sign(&plain, &message))?;
    let start = Instant::now();
    for _ in 0..RUNS {
        sound(public.verify(&message, &signature))?;
    }
    println!("one signature by Ed25519     {:>8.1} us", start.elapsed().as_secs_f64() * 1e6 / 41.0);
    Ok(())
}
