//! Searches: hostile questions, hostile records, limits, and what "live" means.

use crate::chain::{Chain, Says, id, newest};
use auto_core::ErrorCode;
use auto_index::{AgentQuery, Cursor, Index, PAGE_MAX};
use autoid_core::{AutoId, Status};
use proptest::prelude::*;

fn text(text: &str) -> AgentQuery {
    AgentQuery { text: text.to_owned(), ..AgentQuery::default() }
}

fn able(name: &str) -> AgentQuery {
    AgentQuery { capabilities: vec![name.to_owned()], ..AgentQuery::default() }
}

fn found(index: &Index, query: &AgentQuery) -> Vec<AutoId> {
    let page = index.agents(newest(), query, None, PAGE_MAX).unwrap();
    page.rows.into_iter().map(|(_, row)| row.record.id).collect()
}

/// A person with agents that say something.
fn agents(index: &Index, says: &[Says]) -> Chain {
    let mut chain = Chain::new();
    chain.incept(id(1), None);
    for (number, says) in (10..).zip(says) {
        chain.incept(id(number), Some(id(1)));
        chain.register(id(number), says);
    }
    chain.end_block(index).unwrap();
    chain
}

fn purpose(purpose: &str) -> Says {
    Says { purpose: purpose.to_owned(), ..Says::default() }
}

#[test]
fn words_and_capabilities_are_told_apart() {
    let index = Index::in_memory().unwrap();
    let skilled = Says { skills: vec![("law".to_owned(), vec!["tax-law".to_owned()])], ..purpose("Reads") };
    agents(&index, &[purpose("Law, and taxes"), skilled]);
    assert_eq!(found(&index, &text("law")), [id(10), id(11)]);
    assert_eq!(found(&index, &able("law")), [id(11)]);
    assert_eq!(found(&index, &able("tax-law")), [id(11)]);
    assert_eq!(found(&index, &able("tax")), []);
    assert_eq!(found(&index, &text("TAX law reads")), [id(11)]);
}

#[test]
fn a_purpose_cannot_pass_for_a_capability_or_an_owner() {
    let index = Index::in_memory().unwrap();
    let owner = format!("_{}", "02".repeat(16));
    agents(&index, &[purpose(&format!(":translate \":translate\" {owner} c:translate"))]);
    assert_eq!(found(&index, &able("translate")), []);
    assert_eq!(found(&index, &AgentQuery { owner: Some(id(2)), ..AgentQuery::default() }), []);
    assert_eq!(found(&index, &text("translate")), [id(10)]);
}

#[test]
fn hostile_questions_are_words_and_no_syntax() {
    let index = Index::in_memory().unwrap();
    agents(&index, &[purpose("books and near or not hotels"), purpose("flights")]);
    for (question, count) in [
        ("books OR flights", 0),
        ("books AND hotels", 1),
        ("NOT books", 1),
        ("NEAR(books hotels)", 1),
        ("book*", 0),
        ("\"books hotels\"", 1),
        ("terms : books", 0),
        ("{terms}", 0),
        ("^books", 1),
        ("books + hotels", 1),
        ("books\0hotels", 1),
        ("'; DROP TABLE agent; --", 0),
        ("\"", 2),
        ("-", 2),
        ("_ :", 2),
    ] {
        assert_eq!(found(&index, &text(question)).len(), count, "{question}");
    }
    for name in ["law\" OR \"x", ":law", "_00", "*", "", "Law", "l\u{e4}w"] {
        assert_eq!(found(&index, &able(name)), [], "{name}");
    }
}

#[test]
fn words_of_other_scripts_are_found_without_regard_to_case() {
    let index = Index::in_memory().unwrap();
    agents(
        &index,
        &[
            purpose("\u{dc}bersetzt \u{420}\u{443}\u{441}\u{441}\u{43a}\u{438}\u{439}"),
            purpose("\u{7ffb}\u{8bd1}"),
        ],
    );
    assert_eq!(
        found(&index, &text("\u{fc}BERSETZT \u{440}\u{443}\u{441}\u{441}\u{43a}\u{438}\u{439}")),
        [id(10)]
    );
    assert_eq!(found(&index, &text("\u{7ffb}\u{8bd1}")), [id(11)]);
    assert_eq!(found(&index, &text("ubersetzt")), []);
}

#[test]
fn the_largest_record_is_found_by_all_that_it_says() {
    let index = Index::in_memory().unwrap();
    let name = |skill: usize, tag: usize| format!("s{skill:015}-{tag:015}");
    let skills = (0..16).map(|skill| (name(skill, 99), (0..8).map(|tag| name(skill, tag)).collect()));
    let words: Vec<String> = (0..128).map(|word| format!("w{word:02x}")).collect();
    let mut says = purpose(&words.join(" ")[..511]);
    says.skills = skills.collect();
    agents(&index, &[says]);
    assert_eq!(found(&index, &able(&name(15, 7))), [id(10)]);
    assert_eq!(found(&index, &text("w00 w7e")), [id(10)]);
    let long = purpose(&"x".repeat(512));
    let mut chain = agents(&Index::in_memory().unwrap(), &[]);
    chain.register(id(1), &long);
    let index = Index::in_memory().unwrap();
    chain.number = 0;
    chain.end_block(&index).unwrap();
    assert_eq!(found(&index, &text(&"x".repeat(256))), [id(1)]);
}

