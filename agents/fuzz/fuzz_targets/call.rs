//! Calls, as transactions carry them.

#![no_main]

use auto_agents::{Agents, Call};
use auto_core::{Address, Amount, BlockNumber, DomainId, Hash, Preset, ProtocolParams, Slot, decode_strict};
use auto_module::{BlockContext, CallContext, Contents, Environment, Events, INHERENT, Inherent, Module};
use auto_state::Overlay;
use autoid_interface::{CLOCK, Clock};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical, has a weight, and is refused without a panic over an empty state, where nobody has
/// an identity.
fn check(bytes: &[u8]) {
    let Ok(call) = decode_strict::<Call>(bytes, 1 << 16) else { return };
    assert_eq!(call.encode(), bytes);
    assert!(Agents::weight(&call).0 > 0);
    let params = ProtocolParams::preset(Preset::Test);
    let environment = Environment { params, genesis: Hash([1; 32]), domain: DomainId(1) };
    let inherent = Inherent {
        number: BlockNumber(1),
        consensus_number: BlockNumber(1),
        consensus_hash: Hash::ZERO,
        mmr_root: Hash::ZERO,
        slot: Slot(1),
        byte_fee: Amount::ZERO,
        runtime_version: 1,
    };
    let nothing = Contents::new();
    let mut state = Overlay::new(&nothing);
    INHERENT.put(&mut state, &inherent);
    CLOCK.put(&mut state, &Clock { start: 1, slot_duration_ms: 250 });
    let block = BlockContext { environment: &environment, inherent: &inherent };
    let cx = CallContext { block, signer: Address([2; 32]), extrinsic: Hash::ZERO, call: 0 };
    assert!(Agents::apply(&call, &cx, &mut state, &mut Events::new()).is_err());
}

fuzz_target!(|bytes: &[u8]| check(bytes));
