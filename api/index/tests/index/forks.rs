//! Blocks that do not follow, forks, restarts, and what is forgotten.

use crate::chain::{Chain, DOMAIN, Says, at, id, newest};
use auto_core::{BlockNumber, ErrorCode, Hash};
use auto_index::{AgentQuery, ERRORS, HISTORY_BLOCKS, Index, IndexError};
use auto_module::Module;
use autoid::Autoid;
use autoid_core::Status;

fn code<T>(result: Result<T, IndexError>) -> &'static str {
    result.err().map_or("ok", |error| error.code())
}

fn agent_and_blocks(index: &Index, blocks: u64) -> Chain {
    let mut chain = Chain::new();
    chain.incept(id(1), None);
    chain.incept(id(2), Some(id(1)));
    chain.register(id(2), &Says { live_until: u64::MAX, ..Says::default() });
    for _ in 0..blocks {
        chain.end_block(index).unwrap();
    }
    chain
}

#[test]
fn a_block_that_does_not_follow_is_refused() {
    let index = Index::in_memory().unwrap();
    let mut chain = agent_and_blocks(&index, 3);
    let good = chain.clone();
    chain.hash = Hash([7; 32]);
    assert_eq!(code(chain.end_block(&index)), "IXD-0003");
    let mut later = good.clone();
    later.number += 1;
    assert_eq!(code(later.end_block(&index)), "IXD-0003");
    let mut again = good.clone();
    again.number -= 1;
    again.branch = 1;
    assert_eq!(code(again.end_block(&index)), "IXD-0003");
    assert_eq!(index.coverage(DOMAIN).unwrap().unwrap().newest, BlockNumber(3));
    assert_eq!(code(good.clone().end_block(&index)), "ok");
}

#[test]
fn the_newest_block_once_more_changes_nothing() {
    let index = Index::in_memory().unwrap();
    let mut chain = agent_and_blocks(&index, 1);
    chain.act(id(2), 0);
    let (parent, mut twice) = (chain.hash, chain.clone());
    twice.number += 1;
    chain.end_block(&index).unwrap();
    twice.hash = chain.hash;
    twice.give(&index, parent).unwrap();
    assert_eq!(index.entries(newest(), &id(2), None, 10).unwrap().rows.len(), 1);
}

#[test]
fn a_block_that_fails_leaves_nothing_behind() {
    let index = Index::in_memory().unwrap();
    let mut chain = agent_and_blocks(&index, 1);
    let good = chain.clone();
    chain.act(id(2), 0);
    chain.event(Autoid::ID, &[0xff, 1, 2]);
    assert_eq!(code(chain.end_block(&index)), "IXD-0009");
    assert!(index.entries(newest(), &id(2), None, 10).unwrap().rows.is_empty());
    let mut trailing = good.clone();
    trailing.event(Autoid::ID, &[2, 1, 2]);
    assert_eq!(code(trailing.end_block(&index)), "IXD-0009");
    let mut foreign = good.clone();
    foreign.event(auto_core::ModuleId(999), &[0xff]);
    assert_eq!(code(foreign.end_block(&index)), "ok");
}

#[test]
fn a_restart_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut chain = agent_and_blocks(&Index::open(&path).unwrap(), 3);
    let index = Index::open(&path).unwrap();
    let coverage = index.coverage(DOMAIN).unwrap().unwrap();
    assert_eq!((coverage.first.0, coverage.newest.0, coverage.hash), (1, 3, chain.hash));
    chain.set_status(id(2), Status::Suspended);
    chain.end_block(&index).unwrap();
    assert!(index.agents(newest(), &AgentQuery::default(), None, 10).unwrap().rows.is_empty());
    assert_eq!(index.agents(at(3), &AgentQuery::default(), None, 10).unwrap().rows.len(), 1);
}

