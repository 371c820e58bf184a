//! The tools: their names, what they take, and how that is read.

use super::error::McpError;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

/// Most bytes of a text argument.
pub(super) const TEXT_BYTES_MAX: usize = 2_048;

/// What a tool is asked for.
#[derive(Debug)]
pub(super) enum Asked {
    Identity(OfIdentity),
    Can(Errand),
    Act(Errand),
    Delegate(Delegation),
    Audit(OfAgent),
}

/// Arguments of `identity`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfIdentity {
    pub(super) name: Option<String>,
}

/// Arguments of `can` and `act`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Errand {
    pub(super) what: String,
}

/// Arguments of `delegate`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delegation {
    pub(super) to: String,
    pub(super) can: String,
    pub(super) under: Option<String>,
}

/// Arguments of `audit`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfAgent {
    pub(super) agent: Option<String>,
    pub(super) since: Option<u64>,
}

fn read<T: DeserializeOwned>(arguments: Option<JsonObject>) -> Result<T, McpError> {
    let arguments = Value::Object(arguments.unwrap_or_default());
    serde_json::from_value(arguments).map_err(|error| McpError::Arguments(error.to_string()))
}

fn short(name: &'static str, text: &str) -> Result<(), McpError> {
    if text.len() > TEXT_BYTES_MAX { Err(McpError::TooLong(name)) } else { Ok(()) }
}

impl Asked {
    /// Reads a call strictly.
    pub(super) fn read(tool: &str, arguments: Option<JsonObject>) -> Result<Self, McpError> {
        let asked = match tool {
            "identity" => Self::Identity(read(arguments)?),
            "can" => Self::Can(read(arguments)?),
            "act" => Self::Act(read(arguments)?),
            "delegate" => Self::Delegate(read(arguments)?),
            "audit" => Self::Audit(read(arguments)?),
            other => return Err(McpError::UnknownTool(other.chars().take(64).collect())),
        };
        match &asked {
            Self::Identity(OfIdentity { name }) => short("name", name.as_deref().unwrap_or_default())?,
            Self::Can(errand) | Self::Act(errand) => short("what", &errand.what)?,
            Self::Delegate(Delegation { to, can, under }) => {
                short("to", to)?;
                short("can", can)?;
                short("under", under.as_deref().unwrap_or_default())?;
            }
            Self::Audit(OfAgent { agent, .. }) => short("agent", agent.as_deref().unwrap_or_default())?,
        }
        Ok(asked)
    }
}

fn tool(
    name: &'static str,
    about: &'static str,
    reads_only: bool,
    properties: &Value,
    required: &[&str],
) -> Tool {
    let schema = json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    });
    let schema = schema.as_object().cloned().unwrap_or_default();
    let hints = ToolAnnotations::new().read_only(reads_only).destructive(!reads_only);
    Tool::new(name, about, Arc::new(schema)).annotate(hints)
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "maxLength": TEXT_BYTES_MAX, "description": about })
}

/// What there is.
pub(super) fn list() -> Vec<Tool> {
    let who = "A name in the keystore, a DID, an id or an alias; the agent itself when it is left out.";
    let what = "`spend A to NAME`, `pay NAME A`, or `do CMD on RES`, which `spend A to NAME` may follow. \
        Amounts are in AI3.";
    let can = "What it allows: `spend<=A[/day|/hour|/block N]`, `per-call<=A`, `to NAME,...`, `do CMD,...`, \
        `on RES,...`, `irreversible`, `calls N`, `depth N`, `for 7d`, `approve>A by NAME,...`, in any order.";
    vec![
        tool(
            "identity",
            "Shows an identity as the chain proves it: its standing, who answers for it, and of the agent itself the grants that it holds.",
            true,
            &json!({ "name": text(who) }),
            &[],
        ),
        tool(
            "can",
            "Answers whether the agent may do something, with the grant that decides or the code of the rule that refuses. Sends nothing.",
            true,
            &json!({ "what": text(what) }),
            &["what"],
        ),
        tool(
            "act",
            "Does something as the agent, and pays for it within its budgets. What its grants do not allow is refused with a code.",
            false,
            &json!({ "what": text(what) }),
            &["what"],
        ),
        tool(
            "delegate",
            "Passes part of what the agent may do on to another identity. Never more than it may do itself.",
            false,
            &json!({
                "to": text("Who gets it: a name in the keystore, a DID, an id or an alias."),
                "can": text(can),
                "under": text("The grant that is passed on, by its id; the agent's only one when it is left out."),
            }),
            &["to", "can"],
        ),
        tool(
            "audit",
            "Shows what an agent did, by whose leave, and who answers for it, with the block by which it is proven. Waits up to a minute for operators to vouch for the newest entries; `entries_ahead` counts those that are left out all the same.",
            true,
            &json!({
                "agent": text(who),
                "since": { "type": "integer", "minimum": 0, "description": "Leave out what happened before this block." },
            }),
            &[],
        ),
    ]
}
