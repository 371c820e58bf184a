//! Consensus crates give the same result everywhere: no unordered maps, no clock, no floating point.

use crate::source::{code_only, without_tests, words};
use crate::violation::Violation;

/// Folders of the crates that decide consensus.
pub(crate) const CRATES: &[&str] = &[
    "chain/core",
    "chain/kzg",
    "chain/proof-of-space",
    "chain/proof-of-time",
    "chain/state",
    "chain/archiver",
    "chain/ledger",
    "chain/consensus",
];

const BANNED: &[(&str, &str)] = &[
    ("HashMap", "its order differs from run to run; use BTreeMap"),
    ("HashSet", "its order differs from run to run; use BTreeSet"),
    ("Instant", "consensus has no clock"),
    ("SystemTime", "consensus has no clock"),
    ("f32", "floating point differs between machines"),
    ("f64", "floating point differs between machines"),
];

/// Banned words of one file outside of comments, literals and tests; and its modules for tests only.
pub(crate) fn check(path: &str, text: &str) -> (Vec<Violation>, Vec<String>) {
    let (code, test_modules) = without_tests(&code_only(text));
    let mut violations = Vec::new();
    for (line, content) in (1..).zip(code.lines()) {
        for word in words(content) {
            let literal = word.starts_with(|c: char| c.is_ascii_digit());
            let banned = BANNED.iter().find(|(name, _)| word == *name || literal && word.ends_with(name));
            if let Some((name, why)) = banned {
                violations.push(Violation::error(path, line, "determinism", format!("`{name}`: {why}")));
            }
        }
    }
    (violations, test_modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banned_words_are_found_in_code_only() {
        let text = "//! HashMap is banned.\nuse std::collections::HashMap;\nlet x = 1f64;\nlet hash_map = \"Instant\";\nstruct HashMapLike;\n#[cfg(test)]\nmod tests { use std::time::Instant; }\n#[cfg(test)]\nmod speed;\nfn f(a: f32) {}\n";
        let (found, modules) = check("a.rs", text);
        let lines: Vec<_> = found.iter().map(|violation| violation.line).collect();
        assert_eq!(lines, [2, 3, 10]);
        assert_eq!(modules, ["speed"]);
    }

    #[test]
    fn every_banned_word_is_found() {
        for (word, _) in BANNED {
            assert_eq!(check("a.rs", &format!("use x::{word};")).0.len(), 1, "{word}");
        }
    }
}
