//! Taking blocks back.

use crate::column::{self, number};
use crate::{Coverage, Index, IndexError, terms};
use auto_core::{BlockNumber, DomainId, Hash};
use rusqlite::{OptionalExtension, Transaction, params};

/// What takes a domain back, in order; `?1` is the chain, `?2` the height that becomes the newest.
const REWIND: &[&str] = &[
    // Rows that began above are gone, rows that ended above stand again.
    "DELETE FROM identity WHERE chain = ?1 AND since > ?2",
    "INSERT INTO identity SELECT chain, id, number, kind, status, parent, alias, look, version, created, updated,
        since FROM identity_past WHERE chain = ?1 AND until > ?2 AND since <= ?2",
    "DELETE FROM identity_past WHERE chain = ?1 AND until > ?2",
    "DELETE FROM found WHERE rowid IN (SELECT place FROM agent WHERE chain = ?1 AND since > ?2)",
    "DELETE FROM record WHERE place IN (SELECT place FROM agent WHERE chain = ?1 AND since > ?2)",
    "DELETE FROM agent WHERE chain = ?1 AND since > ?2",
    "INSERT INTO agent SELECT place, chain, id, number, owner, price, stake, live, live_until, since
        FROM agent_past WHERE chain = ?1 AND until > ?2 AND since <= ?2",
    "INSERT INTO record SELECT place, bytes
        FROM agent_past WHERE chain = ?1 AND until > ?2 AND since <= ?2",
    // What only grows is cut.
    "DELETE FROM delegation WHERE chain = ?1 AND since > ?2",
    "UPDATE delegation SET revoked = NULL WHERE chain = ?1 AND revoked > ?2",
    "UPDATE delegation SET pruned = NULL WHERE chain = ?1 AND pruned > ?2",
    "DELETE FROM revocation WHERE chain = ?1 AND block > ?2",
    "DELETE FROM entry WHERE chain = ?1 AND block > ?2",
    "DELETE FROM block WHERE chain = ?1 AND number > ?2",
];

/// The same for content; `?1` is the chain.
const REWIND_CONTENT: &[&str] = &[
    "DELETE FROM content_parent WHERE ?1 = ?1 AND number IN (SELECT number FROM content WHERE block > ?2)",
    "DELETE FROM content WHERE ?1 = ?1 AND block > ?2",
    "DELETE FROM block WHERE chain = ?1 AND number > ?2",
];

/// What forgets a domain. Its slot stays taken.
const CLEAR: &[&str] = &[
    "DELETE FROM found WHERE rowid IN (SELECT place FROM agent WHERE chain = ?1)",
    "DELETE FROM record WHERE place IN (SELECT place FROM agent WHERE chain = ?1)",
    "DELETE FROM identity WHERE chain = ?1",
    "DELETE FROM identity_past WHERE chain = ?1",
    "DELETE FROM agent WHERE chain = ?1",
    "DELETE FROM agent_past WHERE chain = ?1",
    "DELETE FROM delegation WHERE chain = ?1",
    "DELETE FROM revocation WHERE chain = ?1",
    "DELETE FROM entry WHERE chain = ?1",
    "DELETE FROM block WHERE chain = ?1",
];

