//! What the index is asked.

use crate::IndexError;
use auto_core::{Amount, BlockNumber, DomainId};
use autoid_core::{AutoId, GrantId};
use std::fmt;
use std::str::FromStr;

/// Most rows of a page.
pub const PAGE_MAX: usize = 256;
/// Most capabilities of one question.
pub const CAPABILITIES_MAX: usize = 8;
/// Most words of one question.
pub const WORDS_MAX: usize = 8;
/// Most bytes of the text of a question.
pub const TEXT_BYTES_MAX: usize = 256;

/// A domain, at one of its heights.
///
/// An answer says at which height it was given. Who asks for the next page at that height gets what would
/// have followed then, whatever happened in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The domain.
    pub domain: DomainId,
    /// The height; the newest, when none is said.
    pub block: Option<BlockNumber>,
}

impl At {
    /// A domain at its newest height.
    #[must_use]
    pub const fn newest(domain: DomainId) -> Self {
        Self { domain, block: None }
    }

    /// A domain at a height.
    #[must_use]
    pub const fn block(domain: DomainId, number: BlockNumber) -> Self {
        Self { domain, block: Some(number) }
    }
}

/// Where in an order something stands. As text it is 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(pub(crate) u64);

impl Cursor {
    /// The place of an entry in a log.
    #[must_use]
    pub const fn position(position: u64) -> Self {
        Self(position)
    }

    /// The place as a number, to be kept elsewhere; [`Cursor::position`] leads back.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = IndexError;

    fn from_str(text: &str) -> Result<Self, IndexError> {
        let place = u64::from_str_radix(text, 16).map(Self).ok();
        place.filter(|place| place.to_string() == text).ok_or(IndexError::Cursor)
    }
}

/// Rows in order, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, each with its place, so that one may go on after any of them.
    pub rows: Vec<(Cursor, T)>,
    /// The place to go on after, when there may be more. A page may hold fewer rows than were asked for, even
    /// none, and still not be the last.
    pub next: Option<Cursor>,
    /// The height that the answer is true for.
    pub block: BlockNumber,
}

/// Which agents are wanted; all of it must hold.
///
/// They come in one order: live agents first, then by stake, the highest first, then those first that were
/// registered first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentQuery {
    /// Names of skills, or tags: each must be one of either.
    pub capabilities: Vec<String>,
    /// Words, each of which must be in the purpose, in the name of a skill or in a tag. They are compared whole and
    /// without regard to case; what is between words has no meaning.
    pub text: String,
    /// Who answers for it, as its record says.
    pub owner: Option<AutoId>,
    /// The most that a call may cost, in the chain's own money; an agent without a price costs nothing.
    pub price_max: Option<Amount>,
    /// The least stake.
    pub stake_min: Option<Amount>,
    /// Also those that are not live.
    pub include_expired: bool,
}

/// Which grants are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantsOf {
    /// Those that an identity granted.
    Issuer(AutoId),
    /// Those that an identity may use.
    Holder(AutoId),
    /// Those in the name of an identity.
    Owner(AutoId),
    /// Those that rest on a grant.
    Parent(GrantId),
}

/// Which manifests of content are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentOf {
    /// Those of a content.
    Content([u8; 32]),
    /// Those of contents that are made from a content.
    Parent([u8; 32]),
    /// Those of an author.
    Author(AutoId),
    /// Those that an agent made in somebody's name.
    Agent(AutoId),
}
