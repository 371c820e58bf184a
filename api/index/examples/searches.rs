//! Measures searches: `cargo run -p auto-index --example searches [agents]`.
//!
//! Builds an index of a million agents in a file, block by block as a node does, and asks it questions of every
//! kind: rare and common capabilities, one word and two, rare and common ones, each without and with filters, on
//! the first page and deep down. Words and capabilities are as unevenly spread as in languages. Prints one JSON
//! object: how long building took, the size of the file, and for every kind of question and for all together the
//! median, the 99th of a hundred and the longest time, in milliseconds. Every question is asked three times at once:
//! `warm_p99` is of the best of the three, which other programs on the machine disturb less.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops when something is wrong")]

#[path = "searches/synthetic.rs"]
mod synthetic;

use auto_core::{Amount, DomainId};
use auto_index::{AgentQuery, At, Index};
use std::collections::BTreeMap;
use std::time::Instant;
use synthetic::{DOMAIN, Draws, Synthetic};

/// Agents of a page.
const PAGE: usize = 20;
/// Pages before a deep one.
const DEEP: usize = 50;
/// Questions of each kind.
const QUESTIONS: usize = 40;

/// Milliseconds by kind of question: when it was asked first, and the best of three times.
type Readings = BTreeMap<String, Vec<Reading>>;
type Reading = (f64, f64);

/// What is asked for, before filters.
fn question(kind: &str, draws: &mut Draws) -> AgentQuery {
    let words =
        |words: &[usize]| words.iter().map(|word| synthetic::word(*word)).collect::<Vec<_>>().join(" ");
    let (common, rare) = (draws.below(20), 20_000 + draws.below(20_000));
    let capability = |at| vec![synthetic::capability(at)];
    let base = AgentQuery::default();
    match kind {
        "all" => base,
        "common capability" => AgentQuery { capabilities: capability(draws.below(5)), ..base },
        "rare capability" => AgentQuery { capabilities: capability(1_000 + draws.below(1_000)), ..base },
        "common word" => AgentQuery { text: words(&[common]), ..base },
        "rare word" => AgentQuery { text: words(&[rare]), ..base },
        "two common words" => AgentQuery { text: words(&[common, (common + 1) % 20]), ..base },
        "common and rare word" => AgentQuery { text: words(&[common, rare]), ..base },
        "two middling words" => AgentQuery { text: words(&[300 + common, 500 + common]), ..base },
        "common capability and word" => {
            AgentQuery { capabilities: capability(draws.below(5)), text: words(&[common]), ..base }
        }
        other => panic!("no kind of question: {other}"),
    }
}

const KINDS: &[&str] = &[
    "all",
    "common capability",
    "rare capability",
    "common word",
    "rare word",
    "two common words",
    "common and rare word",
    "two middling words",
    "common capability and word",
];

/// Narrows a question.
fn filtered(filter: &str, query: AgentQuery, draws: &mut Draws) -> AgentQuery {
    match filter {
        "" => query,
        "price" => {
            AgentQuery { price_max: Some(Amount::from_base_units(synthetic::PRICE_STEP * 5)), ..query }
        }
        "stake" => AgentQuery { stake_min: Some(Amount::ai3(20)), ..query },
        "expired too" => AgentQuery { include_expired: true, ..query },
        "owner" => AgentQuery { owner: Some(synthetic::owner(draws.below(synthetic::OWNERS))), ..query },
        other => panic!("no filter: {other}"),
    }
}

const FILTERS: &[&str] = &["", "price", "stake", "expired too", "owner"];

fn timed(index: &Index, query: &AgentQuery, deep: bool, readings: &mut Vec<Reading>) {
    let at = At::newest(DomainId(DOMAIN));
    let mut after = None;
    if deep {
        for _ in 0..DEEP {
            match index.agents(at, query, after, PAGE).unwrap().next {
                Some(next) => after = Some(next),
                None => return,
            }
        }
    }
    let once = || {
        let start = Instant::now();
        index.agents(at, query, after, PAGE).unwrap();
        start.elapsed().as_secs_f64() * 1_000.0
    };
    let first = once();
    readings.push((first, (0..2).map(|_| once()).fold(first, f64::min)));
}

/// Median, 99th of a hundred, longest; and the 99th of a hundred of the best of three times.
fn summary(readings: &[Reading]) -> String {
    let sorted = |of: fn(&Reading) -> f64| {
        let mut readings: Vec<f64> = readings.iter().map(of).collect();
        readings.sort_by(f64::total_cmp);
        readings
    };
    let (first, best) = (sorted(|reading| reading.0), sorted(|reading| reading.1));
    let at = |part: usize| (readings.len() * part / 100).min(readings.len() - 1);
    format!(
        "{{\"questions\":{},\"p50\":{:.3},\"p99\":{:.3},\"max\":{:.3},\"warm_p99\":{:.3}}}",
        readings.len(),
        first[at(50)],
        first[at(99)],
        first[at(100)],
        best[at(99)]
    )
}

fn main() {
    let agents: usize = std::env::args().nth(1).map_or(1_000_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = Index::open(&path).unwrap();
    let start = Instant::now();
    Synthetic::default().fill(&index, agents);
    let built = start.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(&path).unwrap().len();

    let (mut draws, mut all) = (Draws(7), Vec::new());
    let mut kinds = Readings::new();
    for kind in KINDS {
        for filter in FILTERS {
            for deep in [false, true] {
                let name = format!(
                    "{kind}{}{}{}",
                    if filter.is_empty() { "" } else { ", " },
                    filter,
                    if deep { ", deep" } else { "" }
                );
                let readings = kinds.entry(name).or_default();
                for _ in 0..QUESTIONS {
                    let query = question(kind, &mut draws);
                    let query = filtered(filter, query, &mut draws);
                    timed(&index, &query, deep, readings);
                }
                all.extend_from_slice(readings);
            }
        }
    }
    kinds.retain(|_, readings| !readings.is_empty());
    let kinds: Vec<String> =
        kinds.iter().map(|(kind, readings)| format!("    \"{kind}\": {}", summary(readings))).collect();
    println!(
        "{{\n  \"agents\": {agents},\n  \"build_s\": {built:.1},\n  \"file_mb\": {},\n  \"registry_query_ms\": {},\n  \"kinds_ms\": {{\n{}\n  }}\n}}",
        bytes / 1_000_000,
        summary(&all),
        kinds.join(",\n")
    );
}
