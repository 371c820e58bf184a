//! The narrow seam to the disk: positional reads and writes on one file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// A file that is read and written at positions, from many threads at once.
///
/// The farm needs nothing else of a disk, so tests put a failing one in its place.
pub trait PlotFile: Send + Sync + std::fmt::Debug {
    /// Length in bytes.
    ///
    /// # Errors
    /// What the system says.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file has no bytes.
    ///
    /// # Errors
    /// What the system says.
    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|length| length == 0)
    }

    /// Fills `buffer` from `position` on.
    ///
    /// # Errors
    /// What the system says; an end of file inside the buffer is an error.
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<()>;

    /// Writes all of `bytes` at `position`.
    ///
    /// # Errors
    /// What the system says.
    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()>;

    /// Returns once everything written is on the disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self) -> io::Result<()>;

    /// Grows the file to `length` and reserves the space, so that later writes cannot run out of it.
    ///
    /// # Errors
    /// What the system says; `StorageFull` when there is not enough room, and then the length is as
    /// before.
    fn reserve(&self, length: u64) -> io::Result<()>;
}

impl PlotFile for File {
    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<()> {
        self.read_exact_at(buffer, position)
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        self.write_all_at(bytes, position)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn reserve(&self, length: u64) -> io::Result<()> {
        let before = PlotFile::len(self)?;
        if length <= before {
            return Ok(());
        }
        let reserved =
            rustix::fs::fallocate(self, rustix::fs::FallocateFlags::empty(), before, length - before);
        let result = match reserved {
            Ok(()) => Ok(()),
            // Not every file system can reserve; writing zeros can be done on all of them.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {
                write_zeros(self, before, length)
            }
            Err(error) => Err(error.into()),
        };
        if result.is_err() {
            self.set_len(before)?;
        }
        result?;
        self.sync_all()
    }
}

/// Writes zeros from `from` up to `to`.
fn write_zeros(file: &dyn PlotFile, from: u64, to: u64) -> io::Result<()> {
    let zeros = vec![0; 1 << 20];
    let mut position = from;
    while position < to {
        let left = usize::try_from(to - position).unwrap_or(usize::MAX).min(zeros.len());
        file.write_at(zeros.get(..left).unwrap_or(&zeros), position)?;
        position += crate::layout::wide(left);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_reserve_where_the_file_system_cannot() {
        let file = tempfile::tempfile().expect("a temporary file");
        write_zeros(&file, 10, 3_000_000).expect("room for it");
        assert_eq!(PlotFile::len(&file).expect("a length"), 3_000_000);
    }

    #[test]
    fn reserving_grows_and_never_shrinks() {
        let file = tempfile::tempfile().expect("a temporary file");
        file.reserve(100_000).expect("room for it");
        file.reserve(10).expect("nothing to do");
        assert_eq!(PlotFile::len(&file).expect("a length"), 100_000);
    }
}
