//! The list itself.

use auto_agents::Agents;
use auto_module::bank::Bank;
use auto_module::messages::Messages;
use auto_module::{DynModule, module};
use autoid::Autoid;
use std::sync::Arc;

/// THE list of modules. The bank comes first in every runtime; otherwise the order here means nothing.
pub const MODULES: &[Line] = &[
    Line::new(1, module::<Bank>),
    Line::new(1, module::<Messages>),
    Line::new(1, module::<Autoid>),
    Line::new(1, module::<Agents>),
];

/// A module, and the version of the runtime from which its code is in use.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    since: u32,
    make: fn() -> Arc<dyn DynModule>,
}

impl Line {
    /// The code that `make` gives, from runtime version `since` on.
    #[must_use]
    pub const fn new(since: u32, make: fn() -> Arc<dyn DynModule>) -> Self {
        Self { since, make }
    }

    /// The version of the runtime from which the code is in use.
    #[must_use]
    pub const fn since(&self) -> u32 {
        self.since
    }

    /// The module.
    #[must_use]
    pub fn make(&self) -> Arc<dyn DynModule> {
        (self.make)()
    }
}
