use crate::ProvenanceError;
use autoid_core::Refusal;
use autoid_core::cbor::{Canonical, CborError, Reader, Writer};
use std::fmt;
use std::str::FromStr;

/// Most bytes of a licence.
const BYTES_MAX: usize = 64;

/// A licence: an SPDX expression, such as `MIT OR Apache-2.0`, in its one form with single spaces. Whether the
/// licences that it names exist is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Licence(String);

impl Licence {
    /// The expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name of letters, digits, hyphens and dots.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "WITH")
}

/// A licence by its name, perhaps with later versions, or a reference to a text of one's own.
fn is_licence(word: &str) -> bool {
    let local = match word.strip_prefix("DocumentRef-") {
        Some(rest) => rest.split_once(':').filter(|(document, _)| is_name(document)).map(|(_, local)| local),
        None => Some(word),
    };
    match local {
        Some(local) if local.starts_with("LicenseRef-") => {
            local.strip_prefix("LicenseRef-").is_some_and(is_name)
        }
        Some(_) if word.starts_with("DocumentRef-") => false,
        Some(name) => is_name(name.strip_suffix('+').unwrap_or(name)) && !is_operator(name),
        None => false,
    }
}

/// Whether a text follows the grammar of SPDX 2.3, annex D, in the spacing that [`Licence`] has.
fn is_expression(text: &str) -> bool {
    // What may come next: a licence or a bracket that opens, or else an operator or a bracket that closes.
    let (mut wants_licence, mut open, mut after_with, mut after_licence) = (true, 0_usize, false, false);
    for word in text.split(' ') {
        if is_operator(word) {
            if wants_licence || word == "WITH" && !after_licence {
                return false;
            }
            (wants_licence, after_with, after_licence) = (true, word == "WITH", false);
            continue;
        }
        let opened = word.trim_start_matches('(');
        let name = opened.trim_end_matches(')');
        let (opens, closes) = (word.len() - opened.len(), opened.len() - name.len());
        let sound =
            if after_with { opens == 0 && is_name(name) && !is_operator(name) } else { is_licence(name) };
        if !wants_licence || !sound {
            return false;
        }
        let Some(left) = open.saturating_add(opens).checked_sub(closes) else { return false };
        (open, wants_licence, after_licence) = (left, false, !after_with && closes == 0);
        after_with = false;
    }
    !wants_licence && open == 0
}

impl FromStr for Licence {
    type Err = ProvenanceError;

    fn from_str(text: &str) -> Result<Self, ProvenanceError> {
        if text.len() <= BYTES_MAX && is_expression(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProvenanceError::Licence)
        }
    }
}

impl Canonical for Licence {
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
    fn only_spdx_expressions_are_licences() {
        for good in [
            "MIT",
            "GPL-2.0+",
            "MIT OR Apache-2.0",
            "(MIT OR Apache-2.0) AND CC0-1.0",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MIT AND (GPL-2.0-only WITH Bison-exception-2.2)",
            "((MIT))",
            "LicenseRef-own",
            "DocumentRef-spdx:LicenseRef-own.2",
        ] {
            assert_eq!(good.parse::<Licence>().unwrap().as_str(), good);
        }
        let long = "M".repeat(65);
        for bad in [
            "",
            " MIT",
            "MIT ",
            "MIT  OR MIT",
            "MIT OR",
            "OR MIT",
            "MIT MIT",
            "AND",
            "(MIT",
            "MIT)",
            "()",
            "( MIT )",
            "MIT+ +",
            "+",
            "MIT with Exception",
            "(MIT) WITH Exception",
            "MIT WITH A WITH B",
            "MIT WITH (A)",
            "MIT WITH",
            "MIT OR WITH",
            "M\u{130}T",
            "MIT;rm",
            "DocumentRef-a:MIT",
            "DocumentRef-:LicenseRef-a",
            "LicenseRef-",
            "<script>",
            &long,
        ] {
            assert!(bad.parse::<Licence>().is_err(), "{bad}");
        }
    }
}
