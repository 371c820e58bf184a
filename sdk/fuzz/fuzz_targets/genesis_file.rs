//! Genesis files as people write them.

#![no_main]

use auto_sdk::GenesisFile;
use libfuzzer_sys::fuzz_target;

/// A genesis that was read is written in a form that gives it again.
fn check(text: &str) {
    let Ok(file) = GenesisFile::parse(text) else { return };
    let Ok(genesis) = file.genesis() else { return };
    let written = GenesisFile::of(&genesis).expect("its parameters are a preset");
    let text = serde_json::to_string(&written).expect("text");
    let read = GenesisFile::parse(&text).expect("its own text").genesis().expect("its own text");
    assert_eq!(read, genesis);
}

fuzz_target!(|text: &str| check(text));
