//! What an agent may do, in a sentence: the grammar of `--can`.
//!
//! | clause | meaning |
//! |---|---|
//! | `spend<=A` | pays up to A altogether; with `/day`, `/hour` or `/block N` in any such stretch |
//! | `per-call<=A` | pays up to A at once |
//! | `approve>A by NAME, ...` | above A all of these must approve |
//! | `to NAME, ...` | pays only these |
//! | `do CMD, ...` | does these commands, such as `calendar/read`, and everything under them |
//! | `on RES, ...` | does so on these resources, such as `calendar:team/**` |
//! | `irreversible` | does also what cannot be undone, such as signing content |
//! | `calls N` | makes at most N calls |
//! | `depth N` | passes it on over at most N steps |
//! | `for 7d` | holds so long: a number of `s`, `m`, `h`, `d` or `w` |
//!
//! Clauses stand in any order, each once, separated by white space or `;`. `do` needs `on`; `per-call`, `approve` and
//! `to` need `spend`. Who may spend may do [`PAY`] to accounts and identities, beside what `do` names.
//!
//! Stretches are counted in blocks: a day has as many as fit at the rate that the chain aims at, rounded up, and
//! stretches follow each other from block zero on.

mod parse;

use super::errand::{PAY, account_pattern, identity_pattern};
use super::words::{plain, refuse};
use crate::identity::grant::{LASTS, Terms};
use crate::identity::{payee, resolve};
use crate::{DomainState, Keystore, Prover, SdkError};
use auto_core::Amount;
use autoid_core::{ApproveOver, Asset, Command, Meter, Mode, ResourcePattern, Reversibility, Window};
use std::fmt;

/// The stretch that a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// So many blocks.
    Blocks(u32),
}

/// What may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How much.
    pub amount: Amount,
    /// In any such stretch; altogether when there is none.
    pub per: Option<Per>,
}

/// Above which amount somebody must approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approve {
    /// The most that needs no approval.
    pub over: Amount,
    /// Who must, all of them.
    pub by: Vec<String>,
}

/// What an agent may do, before the names in it are looked up.
///
/// ```
/// use auto_sdk::agent::Permission;
///
/// let permission: Permission = "spend<=10/day per-call<=2 to bob for 7d".parse()?;
/// assert_eq!(permission.to_string(), "spend<=10/day per-call<=2 to bob for 1w");
/// assert!("spend<=ten".parse::<Permission>().is_err());
/// # Ok::<(), auto_sdk::SdkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permission {
    /// What it may spend.
    pub spend: Option<Budget>,
    /// What it may spend at once.
    pub per_call: Option<Amount>,
    /// Above which amount somebody must approve.
    pub approve: Option<Approve>,
    /// Whom it may pay; anybody when the list is empty.
    pub to: Vec<String>,
    /// What it may do beside paying.
    pub commands: Vec<Command>,
    /// On what.
    pub resources: Vec<ResourcePattern>,
    /// Whether it may do what cannot be undone.
    pub irreversible: bool,
    /// How many calls it may make.
    pub calls: Option<u64>,
    /// How many further grants may rest on it.
    pub depth: Option<u8>,
    /// For how many seconds it holds.
    pub lasts: Option<u64>,
}

