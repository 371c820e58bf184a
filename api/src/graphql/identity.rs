//! Identities.

mod part;

use self::part::{IdentityKey, IdentityService, Kind, Status, reason};
use super::agent::Agent;
use super::find;
use super::grant::{Grant, GrantsOf};
use super::page::PageArgs;
use super::pin::Pin;
use super::scalar::{AddressText, AmountText, BytesText, Height, Natural};
use super::{Node, cost, fail};
use crate::ApiError;
use crate::realm::{Realm, Which};
use async_graphql::connection::Connection;
use async_graphql::{Context, Object, OneofObject, Result};
use auto_core::{Address, Amount, DomainId};
use autoid_core::document::{self, Resolution};
use autoid_core::{AutoId, IdentityRecord};
use autoid_interface::Alias;
use std::sync::Arc;

/// Which identity: exactly one field.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum IdentityBy {
    /// Its DID, or the last part of it.
    Id(String),
    /// The alias that points to it.
    Alias(String),
}

/// The domain of identities of a request: the one of that number, the one that a DID names, or the first.
pub(crate) fn realm(
    ctx: &Context<'_>,
    pin: Pin,
    domain: Option<u32>,
    id: Option<&str>,
) -> Result<Arc<Realm>> {
    let which = match (domain, id.map(str::parse)) {
        (Some(number), _) => Which::Number(DomainId(number)),
        (None, Some(Ok(did))) => Which::Of(did),
        (None, _) => Which::First,
    };
    let realm = Realm::open(&**ctx.data::<Node>()?, which, Some(pin.block.number)).map_err(fail)?;
    Ok(Arc::new(realm))
}

/// An identity, as of the height of the request.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) realm: Arc<Realm>,
    pub(crate) record: IdentityRecord,
}

/// The identity that a request names.
pub(super) fn load(
    ctx: &Context<'_>,
    pin: Pin,
    domain: Option<u32>,
    by: &IdentityBy,
) -> Result<Option<Identity>> {
    match by {
        IdentityBy::Id(text) => {
            let realm = realm(ctx, pin, domain, Some(text))?;
            let id = realm.id_of(text).map_err(fail)?;
            Identity::of(&realm, &id)
        }
        IdentityBy::Alias(text) => {
            let realm = realm(ctx, pin, domain, None)?;
            let alias: Alias = text.parse().map_err(|_| {
                let rule = "an alias is 3 to 32 lower-case letters, digits and inner hyphens, and begins with a letter";
                fail(ApiError::BadValue(rule.to_owned()))
            })?;
            match realm.named(&alias).map_err(fail)? {
                Some(id) => Identity::of(&realm, &id),
                None => Ok(None),
            }
        }
    }
}

impl Identity {
    /// An identity of a domain; `None` when there is none of this id.
    pub(crate) fn of(realm: &Arc<Realm>, id: &AutoId) -> Result<Option<Self>> {
        let record = realm.identity(id).map_err(fail)?;
        Ok(record.map(|record| Self { realm: Arc::clone(realm), record }))
    }

    fn all(realm: &Arc<Realm>, ids: impl IntoIterator<Item = AutoId>) -> Result<Vec<Self>> {
        ids.into_iter().map(|id| Self::of(realm, &id)).filter_map(Result::transpose).collect()
    }

    async fn grants(
        &self,
        ctx: &Context<'_>,
        of: GrantsOf,
        page: PageArgs,
    ) -> Result<Connection<String, Grant>> {
        find::grants(ctx, &self.realm, of, &page).await
    }
}

/// A person, organisation, agent, model or service that acts by signatures, as of the height of the request.
#[Object]
impl Identity {
    /// Its DID.
    async fn did(&self) -> String {
        self.realm.did(&self.record.id)
    }

    /// Number of the domain where it lives.
    async fn domain_number(&self) -> u32 {
        self.realm.domain.0
    }

    /// The height of the domain that it is read at.
    async fn number(&self) -> Height {
        self.realm.number.into()
    }

    /// What it stands for.
    async fn kind(&self) -> Kind {
        self.record.kind.into()
    }

    /// Where it is in its life. It may act only while all above it are active, too.
    async fn status(&self) -> Status {
        self.record.status.into()
    }

    /// Whether it and all above it are active.
    #[graphql(complexity = 5)]
    async fn active(&self) -> Result<bool> {
        let path = self.realm.path(&self.record.id).map_err(fail)?;
        Ok(path.iter().all(|one| one.status == autoid_core::Status::Active))
    }

