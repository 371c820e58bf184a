//! Pages of identities.

pub(super) mod agent;
pub(super) mod grant;

use self::grant::GrantRow;
use super::page::{From, render, shown};
use super::text;
use super::view::Top;
use crate::ApiError;
use crate::cursor::Cursor;
use crate::module::autoid::reason;
use crate::realm::{Realm, Which};
use crate::server::App;
use askama::Template;
use auto_core::{Amount, BlockNumber};
use auto_index::{At, Cursor as Place, GrantsOf, Index};
use autoid_core::{AutoId, IdentityRecord, Key, Relations, Status};
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// Rows of a page.
pub(super) const ROWS: usize = 25;
/// Revocation lists that a page looks at.
const LISTS: u32 = 16;

/// The domain of the identity that a text names, and its id.
pub(super) fn of_text(app: &App, text: &str) -> Result<(Realm, AutoId), ApiError> {
    let which = text.parse().map_or(Which::First, Which::Of);
    let realm = Realm::open(&*app.node, which, None)?;
    let id = realm.id_of(text)?;
    Ok((realm, id))
}

/// The index once it holds what a realm is read at.
pub(super) async fn reached<'a>(app: &'a App, realm: &Realm) -> Result<&'a Index, ApiError> {
    app.finder.reached(realm.domain, realm.number).await
}

/// An identity in few words.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: AutoId,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) word: &'static str,
    pub(crate) class: &'static str,
}

impl Person {
    pub(super) fn read(realm: &Realm, id: &AutoId) -> Result<Self, ApiError> {
        let name = match realm.alias(id)? {
            Some(alias) => alias.to_string(),
            None => text::short(id),
        };
        let record = realm.identity(id)?;
        let (kind, status) =
            record.map_or(("unknown", Status::Pending), |record| (record.kind.name(), record.status));
        Ok(Self { id: *id, name, kind, word: status.name(), class: class(status) })
    }
}

const fn class(status: Status) -> &'static str {
    match status {
        Status::Active => "good",
        Status::Pending | Status::Suspended => "wait",
        Status::Revoked | Status::Tombstone => "bad",
    }
}

/// A key in words.
#[derive(Debug)]
struct KeyRow {
    number: u32,
    multikey: String,
    uses: String,
    until: String,
}

impl KeyRow {
    fn new(key: &Key) -> Self {
        let named = [
            (Relations::AUTH, "log in"),
            (Relations::ASSERT, "state"),
            (Relations::INVOKE, "act"),
            (Relations::DELEGATE, "grant"),
            (Relations::AGREE, "agree on keys"),
        ];
        let uses = named.iter().filter(|(relation, _)| key.relations.contains(*relation));
        Self {
            number: key.kid,
            multikey: key.key.multikey(),
            uses: uses.map(|(_, name)| *name).collect::<Vec<_>>().join(", "),
            until: key.not_after.map_or_else(|| "no end".to_owned(), |time| time.to_string()),
        }
    }
}

/// One identity.
#[derive(Debug, Template)]
#[template(path = "identity.html")]
struct IdentityPage {
    top: Top,
    realm: Realm,
    person: Person,
    record: IdentityRecord,
    /// The way up, the top first, without itself.
    above: Vec<Person>,
    children: Vec<Person>,
    keys: Vec<KeyRow>,
    given: Vec<GrantRow>,
    received: Vec<GrantRow>,
    /// Revocation lists with the number of grants that are revoked in them.
    lists: Vec<(u32, u32)>,
    vault: Amount,
    is_agent: bool,
    older: Option<String>,
}

impl IdentityPage {
    fn did(&self) -> String {
        self.realm.did(&self.record.id)
    }

    fn reason(&self) -> Option<&'static str> {
        let suspension = self.record.suspension.map(|suspension| suspension.reason);
        self.record.revocation.or(suspension).map(reason)
    }

    fn deposit(&self) -> Amount {
        Amount::from_base_units(self.record.deposit)
    }

    fn certificate(&self) -> Option<String> {
        self.record.certificate.map(hex::encode)
    }
}

/// `/identity/{did, or its last part}`.
pub(crate) async fn identity(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = identity_page(&app, &text, &from).await;
    shown(&app, page)
}

async fn identity_page(app: &App, text: &str, from: &From) -> Result<Response, ApiError> {
    let (realm, id) = of_text(app, text)?;
    let missing = || ApiError::NotFound { what: "identity", which: text.to_owned() };
    let record = realm.identity(&id)?.ok_or_else(missing)?;
    let index = reached(app, &realm).await?;
    let (at, after) = match from.cursor()? {
        None => (At::block(realm.domain, realm.number), None),
        Some(Cursor::Found(number, place)) => {
            (At::block(realm.domain, BlockNumber(number)), Some(Place::position(place)))
        }
        Some(other) => return Err(ApiError::Cursor(other.text())),
    };
    let below = index.children(at, &id, after, ROWS)?;
    let older = below
        .next
        .map(|next| format!("/identity/{id}?after={}", Cursor::Found(below.block.0, next.value()).text()));
    let children =
        below.rows.iter().map(|(_, row)| Person::read(&realm, &row.id)).collect::<Result<_, _>>()?;
    let mut above: Vec<Person> =
        realm.path(&id)?.iter().skip(1).map(|one| Person::read(&realm, &one.id)).collect::<Result<_, _>>()?;
    above.reverse();
    let now = At::block(realm.domain, realm.number);
    let grants = |of| -> Result<Vec<GrantRow>, ApiError> {
        let found = index.grants(now, of, None, ROWS)?;
        found.rows.into_iter().map(|(_, row)| GrantRow::read(&realm, row.id, &row.grant)).collect()
    };
    let (given, received) = (grants(GrantsOf::Issuer(id))?, grants(GrantsOf::Holder(id))?);
    let mut lists = Vec::new();
    for list in 0..LISTS {
        let count = realm.revocations(&id, list)?.len();
        if count > 0 {
            lists.push((list, count));
        }
    }
    let fields = "{ nodes { id holder { did alias } issuer { did alias } commands meters { asset used total window { used cap } } \
                  refusal { code } } }";
    let query = format!(
        "{{ identity(by: {{ id: \"{}\" }}) {{ did kind status alias active version vault path {{ did kind status }} \
         children(first: 25) {{ nodes {{ did alias kind status }} }} keys {{ number multikey uses notAfter }} \
         grantsIssued(first: 25) {fields} grantsHeld(first: 25) {fields} }} }}",
        realm.did(&id)
    );
    let person = Person::read(&realm, &id)?;
    let top = Top::new(app, "agents", format!("Identity {}", person.name), query)?;
    let keys = record.keys.keys.iter().map(KeyRow::new).collect();
    let (vault, is_agent) = (realm.vault(&id)?, realm.agent(&id)?.is_some());
    render(&IdentityPage {
        top,
        realm,
        person,
        record,
        above,
        children,
        keys,
        given,
        received,
        lists,
        vault,
        is_agent,
        older,
    })
}
