//! `auto farm bench`: whether a farm answers in time.

use super::{PlotArgs, percentiles};
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::ui::table;
use auto_core::{Address, SolutionRange, hash};
use clap::Args;
use serde_json::json;
use std::time::Instant;

const AUDITS: u32 = 100;
const PROOFS: usize = 10;

/// Measure whether a stopped farm answers in time.
#[derive(Debug, Args)]
pub(super) struct FarmBench {
    #[command(flatten)]
    plot: PlotArgs,
}

pub(super) fn run(context: &Context, args: &FarmBench) -> Result<(), CliError> {
    let plot = args.plot.open()?;
    let sectors = plot.status().counts.plotted;
    if sectors == 0 {
        return Err(
            Fault::NotFound { what: "plotted sector in", key: args.plot.path.display().to_string() }.into()
        );
    }
    let mut audits = Vec::new();
    let mut proofs = Vec::new();
    let mut bytes_read = 0;
    for slot in 0..AUDITS {
        let challenge = hash(&slot.to_le_bytes());
        let report = plot.audit(&challenge, SolutionRange(0));
        bytes_read += report.bytes_read;
        audits.push(report.elapsed.as_secs_f64() * 1e3);
        if proofs.len() < PROOFS
            && let Some(candidate) = plot.audit(&challenge, SolutionRange(u64::MAX)).candidates.first()
        {
            let started = Instant::now();
            plot.prove(candidate, Address([0; 32]), &|| true)?;
            proofs.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    let params = plot.params();
    let deadline_ms = params.slot_duration_ms.saturating_mul(params.authoring_delay);
    let (audit_p50, audit_p99) = percentiles(audits)?;
    let (prove_p50, prove_p99) = percentiles(proofs)?;
    let needed = audit_p99 + prove_p99;
    let share = needed / f64::from(u32::try_from(deadline_ms).unwrap_or(u32::MAX)) * 100.0;
    let verdict = if share < 50.0 {
        "fast enough"
    } else if share < 90.0 {
        "just fast enough: a busy machine will miss blocks"
    } else {
        "too slow: use a faster disk or processor, or farm less"
    };
    let data = json!({
        "sectors": sectors, "audit_ms_p50": audit_p50, "audit_ms_p99": audit_p99, "prove_ms_p50": prove_p50,
        "prove_ms_p99": prove_p99, "bytes_read_per_audit": bytes_read / u64::from(AUDITS), "deadline_ms": deadline_ms,
        "deadline_used_percent": share, "verdict": verdict,
    });
    let rows = [
        ("plotted sectors", sectors.to_string()),
        ("audit", format!("{audit_p50:.1} ms at p50, {audit_p99:.1} ms at p99")),
        ("proof", format!("{prove_p50:.0} ms at p50, {prove_p99:.0} ms at p99")),
        ("deadline", format!("{deadline_ms} ms, {share:.0} % of it needed")),
        ("verdict", verdict.to_owned()),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    context.ui.result(&data, &table(&[], &rows));
    Ok(())
}
