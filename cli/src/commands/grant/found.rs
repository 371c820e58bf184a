//! Grants as the node's index finds them.

use crate::error::{CliError, internal};
use auto_sdk::DomainClient;
use autoid_core::{AutoId, GrantId};
use serde_json::{Value, json};

/// Pages that are read at most, of a hundred rows each.
const PAGES_MAX: u32 = 1_000;

const GRANTS: &str = "query($domain: Int!, $after: String, $of: GrantsBy!) { \
    found: grants(domain: $domain, first: 100, after: $after, of: $of) { nodes { id } \
    pageInfo { hasNextPage endCursor } } }";

/// Whose grants.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Issuer,
    Holder,
    Owner,
}

/// Grants of an identity, the oldest first, also those that are over.
pub(super) async fn grants(there: &DomainClient, side: Side, of: &AutoId) -> Result<Vec<GrantId>, CliError> {
    let field = match side {
        Side::Holder => return Ok(there.holdings(of).await?),
        Side::Issuer => "issuer",
        Side::Owner => "owner",
    };
    let malformed = || internal("the node's answer is not of the form that was asked for");
    let mut variables = json!({ "of": { field: of.to_string() }, "domain": there.id().0 });
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let data = there.client().query(GRANTS, variables.clone()).await?;
        let rows = data.pointer("/found/nodes").and_then(Value::as_array).ok_or_else(malformed)?;
        for row in rows {
            let id = row.get("id").and_then(Value::as_str).ok_or_else(malformed)?;
            found.push(id.parse().map_err(internal)?);
        }
        if data.pointer("/found/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
            break;
        }
        variables["after"] = data.pointer("/found/pageInfo/endCursor").cloned().ok_or_else(malformed)?;
    }
    Ok(found)
}
