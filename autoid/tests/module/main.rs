//! The module in the harness, which has every lie about every block proven wrong.

mod aliases;
mod cases;
mod certificates;
mod grants;
mod journeys;
mod money;
mod people;
mod properties;
mod threats;
mod world;
