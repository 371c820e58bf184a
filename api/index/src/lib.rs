//! Finds identities, agents, grants, acts, revocations and content: rows in SQLite that follow the chain.
//!
//! The index is for finding, proofs are for believing: whoever relies on an answer asks a node for the state behind
//! it, with its proof. The index is made of the blocks of a domain and the state after each ([`Index::apply`]), and of
//! the objects of the consensus chain ([`Index::apply_content`]); it can be deleted at any time and built anew.
//!
//! # What is in it
//! | rows | from |
//! |---|---|
//! | identities: kind, status, parent, alias, version | events of `autoid`, the state |
//! | agents: record, live or not | events of `agents`, the state, the last live block |
//! | grants that were stored, when they were revoked and pruned | events of `autoid`, the state |
//! | revocations, also of grants that were never stored | events of `autoid` |
//! | entries of logs, whole, as audits read them | events of `agents` |
//! | content manifests, by content, parent, author and agent | objects that are signed manifests |
//!
//! # Rules
//! * Blocks follow each other by height and hash; anything else is refused. A block is added wholly or not at all,
//!   and the newest one once more changes nothing, so who feeds the index may stop and start at any time. After a
//!   fork it finds the common block by [`Index::block_hash`] and goes back by [`Index::rewind`].
//! * Questions are answered at a height: the newest one, or one that is pinned ([`At`]). For
//!   [`HISTORY_BLOCKS`] blocks the index knows what it would have answered; older heights are refused. Pages at one
//!   pinned height neither overlap nor leave a gap.
//! * Lists go on after a place ([`Cursor`]), not after a count: deep pages cost what the first one costs.
//! * **Agents** come in one order: live ones first, then the higher stake, then those that were registered first. All
//!   words and capabilities of a question must fit; how often they fit has no weight, as it would be bought by
//!   repeating them, while a stake is held and a place in line cannot be bought. An agent is live while its last live
//!   block is not over and its own identity is active; an identity above it that is not active is named beside it
//!   ([`AgentRow::inactive`]).
//! * Words are compared whole and in lower case, in any script. Names of skills and tags are words too, and are also
//!   found exactly, as capabilities.
//! * **Content** is listed whatever its signature: that is for [`autoid_provenance::verify()`] to judge.
//!
//! # Guarantees
//! * The order of agents is their place in the file, so a question for a word that a million agents have reads no
//!   more than a page. A page looks at no more than a bounded number of agents, however few of them fit.
//! * No text is syntax, and no text of an agent passes for a capability or an owner. Words, capabilities, texts and
//!   pages are bounded ([`WORDS_MAX`], [`CAPABILITIES_MAX`], [`TEXT_BYTES_MAX`], [`PAGE_MAX`]).
//! * Two indexes with the same blocks give the same answers, whatever forks each one saw.
//! * A file of another format is refused, never misread.
//!
//! # Deviations
//! * Words have no stems, no prefixes and no synonyms, and accents count. There are no vectors of meaning.
//! * Stakes that differ by less than about four parts in a million are in order of registration.
//! * A page says nothing of what was left out; only the chain's state is proven.
//! * Prices compare in the chain's own money; agents that ask for another asset are left out where a price is asked
//!   for.
//! * The status of a grant's issuer, its epoch and its keys are not looked at: [`GrantRow::revoked`] is the
//!   revocation of this very grant.

mod apply;
mod block;
mod column;
mod error;
mod find;
mod index;
mod place;
mod query;
mod rewind;
mod row;
mod schema;
mod search;
mod terms;

pub use apply::HISTORY_BLOCKS;
pub use block::{Block, ContentBlock, Coverage, Happening};
pub use error::{ERRORS, IndexError};
pub use index::Index;
pub use query::{
    AgentQuery, At, CAPABILITIES_MAX, ContentOf, Cursor, GrantsOf, PAGE_MAX, Page, TEXT_BYTES_MAX, WORDS_MAX,
};
pub use row::{AgentRow, ContentRow, EntryRow, GrantRow, IdentityRow, RevocationRow};
