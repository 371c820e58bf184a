//! Names for people: an alias points to an identity and never is one.

use auto_core::{Address, Amount};
use autoid_core::AutoId;
use parity_scale_codec::{Decode, Encode, Error, Input};
use std::fmt;
use std::str::FromStr;

/// Fewest characters of an alias.
pub const ALIAS_LENGTH_MIN: usize = 3;
/// Most characters of an alias.
pub const ALIAS_LENGTH_MAX: usize = 32;

/// A name of 3 to 32 lower-case letters, digits and single hyphens that begins with a letter and does not end
/// with a hyphen.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct Alias(Vec<u8>);

/// Why a text is no alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAlias;

impl Alias {
    fn new(bytes: Vec<u8>) -> Result<Self, NotAnAlias> {
        let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        let sound = (ALIAS_LENGTH_MIN..=ALIAS_LENGTH_MAX).contains(&bytes.len())
            && bytes.iter().all(inner)
            && bytes.first().is_some_and(u8::is_ascii_lowercase)
            && bytes.last().is_some_and(|last| *last != b'-')
            && !bytes.windows(2).any(|pair| pair == b"--");
        if sound { Ok(Self(bytes)) } else { Err(NotAnAlias) }
    }

    /// The alias as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What the alias looks like. Two aliases of one look are never taken at once.
    #[must_use]
    pub fn look(&self) -> Look {
        let mut look = Vec::with_capacity(self.0.len().saturating_mul(2));
        for byte in self.0.iter().filter(|byte| **byte != b'-') {
            match byte {
                b'0' => look.push(b'o'),
                b'1' => look.push(b'l'),
                b'5' => look.push(b's'),
                b'm' => look.extend_from_slice(b"rn"),
                b'w' => look.extend_from_slice(b"vv"),
                b'd' => look.extend_from_slice(b"cl"),
                other => look.push(*other),
            }
        }
        Look(look)
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({self})")
    }
}

impl FromStr for Alias {
    type Err = NotAnAlias;

    fn from_str(text: &str) -> Result<Self, NotAnAlias> {
        Self::new(text.as_bytes().to_vec())
    }
}

impl Decode for Alias {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let length = usize::try_from(parity_scale_codec::Compact::<u32>::decode(input)?.0);
        let length = length.ok().filter(|length| *length <= ALIAS_LENGTH_MAX);
        let mut bytes = vec![0; length.ok_or("alias over its bound")?];
        input.read(&mut bytes)?;
        Self::new(bytes).map_err(|_| Error::from("not an alias"))
    }
}

/// The look of an alias, by which aliases are kept: lower-case letters and digits in which what is easily
/// mistaken for something else stands as that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Look(Vec<u8>);

/// An alias that is taken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AliasRecord {
    /// As it was revealed.
    pub alias: Alias,
    /// The identity that it points to.
    pub id: AutoId,
    /// Block in which it was taken.
    pub since: u64,
    /// What is held for it.
    pub deposit: Amount,
    /// Who gets that back.
    pub payer: Address,
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::decode_strict;

    fn alias(text: &str) -> Alias {
        text.parse().expect("an alias")
    }

    #[test]
    fn only_plain_names_are_aliases() {
        for good in ["bob", "trader-7", "a1b", "abcdefghijklmnopqrstuvwxyz012345"] {
            assert_eq!(alias(good).to_string(), good);
            assert_eq!(decode_strict::<Alias>(&alias(good).encode(), 64), Ok(alias(good)));
        }
        let long = "a".repeat(33);
        for bad in ["", "ab", "Bob", "7bob", "-bob", "bob-", "b--b", "b b", "b.b", "b\u{0430}b", &long] {
            assert_eq!(bad.parse::<Alias>(), Err(NotAnAlias), "{bad}");
            assert!(decode_strict::<Alias>(&bad.as_bytes().to_vec().encode(), 64).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_that_look_alike_have_one_look() {
        for (one, other) in [
            ("paypal", "paypa1"),
            ("paypal", "pay-pal"),
            ("google", "go0gle"),
            ("amazon", "arnazon"),
            ("wallet", "vvallet"),
            ("dao", "clao"),
            ("bill", "bi1l"),
            ("swiss", "swi55"),
        ] {
            assert_eq!(alias(one).look(), alias(other).look(), "{one} {other}");
        }
        assert_ne!(alias("alice").look(), alias("bob").look());
    }
}
