//! What the record of an agent is made of.

use super::text;
use crate::graphql::scalar::{HashText, Natural128};
use async_graphql::{Enum, SimpleObject};
use auto_agents::{Interface, Price, Protocol, Skill};

/// Something that an agent can do.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AgentSkill {
    /// Its name.
    name: String,
    /// What it is found by.
    tags: Vec<String>,
}

impl From<&Skill> for AgentSkill {
    fn from(skill: &Skill) -> Self {
        Self { name: text(&skill.id), tags: skill.tags.iter().map(|tag| text(tag)).collect() }
    }
}

/// How an interface is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AgentProtocol {
    /// Agent to agent.
    A2a,
    /// Model context protocol.
    Mcp,
    /// Plain HTTP.
    Http,
}

/// Where an agent is reached.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AgentInterface {
    /// How it is spoken to.
    protocol: AgentProtocol,
    /// Its address.
    url: String,
    /// Version of the protocol.
    version: String,
    /// Hash of the public key that it shows in TLS.
    spki_hash: Option<HashText>,
}

impl From<&Interface> for AgentInterface {
    fn from(interface: &Interface) -> Self {
        Self {
            protocol: match interface.protocol {
                Protocol::A2a => AgentProtocol::A2a,
                Protocol::Mcp => AgentProtocol::Mcp,
                Protocol::Http => AgentProtocol::Http,
            },
            url: text(&interface.url),
            version: text(&interface.version),
            spki_hash: interface.spki_hash.map(HashText::from),
        }
    }
}

/// What a call costs, as a statement.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AgentPrice {
    /// The asset.
    asset: String,
    /// For one call, in the base units of the asset.
    amount: Natural128,
}

impl From<&Price> for AgentPrice {
    fn from(price: &Price) -> Self {
        Self { asset: price.asset.to_string(), amount: Natural128(price.amount) }
    }
}

/// What an agent does with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DataPolicy {
    /// Forgotten after the call.
    Forgotten,
    /// Kept for the caller.
    Kept,
    /// Used further, for instance to train models.
    Reused,
}

impl From<auto_agents::DataPolicy> for DataPolicy {
    fn from(policy: auto_agents::DataPolicy) -> Self {
        match policy {
            auto_agents::DataPolicy::Forgotten => Self::Forgotten,
            auto_agents::DataPolicy::Kept => Self::Kept,
            auto_agents::DataPolicy::Reused => Self::Reused,
        }
    }
}
