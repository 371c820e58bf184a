//! Delegation: verdicts on calls and certificates, identifiers, credentials, acts on chain, searches, revocation.

mod acts;
mod chain;
mod credential;
mod path;
mod registry;
mod setting;

use super::{Figures, figures, median, rounded, timed, whole};
use crate::error::{CliError, internal};
use serde_json::json;
use setting::Setting;

/// Chains of three grants, each with four identities of its own.
const CHAINS: u16 = 250;
/// Acts of each chain in the block that is measured.
const ACTS: u16 = 8;
/// Verdicts of which the median is taken.
const VERDICTS: usize = 2_000;

/// The median of many runs, in microseconds; what fails ends the measurement.
fn micros(mut run: impl FnMut() -> Result<(), CliError>) -> Result<f64, CliError> {
    let mut times = Vec::with_capacity(VERDICTS);
    for _ in 0..VERDICTS {
        let (seconds, result) = timed(&mut run);
        result?;
        times.push(seconds * 1e6);
    }
    Ok(median(times))
}

/// Refuses to measure what does not hold.
fn held(holds: bool, what: &str) -> Result<(), CliError> {
    if holds { Ok(()) } else { Err(internal(format!("{what} does not hold"))) }
}

pub(super) fn measure() -> Result<Figures, CliError> {
    let setting = Setting::new(CHAINS)?;
    let chain = chain::measure(&setting)?;
    let path = path::measure()?;
    let credential = credential::measure()?;
    let acts = acts::measure(&setting, ACTS)?;
    let registry = registry::measure()?;
    let revocation_blocks = chain::revocation_blocks(&setting)?;
    Ok(figures([
        ("verify_cold_us", rounded(chain.cold)),
        ("verify_warm_us", rounded(chain.warm)),
        ("reject_malformed_us", rounded(chain.malformed)),
        ("reject_late_us", rounded(chain.late)),
        ("x509_path_us", rounded(path.fast)),
        ("x509_path_portable_us", rounded(path.portable)),
        ("did_resolve_us", rounded(chain.resolve)),
        ("vc_verify_us", rounded(credential.verify)),
        ("vc_bytes", json!(credential.bytes)),
        ("act_per_second", whole(acts.per_second)),
        ("act_verdict_cpu_us", rounded(acts.verdict)),
        ("act_rest_cpu_us", rounded(acts.rest)),
        ("act_bytes", json!(acts.bytes)),
        ("registry_query_ms_p50", rounded(registry.p50)),
        ("registry_query_ms_p99", rounded(registry.p99)),
        ("registry_query_ms_max", rounded(registry.max)),
        ("registry_agents", json!(registry::AGENTS)),
        ("registry_queries", json!(registry.queries)),
        ("registry_build_s", rounded(registry.build_s)),
        ("revocation_blocks", json!(revocation_blocks)),
        (
            "note",
            json!(format!(
                "medians of {VERDICTS}, from bytes to verdict, over a state of {} identities in memory; a call under three grants, Ed25519; warm: the grants' signatures were verified before; x509_path: four P-256 certificates, by assembler and as on chain; acts: a block of {} signed transactions with one payment each under three stored grants, from bundles to receipt, best of {}; registry: pages of 20 from an index in a file, one query at a time, each asked once; revocation_blocks: blocks of the domain from the one with the revocation until a verifier that follows refuses",
                usize::from(CHAINS) * 4,
                u32::from(CHAINS) * u32::from(ACTS),
                acts::ROUNDS,
            )),
        ),
    ]))
}
