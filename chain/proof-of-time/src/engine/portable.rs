//! AES by the `aes` crate, on any machine.

use super::{Block, Parts};
use aes::Aes128;
use aes::cipher::array::Array;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use auto_core::{CHECKPOINTS, PotCheckpoints, PotOutput};

/// The checkpoints of a slot whose parts have `steps` encryptions each.
pub(super) fn prove(seed: Block, key: Block, steps: u64) -> PotCheckpoints {
    let cipher = Aes128::new(&Array::from(key));
    let mut block = Array::from(seed);
    let mut checkpoints = [PotOutput::default(); CHECKPOINTS];
    for checkpoint in &mut checkpoints {
        for _ in 0..steps {
            cipher.encrypt_block(&mut block);
        }
        checkpoint.0.copy_from_slice(&block);
    }
    PotCheckpoints(checkpoints)
}

/// Whether `steps` encryptions of the inputs meet `steps` decryptions of the outputs.
pub(super) fn verify(parts: &Parts, steps: u64) -> bool {
    let cipher = Aes128::new(&Array::from(parts.key));
    let mut forward = parts.inputs.map(Array::from);
    let mut backward = parts.outputs.map(Array::from);
    for _ in 0..steps {
        cipher.encrypt_blocks(&mut forward);
        cipher.decrypt_blocks(&mut backward);
    }
    forward == backward
}
