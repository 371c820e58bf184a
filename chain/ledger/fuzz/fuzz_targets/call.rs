//! Calls of the consensus chain, evidence among them.

#![no_main]

use auto_core::{
    Amount, BlockNumber, Call, DomainId, Hash, KeyPair, List, Nonce, Preset, ProtocolParams, Transaction,
    decode_strict,
};
use auto_ledger::{LedgerCall, MODULE, Rules};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::plain(ProtocolParams::preset(Preset::Test), Hash([0x5a; 32])));

/// What decodes is canonical and goes back into a transaction as it was, which every node checks before it holds
/// it; evidence out of noise proves nothing.
fn check(bytes: &[u8]) {
    let Ok(call) = decode_strict::<LedgerCall>(bytes, Call::PAYLOAD_MAX) else { return };
    assert_eq!(call.encode(), bytes);
    let is_evidence = matches!(call, LedgerCall::ReportEquivocation(_));
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
    let signed = transaction.sign(&pair, &RULES.genesis);
    match auto_ledger::check(&RULES, &signed) {
        Ok(checked) => assert!(!is_evidence && *checked.signed() == signed),
        Err(error) => assert!(!error.is_fatal(), "{error}"),
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
