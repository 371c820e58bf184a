//! The lock of a farm's folder, which names its holder.

use crate::FarmError;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// Name of the lock file.
pub(crate) const LOCK_FILE: &str = "farm.lock";
/// Most bytes of the holder's description.
const HOLDER_BYTES: u64 = 4096;

/// Held as long as a farm is open; the system frees it even when the process is killed.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
}

impl FolderLock {
    pub(crate) fn acquire(folder: &Path) -> Result<Self, FarmError> {
        let path = folder.join(LOCK_FILE);
        let failed = |source| FarmError::io("lock", &path, source);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The description is best effort: the lock counts even if nobody can read it.
                let _ = file.take(HOLDER_BYTES).read_to_string(&mut holder);
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                return Err(FarmError::Locked { path: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let command = std::env::args().next().unwrap_or_default();
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        write!(file, "process {} ({command})", std::process::id()).map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the file frees the lock as well; emptying it only keeps an old name from misleading.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}
