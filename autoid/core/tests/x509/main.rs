//! The verifier against certificates made for the purpose, case by case.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod algorithms;
mod forge;
mod grid;
mod lists;
mod mutation;
mod names;
mod paths;
mod points;
mod policies;
mod policy_tree;
mod profile;
mod purposes;
mod rollover;
mod subtrees;
mod threats;

/// A table of cases: what each is, the code or `ok` it must end in, and how it is run.
type Case = (&'static str, &'static str, fn() -> &'static str);

fn run(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(name, expected, trial)| (name, expected, trial()))
        .filter(|(_, expected, found)| **expected != *found)
        .map(|(name, expected, found)| format!("{name}: expected {expected}, found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
