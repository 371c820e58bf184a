//! The module in the harness, which has every lie about every block proven wrong.

use __crate__::{__Name__, __Name__Error, __Name__Genesis, Call, ERRORS, Event, Note, Write, note};
use auto_core::{Amount, Blob, ErrorCode, List};
use auto_module::bank::Bank;
use auto_module::module;
use auto_testkit::{DomainHarness, address};

fn text(text: &str) -> Note {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

fn write(words: &str) -> Call {
    Call::Write(Write { note: text(words) })
}

fn domain() -> DomainHarness {
    DomainHarness::new(vec![module::<Bank>(), module::<__Name__>()])
}

fn note_of(domain: &DomainHarness, name: &str) -> Option<Note> {
    note(domain.state(), &address(name)).expect("sound")
}

#[test]
fn a_note_is_kept_under_its_author() {
    let mut domain = domain();
    let first = domain.sign::<__Name__>("alice", [write("milk")]);
    let done = domain.run(&first);
    assert!(done.applied(&first));
    let written = Event::Written { author: address("alice"), note: text("milk") };
    assert_eq!(done.events_of::<__Name__>(&first), [written]);
    assert_eq!((note_of(&domain, "alice"), note_of(&domain, "bob")), (Some(text("milk")), None));
}

#[test]
fn a_later_note_takes_the_place_of_an_earlier_one() {
    let mut domain = domain();
    let both = domain.sign::<__Name__>("alice", [write("milk"), write("bread")]);
    assert!(domain.run(&both).all_applied());
    assert_eq!(note_of(&domain, "alice"), Some(text("bread")));
}

#[test]
fn an_empty_note_is_not_even_offered() {
    let mut domain = domain();
    let empty = domain.sign::<__Name__>("alice", [write("")]);
    assert_eq!(domain.run(&empty).refusal(&empty), Some("__CODE__-0001"));
    assert_eq!(note_of(&domain, "alice"), None);
}

#[test]
fn genesis_may_list_notes() {
    let notes = List::new(vec![(address("bob"), text("eggs"))]).expect("one");
    let builder = DomainHarness::builder(vec![module::<Bank>(), module::<__Name__>()]);
    let builder = builder.account("alice", Amount::ai3(10)).genesis::<__Name__>(&__Name__Genesis { notes });
    let mut domain = builder.start();
    domain.advance(2);
    assert_eq!(note_of(&domain, "bob"), Some(text("eggs")));
}

#[test]
fn every_code_is_listed() {
    assert_eq!(ERRORS.iter().map(|entry| entry.code).collect::<Vec<_>>(), [__Name__Error::EmptyNote.code()]);
}
