//! What became of each lie, as a table and as JSON.

use super::evidence::Slash;
use super::setup::{FOLLOWER, LIAR};
use crate::error::{CliError, Fault};
use crate::ui::{Colour, Ui, table};
use auto_core::{Amount, OperatorId};
use auto_operator::Lie;
use serde_json::{Value, json};
use std::time::Duration;

/// Something that was compared with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) held: bool,
}

impl Check {
    pub(super) const PROVEN: &'static str = "proven";
    pub(super) const SLASHED: &'static str = "slashed";
    pub(super) const PAID: &'static str = "reporter paid";
    pub(super) const HEAD: &'static str = "head corrected";
    pub(super) const BALANCES: &'static str = "honest balances";
    pub(super) const STAKES: &'static str = "nominators";
    pub(super) const ELSEWHERE: &'static str = "other domain";
}

/// What two nominators had before, and have now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stakes {
    /// The liar's.
    pub(super) misled: (Amount, Amount),
    /// The honest operator's.
    pub(super) prudent: (Amount, Amount),
}

/// What became of one lie.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) lie: Lie,
    /// Payments that users sent on both domains.
    pub(super) payments: usize,
    /// The consensus block that took the lie in.
    pub(super) stated_in: u64,
    /// The newest consensus block when the honest operator came.
    pub(super) came_at: u64,
    /// The consensus block that holds the proof.
    pub(super) proven_in: u64,
    pub(super) proof: Option<String>,
    pub(super) slashes: Vec<Slash>,
    pub(super) stakes: Stakes,
    pub(super) checks: Vec<Check>,
}

impl Outcome {
    fn failed(&self) -> Vec<&'static str> {
        self.checks.iter().filter(|check| !check.held).map(|check| check.what).collect()
    }

    /// What was taken of an operator, and what the reporter got of it.
    fn taken(&self, operator: OperatorId) -> (Amount, Amount) {
        let own = self.slashes.iter().filter(|slash| slash.operator == operator);
        own.fold((Amount::ZERO, Amount::ZERO), |(taken, rewarded), slash| {
            let add = |all: Amount, more: Amount| all.checked_add(more).unwrap_or(all);
            (add(taken, slash.amount), add(rewarded, slash.rewarded))
        })
    }

    fn rewarded(&self) -> Amount {
        let (liar, follower) = (self.taken(LIAR).1, self.taken(FOLLOWER).1);
        liar.checked_add(follower).unwrap_or(liar)
    }

    /// Blocks from the coming of the honest operator to the proof.
    const fn blocks(&self) -> u64 {
        self.proven_in.saturating_sub(self.came_at)
    }

    fn json(&self) -> Value {
        let checks: Vec<_> =
            self.checks.iter().map(|check| json!({ "what": check.what, "held": check.held })).collect();
        json!({
            "lie": self.lie.to_string(),
            "held": self.failed().is_empty(),
            "proven_by": self.proof,
            "stated_in_block": self.stated_in,
            "honest_operator_came_at_block": self.came_at,
            "proven_in_block": self.proven_in,
            "blocks_until_proven": self.blocks(),
            "slashed": { "liar": self.taken(LIAR).0, "follower": self.taken(FOLLOWER).0 },
            "reporter_reward": self.rewarded(),
            "nominator_of_liar": { "before": self.stakes.misled.0, "after": self.stakes.misled.1 },
            "nominator_of_honest": { "before": self.stakes.prudent.0, "after": self.stakes.prudent.1 },
            "payments": self.payments,
            "checks": checks,
        })
    }

    fn row(&self, ui: &Ui) -> Vec<String> {
        let mark = |what| match self.checks.iter().find(|check| check.what == what) {
            Some(check) if check.held => ui.paint(Colour::Green, "yes"),
            _ => ui.paint(Colour::Red, "NO"),
        };
        vec![
            self.lie.to_string(),
            self.proof.clone().unwrap_or_else(|| ui.paint(Colour::Red, "NOTHING")),
            self.blocks().to_string(),
            short(self.taken(LIAR).0),
            short(self.taken(FOLLOWER).0),
            short(self.rewarded()),
            mark(Check::HEAD),
            mark(Check::BALANCES),
            mark(Check::ELSEWHERE),
        ]
    }
}

