//! Rows of agents, and the terms that they are found by.

use super::Writing;
use crate::{IndexError, column, place, terms};
use auto_agents::{AgentRecord, RECORDS};
use auto_core::Amount;
use auto_state::StateRead;
use autoid_core::grant::Asset;
use autoid_core::{AutoId, Status};
use autoid_interface::IDENTITIES;
use parity_scale_codec::Encode;
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// A row as it stands.
struct Standing {
    place: i64,
    number: i64,
    since: i64,
    live: bool,
    record: Vec<u8>,
}

/// What a call costs in the chain's own money; `None` when it costs something else.
fn price(record: &AgentRecord) -> Option<[u8; 16]> {
    match record.profile.price {
        None => Some([0; 16]),
        Some(price) if price.asset == Asset::AI3 => {
            Some(column::amount(Amount::from_base_units(price.amount)))
        }
        Some(_) => None,
    }
}

impl Writing<'_> {
    /// Agents that were live until the block before.
    pub(super) fn run_out(&self) -> Result<Vec<AutoId>, IndexError> {
        let mut statement =
            self.to.prepare_cached("SELECT id FROM agent WHERE chain = ? AND live = 1 AND live_until < ?")?;
        let rows = statement.query_map(params![self.chain, self.number], |row| row.get(0).map(AutoId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts the rows of agents as the state has them. Those that are none are passed over.
    pub(super) fn place_agents(
        &mut self,
        agents: &[AutoId],
        state: &dyn StateRead,
    ) -> Result<(), IndexError> {
        // By place, because the table of terms takes rows best in rising order.
        let (mut gone, mut come) = (BTreeSet::new(), BTreeMap::new());
        for id in agents {
            let standing = self.standing(id)?;
            let Some(record) = RECORDS.get(state, id)? else {
                if let Some(standing) = standing {
                    self.end_agent(&standing)?;
                    gone.insert(standing.place);
                }
                continue;
            };
            let active = IDENTITIES.get(state, id)?.is_some_and(|identity| identity.status == Status::Active);
            let height = u64::try_from(self.number).unwrap_or(u64::MAX);
            let live = active && record.is_live(height);
            let bytes = record.encode();
            let number = match &standing {
                Some(standing) if standing.live == live && standing.record == bytes => continue,
                Some(standing) => standing.number,
                None => self.numbered(),
            };
            let place = place::place(self.slot, live, record.profile.stake, number)?;
            let terms = terms::of_profile(&record.profile);
            if let Some(standing) = &standing {
                self.end_agent(standing)?;
            }
            self.put_agent(place, number, live, (&record, &bytes))?;
            if let Some(standing) = standing {
                let before = terms::of_profile(&column::record(&standing.record)?.profile);
                if (standing.place, &before) == (place, &terms) {
                    continue;
                }
                gone.insert(standing.place);
            }
            come.insert(place, terms);
        }
        for place in gone {
            self.to.prepare_cached("DELETE FROM found WHERE rowid = ?")?.execute([place])?;
        }
        for (place, terms) in come {
            self.to
                .prepare_cached("INSERT INTO found (rowid, terms) VALUES (?, ?)")?
                .execute(params![place, terms])?;
        }
        Ok(())
    }

    fn standing(&self, id: &AutoId) -> Result<Option<Standing>, IndexError> {
        let row = self
            .to
            .prepare_cached(
                "SELECT place, number, since, live, bytes FROM agent JOIN record USING (place)
                 WHERE chain = ? AND id = ?",
            )?
            .query_row(params![self.chain, id.0], |row| {
                Ok(Standing {
                    place: row.get(0)?,
                    number: row.get(1)?,
                    since: row.get(2)?,
                    live: row.get(3)?,
                    record: row.get(4)?,
                })
            })
            .optional()?;
        Ok(row)
    }

    /// Ends the row of an agent, which is kept for pinned heights.
    fn end_agent(&self, standing: &Standing) -> Result<(), IndexError> {
        if standing.since < self.number {
            self.to
                .prepare_cached(
                    "INSERT INTO agent_past SELECT *, ? FROM agent JOIN record USING (place) WHERE place = ?",
                )?
                .execute(params![self.number, standing.place])?;
        }
        for remove in ["DELETE FROM agent WHERE place = ?", "DELETE FROM record WHERE place = ?"] {
            self.to.prepare_cached(remove)?.execute([standing.place])?;
        }
        Ok(())
    }

    fn put_agent(
        &self,
        place: i64,
        number: i64,
        live: bool,
        (record, bytes): (&AgentRecord, &[u8]),
    ) -> Result<(), IndexError> {
        self.to.prepare_cached("INSERT INTO agent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                place,
                self.chain,
                record.id.0,
                number,
                record.profile.owner.0,
                price(record),
                column::amount(record.profile.stake),
                live,
                column::number(record.profile.live_until),
                self.number
            ],
        )?;
        self.to.prepare_cached("INSERT INTO record VALUES (?, ?)")?.execute(params![place, bytes])?;
        Ok(())
    }
}