/// Lengths of stretches of time, the longest first.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Permission {
    fn check(&self) -> Result<(), SdkError> {
        let spends = self.spend.is_some();
        let needs_spend = [
            ("per-call", self.per_call.is_some()),
            ("approve", self.approve.is_some()),
            ("to", !self.to.is_empty()),
        ];
        if let Some((clause, _)) = needs_spend.iter().find(|(_, there)| *there && !spends) {
            return Err(refuse(clause, "it needs `spend<=`, which says how much"));
        }
        if let (Some(budget), Some(per_call)) = (self.spend, self.per_call)
            && per_call > budget.amount
        {
            return Err(refuse("per-call", "at once it cannot be more than `spend<=` allows"));
        }
        match (self.commands.is_empty(), self.resources.is_empty()) {
            (false, true) => Err(refuse("do", "`on` must say on which resources")),
            (true, false) => Err(refuse("on", "`do` must say which commands")),
            (true, true) if !spends => Err(refuse("", "it allows nothing: say `spend<=` or `do`")),
            _ => Ok(()),
        }
    }

    /// The meter of the budget. `block_ms` is the time between two blocks that the chain aims at.
    fn meter(&self, budget: Budget, block_ms: u64) -> Result<Meter, SdkError> {
        let too_much = || refuse("spend", "it is more than can be counted");
        let lasts_ms = self.lasts.unwrap_or(LASTS).saturating_mul(1_000);
        let block_ms = block_ms.max(1);
        let blocks = |seconds: u64| {
            u32::try_from(seconds.saturating_mul(1_000).div_ceil(block_ms)).unwrap_or(u32::MAX)
        };
        let window = budget.per.map(|per| match per {
            Per::Day => blocks(86_400),
            Per::Hour => blocks(3_600),
            Per::Blocks(blocks) => blocks,
        });
        let total = match window {
            None => budget.amount,
            Some(length) => {
                // Stretches begin at fixed blocks, so the first and the last may be cut short.
                let stretches =
                    lasts_ms.div_ceil(u64::from(length).saturating_mul(block_ms)).saturating_add(1);
                budget.amount.checked_mul(stretches.into()).ok_or_else(too_much)?
            }
        };
        let cap = budget.amount.base_units();
        Ok(Meter {
            asset: Asset::AI3,
            per_call: self.per_call.unwrap_or(budget.amount).base_units(),
            window: window.map(|blocks| Window { blocks, cap }),
            total: total.base_units(),
            mode: Mode::Shared,
        })
    }

    /// The terms of a grant that allows this; names are looked up in keystore and state.
    ///
    /// # Errors
    /// When somebody is not found, or the budget is more than can be counted.
    pub async fn terms<P: Prover>(
        &self,
        state: &mut DomainState<P>,
        keystore: Option<&Keystore>,
        block_ms: u64,
    ) -> Result<Terms, SdkError> {
        let mut terms = Terms {
            commands: self.commands.clone(),
            resources: self.resources.clone(),
            class: self.irreversible.then_some(Reversibility::Irreversible),
            calls: self.calls,
            depth: self.depth.unwrap_or_default(),
            lasts: self.lasts,
            ..Terms::default()
        };
        if let Some(budget) = self.spend {
            terms.commands.push(PAY.parse()?);
            terms.resources.extend([identity_pattern()?, account_pattern()?]);
            terms.meters = vec![self.meter(budget, block_ms)?];
        }
        if !self.to.is_empty() {
            let mut payees = Vec::new();
            for name in &self.to {
                payees.push(payee(state, keystore, name).await?);
            }
            terms.payees = Some(payees);
        }
        if let Some(approve) = &self.approve {
            let mut approvers = Vec::new();
            for name in &approve.by {
                approvers.push(resolve(state, keystore, name).await?);
            }
            approvers.sort_unstable();
            approvers.dedup();
            let threshold = u8::try_from(approvers.len()).unwrap_or(u8::MAX);
            let amount = approve.over.base_units();
            terms.approve_over = Some(ApproveOver { asset: Asset::AI3, amount, approvers, threshold });
        }
        Ok(terms)
    }
}

fn written(seconds: u64) -> String {
    let unit = UNITS.iter().find(|(_, length)| seconds.is_multiple_of(*length));
    unit.map_or_else(String::new, |(unit, length)| format!("{}{unit}", seconds / length))
}

fn listed<T: fmt::Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clauses = Vec::new();
        if let Some(Budget { amount, per }) = self.spend {
            let per = match per {
                None => String::new(),
                Some(Per::Day) => "/day".to_owned(),
                Some(Per::Hour) => "/hour".to_owned(),
                Some(Per::Blocks(blocks)) => format!("/block {blocks}"),
            };
            clauses.push(format!("spend<={}{per}", plain(amount)));
        }
        if let Some(amount) = self.per_call {
            clauses.push(format!("per-call<={}", plain(amount)));
        }
        if let Some(approve) = &self.approve {
            clauses.push(format!("approve>{} by {}", plain(approve.over), approve.by.join(",")));
        }
        let lists =
            [("to", listed(&self.to)), ("do", listed(&self.commands)), ("on", listed(&self.resources))];
        clauses.extend(
            lists.iter().filter(|(_, list)| !list.is_empty()).map(|(word, list)| format!("{word} {list}")),
        );
        clauses.extend(self.irreversible.then(|| "irreversible".to_owned()));
        clauses.extend(self.calls.map(|calls| format!("calls {calls}")));
        clauses.extend(self.depth.map(|depth| format!("depth {depth}")));
        clauses.extend(self.lasts.map(|lasts| format!("for {}", written(lasts))));
        f.write_str(&clauses.join(" "))
    }
}

#[cfg(test)]
mod tests;
