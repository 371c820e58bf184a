//! Entries of the logs of agents.

use crate::graphql::scalar::{AmountText, BytesText, HashText, Height, Natural};
use crate::graphql::submission::EventField;
use crate::module::agents::logged;
use async_graphql::SimpleObject;
use auto_agents::Log;
use auto_core::BlockNumber;
use auto_index::EntryRow;
use autoid_core::AutoId;
use parity_scale_codec::Encode;

/// What an identity did, in numbers.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AgentLog {
    /// Entries of its log.
    length: Natural,
    /// Root over them.
    root: HashText,
    /// Acts.
    acts: Natural,
    /// Acts whose outcome was stated.
    ended: Natural,
    /// Acts whose outcome was overdue.
    missed: Natural,
    /// Acts that wait for their outcome.
    waiting: Natural,
    /// What it paid altogether.
    paid: AmountText,
}

impl From<&Log> for AgentLog {
    fn from(log: &Log) -> Self {
        Self {
            length: Natural(log.len()),
            root: log.root().into(),
            acts: Natural(log.acts),
            ended: Natural(log.ended),
            missed: Natural(log.missed),
            waiting: Natural(log.waiting()),
            paid: log.paid.into(),
        }
    }
}

/// An entry of the log of an identity: an act with its intent, or what came of one.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct LogEntry {
    /// Position in the log, from zero.
    position: Natural,
    /// Block of the domain that it happened in.
    block: Height,
    /// The chain's time of that block.
    time: String,
    /// What happened, such as `Acted`.
    name: String,
    /// Details.
    fields: Vec<EventField>,
    /// Hash of the transaction that it happened in.
    transaction: Option<HashText>,
    /// The encoded entry; with its neighbours it leads to the root of the log.
    bytes: BytesText,
    /// What the log is a range over for this entry.
    hash: HashText,
}

impl LogEntry {
    pub(in crate::graphql) fn new(agent: &AutoId, row: &EntryRow) -> Self {
        let entry = &row.entry;
        let told = logged(agent, entry);
        Self {
            position: Natural(entry.position),
            block: BlockNumber(entry.block).into(),
            time: entry.time.to_string(),
            name: told.name.to_owned(),
            transaction: row.extrinsic.map(HashText::from),
            bytes: BytesText(entry.encode()),
            hash: entry.hash(agent).into(),
            fields: EventField::all(told),
        }
    }
}
