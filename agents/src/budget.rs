//! What is left of the budgets that grants give, along a whole chain of grants.
//!
//! A meter of a grant caps what is spent under that grant and under all grants that descend from it. Each debit
//! therefore runs from the grant that was used up to the root, and changes every meter on the way or none.
//! A meter that is *carved* had its whole total taken from the totals above when it was funded, so above it a debit
//! counts against windows only.

mod debit;
#[cfg(test)]
mod tests;
mod usage;

pub use debit::Place;
pub(crate) use debit::{Cap, Purpose, Stage, debit, fund, reclaim, settle};
pub use usage::{MeterUsage, Usage};
