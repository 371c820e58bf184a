//! What people and programs read of a call or an event: a name with named details.

use std::fmt::Display;

/// A call or an event, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// Its name: of a call in the imperative, of an event in the past tense.
    pub(crate) name: &'static str,
    /// Details by name. Money is in base units.
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Described {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// What this version cannot decode keeps its bytes.
    pub(crate) fn undecoded(bytes: &[u8]) -> Self {
        Self::new("Undecoded").with("bytes", format_args!("0x{}", hex::encode(bytes)))
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.fields.push((name, value.to_string()));
        self
    }

    /// A field by its name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The number of the domain that it concerns.
    pub(crate) fn domain(&self) -> Option<u32> {
        self.field("domain")?.parse().ok()
    }
}
