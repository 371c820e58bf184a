//! The search box: a height, a hash, an address, a DID, a grant, an alias, or words that an agent is found by.

use super::{content, page};
use crate::realm::{Realm, Which};
use crate::server::App;
use crate::{ApiError, BackendError};
use auto_core::{Address, BlockNumber, Hash};
use auto_index::{AgentQuery, At};
use autoid_core::GrantId;
use autoid_interface::Alias;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// What was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
}

/// Longest text worth looking at.
const TEXT_MAX: usize = 100;

fn find(app: &App, text: &str) -> Result<Option<String>, ApiError> {
    let plain: String = text.chars().filter(|c| !matches!(c, '#' | ',' | '_' | ' ' | '\u{202f}')).collect();
    // A hash may consist of decimal digits only; no height is that long.
    if plain.len() <= 20
        && let Ok(number) = plain.parse()
    {
        return Ok(app.node.block(BlockNumber(number))?.map(|_| format!("/block/{number}")));
    }
    if let Ok(hash) = text.parse::<Hash>() {
        if app.node.block_by_hash(&hash)?.is_some() {
            return Ok(Some(format!("/block/{hash}")));
        }
        if app.node.transaction(&hash)?.is_some() {
            return Ok(Some(format!("/tx/{hash}")));
        }
        if let Some(domains) = app.node.domains() {
            for status in domains.domains() {
                let domain = status.domain;
                if domains.transaction(domain, &hash).map_err(BackendError::from)?.is_some() {
                    return Ok(Some(format!("/domain/{domain}/tx/{hash}")));
                }
            }
        }
        if app.node.object_info(&hash)?.is_some() {
            return Ok(Some(format!("/object/{hash}")));
        }
        if content::is_known(app.finder.index(), &hash) {
            return Ok(Some(format!("/content/{hash}")));
        }
    }
    if let Ok(address) = text.parse::<Address>() {
        return Ok(Some(format!("/account/{address}")));
    }
    of_identities(app, text)
}

/// A DID or its last part, the id of a grant, an alias, or words that agents are found by.
fn of_identities(app: &App, text: &str) -> Result<Option<String>, ApiError> {
    let which = text.parse().map_or(Which::First, Which::Of);
    let realm = match Realm::open(&*app.node, which, None) {
        Ok(realm) => realm,
        // A node that follows no identities finds none.
        Err(ApiError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Ok(id) = text.parse::<GrantId>() {
        return Ok(realm.grant(&id)?.map(|_| format!("/grant/{id}")));
    }
    let named = match text.parse::<Alias>() {
        Ok(alias) => realm.named(&alias)?,
        Err(_) => realm.id_of(text).ok(),
    };
    if let Some(id) = named {
        if realm.agent(&id)?.is_some() {
            return Ok(Some(format!("/agent/{id}")));
        }
        return Ok(realm.identity(&id)?.map(|_| format!("/identity/{id}")));
    }
    let query = AgentQuery { text: text.to_owned(), ..AgentQuery::default() };
    let found = app.finder.index().agents(At::newest(realm.domain), &query, None, 1);
    let any = found.is_ok_and(|page| !page.rows.is_empty());
    Ok(any.then(|| format!("/agents?text={}", super::text::encoded(text))))
}

/// `GET /search?q=`.
pub(crate) async fn search(State(app): State<App>, Query(Typed { q }): Query<Typed>) -> Response {
    let text: String = q.trim().chars().take(TEXT_MAX).collect();
    match find(&app, &text) {
        Ok(Some(path)) => Redirect::to(&path).into_response(),
        Ok(None) => {
            page::missing(&app, "block, transaction, object, content, account, identity or agent", &text)
        }
        Err(error) => page::broken(&app, error),
    }
}
