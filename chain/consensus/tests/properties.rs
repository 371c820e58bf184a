//! Properties over arbitrary input: decoders and arithmetic never panic and keep their bounds.

use auto_consensus::{ChainState, SOLUTION_RANGE_MIN, next_solution_range};
use auto_core::{
    Equivocation, Hash, Preset, ProtocolParams, SegmentHeader, Slot, SolutionRange, decode_strict,
};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;

fn never_panics<T: Encode + Decode>(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(value) = decode_strict::<T>(bytes, bytes.len()) {
        prop_assert_eq!(value.encode(), bytes, "an accepted encoding is the only one of its value");
    }
    Ok(())
}

fn genesis(params: &ProtocolParams) -> ChainState {
    let segment = SegmentHeader {
        index: auto_core::SegmentIndex(0),
        commitment: auto_core::Commitment([1; 48]),
        previous_hash: Hash::ZERO,
        last_archived_block: auto_core::LastArchivedBlock {
            number: auto_core::BlockNumber(0),
            partial_bytes: None,
        },
    };
    ChainState::genesis(params, Hash([2; 32]), b"entropy", &segment).expect("the preset is valid")
}

proptest! {
    #[test]
    fn decoding_junk_never_panics(junk in proptest::collection::vec(any::<u8>(), 0..800)) {
        never_panics::<ChainState>(&junk)?;
        never_panics::<Equivocation>(&junk)?;
    }

    #[test]
    fn decoding_a_damaged_state_never_panics(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = genesis(&ProtocolParams::preset(Preset::Test)).encode();
        for (index, value) in damage {
            let index = index.index(bytes.len());
            bytes[index] = value;
        }
        never_panics::<ChainState>(&bytes)?;
    }

    #[test]
    fn a_retarget_stays_within_a_quarter_and_four_times(
        current in 2u64.., start in any::<u64>(), end in any::<u64>(), preset in 0usize..3,
    ) {
        let params = ProtocolParams::preset([Preset::Production, Preset::Dev, Preset::Test][preset]);
        let next = next_solution_range(&params, SolutionRange(current), Slot(start), Slot(end));
        prop_assert!(next >= SOLUTION_RANGE_MIN);
        prop_assert!(next.0 >= current / 4 && next.0 <= current.saturating_mul(4));
    }

    #[test]
    fn more_slots_never_make_the_next_range_narrower(current in 2u64.., slots in any::<u64>(), more in any::<u64>()) {
        let params = ProtocolParams::preset(Preset::Production);
        let next = |slots| next_solution_range(&params, SolutionRange(current), Slot(0), Slot(slots));
        prop_assert!(next(slots) <= next(slots.saturating_add(more)));
    }

    #[test]
    fn deriving_from_any_slot_never_panics(slot in any::<u64>()) {
        let params = ProtocolParams::preset(Preset::Test);
        let derived = genesis(&params).derive(&params, Slot(slot));
        let fits = slot != 0 && slot <= u64::MAX - params.authoring_delay;
        prop_assert_eq!(derived.is_ok(), fits);
    }
}
