//! Slots that were verified once need no second look.

use crate::proof::{batch_size, verdicts};
use crate::{SlotProof, TimeError, prove, verify};
use auto_core::{PotCheckpoints, PotSeed};
use parking_lot::{Condvar, Mutex};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Both are needed: a seed leads elsewhere with other iterations.
type Key = (PotSeed, u64);

/// The checkpoints of the slots verified or proven last, by seed and iterations.
///
/// Shared between threads; while one thread verifies a key, others that ask for the same key wait for
/// its verdict instead of computing it again. Only right checkpoints are kept, so memory is bounded by
/// the capacity (about 300 bytes per slot).
pub struct VerifiedCache {
    capacity: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<Key, Entry>,
    /// Keys by the time of their last use; times are unique.
    by_use: BTreeMap<u64, Key>,
    clock: u64,
    flights: BTreeMap<Key, Arc<Flight>>,
}

struct Entry {
    checkpoints: PotCheckpoints,
    used: u64,
}

/// A verification under way.
struct Flight {
    checkpoints: PotCheckpoints,
    state: Mutex<FlightState>,
    landed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FlightState {
    Flying,
    Landed(bool),
    /// The verifying thread left without a verdict.
    Abandoned,
}

/// What to do about a proof.
enum Start<'a> {
    Known(bool),
    Wait(Arc<Flight>),
    Fly(Takeoff<'a>),
}

/// The right to verify a key; lands when dropped.
struct Takeoff<'a> {
    cache: &'a VerifiedCache,
    key: Key,
    flight: Arc<Flight>,
    verdict: Option<bool>,
}

impl Takeoff<'_> {
    fn land(mut self, verdict: bool) {
        self.verdict = Some(verdict);
    }
}

impl Drop for Takeoff<'_> {
    fn drop(&mut self) {
        let mut inner = self.cache.inner.lock();
        inner.flights.remove(&self.key);
        if self.verdict == Some(true) {
            inner.insert(self.key, self.flight.checkpoints, self.cache.capacity);
        }
        drop(inner);
        *self.flight.state.lock() = self.verdict.map_or(FlightState::Abandoned, FlightState::Landed);
        self.flight.landed.notify_all();
    }
}

impl Inner {
    fn touch(&mut self, key: &Key) -> Option<PotCheckpoints> {
        let entry = self.entries.get_mut(key)?;
        self.by_use.remove(&entry.used);
        self.clock = self.clock.saturating_add(1);
        entry.used = self.clock;
        self.by_use.insert(self.clock, *key);
        Some(entry.checkpoints)
    }

    fn insert(&mut self, key: Key, checkpoints: PotCheckpoints, capacity: usize) {
        if self.touch(&key).is_some() {
            return;
        }
        while self.entries.len() >= capacity {
            let Some((_, oldest)) = self.by_use.pop_first() else { break };
            self.entries.remove(&oldest);
        }
        self.clock = self.clock.saturating_add(1);
        self.by_use.insert(self.clock, key);
        self.entries.insert(key, Entry { checkpoints, used: self.clock });
    }
}

