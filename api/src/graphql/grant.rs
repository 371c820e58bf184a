//! Grants: what one identity lets another do.

mod budget;

use self::budget::Meter;
pub(crate) use self::budget::{next_window, windowed};
use super::find;
use super::identity::{Identity, realm};
use super::page::PageArgs;
use super::pin::Pin;
use super::scalar::{BytesText, Height, Natural};
use super::{cost, fail};
use crate::ApiError;
use crate::realm::Realm;
use async_graphql::connection::Connection;
use async_graphql::{Context, Enum, Object, OneofObject, Result, SimpleObject};
pub(super) use auto_index::GrantsOf;
use auto_index::{At, GrantRow};
use autoid_core::{AutoId, GrantId, Reversibility, Sign1, render};
use std::sync::Arc;

/// How far what is done under a grant can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Reversibility")]
pub(crate) enum Class {
    /// Nothing is changed.
    Read,
    /// It can be undone.
    Reversible,
    /// It can be made good, at a cost.
    Compensable,
    /// It cannot be undone.
    Irreversible,
}

/// Whose grants: exactly one field; a DID, or the last part of one, and for `parent` the id of a grant.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum GrantsBy {
    /// Those that an identity gave.
    Issuer(String),
    /// Those under which an identity may act.
    Holder(String),
    /// Those in the name of an identity.
    Owner(String),
    /// Those that rest on a grant.
    Parent(String),
}

impl GrantsBy {
    /// The identity that is named.
    pub(super) fn named(&self) -> Option<&str> {
        match self {
            Self::Issuer(id) | Self::Holder(id) | Self::Owner(id) => Some(id),
            Self::Parent(_) => None,
        }
    }

    /// The question to the index.
    pub(super) fn of(&self, realm: &Realm) -> Result<GrantsOf> {
        let identity = |text: &str| realm.id_of(text).map_err(fail);
        Ok(match self {
            Self::Issuer(id) => GrantsOf::Issuer(identity(id)?),
            Self::Holder(id) => GrantsOf::Holder(identity(id)?),
            Self::Owner(id) => GrantsOf::Owner(identity(id)?),
            Self::Parent(id) => GrantsOf::Parent(grant_id(id)?),
        })
    }
}

fn grant_id(text: &str) -> Result<GrantId> {
    text.parse()
        .map_err(|_| fail(ApiError::BadValue("a grant is named by 64 lower-case hex digits".to_owned())))
}

/// Why a grant cannot be used.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct GrantRefusal {
    /// Stable code of the rule.
    code: String,
    /// The reason in one sentence.
    message: String,
}

/// A grant.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    realm: Arc<Realm>,
    id: GrantId,
    signed: Sign1<autoid_core::Grant>,
}

/// The grant of a request.
pub(super) fn load(ctx: &Context<'_>, pin: Pin, domain: Option<u32>, id: &str) -> Result<Option<Grant>> {
    Grant::of(&realm(ctx, pin, domain, None)?, grant_id(id)?)
}

impl Grant {
    /// A grant that is stored; `None` when there is none of this id.
    pub(crate) fn of(realm: &Arc<Realm>, id: GrantId) -> Result<Option<Self>> {
        let stored = realm.grant(&id).map_err(fail)?;
        Ok(stored.map(|stored| Self { realm: Arc::clone(realm), id, signed: stored.grant }))
    }

    /// A grant that was found, whether it is stored still or not.
    pub(super) fn found(realm: &Arc<Realm>, row: GrantRow) -> Self {
        Self { realm: Arc::clone(realm), id: row.id, signed: row.grant }
    }

    fn body(&self) -> &autoid_core::Grant {
        self.signed.body()
    }

    fn chain_up(&self) -> Result<Vec<(GrantId, Sign1<autoid_core::Grant>)>> {
        self.realm.chain(self.id, &self.signed).map_err(fail)
    }

    async fn row(&self, ctx: &Context<'_>) -> Result<Option<GrantRow>> {
        let Realm { domain, number, .. } = *self.realm;
        let index = find::reached(ctx, &self.realm).await?;
        index.grant(At::block(domain, number), &self.id).map_err(|error| fail(ApiError::from(error)))
    }
}

/// What one identity lets another do in the name of a third, as of the height of the request.
#[Object]
impl Grant {
    /// Its id: the hash of what its issuer signed.
    async fn id(&self) -> String {
        self.id.to_string()
    }

    /// Who grants.
    async fn issuer(&self) -> Result<Option<Identity>> {
        Identity::of(&self.realm, &self.body().iss)
    }

    /// Who may act.
    async fn holder(&self) -> Result<Option<Identity>> {
        Identity::of(&self.realm, &self.body().aud)
    }

    /// In whose name.
    async fn owner(&self) -> Result<Option<Identity>> {
        Identity::of(&self.realm, &self.body().sub)
    }

    /// The grant that it rests on.
    async fn parent(&self) -> Result<Option<Grant>> {
        match self.body().parent {
            Some(parent) => Self::of(&self.realm, parent),
            None => Ok(None),
        }
    }

