use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::Value;
use crate::Refusal;
use crate::cbor::{Canonical, Reader, Writer};
use crate::limits::SELECTOR_STEPS_MAX;

/// Bytes of a selector.
const SELECTOR_BYTES_MAX: usize = 256;
/// Bytes of the name of a field.
const FIELD_BYTES_MAX: usize = 32;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The field with a name.
    Field(String),
    /// The member at a place, from zero.
    Index(u16),
}

/// A path into the arguments, such as `.invoice.lines[0].amount`; `.` is the whole.
///
/// Names are letters, digits, hyphens and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(Vec<Step>);

impl Selector {
    /// What is at the end of the path.
    #[must_use]
    pub fn select<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, step| match (step, value) {
            (Step::Field(name), value) => value.field(name),
            (Step::Index(index), Value::List(values)) => values.get(usize::from(*index)),
            (Step::Index(_), _) => None,
        })
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.0.first(), Some(Step::Field(_))) {
            f.write_str(".")?;
        }
        self.0.iter().try_for_each(|step| match step {
            Step::Field(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, "[{index}]"),
        })
    }
}

impl FromStr for Selector {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let mut steps = Vec::new();
        let mut rest = text;
        if rest == "." || rest.starts_with(".[") {
            rest = rest.get(1..).unwrap_or_default();
        }
        while !rest.is_empty() {
            let (step, after) = if let Some(name) = rest.strip_prefix('.') {
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, after) = name.split_at_checked(end).ok_or(Refusal::Selector)?;
                let letters =
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
                if !letters || !(1..=FIELD_BYTES_MAX).contains(&name.len()) {
                    return Err(Refusal::Selector);
                }
                (Step::Field(name.to_string()), after)
            } else {
                let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let (index, after) = inner.ok_or(Refusal::Selector)?;
                (Step::Index(index.parse().map_err(|_| Refusal::Selector)?), after)
            };
            if steps.len() == SELECTOR_STEPS_MAX {
                return Err(Refusal::Selector);
            }
            steps.push(step);
            rest = after;
        }
        let selector = Self(steps);
        // Only the written form of what was read is allowed: no sign, no leading zero.
        if selector.to_string() == text { Ok(selector) } else { Err(Refusal::Selector) }
    }
}

impl Canonical for Selector {
    fn write(&self, to: &mut Writer) {
        to.text(&self.to_string());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.text(SELECTOR_BYTES_MAX)?.parse()
    }
}
