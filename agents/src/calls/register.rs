//! Registering an agent, or replacing what it says about itself.

use crate::authority::{self, Now};
use crate::money::{deposits_account, hold, pay};
use crate::{AgentRecord, Agents, AgentsError, Event, Params, Profile, RECORDS, view};
use auto_core::Amount;
use auto_module::{CallContext, Events};
use auto_state::StateWrite;
use autoid_core::{IdentityRecord, Kind};
use parity_scale_codec::Encode;

/// What is held for the size of a record.
fn deposit(params: &Params, profile: &Profile) -> Option<Amount> {
    let bytes = u128::try_from(profile.encoded_size()).ok()?;
    params.deposit.checked_add(params.deposit_per_byte.checked_mul(bytes)?)
}

/// The signer pays deposit and stake; what was held for an earlier record goes back to who paid that.
pub(super) fn apply(
    identity: &IdentityRecord,
    profile: &Profile,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<(), AgentsError> {
    if !matches!(identity.kind, Kind::Agent | Kind::Model | Kind::Service) {
        return Err(AgentsError::NotAnAgent(identity.kind.name()));
    }
    if profile.owner != identity.id && !authority::is_above(&*state, &profile.owner, &identity.id)? {
        return Err(AgentsError::NotTheOwner(profile.owner));
    }
    let now = Now::of(state)?;
    let params = view::params(state)?;
    check_live_until(&params, profile.live_until, now.number)?;

    let earlier = RECORDS.get(state, &identity.id)?;
    let domain = &cx.block.environment.params;
    if let Some(earlier) = &earlier {
        let held = earlier.held().ok_or(AgentsError::Overflow)?;
        pay(state, domain, (&deposits_account(), &earlier.payer), held)?;
    }
    let record = AgentRecord {
        id: identity.id,
        profile: profile.clone(),
        deposit: deposit(&params, profile).ok_or(AgentsError::Overflow)?,
        payer: cx.signer,
        registered: earlier.map_or(now.number, |earlier| earlier.registered),
        updated: now.number,
    };
    hold(state, domain, &cx.signer, record.held().ok_or(AgentsError::Overflow)?)?;
    RECORDS.put(state, &identity.id, &record);
    events.emit::<Agents>(&Event::Registered(Box::new(record)));
    Ok(())
}

pub(super) fn check_live_until(params: &Params, wanted: u64, number: u64) -> Result<(), AgentsError> {
    let most = number.saturating_add(params.live_blocks_max);
    if (number..=most).contains(&wanted) {
        return Ok(());
    }
    Err(AgentsError::LiveUntil { wanted, least: number, most })
}
