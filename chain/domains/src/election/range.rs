//! Which signers a bundle may serve, so that operators elected together do not offer the same transactions.

use auto_core::{Address, Hash, VrfSignature, hash_parts, tag};

/// Place of a signer on the ring of 64-bit numbers: the first eight bytes of the tagged hash of its address.
#[must_use]
pub fn signer_position(signer: &Address) -> u64 {
    position(&signer.0)
}

/// Place of an elected operator on the ring: the first eight bytes of the tagged hash of its draw's output.
#[must_use]
pub fn operator_position(vrf: &VrfSignature) -> u64 {
    position(&vrf.pre_output)
}

fn position(bytes: &[u8; 32]) -> u64 {
    let Hash([a, b, c, d, e, f, g, h, ..]) = hash_parts(tag::TRANSACTION_RANGE, &[bytes]);
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Whether a signer is at most half of `range` away from an operator, either way around. The widest range
/// is the whole ring.
#[must_use]
pub const fn in_range(operator: u64, signer: u64, range: u64) -> bool {
    let (there, back) = (operator.wrapping_sub(signer), signer.wrapping_sub(operator));
    let distance = if there < back { there } else { back };
    range == u64::MAX || distance <= range / 2
}
