//! Identifiers, the hashes behind them, and time.

mod did;

pub use did::Did;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use parity_scale_codec::{Decode, Encode};

use crate::Refusal;
use crate::cbor::{Canonical, Reader, Writer};

/// BLAKE3 over a tag and fixed-length parts that are followed by at most one part of any length.
pub(crate) fn tagged(tag: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(tag.as_bytes());
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)).copied().map(char::from))
        .collect()
}

fn from_hexadecimal(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}

macro_rules! bytes_32 {
    ($($(#[$doc:meta])* $name:ident),+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name(pub [u8; 32]);

        impl Canonical for $name {
            fn write(&self, to: &mut Writer) {
                to.bytes(&self.0);
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
                Ok(Self(from.array_of_bytes()?))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hexadecimal(&self.0))
            }
        }
    )+};
}

macro_rules! hexadecimal_text {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hexadecimal(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                from_hexadecimal(text).map(Self).ok_or(Refusal::Identifier)
            }
        }
    )+};
}

bytes_32! {
    /// An identity: the hash of its inception. As text, the last part of its DID: `z` and base58btc of the
    /// multihash of BLAKE3.
    AutoId,
    /// The network that something is signed for.
    Genesis,
    /// A grant: the hash of its body.
    GrantId,
    /// A call: the hash of its body.
    CallDigest
}
hexadecimal_text!(Genesis, GrantId, CallDigest);

impl AutoId {
    /// The identity that an inception body makes.
    #[must_use]
    pub fn of(genesis: &Genesis, inception: &[u8]) -> Self {
        Self(tagged("auto/id/v1", &[&genesis.0, inception]))
    }

    /// Its DID on a network.
    #[must_use]
    pub fn did(&self, genesis: &Genesis) -> Did {
        Did::new(genesis, *self)
    }
}

impl GrantId {
    /// The grant with a body.
    #[must_use]
    pub fn of(genesis: &Genesis, body: &[u8]) -> Self {
        Self(tagged("auto/grant/v1", &[&genesis.0, body]))
    }
}

impl CallDigest {
    /// The call with a body.
    #[must_use]
    pub fn of(genesis: &Genesis, body: &[u8]) -> Self {
        Self(tagged("auto/call/v1", &[&genesis.0, body]))
    }
}

/// The multihash code of BLAKE3 and its length.
const MULTIHASH: [u8; 2] = [0x1e, 0x20];
/// Most characters of base58btc for 34 bytes.
const BASE58_MAX: usize = 47;

impl fmt::Display for AutoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = MULTIHASH.iter().chain(&self.0).copied().collect();
        write!(f, "z{}", bs58::encode(bytes).into_string())
    }
}

impl FromStr for AutoId {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let digits = text.strip_prefix('z').filter(|digits| digits.len() <= BASE58_MAX);
        let bytes = bs58::decode(digits.ok_or(Refusal::Identifier)?).into_vec();
        match bytes.as_deref().map(|bytes| bytes.split_at_checked(2)) {
            Ok(Some((code, hash))) if code == MULTIHASH => {
                hash.try_into().map(Self).map_err(|_| Refusal::Identifier)
            }
            _ => Err(Refusal::Identifier),
        }
    }
}

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Time(pub u64);

impl Canonical for Time {
    fn write(&self, to: &mut Writer) {
        to.uint(self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Ok(Self(from.uint()?))
    }
}

/// As RFC 3339 has it; a year over 9999 is given in seconds.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: u64 = 86_400;
        if self.0 >= 253_402_300_800 {
            return write!(f, "second {}", self.0);
        }
        let (days, second) = (self.0 / DAY, self.0 % DAY);
        // Eras of 400 years that start in March, so that the leap day is the last of its year.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn texts_round_trip_and_others_are_refused() {
        let id = AutoId([7; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        let grant = GrantId([0xab; 32]);
        assert_eq!(grant.to_string().parse(), Ok(grant));
        let upper = grant.to_string().to_uppercase();
        for bad in ["", "z", "zz", "m1220", &upper, "ab"] {
            assert_eq!(bad.parse::<GrantId>(), Err(Refusal::Identifier));
            assert_eq!(bad.parse::<AutoId>(), Err(Refusal::Identifier));
        }
        let longer = alloc::format!("z1{}", &id.to_string()[1..]);
        assert_eq!(longer.parse::<AutoId>(), Err(Refusal::Identifier));
    }

    #[test]
    fn times_read_as_dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (u64::MAX, "second 18446744073709551615"),
        ] {
            assert_eq!(Time(seconds).to_string(), text);
        }
    }
}
