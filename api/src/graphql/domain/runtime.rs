//! What a domain runs, and the stake by which its operators are elected.

use crate::graphql::scalar::{AmountText, Height, Natural};
use async_graphql::SimpleObject;
use auto_core::RuntimeId;
use auto_domains::state::{Epoch, RuntimeRecord};

/// A module that a domain runs.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainModule")]
pub(crate) struct Module {
    /// Number that calls are addressed by.
    number: u16,
    /// Name; none when this node does not know the module.
    name: Option<String>,
}

/// Which code a domain runs.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainRuntime")]
pub(crate) struct RuntimeView {
    /// Number of the runtime.
    number: u32,
    /// Its name.
    name: String,
    /// Version that runs now.
    version: u32,
    /// Version that is scheduled.
    upgrade_version: Option<u32>,
    /// The consensus block from which that runs.
    upgrade_at: Option<Height>,
    /// The modules, in order.
    modules: Vec<Module>,
}

/// The stake of a period of a domain, by which operators are elected.
#[derive(Debug, Clone, Copy, SimpleObject)]
#[graphql(name = "StakingEpoch")]
pub(crate) struct EpochView {
    /// Its number.
    number: Natural,
    /// Height of the domain at which it began.
    began: Height,
    /// Operators that take part.
    operators: usize,
    /// Their stake together.
    total: AmountText,
    /// How much likelier than its stake an operator is elected, since others are absent: 1024 is not at all.
    availability_factor: u32,
    /// Bundles in the epoch before.
    bundles: Natural,
}

impl RuntimeView {
    pub(super) fn new(number: RuntimeId, record: &RuntimeRecord) -> Self {
        let named = |id: &auto_core::ModuleId| Module {
            number: id.0,
            name: auto_registry::name(*id).map(str::to_owned),
        };
        Self {
            number: number.0,
            name: String::from_utf8_lossy(&record.name).into_owned(),
            version: record.version,
            upgrade_version: record.upgrade.map(|(version, _)| version),
            upgrade_at: record.upgrade.map(|(_, at)| at.into()),
            modules: record.modules.iter().map(named).collect(),
        }
    }
}

impl From<&Epoch> for EpochView {
    fn from(epoch: &Epoch) -> Self {
        Self {
            number: Natural(epoch.number),
            began: epoch.began.into(),
            operators: epoch.stakes.len(),
            total: epoch.total.into(),
            availability_factor: epoch.availability_factor,
            bundles: Natural(epoch.bundles),
        }
    }
}