/// An amount with two decimals, cut.
fn short(amount: Amount) -> String {
    let hundredths = amount.base_units() / Amount::ai3(1).base_units().div_ceil(100);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A lie, and what became of it, or what went wrong.
pub(super) type Ended = (Lie, Result<Outcome, CliError>);

/// Prints what was proven; fails if a check of any lie did not hold.
pub(super) fn show(ui: &Ui, ended: &[Ended], time: Duration) -> Result<(), CliError> {
    let failed: Vec<String> = ended.iter().filter_map(failure).collect();
    let seconds = (time.as_secs_f64() * 10.0).round() / 10.0;
    let lies: Vec<Value> = ended.iter().map(json).collect();
    let data = json!({ "journey": "domains", "lies": lies, "figures": { "total_seconds": seconds } });
    let text = format!("\n{}\n\nlies told: {}, in {seconds:.1} s", tables(ui, ended), ended.len());
    ui.outcome(failed.is_empty(), &data, &text);
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Fault::CheckFailed(format!("not proven: {}", failed.join("; "))).into())
    }
}

/// Why a lie does not count as proven; nothing when it does.
fn failure((lie, result): &Ended) -> Option<String> {
    let reason = match result {
        Ok(outcome) => outcome.failed().join(", "),
        Err(error) => error.what.clone(),
    };
    (!reason.is_empty()).then(|| format!("{lie}: {reason}"))
}

fn json((lie, result): &Ended) -> Value {
    match result {
        Ok(outcome) => outcome.json(),
        Err(error) => {
            let error = json!({ "code": error.code, "message": error.what });
            json!({ "lie": lie.to_string(), "held": false, "error": error })
        }
    }
}

/// A row for each lie, what nominators had and have, and what was proven over all.
fn tables(ui: &Ui, ended: &[Ended]) -> String {
    let row = |(lie, result): &Ended| match result {
        Ok(outcome) => outcome.row(ui),
        Err(error) => vec![lie.to_string(), ui.paint(Colour::Red, &format!("FAILED: {}", error.what))],
    };
    let rows: Vec<_> = ended.iter().map(row).collect();
    [table(&HEADER, &rows), nominators(ended), summary(ui, ended)].join("\n\n")
}

const HEADER: [&str; 9] = [
    "lie",
    "proven by",
    "blocks",
    "liar lost",
    "follower lost",
    "reporter got",
    "head corrected",
    "honest balances",
    "other domain",
];

/// What nominators had and have, one line for each lie.
fn nominators(ended: &[Ended]) -> String {
    let row = |outcome: &Outcome| {
        let Stakes { misled, prudent } = outcome.stakes;
        [misled.0, misled.1, prudent.0, prudent.1].map(short).to_vec()
    };
    let rows: Vec<Vec<String>> = ended
        .iter()
        .filter_map(|(lie, result)| Some((lie, result.as_ref().ok()?)))
        .map(|(lie, outcome)| [vec![lie.to_string()], row(outcome)].concat())
        .collect();
    table(&["lie", "liar's nominator had", "has", "honest one's nominator had", "has"], &rows)
}

