//! A plot that lies in memory.

use auto_farmer::PlotFile;
use parking_lot::RwLock;
use std::io;
use std::sync::Arc;

/// Bytes that outlive the farm over them, as a disk does.
#[derive(Debug, Clone, Default)]
pub struct MemoryPlot(Arc<RwLock<Vec<u8>>>);

impl MemoryPlot {
    /// Another plot with the same bytes.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(Arc::new(RwLock::new(self.0.read().clone())))
    }
}

fn range(position: u64, length: usize) -> Option<std::ops::Range<usize>> {
    let start = usize::try_from(position).ok()?;
    Some(start..start.checked_add(length)?)
}

impl PlotFile for MemoryPlot {
    fn len(&self) -> io::Result<u64> {
        u64::try_from(self.0.read().len()).map_err(io::Error::other)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<()> {
        let plot = self.0.read();
        let bytes = range(position, buffer.len()).and_then(|range| plot.get(range));
        buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        let mut plot = self.0.write();
        let place = range(position, bytes.len()).and_then(|range| plot.get_mut(range));
        place.ok_or(io::ErrorKind::StorageFull)?.copy_from_slice(bytes);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn reserve(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut plot = self.0.write();
        let grown = length.max(plot.len());
        plot.resize(grown, 0);
        Ok(())
    }
}
