//! Extrinsics as bundles carry them.

#![no_main]

use auto_core::{DomainId, Hash, Preset, ProtocolParams};
use auto_module::bank::Bank;
use auto_module::messages::Messages;
use auto_module::{Domain, Environment, Extrinsic, Runtime, Weight, module};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::LazyLock;

static PLACE: LazyLock<(Runtime, Environment)> = LazyLock::new(|| {
    let runtime = Runtime::new(1, vec![module::<Bank>(), module::<Messages>()]).expect("bank first");
    let params = ProtocolParams::preset(Preset::Test);
    (runtime, Environment { params, genesis: Hash([7; 32]), domain: DomainId(1) })
});

/// What decodes is canonical; what is refused, is refused for the extrinsic's own sake; what passes is what it was.
fn check(bytes: &[u8]) {
    let (runtime, environment) = &*PLACE;
    let Ok(extrinsic) = runtime.decode(bytes) else { return };
    assert_eq!(extrinsic.encode(), bytes);
    let is_inherent = matches!(extrinsic, Extrinsic::Inherent(_));
    match runtime.check(environment, extrinsic.clone()) {
        Ok(checked) => {
            assert!(!is_inherent && checked.weight() <= Weight::EXTRINSIC_MAX);
            assert_eq!((checked.bytes(), checked.extrinsic()), (bytes, &extrinsic));
            assert_eq!(Some(checked.sender()), extrinsic.sender());
        }
        Err(error) => assert!(error.verdict(0).is_some(), "{error}"),
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
