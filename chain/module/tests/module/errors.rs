//! Every failure has its own code, and every code an explanation.

use auto_module::{ERRORS, bank, messages, number_of};

#[test]
fn codes_are_distinct_in_order_and_explained() {
    let mut wanted = Vec::new();
    for (prefix, count) in [("MOD", 15), ("BNK", bank::ERRORS.len()), ("MSG", messages::ERRORS.len())] {
        wanted.extend((1..=count).map(|number| format!("{prefix}-{number:04}")));
    }
    let codes: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes, wanted);
    for entry in ERRORS {
        assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
    }
}

#[test]
fn a_refusal_names_the_number_of_its_code() {
    assert_eq!(number_of("AID-0103"), 103);
    assert_eq!(number_of("BNK-0002"), 2);
    assert_eq!(number_of("nothing"), 0);
}
