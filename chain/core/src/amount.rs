//! Money.

use parity_scale_codec::{Decode, Encode};
use std::fmt;
use std::str::FromStr;

/// Decimal places of one AI3.
pub const AI3_DECIMALS: u32 = 18;
const ONE: u128 = 10u128.pow(AI3_DECIMALS);

/// An amount of money in base units; 10^18 base units are one AI3.
///
/// Arithmetic is checked: there is no operator that could wrap or lose a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Amount(u128);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The text is not a decimal number, with or without the symbol `AI3`.
    #[error("`{0}` is not an amount such as `1.5` or `1.5 AI3`")]
    Malformed(String),
    /// There are more than 18 decimal places.
    #[error("`{0}` has more than 18 decimal places")]
    TooPrecise(String),
    /// The amount does not fit.
    #[error("`{0}` is more than can exist")]
    TooLarge(String),
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of base units.
    #[must_use]
    pub const fn from_base_units(units: u128) -> Self {
        Self(units)
    }

    /// A whole number of AI3; any `u32` fits.
    #[must_use]
    pub const fn ai3(whole: u32) -> Self {
        // Fits: 2^32 * 10^18 < 2^92.
        Self(whole as u128 * ONE)
    }

    /// The amount in base units.
    #[must_use]
    pub const fn base_units(self) -> u128 {
        self.0
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it overflows.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The difference, unless it is negative.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The product with a count, unless it overflows.
    #[must_use]
    pub const fn checked_mul(self, count: u128) -> Option<Self> {
        match self.0.checked_mul(count) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The quotient by a count, rounded down; `None` for a count of zero.
    #[must_use]
    pub const fn checked_div(self, count: u128) -> Option<Self> {
        match self.0.checked_div(count) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The difference, or nothing when it is negative.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return write!(f, "{whole} AI3");
        }
        let digits = format!("{part:018}");
        write!(f, "{whole}.{} AI3", digits.trim_end_matches('0'))
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_suffix("AI3").unwrap_or(text).trim();
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) {
            return Err(AmountError::Malformed(text.to_owned()));
        }
        if part.len() > 18 {
            return Err(AmountError::TooPrecise(text.to_owned()));
        }
        let too_large = || AmountError::TooLarge(text.to_owned());
        let whole: u128 = whole.parse().map_err(|_| too_large())?;
        let part: u128 = format!("{part:0<18}").parse().map_err(|_| too_large())?;
        let units = whole.checked_mul(ONE).and_then(|units| units.checked_add(part));
        units.map(Self).ok_or_else(too_large)
    }
}

impl serde::Serialize for Amount {
    /// Base units as a decimal string, since most readers of JSON round large integers.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for (text, units) in [("0", 0), ("1.5 AI3", 1_500_000_000_000_000_000), ("0.000000000000000001", 1)] {
            let amount: Amount = text.parse().expect("well formed");
            assert_eq!(amount.base_units(), units);
            assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }
    }

    #[test]
    fn malformed_amounts_are_refused() {
        for text in ["", "-1", "+1", "1.", ".5", "1e3", "0x1", "1 BTC", "1.0000000000000000001"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
        assert!("340282366920938463464".parse::<Amount>().is_err());
    }
}
