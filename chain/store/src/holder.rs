//! The file that says which process holds a folder.

use crate::StoreError;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

const FILE: &str = "HOLDER";
/// Longest content that is written or read, in bytes.
const CONTENT_MAX: usize = 4096;

/// The process that holds a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Command line, cut at about four thousand bytes.
    pub command: String,
}

impl Holder {
    fn this_process() -> Self {
        let words: Vec<String> =
            std::env::args_os().map(|word| word.to_string_lossy().replace('\n', " ")).collect();
        Self { pid: std::process::id(), command: words.join(" ") }
    }

    fn parse(text: &str) -> Option<Self> {
        let (pid, command) = text.split_once('\n')?;
        Some(Self { pid: pid.parse().ok()?, command: command.trim_end().to_owned() })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} (`{}`)", self.pid, self.command)
    }
}

/// An exclusive claim to a folder, which ends with the process at the latest.
///
/// The claim is the operating system's lock on the file, never the file's existence or content: what a
/// killed process left behind is overwritten.
#[derive(Debug)]
pub(crate) struct Claim {
    file: File,
}

impl Claim {
    /// Claims `folder` for this process.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process, or another claim of this one, holds it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let failed = |error: &std::io::Error| StoreError::from_io(&path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = read(&mut file).as_deref().and_then(Holder::parse);
                return Err(StoreError::Locked { path: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        let holder = Holder::this_process();
        let mut text = format!("{}\n{}", holder.pid, holder.command);
        text.truncate(text.floor_char_boundary(CONTENT_MAX - 1));
        text.push('\n');
        let written = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(text.as_bytes()));
        written.map_err(|error| failed(&error))?;
        Ok(Self { file })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A command line may be private, so it does not outlive the claim; a failure leaves a stale
        // file, which the next claim overwrites.
        let _ = self.file.set_len(0);
    }
}

fn read(file: &mut File) -> Option<String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(CONTENT_MAX).ok()?;
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
