//! Every key, and the values under them.

use crate::escrow::EscrowId;
use crate::replay::{CallKey, Queue, UsedCall};
use crate::{AgentRecord, Escrow, Log, Params, Pending, Usage};
use auto_module::{Item, Map};
use autoid_core::{AutoId, GrantId};

/// The parameters.
pub const PARAMS: Item<Params> = Item::new("agents/params");
/// The records of agents.
pub const RECORDS: Map<AutoId, AgentRecord> = Map::new("agents/record");
/// How many orders of an identity took effect.
pub const ORDERS: Map<AutoId, u64> = Map::new("agents/orders");
/// What was used of each grant.
pub const USAGE: Map<GrantId, Usage> = Map::new("agents/usage");
/// The logs.
pub const LOGS: Map<AutoId, Log> = Map::new("agents/log");
/// Acts that wait for their outcome, by identity and number.
pub const PENDING: Map<(AutoId, u64), Pending> = Map::new("agents/pending");
/// Escrows that are open.
pub const ESCROWS: Map<EscrowId, Escrow> = Map::new("agents/escrow");
/// Calls that were used and have not run out.
pub(crate) const CALLED: Map<CallKey, ()> = Map::new("agents/called");
/// The same calls, in the order in which they were used.
pub(crate) const CALLS_QUEUE: Map<u64, UsedCall> = Map::new("agents/call-queue");
/// The ends of that queue.
pub(crate) const QUEUE: Item<Queue> = Item::new("agents/queue");
