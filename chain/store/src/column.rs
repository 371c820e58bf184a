//! The columns: separate key spaces that one batch can write together.

/// A key space of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Format version, tips, and other single values.
    Meta,
    /// Headers and what is derived from them, by block hash.
    Blocks,
    /// Bodies of blocks, by block hash.
    Bodies,
    /// Block hashes of the best chain, by height.
    Canonical,
    /// Nodes of the state tree, by hash, with their reference counts.
    State,
    /// Segment headers, by segment index.
    Segments,
    /// Pieces of the archived history, by piece index.
    Pieces,
    /// Where objects lie, by content hash.
    Objects,
    /// Where transactions lie, by transaction hash.
    Transactions,
    /// What happened to an account, by address.
    Accounts,
    /// Rows of the query index.
    Index,
    /// What an operator of domains keeps of their blocks.
    Domains,
}

impl Column {
    /// Every column, in order.
    pub const ALL: [Self; 12] = [
        Self::Meta,
        Self::Blocks,
        Self::Bodies,
        Self::Canonical,
        Self::State,
        Self::Segments,
        Self::Pieces,
        Self::Objects,
        Self::Transactions,
        Self::Accounts,
        Self::Index,
        Self::Domains,
    ];

    /// The name of the column family on disk; part of the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Blocks => "blocks",
            Self::Bodies => "bodies",
            Self::Canonical => "canonical",
            Self::State => "state",
            Self::Segments => "segments",
            Self::Pieces => "pieces",
            Self::Objects => "objects",
            Self::Transactions => "transactions",
            Self::Accounts => "accounts",
            Self::Index => "index",
            Self::Domains => "domains",
        }
    }
}
