//! What accounts ask of the domains.

#![no_main]

use auto_core::{
    Amount, BlockNumber, Call, DomainId, Hash, KeyPair, List, ModuleId, Nonce, Preset, ProtocolParams,
    Transaction, decode_strict,
};
use auto_domains::{Domains, DomainsCall, MODULE};
use auto_ledger::Rules;
use auto_module::{Domain, Runtimes};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::{Arc, LazyLock};

#[derive(Debug)]
struct NoRuntime;

impl Runtimes for NoRuntime {
    fn domain(&self, _: &[ModuleId], _: u32) -> Option<Arc<dyn Domain>> {
        None
    }

    fn newest(&self, _: &[ModuleId]) -> Option<u32> {
        None
    }
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let domains = Arc::new(Domains::new(Arc::new(NoRuntime)));
    Rules::new(ProtocolParams::preset(Preset::Test), Hash([7; 32]), domains)
});

/// What decodes is canonical, goes back into a transaction as it was, and is judged by the check that every node
/// runs before it holds a transaction.
fn check(bytes: &[u8]) {
    let Ok(call) = decode_strict::<DomainsCall>(bytes, Call::PAYLOAD_MAX) else { return };
    assert_eq!(call.encode(), bytes);
    let call = call.into_call().expect("as long as it was");
    assert_eq!((call.module, &*call.payload), (MODULE, bytes));
    let pair = KeyPair::from_secret(&[1; 32]);
    let transaction = Transaction {
        domain: DomainId::CONSENSUS,
        signer: pair.public_key(),
        nonce: Nonce(0),
        expiry: BlockNumber(9),
        fee_limit: Amount::ai3(1),
        calls: List::new(vec![call]).expect("one"),
    };
    let _ = auto_ledger::check(&RULES, &transaction.sign(&pair, &RULES.genesis));
}

fuzz_target!(|bytes: &[u8]| check(bytes));
