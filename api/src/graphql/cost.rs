//! What one document may ask for, measured before it is validated or run.

use crate::ApiError;
use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet};
use std::collections::BTreeMap;

/// Bounds on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting, outside introspection.
    pub depth: usize,
    /// Sum over all fields of what they cost; a connection costs its page size times what is below it.
    pub complexity: usize,
    /// Fields of a document with its fragments expanded.
    pub nodes: usize,
    /// Aliases of a document with its fragments expanded.
    pub aliases: usize,
    /// Bytes of a request apart from its `Bytes` variables.
    pub query_bytes: usize,
    /// Bytes of one encoded transaction.
    pub transaction_bytes: usize,
    /// Rows of a page when none are named.
    pub page_default: usize,
    /// Most rows of a page.
    pub page_max: usize,
    /// Seconds of one query.
    pub timeout_s: u64,
    /// Subscriptions of all clients together.
    pub subscriptions: usize,
    /// Seconds after which a subscriber that does not read is closed.
    pub slow_consumer_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            complexity: 5000,
            nodes: 300,
            aliases: 30,
            query_bytes: 64 << 10,
            transaction_bytes: 5 << 20,
            page_default: PAGE_DEFAULT,
            page_max: 100,
            timeout_s: 10,
            subscriptions: 1024,
            slow_consumer_s: 20,
        }
    }
}

/// Rows of a page when none are named.
pub(crate) const PAGE_DEFAULT: usize = 20;

/// What a set of selections holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Extent {
    depth: usize,
    nodes: usize,
    aliases: usize,
}

/// Measures each fragment once, so that nested fragments cannot make measuring itself expensive.
struct Measure<'a> {
    document: &'a ExecutableDocument,
    known: BTreeMap<&'a str, Extent>,
    open: Vec<&'a str>,
}

/// Levels below which measuring stops: deeper than any limit allows.
const LEVELS_MAX: usize = 64;

impl<'a> Measure<'a> {
    fn set(&mut self, set: &'a Positioned<SelectionSet>, level: usize) -> Extent {
        let mut total = Extent::default();
        if level > LEVELS_MAX {
            return Extent { depth: LEVELS_MAX, ..total };
        }
        for selection in &set.node.items {
            let part = match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let below = self.set(&field.node.selection_set, level.saturating_add(1));
                    // Introspection nests by design and is bounded by its fields.
                    let depth = if name.starts_with("__") { 1 } else { below.depth.saturating_add(1) };
                    let aliases = below.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                    Extent { depth, nodes: below.nodes.saturating_add(1), aliases }
                }
                Selection::InlineFragment(inline) => {
                    self.set(&inline.node.selection_set, level.saturating_add(1))
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str(), level)
                }
            };
            total.depth = total.depth.max(part.depth);
            total.nodes = total.nodes.saturating_add(part.nodes);
            total.aliases = total.aliases.saturating_add(part.aliases);
        }
        total
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Extent {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let document = self.document;
        let found = document.fragments.iter().find(|(known, _)| known.as_str() == name);
        let fragment: &'a FragmentDefinition = match found {
            // A cycle is refused by validation; here it counts once.
            Some((_, fragment)) if !self.open.contains(&name) => &fragment.node,
            _ => return Extent::default(),
        };
        self.open.push(name);
        let extent = self.set(&fragment.selection_set, level.saturating_add(1));
        self.open.pop();
        self.known.insert(name, extent);
        extent
    }
}

/// Refuses a document over its limits.
pub(crate) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), ApiError> {
    let mut measure = Measure { document, known: BTreeMap::new(), open: Vec::new() };
    let mut total = Extent::default();
    for (_, operation) in document.operations.iter() {
        let part = measure.set(&operation.node.selection_set, 0);
        total.depth = total.depth.max(part.depth);
        total.nodes = total.nodes.saturating_add(part.nodes);
        total.aliases = total.aliases.saturating_add(part.aliases);
    }
    if total.depth > limits.depth {
        return Err(ApiError::TooDeep { found: total.depth, limit: limits.depth });
    }
    if total.nodes > limits.nodes {
        return Err(ApiError::TooManyNodes { found: total.nodes, limit: limits.nodes });
    }
    if total.aliases > limits.aliases {
        return Err(ApiError::TooManyAliases { found: total.aliases, limit: limits.aliases });
    }
    Ok(())
}

/// What a connection costs: its page size times the fields below it, and one for itself.
pub(crate) fn of_page(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let rows = first.or(last).map_or(PAGE_DEFAULT, |rows| usize::try_from(rows).unwrap_or(0));
    rows.saturating_mul(child).saturating_add(1)
}
