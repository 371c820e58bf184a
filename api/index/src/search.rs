//! Agents by what they can do.

use crate::column::{self, number};
use crate::find::identity_at;
use crate::rewind::height;
use crate::{AgentQuery, AgentRow, At, Cursor, Index, IndexError, PAGE_MAX, Page, place, terms};
use auto_agents::AgentRecord;
use auto_core::{Amount, BlockNumber};
use autoid_core::{AutoId, Status};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::collections::BTreeSet;

/// Rows that one page looks at. What it has by then is the page; who wants more goes on after it.
const LOOKED_AT_MAX: usize = 10_000;

/// What a search looks at, in the order in which [`Candidate`] reads it; the record is read of those only that are
/// wanted.
const AGENT: &str = "a.place, a.owner, a.price, a.stake, a.live, a.since";

/// An agent that may be what is wanted.
struct Candidate {
    place: i64,
    owner: [u8; 32],
    price: Option<[u8; 16]>,
    stake: [u8; 16],
    live: bool,
}

impl Candidate {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            place: row.get(0)?,
            owner: row.get(1)?,
            price: row.get(2)?,
            stake: row.get(3)?,
            live: row.get(4)?,
        })
    }

    fn is_wanted(&self, query: &AgentQuery) -> bool {
        let cheap = |most| self.price.is_some_and(|price| price <= column::amount(most));
        query.price_max.is_none_or(cheap)
            && query.stake_min.is_none_or(|least| self.stake >= column::amount(least))
            && query.owner.is_none_or(|owner| self.owner == owner.0)
            && (self.live || query.include_expired)
    }
}

/// A search at a height.
struct Search<'a> {
    from: &'a Transaction<'a>,
    chain: i64,
    at: (BlockNumber, bool),
    query: &'a AgentQuery,
    wanted: BTreeSet<String>,
    limit: usize,
}

/// The candidates of a search up to where it stopped looking.
#[derive(Default)]
struct Found {
    candidates: Vec<(Candidate, AgentRecord)>,
    looked_at: usize,
    /// The place that was looked at last, when there may be more behind it.
    stopped: Option<i64>,
}

impl Search<'_> {
    /// Looks at the newest rows with places in a range.
    fn look(&self, (before, last): (i64, i64), found: &mut Found) -> Result<(), IndexError> {
        let (block, pinned) = self.at;
        let question = if self.wanted.is_empty() {
            format!("SELECT {AGENT} FROM agent a WHERE a.place > ?1 AND a.place <= ?2 ORDER BY a.place")
        } else {
            // The table of terms gives its rows by place, so none is sorted and none is read in vain.
            format!(
                "SELECT {AGENT} FROM found CROSS JOIN agent a ON a.place = found.rowid
                 WHERE found.rowid > ?1 AND found.rowid <= ?2 AND found MATCH ?3 ORDER BY found.rowid"
            )
        };
        let mut statement = self.from.prepare_cached(&question)?;
        let expression = terms::expression(&self.wanted);
        let mut rows = if self.wanted.is_empty() {
            statement.query(params![before, last])?
        } else {
            statement.query(params![before, last, expression])?
        };
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(0)?;
            if found.candidates.len() > self.limit {
                break;
            }
            found.looked_at += 1;
            if found.looked_at > LOOKED_AT_MAX {
                found.stopped = Some(place - 1);
                break;
            }
            if pinned && row.get::<_, i64>(5)? > number(block.0) {
                continue;
            }
            let candidate = Candidate::read(row)?;
            if candidate.is_wanted(self.query) {
                let record = self.record(candidate.place)?;
                found.candidates.push((candidate, record));
            }
        }
        Ok(())
    }

    /// Rows with places in a range that ended since the height.
    fn past(&self, (before, last): (i64, i64)) -> Result<Vec<(Candidate, AgentRecord)>, IndexError> {
        let (block, pinned) = self.at;
        if !pinned {
            return Ok(Vec::new());
        }
        let question = format!(
            "SELECT {AGENT}, a.bytes FROM agent_past a
             WHERE a.chain = ? AND a.until > ? AND a.since <= ? AND a.place > ? AND a.place <= ?"
        );
        let mut statement = self.from.prepare_cached(&question)?;
        let height = number(block.0);
        let mut rows = statement.query(params![self.chain, height, height, before, last])?;
        let mut candidates = Vec::new();
        while let Some(row) = rows.next()? {
            let candidate = Candidate::read(row)?;
            if candidate.is_wanted(self.query) {
                let record = column::record(row.get_ref(6)?.as_blob().unwrap_or_default())?;
                if terms::has(&terms::of_profile(&record.profile), &self.wanted) {
                    candidates.push((candidate, record));
                }
            }
        }
        Ok(candidates)
    }

    /// One row more than is wanted, if there are so many, in order.
    fn run(&self, slot: i64, after: i64) -> Result<Found, IndexError> {
        let mut found = Found::default();
        let stake_min = self.query.stake_min.unwrap_or(Amount::from_base_units(0));
        let lives: &[bool] = if self.query.include_expired { &[true, false] } else { &[true] };
        for live in lives {
            let (before, last) = place::range(slot, *live, stake_min)?;
            if after >= last || found.stopped.is_some() || found.candidates.len() > self.limit {
                continue;
            }
            let range = (before.max(after), last);
            self.look(range, &mut found)?;
            found.candidates.extend(self.past((range.0, found.stopped.unwrap_or(last)))?);
        }
        found.candidates.sort_by_key(|(candidate, _)| candidate.place);
        Ok(found)
    }

    fn record(&self, place: i64) -> Result<AgentRecord, IndexError> {
        let mut statement = self.from.prepare_cached("SELECT bytes FROM record WHERE place = ?")?;
        let bytes: Vec<u8> = statement.query_row([place], |row| row.get(0))?;
        column::record(&bytes)
    }

    fn row(&self, live: bool, record: AgentRecord) -> Result<AgentRow, IndexError> {
        let own = identity_at(self.from, self.chain, self.at, &record.id)?;
        let inactive = match &own {
            Some(own) if own.status != Status::Active => Some(own.id),
            Some(own) => self.inactive_above(own.parent)?,
            None => None,
        };
        let alias = own.and_then(|own| own.alias);
        Ok(AgentRow { record, live, inactive, alias })
    }

    /// The nearest identity upwards that is not active, as far as the index knows.
    fn inactive_above(&self, mut next: Option<AutoId>) -> Result<Option<AutoId>, IndexError> {
        for _ in 0..=autoid_core::limits::TREE_DEPTH_MAX {
            let Some(id) = next else { return Ok(None) };
            let Some(above) = identity_at(self.from, self.chain, self.at, &id)? else { return Ok(None) };
            if above.status != Status::Active {
                return Ok(Some(id));
            }
            next = above.parent;
        }
        Ok(None)
    }
}