#[test]
fn many_read_while_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap();
    let mut chain = agent_and_blocks(&index, 1);
    let index = &index;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..50 {
                let next = chain.number + 1;
                chain.renew(id(2), 10_000 + next);
                chain.end_block(index).unwrap();
            }
        });
        for _ in 0..3 {
            scope.spawn(move || {
                for _ in 0..50 {
                    let page = index.agents(newest(), &AgentQuery::default(), None, 10).unwrap();
                    let block = page.block.0;
                    let until = page.rows[0].1.record.profile.live_until;
                    assert_eq!(until, if block == 1 { u64::MAX } else { 10_000 + block });
                }
            });
        }
    });
}

#[test]
fn a_file_of_another_format_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    drop(Index::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 77).unwrap();
    drop(file);
    let error = Index::open(&path).unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("77")), ("IXD-0002", true));
    let other = folder.path().join("other");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    assert_eq!(code(Index::open(&other)), "IXD-0002");
    let text = folder.path().join("text");
    std::fs::write(&text, "this is no database, but quite long enough to look like a file of some kind")
        .unwrap();
    assert_eq!(code(Index::open(&text)), "IXD-0001");
}

#[test]
fn heights_that_are_not_there_are_refused() {
    let index = Index::in_memory().unwrap();
    assert_eq!(code(index.identity(newest(), &id(1))), "IXD-0004");
    assert_eq!(code(index.rewind(DOMAIN, BlockNumber(0))), "IXD-0004");
    agent_and_blocks(&index, 3);
    assert_eq!(code(index.identity(at(4), &id(1))), "IXD-0005");
    assert_eq!(code(index.identity(at(0), &id(1))), "IXD-0006");
    assert_eq!(code(index.rewind(DOMAIN, BlockNumber(4))), "IXD-0005");
    assert_eq!(code(index.rewind(DOMAIN, BlockNumber(0))), "IXD-0006");
}

#[test]
fn what_is_too_old_is_forgotten_and_takes_no_room() {
    let index = Index::in_memory().unwrap();
    let mut chain = agent_and_blocks(&index, 1);
    for block in 2..=HISTORY_BLOCKS + 10 {
        chain.renew(id(2), 100_000 + block);
        chain.end_block(&index).unwrap();
    }
    let coverage = index.coverage(DOMAIN).unwrap().unwrap();
    assert_eq!((coverage.oldest.0, coverage.newest.0), (11, HISTORY_BLOCKS + 10));
    assert_eq!(code(index.agent(at(10), &id(2))), "IXD-0006");
    let then = index.agent(at(11), &id(2)).unwrap().unwrap();
    assert_eq!(then.record.profile.live_until, 100_011);
    assert_eq!(code(index.rewind(DOMAIN, BlockNumber(10))), "IXD-0006");
    index.rewind(DOMAIN, BlockNumber(11)).unwrap();
    assert_eq!(index.agent(newest(), &id(2)).unwrap().unwrap(), then);
    assert_eq!(index.block_hash(DOMAIN, BlockNumber(12)).unwrap(), None);
}

#[test]
fn a_domain_that_was_cleared_begins_anew_at_any_height() {
    let index = Index::in_memory().unwrap();
    let mut chain = agent_and_blocks(&index, 3);
    index.clear(DOMAIN).unwrap();
    assert_eq!(index.coverage(DOMAIN).unwrap(), None);
    chain.set_status(id(2), Status::Active);
    chain.end_block(&index).unwrap();
    let coverage = index.coverage(DOMAIN).unwrap().unwrap();
    assert_eq!((coverage.first.0, coverage.oldest.0, coverage.newest.0), (4, 4, 4));
    assert_eq!(index.agents(newest(), &AgentQuery::default(), None, 10).unwrap().rows.len(), 1);
}

#[test]
fn every_code_is_explained_once() {
    let codes: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    let expected: Vec<String> = (1..=10).map(|number| format!("IXD-{number:04}")).collect();
    assert_eq!(codes, expected);
    assert_eq!(IndexError::Cursor.code(), "IXD-0007");
}
