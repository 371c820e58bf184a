//! Rules about the text of a source file.

use crate::violation::{Level, Violation};

const WARN_OVER: usize = 500;
const FAIL_OVER: usize = 800;

/// A file is short enough to be read in one go.
pub(crate) fn size(path: &str, text: &str) -> Option<Violation> {
    let lines = text.lines().count();
    if lines <= WARN_OVER {
        return None;
    }
    let level = if lines > FAIL_OVER { Level::Error } else { Level::Warning };
    let what = format!("{lines} lines; {WARN_OVER} are wanted, {FAIL_OVER} allowed");
    Some(Violation { path: path.to_owned(), line: lines, level, rule: "size", what })
}

/// Sources hold ASCII only, so that nothing in them looks like something else.
pub(crate) fn ascii(path: &str, text: &str) -> Vec<Violation> {
    let foreign = (1..).zip(text.lines()).filter_map(|(line, content)| {
        let (position, c) = (1..).zip(content.chars()).find(|(_, c)| !c.is_ascii())?;
        let what = format!("{} (U+{:04X}) at column {position}", c.escape_unicode(), u32::from(c));
        Some(Violation::error(path, line, "ascii", what))
    });
    foreign.collect()
}

/// A library's root starts with its specification.
pub(crate) fn docs(path: &str, text: &str) -> Option<Violation> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    if first.is_some_and(|line| line.starts_with("//! ")) {
        return None;
    }
    Some(Violation::error(path, 1, "docs", "lib.rs does not start with a `//!` specification".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_warns_over_500_and_fails_over_800() {
        assert_eq!(size("a.rs", &"x\n".repeat(500)), None);
        assert!(size("a.rs", &"x\n".repeat(501)).is_some_and(|violation| !violation.is_error()));
        assert!(size("a.rs", &"x\n".repeat(800)).is_some_and(|violation| !violation.is_error()));
        assert!(size("a.rs", &"x\n".repeat(801)).is_some_and(|violation| violation.is_error()));
    }

    #[test]
    fn ascii_names_the_line_and_column() {
        assert!(ascii("a.rs", "fn a() {}\n").is_empty());
        let found = ascii("a.rs", "x\n// a\u{2016}b\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(found[0].what.contains("U+2016) at column 5"), "{}", found[0].what);
    }

    #[test]
    fn docs_want_a_specification_first() {
        assert_eq!(docs("lib.rs", "\n//! What it is.\n"), None);
        assert!(docs("lib.rs", "mod a;\n//! Late.\n").is_some());
        assert!(docs("lib.rs", "").is_some());
        assert!(docs("lib.rs", "//!\n").is_some());
    }
}