/// What was proven, over all lies.
fn summary(ui: &Ui, ended: &[Ended]) -> String {
    let claims = [
        (Check::PROVEN, "the honest operator proves it, by a transaction of its own account"),
        (Check::SLASHED, "the liar and its follower lose all of their stake, and nobody else loses any"),
        (Check::PAID, "the reporter gets its share of both stakes"),
        (Check::HEAD, "every receipt is again the one that replaying the chain from genesis gives"),
        (Check::BALANCES, "every account holds what its payments made, and all money is accounted for"),
        (Check::STAKES, "the liar's nominator loses its stake, the honest operator's keeps it"),
        (Check::ELSEWHERE, "the other domain goes on undisturbed"),
    ];
    let held = |what| {
        let good = |outcome: &Outcome| outcome.checks.iter().any(|check| check.what == what && check.held);
        ended.iter().filter(|(_, result)| result.as_ref().is_ok_and(good)).count()
    };
    let rows = claims.map(|(what, claim)| {
        let (count, all) = (held(what), ended.len());
        let mark = if count == all && all > 0 {
            ui.paint(Colour::Green, "proven")
        } else {
            ui.paint(Colour::Red, "FAILED")
        };
        vec![mark, claim.to_owned(), format!("{count} of {all}")]
    });
    table(&["", "what", "lies"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::internal;

    const ALL: [&str; 7] = [
        Check::PROVEN,
        Check::SLASHED,
        Check::PAID,
        Check::HEAD,
        Check::BALANCES,
        Check::STAKES,
        Check::ELSEWHERE,
    ];

    fn outcome(lie: Lie, broken: Option<&'static str>) -> Outcome {
        let slash = |operator, amount: u32| Slash {
            operator,
            amount: Amount::ai3(amount),
            rewarded: Amount::ai3(amount / 10),
            block: 12,
        };
        Outcome {
            lie,
            payments: 6,
            stated_in: 9,
            came_at: 11,
            proven_in: 12,
            proof: Some("fees".to_owned()),
            slashes: vec![slash(LIAR, 600), slash(FOLLOWER, 1000), slash(LIAR, 50)],
            stakes: Stakes {
                misled: (Amount::ai3(50), Amount::ZERO),
                prudent: (Amount::ai3(50), Amount::ai3(51)),
            },
            checks: ALL.map(|what| Check { what, held: Some(what) != broken }).to_vec(),
        }
    }

    fn plain() -> Ui {
        Ui::new(true, true, true)
    }

    #[test]
    fn the_tables_keep_their_shape() {
        let ended = [
            (Lie::Fees, Ok(outcome(Lie::Fees, None))),
            (Lie::Follow, Ok(outcome(Lie::Follow, Some(Check::HEAD)))),
            (Lie::BlockHash, Err(internal("a node stopped"))),
        ];
        let text = tables(&plain(), &ended);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = lines.into_iter().map(words).collect();
        assert_eq!(
            lines,
            [
                "lie proven by blocks liar lost follower lost reporter got head corrected honest balances other domain",
                "fees fees 1 650.00 1000.00 165.00 yes yes yes",
                "follow fees 1 650.00 1000.00 165.00 NO yes yes",
                "block-hash FAILED: a node stopped",
                "",
                "lie liar's nominator had has honest one's nominator had has",
                "fees 50.00 0.00 50.00 51.00",
                "follow 50.00 0.00 50.00 51.00",
                "",
                "what lies",
                "FAILED the honest operator proves it, by a transaction of its own account 2 of 3",
                "FAILED the liar and its follower lose all of their stake, and nobody else loses any 2 of 3",
                "FAILED the reporter gets its share of both stakes 2 of 3",
                "FAILED every receipt is again the one that replaying the chain from genesis gives 1 of 3",
                "FAILED every account holds what its payments made, and all money is accounted for 2 of 3",
                "FAILED the liar's nominator loses its stake, the honest operator's keeps it 2 of 3",
                "FAILED the other domain goes on undisturbed 2 of 3",
            ]
        );
    }

    #[test]
    fn any_check_that_does_not_hold_fails_the_demo() {
        let good = [(Lie::Fees, Ok(outcome(Lie::Fees, None)))];
        assert!(good.iter().filter_map(failure).next().is_none());
        for what in ALL {
            let ended = (Lie::Fees, Ok(outcome(Lie::Fees, Some(what))));
            assert_eq!(failure(&ended), Some(format!("fees: {what}")));
            assert_eq!(json(&ended)["held"], false);
        }
        let broken = (Lie::Fees, Err(internal("a node stopped")));
        assert_eq!(failure(&broken), Some("fees: a node stopped".to_owned()));
        assert_eq!(json(&broken)["error"]["code"], "CLI-0070");
    }

    #[test]
    fn amounts_are_cut_to_two_decimals() {
        let amount = |text: &str| short(text.parse().expect("an amount"));
        assert_eq!(
            [amount("0"), amount("0.019"), amount("12.3"), amount("9999.999")],
            ["0.00", "0.01", "12.30", "9999.99"]
        );
    }
}
