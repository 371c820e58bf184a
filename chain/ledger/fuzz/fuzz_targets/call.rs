//! Calls of the consensus chain, evidence among them.

#![no_main]

use auto_core::{Call, Hash, decode_strict};
use auto_ledger::{LedgerCall, MODULE};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical and goes back into a transaction as it was; evidence out of noise proves nothing.
fn check(bytes: &[u8]) {
    let Ok(call) = decode_strict::<LedgerCall>(bytes, Call::PAYLOAD_MAX) else { return };
    assert_eq!(call.encode(), bytes);
    if let LedgerCall::ReportEquivocation(evidence) = &call {
        assert!(evidence.verify(&Hash([0x5a; 32])).is_err());
    }
    let call = call.into_call().expect("as long as it was");
    assert_eq!((call.module, &*call.payload), (MODULE, bytes));
}

fuzz_target!(|bytes: &[u8]| check(bytes));