impl Index {
    /// Agents, in the order of [`AgentQuery`].
    ///
    /// A page looks at a bounded number of agents, however few of them are what is wanted; see
    /// [`Page::next`].
    ///
    /// # Errors
    /// When the height is not in the index or forgotten, the question is too long, or the index cannot be
    /// read.
    pub fn agents(
        &self,
        at: At,
        query: &AgentQuery,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<AgentRow>, IndexError> {
        if limit > PAGE_MAX {
            return Err(IndexError::TooMuch("rows"));
        }
        let after = after.map_or(Ok(-1), |cursor| i64::try_from(cursor.0)).map_err(|_| IndexError::Cursor)?;
        let wanted = terms::of_query(query)?;
        self.read(|from| {
            let chain = column::chain(at.domain);
            let at = height(from, chain, at.block)?;
            let Some(wanted) = wanted else { return Ok(Page { rows: Vec::new(), next: None, block: at.0 }) };
            let slot = from.query_row("SELECT slot FROM chain WHERE chain = ?", [chain], |row| row.get(0))?;
            let search = Search { from, chain, at, query, wanted, limit };
            let mut found = search.run(slot, after)?;
            let mut next = found.stopped;
            if found.candidates.len() > limit {
                found.candidates.truncate(limit);
                next = found.candidates.last().map(|(last, _)| last.place);
            }
            let row = |(candidate, record): (Candidate, AgentRecord)| {
                Ok((Cursor(column::unsigned(candidate.place)?), search.row(candidate.live, record)?))
            };
            let rows = found.candidates.into_iter().map(row).collect::<Result<_, IndexError>>()?;
            let next = next.map(column::unsigned).transpose()?.map(Cursor);
            Ok(Page { rows, next, block: at.0 })
        })
    }

    /// An agent.
    ///
    /// # Errors
    /// When the height is not in the index or forgotten, or the index cannot be read.
    pub fn agent(&self, at: At, id: &AutoId) -> Result<Option<AgentRow>, IndexError> {
        self.read(|from| {
            let chain = column::chain(at.domain);
            let at = height(from, chain, at.block)?;
            let question = "SELECT live, bytes FROM agent JOIN record USING (place)
                 WHERE chain = ?1 AND id = ?2 AND since <= ?3 UNION ALL
                 SELECT live, bytes FROM agent_past
                 WHERE chain = ?1 AND id = ?2 AND since <= ?3 AND until > ?3";
            let read = |row: &Row<'_>| Ok((row.get::<_, bool>(0)?, row.get::<_, Vec<u8>>(1)?));
            let found = from
                .prepare_cached(question)?
                .query_row(params![chain, id.0, number(at.0.0)], read)
                .optional()?;
            let query = &AgentQuery::default();
            let search = Search { from, chain, at, query, wanted: BTreeSet::new(), limit: 1 };
            found.map(|(live, bytes)| search.row(live, column::record(&bytes)?)).transpose()
        })
    }
}
