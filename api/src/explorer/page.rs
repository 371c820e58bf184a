//! What each page reads.

use super::domain::account::everywhere;
use super::view::{
    AccountPage, BlockPage, Blocks, FarmMap, Farms, Home, ObjectPage, Objects, Preview, Problem, Segments,
    Top, TransactionPage,
};
use crate::ApiError;
use crate::backend::domains;
use crate::cursor::Cursor;
use crate::graphql::Node;
use crate::happening::decoded;
use crate::position::{explain, holdings};
use crate::rest;
use crate::server::App;
use askama::Template;
use auto_core::{Address, BlockNumber, ErrorCode, Hash, SegmentIndex};
use auto_node::BlockView;
use auto_sdk::FileManifest;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

/// Rows of a page.
const ROWS: usize = 25;
/// Characters of a text preview.
const PREVIEW_MAX: usize = 20_000;
/// Transactions that a block page lists.
const BLOCK_ROWS: usize = 100;

/// Where a list continues.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    after: Option<String>,
}

impl From {
    pub(super) fn cursor(&self) -> Result<Option<Cursor>, ApiError> {
        self.after.as_deref().map(Cursor::parse).transpose()
    }

    /// The position to go on from in a list that is counted from zero.
    pub(super) fn position(&self) -> Result<usize, ApiError> {
        match self.cursor()? {
            None => Ok(0),
            Some(Cursor::Position(position)) => {
                Ok(usize::try_from(position).unwrap_or(usize::MAX).saturating_add(1))
            }
            Some(other) => Err(ApiError::Cursor(other.text())),
        }
    }
}

pub(super) fn render(page: &impl Template) -> Result<Response, ApiError> {
    let html = page.render().map_err(|error| ApiError::Internal(format!("rendering a page: {error}")))?;
    Ok(Html(html).into_response())
}

/// A page for a failure.
pub(crate) fn broken(app: &App, error: ApiError) -> Response {
    let query = "{ meta { head { number hash } confirmed { number } oldestState } }";
    // Without a status there is no page around the message.
    let Ok(top) = Top::new(app, "", "Not here", query) else { return error.into_response() };
    let (status, code) = (error.status(), error.code());
    let page = Problem { top, code, message: error.public_message() };
    match render(&page) {
        Ok(response) => (status, response).into_response(),
        Err(error) => error.into_response(),
    }
}

/// A page for something that does not exist.
pub(crate) fn missing(app: &App, what: &'static str, which: &str) -> Response {
    broken(app, ApiError::NotFound { what, which: which.to_owned() })
}

pub(super) fn shown(app: &App, page: Result<Response, ApiError>) -> Response {
    page.unwrap_or_else(|error| broken(app, error))
}

/// Any other path.
pub(crate) async fn nothing(State(app): State<App>, uri: Uri) -> Response {
    missing(&app, "page", uri.path())
}

fn newest_first(node: &Node, newest: u64, rows: usize) -> Result<Vec<BlockView>, ApiError> {
    let mut blocks = Vec::new();
    for number in (0..=newest).rev().take(rows) {
        blocks.extend(node.block(BlockNumber(number))?);
    }
    Ok(blocks)
}

/// `/`.
pub(crate) async fn home(State(app): State<App>) -> Response {
    let query = "{ status { phase slot peers pool pledgedBytes byteFee head { number hash } confirmed { number } } \
                 blocks(first: 10) { nodes { number hash slot transactionCount sizeBytes } } }";
    let page = || {
        let top = Top::new(&app, "home", "Overview", query)?;
        let blocks = newest_first(&app.node, top.status.head.number.0, 10)?;
        let objects = app.node.objects(None, 5)?;
        render(&Home { top, blocks, objects })
    };
    shown(&app, page())
}

