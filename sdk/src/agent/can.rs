//! Whether an agent may do something, and which grant decides: without a transaction, over what is proven.

use super::Errand;
use crate::identity::grant::chain;
use crate::{DomainState, Prover, SdkError};
use auto_agents::{AgentsError, affords, audience};
use auto_core::ErrorCode as _;
use auto_state::StateRead;
use autoid_core::verify::{Answer as Judged, Memo as _, Remembered, can as judge};
use autoid_core::{
    AutoId, Genesis, GrantId, Point, Refusal, Sign1, Status, Time, Trust, View as _, who_answers,
};
use autoid_interface::StateView;

/// Whether an errand would be carried out in the block after a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It would be.
    Yes {
        /// The chain of grants to act under, the owner's first, of which the last decides. Empty for an identity that
        /// acts in its own name.
        chain: Vec<GrantId>,
        /// The grant that asks for approvals, and for how many.
        approvals: Option<(GrantId, usize)>,
    },
    /// It would not be.
    No {
        /// Code of the rule.
        code: &'static str,
        /// The rule in a sentence.
        reason: String,
        /// The grant that decides; none when there is no grant at all.
        grant: Option<GrantId>,
    },
}

/// Something that judged a chain, and how far the errand came.
struct Verdict {
    answer: Answer,
    /// Verifier, budget, and allowed.
    came: u8,
}

fn refused(code: &'static str, reason: String, grant: Option<GrantId>, came: u8) -> Verdict {
    Verdict { answer: Answer::No { code, reason, grant }, came }
}

/// The grant that a budget refuses by.
fn limited(error: &AgentsError, last: GrantId) -> GrantId {
    match error {
        AgentsError::MeterExhausted { grant, .. }
        | AgentsError::WindowExhausted { grant, .. }
        | AgentsError::CallsExhausted { grant, .. }
        | AgentsError::NotFunded(grant) => *grant,
        _ => last,
    }
}

fn unsigned(
    agent: AutoId,
    network: &Genesis,
    now: Time,
    ids: Vec<GrantId>,
    errand: &Errand,
) -> autoid_core::Call {
    let exp = Time(now.0.saturating_add(1));
    errand.call((agent, audience(network)), ids, ([0; 16], exp), (None, [0; 32]))
}

fn under(
    state: &dyn StateRead,
    (agent, network): (AutoId, &Genesis),
    last: &GrantId,
    errand: &Errand,
) -> Result<Verdict, SdkError> {
    let Some(stored) = chain(state, last)? else {
        let error = AgentsError::NoGrant(*last);
        return Ok(refused(error.code(), error.to_string(), Some(*last), 0));
    };
    let view = StateView::new(state)?;
    let Point { block: head, time: now } = view.point();
    let mut memo = Remembered::new(stored.len());
    stored.iter().for_each(|(id, stored)| memo.learn(stored.fact(*id)));
    let ids: Vec<GrantId> = stored.iter().map(|(id, _)| *id).collect();
    let grants: Vec<Sign1<_>> = stored.into_iter().map(|(_, stored)| stored.grant).collect();
    let call = unsigned(agent, network, now, ids.clone(), errand);
    let trust = Trust { now, head, audience: call.aud, binding: None, genesis: *network };
    let approvals = match judge(&call, &grants, &view, &trust, &mut memo)? {
        Judged::Yes { approvals, .. } => approvals,
        Judged::No { refusal, decided_by } => {
            return Ok(refused(refusal.code(), refusal.to_string(), decided_by.or(Some(*last)), 0));
        }
    };
    match affords(state, &call, &grants) {
        Ok(()) => Ok(Verdict { answer: Answer::Yes { chain: ids, approvals }, came: 2 }),
        Err(AgentsError::Stored(error)) => Err(error.into()),
        Err(error) => Ok(refused(error.code(), error.to_string(), Some(limited(&error, *last)), 1)),
    }
}

/// Whether `agent` may do an errand under one of the grants that it holds. Of several that allow it the first
/// counts; when none does, the one under which it comes furthest.
///
/// # Errors
/// When the state cannot be read.
pub async fn can<P: Prover>(
    state: &mut DomainState<P>,
    agent: AutoId,
    holdings: &[GrantId],
    errand: &Errand,
) -> Result<Answer, SdkError> {
    let network = state.network();
    let mut best: Option<Verdict> = None;
    for last in holdings {
        let verdict = state.view(|state| under(state, (agent, &network), last, errand)).await?;
        if verdict.came == 2 {
            return Ok(verdict.answer);
        }
        if best.as_ref().is_none_or(|best| best.came < verdict.came) {
            best = Some(verdict);
        }
    }
    let nothing = || Answer::No {
        code: Refusal::ChainLength.code(),
        reason: "it holds no grant".to_owned(),
        grant: None,
    };
    Ok(best.map_or_else(nothing, |best| best.answer))
}

fn own(state: &dyn StateRead, agent: AutoId, network: &Genesis, errand: &Errand) -> Result<Answer, SdkError> {
    let view = StateView::new(state)?;
    let call = unsigned(agent, network, view.point().time, Vec::new(), errand);
    let no = |code, reason| Answer::No { code, reason, grant: None };
    for one in who_answers(&view, &agent)? {
        if one.status != Status::Active {
            let refusal = if one.id == agent {
                Refusal::Inactive { id: agent, status: one.status }
            } else {
                Refusal::AncestorInactive { id: agent, ancestor: one.id, status: one.status }
            };
            return Ok(no(refusal.code(), refusal.to_string()));
        }
    }
    match affords(state, &call, &[]) {
        Ok(()) => Ok(Answer::Yes { chain: Vec::new(), approvals: None }),
        Err(AgentsError::Stored(error)) => Err(error.into()),
        Err(error) => Ok(no(error.code(), error.to_string())),
    }
}

/// Whether an identity may do an errand in its own name, with its own money.
///
/// # Errors
/// When it is not known, or the state cannot be read.
pub async fn can_own<P: Prover>(
    state: &mut DomainState<P>,
    agent: AutoId,
    errand: &Errand,
) -> Result<Answer, SdkError> {
    let network = state.network();
    state.view(|state| own(state, agent, &network, errand)).await
}
