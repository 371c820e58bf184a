//! Answers by key.

use crate::column::{self, number};
use crate::rewind::height;
use crate::{
    At, ContentOf, ContentRow, Cursor, EntryRow, GrantRow, GrantsOf, IdentityRow, Index, IndexError,
    PAGE_MAX, Page, RevocationRow,
};
use auto_core::{BlockNumber, Hash};
use autoid_core::{AutoId, GrantId, RevocationPlace, Time};
use autoid_interface::Alias;
use autoid_provenance::Sealed;
use parity_scale_codec::Encode;
use rusqlite::{Params, Row, Transaction, params};

/// Columns of an identity, in the order in which [`identity`] reads them.
const IDENTITY: &str = "number, id, kind, status, parent, alias, version, created, updated";
/// Columns of a grant, in the order in which [`grant`] reads them.
const GRANT: &str = "number, id, bytes, since, revoked, pruned";

/// What a list is asked for: up to how many rows, after which place.
#[derive(Clone, Copy)]
struct Part {
    after: i64,
    limit: usize,
}

impl Part {
    fn new(after: Option<Cursor>, limit: usize) -> Result<Self, IndexError> {
        if limit > PAGE_MAX {
            return Err(IndexError::TooMuch("rows"));
        }
        let after = after.map_or(Ok(-1), |cursor| i64::try_from(cursor.0));
        Ok(Self { after: after.map_err(|_| IndexError::Cursor)?, limit })
    }

    /// One row more than is wanted, to see whether there are more.
    fn fetched(self) -> i64 {
        number(u64::try_from(self.limit).unwrap_or(u64::MAX)).saturating_add(1)
    }

    fn page<T>(self, mut rows: Vec<(Cursor, T)>, block: BlockNumber) -> Page<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().map(|(place, _)| *place).filter(|_| more);
        Page { rows, next, block }
    }
}

/// The versions of identities that are valid at height `?2`, by a condition on chain `?1`.
fn identities(pinned: bool, condition: &str) -> String {
    let newest = format!("SELECT {IDENTITY} FROM identity WHERE chain = ?1 AND since <= ?2 AND {condition}");
    if !pinned {
        return newest;
    }
    format!(
        "{newest} UNION ALL SELECT {IDENTITY} FROM identity_past
         WHERE chain = ?1 AND since <= ?2 AND until > ?2 AND {condition}"
    )
}

fn identity(row: &Row<'_>) -> Result<(Cursor, IdentityRow), IndexError> {
    let alias: Option<String> = row.get(5)?;
    let alias = alias.map(|alias| alias.parse::<Alias>()).transpose();
    let identity = IdentityRow {
        id: AutoId(row.get(1)?),
        kind: column::value(row.get_ref(2)?.as_blob().unwrap_or_default(), "a kind")?,
        status: column::value(row.get_ref(3)?.as_blob().unwrap_or_default(), "a status")?,
        parent: row.get::<_, Option<_>>(4)?.map(AutoId),
        alias: alias.map_err(|_| IndexError::Damaged("an alias"))?,
        version: column::unsigned(row.get(6)?)?,
        created: column::block(row.get(7)?)?,
        updated: column::block(row.get(8)?)?,
    };
    Ok((place(row)?, identity))
}

fn grant(row: &Row<'_>, at: BlockNumber) -> Result<(Cursor, GrantRow), IndexError> {
    let until = |column: Option<i64>| match column {
        Some(ended) => Ok(Some(column::block(ended)?).filter(|ended| *ended <= at)),
        None => Ok::<_, IndexError>(None),
    };
    let grant = GrantRow {
        id: GrantId(row.get(1)?),
        grant: column::value(row.get_ref(2)?.as_blob().unwrap_or_default(), "a grant")?,
        since: column::block(row.get(3)?)?,
        revoked: until(row.get(4)?)?,
        pruned: until(row.get(5)?)?,
    };
    Ok((place(row)?, grant))
}

/// The place of a row in its list: the first column.
fn place(row: &Row<'_>) -> Result<Cursor, IndexError> {
    column::unsigned(row.get(0)?).map(Cursor)
}