/// `/blocks`.
pub(crate) async fn blocks(State(app): State<App>, Query(from): Query<From>) -> Response {
    let query = "{ blocks(first: 25) { pageInfo { endCursor hasNextPage } \
                 nodes { number hash slot rewardAddress transactionCount sizeBytes confirmed } } }";
    let page = || {
        let top = Top::new(&app, "blocks", "Blocks", query)?;
        let head = top.status.head.number.0;
        let newest = match from.cursor()? {
            None => head,
            Some(Cursor::Height(height)) => height.saturating_sub(1).min(head),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let blocks = newest_first(&app.node, newest, ROWS)?;
        let link = |height: u64| format!("/blocks?after={}", Cursor::Height(height).text());
        let above = newest.saturating_add(u64::try_from(ROWS).unwrap_or(u64::MAX)).saturating_add(1);
        let newer = (newest < head).then(|| link(above));
        let older = blocks.last().map(|block| block.id.number.0).filter(|number| *number > 0).map(link);
        render(&Blocks { top, blocks, newer, older })
    };
    shown(&app, page())
}

/// `/block/{height or hash}`.
pub(crate) async fn block(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = || {
        let number = id.parse().map(BlockNumber).ok();
        let hash = id.parse::<Hash>().ok();
        let found = match (number, hash) {
            (_, Some(hash)) => app.node.block_by_hash(&hash)?,
            (Some(number), None) => app.node.block(number)?,
            (None, None) => None,
        };
        let block = found.ok_or_else(|| ApiError::NotFound { what: "block", which: id.clone() })?;
        let query = format!(
            "{{ block(by: {{ hash: \"{}\" }}) {{ number hash parentHash slot reward stateRoot confirmed \
             submissions(first: 20) {{ nodes {{ hash kind domainNumber operatorNumber fee }} }} \
             events {{ name fields {{ name value }} }} \
             transactions(first: 20) {{ nodes {{ hash stage fee }} }} }} }}",
            block.id.hash
        );
        let start = from.position()?;
        let mut transactions = Vec::new();
        for hash in block.transactions.iter().skip(start).take(BLOCK_ROWS) {
            transactions.extend(app.node.transaction(hash)?);
        }
        let last = start.saturating_add(BLOCK_ROWS).saturating_sub(1);
        let more = block.transactions.len().saturating_sub(1) > last;
        let older = u32::try_from(last)
            .ok()
            .filter(|_| more)
            .map(|last| format!("/block/{}?after={}", block.id.hash, Cursor::Position(last).text()));
        let top = Top::new(&app, "blocks", format!("Block {}", block.id.number), query)?;
        let told = app.node.block_events(&block.id.hash)?;
        let events = decoded(&[told.begun, told.submissions.concat(), told.ended].concat());
        render(&BlockPage { top, block, events, transactions, older })
    };
    shown(&app, page())
}

/// `/tx/{hash}`.
pub(crate) async fn transaction(State(app): State<App>, Path(text): Path<String>) -> Response {
    let page = || {
        let missing = || ApiError::NotFound { what: "transaction", which: text.clone() };
        let hash: Hash = text.parse().map_err(|_| missing())?;
        let view = app.node.transaction(&hash)?.ok_or_else(missing)?;
        let query = format!(
            "{{ transaction(hash: \"{hash}\") {{ stage signer {{ address }} nonce feeLimit fee failure position \
             block {{ number hash confirmed }} calls {{ __typename ... on TransferCall {{ to amount }} \
             ... on StoreCall {{ hash sizeBytes }} ... on DomainsCall {{ name fields {{ name value }} }} }} events {{ name fields {{ name value }} }} }} }}"
        );
        let mut events = Vec::new();
        if let Some((block, position)) = view.included {
            let told = app.node.block_events(&block.hash)?;
            events = told
                .transactions
                .into_iter()
                .filter(|(at, _)| *at == position)
                .flat_map(|(_, told)| told)
                .collect();
        }
        let top = Top::new(&app, "blocks", "Transaction", query)?;
        render(&TransactionPage { top, view, events: decoded(&events) })
    };
    shown(&app, page())
}

/// `/account/{address}`.
pub(crate) async fn account(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = || {
        let address: Address =
            text.parse().map_err(|error: auto_core::AddressError| ApiError::BadValue(error.to_string()))?;
        let query = format!(
            "{{ account(address: \"{address}\") {{ balance nonce domains {{ domain {{ name }} balance nonce }} positions {{ explanation total }} transactions(first: 20) \
             {{ nodes {{ hash stage fee }} }} proof {{ number root header proof }} }} }}"
        );
        let before = match from.cursor()? {
            None => None,
            Some(Cursor::Sent(number, position)) => Some((BlockNumber(number), position)),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let top = Top::new(&app, "", "Account", query)?;
        let account = app.node.account(&address, None)?;
        let mut transactions = app.node.transactions_of(&address, before, ROWS.saturating_add(1))?;
        let more = transactions.len() > ROWS;
        transactions.truncate(ROWS);
        let last = transactions.last().filter(|_| more).and_then(|view| view.included);
        let older = last.map(|(block, position)| {
            format!("/account/{address}?after={}", Cursor::Sent(block.number.0, position).text())
        });
        let held = domains(&*app.node, None, |state| holdings(state, &address))?;
        let positions = held.iter().map(|held| (held.position.operator, explain(held))).collect();
        let there = everywhere(&app, &address)?;
        render(&AccountPage { top, account, there, positions, transactions, older })
    };
    shown(&app, page())
}

/// `/farms`.
pub(crate) async fn farms(State(app): State<App>) -> Response {
    let query = "{ farms { path sizeBytes rewardAddress sectorCount sectors { state count } sectorMap \
                 plotEtaSeconds blocksWon solutionsFound missed { slot reason } audit { p50Ms p99Ms } \
                 prove { p50Ms p99Ms } } }";
    let farms = app.node.farms().into_iter().map(FarmMap::new).collect();
    let page = Top::new(&app, "farms", "Farms", query).and_then(|top| render(&Farms { top, farms }));
    shown(&app, page)
}

/// `/objects`.
pub(crate) async fn objects(State(app): State<App>, Query(from): Query<From>) -> Response {
    let query = "{ objects(first: 25) { pageInfo { endCursor hasNextPage } \
                 nodes { hash sizeBytes storedAt archived piece offset path } } }";
    let page = || {
        let before = match from.cursor()? {
            None => None,
            Some(Cursor::Object(hash)) => Some(hash),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let mut objects = app.node.objects(before, ROWS.saturating_add(1))?;
        let more = objects.len() > ROWS;
        objects.truncate(ROWS);
        let last = objects.last().filter(|_| more);
        let older = last.map(|last| format!("/objects?after={}", Cursor::Object(last.hash).text()));
        render(&Objects { top: Top::new(&app, "objects", "Objects", query)?, objects, older })
    };
    shown(&app, page())
}

/// `/object/{hash}`.
pub(crate) async fn object(State(app): State<App>, Path(text): Path<String>) -> Response {
    let page = object_page(&app, &text).await;
    shown(&app, page)
}

async fn object_page(app: &App, text: &str) -> Result<Response, ApiError> {
    let missing = || ApiError::NotFound { what: "object", which: text.to_owned() };
    let hash: Hash = text.parse().map_err(|_| missing())?;
    let object = app.node.object_info(&hash)?.ok_or_else(missing)?;
    // A page is still of use when the bytes cannot be had at the moment.
    let preview = match rest::fetch(&app.node, hash).await {
        Ok(Some(bytes)) => preview(&bytes),
        Ok(None) | Err(_) => Preview::None,
    };
    let query = format!("{{ object(hash: \"{hash}\") {{ sizeBytes storedAt archived piece offset path }} }}");
    render(&ObjectPage { top: Top::new(app, "objects", "Object", query)?, object, preview })
}

fn preview(bytes: &[u8]) -> Preview {
    if let Ok(manifest) = FileManifest::from_object(bytes) {
        let picture = rest::of_name(manifest.media_type());
        return Preview::File {
            name: manifest.name().to_owned(),
            media_type: manifest.media_type().to_owned(),
            size: manifest.size,
            chunks: manifest.chunks.len(),
            picture: picture.shown && picture.media_type.starts_with("image/"),
        };
    }
    let label = rest::of_bytes(bytes);
    match std::str::from_utf8(bytes) {
        _ if label.media_type.starts_with("image/") => Preview::Picture,
        Ok(text) if label.media_type.starts_with("text/") => {
            let kept: String = text.chars().take(PREVIEW_MAX).collect();
            Preview::Text { cut: kept.len() < text.len(), text: kept }
        }
        _ => Preview::None,
    }
}

/// `/segments`.
pub(crate) async fn segments(State(app): State<App>, Query(from): Query<From>) -> Response {
    let query = "{ segments(first: 25) { pageInfo { endCursor hasNextPage } \
                 nodes { index commitment lastBlock pieces plottedPieces } } }";
    let page = || {
        let before = match from.cursor()? {
            None => None,
            Some(Cursor::Segment(index)) => Some(SegmentIndex(index)),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let segments = app.node.segments(before, ROWS)?;
        let last = segments.last().map(|last| last.index.0).filter(|index| *index > 0);
        let older = last.map(|index| format!("/segments?after={}", Cursor::Segment(index).text()));
        render(&Segments { top: Top::new(&app, "segments", "Segments", query)?, segments, older })
    };
    shown(&app, page())
}
