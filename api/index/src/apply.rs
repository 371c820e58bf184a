//! Adding a block: what happened says which rows change, the state after it says how.

mod agents;
mod content;
mod identities;

use crate::column::{self, number};
use crate::{Block, ContentBlock, Index, IndexError};
use auto_agents::Agents;
use auto_core::{BlockNumber, Hash};
use auto_module::Module;
use auto_state::StateRead;
use autoid::Autoid;
use autoid_core::AutoId;
use autoid_interface::GRANTS;
use parity_scale_codec::{Decode, Encode};
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::BTreeSet;

/// Blocks for which the index can be rewound, and be asked at a pinned height.
pub const HISTORY_BLOCKS: u64 = 1_024;

/// A block that is being added.
struct Writing<'a> {
    to: &'a Transaction<'a>,
    chain: i64,
    slot: i64,
    number: i64,
    /// Chain time in the block; zero on the consensus chain, where nothing asks for it.
    time: i64,
    /// The number that the next row gets which is numbered.
    next: i64,
}

impl Writing<'_> {
    fn numbered(&mut self) -> i64 {
        let taken = self.next;
        self.next += 1;
        taken
    }
}

/// What was named, each once, in the order in which it was named first.
#[derive(Default)]
struct Named {
    order: Vec<AutoId>,
    known: BTreeSet<AutoId>,
}

impl Named {
    fn add(&mut self, id: AutoId) {
        if self.known.insert(id) {
            self.order.push(id);
        }
    }
}

/// What changed, by what happened.
#[derive(Default)]
struct Changed {
    identities: Named,
    agents: Named,
}

fn event<T: Decode>(module: &'static str, at: BlockNumber, bytes: &[u8]) -> Result<T, IndexError> {
    let mut rest = bytes;
    let event = T::decode(&mut rest).ok().filter(|_| rest.is_empty());
    event.ok_or(IndexError::Foreign(module, at))
}

impl Index {
    /// Adds a block of a domain, with the state after it. The newest block once more changes nothing.
    ///
    /// # Errors
    /// When it does not follow the newest one, its events do not decode, or the state cannot be read; the
    /// index is then as before.
    pub fn apply(&self, block: &Block<'_>, state: &dyn StateRead) -> Result<(), IndexError> {
        self.write(|to| {
            let chain = column::chain(block.domain);
            let Some(mut writing) = begin(to, chain, block.number, &block.hash, &block.parent)? else {
                return Ok(());
            };
            writing.time = number(block.time.0);
            let mut changed = Changed::default();
            for happening in block.happenings {
                if happening.module == Autoid::ID {
                    let event = event(Autoid::NAME, block.number, happening.event)?;
                    writing.autoid(event, state, &mut changed)?;
                } else if happening.module == Agents::ID {
                    let event = event(Agents::NAME, block.number, happening.event)?;
                    writing.agents(event, happening.extrinsic, &mut changed)?;
                }
            }
            for id in changed.identities.order {
                writing.identity(&id, state)?;
                changed.agents.add(id);
            }
            for id in writing.run_out()? {
                changed.agents.add(id);
            }
            writing.place_agents(&changed.agents.order, state)?;
            finish(&writing, &block.hash)
        })
    }

    /// Adds a block of the consensus chain. The newest block once more changes nothing.
    ///
    /// # Errors
    /// When it does not follow the newest one; the index is then as before.
    pub fn apply_content(&self, block: &ContentBlock<'_>) -> Result<(), IndexError> {
        self.write(|to| {
            let begun = begin(to, column::CONSENSUS, block.number, &block.hash, &block.parent)?;
            let Some(mut writing) = begun else { return Ok(()) };
            for object in block.objects {
                writing.content(object)?;
            }
            finish(&writing, &block.hash)
        })
    }
}

