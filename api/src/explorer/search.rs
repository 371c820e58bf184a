//! The search box: a height, a hash, an address, or the start of nothing known.

use super::page;
use crate::ApiError;
use crate::server::App;
use auto_core::{Address, BlockNumber, Hash};
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
        return Ok(app.node.object_info(&hash)?.map(|_| format!("/object/{hash}")));
    }
    Ok(text.parse::<Address>().ok().map(|address| format!("/account/{address}")))
}

/// `GET /search?q=`.
pub(crate) async fn search(State(app): State<App>, Query(Typed { q }): Query<Typed>) -> Response {
    let text: String = q.trim().chars().take(TEXT_MAX).collect();
    match find(&app, &text) {
        Ok(Some(path)) => Redirect::to(&path).into_response(),
        Ok(None) => page::missing(&app, "block, transaction, object or account", &text),
        Err(error) => page::broken(&app, error),
    }
}
