//! Rows of identities.

use super::Writing;
use crate::IndexError;
use auto_state::StateRead;
use autoid_core::AutoId;
use autoid_interface::{ALIAS_OF, ALIASES, IDENTITIES};
use parity_scale_codec::Encode;
use rusqlite::{OptionalExtension, params};

impl Writing<'_> {
    /// Puts the row of an identity as the state has it. The row before is kept for pinned heights.
    pub(super) fn identity(&mut self, id: &AutoId, state: &dyn StateRead) -> Result<(), IndexError> {
        let Some(record) = IDENTITIES.get(state, id)? else { return Ok(()) };
        let look = ALIAS_OF.get(state, id)?;
        let alias = match &look {
            Some(look) => ALIASES.get(state, look)?.map(|taken| taken.alias.to_string()),
            None => None,
        };
        let number = match self.end_identity(id)? {
            Some(number) => number,
            None => self.numbered(),
        };
        self.to.prepare_cached("INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                self.chain,
                id.0,
                number,
                record.kind.encode(),
                record.status.encode(),
                record.parent.map(|parent| parent.0),
                alias,
                look.map(|look| look.encode()),
                crate::column::number(record.version()),
                crate::column::number(record.created),
                crate::column::number(record.updated),
                self.number
            ],
        )?;
        Ok(())
    }

    /// Ends the row of an identity, and gives its number.
    fn end_identity(&self, id: &AutoId) -> Result<Option<i64>, IndexError> {
        let row = self
            .to
            .prepare_cached("SELECT number, since FROM identity WHERE chain = ? AND id = ?")?
            .query_row(params![self.chain, id.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        let Some((number, since)) = row else { return Ok(None) };
        if since < self.number {
            self.to
                .prepare_cached(
                    "INSERT INTO identity_past SELECT *, ? FROM identity WHERE chain = ? AND id = ?",
                )?
                .execute(params![self.number, self.chain, id.0])?;
        }
        self.to
            .prepare_cached("DELETE FROM identity WHERE chain = ? AND id = ?")?
            .execute(params![self.chain, id.0])?;
        Ok(Some(number))
    }
}
