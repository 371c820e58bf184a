//! Orders, outcomes and settlements in their envelopes.

#![no_main]

use auto_agents::{Order, Outcome, Settlement};
use autoid_core::signed::Body;
use autoid_core::{Sign, Sign1};
use libfuzzer_sys::fuzz_target;

/// What decodes is canonical, and so is the body in it.
fn by_one<T: Body>(bytes: &[u8]) {
    let Ok(statement) = Sign1::<T>::from_cose(bytes) else { return };
    assert_eq!(statement.to_cose(), bytes);
    assert_eq!(statement.body().to_cbor(), statement.payload());
}

/// The same of a statement by several keys.
fn by_several<T: Body>(bytes: &[u8]) {
    let Ok(statement) = Sign::<T>::from_cose(bytes) else { return };
    assert_eq!(statement.to_cose(), bytes);
    assert_eq!(statement.body().to_cbor(), statement.payload());
}

fuzz_target!(|bytes: &[u8]| {
    by_one::<Outcome>(bytes);
    by_one::<Settlement>(bytes);
    by_several::<Order>(bytes);
});
