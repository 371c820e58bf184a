use crate::ProvenanceError;
use autoid_core::Refusal;
use autoid_core::cbor::{Canonical, CborError, Reader, Writer};
use std::fmt;
use std::str::FromStr;

/// Most bytes of a media type.
const BYTES_MAX: usize = 127;

/// A media type without parameters, in lower case: `image/png` (RFC 6838, section 4.2). The characters `#`, `&` and
/// `^` and a dot at the end, which no type in use has, are left out, so that a media type is a resource as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaType(String);

impl MediaType {
    /// Bytes of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self("application/octet-stream".to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_name(text: &str) -> bool {
    let first = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.as_bytes().first().is_some_and(first)
        && text.bytes().all(|byte| first(&byte) || b"!$-_.+".contains(&byte))
        && !text.ends_with('.')
}

impl FromStr for MediaType {
    type Err = ProvenanceError;

    fn from_str(text: &str) -> Result<Self, ProvenanceError> {
        let sound = text.len() <= BYTES_MAX
            && text.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype));
        if sound { Ok(Self(text.to_owned())) } else { Err(ProvenanceError::MediaType) }
    }
}

impl Canonical for MediaType {
    fn write(&self, to: &mut Writer) {
        to.text(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.text(BYTES_MAX)?.parse().map_err(|_| CborError::Range.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_media_types_are_accepted() {
        for good in ["text/plain", "image/svg+xml", "application/vnd.api+json", "model/3mf"] {
            assert_eq!(good.parse::<MediaType>().unwrap().as_str(), good);
        }
        let long = format!("text/{}", "a".repeat(123));
        for bad in [
            "",
            "text",
            "text/",
            "/plain",
            "Text/plain",
            "text/plain; q=1",
            "a/b/c",
            "text/-a",
            "a/b.",
            "a/b#c",
            &long,
        ] {
            assert!(bad.parse::<MediaType>().is_err(), "{bad}");
        }
    }
}
