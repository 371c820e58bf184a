//! A module for tests: notes that are kept, sent to other chains, and fail on demand.

use auto_core::{Blob, ChannelId, DomainId, ErrorCode, ModuleId};
use auto_module::messages::{self, MessageError};
use auto_module::{BlockContext, CallContext, CheckContext, Events, Item, Map, Module, StoredError, Weight};
use auto_state::{StateWrite, VALUE_BYTES_MAX};
use parity_scale_codec::{Decode, Encode};

pub(crate) const NOTES: Map<u8, Vec<u8>> = Map::new("notes/note");
pub(crate) const ANSWER: Item<Result<(), u16>> = Item::new("notes/answer");
pub(crate) const BLOCKS: Item<u32> = Item::new("notes/blocks");

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Call {
    #[codec(index = 0)]
    Keep { slot: u8, note: Vec<u8> },
    #[codec(index = 1)]
    Send { chain: DomainId, channel: ChannelId, note: Vec<u8> },
    #[codec(index = 2)]
    Fail,
    /// Writes more than a value may have.
    #[codec(index = 3)]
    Huge,
    /// Reads a note and makes nothing of it, not even of a failure.
    #[codec(index = 4)]
    Careless { slot: u8 },
    #[codec(index = 5)]
    Malformed,
    /// Weighs as much as it says.
    #[codec(index = 6)]
    Heavy(u64),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoteError {
    #[error("refused on demand")]
    OnDemand,
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for NoteError {
    fn code(&self) -> &'static str {
        match self {
            Self::OnDemand => "NOTE-0042",
            Self::Message(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Notes;

impl Module for Notes {
    const ID: ModuleId = ModuleId(77);
    const NAME: &'static str = "notes";
    const VERSION: u32 = 3;
    const TAKES_MESSAGES: bool = true;

    type Call = Call;
    type Event = Vec<u8>;
    type Error = NoteError;
    type Genesis = ();

    fn check(call: &Call, _cx: &CheckContext<'_>) -> Result<(), NoteError> {
        if *call == Call::Malformed { Err(NoteError::OnDemand) } else { Ok(()) }
    }

    fn weight(call: &Call) -> Weight {
        Weight(if let Call::Heavy(weight) = call { *weight } else { 5000 })
    }

    fn apply(
        call: &Call,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), NoteError> {
        match call {
            Call::Keep { slot, note } => {
                NOTES.put(state, slot, note);
                events.emit::<Self>(note);
            }
            Call::Send { chain, channel, note } => {
                let bytes = Blob::new(note.clone()).map_err(|_| NoteError::OnDemand)?;
                messages::notify::<Self>(&cx.block, state, events, (*chain, *channel), bytes)?;
            }
            Call::Fail | Call::Malformed => {
                NOTES.put(state, &255, &b"never seen".to_vec());
                return Err(NoteError::OnDemand);
            }
            Call::Heavy(_) => {}
            Call::Huge => NOTES.put(state, &254, &vec![0; VALUE_BYTES_MAX + 1]),
            Call::Careless { slot } => {
                let _ = state.get(&NOTES.key(slot));
                NOTES.put(state, &253, &b"careless".to_vec());
            }
        }
        Ok(())
    }

    fn end_block(
        _cx: &BlockContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), NoteError> {
        let blocks = BLOCKS.get(state)?.unwrap_or_default();
        BLOCKS.put(state, &(blocks + 1));
        // A note in slot 200 makes the end of the block fail, after it has written and emitted.
        if NOTES.get(state, &200)?.is_some() {
            events.emit::<Self>(&b"never seen".to_vec());
            return Err(NoteError::OnDemand);
        }
        Ok(())
    }

    fn on_message(
        _cx: &BlockContext<'_>,
        src: DomainId,
        payload: &[u8],
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), NoteError> {
        let slot = u8::try_from(src.0).unwrap_or(0);
        NOTES.put(state, &slot, &payload.to_vec());
        events.emit::<Self>(&payload.to_vec());
        if payload == b"fail" { Err(NoteError::OnDemand) } else { Ok(()) }
    }

    fn on_response(
        _cx: &BlockContext<'_>,
        _dst: DomainId,
        _payload: &[u8],
        result: Result<(), u16>,
        state: &mut dyn StateWrite,
        _events: &mut Events,
    ) -> Result<(), NoteError> {
        ANSWER.put(state, &result);
        Ok(())
    }
}
