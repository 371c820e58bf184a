use super::*;
use auto_core::Preset;
use proptest::prelude::*;

fn hello() -> Message {
    Message::Hello(Box::new(Hello {
        genesis: Hash([7; 32]),
        params: ProtocolParams::preset(Preset::Test),
        head: Hash([8; 32]),
        number: BlockNumber(9),
        weight: u128::MAX,
    }))
}

#[test]
fn a_message_survives_the_way() {
    let locator = List::new(vec![Hash([1; 32]); LOCATOR_MAX]).expect("as many as fit");
    for message in [hello(), Message::GetBlocks(locator), Message::Blocks(List::default())] {
        assert_eq!(Message::decode_bytes(&message.encode()), Ok(message));
    }
}

#[test]
fn numbers_of_messages_are_part_of_the_protocol() {
    assert_eq!(hello().encode().first(), Some(&0));
    assert_eq!(Message::GetBlocks(List::default()).encode(), [4, 0, 0, 0, 0]);
    assert_eq!(Message::Blocks(List::default()).encode(), [5, 0, 0, 0, 0]);
    for unknown in 6..=u8::MAX {
        assert!(Message::decode_bytes(&[unknown, 0, 0, 0, 0]).is_err());
    }
}

#[test]
fn a_cut_or_lengthened_message_is_refused() {
    let bytes = hello().encode();
    for length in 0..bytes.len() {
        assert!(Message::decode_bytes(bytes.get(..length).expect("it is shorter")).is_err(), "{length}");
    }
    assert!(Message::decode_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn counts_over_the_bounds_are_refused_before_anything_is_allocated() {
    let count = |count: usize| u32::try_from(count).expect("it fits").encode();
    let mut locator = [vec![4], count(LOCATOR_MAX)].concat();
    locator.resize(locator.len() + LOCATOR_MAX * 32, 1);
    assert!(Message::decode_bytes(&locator).is_ok());
    let mut locator = [vec![4], count(LOCATOR_MAX + 1)].concat();
    locator.resize(locator.len() + (LOCATOR_MAX + 1) * 32, 1);
    assert!(Message::decode_bytes(&locator).is_err());
    // The largest count with nothing behind it.
    for index in [4, 5] {
        assert!(Message::decode_bytes(&[vec![index], u32::MAX.encode()].concat()).is_err());
    }
    assert!(Message::decode_bytes(&[vec![5], count(BLOCKS_MAX + 1)].concat()).is_err());
}

#[test]
fn a_message_over_the_limit_is_refused_unread() {
    let error = Message::decode_bytes(&vec![0; MESSAGE_BYTES_MAX + 1]).expect_err("it is too long");
    assert!(matches!(error, CodecError::TooLong { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn junk_never_panics_and_what_decodes_is_canonical(
        index in 0u8..8, junk in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [vec![index], junk].concat();
        if let Ok(message) = Message::decode_bytes(&bytes) {
            prop_assert_eq!(message.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_never_passes_for_the_same_message(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = hello().encode();
        let at = at.index(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
        prop_assert_ne!(Message::decode_bytes(&bytes), Ok(hello()));
    }
}
