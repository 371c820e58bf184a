//! What every act goes through, whether it pays at once or reserves.

use crate::authority::{self, Now};
use crate::budget::{self, Place, Purpose, Stage};
use crate::replay::{self, CallKey};
use crate::{AgentsError, Intent, USAGE};
use auto_core::{Amount, List};
use auto_module::CallContext;
use auto_state::StateWrite;
use autoid_core::limits::APPROVALS_MAX;
use autoid_core::{Approval, Asset, AutoId, Call, CallDigest, Grant, GrantId, Mode, Payee, Sign1};
use autoid_interface::{Envelope, StateView};

/// Approvals that come with a call.
pub type Approvals = List<Envelope<Sign1<Approval>>, APPROVALS_MAX>;

/// A signed call with what it needs.
pub(crate) type Signed<'a> = (&'a Envelope<Sign1<Call>>, &'a Approvals);

/// Refuses what is no statement.
pub(crate) fn check((call, approvals): Signed<'_>, intent: &Intent) -> Result<(), AgentsError> {
    for approval in approvals.iter() {
        approval.open()?;
    }
    if call.open()?.body().intent == intent.digest() { Ok(()) } else { Err(AgentsError::IntentMismatch) }
}

/// An act that is admitted: its call is used up and its spend is debited.
pub(crate) struct Performed {
    /// When.
    pub now: Now,
    /// The call.
    pub digest: CallDigest,
    /// The last grant of its chain.
    pub grant: Option<GrantId>,
    /// Who acts.
    pub actor: AutoId,
    /// On whose behalf.
    pub subject: AutoId,
    /// What is spent, and to whom.
    pub spend: Option<(Amount, Payee)>,
    /// The meters that were debited, that of the last grant first.
    pub meters: Vec<Place>,
}

/// Verifies a call over the state of the block that runs, uses it up, counts it against every grant of its chain,
/// and debits what it spends. `binding` is what the call has to be bound to.
///
/// # Errors
/// The first rule that is broken.
pub(crate) fn perform(
    (call, approvals): Signed<'_>,
    binding: Option<[u8; 32]>,
    purpose: Purpose,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
) -> Result<Performed, AgentsError> {
    let call = call.open()?;
    let approvals = approvals.iter().map(|approval| Ok(approval.open()?.clone()));
    let approvals = approvals.collect::<Result<Vec<_>, AgentsError>>()?;
    let grants = authority::stored(&*state, &call.body().chain)?;
    let view = StateView::new(state)?;
    let now = Now::seen(&view);
    let (subject, digest, grants) =
        authority::verify((call, grants, &approvals), binding, cx.block.environment, &view)?;
    let body = call.body();
    let key = CallKey { actor: body.iss, grant: body.chain.last().copied(), call_id: body.call_id };
    replay::consume(state, key, body.exp, now.time)?;
    count(state, &body.chain, &grants)?;
    let (spend, meters) = match &body.spend {
        None => (None, Vec::new()),
        Some(spend) => {
            if spend.asset != Asset::AI3 {
                return Err(AgentsError::ForeignAsset);
            }
            let amount = Amount::from_base_units(spend.amount);
            let way = way(&body.chain, &grants, spend.asset)?;
            let meters = budget::debit(state, &way, purpose, amount, now.number)?;
            (Some((amount, spend.payee)), meters)
        }
    };
    Ok(Performed { now, digest, grant: key.grant, actor: body.iss, subject, spend, meters })
}

/// Counts a call against every grant of its chain.
pub(crate) fn count(
    state: &mut dyn StateWrite,
    ids: &[GrantId],
    grants: &[Sign1<Grant>],
) -> Result<(), AgentsError> {
    for (id, grant) in ids.iter().zip(grants) {
        let mut usage = USAGE.get(state, id)?.unwrap_or_default();
        if let Some(limit) = grant.body().calls.filter(|limit| usage.calls >= *limit) {
            return Err(AgentsError::CallsExhausted { grant: *id, limit });
        }
        usage.calls = usage.calls.checked_add(1).ok_or(AgentsError::Overflow)?;
        USAGE.put(state, id, &usage);
    }
    Ok(())
}

/// The meters of an asset on the way from the last grant of a chain to its root; none without grants, where an
/// owner spends what is its own.
pub(crate) fn way(ids: &[GrantId], grants: &[Sign1<Grant>], asset: Asset) -> Result<Vec<Stage>, AgentsError> {
    let stages = ids.iter().zip(grants).rev().map(|(id, grant)| {
        let (position, meter) = grant.body().meter(asset).ok_or(AgentsError::NoMeter)?;
        let cap = budget::Cap {
            total: Amount::from_base_units(meter.total),
            window: meter
                .window
                .map(|window| (u64::from(window.blocks), Amount::from_base_units(window.cap))),
            carved: meter.mode == Mode::Carved,
        };
        let position = u8::try_from(position).map_err(|_| AgentsError::Overflow)?;
        Ok(Stage { place: Place { grant: *id, position }, cap })
    });
    stages.collect()
}
