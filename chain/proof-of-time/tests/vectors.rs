//! Frozen values of the chain of time; made by an independent AES and BLAKE3, never regenerated.

use auto_core::{Hash, PotCheckpoints, PotOutput, PotParametersChange, PotSeed, Slot};
use auto_proof_of_time::{Engine, TimeState, prove, verify};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/pot.json")).expect("the vectors are JSON")
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("a string")).expect("hex")
}

fn block(value: &Value) -> [u8; 16] {
    bytes(value).try_into().expect("16 bytes")
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn checkpoints(value: &Value) -> PotCheckpoints {
    let list: Vec<_> =
        value.as_array().expect("a list").iter().map(|value| PotOutput(block(value))).collect();
    PotCheckpoints(list.try_into().expect("eight checkpoints"))
}

#[test]
fn chain_with_injection_and_more_iterations_is_frozen() {
    let vectors = vectors();
    let genesis_hash = Hash(bytes(&vectors["genesis_hash"]).try_into().expect("32 bytes"));
    let seed = PotSeed::genesis(&genesis_hash, &bytes(&vectors["external_entropy"]));
    let change = &vectors["change"];
    let change = PotParametersChange {
        slot: Slot(number(&change["slot"])),
        iterations: number(&change["iterations"]),
        entropy: Hash(bytes(&change["entropy"]).try_into().expect("32 bytes")),
    };
    let slots = vectors["slots"].as_array().expect("a list");
    assert_eq!(slots.len(), 5);
    let mut state = TimeState::genesis(seed, number(&slots[0]["iterations"]));
    for slot in slots {
        let input = state.next_input(Some(&change));
        assert_eq!(input.slot, Slot(number(&slot["slot"])));
        assert_eq!(input.seed, PotSeed(block(&slot["seed"])));
        assert_eq!(input.seed.key().0, block(&slot["key"]));
        assert_eq!(input.iterations, number(&slot["iterations"]));
        let expected = checkpoints(&slot["checkpoints"]);
        for engine in Engine::available() {
            assert_eq!(engine.prove(input.seed, input.iterations), Ok(expected), "{}", engine.name());
            assert!(engine.verify(input.seed, input.iterations, &expected), "{}", engine.name());
        }
        state = input.ended(expected.output());
    }
}

#[test]
fn the_production_tests_seed_gives_the_checkpoints_of_plain_aes() {
    let vector = &vectors()["production_seed"];
    let (seed, iterations) = (PotSeed(block(&vector["seed"])), number(&vector["iterations"]));
    assert_eq!(seed.key().0, block(&vector["key"]));
    let expected = checkpoints(&vector["checkpoints"]);
    assert_eq!(prove(seed, iterations), Ok(expected));
    assert!(verify(seed, iterations, &expected));
}
