//! Acting within grants, and saying what came of it.

use super::Errand;
use crate::SdkError;
use crate::identity::IdentityKey;
use crate::identity::call_of;
use crate::identity::drawn;
use auto_agents::{Act, Agents, Confirmation, Intent, Outcome, Report, audience};
use auto_core::{Call, List};
use autoid_core::{Approval, CallDigest, GrantId, Point, Sign1, Time};
use autoid_interface::Envelope;

/// Seconds for which a call holds; the chain takes no more than five minutes.
const CALL_SECONDS: u64 = 240;

/// A signed call of an agent and its digest, by which the log, approvals and escrows name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The digest.
    pub digest: CallDigest,
    /// The signed call.
    pub call: Sign1<autoid_core::Call>,
}

/// Signs what an agent does under a chain of grants, the owner's first; without any, in its own name.
pub(super) fn signed(
    key: &IdentityKey,
    point: Point,
    chain: Vec<GrantId>,
    errand: &Errand,
    (intent, binding): (&Intent, Option<[u8; 32]>),
) -> Result<Done, SdkError> {
    let network = key.network();
    let parties = (key.id(), audience(&network));
    let exp = Time(point.time.0.saturating_add(CALL_SECONDS));
    let call = errand.call(parties, chain, (drawn()?, exp), (binding, intent.digest()));
    let call = Sign1::sign(call, &network, key.number(), key)?;
    Ok(Done { digest: call.digest(&network), call })
}

/// What an agent does under a chain of grants that are stored, the owner's first; without any, in its own name. It
/// states its intent before, and is paid for out of the vault of the owner.
///
/// # Errors
/// When a rule of calls is broken.
pub fn act(
    key: &IdentityKey,
    point: Point,
    chain: Vec<GrantId>,
    errand: &Errand,
    intent: &Intent,
) -> Result<Done, SdkError> {
    signed(key, point, chain, errand, (intent, None))
}

/// Consent to a call by a key of whoever approves it.
///
/// # Errors
/// When the key cannot sign.
pub fn approve(key: &IdentityKey, point: Point, call: CallDigest) -> Result<Sign1<Approval>, SdkError> {
    let exp = Time(point.time.0.saturating_add(CALL_SECONDS));
    let approval = Approval { call, approver: key.id(), exp };
    Ok(Sign1::sign(approval, &key.network(), key.number(), key)?)
}

/// The approvals of a call as it carries them.
pub(super) fn enclosed(approvals: Vec<Sign1<Approval>>) -> Result<auto_agents::Approvals, SdkError> {
    let approvals = approvals.into_iter().map(Envelope::from).collect();
    List::new(approvals).map_err(|_| SdkError::TooLarge)
}

impl Done {
    /// Brings the act to the chain, with the approvals that its grants ask for.
    ///
    /// # Errors
    /// When there are more than eight approvals.
    pub fn carried(self, approvals: Vec<Sign1<Approval>>, intent: Intent) -> Result<Call, SdkError> {
        let act = Act { call: Envelope::from(self.call), approvals: enclosed(approvals)?, intent };
        call_of::<Agents>(&auto_agents::Call::Act(Box::new(act)))
    }
}

/// Says what came of an act, signed by the agent; a counterparty confirms it with a key of their own.
///
/// # Errors
/// When the outcome is another agent's, or the counterparty is the agent itself.
pub fn report(
    key: &IdentityKey,
    outcome: Outcome,
    counterparty: Option<&IdentityKey>,
) -> Result<Call, SdkError> {
    if outcome.agent != key.id() {
        return Err(autoid_core::Refusal::UnexpectedSigner { id: key.id() }.into());
    }
    if counterparty.is_some_and(|other| other.id() == key.id()) {
        return Err(auto_agents::AgentsError::ConfirmsItself.into());
    }
    let sign = |key: &IdentityKey| Sign1::sign(outcome.clone(), &key.network(), key.number(), key);
    let confirmation = match counterparty {
        Some(other) => Some(Confirmation { by: other.id(), outcome: Envelope::from(sign(other)?) }),
        None => None,
    };
    let report = Report { outcome: Envelope::from(sign(key)?), confirmation };
    call_of::<Agents>(&auto_agents::Call::Report(Box::new(report)))
}
