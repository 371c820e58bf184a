//! Foreign bytes: what decodes is canonical, every changed byte is noticed, and nothing panics.

use autoid_core::cbor::Canonical;
use autoid_core::{
    Action, Approval, Call, Command, Did, Grant, IdentityRecord, Inception, KeyOf, KeySet, Kind, Operation,
    Policy, PublicKey, Refusal, Resource, ResourcePattern, Sign, Sign1, Signer as _, Time,
};
use parity_scale_codec::{Decode as _, Encode as _};
use proptest::prelude::*;

use crate::world::{Cast, GENESIS, NOW, inception, key, pay};

/// One of each envelope, with its bytes and a function that reads and verifies others against it.
struct Sample {
    name: &'static str,
    bytes: Vec<u8>,
    verify: fn(&[u8]) -> Result<Vec<u8>, Refusal>,
}

fn public(name: &str) -> PublicKey {
    key(name).public_key()
}

fn one<T: autoid_core::Body>(bytes: &[u8], signer: &str) -> Result<Vec<u8>, Refusal> {
    let envelope = Sign1::<T>::from_cose(bytes)?;
    envelope.verify(&GENESIS, &public(signer))?;
    Ok(envelope.to_cose())
}

fn many<T: autoid_core::Body>(bytes: &[u8], signer: &str) -> Result<Vec<u8>, Refusal> {
    let envelope = Sign::<T>::from_cose(bytes)?;
    for signature in envelope.signatures() {
        envelope.verify(&GENESIS, signature, &public(signer))?;
    }
    if envelope.signatures().is_empty() {
        return Err(Refusal::TooFewSignatures { have: 0, need: 1 });
    }
    Ok(envelope.to_cose())
}

fn samples() -> Vec<Sample> {
    let cast = Cast::new();
    let grants = cast.chain(|_, _| {});
    let payee = cast.bystander.clone();
    let grant = grants[2].to_cose();
    let call = cast.clone().case(grants, |call| pay(call, 5, &payee)).call;
    let approval = Approval { call: call.digest(&GENESIS), approver: cast.person.id, exp: NOW };
    let approval = Sign1::sign(approval, &GENESIS, 0, &cast.person.key).unwrap();
    let body = inception("one", Kind::Human, None);
    let by = KeyOf { identity: body.id(&GENESIS), kid: 0 };
    let inception = Sign::new(body).unwrap().signed(&GENESIS, by, &key("one")).unwrap();
    let body = cast.world.operation(&cast.person.id, Action::BumpEpoch, true);
    let by = KeyOf { identity: cast.person.id, kid: 0 };
    let operation = Sign::new(body).unwrap().signed(&GENESIS, by, &cast.person.key).unwrap();
    vec![
        Sample { name: "grant", bytes: grant, verify: |bytes| one::<Grant>(bytes, "agent") },
        Sample { name: "call", bytes: call.to_cose(), verify: |bytes| one::<Call>(bytes, "second") },
        Sample {
            name: "approval",
            bytes: approval.to_cose(),
            verify: |bytes| one::<Approval>(bytes, "person"),
        },
        Sample {
            name: "inception",
            bytes: inception.to_cose(),
            verify: |bytes| many::<Inception>(bytes, "one"),
        },
        Sample {
            name: "operation",
            bytes: operation.to_cose(),
            verify: |bytes| many::<Operation>(bytes, "person"),
        },
    ]
}

#[test]
fn every_changed_byte_is_noticed() {
    for Sample { name, bytes, verify } in samples() {
        assert_eq!(verify(&bytes), Ok(bytes.clone()), "{name}");
        for at in 0..bytes.len() {
            for mask in [1, 0x20, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= mask;
                assert!(verify(&changed).is_err(), "{name} at {at} by {mask}");
            }
        }
    }
}

#[test]
fn threat_37_every_other_length_is_refused() {
    for Sample { name, bytes, verify } in samples() {
        for length in 0..bytes.len() {
            assert!(verify(&bytes[..length]).is_err(), "{name} cut to {length}");
        }
        assert!(verify(&[&bytes[..], &[0]].concat()).is_err(), "{name} with a byte more");
    }
}

#[test]
fn no_signature_holds_for_another_type() {
    let all = samples();
    for sample in &all {
        for other in all.iter().filter(|other| other.name != sample.name) {
            assert!((other.verify)(&sample.bytes).is_err(), "{} as {}", sample.name, other.name);
        }
    }
}

