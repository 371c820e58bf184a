//! Messages with their proofs, as anybody relays them.

#![no_main]

use auto_core::{BlockNumber, DomainId, EXTRINSIC_BYTES_MAX, Hash, Preset, ProtocolParams, decode_strict};
use auto_module::Contents;
use auto_module::messages::{self, BankTill, Post, Relay};
use auto_state::Overlay;
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::LazyLock;

const HERE: DomainId = DomainId(1);
const OTHER: DomainId = DomainId(2);

static PARAMS: LazyLock<ProtocolParams> = LazyLock::new(|| ProtocolParams::preset(Preset::Test));

/// A domain that deals with the consensus chain and another domain, and knows a root of the mountain range.
static BEFORE: LazyLock<Contents> = LazyLock::new(|| {
    let empty = Contents::new();
    let mut state = Overlay::new(&empty);
    let mut till = BankTill { params: &PARAMS };
    let post = Post::new(HERE, &PARAMS, &mut till);
    messages::allow(&mut state, OTHER);
    messages::allow(&mut state, DomainId::CONSENSUS);
    messages::establish(&post, &mut state, DomainId::CONSENSUS).expect("allowed");
    messages::record_root(&mut state, &PARAMS, BlockNumber(1), BlockNumber(5), &Hash([4; 32]))
        .expect("readable");
    state.into_changes().into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
});

/// What decodes is canonical, and no proof out of noise holds: not of the root that is known, nor of any other.
fn check(bytes: &[u8]) {
    let Ok(relay) = decode_strict::<Relay>(bytes, EXTRINSIC_BYTES_MAX) else { return };
    assert_eq!(relay.encode(), bytes);
    let _ = relay.message.sender();
    let before = &*BEFORE;
    assert!(messages::verify(before, &relay).is_err());
    assert!(messages::legal(HERE, before, &relay).is_err());
    // A message may be whatever a faulty chain sends: it is received or refused, and what it wrote is bounded.
    let mut state = Overlay::new(before);
    let mut till = BankTill { params: &PARAMS };
    let _ = Post::new(HERE, &PARAMS, &mut till).receive(&mut state, &relay.message);
    assert!(state.into_changes().len() <= 16);
}

fuzz_target!(|bytes: &[u8]| check(bytes));