impl VerifiedCache {
    /// An empty cache for `capacity` slots; at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), inner: Mutex::default() }
    }

    /// The most slots that are kept.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// The slots that are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.lock().entries.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The right checkpoints of a slot, if they were verified before.
    #[must_use]
    pub fn get(&self, seed: PotSeed, iterations: u64) -> Option<PotCheckpoints> {
        self.inner.lock().touch(&(seed, iterations))
    }

    /// Keeps checkpoints that the caller proved or verified itself.
    pub fn insert(&self, seed: PotSeed, iterations: u64, checkpoints: PotCheckpoints) {
        self.inner.lock().insert((seed, iterations), checkpoints, self.capacity);
    }

    /// Whether a slot's checkpoints are right, by comparing where the key is known and by AES elsewhere.
    #[must_use]
    pub fn verify(&self, seed: PotSeed, iterations: u64, checkpoints: &PotCheckpoints) -> bool {
        self.verify_with(seed, iterations, checkpoints, || verify(seed, iterations, checkpoints))
    }

    /// As [`Self::verify`], with `compute` called at most once and only where nothing is known.
    fn verify_with(
        &self,
        seed: PotSeed,
        iterations: u64,
        checkpoints: &PotCheckpoints,
        compute: impl Fn() -> bool,
    ) -> bool {
        loop {
            match self.start((seed, iterations), checkpoints) {
                Start::Known(right) => return right,
                Start::Fly(takeoff) => {
                    let right = compute();
                    takeoff.land(right);
                    return right;
                }
                Start::Wait(flight) => match flight.wait() {
                    FlightState::Landed(true) => return flight.checkpoints == *checkpoints,
                    FlightState::Landed(false) if flight.checkpoints == *checkpoints => return false,
                    // That one was wrong, which says nothing about this one.
                    _ => {}
                },
            }
        }
    }

    /// Verifies slots over all cores.
    ///
    /// # Errors
    /// The position of a slot whose checkpoints are wrong.
    pub fn verify_all(&self, proofs: &[SlotProof]) -> Result<(), usize> {
        for (batch, proofs) in proofs.chunks(batch_size()).enumerate() {
            let offset = batch.saturating_mul(batch_size());
            self.verify_batch(proofs).map_err(|within| offset.saturating_add(within))?;
        }
        Ok(())
    }

    fn verify_batch(&self, proofs: &[SlotProof]) -> Result<(), usize> {
        let (mut waiting, mut flying, mut work) = (Vec::new(), Vec::new(), Vec::new());
        for (index, proof) in proofs.iter().enumerate() {
            match self.start((proof.0, proof.1), &proof.2) {
                Start::Known(true) => {}
                Start::Known(false) => return Err(index),
                Start::Wait(_) => waiting.push((index, proof)),
                Start::Fly(takeoff) => {
                    flying.push((index, takeoff));
                    work.push(*proof);
                }
            }
        }
        let mut wrong = None;
        for ((index, takeoff), right) in flying.into_iter().zip(verdicts(&work)) {
            takeoff.land(right);
            if !right {
                wrong = wrong.or(Some(index));
            }
        }
        // Own verdicts have landed, so nobody waits in a circle.
        match wrong {
            Some(index) => Err(index),
            None => waiting
                .into_iter()
                .find(|(_, (seed, iterations, checkpoints))| !self.verify(*seed, *iterations, checkpoints))
                .map_or(Ok(()), |(index, _)| Err(index)),
        }
    }

    /// The right checkpoints of a slot, proven here if they are not known.
    ///
    /// # Errors
    /// When `iterations` is not a positive multiple of 16.
    pub fn prove(&self, seed: PotSeed, iterations: u64) -> Result<PotCheckpoints, TimeError> {
        if let Some(checkpoints) = self.get(seed, iterations) {
            return Ok(checkpoints);
        }
        let checkpoints = prove(seed, iterations)?;
        self.insert(seed, iterations, checkpoints);
        Ok(checkpoints)
    }

    fn start(&self, key: Key, checkpoints: &PotCheckpoints) -> Start<'_> {
        let mut inner = self.inner.lock();
        if let Some(known) = inner.touch(&key) {
            return Start::Known(known == *checkpoints);
        }
        if let Some(flight) = inner.flights.get(&key) {
            return Start::Wait(Arc::clone(flight));
        }
        let state = Mutex::new(FlightState::Flying);
        let flight = Arc::new(Flight { checkpoints: *checkpoints, state, landed: Condvar::new() });
        inner.flights.insert(key, Arc::clone(&flight));
        Start::Fly(Takeoff { cache: self, key, flight, verdict: None })
    }
}

impl Flight {
    fn wait(&self) -> FlightState {
        let mut state = self.state.lock();
        while *state == FlightState::Flying {
            self.landed.wait(&mut state);
        }
        *state
    }
}

impl fmt::Debug for VerifiedCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedCache").field("capacity", &self.capacity).field("len", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests;