    /// The grants that it rests on, the owner's first, and itself last.
    #[graphql(complexity = "5 + 8 * child_complexity")]
    async fn chain(&self) -> Result<Vec<Grant>> {
        let realm = &self.realm;
        let one = |(id, signed)| Grant { realm: Arc::clone(realm), id, signed };
        Ok(self.chain_up()?.into_iter().map(one).collect())
    }

    /// The grants that rest on it, the oldest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Grant>> {
        let page = PageArgs { first, after, ..PageArgs::default() };
        find::grants(ctx, &self.realm, GrantsOf::Parent(self.id), &page).await
    }

    /// All that it says, in sentences. Identities go by their aliases, or else by their DIDs.
    #[graphql(complexity = 10)]
    async fn sentences(&self) -> Vec<String> {
        let name = |id: &AutoId| self.realm.alias(id).ok().flatten().map(|alias| alias.to_string());
        render::render(self.body(), &self.realm.network, &name)
    }

    /// Why it cannot be used now, whatever is done under it; none when it can. Budgets are not looked at.
    #[graphql(complexity = 20)]
    async fn refusal(&self) -> Result<Option<GrantRefusal>> {
        let chain: Vec<_> = self.chain_up()?.into_iter().map(|(_, signed)| signed).collect();
        let refusal = self.realm.refusal(&chain).map_err(fail)?;
        Ok(refusal
            .map(|refusal| GrantRefusal { code: refusal.code().to_owned(), message: refusal.to_string() }))
    }

    /// What may be done.
    async fn commands(&self) -> Vec<String> {
        self.body().cmd.iter().map(ToString::to_string).collect()
    }

    /// On what; on everything when there is nothing.
    async fn resources(&self) -> Vec<String> {
        self.body().res.iter().map(ToString::to_string).collect()
    }

    /// The condition on the arguments; none when there is none.
    async fn policy(&self) -> Option<String> {
        let policy = &self.body().pol;
        (!policy.is_empty()).then(|| policy.to_string())
    }

    /// Who may be paid: DIDs without their method, and addresses; anybody when there is no list.
    async fn payees(&self) -> Option<Vec<String>> {
        Some(self.body().payees.as_ref()?.iter().map(crate::module::autoid::payee).collect())
    }

    /// When it begins.
    async fn not_before(&self) -> String {
        self.body().nbf.to_string()
    }

    /// When it is over.
    async fn expires(&self) -> String {
        self.body().exp.to_string()
    }

    /// How often it may be passed on.
    async fn max_depth(&self) -> u8 {
        self.body().max_depth
    }

    /// How many blocks old a state may be by which it is verified.
    async fn max_staleness(&self) -> u32 {
        self.body().max_staleness
    }

    /// How far what is done may be irreversible.
    async fn class(&self) -> Class {
        match self.body().class {
            Reversibility::Read => Class::Read,
            Reversibility::Reversible => Class::Reversible,
            Reversibility::Compensable => Class::Compensable,
            Reversibility::Irreversible => Class::Irreversible,
        }
    }

    /// Whether it is marked as one over every command or every resource.
    async fn dangerous(&self) -> bool {
        self.body().dangerous
    }

    /// What may be spent, and what was used of it; nothing may be spent of other assets.
    #[graphql(complexity = "5 + 4 * child_complexity")]
    async fn meters(&self) -> Result<Vec<Meter>> {
        let usage = self.realm.usage(&self.id).map_err(fail)?;
        Ok(budget::meters(self.body(), &usage, self.realm.number))
    }

    /// How many calls may be made; any number when there is no limit.
    async fn calls_max(&self) -> Option<Natural> {
        self.body().calls.map(Natural)
    }

    /// How many were made under it and all below it.
    #[graphql(complexity = 5)]
    async fn calls(&self) -> Result<Natural> {
        Ok(Natural(self.realm.usage(&self.id).map_err(fail)?.calls))
    }

    /// The issuer's revocation list that it can be revoked in.
    async fn revocation_list(&self) -> u32 {
        self.body().rev.list
    }

    /// Its place in that list.
    async fn revocation_index(&self) -> u32 {
        self.body().rev.index
    }

    /// Block of the domain in which it was stored, as this node found it.
    #[graphql(complexity = 10)]
    async fn since(&self, ctx: &Context<'_>) -> Result<Option<Height>> {
        Ok(self.row(ctx).await?.map(|row| row.since.into()))
    }

    /// Block in which it was revoked, as this node found it.
    #[graphql(complexity = 10)]
    async fn revoked(&self, ctx: &Context<'_>) -> Result<Option<Height>> {
        Ok(self.row(ctx).await?.and_then(|row| row.revoked).map(Height::from))
    }

    /// The grant as its issuer signed it: COSE.
    async fn signed(&self) -> BytesText {
        BytesText(self.signed.to_cose())
    }
}
