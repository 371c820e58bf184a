//! Metrics in the Prometheus text format.

use crate::{FarmView, NodeStatus, SectorState};
use std::fmt::Write;

/// Renders the status and the farms.
pub(crate) fn render(status: &NodeStatus, farms: &[FarmView]) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: u128| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    gauge("auto_head_height", "Height of the best block.", u128::from(status.head.number.0));
    gauge(
        "auto_confirmed_height",
        "Height of the last confirmed block.",
        u128::from(status.confirmed.number.0),
    );
    gauge("auto_head_age_seconds", "Seconds since the head was imported.", u128::from(status.head_age_s));
    gauge("auto_slot", "Last proven slot.", u128::from(status.slot.0));
    gauge(
        "auto_history_segments",
        "Segments of the archived history.",
        u128::from(status.history_size.segments()),
    );
    gauge(
        "auto_pledged_bytes",
        "Space that the solution range stands for.",
        u128::from(status.pledged_bytes),
    );
    gauge("auto_issuance_base_units", "All money there is.", status.issuance.base_units());
    gauge("auto_peers", "Peers connected.", u128::from(status.peers));
    gauge("auto_pool_transactions", "Transactions that wait.", u128::from(status.pool));
    gauge("auto_blocks_reverted_total", "Blocks reverted since the start.", u128::from(status.reorgs));
    gauge(
        "auto_own_blocks_refused_total",
        "Blocks of one's own that were refused since the start.",
        u128::from(status.own_blocks_refused),
    );
    let won: u64 = farms.iter().map(|farm| farm.blocks_won).sum();
    let found: u64 = farms.iter().map(|farm| farm.solutions_found).sum();
    gauge("auto_farm_blocks_won_total", "Blocks won since the start.", u128::from(won));
    gauge("auto_farm_solutions_found_total", "Solutions found since the start.", u128::from(found));
    let plotted = farms.iter().flat_map(|farm| &farm.sectors);
    let plotted =
        plotted.filter(|state| matches!(state, SectorState::Plotted | SectorState::AboutToExpire)).count();
    gauge("auto_farm_sectors_plotted", "Sectors that farm.", u128::try_from(plotted).unwrap_or(u128::MAX));
    text
}
