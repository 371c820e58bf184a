//! Commands: what may be done, as a path of segments such as `/pay/invoice`.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::Refusal;
use crate::cbor::{Canonical, Reader, Writer};
use crate::limits::{COMMAND_SEGMENT_BYTES_MAX, COMMAND_SEGMENTS_MAX};

/// A command, or in a grant every command that begins with these segments.
///
/// Segments are lower-case letters, digits and hyphens. They are compared whole, so `/pay` covers
/// `/pay/invoice` and never `/payroll`. The command without segments, `/`, covers everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Command(Vec<String>);

impl Command {
    /// The command that covers every other.
    #[must_use]
    pub const fn all() -> Self {
        Self(Vec::new())
    }

    /// A command of segments.
    ///
    /// # Errors
    /// When there are too many, or one has other characters.
    pub fn new<S: AsRef<str>>(segments: &[S]) -> Result<Self, Refusal> {
        let sound = |segment: &str| {
            (1..=COMMAND_SEGMENT_BYTES_MAX).contains(&segment.len())
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if segments.len() > COMMAND_SEGMENTS_MAX || !segments.iter().all(|segment| sound(segment.as_ref())) {
            return Err(Refusal::Command);
        }
        Ok(Self(segments.iter().map(|segment| segment.as_ref().to_string()).collect()))
    }

    /// Whether this is the command that covers every other.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether whoever may do this may do the other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The segments.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("/");
        }
        self.0.iter().try_for_each(|segment| write!(f, "/{segment}"))
    }
}

impl FromStr for Command {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text.strip_prefix('/') {
            Some("") => Ok(Self::all()),
            Some(path) => Self::new(&path.split('/').collect::<Vec<_>>()),
            None => Err(Refusal::Command),
        }
    }
}

impl Canonical for Command {
    fn write(&self, to: &mut Writer) {
        to.array(self.0.len());
        for segment in &self.0 {
            to.text(segment);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let segments = from.list(COMMAND_SEGMENTS_MAX, |from| Ok(from.text(COMMAND_SEGMENT_BYTES_MAX)?))?;
        Self::new(&segments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> Command {
        text.parse().unwrap()
    }

    #[test]
    fn segments_are_compared_whole() {
        assert!(command("/pay").covers(&command("/pay")));
        assert!(command("/pay").covers(&command("/pay/invoice")));
        assert!(!command("/pay").covers(&command("/payroll")));
        assert!(!command("/pay/invoice").covers(&command("/pay")));
        assert!(command("/").covers(&command("/anything")) && !command("/anything").covers(&command("/")));
    }

    #[test]
    fn other_texts_are_no_commands() {
        for text in
            ["", "pay", "/Pay", "//", "/pay/", "/pa y", "/p\u{430}y", "/a/b/c/d/e/f/g/h/i", "/*", "/.."]
        {
            assert_eq!(text.parse::<Command>(), Err(Refusal::Command), "{text}");
        }
    }
}
