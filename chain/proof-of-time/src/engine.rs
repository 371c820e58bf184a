//! The ways to compute AES; all give the same bytes.

mod portable;
#[cfg(target_arch = "x86_64")]
mod vaes;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::{SlotProof, TimeError, is_valid_iterations};
use auto_core::{CHECKPOINTS, PotCheckpoints, PotSeed};
use std::sync::OnceLock;

/// A block of AES.
type Block = [u8; 16];

/// A way to compute AES that this machine has.
///
/// Only detection makes one, so holding it proves that its instructions exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Engine(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    AesNi,
    #[cfg(target_arch = "x86_64")]
    Vaes256,
    #[cfg(target_arch = "x86_64")]
    Vaes512,
}

/// One slot in the form that engines verify: both ends of its eight parts, and its key.
#[derive(Debug, Clone, Copy)]
struct Parts {
    key: Block,
    inputs: [Block; CHECKPOINTS],
    outputs: [Block; CHECKPOINTS],
}

impl Parts {
    fn new(seed: PotSeed, checkpoints: &PotCheckpoints) -> Self {
        let outputs = checkpoints.0.map(|output| output.0);
        let mut inputs = outputs;
        inputs.rotate_right(1);
        inputs[0] = seed.0;
        Self { key: seed.key().0, inputs, outputs }
    }
}

impl Engine {
    /// The engine that verifies fastest on this machine; detected once.
    #[must_use]
    pub fn fastest() -> Self {
        static FASTEST: OnceLock<Engine> = OnceLock::new();
        *FASTEST.get_or_init(|| Self::available().pop().unwrap_or(Self(Kind::Portable)))
    }

    /// Every engine that this machine has, from the slowest to the fastest.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut engines = vec![Self(Kind::Portable)];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("aes") && is_x86_feature_detected!("sse2") {
            engines.push(Self(Kind::AesNi));
            if is_x86_feature_detected!("vaes") && is_x86_feature_detected!("avx2") {
                engines.push(Self(Kind::Vaes256));
                if is_x86_feature_detected!("avx512f") {
                    engines.push(Self(Kind::Vaes512));
                }
            }
        }
        engines
    }

    /// A short name for logs and benches.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::AesNi => "aes-ni",
            #[cfg(target_arch = "x86_64")]
            Kind::Vaes256 => "vaes-256",
            #[cfg(target_arch = "x86_64")]
            Kind::Vaes512 => "vaes-512",
        }
    }

    /// Computes a slot's checkpoints.
    ///
    /// # Errors
    /// When `iterations` is not a positive multiple of 16.
    #[cfg_attr(target_arch = "x86_64", allow(unsafe_code, reason = "calls a function that needs AES-NI"))]
    pub fn prove(self, seed: PotSeed, iterations: u64) -> Result<PotCheckpoints, TimeError> {
        if !is_valid_iterations(iterations) {
            return Err(TimeError::Iterations(iterations));
        }
        let (key, steps) = (seed.key().0, iterations / 8);
        Ok(match self.0 {
            Kind::Portable => portable::prove(seed.0, key, steps),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` makes each of these engines only after detecting `aes` and `sse2`, which
            // are all that the function needs. One stream gains nothing from wider registers.
            Kind::AesNi | Kind::Vaes256 | Kind::Vaes512 => unsafe { x86::prove(seed.0, key, steps) },
        })
    }

    /// Whether a slot's checkpoints are right; never for iterations that no slot may have.
    #[must_use]
    #[cfg_attr(
        target_arch = "x86_64",
        allow(unsafe_code, reason = "calls functions that need AES-NI or VAES")
    )]
    pub fn verify(self, seed: PotSeed, iterations: u64, checkpoints: &PotCheckpoints) -> bool {
        if !is_valid_iterations(iterations) {
            return false;
        }
        let (parts, steps) = (Parts::new(seed, checkpoints), iterations / 16);
        match self.0 {
            Kind::Portable => portable::verify(&parts, steps),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` makes this engine only after detecting `aes` and `sse2`.
            Kind::AesNi => unsafe { x86::verify(&parts, steps) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` makes this engine only after detecting `aes`, `sse2`, `vaes` and `avx2`.
            Kind::Vaes256 => unsafe { vaes::verify_256(&parts, steps) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `available` makes this engine only after detecting `aes`, `sse2`, `vaes`, `avx2` and
            // `avx512f`.
            Kind::Vaes512 => unsafe { vaes::verify_512(&[parts], steps)[0] },
        }
    }

    /// The verdict on each slot, one core; two slots at once where the engine has room for them.
    #[must_use]
    pub fn verify_each(self, proofs: &[SlotProof]) -> Vec<bool> {
        let mut verdicts = Vec::with_capacity(proofs.len());
        for pair in proofs.chunks(2) {
            match (self.verify_pair(pair), pair) {
                (Some(both), _) => verdicts.extend(both),
                (None, pair) => verdicts.extend(
                    pair.iter()
                        .map(|(seed, iterations, checkpoints)| self.verify(*seed, *iterations, checkpoints)),
                ),
            }
        }
        verdicts
    }

    /// Verifies two slots of equal iterations at once; `None` where that is not possible.
    #[cfg_attr(target_arch = "x86_64", allow(unsafe_code, reason = "calls a function that needs VAES"))]
    fn verify_pair(self, pair: &[SlotProof]) -> Option<[bool; 2]> {
        let [(first_seed, iterations, first), (second_seed, others, second)] = pair else { return None };
        if iterations != others || !is_valid_iterations(*iterations) {
            return None;
        }
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Vaes512 => {
                let parts = [Parts::new(*first_seed, first), Parts::new(*second_seed, second)];
                // SAFETY: `available` makes this engine only after detecting `aes`, `sse2`, `vaes`, `avx2`
                // and `avx512f`.
                Some(unsafe { vaes::verify_512(&parts, iterations / 16) })
            }
            _ => None,
        }
    }
}