/// All rows of a question.
fn rows<T>(
    from: &Transaction<'_>,
    question: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, IndexError>,
) -> Result<Vec<T>, IndexError> {
    let mut statement = from.prepare_cached(question)?;
    let mut found = statement.query(params)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(read(row)?);
    }
    Ok(rows)
}

/// An identity at a height.
pub(crate) fn identity_at(
    from: &Transaction<'_>,
    chain: i64,
    (block, pinned): (BlockNumber, bool),
    id: &AutoId,
) -> Result<Option<IdentityRow>, IndexError> {
    let question = identities(pinned, "id = ?3");
    let found = rows(from, &question, params![chain, number(block.0), id.0], identity)?;
    Ok(found.into_iter().next().map(|(_, row)| row))
}

/// Every answer fails when the height is not in the index or forgotten, when more than [`PAGE_MAX`] rows are
/// asked for, or when the index cannot be read.
impl Index {
    /// An identity.
    ///
    /// # Errors
    /// As for all answers.
    pub fn identity(&self, at: At, id: &AutoId) -> Result<Option<IdentityRow>, IndexError> {
        self.read(|from| {
            let chain = column::chain(at.domain);
            identity_at(from, chain, height(from, chain, at.block)?, id)
        })
    }

    /// The identity that an alias, or one that looks like it, points to.
    ///
    /// # Errors
    /// As for all answers.
    pub fn identity_by_alias(&self, at: At, alias: &Alias) -> Result<Option<IdentityRow>, IndexError> {
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, pinned) = height(from, chain, at.block)?;
            let question = identities(pinned, "look = ?3");
            let look = alias.look().encode();
            let found = rows(from, &question, params![chain, number(block.0), look], identity)?;
            Ok(found.into_iter().next().map(|(_, row)| row))
        })
    }

    /// The identities right under one, the oldest first.
    ///
    /// # Errors
    /// As for all answers.
    pub fn children(
        &self,
        at: At,
        parent: &AutoId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<IdentityRow>, IndexError> {
        let part = Part::new(after, limit)?;
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, pinned) = height(from, chain, at.block)?;
            let question = identities(pinned, "parent = ?3 AND number > ?4") + " ORDER BY number LIMIT ?5";
            let params = params![chain, number(block.0), parent.0, part.after, part.fetched()];
            Ok(part.page(rows(from, &question, params, identity)?, block))
        })
    }

    /// A grant that is or was stored on chain.
    ///
    /// # Errors
    /// As for all answers.
    pub fn grant(&self, at: At, id: &GrantId) -> Result<Option<GrantRow>, IndexError> {
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, _) = height(from, chain, at.block)?;
            let question =
                format!("SELECT {GRANT} FROM delegation WHERE chain = ? AND id = ? AND since <= ?");
            let params = params![chain, id.0, number(block.0)];
            let found = rows(from, &question, params, |row| grant(row, block))?;
            Ok(found.into_iter().next().map(|(_, row)| row))
        })
    }

    /// Grants, the oldest first.
    ///
    /// # Errors
    /// As for all answers.
    pub fn grants(
        &self,
        at: At,
        of: GrantsOf,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<GrantRow>, IndexError> {
        let part = Part::new(after, limit)?;
        let (key, value) = match of {
            GrantsOf::Issuer(id) => ("issuer", id.0),
            GrantsOf::Holder(id) => ("holder", id.0),
            GrantsOf::Owner(id) => ("owner", id.0),
            GrantsOf::Parent(id) => ("parent", id.0),
        };
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, _) = height(from, chain, at.block)?;
            let question = format!(
                "SELECT {GRANT} FROM delegation WHERE chain = ? AND {key} = ? AND number > ? AND since <= ?
                 ORDER BY number LIMIT ?"
            );
            let params = params![chain, value, part.after, number(block.0), part.fetched()];
            Ok(part.page(rows(from, &question, params, |row| grant(row, block))?, block))
        })
    }

    /// Entries of the log of an identity, in order. The place of an entry is its position in the log:
    /// [`Cursor::position`].
    ///
    /// # Errors
    /// As for all answers.
    pub fn entries(
        &self,
        at: At,
        agent: &AutoId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<EntryRow>, IndexError> {
        let part = Part::new(after, limit)?;
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, _) = height(from, chain, at.block)?;
            let question = "SELECT position, bytes, extrinsic FROM entry
                 WHERE chain = ? AND agent = ? AND position > ? AND block <= ? ORDER BY position LIMIT ?";
            let params = params![chain, agent.0, part.after, number(block.0), part.fetched()];
            let read = |row: &Row<'_>| {
                let entry = column::value(row.get_ref(1)?.as_blob().unwrap_or_default(), "an entry")?;
                let extrinsic = row.get::<_, Option<_>>(2)?.map(Hash);
                Ok((place(row)?, EntryRow { entry, extrinsic }))
            };
            Ok(part.page(rows(from, question, params, read)?, block))
        })
    }

    /// Revocations in blocks above a height, in order.
    ///
    /// # Errors
    /// As for all answers.
    pub fn revocations(
        &self,
        at: At,
        above: BlockNumber,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RevocationRow>, IndexError> {
        let part = Part::new(after, limit)?;
        self.read(|from| {
            let chain = column::chain(at.domain);
            let (block, _) = height(from, chain, at.block)?;
            // Numbers rise with blocks, so a walk by number may begin at the first one above the height.
            let question = "SELECT number, id, issuer, list, bit, revoker, block, time FROM revocation
                 WHERE chain = ?1 AND block <= ?2 AND number > ?3 AND number >= coalesce((
                     SELECT number FROM revocation WHERE chain = ?1 AND block > ?4 ORDER BY block, number LIMIT 1
                 ), ?5) ORDER BY number LIMIT ?6";
            let params = params![
                chain,
                number(block.0),
                part.after,
                number(above.0),
                i64::MAX,
                part.fetched()
            ];
            let read = |row: &Row<'_>| {
                let revocation = RevocationRow {
                    grant: GrantId(row.get(1)?),
                    issuer: AutoId(row.get(2)?),
                    place: RevocationPlace { list: row.get(3)?, index: row.get(4)? },
                    by: AutoId(row.get(5)?),
                    block: column::block(row.get(6)?)?,
                    time: Time(column::unsigned(row.get(7)?)?),
                };
                Ok((place(row)?, revocation))
            };
            Ok(part.page(rows(from, question, params, read)?, block))
        })
    }

    /// Manifests of content at a height of the consensus chain, or the newest; the oldest first.
    ///
    /// # Errors
    /// As for all answers.
    pub fn content(
        &self,
        block: Option<BlockNumber>,
        of: ContentOf,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<ContentRow>, IndexError> {
        let part = Part::new(after, limit)?;
        let (key, value) = match of {
            ContentOf::Content(hash) => ("content", hash),
            ContentOf::Parent(hash) => ("parent", hash),
            ContentOf::Author(id) => ("author", id.0),
            ContentOf::Agent(id) => ("agent", id.0),
        };
        let source = match of {
            ContentOf::Parent(_) => "content_parent JOIN content USING (number)",
            _ => "content",
        };
        self.read(|from| {
            let (block, _) = height(from, column::CONSENSUS, block)?;
            let question = format!(
                "SELECT number, bytes, block, object FROM {source}
                 WHERE {key} = ? AND number > ? AND block <= ? ORDER BY number LIMIT ?"
            );
            let params = params![value, part.after, number(block.0), part.fetched()];
            let read = |row: &Row<'_>| {
                let sealed = Sealed::from_bytes(row.get_ref(1)?.as_blob().unwrap_or_default());
                let sealed = sealed.map_err(|_| IndexError::Damaged("a manifest"))?;
                let (block, object) = (column::block(row.get(2)?)?, Hash(row.get(3)?));
                Ok((place(row)?, ContentRow { sealed, block, object }))
            };
            Ok(part.page(rows(from, &question, params, read)?, block))
        })
    }
}