    /// Why it is suspended or was revoked.
    async fn reason(&self) -> Option<String> {
        let suspension = self.record.suspension.map(|suspension| suspension.reason);
        self.record.revocation.or(suspension).map(|found| reason(found).to_owned())
    }

    /// The name that points to it.
    async fn alias(&self) -> Result<Option<String>> {
        Ok(self.realm.alias(&self.record.id).map_err(fail)?.map(|alias| alias.to_string()))
    }

    /// Who answers for it next.
    async fn parent(&self) -> Result<Option<Identity>> {
        match &self.record.parent {
            Some(parent) => Self::of(&self.realm, parent),
            None => Ok(None),
        }
    }

    /// The way to the top of its tree, itself first: who answers for it is the first person or organisation.
    #[graphql(complexity = "5 + 8 * child_complexity")]
    async fn path(&self) -> Result<Vec<Identity>> {
        let path = self.realm.path(&self.record.id).map_err(fail)?;
        Self::all(&self.realm, path.into_iter().map(|one| one.id))
    }

    /// The identities right under it, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Identity>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        find::children(ctx, &self.realm, &self.record.id, &page).await
    }

    /// Its keys.
    async fn keys(&self) -> Vec<IdentityKey> {
        self.record.keys.keys.iter().map(IdentityKey::from).collect()
    }

    /// How many of its keys have to sign what changes it.
    async fn keys_needed(&self) -> u8 {
        self.record.keys.threshold
    }

    /// Who may endorse it.
    #[graphql(complexity = "8 * child_complexity + 1")]
    async fn issuers(&self) -> Result<Vec<Identity>> {
        Self::all(&self.realm, self.record.issuers.iter().copied())
    }

    /// How many of them have to, before it is active.
    async fn issuers_needed(&self) -> u8 {
        self.record.threshold
    }

    /// How many of them did.
    async fn endorsements(&self) -> u32 {
        self.record.endorsements.count_ones()
    }

    /// Where it can be reached.
    async fn services(&self) -> Vec<IdentityService> {
        self.record.services.iter().map(IdentityService::from).collect()
    }

    /// The version of its record; it rises with every change.
    async fn version(&self) -> Natural {
        Natural(self.record.version())
    }

    /// Grants that it issued in an earlier epoch do not hold any more.
    async fn grant_epoch(&self) -> u32 {
        self.record.grant_epoch
    }

    /// Its certificate in DER.
    #[graphql(complexity = 5)]
    async fn certificate(&self) -> Result<Option<BytesText>> {
        let found = self.realm.certificate(&self.record.id).map_err(fail)?;
        Ok(found.map(|der| BytesText(der.to_vec())))
    }

    /// Block of the domain in which it began.
    async fn created(&self) -> Natural {
        Natural(self.record.created)
    }

    /// Block of the domain in which it changed last.
    async fn updated(&self) -> Natural {
        Natural(self.record.updated)
    }

    /// The chain's time of that block.
    async fn updated_at(&self) -> String {
        self.record.updated_at.to_string()
    }

    /// What is held for its record.
    async fn deposit(&self) -> AmountText {
        Amount::from_base_units(self.record.deposit).into()
    }

    /// Who gets that back.
    async fn payer(&self) -> AddressText {
        AddressText(Address(self.record.payer))
    }

    /// Money in its vault.
    async fn vault(&self) -> Result<AmountText> {
        Ok(self.realm.vault(&self.record.id).map_err(fail)?.into())
    }

    /// Its DID document in JSON.
    #[graphql(complexity = 5)]
    async fn document(&self) -> String {
        let (network, now) = (&self.realm.network, self.realm.point.time);
        document::document(&self.record, network, now, &Resolution::default())
    }

    /// What it says about itself as an agent; none when it is not registered as one.
    async fn agent(&self) -> Result<Option<Agent>> {
        Agent::of(&self.realm, &self.record.id)
    }

    /// Grants that it gave, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn grants_issued(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Grant>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        self.grants(ctx, GrantsOf::Issuer(self.record.id), page).await
    }

    /// Grants under which it may act, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn grants_held(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Grant>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        self.grants(ctx, GrantsOf::Holder(self.record.id), page).await
    }

    /// Grants in its name, whoever gave them, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn grants_owned(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Grant>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        self.grants(ctx, GrantsOf::Owner(self.record.id), page).await
    }
}