/// Which blocks of a chain there are.
pub(crate) fn coverage(from: &Transaction<'_>, chain: i64) -> Result<Option<Coverage>, IndexError> {
    let row = from
        .prepare_cached(
            "SELECT first, oldest, number, hash FROM chain JOIN block USING (chain)
             WHERE chain = ? ORDER BY number DESC LIMIT 1",
        )?
        .query_row([chain], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((first, oldest, newest, hash)) = row else { return Ok(None) };
    let (first, oldest) = (column::block(first)?, column::block(oldest)?);
    Ok(Some(Coverage { first, oldest, newest: column::block(newest)?, hash: Hash(hash) }))
}

/// The height to answer at, and whether it is below the newest one.
pub(crate) fn height(
    from: &Transaction<'_>,
    chain: i64,
    asked: Option<BlockNumber>,
) -> Result<(BlockNumber, bool), IndexError> {
    let Coverage { oldest, newest, .. } = coverage(from, chain)?.ok_or(IndexError::Empty)?;
    let asked = asked.unwrap_or(newest);
    if asked > newest {
        return Err(IndexError::Ahead { asked, newest });
    }
    if asked < oldest {
        return Err(IndexError::Forgotten { asked, oldest });
    }
    Ok((asked, asked < newest))
}

impl Index {
    /// Which blocks of a domain are in the index; `None` when there are none.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn coverage(&self, domain: DomainId) -> Result<Option<Coverage>, IndexError> {
        self.read(|from| coverage(from, column::chain(domain)))
    }

    /// Which blocks of the consensus chain were looked through for content; `None` when there are none.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn content_coverage(&self) -> Result<Option<Coverage>, IndexError> {
        self.read(|from| coverage(from, column::CONSENSUS))
    }

    /// The hash of a block of a domain, to find where a fork began; `None` when it is not in the index, or
    /// forgotten.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn block_hash(&self, domain: DomainId, block: BlockNumber) -> Result<Option<Hash>, IndexError> {
        self.read(|from| block_hash(from, column::chain(domain), block))
    }

    /// The hash of a block of the consensus chain; as [`Index::block_hash`].
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn content_block_hash(&self, block: BlockNumber) -> Result<Option<Hash>, IndexError> {
        self.read(|from| block_hash(from, column::CONSENSUS, block))
    }

    /// Forgets all blocks of a domain above a height.
    ///
    /// # Errors
    /// When the height is not in the index, or forgotten; then only [`Index::clear`] helps.
    pub fn rewind(&self, domain: DomainId, to: BlockNumber) -> Result<(), IndexError> {
        self.write(|at| {
            let chain = column::chain(domain);
            take_back(at, chain, to, REWIND)?;
            find_again(at, chain, to)
        })
    }

    /// Forgets all blocks of the consensus chain above a height.
    ///
    /// # Errors
    /// When the height is not in the index, or forgotten; then only [`Index::clear_content`] helps.
    pub fn rewind_content(&self, to: BlockNumber) -> Result<(), IndexError> {
        self.write(|at| take_back(at, column::CONSENSUS, to, REWIND_CONTENT))
    }

    /// Forgets everything of a domain, so that it can begin anew at any height.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn clear(&self, domain: DomainId) -> Result<(), IndexError> {
        self.write(|at| {
            for step in CLEAR {
                at.execute(step, [column::chain(domain)])?;
            }
            Ok(())
        })
    }

    /// Forgets all content, so that the consensus chain can begin anew at any height.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn clear_content(&self) -> Result<(), IndexError> {
        self.write(|at| {
            at.execute_batch("DELETE FROM content_parent; DELETE FROM content")?;
            at.execute("DELETE FROM block WHERE chain = ?", [column::CONSENSUS])?;
            Ok(())
        })
    }
}

fn take_back(at: &Transaction<'_>, chain: i64, to: BlockNumber, steps: &[&str]) -> Result<(), IndexError> {
    let (to, _) = height(at, chain, Some(to))?;
    for step in steps {
        at.execute(step, params![chain, number(to.0)])?;
    }
    Ok(())
}

/// Ends the taking back of agents: those that stand again are found again.
fn find_again(at: &Transaction<'_>, chain: i64, to: BlockNumber) -> Result<(), IndexError> {
    let to = number(to.0);
    let mut standing = at.prepare(
        "SELECT place, bytes FROM agent_past WHERE chain = ? AND until > ? AND since <= ? ORDER BY place",
    )?;
    let mut rows = standing.query(params![chain, to, to])?;
    let mut find = at.prepare("INSERT INTO found (rowid, terms) VALUES (?, ?)")?;
    while let Some(row) = rows.next()? {
        let record = column::record(row.get_ref(1)?.as_blob().unwrap_or_default())?;
        find.execute(params![row.get::<_, i64>(0)?, terms::of_profile(&record.profile)])?;
    }
    at.execute("DELETE FROM agent_past WHERE chain = ? AND until > ?", params![chain, to])?;
    Ok(())
}

fn block_hash(from: &Transaction<'_>, chain: i64, block: BlockNumber) -> Result<Option<Hash>, IndexError> {
    let row = from
        .prepare_cached("SELECT hash FROM block WHERE chain = ? AND number = ?")?
        .query_row(params![chain, number(block.0)], |row| row.get(0).map(Hash))
        .optional()?;
    Ok(row)
}
