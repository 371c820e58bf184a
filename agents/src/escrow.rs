//! Payments that wait: reserved now, settled by the payee up to what was reserved, or given back.

use crate::{CHAIN_MAX, Place};
use auto_core::{Amount, Hash, List, hash_parts};
use autoid_core::grant::Payee;
use autoid_core::{AutoId, CallDigest, GrantId};
use parity_scale_codec::{Decode, Encode};

/// Separates the terms of escrows.
const TERMS_TAG: &[u8] = b"auto/v1/agents/terms\0";

/// On what terms an escrow is opened. The call that opens it is bound to them, so a call for an escrow never
/// counts as a plain payment, nor the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    /// The last block in which the payee may settle.
    pub deadline: u64,
    /// Hash of what was agreed on: the order, the offer.
    pub agreement: Hash,
}

impl Terms {
    /// What the call that opens the escrow is bound to.
    #[must_use]
    pub fn binding(&self) -> [u8; 32] {
        hash_parts(TERMS_TAG, &[&self.encode()]).0
    }
}

/// An escrow, under the digest of the call that opened it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Escrow {
    /// Whose vault the money came from.
    pub subject: AutoId,
    /// Who opened it.
    pub agent: AutoId,
    /// The number of the act.
    pub act: u64,
    /// Under which grants, the root first.
    pub chain: List<GrantId, CHAIN_MAX>,
    /// The meters on which it is reserved, that of the last grant first.
    pub meters: List<Place, CHAIN_MAX>,
    /// Who may settle it.
    pub payee: Payee,
    /// How much is held.
    pub reserved: Amount,
    /// On what terms.
    pub terms: Terms,
    /// Block of the opening.
    pub opened: u64,
}

/// The digest of the call that opened an escrow stands for it.
pub type EscrowId = CallDigest;
