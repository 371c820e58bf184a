//! Checking an audit without a node.

use super::AuditFile;
use crate::SdkError;
use crate::identity::grant::chain;
use crate::proven::decoded;
use auto_agents::{Extract, Findings, audit};
use auto_core::{Amount, BlockNumber, DomainId, Hash};
use auto_state::StateRead;
use autoid_core::verify::{Memo as _, Remembered, check_issue};
use autoid_core::{AutoId, Did, Failure, Genesis, Grant, GrantId, Point, Refusal, Sign1, Trust, View as _};
use autoid_interface::{StateView, network_of};

/// What whoever checks knows from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trusted {
    /// Hash of a consensus block that is known to be on the chain.
    pub block_hash: Option<Hash>,
    /// The newest block of the domain that is known of.
    pub head: Option<u64>,
}

/// A grant under which the agent acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFinding {
    /// Its id.
    pub id: GrantId,
    /// The grant; nothing when it ran out and is not stored any more.
    pub grant: Option<Grant>,
    /// Why it does not hold as of the state; nothing when it does.
    pub refusal: Option<Refusal>,
    /// What was paid under it, when the log is whole.
    pub spent: Option<Amount>,
}

/// What an audit shows, once it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The agent.
    pub agent: AutoId,
    /// Its network.
    pub network: Genesis,
    /// The domain.
    pub domain: DomainId,
    /// The domain's block, and its time.
    pub point: Point,
    /// The consensus block that has to be trusted.
    pub block: BlockNumber,
    /// Its hash.
    pub block_hash: Hash,
    /// Whether that hash was known from elsewhere.
    pub is_pinned: bool,
    /// Whether the receipt of the domain's block can no longer be challenged.
    pub is_confirmed: bool,
    /// The log from some entry on.
    pub extract: Extract,
    /// What it adds up to, and who answers for the agent.
    pub findings: Findings,
    /// The grants under which the agent acted.
    pub grants: Vec<GrantFinding>,
}

fn wrong(reason: &str) -> SdkError {
    SdkError::Proof(reason.to_owned())
}

/// Whether the last grant of a chain holds as of a state.
fn standing(
    state: &dyn StateRead,
    id: &GrantId,
    (network, head): (&Genesis, Option<u64>),
) -> Result<(Option<Grant>, Option<Refusal>), SdkError> {
    let Some(stored) = chain(state, id)? else { return Ok((None, None)) };
    let view = StateView::new(state)?;
    let Point { block, time } = view.point();
    let mut memo = Remembered::new(stored.len());
    stored.iter().for_each(|(id, stored)| memo.learn(stored.fact(*id)));
    let grants: Vec<Sign1<Grant>> = stored.into_iter().map(|(_, stored)| stored.grant).collect();
    let Some(last) = grants.last() else { return Ok((None, None)) };
    if last.id(network) != *id {
        return Err(wrong("a grant is not the one that its id says"));
    }
    let own = AutoId([0; 32]);
    let trust = Trust {
        now: time,
        head: head.unwrap_or(block).max(block),
        audience: own,
        binding: None,
        genesis: *network,
    };
    let refusal = match check_issue(&grants, &view, &trust, &mut memo) {
        Ok(_) => None,
        Err(Failure::Refused(refusal)) => Some(refusal),
        Err(Failure::View(error)) => return Err(error.into()),
    };
    Ok((Some(last.body().clone()), refusal))
}

/// Everything that an audit looks at in the state of the domain.
pub(super) fn examine(
    state: &dyn StateRead,
    (agent, network): (&AutoId, &Genesis),
    extract: &Extract,
    grants: &[GrantId],
    head: Option<u64>,
) -> Result<(Point, Findings, Vec<GrantFinding>), SdkError> {
    let findings = audit(state, agent, extract, grants)?;
    let point = StateView::new(state)?.point();
    let spent = |id| findings.spent.iter().find(|(known, _)| *known == id).map(|(_, amount)| *amount);
    let mut found = Vec::new();
    for id in grants {
        let (grant, refusal) = standing(state, id, (network, head))?;
        found.push(GrantFinding { id: *id, grant, refusal, spent: spent(*id) });
    }
    Ok((point, findings, found))
}

impl AuditFile {
    /// Checks everything there is to check, without a node.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn verify(&self, trusted: &Trusted) -> Result<Audited, SdkError> {
        let held = self.shown.check(trusted.block_hash)?;
        let domain = held.receipt.domain;
        let network = network_of(&self.shown.genesis, domain);
        let agent = self.agent.parse::<Did>()?.on(&network)?;
        let extract: Extract = decoded(&self.extract.0, "log")?;
        let grants = self.grants.iter().map(|id| id.parse()).collect::<Result<Vec<GrantId>, _>>()?;
        let is_rising = grants.iter().zip(grants.iter().skip(1)).all(|(one, next)| one < next);
        if !is_rising {
            return Err(wrong("the grants are out of order"));
        }
        let examined =
            |state: &dyn StateRead, head| examine(state, (&agent, &network), &extract, &grants, head);
        // What makes a state too old is not part of what it shows.
        held.read(|state| examined(state, None))?;
        let (point, findings, grants) = held.look(|state| examined(state, trusted.head))?;
        Ok(Audited {
            agent,
            network,
            domain,
            point,
            block: held.header.number,
            block_hash: self.shown.block_hash,
            is_pinned: trusted.block_hash.is_some(),
            is_confirmed: held.is_confirmed,
            findings,
            grants,
            extract,
        })
    }
}
