//! Payments that wait: reserved now, settled by the payee up to what was reserved, or given back.

use crate::{AgentsError, CHAIN_MAX, ESCROWS, Place};
use auto_core::{Amount, Hash, List, hash_parts};
use auto_state::StateWrite;
use autoid_core::grant::Payee;
use autoid_core::{AutoId, CallDigest, GrantId};
use autoid_interface::OPEN;
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;

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

impl Escrow {
    /// In whose names it is open: its money comes from the one and goes back there, the other's log ends with it.
    /// Neither is deactivated before it is closed.
    fn parties(&self) -> impl Iterator<Item = AutoId> {
        let agent = Some(self.agent).filter(|agent| *agent != self.subject);
        std::iter::once(self.subject).chain(agent)
    }
}

/// Keeps an escrow that is opened.
pub(crate) fn keep(state: &mut dyn StateWrite, id: &EscrowId, escrow: &Escrow) -> Result<(), AgentsError> {
    for party in escrow.parties() {
        let count = OPEN.get(state, &party)?.unwrap_or_default();
        OPEN.put(state, &party, &count.checked_add(1).ok_or(AgentsError::Overflow)?);
    }
    ESCROWS.put(state, id, escrow);
    Ok(())
}

/// Forgets an escrow that is closed.
pub(crate) fn forget(state: &mut dyn StateWrite, id: &EscrowId, escrow: &Escrow) -> Result<(), AgentsError> {
    for party in escrow.parties() {
        let count = OPEN.get(state, &party)?.unwrap_or_default();
        match count.checked_sub(1).ok_or(AgentsError::Overflow)? {
            0 => OPEN.delete(state, &party),
            left => OPEN.put(state, &party, &left),
        }
    }
    ESCROWS.delete(state, id);
    Ok(())
}

/// How many escrows are open in the name of each identity.
pub(crate) fn open_by_party<'a>(escrows: impl IntoIterator<Item = &'a Escrow>) -> BTreeMap<AutoId, u64> {
    let mut open = BTreeMap::new();
    for party in escrows.into_iter().flat_map(Escrow::parties) {
        let count: &mut u64 = open.entry(party).or_default();
        *count = count.saturating_add(1);
    }
    open
}

/// The digest of the call that opened an escrow stands for it.
pub type EscrowId = CallDigest;
