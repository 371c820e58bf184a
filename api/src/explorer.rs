//! The explorer: pages rendered on the server, complete without JavaScript.

mod asset;
mod content;
mod domain;
mod identity;
mod page;
mod search;
mod text;
mod view;

use crate::server::App;
use axum::Router;
use axum::routing::get;

/// Routes of the pages and their assets.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(page::home))
        .route("/blocks", get(page::blocks))
        .route("/block/{id}", get(page::block))
        .route("/tx/{hash}", get(page::transaction))
        .route("/account/{address}", get(page::account))
        .route("/domains", get(domain::domains))
        .route("/domain/{number}", get(domain::domain))
        .route("/domain/{number}/block/{height}", get(domain::block::block))
        .route("/domain/{number}/tx/{hash}", get(domain::transaction::transaction))
        .route("/domain/{number}/account/{address}", get(domain::account::account))
        .route("/operator/{number}", get(domain::operator))
        .route("/identity/{id}", get(identity::identity))
        .route("/agents", get(identity::agent::agents))
        .route("/agent/{id}", get(identity::agent::agent))
        .route("/grant/{id}", get(identity::grant::grant))
        .route("/farms", get(page::farms))
        .route("/objects", get(page::objects))
        .route("/object/{hash}", get(page::object))
        .route("/content/{hash}", get(content::content))
        .route("/segments", get(page::segments))
        .route("/search", get(search::search))
        .route("/assets/{name}", get(asset::asset))
        .route("/favicon.ico", get(asset::icon))
        .fallback(page::nothing)
}
