//! Making an audit out of a log and a proven state.

use super::verify::examine;
use super::{AuditFile, KIND};
use crate::proven::{Hex, Shown};
use crate::{DomainState, Prover, SdkError};
use auto_agents::{AuditError, Deed, Entry, Extract, view};
use auto_state::mmr::Mmr;
use autoid_core::{AutoId, GrantId};
use parity_scale_codec::Encode;
use std::collections::BTreeSet;

/// The part of a whole log since a block of the domain.
///
/// # Errors
/// When the entries are more than a log can hold.
pub fn entries_since(agent: &AutoId, entries: Vec<Entry>, since: u64) -> Result<Extract, SdkError> {
    let mut before = Mmr::default();
    let (earlier, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.block < since);
    for entry in &earlier {
        before.append_hash(entry.hash(agent)).ok_or(SdkError::Audit(AuditError::Root))?;
    }
    Ok(Extract { before, entries })
}

/// The grants that entries name, in order.
#[must_use]
pub fn grants_of(entries: &[Entry]) -> Vec<GrantId> {
    let named = entries.iter().filter_map(|entry| match &entry.deed {
        Deed::Acted { grant, .. } | Deed::Settled { grant, .. } => *grant,
        Deed::Ended { .. } | Deed::Missed { .. } | Deed::Refunded { .. } => None,
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// An audit of an agent as of a state that the consensus chain holds ([`At::Vouched`](crate::At::Vouched)).
///
/// `entries` are the whole log from its first entry on, from whoever has them; later ones than the state knows are
/// left out. Only those since a block are put into the file, when one is named.
///
/// # Errors
/// When the state has no anchor, the entries are not the log, or something in it does not fit.
pub async fn export<P: Prover>(
    state: &mut DomainState<P>,
    agent: AutoId,
    mut entries: Vec<Entry>,
    since: Option<u64>,
) -> Result<AuditFile, SdkError> {
    let log = state.view(|state| view::log(state, &agent)).await?;
    let known = log.len();
    entries.retain(|entry| entry.position < known);
    let extract = entries_since(&agent, entries, since.unwrap_or_default())?;
    let (network, grants) = (state.network(), grants_of(&extract.entries));
    let examined =
        |state: &dyn auto_state::StateRead| examine(state, (&agent, &network), &extract, &grants, None);
    let evidence = state.evidence(examined).await?;
    Ok(AuditFile {
        format: 1,
        kind: KIND.to_owned(),
        agent: agent.did(&network).to_string(),
        shown: Shown::of(state.genesis(), &evidence)?,
        extract: Hex(extract.encode()),
        grants: grants.iter().map(ToString::to_string).collect(),
    })
}
