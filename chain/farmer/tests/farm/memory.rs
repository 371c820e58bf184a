//! A disk in memory that fills up, and that loses what was not synced when it loses power.

use auto_farmer::PlotFile;
use std::io;
use std::sync::{Arc, Mutex};

#[derive(Debug, Default)]
struct State {
    /// What survives a loss of power.
    durable: Vec<u8>,
    /// What a reader sees.
    visible: Vec<u8>,
    /// Writes since the last sync.
    pending: Vec<(usize, Vec<u8>)>,
    /// Writes and syncs until everything fails; `None` for never.
    left: Option<u64>,
    /// Bytes that fit on the disk.
    capacity: u64,
    /// Bytes that cannot be read.
    bad: std::ops::Range<usize>,
}

/// Clones share one disk.
#[derive(Debug, Clone)]
pub(crate) struct MemoryDisk(Arc<Mutex<State>>);

impl MemoryDisk {
    pub(crate) fn new(capacity: u64) -> Self {
        Self(Arc::new(Mutex::new(State { capacity, ..State::default() })))
    }

    pub(crate) fn fail_after(&self, operations: Option<u64>) {
        self.0.lock().expect("no panic").left = operations;
    }

    pub(crate) fn make_unreadable(&self, from: u64, to: u64) {
        let position = |position| usize::try_from(position).expect("small");
        self.0.lock().expect("no panic").bad = position(from)..position(to);
    }

    /// Loses power: of the writes since the last sync, each survives wholly, in part or not at all.
    pub(crate) fn lose_power(&self, seed: u64) {
        let mut state = self.0.lock().expect("no panic");
        let mut random = seed;
        let mut next = move || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random >> 33
        };
        for (position, bytes) in std::mem::take(&mut state.pending) {
            let kept = match next() % 3 {
                0 => 0,
                1 => bytes.len(),
                // Disks write sectors of 512 bytes whole.
                _ => usize::try_from(next()).expect("32 bits") % (bytes.len() / 512 + 1) * 512,
            };
            state.durable[position..position + kept].copy_from_slice(&bytes[..kept]);
        }
        state.visible = state.durable.clone();
        state.left = None;
    }
}

fn count(state: &mut State) -> io::Result<()> {
    match &mut state.left {
        Some(0) => Err(io::Error::other("the power is gone")),
        Some(left) => {
            *left -= 1;
            Ok(())
        }
        None => Ok(()),
    }
}

impl PlotFile for MemoryDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(u64::try_from(self.0.lock().expect("no panic").visible.len()).expect("small"))
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<()> {
        let state = self.0.lock().expect("no panic");
        let start = usize::try_from(position).expect("small");
        if start < state.bad.end && state.bad.start < start + buffer.len() {
            return Err(io::Error::other("the disk cannot read this"));
        }
        let bytes = state.visible.get(start..start + buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> io::Result<()> {
        let mut state = self.0.lock().expect("no panic");
        count(&mut state)?;
        let start = usize::try_from(position).expect("small");
        assert!(start + bytes.len() <= state.visible.len(), "a write outside of the reserved space");
        state.visible[start..start + bytes.len()].copy_from_slice(bytes);
        state.pending.push((start, bytes.to_vec()));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.0.lock().expect("no panic");
        count(&mut state)?;
        for (position, bytes) in std::mem::take(&mut state.pending) {
            state.durable[position..position + bytes.len()].copy_from_slice(&bytes);
        }
        Ok(())
    }

    fn reserve(&self, length: u64) -> io::Result<()> {
        let mut state = self.0.lock().expect("no panic");
        if length > state.capacity {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let length = usize::try_from(length).expect("small").max(state.visible.len());
        state.visible.resize(length, 0);
        state.durable.resize(length, 0);
        Ok(())
    }
}
