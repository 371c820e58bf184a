//! A timekeeper for tests.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use auto_core::{
    Hash, List, PotCheckpoints, PotJustification, PotOutput, PotParametersChange, PotProof, PotSeed, Slot,
};
use auto_proof_of_time::{
    ChainLimits, Outcome, PotChain, TimeClaim, TimeError, TimeState, VerifiedCache, VerifiedTime, prove,
    verify_justification,
};
use std::sync::Arc;

pub const ITERATIONS: u64 = 256;
pub const DELAY: u64 = 4;

pub fn genesis() -> TimeState {
    TimeState::genesis(PotSeed([9; 16]), ITERATIONS)
}

pub fn change(slot: u64, iterations: u64, entropy: u8) -> PotParametersChange {
    PotParametersChange { slot: Slot(slot), iterations, entropy: Hash([entropy; 32]) }
}

/// The proofs of `count` slots after `start`.
pub fn keep_time(start: TimeState, change: Option<PotParametersChange>, count: usize) -> Vec<PotProof> {
    let mut state = start;
    (0..count)
        .map(|_| {
            let input = state.next_input(change.as_ref());
            let checkpoints = prove(input.seed, input.iterations).expect("valid iterations");
            state = input.ended(checkpoints.output());
            PotProof { slot: input.slot, seed: input.seed, iterations: input.iterations, checkpoints }
        })
        .collect()
}

pub fn state(proof: &PotProof) -> TimeState {
    TimeState { slot: proof.slot, output: proof.checkpoints.output(), iterations: proof.iterations }
}

pub fn spoiled(proof: &PotProof, position: usize) -> PotProof {
    let mut proof = *proof;
    proof.checkpoints.0[position].0[3] ^= 0x10;
    proof
}

pub fn chain(change: Option<PotParametersChange>) -> PotChain {
    PotChain::new(ChainLimits::default(), Arc::new(VerifiedCache::new(1000)), genesis(), change)
}

pub fn fed(change: Option<PotParametersChange>, count: usize) -> (PotChain, Vec<PotProof>) {
    let mut chain = chain(change);
    let proofs = keep_time(genesis(), change, count);
    for proof in &proofs {
        assert_eq!(chain.on_proof(1, proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    (chain, proofs)
}

/// A block whose parent's time is `parent`, and which proves `proofs`.
pub struct Block {
    pub parent: TimeState,
    pub change: Option<PotParametersChange>,
    pub earlier: Option<PotOutput>,
    pub claim: TimeClaim,
    pub justification: PotJustification,
}

impl Block {
    pub fn new(parent: TimeState, change: Option<PotParametersChange>, proofs: &[PotProof]) -> Self {
        let last = proofs.last().expect("a block spans slots");
        let slot = Slot(last.slot.0 - DELAY);
        let own = proofs.iter().find(|proof| proof.slot == slot);
        let claim = TimeClaim {
            slot,
            proof_of_time: own.map_or(parent.output, |proof| proof.checkpoints.output()),
            future_slot: last.slot,
            future_proof_of_time: last.checkpoints.output(),
        };
        let mut block = Self {
            parent,
            change,
            earlier: None,
            claim,
            justification: PotJustification { seed: proofs[0].seed, checkpoints: List::default() },
        };
        block.set(proofs.iter().map(|proof| proof.checkpoints).collect());
        block
    }

    pub fn set(&mut self, checkpoints: Vec<PotCheckpoints>) {
        self.justification.checkpoints = List::new(checkpoints).expect("within the bound");
    }

    pub fn verify(&self) -> Result<VerifiedTime, TimeError> {
        self.verify_with(&VerifiedCache::new(100))
    }

    pub fn verify_with(&self, cache: &VerifiedCache) -> Result<VerifiedTime, TimeError> {
        verify_justification(
            &self.parent,
            self.change.as_ref(),
            self.earlier,
            &self.claim,
            &self.justification,
            cache,
        )
    }
}
