//! Who is meant: identities and accounts by what people call them.

use super::alias;
use crate::{DomainState, KeyError, Keystore, Prover, SdkError};
use auto_core::Address;
use auto_module::StoredError;
use auto_state::StateRead;
use autoid_core::{AutoId, Did, IdentityRecord, Payee, who_answers};
use autoid_interface::{ALIAS_OF, ALIASES, Alias, CERTIFICATES, IDENTITIES, StateView};

/// The identity that a text names, as far as no node is needed: a DID of this network, an id, or the name of an
/// identity in the keystore. Nothing when it may be an alias.
///
/// # Errors
/// When it is a DID of another network, or the keystore's file is unusable or of another network.
pub fn known(
    keystore: Option<&Keystore>,
    network: &autoid_core::Genesis,
    text: &str,
) -> Result<Option<AutoId>, SdkError> {
    if text.starts_with("did:") {
        return Ok(Some(text.parse::<Did>()?.on(network)?));
    }
    if let Ok(id) = text.parse() {
        return Ok(Some(id));
    }
    let Some(keystore) = keystore else { return Ok(None) };
    match keystore.read_identity(text) {
        Ok(file) if file.name.network == *network => Ok(Some(file.name.id)),
        Ok(_) => Err(autoid_core::Refusal::Network.into()),
        Err(KeyError::UnknownIdentity { .. } | KeyError::Name(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn by_alias(state: &dyn StateRead, alias: &Alias) -> Result<Option<AutoId>, StoredError> {
    let found = ALIASES.get(state, &alias.look())?;
    // Another alias of the same look is another name.
    Ok(found.filter(|record| record.alias == *alias).map(|record| record.id))
}

/// The identity that a text names: the first that fits of a DID, an id, the name of an identity in the keystore,
/// and an alias.
///
/// # Errors
/// When there is none.
pub async fn resolve<P: Prover>(
    state: &mut DomainState<P>,
    keystore: Option<&Keystore>,
    text: &str,
) -> Result<AutoId, SdkError> {
    if let Some(id) = known(keystore, &state.network(), text)? {
        return Ok(id);
    }
    let missing = || SdkError::NotFound { what: "identity", key: text.chars().take(80).collect() };
    let alias = alias::alias(text).map_err(|_| missing())?;
    let found = state.view(|state| by_alias(state, &alias)).await?;
    found.ok_or_else(missing)
}

/// Whom a text says to pay: an identity as [`resolve`] finds it, or else an account by its address or by its name
/// in the keystore.
///
/// # Errors
/// When there is neither.
pub async fn payee<P: Prover>(
    state: &mut DomainState<P>,
    keystore: Option<&Keystore>,
    text: &str,
) -> Result<Payee, SdkError> {
    if let Ok(address) = text.parse::<Address>() {
        return Ok(Payee::Address(address.0));
    }
    match resolve(state, keystore, text).await {
        Err(SdkError::NotFound { .. }) => {}
        found => return Ok(Payee::Identity(found?)),
    }
    let account = keystore.and_then(|keystore| keystore.read(text).ok());
    let missing = || SdkError::NotFound { what: "identity or account", key: text.chars().take(80).collect() };
    Ok(Payee::Address(account.ok_or_else(missing)?.address.0))
}

/// The record of an identity.
///
/// # Errors
/// When the chain knows none of this id.
pub async fn record<P: Prover>(state: &mut DomainState<P>, id: &AutoId) -> Result<IdentityRecord, SdkError> {
    let found = state.view(|state| IDENTITIES.get(state, id)).await?;
    Ok(found.ok_or(autoid_core::Refusal::UnknownIdentity { id: *id })?)
}

/// An identity and its ancestors, upwards.
///
/// # Errors
/// When the chain knows none of this id.
pub async fn line<P: Prover>(
    state: &mut DomainState<P>,
    id: &AutoId,
) -> Result<Vec<IdentityRecord>, SdkError> {
    state
        .view(|state| {
            let ids = who_answers(&StateView::new(state)?, id)?;
            let found = ids.iter().map(|one| {
                let record = IDENTITIES.get(state, &one.id)?;
                Ok(record.ok_or(autoid_core::Refusal::UnknownIdentity { id: one.id })?)
            });
            found.collect::<Result<Vec<_>, SdkError>>()
        })
        .await
}

/// The certificate of an identity in DER, if it has one.
///
/// # Errors
/// When the node does not prove it.
pub async fn certificate<P: Prover>(
    state: &mut DomainState<P>,
    id: &AutoId,
) -> Result<Option<Vec<u8>>, SdkError> {
    let found = state.view(|state| CERTIFICATES.get(state, id)).await?;
    Ok(found.map(|der| der.to_vec()))
}

/// The alias of an identity, if it has one that points back to it.
///
/// # Errors
/// When the node does not prove it.
pub async fn alias_of<P: Prover>(state: &mut DomainState<P>, id: &AutoId) -> Result<Option<Alias>, SdkError> {
    state.view(|state| named(state, id)).await
}

/// The alias of an identity, checked both ways.
pub(super) fn named(state: &dyn StateRead, id: &AutoId) -> Result<Option<Alias>, StoredError> {
    let Some(look) = ALIAS_OF.get(state, id)? else { return Ok(None) };
    Ok(ALIASES.get(state, &look)?.filter(|record| record.id == *id).map(|record| record.alias))
}
