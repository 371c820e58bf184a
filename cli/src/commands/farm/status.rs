//! `auto farm status`: the farms of a running node.

use crate::context::Context;
use crate::error::CliError;
use crate::ui::{Colour, Ui, table};
use crate::units::bytes;
use serde_json::Value;
use std::fmt::Write;

/// Sectors on one line of the map.
const MAP_WIDTH: usize = 64;

fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    }
}

fn number(value: &Value, name: &str) -> Option<u64> {
    text(value, name).parse().ok()
}

/// One character for each sector, in lines, coloured by state.
fn map(ui: &Ui, sectors: &str) -> String {
    let colour = |letter: char| match letter {
        '#' => Colour::Green,
        '+' => Colour::Blue,
        '~' | '-' => Colour::Yellow,
        '!' => Colour::Red,
        _ => Colour::Grey,
    };
    let mut lines = String::new();
    for (at, letter) in sectors.chars().enumerate() {
        if at > 0 && at % MAP_WIDTH == 0 {
            lines.push('\n');
        }
        lines.push_str(&ui.paint(colour(letter), &letter.to_string()));
    }
    lines
}

fn describe(ui: &Ui, farm: &Value) -> String {
    let times = |name: &str| match farm.get(name).filter(|value| !value.is_null()) {
        Some(value) => format!("{} ms at p50, {} ms at p99", text(value, "p50Ms"), text(value, "p99Ms")),
        None => "-".to_owned(),
    };
    let counts = farm.get("sectors").and_then(Value::as_array).cloned().unwrap_or_default();
    let counts: Vec<_> = counts
        .iter()
        .map(|count| {
            format!("{} {}", text(count, "count"), text(count, "state").to_lowercase().replace('_', " "))
        })
        .collect();
    let speed = number(farm, "plotCentiMibPerSecond");
    let plotting = match (speed, number(farm, "plotEtaSeconds")) {
        (None, _) => "idle".to_owned(),
        (Some(speed), None) => format!("{}.{:02} MiB/s", speed / 100, speed % 100),
        (Some(speed), Some(eta)) => format!("{}.{:02} MiB/s, {eta} s left", speed / 100, speed % 100),
    };
    let rows = [
        ("folder", text(farm, "path")),
        ("key", text(farm, "publicKey")),
        ("pays", text(farm, "rewardAddress")),
        ("size", number(farm, "sizeBytes").map_or_else(|| "-".to_owned(), bytes)),
        ("sectors", counts.join(", ")),
        ("plotting", plotting),
        ("next expiry", format!("at {} segments of history", text(farm, "nextExpiry"))),
        ("blocks won", text(farm, "blocksWon")),
        ("solutions found", text(farm, "solutionsFound")),
        ("audit", times("audit")),
        ("proof", times("prove")),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let mut shown = table(&[], &rows);
    let _ = write!(
        shown,
        "\n\n{}\n. empty  + plotting  # plotted  ~ about to expire  - expired  ! quarantined",
        map(ui, &text(farm, "sectorMap"))
    );
    let missed = farm.get("missed").and_then(Value::as_array).cloned().unwrap_or_default();
    if !missed.is_empty() {
        shown.push_str("\n\nmissed");
        for miss in missed.iter().rev().take(5) {
            let _ = write!(shown, "\n  slot {}: {}", text(miss, "slot"), text(miss, "reason"));
        }
    }
    shown
}

pub(super) async fn run(context: &Context) -> Result<(), CliError> {
    let farms = context.client()?.farms().await?;
    let shown = if farms.is_empty() {
        "this node does not farm".to_owned()
    } else {
        farms.iter().map(|farm| describe(&context.ui, farm)).collect::<Vec<_>>().join("\n\n")
    };
    context.ui.result(&farms, &shown);
    Ok(())
}
