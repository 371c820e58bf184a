//! What agents are found by.
//!
//! A text falls into words: runs of letters and digits, in lower case, cut after [`WORD_CHARS_MAX`] characters.
//! A capability is a term of its own, marked by a colon in front, an owner by an underscore; no word begins with
//! either, so no text of an agent can pass for one.

use crate::{AgentQuery, CAPABILITIES_MAX, IndexError, TEXT_BYTES_MAX, WORDS_MAX};
use auto_agents::{Profile, TAG_BYTES_MAX};
use autoid_core::AutoId;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Characters of a word that count.
const WORD_CHARS_MAX: usize = 32;

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        // Lower case may be longer than what it comes from, and may have marks that are no letters.
        let lower = word.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
        lower.take(WORD_CHARS_MAX).collect()
    })
}

fn capability(name: &str) -> String {
    format!(":{name}")
}

/// Half of the owner's id is enough to find by; who finds compares the whole.
fn owner(id: &AutoId) -> String {
    id.0.iter().take(16).fold(String::from("_"), |mut term, byte| {
        // Writing to a string does not fail.
        let _ = write!(term, "{byte:02x}");
        term
    })
}

/// The terms of an agent, each once, with spaces between.
pub(crate) fn of_profile(profile: &Profile) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let tags = profile.skills.iter().flat_map(|skill| std::iter::once(&skill.id).chain(skill.tags.iter()));
    let names: Vec<String> = tags.map(|tag| text(tag)).collect();
    let mut terms: BTreeSet<String> = words(&text(&profile.purpose)).collect();
    terms.extend(names.iter().flat_map(|name| words(name)));
    terms.extend(names.iter().map(|name| capability(name)));
    terms.insert(owner(&profile.owner));
    terms.into_iter().collect::<Vec<_>>().join(" ")
}

/// The terms that a question asks for; `None` when no agent can have them.
pub(crate) fn of_query(query: &AgentQuery) -> Result<Option<BTreeSet<String>>, IndexError> {
    if query.capabilities.len() > CAPABILITIES_MAX {
        return Err(IndexError::TooMuch("capabilities"));
    }
    if query.text.len() > TEXT_BYTES_MAX {
        return Err(IndexError::TooMuch("text"));
    }
    let mut terms: BTreeSet<String> = words(&query.text).collect();
    if terms.len() > WORDS_MAX {
        return Err(IndexError::TooMuch("words"));
    }
    let is_name = |name: &str| {
        (1..=TAG_BYTES_MAX).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if !query.capabilities.iter().all(|name| is_name(name)) {
        return Ok(None);
    }
    terms.extend(query.capabilities.iter().map(|name| capability(name)));
    terms.extend(query.owner.as_ref().map(owner));
    Ok(Some(terms))
}

/// The question for the table of terms. Terms hold no quote, so nothing in them is syntax.
pub(crate) fn expression(terms: &BTreeSet<String>) -> String {
    terms.iter().map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(" AND ")
}

/// Whether an agent has all terms.
pub(crate) fn has(terms: &str, wanted: &BTreeSet<String>) -> bool {
    let all: BTreeSet<&str> = terms.split(' ').collect();
    wanted.iter().all(|term| all.contains(term.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        of_query(&AgentQuery { text: text.to_owned(), ..AgentQuery::default() })
            .unwrap()
            .unwrap()
            .into_iter()
            .collect()
    }

    #[test]
    fn a_text_falls_into_words() {
        assert_eq!(terms("Books flights, and BOOKS hotels!"), ["and", "books", "flights", "hotels"]);
        assert_eq!(
            terms("\u{c9}tudes \u{4f60}\u{597d} \u{130}I"),
            ["i\u{69}", "\u{4f60}\u{597d}", "\u{e9}tudes"]
                .map(|w| w.to_owned())
                .into_iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        assert_eq!(terms(&"a".repeat(100)), ["a".repeat(32)]);
        assert!(terms("\" ' * - : _ ( ) ^ +").is_empty());
    }

    #[test]
    fn no_word_passes_for_a_capability_or_an_owner() {
        assert_eq!(terms(":translate _00ff NEAR(a)"), ["00ff", "a", "near", "translate"]);
    }

    #[test]
    fn a_question_is_bounded() {
        let many: Vec<String> = (0..9).map(|n| format!("word{n}")).collect();
        let text = |text: String| AgentQuery { text, ..AgentQuery::default() };
        assert!(matches!(of_query(&text(many.join(" "))), Err(IndexError::TooMuch("words"))));
        assert!(matches!(of_query(&text("a".repeat(257))), Err(IndexError::TooMuch("text"))));
        let query = AgentQuery { capabilities: many, ..AgentQuery::default() };
        assert!(matches!(of_query(&query), Err(IndexError::TooMuch("capabilities"))));
    }

    #[test]
    fn what_is_no_capability_is_nobodys() {
        for name in ["", "A", "a\" OR \"b", "a b", &"a".repeat(33)] {
            let query = AgentQuery { capabilities: vec![name.to_owned()], ..AgentQuery::default() };
            assert_eq!(of_query(&query).unwrap(), None, "{name}");
        }
    }
}
