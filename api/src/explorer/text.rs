//! How values look on pages.

use auto_core::Amount;
use std::borrow::Borrow;
use std::fmt::Display;

/// The start and the end of a long name.
pub(crate) fn short(text: impl Display) -> String {
    let text = text.to_string();
    match (text.get(..8), text.get(text.len().saturating_sub(6)..)) {
        (Some(start), Some(end)) if text.len() > 17 => format!("{start}\u{2026}{end}"),
        _ => text,
    }
}

/// A number with its digits in groups of three.
pub(crate) fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(index);
        if index > 0 && left.is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A length in the largest unit that leaves a whole part, with one decimal.
pub(crate) fn bytes(count: impl Borrow<u64>) -> String {
    let count = *count.borrow();
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut unit = 1024u64;
    let mut name = units[0];
    for next in &units[1..] {
        match unit.checked_mul(1024) {
            Some(larger) if count >= larger => (unit, name) = (larger, next),
            _ => break,
        }
    }
    let tenths = u128::from(count).saturating_mul(10) / u128::from(unit);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// Money, at most six decimals; what is cut off is marked.
pub(crate) fn money(amount: impl Borrow<Amount>) -> String {
    let amount = *amount.borrow();
    let text = amount.to_string();
    let number = text.trim_end_matches(" AI3");
    let Some((whole, part)) = number.split_once('.') else { return format!("{} AI3", grouped(number)) };
    match part.get(..6) {
        Some("000000") if whole == "0" => format!("{} base units", grouped(amount.base_units())),
        Some(kept) if part.len() > 6 => format!("{}.{kept}\u{2026} AI3", grouped(whole)),
        _ => format!("{}.{part} AI3", grouped(whole)),
    }
}

/// A duration in the two largest units.
pub(crate) fn seconds(count: impl Borrow<u64>) -> String {
    let count = *count.borrow();
    match (count / 3600, count / 60 % 60, count % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) if h < 48 => format!("{h} h {m} min"),
        (h, ..) => format!("{} d {} h", h / 24, h % 24),
    }
}

/// A name such as `TransferToDomain` as words: `transfer to domain`.
pub(crate) fn words(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Text for a query string.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(12), "12");
        assert_eq!(bytes(1023u64), "1023 B");
        assert_eq!(bytes(1536u64), "1.5 KiB");
        assert_eq!(bytes(u64::MAX), "15.9 EiB");
        assert_eq!(short("0123456789abcdef0123"), "01234567\u{2026}ef0123");
        assert_eq!(short("123"), "123");
        assert_eq!(seconds(3700u64), "1 h 1 min");
        assert_eq!(money(Amount::ai3(1500)), "1\u{202f}500 AI3");
        assert_eq!(money(Amount::from_base_units(7)), "7 base units");
        assert_eq!(money(Amount::from_base_units(1_234_567_891_000_000_000)), "1.234567\u{2026} AI3");
        assert_eq!(encoded("{ a }"), "%7B%20a%20%7D");
        assert_eq!(words("TransferToDomain"), "transfer to domain");
    }
}
