//! Sizes as people write them.

use std::fmt;
use std::str::FromStr;

/// The largest size that is taken for meant: 1 EiB.
const ABSURD_BYTES: u128 = 1 << 60;
const UNITS: [(&str, u128); 10] = [
    ("", 1),
    ("b", 1),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
];

/// A number of bytes, such as `256MiB` or `1.5 TB`; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || format!("`{text}` is no size, such as 256MiB");
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = unit.trim().to_ascii_lowercase();
        let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes);
        let unit = unit.ok_or_else(|| {
            format!("`{text}` has no unit that is known: use KiB, MiB, GiB, TiB, KB, MB, GB or TB")
        })?;
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || part.is_empty() || part.contains('.') || part.len() > 9 {
            return Err(malformed());
        }
        let too_large = || format!("`{text}` is more than any disk holds");
        let whole: u128 = whole.parse().map_err(|_| too_large())?;
        let digits = u32::try_from(part.len()).map_err(|_| malformed())?;
        let part: u128 = part.parse().map_err(|_| malformed())?;
        let fraction = part.saturating_mul(unit) / 10u128.pow(digits);
        let bytes = whole.checked_mul(unit).and_then(|bytes| bytes.checked_add(fraction));
        match bytes.filter(|bytes| *bytes <= ABSURD_BYTES).and_then(|bytes| u64::try_from(bytes).ok()) {
            Some(0) => Err("the size is zero".to_owned()),
            Some(bytes) => Ok(Self(bytes)),
            None => Err(too_large()),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bytes(self.0))
    }
}

/// Bytes in the largest binary unit that keeps at least one whole, with up to two decimals.
pub(crate) fn bytes(count: u64) -> String {
    let units = [("TiB", 1u64 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let Some((name, unit)) = units.iter().find(|(_, unit)| count >= *unit) else {
        return format!("{count} B");
    };
    let cents = u128::from(count) * 100 / u128::from(*unit);
    match (cents / 100, cents % 100) {
        (whole, 0) => format!("{whole} {name}"),
        (whole, part) => format!("{whole}.{part:02} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, expected) in [
            ("1", 1),
            ("256MiB", 256 << 20),
            ("1.5KiB", 1536),
            ("2 GB", 2_000_000_000),
            ("0.5tib", 1 << 39),
            ("7b", 7),
        ] {
            assert_eq!(text.parse::<Size>(), Ok(Size(expected)), "{text}");
        }
    }

    #[test]
    fn zero_absurd_and_malformed_sizes_are_refused() {
        for text in [
            "",
            "0",
            "0MiB",
            "-1",
            "1.",
            ".5GiB",
            "1..2",
            "1XB",
            "MiB",
            "99999999TiB",
            "1e3",
            "340282366920938463463374607431768211456",
        ] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_with_their_units() {
        for (count, text) in
            [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.50 KiB"), (256 << 20, "256 MiB")]
        {
            assert_eq!(bytes(count), text);
        }
    }
}
