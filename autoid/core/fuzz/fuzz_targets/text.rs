//! Identifiers, commands, resources, selectors and assets, as people and programs write them.

#![no_main]

use std::fmt::Display;
use std::str::FromStr;

use autoid_core::policy::Selector;
use autoid_core::{Asset, AutoId, Command, Did, GrantId, Resource, ResourcePattern};
use libfuzzer_sys::fuzz_target;

/// What is read is written the same way again: there is one text for each value.
fn one<T: FromStr + Display>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert_eq!(value.to_string(), text);
    }
}

fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    one::<AutoId>(text);
    one::<GrantId>(text);
    one::<Did>(text);
    one::<Command>(text);
    one::<Resource>(text);
    one::<ResourcePattern>(text);
    one::<Selector>(text);
    one::<Asset>(text);
    if let Ok(resource) = text.parse::<Resource>() {
        let pattern: ResourcePattern = text.parse().expect("every resource is a pattern of itself");
        assert!(pattern.matches(&resource) && pattern.covers(&pattern));
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
