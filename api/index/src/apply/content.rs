//! Rows of content.

use super::Writing;
use crate::IndexError;
use auto_core::Hash;
use autoid_provenance::Sealed;
use rusqlite::params;

impl Writing<'_> {
    /// Puts the row of an object, if it is a signed manifest that was not stored before.
    pub(super) fn content(&mut self, object: &[u8]) -> Result<(), IndexError> {
        let Ok(sealed) = Sealed::from_bytes(object) else { return Ok(()) };
        let manifest = sealed.manifest();
        let number = self.numbered();
        let added = self
            .to
            .prepare_cached("INSERT OR IGNORE INTO content VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![
                number,
                sealed.id().0,
                manifest.content,
                manifest.author.0,
                manifest.acting.map(|acting| acting.agent.0),
                self.number,
                Hash::of_object(object).0,
                object
            ])?;
        if added == 0 {
            return Ok(());
        }
        let mut parents = self.to.prepare_cached("INSERT INTO content_parent VALUES (?, ?)")?;
        for parent in &manifest.parents {
            parents.execute(params![parent, number])?;
        }
        Ok(())
    }
}
