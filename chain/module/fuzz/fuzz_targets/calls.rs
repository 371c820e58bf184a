//! Calls of a signed transaction, run over the state of a small domain.

#![no_main]

use auto_core::{
    Amount, Blob, BlockNumber, Call, DomainConfig, DomainId, GenesisAccount, GenesisDomain, Hash, KeyPair,
    List, ModuleGenesis, Nonce, OperatorAllowList, Preset, ProtocolParams, Slot, TRANSACTION_CALLS_MAX,
    Transaction, decode_strict,
};
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use auto_module::{Contents, Domain, Environment, Extrinsic, Inherent, Module, Outcome, Runtime, module};
use auto_state::Overlay;
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::LazyLock;

type Calls = List<Call, TRANSACTION_CALLS_MAX>;

struct Place {
    runtime: Runtime,
    environment: Environment,
    pair: KeyPair,
    before: Contents,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let runtime = Runtime::new(1, vec![module::<Bank>(), module::<Messages>()]).expect("bank first");
    let params = ProtocolParams::preset(Preset::Test);
    let environment = Environment { params, genesis: Hash([7; 32]), domain: DomainId(1) };
    let pair = KeyPair::from_secret(&[1; 32]);
    let owner = pair.public_key().address();
    let messages = MessagesGenesis {
        allowed: List::new(vec![DomainId(2)]).expect("one"),
        established: List::new(vec![DomainId::CONSENSUS]).expect("one"),
    };
    let configured = |module, genesis| ModuleGenesis { module, genesis: Blob::new(genesis).expect("short") };
    let name = Blob::new(b"noise".to_vec()).expect("short");
    let config = DomainConfig {
        name: name.clone(),
        bundle_bytes_max: 1 << 16,
        bundle_weight_max: u64::MAX,
        bundle_probability: (1, 1),
        operators: OperatorAllowList::Anyone,
    };
    let genesis = GenesisDomain {
        owner,
        config,
        runtime: name,
        modules: List::new(vec![configured(Bank::ID, vec![]), configured(Messages::ID, messages.encode())])
            .expect("two"),
        accounts: List::new(vec![GenesisAccount { address: owner, balance: Amount::ai3(1000) }])
            .expect("one"),
    };
    let changes = runtime.genesis(&environment, &genesis).expect("it starts");
    let before = changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Place { runtime, environment, pair, before }
});

/// Whatever the calls are, the block goes on, and what holds after every block holds.
fn check(bytes: &[u8]) {
    let Ok(calls) = decode_strict::<Calls>(bytes, 1 << 17) else { return };
    assert_eq!(calls.encode(), bytes);
    let Place { runtime, environment, pair, before } = &*PLACE;
    let transaction = Transaction {
        domain: environment.domain,
        signer: pair.public_key(),
        nonce: Nonce(0),
        expiry: BlockNumber(9),
        fee_limit: Amount::ai3(100),
        calls,
    };
    let signed = transaction.sign(pair, &environment.genesis);
    let Ok(checked) = runtime.check(environment, Extrinsic::Signed(Box::new(signed))) else { return };
    let inherent = Inherent {
        number: BlockNumber(1),
        consensus_number: BlockNumber(3),
        consensus_hash: Hash([3; 32]),
        mmr_root: Hash([4; 32]),
        slot: Slot(9),
        byte_fee: Amount::from_base_units(1000),
        runtime_version: 1,
    };
    let mut state = Overlay::new(before);
    runtime.initialize(environment, &inherent, &mut state).expect("readable");
    assert_eq!(runtime.legal(environment, &inherent, &checked, &state), Ok(()));
    let executed = runtime.apply(environment, &inherent, &checked, &mut state).expect("readable");
    if matches!(executed.outcome, Outcome::Failed { .. } | Outcome::Skipped { .. }) {
        assert!(executed.events.is_empty());
    }
    runtime.finalize(environment, &inherent, &mut state).expect("readable");
    let mut after = before.clone();
    for (key, value) in state.into_changes() {
        match value {
            Some(value) => drop(after.insert(key, value)),
            None => drop(after.remove(&key)),
        }
    }
    for invariant in runtime.invariants() {
        (invariant.check)(before, &after).unwrap_or_else(|error| panic!("{}: {error}", invariant.name));
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
