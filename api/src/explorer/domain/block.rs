//! Blocks of a domain, as this node derived them.

use super::transaction::{Row, rows};
use super::{of_number, read};
use crate::described::Described;
use crate::explorer::page::{From, render, shown};
use crate::explorer::text;
use crate::explorer::view::Top;
use crate::position::domain_name;
use crate::server::App;
use crate::{ApiError, BackendError, module};
use askama::Template;
use auto_core::{BlockNumber, DomainId};
use auto_domains::view;
use auto_operator::{DomainBlockView, DomainStatus, DomainsHandle, OperatorError};
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// Transactions of one page.
const ROWS: usize = 100;

/// A domain that this node follows.
pub(super) struct Followed {
    pub(super) handle: DomainsHandle,
    pub(super) status: DomainStatus,
    pub(super) name: String,
}

/// What this node knows of the domain of a number in a path.
pub(super) fn followed(app: &App, number: &str) -> Result<Followed, ApiError> {
    let domain = of_number(number)?;
    let found = read(&*app.node, None, |state| view::domain(state, domain))?;
    let name = found.map(|view| domain_name(&view));
    let name = name.ok_or_else(|| ApiError::NotFound { what: "domain", which: number.to_owned() })?;
    let handle = app.node.domains();
    let found = handle.and_then(|handle| handle.domain(domain).map(|status| (handle, status)));
    let (handle, status) = found.ok_or_else(|| BackendError::from(OperatorError::NotServed(domain)))?;
    Ok(Followed { handle, status, name })
}

/// How far the result of a block is settled, in a word and its class.
pub(crate) fn standing(status: &DomainStatus, number: BlockNumber) -> (&'static str, &'static str) {
    if status.wrong.contains(&number) {
        ("disputed", "bad")
    } else if number <= status.confirmed {
        ("confirmed", "good")
    } else if number <= status.head_receipt {
        ("vouched", "wait")
    } else {
        ("derived", "wait")
    }
}

/// A block, and how far it is settled: the word and its class.
pub(super) type BlockRow = (DomainBlockView, &'static str, &'static str);

/// The newest blocks of a domain; none where this node does not follow it.
pub(super) fn newest(app: &App, domain: DomainId, count: usize) -> Result<Option<Vec<BlockRow>>, ApiError> {
    let Some(handle) = app.node.domains() else { return Ok(None) };
    let Some(status) = handle.domain(domain) else { return Ok(None) };
    let found = handle.blocks(domain, None, count).map_err(BackendError::from)?;
    let row = |view: DomainBlockView| {
        let (word, class) = standing(&status, view.receipt.number);
        (view, word, class)
    };
    Ok(Some(found.into_iter().map(row).collect()))
}

/// One block.
#[derive(Debug, Template)]
#[template(path = "domain_block.html")]
struct BlockPage {
    top: Top,
    name: String,
    view: DomainBlockView,
    word: &'static str,
    class: &'static str,
    rows: Vec<Row>,
    events: Vec<Described>,
    older: Option<String>,
}

/// `/domain/{number}/block/{height}`.
pub(crate) async fn block(
    State(app): State<App>,
    Path((number, height)): Path<(String, String)>,
    Query(from): Query<From>,
) -> Response {
    let page = || {
        let Followed { handle, status, name } = followed(&app, &number)?;
        let domain = status.domain;
        let missing = || ApiError::NotFound { what: "block of the domain", which: height.clone() };
        let height = height.parse().map(BlockNumber).map_err(|_| missing())?;
        let view = handle.block(domain, height).map_err(BackendError::from)?.ok_or_else(missing)?;
        let query = format!(
            "{{ domain(number: {domain}) {{ block(number: \"{height}\") {{ hash receiptHash standing consensusNumber \
             stateRoot fees {{ storage execution burned }} transactionCount transactions(first: 20) {{ nodes {{ hash \
             stage outcome fee failure {{ code }} }} }} events {{ moduleName name fields {{ name value }} }} }} }} }}"
        );
        let start = from.position()?;
        let found = rows(domain, &view.ran, start, ROWS);
        let last = start.saturating_add(found.len());
        let older = (last < view.ran.len()).then(|| {
            let cursor =
                crate::cursor::Cursor::Position(u32::try_from(last.saturating_sub(1)).unwrap_or(u32::MAX));
            format!("/domain/{domain}/block/{height}?after={}", cursor.text())
        });
        let events = view.finalized.iter().map(|(id, payload)| module::happened(*id, payload)).collect();
        let (word, class) = standing(&status, height);
        let top = Top::new(&app, "domains", format!("Block {height} of {name}"), query)?;
        render(&BlockPage { top, name, view, word, class, rows: found, events, older })
    };
    shown(&app, page())
}
