//! Two agents organise a meeting with somebody else's money, within what they were granted and nothing beyond.
//!
//! Alice lets her organisation act for her, the organisation its agent, the planner. The planner looks for an agent
//! that books rooms, finds Bob's, and passes part of what it may do on to it. The booker books and pays. It is
//! refused everything that it was not granted; the organisation revokes the planner's grant, and the booker's,
//! which rests on it, is worth nothing from that block on. What was done is proven without a node.

mod booking;
mod cast;
mod evidence;
mod granting;
mod overreach;

use super::checks::{Checks, seconds};
use crate::commands::dev::dev_config;
use crate::context::Context;
use crate::error::{CliError, internal};
use crate::network::{Network, Operators};
use crate::progress::told;
use crate::ui::{Ui, table};
use cast::Stage;
use serde_json::json;
use std::time::Instant;

/// Space that the farm gets: enough for blocks to come at their rate.
const FARM_BYTES: u64 = 192 << 20;

/// What the journey does, and what of it held.
struct Journey<'a> {
    ui: &'a Ui,
    stage: Stage,
    checks: Checks,
}

/// Runs the journey on a network of its own.
pub(crate) async fn run(context: &Context) -> Result<(), CliError> {
    let ui = &context.ui;
    let began = Instant::now();
    let folder = tempfile::tempdir().map_err(internal)?;
    let config = dev_config(folder.path(), FARM_BYTES, 0)?;
    let starting = Network::start(config, Some(Operators::dev()));
    let network = told(ui, "1/7 starting a network", starting).await?;
    let stage = Stage::open(&network.url()).await?;
    let mut journey = Journey { ui, stage, checks: Checks::default() };
    let told = journey.play().await;
    network.stop().await;
    let figures = told?;
    let rows: Vec<_> = figures.iter().map(|(name, text)| vec![(*name).to_owned(), text.clone()]).collect();
    let named = figures.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
    let data = json!({
        "journey": "agent", "checks": journey.checks.data(),
        "figures": named.collect::<serde_json::Map<_, _>>(),
        "total_seconds": (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
    });
    let text =
        format!("\n{}\n\n{}\n\nin {}", journey.checks.table(ui), table(&[], &rows), seconds(began.elapsed()));
    journey.checks.show(ui, &data, &text)
}

impl Journey<'_> {
    /// Plays every scene, and gives the figures.
    async fn play(&mut self) -> Result<Vec<(&'static str, String)>, CliError> {
        let cast = granting::begin(self).await?;
        let booker = booking::discover(self, &cast).await?;
        let chain = granting::pass_on(self, &cast, booker).await?;
        let mut figures = booking::book(self, &cast, &chain).await?;
        overreach::try_all(self, &cast, &chain).await?;
        granting::revoke(self, &cast, &chain).await?;
        figures.extend(evidence::check(self, &cast).await?);
        Ok(figures)
    }
}
