//! What can go wrong with a store.

use crate::Holder;
use auto_core::{ErrorCode, ErrorEntry, Hash};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder is in use.
    #[error("{} is in use by {}", .path.display(), .holder.as_ref().map_or_else(|| "another process".to_owned(), ToString::to_string))]
    Locked {
        /// The folder.
        path: PathBuf,
        /// Who holds it, where that is known.
        holder: Option<Holder>,
    },
    /// The folder was written by an older program.
    #[error("{} has format version {found}, this program needs version {expected}: move the folder away and let the node fetch its data again, or run the program that wrote it", .path.display())]
    FormatOlder {
        /// The folder.
        path: PathBuf,
        /// Version in the folder.
        found: u32,
        /// Version that this program reads and writes.
        expected: u32,
    },
    /// The folder was written by a newer program.
    #[error("{} has format version {found}, this program only knows version {expected}: install the newer program, or use another folder", .path.display())]
    FormatNewer {
        /// The folder.
        path: PathBuf,
        /// Version in the folder.
        found: u32,
        /// Version that this program reads and writes.
        expected: u32,
    },
    /// The folder holds a database that is not ours.
    #[error("{} holds a database of another program ({detail}): use another folder", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What shows it.
        detail: String,
    },
    /// A file is damaged or missing.
    #[error("{} is damaged ({detail}): check the disk, then move the folder away and let the node fetch its data again", .file.display())]
    Corrupt {
        /// The file, or the folder where the file is not known.
        file: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The disk is full.
    #[error("no space left on the disk of {}: free some, then start again", .path.display())]
    DiskFull {
        /// The file or folder that was to be written.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {detail}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// The database engine refused for a reason of its own.
    #[error("database in {}: {detail}", .path.display())]
    Engine {
        /// The folder.
        path: PathBuf,
        /// What the engine says.
        detail: String,
    },
    /// A state node was released more often than it was committed.
    #[error("state node {node} was released more often than committed")]
    ReleasedTooOften {
        /// Hash of the node.
        node: Hash,
    },
    /// A state node's value does not have its format.
    #[error("state node {node} is malformed in the store")]
    MalformedNode {
        /// Hash of the node.
        node: Hash,
    },
}

impl StoreError {
    /// Sorts a failure of the operating system.
    pub(crate) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path: path.to_owned() }
            }
            _ => Self::Io { path: path.to_owned(), detail: error.to_string() },
        }
    }

    /// Sorts a failure of RocksDB, of which only the text is known: `Kind: subkind: context: file: cause`.
    pub(crate) fn from_engine(folder: &Path, text: &str) -> Self {
        let named = file_in(folder, text).or_else(|| suspect(folder, text));
        let file = || named.clone().unwrap_or_else(|| folder.to_owned());
        let lower = text.to_ascii_lowercase();
        let is = |part: &str| lower.contains(part);
        if is("no space left") || is("space limit") || is("disk quota") {
            return Self::DiskFull { path: file() };
        }
        if lower.starts_with("io error") && is("lock") && (is("unavailable") || is("lock hold")) {
            return Self::Locked { path: folder.to_owned(), holder: None };
        }
        // A file that the database counts on and that is gone or short is damage as well.
        let gone = named.is_some() && (is("no such file") || is("not found") || is("while reading"));
        let stale = is("no such file") && is("current");
        if lower.starts_with("corruption") || is("checksum mismatch") || gone || stale {
            return Self::Corrupt { file: file(), detail: text.to_owned() };
        }
        if lower.starts_with("io error") {
            return Self::Io { path: file(), detail: text.to_owned() };
        }
        Self::Engine { path: folder.to_owned(), detail: text.to_owned() }
    }
}

/// The first file of `folder` that `text` names.
fn file_in(folder: &Path, text: &str) -> Option<PathBuf> {
    let folder = folder.to_str()?;
    let start = text.match_indices(folder).map(|(at, _)| at + folder.len()).find_map(|at| {
        let name: String = text
            .get(at..)?
            .trim_start_matches('/')
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_'))
            .collect();
        (!name.is_empty()).then_some(name)
    })?;
    Some(Path::new(folder).join(start.trim_end_matches('.')))
}

