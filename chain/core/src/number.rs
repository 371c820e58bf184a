//! Numbers that must not be mistaken for one another.

use parity_scale_codec::{Decode, Encode, Error, Input};
use std::fmt;
use std::num::NonZeroU64;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// The sum with `count`, unless it overflows.
            #[must_use]
            pub const fn checked_add(self, count: $inner) -> Option<Self> {
                match self.0.checked_add(count) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }

            /// The difference to `count`, unless it is negative.
            #[must_use]
            pub const fn checked_sub(self, count: $inner) -> Option<Self> {
                match self.0.checked_sub(count) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

number!(/** Height of a block; the genesis block has zero. */ BlockNumber(u64));
number!(/** A beat of proof of time. */ Slot(u64));
number!(/** Position of a segment in the archived history, from zero. */ SegmentIndex(u64));
number!(/** Position of a piece in the archived history, from zero. */ PieceIndex(u64));
number!(/** Position of a piece inside a sector, from zero. */ PieceOffset(u16));
number!(/** Position of a sector among the sectors of one farmer key, from zero. */ SectorIndex(u32));
number!(/** Position of a chunk in an extended record, from zero to 8191. */ SBucket(u16));
number!(/** Width of the window of winning audit values around the challenge; larger is easier. */ SolutionRange(u64));
number!(/** Count of transactions that an account has sent. */ Nonce(u64));
number!(/** A shard; only zero exists. */ ShardId(u32));
number!(/** An execution environment; zero is the consensus chain itself. */ DomainId(u32));
number!(/** A module inside a domain. */ ModuleId(u16));
number!(/** An operator, numbered in order of registration. */ OperatorId(u64));
number!(/** A domain runtime, numbered in order of registration. */ RuntimeId(u32));
number!(/** A channel between two chains, numbered by the chain that opened it. */ ChannelId(u64));

impl DomainId {
    /// The consensus chain itself.
    pub const CONSENSUS: Self = Self(0);
}

impl PieceIndex {
    /// The segment that holds this piece, given the pieces a segment has; `None` for zero pieces.
    #[must_use]
    pub const fn segment(self, pieces_per_segment: u64) -> Option<SegmentIndex> {
        match self.0.checked_div(pieces_per_segment) {
            Some(index) => Some(SegmentIndex(index)),
            None => None,
        }
    }

    /// The position inside its segment, given the pieces a segment has; `None` for zero pieces.
    #[must_use]
    pub const fn position(self, pieces_per_segment: u64) -> Option<u64> {
        self.0.checked_rem(pieces_per_segment)
    }
}

/// Length of the archived history in segments; never zero, since genesis fills segment zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct HistorySize(NonZeroU64);

impl HistorySize {
    /// A history of one segment.
    pub const ONE: Self = Self(NonZeroU64::MIN);

    /// A history of `segments`; `None` for zero.
    #[must_use]
    pub const fn new(segments: u64) -> Option<Self> {
        match NonZeroU64::new(segments) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }

    /// The number of segments.
    #[must_use]
    pub const fn segments(self) -> u64 {
        self.0.get()
    }

    /// The newest segment of this history.
    #[must_use]
    pub const fn last_segment(self) -> SegmentIndex {
        SegmentIndex(self.0.get() - 1)
    }

    /// The number of pieces, unless it overflows.
    #[must_use]
    pub const fn pieces(self, pieces_per_segment: u64) -> Option<u64> {
        self.0.get().checked_mul(pieces_per_segment)
    }
}

impl fmt::Display for HistorySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Encode for HistorySize {
    fn encode_to<O: parity_scale_codec::Output + ?Sized>(&self, dest: &mut O) {
        self.0.get().encode_to(dest);
    }
}

impl Decode for HistorySize {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::new(u64::decode(input)?).ok_or_else(|| Error::from("history size of zero"))
    }
}
