//! Pages of grants.

use super::{Person, ROWS, reached};
use crate::ApiError;
use crate::cursor::Cursor;
use crate::explorer::page::{From, render, shown};
use crate::explorer::text;
use crate::explorer::view::Top;
use crate::graphql::{next_window, windowed};
use crate::realm::{Realm, Which};
use crate::server::App;
use askama::Template;
use auto_core::BlockNumber;
use auto_index::{At, Cursor as Place, GrantsOf};
use autoid_core::{AutoId, Grant, GrantId, Mode, Sign1, render as words};
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// What is left of a budget.
#[derive(Debug)]
pub(crate) struct Bar {
    /// Of what: altogether, or in the present window.
    pub(crate) what: String,
    pub(crate) used: String,
    pub(crate) cap: String,
    /// The used part in thousandths.
    pub(crate) permille: u128,
}

impl Bar {
    fn new(what: String, (used, cap): (u128, u128), asset: autoid_core::Asset) -> Self {
        let permille = used.saturating_mul(1000).checked_div(cap).unwrap_or(1000).min(1000);
        Self { what, used: words::amount(used, asset), cap: words::amount(cap, asset), permille }
    }

    /// The budgets of a grant with what was used of them, itself or by those below.
    fn all(realm: &Realm, id: &GrantId, grant: &Grant) -> Result<Vec<Self>, ApiError> {
        let usage = realm.usage(id)?;
        let mut bars = Vec::new();
        for (place, meter) in (0u8..).zip(&grant.meters) {
            let used = usage.meter(place);
            let of = match meter.mode {
                Mode::Shared => "altogether",
                Mode::Carved if used.funded => "altogether, taken in advance",
                Mode::Carved => "altogether, not funded yet",
            };
            let taken = used.taken().unwrap_or_default().base_units();
            bars.push(Self::new(of.to_owned(), (taken, meter.total), meter.asset));
            if let Some(window) = meter.window {
                let ends = next_window(window.blocks, realm.number);
                let spent = windowed(&used, window.blocks, realm.number).base_units();
                bars.push(Self::new(format!("before block {ends}"), (spent, window.cap), meter.asset));
            }
        }
        if let Some(calls) = grant.calls {
            let permille = u128::from(usage.calls).saturating_mul(1000).checked_div(u128::from(calls));
            bars.push(Self {
                what: "calls".to_owned(),
                used: text::grouped(usage.calls),
                cap: text::grouped(calls),
                permille: permille.unwrap_or(1000).min(1000),
            });
        }
        Ok(bars)
    }
}

/// A grant in a list.
#[derive(Debug)]
pub(crate) struct GrantRow {
    pub(crate) id: GrantId,
    pub(crate) issuer: Person,
    pub(crate) holder: Person,
    pub(crate) commands: String,
    pub(crate) bars: Vec<Bar>,
    /// Code and words of why it cannot be used.
    pub(crate) refusal: Option<(&'static str, String)>,
}

impl GrantRow {
    pub(super) fn read(realm: &Realm, id: GrantId, signed: &Sign1<Grant>) -> Result<Self, ApiError> {
        let grant = signed.body();
        let chain: Vec<_> = realm.chain(id, signed)?.into_iter().map(|(_, one)| one).collect();
        let refusal = realm.refusal(&chain)?.map(|refusal| (refusal.code(), refusal.to_string()));
        Ok(Self {
            id,
            issuer: Person::read(realm, &grant.iss)?,
            holder: Person::read(realm, &grant.aud)?,
            commands: grant.cmd.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            bars: Bar::all(realm, &id, grant)?,
            refusal,
        })
    }
}

/// One grant.
#[derive(Debug, Template)]
#[template(path = "grant.html")]
struct GrantPage {
    top: Top,
    shown: GrantRow,
    owner: Person,
    sentences: Vec<String>,
    /// The grants that it rests on, the owner's first, and itself last.
    chain: Vec<GrantRow>,
    children: Vec<GrantRow>,
    older: Option<String>,
}

/// `/grant/{id}`.
pub(crate) async fn grant(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = grant_page(&app, &text, &from).await;
    shown(&app, page)
}

async fn grant_page(app: &App, text: &str, from: &From) -> Result<Response, ApiError> {
    let missing = || ApiError::NotFound { what: "grant", which: text.to_owned() };
    let id: GrantId = text.parse().map_err(|_| missing())?;
    let realm = Realm::open(&*app.node, Which::First, None)?;
    let stored = realm.grant(&id)?.ok_or_else(missing)?;
    let index = reached(app, &realm).await?;
    let (number, after) = match from.cursor()? {
        None => (realm.number, None),
        Some(Cursor::Found(number, place)) => (BlockNumber(number), Some(Place::position(place))),
        Some(other) => return Err(ApiError::Cursor(other.text())),
    };
    let below = index.grants(At::block(realm.domain, number), GrantsOf::Parent(id), after, ROWS)?;
    let older = below
        .next
        .map(|next| format!("/grant/{id}?after={}", Cursor::Found(below.block.0, next.value()).text()));
    let children = below.rows.into_iter().map(|(_, row)| GrantRow::read(&realm, row.id, &row.grant));
    let children = children.collect::<Result<_, _>>()?;
    let chain = realm.chain(id, &stored.grant)?;
    let chain =
        chain.iter().map(|(id, signed)| GrantRow::read(&realm, *id, signed)).collect::<Result<_, _>>()?;
    let name = |id: &AutoId| realm.alias(id).ok().flatten().map(|alias| alias.to_string());
    let grant = stored.grant.body();
    let sentences = words::render(grant, &realm.network, &name);
    let query = format!(
        "{{ grant(id: \"{id}\") {{ sentences refusal {{ code message }} calls callsMax owner {{ did alias }} \
         chain {{ id issuer {{ did alias }} holder {{ did alias }} meters {{ asset used total window {{ used cap ends }} }} }} \
         children(first: 25) {{ nodes {{ id holder {{ did alias }} }} }} signed }} }}"
    );
    let top = Top::new(app, "agents", "Grant", query)?;
    let owner = Person::read(&realm, &grant.sub)?;
    let shown = GrantRow::read(&realm, id, &stored.grant)?;
    render(&GrantPage { top, shown, owner, sentences, chain, children, older })
}
