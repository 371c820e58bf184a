//! The election of operators: keys and signatures, draws, thresholds, and ranges of signers.
//!
//! In every slot each operator draws a number with its verifiable random function (schnorrkel) over the
//! chain, the domain, the slot and the slot's output of proof of time, and is elected when the number is below
//! its threshold. Several operators may be elected in one slot, or none.

mod draw;
mod keys;
mod range;

pub use draw::{FACTOR_MAX, FACTOR_ONE, draw_message, is_elected, threshold, verify_draw};
pub use keys::{OperatorPair, is_usable_key, possession_message, verify_possession, verify_signature};
pub use range::{in_range, operator_position, signer_position};

#[cfg(test)]
mod tests;
