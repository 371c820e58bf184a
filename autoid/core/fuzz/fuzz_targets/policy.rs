//! Policies, and arguments for them: a length of two bytes, the policy, the arguments.

#![no_main]

use autoid_core::cbor::Canonical;
use autoid_core::policy::{Policy, Value};
use libfuzzer_sys::fuzz_target;

/// What decodes is canonical; a policy judges any arguments in bounded work; more statements allow no more.
fn check(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else { return };
    let at = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (policy, args) = rest.split_at(at);
    let Ok(policy) = Policy::from_cbor(policy, 4_000) else { return };
    assert_eq!(policy.check(), Ok(()));
    let _ = policy.to_string();
    let Ok(args) = Value::from_cbor(args, 4_000) else { return };
    if policy.allow(&args, 0).is_ok() {
        for statement in &policy.0 {
            assert_eq!(Policy(vec![statement.clone()]).allow(&args, 0), Ok(()));
        }
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
