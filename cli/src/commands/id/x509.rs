//! `auto id x509`: certificates of anybody, judged by RFC 5280.

use super::{STDIN, now, read};
use crate::context::Context;
use crate::ecdsa::Ring;
use crate::error::{CliError, Fault};
use crate::ui::{Colour, table};
use autoid_core::x509::case::{CaseResult, Verdict, run as judge};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// X.509 certificates of anybody.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id x509 verify case.json
  auto id x509 verify --json suite.json")]
pub(crate) struct X509 {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Judge whether certificates chain to their trust anchors.
    ///
    /// The input is one case in JSON, or many as {"testcases": [...]}, in the form of C2SP's x509-limbo: PEM
    /// texts in trusted_certs, untrusted_intermediates, peer_certificate and crls; validation_time (now, if
    /// there is none), expected_peer_name {kind: DNS, IP or RFC822, value}, max_chain_depth,
    /// signature_algorithms, key_usage, extended_key_usage. Certificates are judged by RFC 5280; where the
    /// Web PKI contradicts it, a case with profile: webpki, or without profile but an id that begins with
    /// webpki::, follows that. With --json each case becomes one line {"id", "result": "SUCCESS" or "FAILURE",
    /// "reason"} as soon as it is judged. The exit code is 0 whenever every case was
    /// judged, whatever the verdicts; 2 if the input is not of the form.
    #[command(
        after_help = "Examples:\n  auto id x509 verify case.json\n  auto id x509 verify --json - < suite.json"
    )]
    Verify {
        /// The file of cases, or - for standard input.
        #[arg(default_value = STDIN)]
        file: PathBuf,
    },
}

pub(crate) fn run(context: &Context, args: X509) -> Result<(), CliError> {
    match args.action {
        Action::Verify { file } => verify(context, &file),
    }
}

fn verify(context: &Context, file: &Path) -> Result<(), CliError> {
    let text = read(file)?;
    let results = judge(&text, now()?, &Ring).map_err(|error| Fault::Usage(error.to_string()))?;
    if context.ui.json() {
        results.for_each(|result| context.ui.line(&result));
        return Ok(());
    }
    let results: Vec<_> = results.collect();
    context.ui.part(&describe(context, &results));
    let failed = results.iter().filter(|result| result.result == Verdict::Failure).count();
    context.ui.note(&format!("{} cases: {} succeed, {failed} fail", results.len(), results.len() - failed));
    Ok(())
}

fn describe(context: &Context, results: &[CaseResult]) -> String {
    let row = |result: &CaseResult| {
        let verdict = match result.result {
            Verdict::Success => context.ui.paint(Colour::Green, "SUCCESS"),
            Verdict::Failure => context.ui.paint(Colour::Red, "FAILURE"),
        };
        vec![verdict, result.id.clone(), result.reason.clone().unwrap_or_default()]
    };
    table(&[], &results.iter().map(row).collect::<Vec<_>>())
}
