//! Checking afterwards what an identity did: by the log in the state and the entries that events carried.
//!
//! Nothing here needs a node. The state may be a witness that was proven under a state root, the entries may come
//! from anyone: an entry that was changed, dropped, added or moved does not lead to the root in the log.

use crate::{Deed, Entry, LOGS, Log, PENDING, USAGE};
use auto_core::{Amount, ErrorCode};
use auto_module::{INHERENT, StoredError};
use auto_state::StateRead;
use auto_state::mmr::Mmr;
use autoid_core::{Answerer, AutoId, Failure, GrantId, Refusal, who_answers};
use autoid_interface::{CLOCK, GRANTS, IDENTITIES, REVOKED, StateView};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeSet;

/// Why what was shown is not what happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// An entry is out of place.
    #[error("entry {found} where entry {expected} belongs")]
    Gap {
        /// The position that is due.
        expected: u64,
        /// The position of the entry.
        found: u64,
    },
    /// The entries do not lead to the root.
    #[error("the entries are not those of the log")]
    Root,
    /// An outcome or a missed outcome of no act that waits for it.
    #[error("entry {0} ends an act that does not wait for it")]
    EndsNothing(u64),
    /// The counters do not fit the entries.
    #[error("the counters of the log do not fit its entries")]
    Counters,
    /// What was spent does not fit what the meter counts.
    #[error("grant {grant}: entries of {entries}, the meter counts {meter}")]
    Spend {
        /// The grant.
        grant: GrantId,
        /// What the entries say.
        entries: Amount,
        /// What the meter says.
        meter: Amount,
    },
    /// A rule of identities is broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for AuditError {
    fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "AGT-0101",
            Self::Root => "AGT-0102",
            Self::EndsNothing(_) => "AGT-0103",
            Self::Counters => "AGT-0104",
            Self::Spend { .. } => "AGT-0105",
            Self::Refused(refusal) => refusal.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

impl From<Failure<StoredError>> for AuditError {
    fn from(failure: Failure<StoredError>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::View(error) => Self::Stored(error),
        }
    }
}

/// A log from some entry on, to be checked against the log in a state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Extract {
    /// The log before its first entry that is shown; empty for a whole log.
    pub before: Mmr,
    /// The entries since.
    pub entries: Vec<Entry>,
}

impl Extract {
    /// Holds the extract to the log of `agent`.
    ///
    /// # Errors
    /// When an entry is out of place or the entries do not lead to the root.
    pub fn verify(&self, agent: &AutoId, log: &Log) -> Result<(), AuditError> {
        let mut range = self.before.clone();
        for entry in &self.entries {
            if entry.position != range.leaves() {
                return Err(AuditError::Gap { expected: range.leaves(), found: entry.position });
            }
            range.append_hash(entry.hash(agent)).ok_or(AuditError::Root)?;
        }
        if range == log.range { Ok(()) } else { Err(AuditError::Root) }
    }

    /// Whether it shows the log from its first entry on.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.before.leaves() == 0
    }
}

/// What a whole log adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Acts.
    pub acts: u64,
    /// Acts whose outcome was stated.
    pub ended: u64,
    /// Acts whose outcome was overdue.
    pub missed: u64,
    /// Acts that wait for their outcome.
    pub waiting: BTreeSet<u64>,
    /// What was paid.
    pub paid: Amount,
}

impl Tally {
    /// Adds up the entries of a whole log.
    ///
    /// # Errors
    /// When an outcome belongs to no act, or a sum overflows.
    pub fn of(entries: &[Entry]) -> Result<Self, AuditError> {
        let mut tally = Self::default();
        for entry in entries {
            match &entry.deed {
                Deed::Acted { act, .. } => {
                    if *act != tally.acts {
                        return Err(AuditError::Counters);
                    }
                    tally.waiting.insert(*act);
                    tally.acts = tally.acts.saturating_add(1);
                }
                Deed::Ended { act, .. } | Deed::Missed { act } => {
                    if !tally.waiting.remove(act) {
                        return Err(AuditError::EndsNothing(entry.position));
                    }
                    let count = match entry.deed {
                        Deed::Missed { .. } => &mut tally.missed,
                        _ => &mut tally.ended,
                    };
                    *count = count.saturating_add(1);
                }
                Deed::Settled { .. } | Deed::Refunded { .. } => {}
            }
            let paid = paid_by(&entry.deed).map_or(Amount::ZERO, |(_, amount)| amount);
            tally.paid = tally.paid.checked_add(paid).ok_or(AuditError::Counters)?;
        }
        Ok(tally)
    }