#[test]
fn too_much_at_once_is_refused() {
    let index = Index::in_memory().unwrap();
    agents(&index, &[]);
    let many = AgentQuery { capabilities: vec!["a".to_owned(); 9], ..AgentQuery::default() };
    for query in [text(&"a".repeat(257)), text("a b c d e f g h i"), many] {
        assert_eq!(index.agents(newest(), &query, None, 1).unwrap_err().code(), "IXD-0008");
    }
    let error = index.agents(newest(), &AgentQuery::default(), None, PAGE_MAX + 1).unwrap_err();
    assert_eq!(error.code(), "IXD-0008");
    assert_eq!(index.children(newest(), &id(1), None, PAGE_MAX + 1).unwrap_err().code(), "IXD-0008");
}

#[test]
fn cursors_have_one_form() {
    for bad in ["", "1", "000000000000000g", "00000000000000001", "000000000000000A", "+00000000000001"] {
        assert_eq!(bad.parse::<Cursor>().unwrap_err().code(), "IXD-0007", "{bad}");
    }
    let index = Index::in_memory().unwrap();
    agents(&index, &[Says::default(), Says::default()]);
    let page = index.agents(newest(), &AgentQuery::default(), None, 1).unwrap();
    let cursor = page.next.unwrap();
    assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    let rest = index.agents(newest(), &AgentQuery::default(), Some(cursor), 5).unwrap();
    assert_eq!((rest.rows.len(), rest.next), (1, None));
    let beyond: Cursor = "ffffffffffffffff".parse().unwrap();
    assert_eq!(
        index.agents(newest(), &AgentQuery::default(), Some(beyond), 5).unwrap_err().code(),
        "IXD-0007"
    );
}

#[test]
fn an_agent_is_live_while_its_time_runs_and_its_identity_is_active() {
    let index = Index::in_memory().unwrap();
    let mut chain = agents(&index, &[Says { live_until: 2, ..Says::default() }, Says::default()]);
    let expired = AgentQuery { include_expired: true, ..AgentQuery::default() };
    chain.end_block(&index).unwrap();
    assert_eq!(found(&index, &AgentQuery::default()), [id(10), id(11)]);
    chain.end_block(&index).unwrap();
    assert_eq!(found(&index, &AgentQuery::default()), [id(11)]);
    assert_eq!(found(&index, &expired), [id(11), id(10)]);
    chain.set_status(id(11), Status::Suspended);
    chain.renew(id(10), 100);
    chain.end_block(&index).unwrap();
    assert_eq!(found(&index, &AgentQuery::default()), [id(10)]);
    assert_eq!(found(&index, &expired), [id(10), id(11)]);
}

#[test]
fn an_agent_under_an_identity_that_is_not_active_is_marked() {
    let index = Index::in_memory().unwrap();
    let mut chain = agents(&index, &[Says::default()]);
    let inactive = |index: &Index| index.agent(newest(), &id(10)).unwrap().unwrap().inactive;
    assert_eq!(inactive(&index), None);
    chain.set_status(id(1), Status::Suspended);
    chain.end_block(&index).unwrap();
    assert_eq!(inactive(&index), Some(id(1)));
    chain.set_status(id(10), Status::Revoked);
    chain.end_block(&index).unwrap();
    assert_eq!(inactive(&index), Some(id(10)));
}

#[test]
fn a_page_looks_at_a_bounded_number_and_all_pages_together_at_all() {
    let index = Index::in_memory().unwrap();
    let mut chain = Chain::new();
    let agent = |number: u32| {
        let mut id = [9; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        AutoId(id)
    };
    chain.incept(id(1), None);
    for number in 0..10_500 {
        chain.incept(agent(number), Some(id(1)));
        let price = if number == 10_400 { 1 } else { 5 };
        chain.register(agent(number), &Says { price: Some(price), ..Says::default() });
    }
    chain.end_block(&index).unwrap();
    let cheap = AgentQuery { price_max: Some(auto_core::Amount::ai3(2)), ..AgentQuery::default() };
    let first = index.agents(newest(), &cheap, None, 10).unwrap();
    assert!(first.rows.is_empty() && first.next.is_some());
    let second = index.agents(newest(), &cheap, first.next, 10).unwrap();
    assert_eq!((second.rows[0].1.record.id, second.next), (agent(10_400), None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_is_an_error_and_every_purpose_is_found_by_its_words(said in "\\PC{1,120}", asked in "\\PC{0,60}") {
        let index = Index::in_memory().unwrap();
        agents(&index, &[purpose(&said)]);
        let answer = index.agents(newest(), &text(&asked), None, 5);
        prop_assert!(answer.is_ok() || answer.unwrap_err().code() == "IXD-0008");
        let word = said.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        if let Some(word) = word {
            prop_assert_eq!(found(&index, &text(word)), [id(10)]);
        }
    }
}
