//! Notices of other chains, which a module takes or refuses.

use auto_core::{DomainId, ErrorCode, List, ModuleId, Nonce};
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis, OUTBOX, Payload};
use auto_module::{
    BlockContext, CallContext, CheckContext, Events, Item, Module, Outcome, StoredError, Weight, module,
};
use auto_state::StateWrite;
use auto_testkit::DomainHarness;

const LAST: Item<Vec<u8>> = Item::new("diary/last");

#[derive(Debug, thiserror::Error)]
enum DiaryError {
    #[error(transparent)]
    Stored(#[from] StoredError),
    #[error("it says nothing")]
    Empty,
}

impl ErrorCode for DiaryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Stored(error) => error.code(),
            Self::Empty => "DIA-0007",
        }
    }
}

/// Keeps the last notice that says something.
#[derive(Debug)]
struct Diary;

impl Module for Diary {
    const ID: ModuleId = ModuleId(902);
    const NAME: &'static str = "diary";
    const VERSION: u32 = 1;
    const TAKES_MESSAGES: bool = true;

    type Call = ();
    type Event = Vec<u8>;
    type Error = DiaryError;
    type Genesis = ();

    fn check((): &(), _: &CheckContext<'_>) -> Result<(), DiaryError> {
        Ok(())
    }

    fn weight((): &()) -> Weight {
        Weight(1_000)
    }

    fn apply((): &(), _: &CallContext<'_>, _: &mut dyn StateWrite, _: &mut Events) -> Result<(), DiaryError> {
        Ok(())
    }

    fn on_message(
        _: &BlockContext<'_>,
        _: DomainId,
        payload: &[u8],
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), DiaryError> {
        LAST.put(state, &payload.to_vec());
        events.emit::<Self>(&payload.to_vec());
        if payload.is_empty() { Err(DiaryError::Empty) } else { Ok(()) }
    }
}

fn joined() -> DomainHarness {
    let established = List::new(vec![DomainId::CONSENSUS]).expect("one");
    let modules = vec![module::<Bank>(), module::<Messages>(), module::<Diary>()];
    let genesis = MessagesGenesis { established, ..MessagesGenesis::default() };
    DomainHarness::builder(modules).genesis::<Messages>(&genesis).start()
}

/// What the domain answered to the request of this nonce, which is its own message of the same nonce.
fn answer(domain: &DomainHarness, nonce: u64) -> Result<(), u16> {
    let place = (DomainId::CONSENSUS, auto_core::ChannelId(0), Nonce(nonce));
    let sent = OUTBOX.get(domain.state(), &place).expect("sound").expect("answered");
    match sent.payload {
        Payload::Response { result, .. } => result,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_notice_reaches_its_module_and_is_answered() {
    let mut domain = joined();
    let notice = domain.notice::<Diary>(b"rain");
    let done = domain.run(&notice);
    assert!(done.applied(&notice));
    assert_eq!(done.events_of::<Diary>(&notice), [b"rain".to_vec()]);
    assert_eq!(LAST.get(domain.state()).expect("sound").as_deref(), Some(&b"rain"[..]));
    assert_eq!(answer(&domain, 0), Ok(()));
    // Every lie about the block was told and proven, the one about the step of the notice too.
    assert!(done.lies_proven() >= 10);
    // Relayed again it has no effect.
    let again = domain.run(&notice);
    assert!(matches!(again.outcome(&notice), Some(Outcome::Skipped { .. })));
}

#[test]
fn a_notice_that_its_module_refuses_leaves_no_trace_but_the_answer() {
    let mut domain = joined();
    let good = domain.notice::<Diary>(b"sun");
    assert!(domain.run(&good).applied(&good));
    let empty = domain.notice::<Diary>(b"");
    let done = domain.run(&empty);
    assert_eq!(done.code(&empty), Some("DIA-0007"));
    assert!(done.events_of::<Diary>(&empty).is_empty());
    assert_eq!(LAST.get(domain.state()).expect("sound").as_deref(), Some(&b"sun"[..]));
    assert_eq!(answer(&domain, 1), Err(7));
}

#[test]
fn a_module_that_takes_no_messages_gets_none() {
    let mut domain = joined();
    let notice = domain.notice::<Bank>(b"hello");
    let done = domain.run(&notice);
    assert_eq!(done.code(&notice), Some("MSG-0019"));
}