/// The file that a text means which names none: the engine does not name files of large values.
fn suspect(folder: &Path, text: &str) -> Option<PathBuf> {
    if !text.starts_with("Corruption") {
        return None;
    }
    if text.contains("blob") {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "blob"))
            .collect();
        files.sort();
        return files.into_iter().find(|path| !has_blob_ends(path).unwrap_or(false));
    }
    if let Some((_, rest)) = text.split_once("log number: ") {
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        return Some(folder.join(format!("{number:0>6}.log")));
    }
    // A record of the file that lists all others is read before any other file is.
    let current = std::fs::read_to_string(folder.join("CURRENT")).ok()?;
    ["VersionEdit", "manifest", "MANIFEST", "log record", "truncated record"]
        .iter()
        .any(|word| text.contains(word))
        .then(|| folder.join(current.trim_end()))
}

/// Whether a file of large values starts and ends as RocksDB writes it: its magic number opens the header
/// and the footer of 32 bytes.
fn has_blob_ends(path: &Path) -> std::io::Result<bool> {
    const MAGIC: [u8; 4] = 2_395_959u32.to_le_bytes();
    let mut file = File::open(path)?;
    let (mut first, mut last) = ([0; 4], [0; 4]);
    file.read_exact(&mut first)?;
    file.seek(SeekFrom::End(-32))?;
    file.read_exact(&mut last)?;
    Ok(first == MAGIC && last == MAGIC)
}

impl ErrorCode for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "STO-0001",
            Self::FormatOlder { .. } => "STO-0002",
            Self::FormatNewer { .. } => "STO-0003",
            Self::Foreign { .. } => "STO-0004",
            Self::Corrupt { .. } => "STO-0005",
            Self::DiskFull { .. } => "STO-0006",
            Self::Io { .. } => "STO-0007",
            Self::Engine { .. } => "STO-0008",
            Self::ReleasedTooOften { .. } => "STO-0009",
            Self::MalformedNode { .. } => "STO-0010",
        }
    }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "STO-0001",
        what: "the folder is in use by another process",
        why: "a folder belongs to one process at a time",
        hint: "stop the process that the message names, or give this one another folder",
    },
    ErrorEntry {
        code: "STO-0002",
        what: "the folder was written by an older version of the program",
        why: "the format on disk changed since",
        hint: "move the folder away and let the node fetch its data again, or run the older program",
    },
    ErrorEntry {
        code: "STO-0003",
        what: "the folder was written by a newer version of the program",
        why: "this program does not know that format",
        hint: "install the newer program, or use another folder",
    },
    ErrorEntry {
        code: "STO-0004",
        what: "the folder holds a database of another program",
        why: "its columns or its version entry are not ours",
        hint: "use another folder; nothing in this one was changed",
    },
    ErrorEntry {
        code: "STO-0005",
        what: "a file of the database is damaged or missing",
        why: "a failing disk, a partial copy, or something else wrote into the folder",
        hint: "check the disk, then move the folder away and let the node fetch its data again",
    },
    ErrorEntry {
        code: "STO-0006",
        what: "the disk is full",
        why: "the data did not fit; what was written before is intact",
        hint: "free space on that disk and start again",
    },
    ErrorEntry {
        code: "STO-0007",
        what: "the operating system refused to read or write",
        why: "often permissions, a read-only disk, or a disk that went away",
        hint: "see the cause in the message; check who owns the folder",
    },
    ErrorEntry {
        code: "STO-0008",
        what: "the database engine refused",
        why: "see the message; after a failed write it refuses all others until it is opened again",
        hint: "start again; if it persists, move the folder away and let the node fetch its data again",
    },
    ErrorEntry {
        code: "STO-0009",
        what: "a state node was released more often than it was committed",
        why: "the counts in the database and the chain disagree: a defect of the program",
        hint: "move the folder away and let the node fetch its data again, and report it",
    },
    ErrorEntry {
        code: "STO-0010",
        what: "a state node in the database is malformed",
        why: "something else wrote into the database",
        hint: "move the folder away and let the node fetch its data again",
    },
];

#[cfg(test)]
mod tests;
