//! Resources: on what something may be done, and patterns of them.
//!
//! A resource is `scheme:path` or `scheme://authority/path`. Nothing is normalised: what is not in its one
//! form is refused, so two texts that some reader could take for the same never differ. Schemes and authorities are
//! lower case; paths are compared byte by byte. Percent signs, queries, fragments, empty segments, `.` and
//! `..`, dots at the end of a segment or authority and all characters outside ASCII are refused.
//!
//! In a pattern a segment `*` stands for exactly one segment, and `**` at the end for one or more.

use alloc::string::{String, ToString as _};
use core::fmt;
use core::str::FromStr;

use crate::Refusal;
use crate::cbor::{Canonical, Reader, Writer};
use crate::limits::RESOURCE_BYTES_MAX;

/// One resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource(String);

/// A pattern of resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourcePattern(String);

const ONE: &str = "*";
const REST: &str = "**";

impl Resource {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ResourcePattern {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a resource is among those of the pattern.
    #[must_use]
    pub fn matches(&self, resource: &Resource) -> bool {
        covers(&self.0, &resource.0)
    }

    /// Whether every resource of another pattern is among those of this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        covers(&self.0, &other.0)
    }
}

/// Whether `pattern` stands for everything that `other`, a pattern or a resource, stands for.
fn covers(pattern: &str, other: &str) -> bool {
    let (Some((front, pattern)), Some((other_front, other))) = (split(pattern), split(other)) else {
        return false;
    };
    if front != other_front {
        return false;
    }
    let mut others = other.split('/');
    for segment in pattern.split('/') {
        let Some(found) = others.next() else { return false };
        match segment {
            REST => return true,
            ONE if found != REST => {}
            literal if literal == found && found != REST => {}
            _ => return false,
        }
    }
    others.next().is_none()
}

/// Scheme and authority, and the path behind them.
fn split(text: &str) -> Option<(&str, &str)> {
    let colon = text.find(':')?;
    let path = match text.get(colon + 1..)?.strip_prefix("//") {
        Some(rest) => colon + 3 + rest.find('/')? + 1,
        None => colon + 1,
    };
    text.split_at_checked(path)
}

fn is_scheme(text: &str) -> bool {
    text.len() <= 16
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte))
}

fn is_authority(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_port = |port: &str| {
        !port.starts_with('0')
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_segment(text: &str) -> bool {
    !text.is_empty()
        && !text.ends_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~@+=,:!$".contains(&byte))
}

/// Whether a text is in the only form of a resource, or of a pattern.
fn is_sound(text: &str, pattern: bool) -> bool {
    let Some((front, path)) = split(text) else { return false };
    let sound_front = match front.split_once("://") {
        Some((scheme, authority)) => {
            is_scheme(scheme) && authority.strip_suffix('/').is_some_and(is_authority)
        }
        None => front.strip_suffix(':').is_some_and(is_scheme),
    };
    let last = path.split('/').count();
    let sound_path = path.split('/').zip(1..).all(|(segment, at)| match segment {
        ONE => pattern,
        REST => pattern && at == last,
        _ => is_segment(segment),
    });
    text.len() <= RESOURCE_BYTES_MAX && sound_front && sound_path
}

macro_rules! text_form {
    ($($name:ident, $pattern:literal);+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                if is_sound(text, $pattern) { Ok(Self(text.to_string())) } else { Err(Refusal::Resource) }
            }
        }

        impl Canonical for $name {
            fn write(&self, to: &mut Writer) {
                to.text(&self.0);
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
                from.text(RESOURCE_BYTES_MAX)?.parse()
            }
        }
    )+};
}
text_form!(Resource, false; ResourcePattern, true);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> ResourcePattern {
        text.parse().unwrap()
    }

    #[test]
    fn patterns_cover_what_they_stand_for() {
        for (outer, inner, expected) in [
            ("data:a/b", "data:a/b", true),
            ("data:a/b", "data:a/B", false),
            ("data:a/*", "data:a/b", true),
            ("data:a/*", "data:a/b/c", false),
            ("data:a/*", "data:a/**", false),
            ("data:a/**", "data:a/b/c", true),
            ("data:a/**", "data:a/*/c/**", true),
            ("data:a/**", "data:a", false),
            ("data:a/*/**", "data:a/**", false),
            ("data:**", "data:a/b/**", true),
            ("data:**", "date:a", false),
            ("https://a.example/**", "https://a.example/x", true),
            ("https://a.example/**", "https://b.example/x", false),
            ("https://a.example/**", "https://a.example:8080/x", false),
        ] {
            assert_eq!(pattern(outer).covers(&pattern(inner)), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn a_text_in_another_form_is_refused() {
        for text in [
            "",
            "a",
            "a:",
            "data:/a",
            "data:a//b",
            "data:a/",
            "data:a/../b",
            "data:a/./b",
            "data:a/%2e%2e/b",
            "data:a/b.",
            "Data:a",
            "https://A.example/x",
            "https://a.example./x",
            "https://a..b/x",
            "https://a.example",
            "https:///x",
            "https://a:080/x",
            "https://a:99999/x",
            "data:a?b",
            "data:a#b",
            "data:a b",
            "data:\u{430}",
            "data:a\\b",
            "data:a*",
            "data:**/a",
            "1a:b",
        ] {
            assert_eq!(text.parse::<ResourcePattern>(), Err(Refusal::Resource), "{text}");
            assert_eq!(text.parse::<Resource>(), Err(Refusal::Resource), "{text}");
        }
        assert_eq!("data:a/*".parse::<Resource>(), Err(Refusal::Resource));
    }

    fn segments(wild: bool) -> impl Strategy<Value = String> {
        let letters = if wild { "[ab*]" } else { "[ab]" };
        (proptest::collection::vec(letters, 1..5), any::<bool>()).prop_map(move |(segments, rest)| {
            let end = if wild && rest { "/**" } else { "" };
            alloc::format!("x:{}{end}", segments.join("/"))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_a_covered_pattern_matches_its_cover_matches(
            outer in segments(true), inner in segments(true), one in segments(false),
        ) {
            let (outer, inner, one) = (pattern(&outer), pattern(&inner), one.parse::<Resource>().unwrap());
            if outer.covers(&inner) && inner.matches(&one) {
                prop_assert!(outer.matches(&one));
            }
        }
    }
}
