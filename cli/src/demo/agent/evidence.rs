//! The proof of what the booker did: exported, checked without a node, and spoilt by any change.

use super::Journey;
use super::booking::PAID;
use super::granting::Cast;
use crate::error::{CliError, internal};
use crate::progress::told;
use auto_core::Amount;
use auto_sdk::audit::{AuditFile, Trusted, export};
use std::time::Instant;

/// Changed bytes of which each must be noticed.
const CHANGES: usize = 64;

/// Exports the audit of the booker, checks it offline, and changes bytes of it.
pub(super) async fn check(
    journey: &mut Journey<'_>,
    cast: &Cast,
) -> Result<Vec<(&'static str, String)>, CliError> {
    let started = Instant::now();
    let newest = journey.stage.state().await?.number();
    let waiting = journey.stage.there.vouched(newest, super::cast::STEP_MAX);
    let mut state = told(journey.ui, "7/7 the proof, checked without a node", waiting).await?;
    let log = journey.stage.there.entries(&cast.booker.id()).await?;
    let file = export(&mut state, cast.booker.id(), log, None).await?;
    let text = file.to_text();
    let trusted = Trusted { block_hash: Some(file.block_hash()), head: Some(newest.0) };
    let checking = Instant::now();
    let audited = AuditFile::parse(&text)?.verify(&trusted)?;
    let took = checking.elapsed();
    let spent: Amount = {
        let paid = audited.grants.iter().filter_map(|grant| grant.spent);
        paid.fold(Amount::ZERO, |sum, amount| sum.checked_add(amount).unwrap_or(sum))
    };
    let expected = Amount::ai3(PAID.iter().sum());
    let answers = audited.findings.answerers.last().map(|one| one.id) == Some(cast.bob.id());
    journey.checks.note(
        "the exported proof holds without a node",
        spent == expected && answers,
        started.elapsed(),
        &format!("{} entries, {spent} spent, bob answers for the booker", audited.extract.entries.len()),
    );

    let started = Instant::now();
    let bytes = text.as_bytes();
    let step = bytes.len().div_ceil(CHANGES).max(1);
    let mut unnoticed = 0usize;
    let mut tried = 0usize;
    let mut code = String::new();
    for at in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.to_vec();
        let byte = changed.get_mut(at).ok_or_else(|| internal("the file is shorter than it was"))?;
        *byte ^= 1;
        tried = tried.saturating_add(1);
        let verdict = match std::str::from_utf8(&changed) {
            Ok(text) => AuditFile::parse(text).and_then(|file| file.verify(&trusted).map(drop)),
            Err(_) => continue,
        };
        match verdict {
            Ok(()) => unnoticed = unnoticed.saturating_add(1),
            Err(error) => code = error.shown_code().to_owned(),
        }
    }
    journey.checks.note(
        "one changed byte, and it does not",
        unnoticed == 0 && tried > 0,
        started.elapsed(),
        &format!("{tried} files with one changed byte each, all refused, the last by {code}"),
    );
    Ok(vec![
        ("proof file", format!("{} bytes", text.len())),
        ("checked in", format!("{:.1} ms", took.as_secs_f64() * 1e3)),
    ])
}
