//! Finding agents among a million.
//!
//! An index is filled block by block as a node fills it, and asked questions of every kind: rare and common
//! capabilities, one word and two, each without and with filters, on the first page and deep down. Words and
//! capabilities are as unevenly spread as in languages.

mod synthetic;

use super::super::timed;
use crate::error::{CliError, internal};
use auto_core::{Amount, DomainId};
use auto_index::{AgentQuery, At, Index};
use synthetic::{DOMAIN, Draws, OWNERS, PRICE_STEP, Synthetic, capability, owner, word};

pub(super) const AGENTS: usize = 1_000_000;
/// Agents of a page.
const PAGE: usize = 20;
/// Pages before a deep one.
const DEEP: usize = 50;
/// Questions of each kind.
const QUESTIONS: usize = 40;

/// What is measured; times in milliseconds.
pub(super) struct Times {
    pub(super) queries: usize,
    pub(super) p50: f64,
    pub(super) p99: f64,
    pub(super) max: f64,
    pub(super) build_s: f64,
}

/// What is asked for, before filters.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Everything,
    CommonCapability,
    RareCapability,
    CommonWord,
    RareWord,
    TwoCommonWords,
    CommonAndRareWord,
    TwoMiddlingWords,
    CommonCapabilityAndWord,
}

const ASKED: [Asked; 9] = [
    Asked::Everything,
    Asked::CommonCapability,
    Asked::RareCapability,
    Asked::CommonWord,
    Asked::RareWord,
    Asked::TwoCommonWords,
    Asked::CommonAndRareWord,
    Asked::TwoMiddlingWords,
    Asked::CommonCapabilityAndWord,
];

impl Asked {
    fn query(self, draws: &mut Draws) -> AgentQuery {
        let (common, rare) = (draws.below(20), 20_000 + draws.below(20_000));
        let common_capability = vec![capability(draws.below(5))];
        let (capabilities, words) = match self {
            Self::Everything => (Vec::new(), Vec::new()),
            Self::CommonCapability => (common_capability, Vec::new()),
            Self::RareCapability => (vec![capability(1_000 + draws.below(1_000))], Vec::new()),
            Self::CommonWord => (Vec::new(), vec![common]),
            Self::RareWord => (Vec::new(), vec![rare]),
            Self::TwoCommonWords => (Vec::new(), vec![common, (common + 1) % 20]),
            Self::CommonAndRareWord => (Vec::new(), vec![common, rare]),
            Self::TwoMiddlingWords => (Vec::new(), vec![300 + common, 500 + common]),
            Self::CommonCapabilityAndWord => (common_capability, vec![common]),
        };
        let words: Vec<String> = words.into_iter().map(word).collect();
        AgentQuery { capabilities, text: words.join(" "), ..AgentQuery::default() }
    }
}

/// How a question is narrowed.
#[derive(Debug, Clone, Copy)]
enum Filter {
    None,
    Price,
    Stake,
    ExpiredToo,
    Owner,
}

const FILTERS: [Filter; 5] = [Filter::None, Filter::Price, Filter::Stake, Filter::ExpiredToo, Filter::Owner];

impl Filter {
    fn narrow(self, query: AgentQuery, draws: &mut Draws) -> AgentQuery {
        match self {
            Self::None => query,
            Self::Price => AgentQuery { price_max: Some(Amount::from_base_units(PRICE_STEP * 5)), ..query },
            Self::Stake => AgentQuery { stake_min: Some(Amount::ai3(20)), ..query },
            Self::ExpiredToo => AgentQuery { include_expired: true, ..query },
            Self::Owner => AgentQuery { owner: Some(owner(draws.below(OWNERS))), ..query },
        }
    }
}

/// Milliseconds that one page takes; none where the answer has fewer pages.
fn page(index: &Index, query: &AgentQuery, deep: bool) -> Result<Option<f64>, CliError> {
    let at = At::newest(DomainId(DOMAIN));
    let mut after = None;
    for _ in 0..if deep { DEEP } else { 0 } {
        after = index.agents(at, query, after, PAGE).map_err(internal)?.next;
        if after.is_none() {
            return Ok(None);
        }
    }
    let (seconds, found) = timed(|| index.agents(at, query, after, PAGE));
    found.map_err(internal)?;
    Ok(Some(seconds * 1e3))
}

pub(super) fn measure() -> Result<Times, CliError> {
    let folder = tempfile::tempdir().map_err(internal)?;
    let index = Index::open(&folder.path().join("index")).map_err(internal)?;
    let (build_s, filled) = timed(|| Synthetic::default().fill(&index, AGENTS));
    filled?;
    let (mut draws, mut times) = (Draws(7), Vec::new());
    for asked in ASKED {
        for filter in FILTERS {
            for deep in [false, true] {
                for _ in 0..QUESTIONS {
                    let query = asked.query(&mut draws);
                    times.extend(page(&index, &filter.narrow(query, &mut draws), deep)?);
                }
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    let at = |part| at(part).copied().unwrap_or(f64::NAN);
    Ok(Times { queries: times.len(), p50: at(50), p99: at(99), max: at(100), build_s })
}
