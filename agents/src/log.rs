//! The log of an identity: what it did, and what came of it, in the order in which the chain saw it.
//!
//! A log is a Merkle mountain range over its entries. The state keeps its peaks and counters, events carry the
//! entries. As only the chain appends, a log has one history: no fork, no gap, no entry changed or dropped
//! without another root.

use crate::authority::Now;
use crate::perform::Performed;
use crate::{Agents, AgentsError, CLEARED_PER_ACT, Ending, Event, LOGS, PENDING, Params, view};
use auto_core::{Amount, Hash, hash_parts};
use auto_module::Events;
use auto_state::StateWrite;
use auto_state::mmr::Mmr;
use autoid_core::{AutoId, CallDigest, GrantId, Payee, Time};
use parity_scale_codec::{Decode, Encode};

/// Separates the entries of logs from all other hashes.
const ENTRY_TAG: &[u8] = b"auto/v1/agents/entry\0";
/// Separates intents.
const INTENT_TAG: &[u8] = b"auto/v1/agents/intent\0";

/// Why an agent does what it does, stated before it does it. The call that it goes with names its digest, and
/// the log names the call: neither can be exchanged later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Intent {
    /// Hash of the policy that the agent decided by, or of what it was told.
    pub policy: Hash,
    /// Hash of the model's manifest.
    pub model: Hash,
    /// Root over what the agent had before it.
    pub inputs: Hash,
}

impl Intent {
    /// What a call names of it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        hash_parts(INTENT_TAG, &[&self.encode()]).0
    }
}

/// Money that an act moves.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Payment {
    /// Who receives it.
    pub payee: Payee,
    /// How much at most.
    pub amount: Amount,
    /// Whether an escrow holds it; its number is the digest of the call.
    pub escrowed: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Deed {
    /// The identity acted.
    #[codec(index = 0)]
    Acted {
        /// Its number among the acts of the identity, from 0 on.
        act: u64,
        /// The call.
        call: CallDigest,
        /// The grant under which it was made; none when an owner acts without grants.
        grant: Option<GrantId>,
        /// On whose behalf.
        subject: AutoId,
        /// Why.
        intent: Intent,
        /// What it paid or reserved.
        payment: Option<Payment>,
        /// The last block in which the outcome is not overdue.
        due: u64,
    },
    /// What came of an act.
    #[codec(index = 1)]
    Ended {
        /// The act.
        act: u64,
        /// How it ended.
        status: Ending,
        /// Root over what came out.
        outputs: Hash,
        /// What it cost beside what was paid here, in base units.
        cost: Amount,
        /// Root over what else it changed.
        side_effects: Hash,
        /// Who confirmed it with a signature of their own.
        confirmed_by: Option<AutoId>,
    },
    /// Nobody said what came of an act while it was due.
    #[codec(index = 2)]
    Missed {
        /// The act.
        act: u64,
    },
    /// The payee of an escrow took its part; the rest is back where it came from.
    #[codec(index = 3)]
    Settled {
        /// The call that opened the escrow.
        escrow: CallDigest,
        /// The grant under which it was opened; none when an owner opened it without grants.
        grant: Option<GrantId>,
        /// What was paid.
        paid: Amount,
    },
    /// An escrow ended without a payment.
    #[codec(index = 4)]
    Refunded {
        /// The call that opened the escrow.
        escrow: CallDigest,
    },
}

/// An entry of a log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Its position in the log, from 0 on.
    pub position: u64,
    /// Block of the domain.
    pub block: u64,
    /// Time of the chain in that block.
    pub time: Time,
    /// What happened.
    pub deed: Deed,
}

impl Entry {
    /// The leaf that stands for the entry in the log of an identity.
    #[must_use]
    pub fn hash(&self, of: &AutoId) -> Hash {
        hash_parts(ENTRY_TAG, &[&of.0, &self.encode()])
    }
}

/// What the state keeps of a log. No counter ever falls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Log {
    /// The entries.
    pub range: Mmr,
    /// How many acts there were.
    pub acts: u64,
    /// Of how many the outcome was stated.
    pub ended: u64,
    /// Of how many it was overdue.
    pub missed: u64,
    /// The first act that may still wait for its outcome.
    pub oldest: u64,
    /// What it paid, escrows by what was settled.
    pub paid: Amount,
}

