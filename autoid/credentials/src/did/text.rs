//! DIDs and DID URLs as text.

use super::DidError;
use std::fmt;
use std::str::FromStr;

/// Longest DID or DID URL.
const TEXT_MAX: usize = 2048;

/// A DID: `did:`, a method, and an identifier of that method.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did(String);

/// How a DID is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// The identifier is a key.
    Key,
    /// The identifier is a JWK.
    Jwk,
    /// The identifier is a place on the web.
    Web,
    /// The identifier is registered on the chain.
    Auto,
}

fn refuse(text: &str, why: &'static str) -> DidError {
    DidError::Text { text: text.chars().take(80).collect(), why }
}

fn is_idchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Whether a segment consists of identifier characters and whole percent-encodings.
fn is_segment(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let is_encoded = byte == b'%'
            && bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
            && bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit());
        if !is_encoded && !is_idchar(byte) {
            return false;
        }
    }
    true
}

impl FromStr for Did {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        if text.len() > TEXT_MAX {
            return Err(refuse(text, "it is too long"));
        }
        let rest = text.strip_prefix("did:").ok_or_else(|| refuse(text, "it does not start with `did:`"))?;
        let (method, id) = rest.split_once(':').ok_or_else(|| refuse(text, "it has no identifier"))?;
        let is_method = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if method.is_empty() || !method.bytes().all(is_method) {
            return Err(refuse(text, "its method is not of small letters and digits"));
        }
        if id.is_empty() || id.ends_with(':') || !id.split(':').all(is_segment) {
            return Err(refuse(text, "its identifier has characters that none may have, or ends early"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Did {
    /// A text that was built from parts that a DID may have.
    pub(super) const fn from_checked(text: String) -> Self {
        Self(text)
    }

    /// The DID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The method by name.
    pub fn method_name(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or_default()
    }

    /// The method, if it is one that is known here.
    ///
    /// # Errors
    /// When it is not.
    pub fn method(&self) -> Result<Method, DidError> {
        match self.method_name() {
            "key" => Ok(Method::Key),
            "jwk" => Ok(Method::Jwk),
            "web" => Ok(Method::Web),
            "auto" => Ok(Method::Auto),
            method => Err(DidError::Method { method: method.to_owned() }),
        }
    }

    /// What follows the method.
    pub fn id(&self) -> &str {
        self.0.splitn(3, ':').nth(2).unwrap_or_default()
    }

    /// The DID URL of something in its document.
    pub fn with_fragment(&self, fragment: &str) -> DidUrl {
        DidUrl { did: self.clone(), fragment: fragment.to_owned() }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A DID and a fragment: the name of a key or service. Paths and queries are refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DidUrl {
    did: Did,
    fragment: String,
}

impl DidUrl {
    /// Reads a DID URL, or a fragment that is relative to a DID.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str, base: Option<&Did>) -> Result<Self, DidError> {
        if text.len() > TEXT_MAX {
            return Err(refuse(text, "it is too long"));
        }
        let (did, fragment) = text.split_once('#').ok_or_else(|| refuse(text, "it has no fragment"))?;
        let did = match base {
            Some(base) if did.is_empty() => base.clone(),
            _ => did.parse()?,
        };
        let is_allowed =
            |byte: u8| is_idchar(byte) || matches!(byte, b':' | b'~' | b'!' | b'$' | b'+' | b'=');
        if fragment.is_empty() || !fragment.bytes().all(is_allowed) {
            return Err(refuse(text, "its fragment is empty or has characters that none may have"));
        }
        Ok(Self { did, fragment: fragment.to_owned() })
    }

    /// The DID.
    pub const fn did(&self) -> &Did {
        &self.did
    }

    /// The fragment.
    pub fn fragment(&self) -> &str {
        &self.fragment
    }
}

impl FromStr for DidUrl {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        Self::parse(text, None)
    }
}

impl fmt::Display for DidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.did, self.fragment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dids_are_read() {
        let did: Did = "did:web:example.com%3A3000:user:alice".parse().unwrap();
        assert_eq!((did.method().unwrap(), did.id()), (Method::Web, "example.com%3A3000:user:alice"));
        assert!("did:example:123".parse::<Did>().unwrap().method().is_err());
        let url: DidUrl = "did:key:z6Mk#z6Mk".parse().unwrap();
        assert_eq!((url.did().as_str(), url.fragment()), ("did:key:z6Mk", "z6Mk"));
        assert_eq!(DidUrl::parse("#0", Some(&did)).unwrap().to_string(), format!("{did}#0"));
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "did",
            "did:",
            "did:key",
            "did:key:",
            "did::x",
            "did:Key:x",
            "DID:key:x",
            "did:key:x:",
            "did:key:a b",
            "did:key:a/b",
            "did:key:a?b",
            "did:key:a#b",
            "did:key:%",
            "did:key:%2",
            "did:key:%zz",
            "did:key:\u{e9}",
            " did:key:x",
            "did:key:x\n",
        ] {
            assert!(text.parse::<Did>().is_err(), "{text:?}");
        }
        assert!(format!("did:key:{}", "x".repeat(TEXT_MAX)).parse::<Did>().is_err());
        for text in [
            "did:key:x",
            "#x",
            "did:key:x#",
            "did:key:x#a#b",
            "did:key:x/p#a",
            "did:key:x?q#a",
            "did:key:x#a b",
        ] {
            assert!(text.parse::<DidUrl>().is_err(), "{text:?}");
        }
    }
}