#[test]
fn threat_37_other_encodings_of_a_value_are_refused() {
    // Longer integers, indefinite lengths, fields out of order or unknown, tags, floats, trailing bytes.
    for hex in [
        "a2011800020a",
        "bf0102020aff",
        "a2020a0102",
        "a3010202030a00",
        "a1c10102",
        "a101f90000",
        "a20102020a00",
        "a2010a010a",
        "a10102",
        "a2010202fb4000000000000000",
        "",
        "ff",
        "1b00000000000000ff",
    ] {
        assert!(KeySet::from_cbor(&hex::decode(hex).unwrap(), 100).is_err(), "{hex}");
        assert!(Policy::from_cbor(&hex::decode(hex).unwrap(), 100).is_err(), "{hex}");
    }
    // A length that the input cannot hold is refused before it is allocated.
    assert!(Policy::from_cbor(&hex::decode("9b7fffffffffffffff").unwrap(), 100).is_err());
    assert_eq!(Policy::from_cbor(&[0; 101], 100), Err(Refusal::TooLarge { bytes: 101, limit: 100 }));
}

#[test]
fn records_round_trip_through_the_state() {
    let mut cast = Cast::new();
    let person = cast.person.clone();
    for action in [Action::BumpEpoch, Action::AttachCertificate { certificate: [1; 32] }, Action::Deactivate]
    {
        cast.world.act_as(&person.id, action, &person).unwrap();
        let bytes = cast.world.record(&person.id).encode();
        assert_eq!(IdentityRecord::decode(&mut &bytes[..]).as_ref(), Ok(cast.world.record(&person.id)));
    }
}

#[test]
fn envelopes_are_bounded_in_calls_of_the_chain() {
    let grant = Cast::new().chain(|_, _| {}).remove(0);
    let bytes = grant.encode();
    assert_eq!(Sign1::<Grant>::decode(&mut &bytes[..]), Ok(grant));
    let endless = (parity_scale_codec::Compact(u32::MAX), [0_u8; 8]).encode();
    assert!(Sign1::<Grant>::decode(&mut &endless[..]).is_err());
    assert!(Sign::<Operation>::decode(&mut &endless[..]).is_err());
}

/// What decodes must encode to the same bytes.
fn canonical<T: Canonical>(bytes: &[u8]) {
    if let Ok(value) = T::from_cbor(bytes, 1 << 16) {
        assert_eq!(value.to_cbor(), bytes);
    }
}

fn read_everything(bytes: &[u8]) {
    canonical::<Grant>(bytes);
    canonical::<Call>(bytes);
    canonical::<Approval>(bytes);
    canonical::<Inception>(bytes);
    canonical::<Operation>(bytes);
    canonical::<Policy>(bytes);
    for sample in samples_of_readers() {
        if let Ok(encoded) = sample(bytes) {
            assert_eq!(encoded, bytes);
        }
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        let _ = (text.parse::<Did>(), text.parse::<Command>(), text.parse::<Resource>());
        if let Ok(pattern) = text.parse::<ResourcePattern>() {
            assert_eq!(pattern.as_str(), text);
        }
    }
}

type Reader = fn(&[u8]) -> Result<Vec<u8>, Refusal>;

fn samples_of_readers() -> [Reader; 3] {
    [
        |bytes| Sign1::<Grant>::from_cose(bytes).map(|envelope| envelope.to_cose()),
        |bytes| Sign1::<Call>::from_cose(bytes).map(|envelope| envelope.to_cose()),
        |bytes| Sign::<Operation>::from_cose(bytes).map(|envelope| envelope.to_cose()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_everything(&bytes);
    }

    #[test]
    fn bent_statements_never_panic(
        which in 0_usize..5, at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in 0_usize..40,
    ) {
        thread_local!(static SAMPLES: Vec<Sample> = samples());
        SAMPLES.with(|samples| {
            let mut bytes = samples[which].bytes.clone();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            read_everything(&bytes);
            bytes.drain(at..(at + cut).min(bytes.len()));
            read_everything(&bytes);
        });
    }

    #[test]
    fn times_never_panic(seconds in any::<u64>()) {
        prop_assert!(!Time(seconds).to_string().is_empty());
    }
}
