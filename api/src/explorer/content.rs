//! The page of a content: what is said of it, what it is made from, and what is made from it.

use super::page::{From, render, shown};
use super::text;
use super::view::Top;
use crate::ApiError;
use crate::cursor::Cursor;
use crate::server::App;
use askama::Template;
use auto_core::{BlockNumber, Hash};
use auto_index::{ContentOf, ContentRow, Cursor as Place, Index, IndexError};
use autoid_core::AutoId;
use autoid_provenance::Manifest;
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// Rows of a list.
const ROWS: usize = 25;

/// A manifest in a list.
#[derive(Debug)]
struct Line(ContentRow);

impl Line {
    const fn manifest(&self) -> &Manifest {
        self.0.sealed.manifest()
    }

    const fn content(&self) -> Hash {
        Hash(self.manifest().content)
    }

    const fn author(&self) -> &AutoId {
        &self.manifest().author
    }

    fn agent(&self) -> Option<(AutoId, String)> {
        self.manifest().acting.map(|acting| (acting.agent, acting.grant.to_string()))
    }

    fn licence(&self) -> String {
        self.manifest().licence.as_ref().map_or("all rights reserved".to_owned(), ToString::to_string)
    }
}

/// One content.
#[derive(Debug, Template)]
#[template(path = "content.html")]
struct ContentPage {
    top: Top,
    content: Hash,
    /// What is said of it, the oldest first.
    manifests: Vec<Line>,
    parents: Vec<Hash>,
    children: Vec<Line>,
    older: Option<String>,
}

fn lines(
    index: &Index,
    of: ContentOf,
    block: Option<BlockNumber>,
    after: Option<Place>,
) -> Result<(Vec<Line>, Option<String>), IndexError> {
    let page = index.content(block, of, after, ROWS)?;
    let next = page.next.map(|next| Cursor::Found(page.block.0, next.value()).text());
    Ok((page.rows.into_iter().map(|(_, row)| Line(row)).collect(), next))
}

/// `/content/{hash}`.
pub(crate) async fn content(
    State(app): State<App>,
    Path(typed): Path<String>,
    Query(from): Query<From>,
) -> Response {
    shown(&app, page(&app, &typed, &from))
}

fn page(app: &App, typed: &str, from: &From) -> Result<Response, ApiError> {
    let missing = || ApiError::NotFound { what: "content", which: typed.to_owned() };
    let content: Hash = typed.parse().map_err(|_| missing())?;
    let index = app.finder.index();
    let (block, after) = match from.cursor()? {
        None => (None, None),
        Some(Cursor::Found(number, place)) => (Some(BlockNumber(number)), Some(Place::position(place))),
        Some(other) => return Err(ApiError::Cursor(other.text())),
    };
    let (manifests, _) = lines(index, ContentOf::Content(content.0), block, None)?;
    let (children, next) = lines(index, ContentOf::Parent(content.0), block, after)?;
    if manifests.is_empty() && children.is_empty() && after.is_none() {
        return Err(missing());
    }
    let mut parents: Vec<Hash> =
        manifests.iter().flat_map(|line| line.manifest().parents.iter().map(|hash| Hash(*hash))).collect();
    parents.sort_unstable();
    parents.dedup();
    let older = next.map(|next| format!("/content/{content}?after={next}"));
    let fields = "nodes { id hash mediaType author agent grant parents licence madeAt block object }";
    let query = format!(
        "{{ content(of: {{ hash: \"{content}\" }}) {{ {fields} }} \
         made: content(of: {{ parent: \"{content}\" }}) {{ {fields} }} }}"
    );
    let top = Top::new(app, "objects", "Content", query)?;
    render(&ContentPage { top, content, manifests, parents, children, older })
}

/// Whether anything is said of a content, or anything is made from it.
pub(super) fn is_known(index: &Index, content: &Hash) -> bool {
    let any = |of| lines(index, of, None, None).is_ok_and(|(found, _)| !found.is_empty());
    any(ContentOf::Content(content.0)) || any(ContentOf::Parent(content.0))
}
