//! What was proven, with its figures.

use crate::demo::checks::{Checks, seconds};
use crate::error::CliError;
use crate::ui::{Ui, table};
use crate::units::bytes;
use auto_core::{Address, Amount, BlockNumber, Hash};
use auto_node::NodeHandle;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What was proven, with its figures.
pub(super) struct Proven {
    file: PathBuf,
    size: u64,
    folder: PathBuf,
    checks: Checks,
    figures: Vec<(&'static str, String, Value)>,
}

/// Bytes per second as people read it.
pub(super) fn rate(size: u64, time: Duration) -> String {
    let millis = time.as_millis().max(1);
    let per_second = u128::from(size) * 1000 / millis;
    format!("{}/s", bytes(u64::try_from(per_second).unwrap_or(u64::MAX)))
}

impl Proven {
    pub(super) fn new(file: &Path, size: u64, folder: &Path) -> Self {
        Self {
            file: file.to_owned(),
            size,
            folder: folder.to_owned(),
            checks: Checks::default(),
            figures: Vec::new(),
        }
    }

    pub(super) fn check(&mut self, what: &str, held: bool, time: Duration, detail: &str) {
        self.checks.note(what, held, time, detail);
    }

    pub(super) fn fee(&mut self, fee: Amount) {
        self.figures.push(("storage fee", fee.to_string(), json!({ "storage_fee": fee })));
    }

    pub(super) fn total(&mut self, time: Duration) {
        let value = json!({ "total_seconds": (time.as_secs_f64() * 10.0).round() / 10.0 });
        self.figures.push(("total time", seconds(time), value));
    }

    /// Reads off the chain what farming earned and how large its proofs are.
    pub(super) fn chain(&mut self, handle: &NodeHandle, reward: &Address) -> Result<(), CliError> {
        let status = handle.status()?;
        let (mut earned, mut blocks, mut solution_bytes) = (Amount::ZERO, 0u64, 0);
        for number in 1..=status.head.number.0 {
            let Some(block) = handle.block(BlockNumber(number))? else { continue };
            if block.reward_address == Some(*reward) {
                earned = earned.checked_add(block.reward).unwrap_or(earned);
                blocks = blocks.saturating_add(1);
            }
            solution_bytes = block.solution_bytes.max(solution_bytes);
        }
        let proof = handle.account_proof(reward, None)?;
        let proof_bytes = proof.proof.len();
        let farms = handle.farms();
        let prove_ms = farms.iter().find_map(|farm| farm.prove_ms);
        self.check(
            "farming earns rewards",
            !earned.is_zero(),
            Duration::ZERO,
            &format!("{earned} for {blocks} blocks"),
        );
        self.figures.push((
            "rewards won",
            format!("{earned} for {blocks} blocks"),
            json!({ "rewards": earned, "blocks_won": blocks }),
        ));
        self.figures.push((
            "farmer's solution",
            format!("{solution_bytes} bytes"),
            json!({ "solution_bytes": solution_bytes }),
        ));
        self.figures.push((
            "account proof",
            format!("{proof_bytes} bytes"),
            json!({ "account_proof_bytes": proof_bytes }),
        ));
        if let Some((p50, p99)) = prove_ms {
            let value = json!({ "prove_ms_p50": p50, "prove_ms_p99": p99 });
            self.figures.push(("time to prove", format!("{p50} ms at p50, {p99} ms at p99"), value));
        }
        Ok(())
    }

    /// Prints the table; fails if a check did not hold.
    pub(super) fn show(&self, ui: &Ui, root: &Hash) -> Result<(), CliError> {
        let figures: Vec<_> =
            self.figures.iter().map(|(name, text, _)| vec![(*name).to_owned(), text.clone()]).collect();
        let mut merged = serde_json::Map::new();
        for (_, _, value) in &self.figures {
            merged.extend(value.as_object().cloned().unwrap_or_default());
        }
        let data = json!({
            "journey": "storage", "file": self.file, "size_bytes": self.size, "hash": root,
            "data": self.folder, "checks": self.checks.data(), "figures": merged,
        });
        let text = format!(
            "\n{} ({})\n{root}\n\n{}\n\n{}\n\ndata left in {}",
            self.file.display(),
            bytes(self.size),
            self.checks.table(ui),
            table(&[], &figures),
            self.folder.display(),
        );
        self.checks.show(ui, &data, &text)
    }
}