    fn fits(&self, log: &Log) -> bool {
        (self.acts, self.ended, self.missed, self.paid) == (log.acts, log.ended, log.missed, log.paid)
    }
}

/// What a deed paid for good, and under which grant.
fn paid_by(deed: &Deed) -> Option<(Option<GrantId>, Amount)> {
    match deed {
        Deed::Acted { grant, payment: Some(payment), .. } if !payment.escrowed => {
            Some((*grant, payment.amount))
        }
        Deed::Settled { grant, paid, .. } => Some((*grant, *paid)),
        _ => None,
    }
}

/// What the entries of a log paid under a grant; `None` when it overflows.
#[must_use]
pub fn spent_under(entries: &[Entry], grant: &GrantId) -> Option<Amount> {
    let mut paid = entries.iter().filter_map(|entry| paid_by(&entry.deed));
    paid.try_fold(
        Amount::ZERO,
        |sum, (under, amount)| {
            if under == Some(*grant) { sum.checked_add(amount) } else { Some(sum) }
        },
    )
}

/// What an audit found in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// The way from the identity to the top of its tree.
    pub answerers: Vec<Answerer>,
    /// The log.
    pub log: Log,
    /// What a whole log adds up to; nothing of a part.
    pub tally: Option<Tally>,
    /// Acts whose outcome is overdue, noted or not.
    pub overdue: Vec<u64>,
    /// What was paid under each grant that was asked for.
    pub spent: Vec<(GrantId, Amount)>,
}

/// Audits an identity over a state, which may be a witness: who answers for it, whether the extract is its log, and
/// with a whole log whether counters and the meters of `grants` fit.
///
/// # Errors
/// The first thing that does not fit, or that the state cannot be read.
pub fn audit(
    state: &dyn StateRead,
    agent: &AutoId,
    extract: &Extract,
    grants: &[GrantId],
) -> Result<Findings, AuditError> {
    let answerers = who_answers(&StateView::new(state)?, agent)?;
    let log = LOGS.get(state, agent)?.unwrap_or_default();
    extract.verify(agent, &log)?;
    let mut overdue: Vec<u64> = Vec::new();
    for entry in &extract.entries {
        if let Deed::Missed { act } = entry.deed {
            overdue.push(act);
        }
    }
    let mut findings = Findings { answerers, log, tally: None, overdue, spent: Vec::new() };
    if !extract.is_whole() {
        return Ok(findings);
    }
    let tally = Tally::of(&extract.entries)?;
    if !tally.fits(&findings.log) {
        return Err(AuditError::Counters);
    }
    let number = INHERENT.get(state)?.map_or(0, |inherent| inherent.number.0);
    for act in &tally.waiting {
        let pending = PENDING.get(state, &(*agent, *act))?.ok_or(AuditError::Counters)?;
        if pending.due < number {
            findings.overdue.push(*act);
        }
    }
    for id in grants {
        let entries = spent_under(&extract.entries, id).ok_or(AuditError::Counters)?;
        // Only the chain's own money is spent here, so one meter of a grant counts at most.
        let usage = USAGE.get(state, id)?.unwrap_or_default();
        let own = usage.meters.iter().try_fold(Amount::ZERO, |sum, meter| sum.checked_add(meter.own));
        let meter = own.ok_or(AuditError::Counters)?;
        if entries != meter {
            return Err(AuditError::Spend { grant: *id, entries, meter });
        }
        findings.spent.push((*id, entries));
    }
    findings.tally = Some(tally);
    Ok(findings)
}

/// The keys that an audit reads: what a proof has to show.
///
/// # Errors
/// When the state cannot be read.
pub fn keys(
    state: &dyn StateRead,
    agent: &AutoId,
    extract: &Extract,
    grants: &[GrantId],
) -> Result<Vec<Vec<u8>>, AuditError> {
    let view = StateView::new(state)?;
    let mut keys = BTreeSet::from([INHERENT.key(), CLOCK.key(), LOGS.key(agent)]);
    keys.extend(who_answers(&view, agent)?.iter().map(|one| IDENTITIES.key(&one.id)));
    if extract.is_whole() {
        let waiting = Tally::of(&extract.entries)?.waiting;
        keys.extend(waiting.into_iter().map(|act| PENDING.key(&(*agent, act))));
    }
    for id in grants {
        keys.extend([GRANTS.key(id), USAGE.key(id)]);
        if let Some(stored) = GRANTS.get(state, id)? {
            let grant = stored.grant.body();
            keys.insert(REVOKED.key(&(grant.iss, grant.rev.list)));
            keys.extend(who_answers(&view, &grant.iss)?.iter().map(|one| IDENTITIES.key(&one.id)));
        }
    }
    Ok(keys.into_iter().collect())
}
