//! Small sentences, word by word.

use crate::SdkError;
use auto_core::Amount;

/// The words of a sentence, of which the next is taken each time.
pub(super) struct Words<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
}

/// Most bytes of a sentence.
const BYTES_MAX: usize = 4_096;

pub(super) fn refuse(part: &str, reason: impl Into<String>) -> SdkError {
    SdkError::Words { part: part.chars().take(64).collect(), reason: reason.into() }
}

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(refuse(text, format!("it is longer than {BYTES_MAX} bytes")));
        }
        let words: Vec<&str> = text
            .split(|one: char| one.is_ascii_whitespace() || one == ';')
            .filter(|word| !word.is_empty())
            .collect();
        Ok(Self { words: words.into_iter().peekable() })
    }

    pub(super) fn next(&mut self) -> Option<&'a str> {
        self.words.next()
    }

    /// The word that belongs behind `after`.
    pub(super) fn behind(&mut self, after: &str, what: &str) -> Result<&'a str, SdkError> {
        self.next().ok_or_else(|| refuse(after, format!("{what} must follow")))
    }

    /// The word that must be this one.
    pub(super) fn exactly(&mut self, word: &str, after: &str) -> Result<(), SdkError> {
        match self.next() {
            Some(found) if found == word => Ok(()),
            Some(found) => Err(refuse(found, format!("`{word}` must follow `{after}`"))),
            None => Err(refuse(after, format!("`{word}` must follow"))),
        }
    }

    /// A list behind `after`, separated by commas, with or without white space behind them.
    pub(super) fn list(&mut self, after: &str, what: &str) -> Result<Vec<&'a str>, SdkError> {
        let mut items = Vec::new();
        loop {
            let word = self.behind(after, what)?;
            let more = word.ends_with(',');
            for item in word.strip_suffix(',').unwrap_or(word).split(',') {
                if item.is_empty() {
                    return Err(refuse(word, format!("between two commas there is {what}")));
                }
                if items.contains(&item) {
                    return Err(refuse(item, "it is there twice"));
                }
                items.push(item);
            }
            if !more {
                return Ok(items);
            }
        }
    }
}

/// An amount that is not nothing.
pub(super) fn amount(text: &str) -> Result<Amount, SdkError> {
    let amount: Amount =
        text.parse().map_err(|error: auto_core::AmountError| refuse(text, error.to_string()))?;
    if amount.is_zero() { Err(refuse(text, "the amount must not be nothing")) } else { Ok(amount) }
}

/// A whole number from 1 up, without sign or leading zeros.
pub(super) fn count<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, SdkError> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let number = text.parse().ok().filter(|_| plain);
    number.ok_or_else(|| refuse(text, format!("{what} is a whole number from 1 up")))
}

/// The amount without its unit, as it is written in sentences.
pub(super) fn plain(amount: Amount) -> String {
    let text = amount.to_string();
    text.trim_end_matches("AI3").trim_end().to_owned()
}
