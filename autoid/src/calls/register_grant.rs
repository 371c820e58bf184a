//! Storing a grant.

use crate::deposit::{hold, price};
use crate::registry::changes::signature;
use crate::registry::{grants, lists};
use crate::{Autoid, AutoidError, Event};
use auto_core::Amount;
use auto_module::{CallContext, CheckContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Algorithm, Grant, Refusal, Sign1, View, verify};
use autoid_interface::{Envelope, GRANTS, IDENTITIES, StateView, StoredGrant};
use parity_scale_codec::{Decode, Encode};

/// Stores a grant. Those that it rests on are stored already.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RegisterGrant {
    /// The grant, signed by its issuer.
    pub grant: Envelope<Sign1<Grant>>,
}

impl RegisterGrant {
    /// The records and grants of a whole chain, and the list.
    pub(crate) const WEIGHT: Weight = Weight(400_000).saturating_add(signature(Algorithm::Es256));

    pub(crate) fn check(&self, _: &CheckContext<'_>) -> Result<(), AutoidError> {
        self.grant.open()?;
        Ok(())
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let signed = self.grant.open()?;
        let (grant, network) = (signed.body(), grants::network(cx));
        let id = signed.id(&network);
        if GRANTS.get(state, &id)?.is_some() {
            return Err(AutoidError::GrantStored { grant: id });
        }
        let (mut chain, mut memo) = grants::stored(state, grant.parent)?;
        chain.push(signed.clone());
        let view = StateView::new(state)?;
        let since = view.point().block;
        verify::check_issue(&chain, &view, &grants::trust(view.point(), network), &mut memo)?;
        // Its key is there, for the signature was just verified under it.
        let issuer = IDENTITIES.get(state, &grant.iss)?.ok_or(Refusal::UnknownIdentity { id: grant.iss })?;
        let kid = signed.kid();
        let key = issuer.keys.key(kid).ok_or(Refusal::UnknownKey { id: grant.iss, kid })?.key;

        lists::begin(state, cx, grant.iss, grant.rev)?;
        lists::take(state, grant.iss, grant.rev, id)?;
        let mut stored =
            StoredGrant { grant: signed.clone(), key, since, deposit: Amount::ZERO, payer: cx.signer };
        // The grant and its place in the list.
        let place = price(state, &id)?;
        stored.deposit = price(state, &stored)?.checked_add(place).ok_or(AutoidError::Overflow)?;
        hold(state, cx, stored.deposit)?;
        GRANTS.put(state, &id, &stored);
        events.emit::<Autoid>(&Event::GrantRegistered {
            grant: id,
            issuer: grant.iss,
            holder: grant.aud,
            owner: grant.sub,
            parent: grant.parent,
        });
        Ok(())
    }
}