impl Log {
    /// The root over all entries.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.range.root()
    }

    /// Number of entries.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.range.leaves()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many acts wait for their outcome.
    #[must_use]
    pub const fn waiting(&self) -> u64 {
        self.acts.saturating_sub(self.ended).saturating_sub(self.missed)
    }
}

/// An act that waits for its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Pending {
    /// The call.
    pub call: CallDigest,
    /// The last block in which the outcome is not overdue.
    pub due: u64,
}

/// A log that is open for writing; [`Writer::close`] puts it back.
pub(crate) struct Writer<'a> {
    id: AutoId,
    log: Log,
    now: Now,
    events: &'a mut Events,
}

impl<'a> Writer<'a> {
    /// Opens the log of an identity.
    pub(crate) fn open(
        state: &dyn StateWrite,
        id: AutoId,
        now: Now,
        events: &'a mut Events,
    ) -> Result<Self, AgentsError> {
        let log = LOGS.get(state, &id)?.unwrap_or_default();
        Ok(Self { id, log, now, events })
    }

    /// Appends what happened.
    pub(crate) fn append(&mut self, deed: Deed) -> Result<(), AgentsError> {
        let (block, time) = (self.now.number, self.now.time);
        let entry = Entry { position: self.log.len(), block, time, deed };
        self.log.range.append_hash(entry.hash(&self.id)).ok_or(AgentsError::Overflow)?;
        self.events.emit::<Agents>(&Event::Logged { agent: self.id, entry: Box::new(entry) });
        Ok(())
    }

    /// Notes that the oldest acts are overdue, and passes over those that were answered.
    pub(crate) fn clear_overdue(&mut self, state: &mut dyn StateWrite) -> Result<(), AgentsError> {
        for _ in 0..CLEARED_PER_ACT {
            let act = self.log.oldest;
            if act >= self.log.acts {
                break;
            }
            match PENDING.get(state, &(self.id, act))? {
                Some(pending) if pending.due >= self.now.number => break,
                Some(_) => {
                    PENDING.delete(state, &(self.id, act));
                    self.log.missed = next(self.log.missed)?;
                    self.append(Deed::Missed { act })?;
                }
                None => {}
            }
            self.log.oldest = next(self.log.oldest)?;
        }
        Ok(())
    }

    /// Notes an act, which waits for its outcome from now on, and gives its number.
    ///
    /// # Errors
    /// When too many acts wait for their outcome.
    pub(crate) fn acted(
        &mut self,
        state: &mut dyn StateWrite,
        performed: &Performed,
        intent: Intent,
        escrowed: bool,
    ) -> Result<u64, AgentsError> {
        self.clear_overdue(state)?;
        let Params { pending_max, outcome_blocks, .. } = view::params(state)?;
        if self.log.waiting() >= pending_max {
            return Err(AgentsError::TooManyPending { limit: pending_max });
        }
        let (act, call) = (self.log.acts, performed.digest);
        let due = self.now.number.saturating_add(outcome_blocks);
        let payment = performed.spend.map(|(amount, payee)| Payment { payee, amount, escrowed });
        let (grant, subject) = (performed.grant, performed.subject);
        self.append(Deed::Acted { act, call, grant, subject, intent, payment, due })?;
        PENDING.put(state, &(self.id, act), &Pending { call, due });
        self.log.acts = next(act)?;
        Ok(act)
    }

    /// Notes that an act has its outcome.
    pub(crate) fn ended(&mut self, state: &mut dyn StateWrite, act: u64) -> Result<(), AgentsError> {
        PENDING.delete(state, &(self.id, act));
        self.log.ended = next(self.log.ended)?;
        Ok(())
    }

    /// Notes a payment.
    pub(crate) fn paid(&mut self, amount: Amount) -> Result<(), AgentsError> {
        self.log.paid = self.log.paid.checked_add(amount).ok_or(AgentsError::Overflow)?;
        Ok(())
    }

    /// Puts the log back.
    pub(crate) fn close(self, state: &mut dyn StateWrite) {
        LOGS.put(state, &self.id, &self.log);
    }
}

fn next(count: u64) -> Result<u64, AgentsError> {
    count.checked_add(1).ok_or(AgentsError::Overflow)
}
