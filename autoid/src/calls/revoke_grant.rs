//! Revoking a grant.

use crate::registry::changes::{self, signature};
use crate::registry::{grants, lists};
use crate::{Autoid, AutoidError, Event, deposit};
use auto_core::List;
use auto_module::{CallContext, CheckContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::limits::CHAIN_MAX;
use autoid_core::{Action, Algorithm, Grant, GrantId, Operation, Sign, Sign1, View, verify};
use autoid_interface::{Envelope, GRANTS, REVOKED, StateView};
use parity_scale_codec::{Decode, Encode};

/// Revokes a grant for ever. Whoever orders it is the issuer, an issuer further up, the owner or the holder.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RevokeGrant {
    /// The operation, signed by its identity.
    pub operation: Envelope<Sign<Operation>>,
    /// The grant and those that it rests on, the one nearest to the owner first, as far as they are not stored.
    pub unstored: List<Envelope<Sign1<Grant>>, CHAIN_MAX>,
}

impl RevokeGrant {
    /// The grants of a whole chain, and the list.
    const OWN: Weight = Weight(400_000);

    pub(crate) fn weight(&self) -> Weight {
        let base = changes::WEIGHT.saturating_add(Self::OWN);
        let shown = self.unstored.iter().map(|_| signature(Algorithm::Es256));
        shown.fold(base.saturating_add(changes::signatures(&self.operation)), Weight::saturating_add)
    }

    pub(crate) fn check(&self, _: &CheckContext<'_>) -> Result<(), AutoidError> {
        for grant in self.unstored.iter() {
            grant.open()?;
        }
        self.target().map(drop)
    }

    /// The operation and the grant that it revokes.
    fn target(&self) -> Result<(&Sign<Operation>, GrantId), AutoidError> {
        let operation = self.operation.open()?;
        match operation.body().action {
            Action::RevokeGrant { grant } => Ok((operation, grant)),
            _ => Err(AutoidError::OtherCall("carry out an operation")),
        }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let (operation, target) = self.target()?;
        let (chain, mut memo) = match self.unstored.first() {
            None => grants::stored(state, Some(target))?,
            Some(first) => {
                let (mut chain, memo) = grants::stored(state, first.open()?.body().parent)?;
                for grant in self.unstored.iter() {
                    chain.push(grant.open()?.clone());
                }
                (chain, memo)
            }
        };
        let network = grants::network(cx);
        if chain.last().is_none_or(|last| last.id(&network) != target) {
            return Err(AutoidError::OtherGrant { grant: target });
        }
        let by = operation.body().id;
        let view = StateView::new(state)?;
        let trust = grants::trust(view.point(), network);
        let (issuer, place) = verify::check_revoker(&by, &chain, &view, &trust, &mut memo)?;
        changes::apply(operation, cx, state, events)?;

        let mut list = lists::begin(state, cx, issuer, place)?;
        if !lists::take(state, issuer, place, target)? && GRANTS.get(state, &target)?.is_none() {
            deposit::burn(state, cx, &target)?;
        }
        if list.insert(place.index) {
            REVOKED.put(state, &(issuer, place.list), &list);
            events.emit::<Autoid>(&Event::GrantRevoked { grant: target, issuer, place, by });
        }
        Ok(())
    }
}
