//! Payments that wait: reserved now, settled by the payee, or given back.

use super::Errand;
use super::act::{Done, enclosed, signed};
use crate::SdkError;
use crate::identity::{IdentityKey, call_of};
use auto_agents::{Agents, Claim, EscrowId, Fund, Intent, Open, Reclaim, Refund, Settle, Settlement, Terms};
use auto_core::{Amount, Call};
use autoid_core::{Approval, GrantId, Point, Sign1};
use autoid_interface::Envelope;

/// What an agent reserves under a chain of grants, on these terms; its digest is the number of the escrow.
///
/// # Errors
/// When a rule of calls is broken, or the errand pays nothing.
pub fn open(
    key: &IdentityKey,
    point: Point,
    chain: Vec<GrantId>,
    errand: &Errand,
    (intent, terms): (&Intent, &Terms),
) -> Result<Done, SdkError> {
    if errand.spend.is_none() {
        return Err(auto_agents::AgentsError::NothingToReserve.into());
    }
    signed(key, point, chain, errand, (intent, Some(terms.binding())))
}

impl Done {
    /// Brings a call that opens an escrow to the chain; intent and terms are those that it was made with.
    ///
    /// # Errors
    /// When there are more than eight approvals.
    pub fn reserved(
        self,
        approvals: Vec<Sign1<Approval>>,
        intent: Intent,
        terms: Terms,
    ) -> Result<Call, SdkError> {
        let open = Open { call: Envelope::from(self.call), approvals: enclosed(approvals)?, intent, terms };
        call_of::<Agents>(&auto_agents::Call::Open(Box::new(open)))
    }
}

fn claim(claim: Claim) -> Result<Call, SdkError> {
    call_of::<Agents>(&auto_agents::Call::Settle(Settle { claim }))
}

/// Takes part of an escrow, by a key of the identity that is paid; the rest goes back.
///
/// # Errors
/// When the key cannot sign.
pub fn settle(key: &IdentityKey, escrow: EscrowId, amount: Amount) -> Result<Call, SdkError> {
    let settlement = Settlement { escrow, amount: amount.base_units() };
    let signed = Sign1::sign(settlement, &key.network(), key.number(), key)?;
    claim(Claim::Signed(Box::new(Envelope::from(signed))))
}

/// Takes part of an escrow as the account that is paid, which signs the transaction.
///
/// # Errors
/// Never, for a call of this size.
pub fn settle_direct(escrow: EscrowId, amount: Amount) -> Result<Call, SdkError> {
    claim(Claim::Direct { escrow, amount })
}

/// Gives an escrow back after its deadline, or once its grants can never hold again; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn refund(escrow: EscrowId) -> Result<Call, SdkError> {
    call_of::<Agents>(&auto_agents::Call::Refund(Refund { escrow }))
}

/// Takes the reserve of a carved meter from the meters above; anyone may, once.
///
/// # Errors
/// Never, for a call of this size.
pub fn fund(grant: GrantId) -> Result<Call, SdkError> {
    call_of::<Agents>(&auto_agents::Call::Fund(Fund { grant }))
}

/// Gives what a carved meter has left back to the meters above, once its grant can never hold again; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn reclaim(grant: GrantId) -> Result<Call, SdkError> {
    call_of::<Agents>(&auto_agents::Call::Reclaim(Reclaim { grant }))
}
