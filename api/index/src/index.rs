//! The index: one that writes, many that read.

use crate::{IndexError, schema};
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags, Transaction};
use std::path::{Path, PathBuf};

/// Connections for reading that are kept while nobody reads.
const READERS_MAX: usize = 4;
/// How long a connection waits for another one.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// Finds what chains say, and follows them. Usable from any thread; who reads does not wait for who writes,
/// except in an index in memory.
#[derive(Debug)]
pub struct Index {
    writer: Mutex<Connection>,
    /// The file, and connections to it; none in memory.
    file: Option<(PathBuf, Mutex<Vec<Connection>>)>,
}

fn set_up(connection: &Connection) -> Result<(), IndexError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(())
}

impl Index {
    /// Opens an index, or begins one where there is no file yet. After a crash it holds whole blocks only.
    ///
    /// # Errors
    /// When the file is of another format or cannot be used.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let mut connection = Connection::open(path)?;
        set_up(&connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // What a power cut may take away is the newest blocks, which the chain gives again.
        connection.pragma_update(None, "synchronous", "normal")?;
        schema::prepare(&mut connection)?;
        let file = Some((path.to_owned(), Mutex::default()));
        Ok(Self { writer: Mutex::new(connection), file })
    }

    /// An index that is gone with the process.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, IndexError> {
        let mut connection = Connection::open_in_memory()?;
        set_up(&connection)?;
        schema::prepare(&mut connection)?;
        Ok(Self { writer: Mutex::new(connection), file: None })
    }

    /// Changes the index, wholly or not at all.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let mut writer = self.writer.lock();
        let transaction = writer.transaction()?;
        let done = change(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Answers from one state of the index.
    pub(crate) fn read<T>(
        &self,
        answer: impl FnOnce(&Transaction<'_>) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let Some((path, idle)) = &self.file else {
            return answer(&self.writer.lock().transaction()?);
        };
        let kept = idle.lock().pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let reader = Connection::open_with_flags(path, flags)?;
                set_up(&reader)?;
                reader
            }
        };
        let answered = answer(&reader.transaction()?);
        let mut idle = idle.lock();
        if idle.len() < READERS_MAX {
            idle.push(reader);
        }
        answered
    }
}
