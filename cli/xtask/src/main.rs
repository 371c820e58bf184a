//! Checks the source tree against the rules of the house that compilers do not know, and begins new modules.
//!
//! `cargo run -p auto-xtask -- scaffold NAME FOLDER` writes the folder of a new module with all its rooms, a
//! crate with tests that pass, and prints the lines to add elsewhere; it exits with 1 if the name is no name
//! or the folder is not empty.
//!
//! `cargo run -p auto-xtask -- check [folder]` prints each violation as `file:line: level[rule]: what` and
//! exits with 1 if there is an error, with 2 if it was called wrongly and with 70 if files are unreadable.
//!
//! | rule | holds when |
//! |---|---|
//! | layers | a crate's dependencies (tests aside) lie in lower layers; see [`rules::layers`] |
//! | size | a source file has at most 800 lines; over 500 is a warning |
//! | determinism | consensus crates name no unordered map, no clock and no floating point |
//! | ascii | sources hold ASCII only |
//! | docs | a `lib.rs` starts with its `//!` specification |

mod manifest;
mod rules;
mod scaffold;
mod source;
mod tree;
mod violation;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check"] => workspace_root(),
        ["check", folder] => PathBuf::from(folder),
        ["scaffold", name, folder] => return begin(name, Path::new(folder)),
        _ => {
            let _ = writeln!(std::io::stderr(), "usage: auto-xtask check [folder] | scaffold NAME FOLDER");
            return ExitCode::from(2);
        }
    };
    match tree::check(&root) {
        Ok(violations) => report(&violations),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "cannot read the tree: {error}");
            ExitCode::from(70)
        }
    }
}

/// The workspace that this program was built from.
fn workspace_root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_path_buf()
}

fn begin(name: &str, folder: &Path) -> ExitCode {
    match scaffold::write(name, folder) {
        Ok(lines) => {
            let _ = write!(std::io::stdout(), "{lines}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(if matches!(error, scaffold::ScaffoldError::Io(_)) { 70 } else { 1 })
        }
    }
}

fn report(violations: &[violation::Violation]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    for violation in violations {
        let _ = writeln!(out, "{violation}");
    }
    let errors = violations.iter().filter(|violation| violation.is_error()).count();
    let _ = writeln!(out, "{errors} errors, {} warnings", violations.len().saturating_sub(errors));
    if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
