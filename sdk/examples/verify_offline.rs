//! Checks what an agent did, without a node: `cargo run -p auto-sdk --example verify_offline -- agents-pay.json`.

#![allow(clippy::print_stdout, reason = "shows what was checked")]

use auto_sdk::SdkError;
use auto_sdk::audit::{AuditFile, Trusted};

fn main() -> Result<(), SdkError> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "agents-pay.json".to_owned());
    let text =
        std::fs::read_to_string(&path).map_err(|error| SdkError::Io { action: "read", path, error })?;
    let found = AuditFile::parse(&text)?.verify(&Trusted::default())?;
    println!("agent    {}", found.agent.did(&found.network));
    for one in &found.findings.answerers {
        println!("answers  {} {} ({})", one.kind.name(), one.id.did(&found.network), one.status.name());
    }
    for entry in &found.extract.entries {
        println!("log      {} {} {:?}", entry.position, entry.time, entry.deed);
    }
    for grant in &found.grants {
        let holds = grant.refusal.as_ref().map_or("holds".to_owned(), ToString::to_string);
        println!("grant    {} spent {}: {holds}", grant.id, grant.spent.unwrap_or_default());
    }
    println!("trust    consensus block {} of hash {}", found.block, found.block_hash);
    Ok(())
}
