//! Writes the folder of a new module: every room, small but real.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// What is written, by path from the module's folder. In paths and contents `__name__` is the module's name,
/// `__crate__` its crate, `__Name__` its type, `__CODE__` the prefix of its codes, `__id__` its number.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("scaffold/template/Cargo.toml.txt")),
    ("src/lib.rs", include_str!("scaffold/template/src/lib.rs")),
    ("src/module.rs", include_str!("scaffold/template/src/module.rs")),
    ("src/calls.rs", include_str!("scaffold/template/src/calls.rs")),
    ("src/calls/write.rs", include_str!("scaffold/template/src/calls/write.rs")),
    ("src/state.rs", include_str!("scaffold/template/src/state.rs")),
    ("src/view.rs", include_str!("scaffold/template/src/view.rs")),
    ("src/event.rs", include_str!("scaffold/template/src/event.rs")),
    ("src/error.rs", include_str!("scaffold/template/src/error.rs")),
    ("src/genesis.rs", include_str!("scaffold/template/src/genesis.rs")),
    ("src/params.rs", include_str!("scaffold/template/src/params.rs")),
    ("src/invariants.rs", include_str!("scaffold/template/src/invariants.rs")),
    ("tests/scenarios.rs", include_str!("scaffold/template/tests/scenarios.rs")),
];

/// Names that the template itself gives to other things, or that exist.
const TAKEN: &[&str] = &["bank", "call", "core", "event", "messages", "note", "write"];

/// Why nothing was written, or not all.
#[derive(Debug)]
pub(crate) enum ScaffoldError {
    /// The name makes no module.
    Name(String),
    /// The folder is there already.
    Exists(String),
    /// The disk.
    Io(io::Error),
}

impl fmt::Display for ScaffoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(
                f,
                "`{name}` is no name for a module: 3 to 24 lower-case letters, digits and single hyphens, a \
                 letter first and last, and none of {}",
                TAKEN.join(", ")
            ),
            Self::Exists(folder) => write!(f, "{folder} exists and is not empty"),
            Self::Io(error) => write!(f, "cannot write: {error}"),
        }
    }
}

impl From<io::Error> for ScaffoldError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A name in all its forms.
struct Names {
    name: String,
    type_name: String,
    code: String,
    id: u16,
}

impl Names {
    fn of(name: &str) -> Option<Self> {
        let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
        let is_sound = (3..=24).contains(&name.len())
            && name.chars().all(is_inner)
            && is_letter(name.chars().next())
            && is_letter(name.chars().next_back())
            && !name.contains("--")
            && !TAKEN.contains(&name);
        let code: String = name.chars().filter(|c| *c != '-').take(3).collect();
        is_sound.then(|| Self {
            name: name.to_owned(),
            type_name: name.split('-').map(capitalized).collect(),
            code: code.to_uppercase(),
            id: number_of(name),
        })
    }

    fn fill(&self, text: &str) -> String {
        let krate = format!("auto_{}", self.name.replace('-', "_"));
        text.replace("__name__", &self.name)
            .replace("__crate__", &krate)
            .replace("__Name__", &self.type_name)
            .replace("__CODE__", &self.code)
            .replace("__id__", &self.id.to_string())
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// A number from 1,000 on that a name always gets (FNV-1a over its bytes).
fn number_of(name: &str) -> u16 {
    let hash =
        name.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u16::try_from(1_000 + hash % 60_000).unwrap_or(1_000)
}

/// Writes the folder; gives the lines that are to be added elsewhere. Cargo takes what the registry names by path
/// as a member of the workspace.
pub(crate) fn write(name: &str, folder: &Path) -> Result<String, ScaffoldError> {
    let names = Names::of(name).ok_or_else(|| ScaffoldError::Name(name.to_owned()))?;
    if folder.exists() && (!folder.is_dir() || fs::read_dir(folder)?.next().is_some()) {
        return Err(ScaffoldError::Exists(folder.display().to_string()));
    }
    for (path, text) in FILES {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, names.fill(text))?;
    }
    let lines = format!(
        "{folder} is written. Now add\n\
         sdk/registry/Cargo.toml, dependencies:  auto-__name__ = {{ path = \"{path}\" }}\n\
         sdk/registry/src/list.rs, MODULES:      Line::new(1, module::<__crate__::__Name__>),\n\
         and run cargo fmt -p auto-__name__, then cargo test -p auto-__name__\n",
        folder = folder.display(),
        // Joining keeps a path that begins at the root of the disk.
        path = Path::new("../..").join(folder).display()
    );
    Ok(names.fill(&lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_form_each() {
        let names = Names::of("data-market").expect("a name");
        assert_eq!((names.type_name.as_str(), names.code.as_str()), ("DataMarket", "DAT"));
        assert_eq!(names.fill("__crate__ __Name__ __CODE__-0001"), "auto_data_market DataMarket DAT-0001");
        assert!(names.id >= 1_000 && names.id == number_of("data-market"));
        for bad in ["", "ab", "Guest", "1st", "a--b", "guest-", "gu est", "note", &"a".repeat(25)] {
            assert!(Names::of(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_room_is_written_and_nothing_is_left_to_fill() {
        let folder = std::env::temp_dir().join(format!("auto-scaffold-{}", std::process::id()));
        let lines = write("guest-book", &folder).expect("written");
        let again = write("guest-book", &folder);
        for (path, _) in FILES {
            let text = fs::read_to_string(folder.join(path)).expect("written");
            assert!(!text.contains("__"), "{path}");
        }
        fs::remove_dir_all(&folder).expect("removable");
        assert!(matches!(again, Err(ScaffoldError::Exists(_))));
        assert!(lines.contains("Line::new(1, module::<auto_guest_book::GuestBook>),"), "{lines}");
        assert!(
            lines.contains(&format!("auto-guest-book = {{ path = \"{}\" }}", folder.display())),
            "{lines}"
        );
    }
}
