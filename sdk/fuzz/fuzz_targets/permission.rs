//! Permissions in words, as a person or a program typed them.

#![no_main]

use auto_sdk::agent::Permission;
use libfuzzer_sys::fuzz_target;

/// What was understood is said in words that are understood as the same, and said in the same words again.
fn check(text: &str) {
    let Ok(permission) = text.parse::<Permission>() else { return };
    let said = permission.to_string();
    let heard: Permission = said.parse().expect("its own words");
    assert_eq!((&heard, heard.to_string()), (&permission, said));
}

fuzz_target!(|text: &str| check(text));
