//! Policies as people read them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Comparison, Policy, Statement};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "is",
            Self::NotEqual => "is not",
            Self::Less => "is less than",
            Self::LessOrEqual => "is at most",
            Self::Greater => "is more than",
            Self::GreaterOrEqual => "is at least",
        })
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(comparison, selector, value) => write!(f, "{selector} {comparison} {value}"),
            Self::Like(selector, glob) => write!(f, "{selector} looks like \"{}\"", glob.escape_debug()),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(inner) if inner.is_empty() => f.write_str("always"),
            Self::Or(inner) if inner.is_empty() => f.write_str("never"),
            Self::And(inner) => f.write_str(&joined(inner, " and ")),
            Self::Or(inner) => write!(f, "({})", joined(inner, " or ")),
            Self::All(selector, inner) => write!(f, "for every member of {selector}: ({inner})"),
            Self::Any(selector, inner) => write!(f, "for a member of {selector}: ({inner})"),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.0, " and "))
    }
}

fn joined(statements: &[Statement], word: &str) -> String {
    statements.iter().map(ToString::to_string).collect::<Vec<_>>().join(word)
}