/// Begins a block; `None` when it is the newest already.
fn begin<'a>(
    to: &'a Transaction<'a>,
    chain: i64,
    block: BlockNumber,
    hash: &Hash,
    parent: &Hash,
) -> Result<Option<Writing<'a>>, IndexError> {
    let newest = to
        .prepare_cached("SELECT number, hash, next FROM block WHERE chain = ? ORDER BY number DESC LIMIT 1")?
        .query_row([chain], |row| Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?, row.get(2)?)))
        .optional()?;
    let height = number(block.0);
    let Some((newest, newest_hash, next)) = newest else {
        // A chain that begins anew keeps its slot. The consensus chain has one as well, which no agent uses.
        let slot = to.query_row(
            "INSERT INTO chain SELECT ?1, count(*), ?2, ?2 FROM chain WHERE true
             ON CONFLICT (chain) DO UPDATE SET first = excluded.first, oldest = excluded.oldest RETURNING slot",
            params![chain, height],
            |row| row.get(0),
        )?;
        return Ok(Some(Writing { to, chain, slot, number: height, time: 0, next: 0 }));
    };
    if (newest, newest_hash) == (height, hash.0) {
        return Ok(None);
    }
    if newest + 1 != height || newest_hash != parent.0 {
        return Err(IndexError::NotNext { number: block, newest: column::block(newest)? });
    }
    let slot = to.query_row("SELECT slot FROM chain WHERE chain = ?", [chain], |row| row.get(0))?;
    Ok(Some(Writing { to, chain, slot, number: height, time: 0, next }))
}

/// Ends a block, and forgets what is too old to be asked for.
fn finish(writing: &Writing<'_>, hash: &Hash) -> Result<(), IndexError> {
    let Writing { to, chain, number: height, next, .. } = *writing;
    to.prepare_cached("INSERT INTO block VALUES (?, ?, ?, ?)")?
        .execute(params![chain, height, hash.0, next])?;
    let oldest = height - number(HISTORY_BLOCKS) + 1;
    let moved = to
        .prepare_cached("UPDATE chain SET oldest = ?2 WHERE chain = ?1 AND oldest < ?2")?
        .execute(params![chain, oldest])?;
    if moved > 0 {
        for forget in [
            "DELETE FROM block WHERE chain = ? AND number < ?",
            "DELETE FROM identity_past WHERE chain = ? AND until <= ?",
            "DELETE FROM agent_past WHERE chain = ? AND until <= ?",
        ] {
            to.prepare_cached(forget)?.execute(params![chain, oldest])?;
        }
    }
    Ok(())
}

impl Writing<'_> {
    fn autoid(
        &mut self,
        event: autoid::Event,
        state: &dyn StateRead,
        changed: &mut Changed,
    ) -> Result<(), IndexError> {
        use autoid::Event;
        match event {
            Event::Incepted { id, .. }
            | Event::Changed { id, .. }
            | Event::Expired { id }
            | Event::AliasTaken { id, .. }
            | Event::AliasFreed { id, .. } => changed.identities.add(id),
            Event::GrantRegistered { grant, issuer, holder, owner, parent } => {
                // One that is gone by the end of the block could be used by nobody.
                let Some(stored) = GRANTS.get(state, &grant)? else { return Ok(()) };
                let number = self.numbered();
                self.to
                    .prepare_cached(
                        "INSERT OR IGNORE INTO delegation VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
                    )?
                    .execute(params![
                        self.chain,
                        grant.0,
                        number,
                        issuer.0,
                        holder.0,
                        owner.0,
                        parent.map(|parent| parent.0),
                        self.number,
                        stored.grant.encode()
                    ])?;
            }
            Event::GrantRevoked { grant, issuer, place, by } => {
                let number = self.numbered();
                self.to
                    .prepare_cached("INSERT INTO revocation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
                    .execute(params![
                        self.chain,
                        number,
                        self.number,
                        self.time,
                        grant.0,
                        issuer.0,
                        place.list,
                        place.index,
                        by.0
                    ])?;
                self.to
                    .prepare_cached(
                        "UPDATE delegation SET revoked = ? WHERE chain = ? AND id = ? AND revoked IS NULL",
                    )?
                    .execute(params![self.number, self.chain, grant.0])?;
            }
            Event::GrantPruned { grant } => {
                self.to
                    .prepare_cached(
                        "UPDATE delegation SET pruned = ? WHERE chain = ? AND id = ? AND pruned IS NULL",
                    )?
                    .execute(params![self.number, self.chain, grant.0])?;
            }
            Event::AliasCommitted { .. } => {}
        }
        Ok(())
    }

    fn agents(
        &mut self,
        event: auto_agents::Event,
        extrinsic: Option<Hash>,
        changed: &mut Changed,
    ) -> Result<(), IndexError> {
        use auto_agents::Event;
        match event {
            Event::Registered(record) => changed.agents.add(record.id),
            Event::Renewed { agent, .. } | Event::Retired { agent, .. } => changed.agents.add(agent),
            Event::Logged { agent, entry } => {
                self.to.prepare_cached("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
                    self.chain,
                    agent.0,
                    number(entry.position),
                    self.number,
                    extrinsic.map(|hash| hash.0),
                    entry.encode()
                ])?;
            }
            _ => {}
        }
        Ok(())
    }
}
