//! Opaque, versioned cursors: keys of the place where reading stopped, never row counts.

use crate::ApiError;
use auto_core::{BlockNumber, Hash};
use auto_node::BlockId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parity_scale_codec::{Decode, Encode};

const VERSION: u8 = 1;
/// Longest text that is worth decoding.
const TEXT_MAX: usize = 160;

/// Where a reader stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Cursor {
    /// After the block of the best chain at a height.
    #[codec(index = 0)]
    Height(u64),
    /// After a segment.
    #[codec(index = 1)]
    Segment(u64),
    /// After a transaction of a block.
    #[codec(index = 2)]
    Position(u32),
    /// After a transaction of an account: height and position.
    #[codec(index = 3)]
    Sent(u64, u32),
    /// After an object.
    #[codec(index = 4)]
    Object(Hash),
    /// After a notice about a block.
    #[codec(index = 5)]
    Tip(u64, Hash),
    /// After a stage of a transaction: its hash and the rank of the stage.
    #[codec(index = 6)]
    Stage(Hash, u8),
    /// After a domain.
    #[codec(index = 7)]
    Domain(u32),
    /// After an operator.
    #[codec(index = 8)]
    Operator(u64),
    /// After the receipt of a height of a domain.
    #[codec(index = 9)]
    Receipt(u64),
    /// After a block of a domain.
    #[codec(index = 10)]
    DomainBlock(u64),
    /// After a stage of a transaction of a domain: the domain, its hash there and the rank of the stage.
    #[codec(index = 11)]
    DomainStage(u32, Hash, u8),
    /// After a row that the index found: the height of the answer, and the place of the row.
    #[codec(index = 12)]
    Found(u64, u64),
    /// After a row of a stream: the domain, the row's block and its hash, and its place; none before the first row.
    #[codec(index = 13)]
    Told(u32, u64, Hash, Option<u64>),
}

impl Cursor {
    pub(crate) fn tip(block: BlockId) -> Self {
        Self::Tip(block.number.0, block.hash)
    }

    /// The text form.
    pub(crate) fn text(self) -> String {
        URL_SAFE_NO_PAD.encode((VERSION, self).encode())
    }

    /// Reads a text form strictly.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let malformed = || ApiError::Cursor(text.chars().take(TEXT_MAX).collect());
        if text.len() > TEXT_MAX {
            return Err(malformed());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
        let (version, cursor): (u8, Self) =
            auto_core::decode_strict(&bytes, TEXT_MAX).map_err(|_| malformed())?;
        if version == VERSION { Ok(cursor) } else { Err(malformed()) }
    }

    /// The block of a [`Cursor::Tip`].
    pub(crate) fn parse_tip(text: &str) -> Result<BlockId, ApiError> {
        match Self::parse(text)? {
            Self::Tip(number, hash) => Ok(BlockId { number: BlockNumber(number), hash }),
            _ => Err(ApiError::Cursor(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_keep_their_form() {
        let cursors = [
            Cursor::Height(7),
            Cursor::Segment(1),
            Cursor::Position(3),
            Cursor::Sent(9, 2),
            Cursor::Object(Hash([5; 32])),
            Cursor::Tip(4, Hash([6; 32])),
            Cursor::Stage(Hash([1; 32]), 2),
            Cursor::Domain(2),
            Cursor::Operator(5),
            Cursor::Receipt(8),
            Cursor::DomainBlock(9),
            Cursor::DomainStage(1, Hash([2; 32]), 3),
            Cursor::Found(3, 9),
            Cursor::Told(1, 4, Hash([3; 32]), Some(8)),
            Cursor::Told(1, 4, Hash([3; 32]), None),
        ];
        for cursor in cursors {
            assert_eq!(Cursor::parse(&cursor.text()).expect("just written"), cursor);
        }
        assert_eq!(Cursor::Height(7).text(), "AQAHAAAAAAAAAA");
    }

    #[test]
    fn junk_and_other_versions_are_refused() {
        let mut bytes = (VERSION, Cursor::Height(7)).encode();
        let trailing = [bytes.clone(), vec![0]].concat();
        bytes[0] = 2;
        for text in [
            String::new(),
            "!".to_owned(),
            "a".repeat(1000),
            URL_SAFE_NO_PAD.encode(bytes),
            URL_SAFE_NO_PAD.encode(trailing),
        ] {
            assert!(Cursor::parse(&text).is_err(), "{text}");
        }
        assert!(Cursor::parse_tip(&Cursor::Height(7).text()).is_err());
    }
}
