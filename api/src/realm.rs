//! A domain of identities as of one of its heights: what queries, pages and documents read of it.

use crate::backend::domains;
use crate::{ApiError, Backend, BackendError, FailureKind};
use auto_agents::{AgentRecord, Log, Usage};
use auto_core::{Amount, BlockNumber, DomainId, ErrorCode};
use auto_domains::state::{DOMAIN, DomainRecord, RUNTIME};
use auto_module::bank::BankError;
use auto_module::{Module, StoredError};
use auto_operator::{DomainState, DomainStatus, OperatorError};
use auto_state::StateError;
use autoid::Autoid;
use autoid_core::limits::CHAIN_MAX;
use autoid_core::verify::check_issue;
use autoid_core::{
    Answerer, AutoId, Did, Failure, Genesis, Grant, GrantId, IdentityRecord, NoMemo, Point, Refusal, Sign1,
    Trust, View, who_answers,
};
use autoid_interface::{
    ALIAS_OF, ALIASES, Alias, CERTIFICATES, CertificateDer, GRANTS, IDENTITIES, RevocationList, StateView,
    StoredGrant, network_of,
};

/// Which domain of identities is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The first one that this node follows.
    First,
    /// The one of a number.
    Number(DomainId),
    /// The one whose network a DID names.
    Of(Did),
}

/// A domain of identities, as of one of its heights.
#[derive(Debug, Clone)]
pub(crate) struct Realm {
    pub(crate) domain: DomainId,
    pub(crate) number: BlockNumber,
    /// The network that its identities belong to.
    pub(crate) network: Genesis,
    /// The block and the chain's time there.
    pub(crate) point: Point,
    pub(crate) state: DomainState,
}

/// A failure to read the state of a domain; a state that was forgotten meanwhile is not the node's fault.
pub(crate) fn unread(error: StoredError) -> ApiError {
    let gone = matches!(error, StoredError::State(StateError::Missing(_)));
    let kind = if gone { FailureKind::Unavailable } else { FailureKind::Internal };
    ApiError::Node(BackendError { code: error.code(), kind, message: error.to_string() })
}

fn failed(failure: Failure<StoredError>) -> ApiError {
    match failure {
        Failure::View(error) => unread(error),
        Failure::Refused(refusal) => ApiError::Node(BackendError {
            code: refusal.code(),
            kind: FailureKind::Internal,
            message: refusal.to_string(),
        }),
    }
}

fn refused(error: OperatorError) -> ApiError {
    ApiError::Node(BackendError::from(error))
}

/// The record of a domain at a height of the consensus chain, if identities live there.
fn record(
    node: &dyn Backend,
    domain: DomainId,
    at: Option<BlockNumber>,
) -> Result<Option<DomainRecord>, BackendError> {
    domains(node, at, |state| {
        let Some(record) = DOMAIN.get(state, &domain)? else { return Ok(None) };
        let runtime = RUNTIME.get(state, &record.runtime)?;
        let runs = runtime.is_some_and(|runtime| runtime.modules.contains(&Autoid::ID));
        Ok(runs.then_some(record))
    })
}

/// The domains of identities that this node follows, with what it knows of them.
pub(crate) fn followed(node: &dyn Backend) -> Result<Vec<DomainStatus>, BackendError> {
    let mut found = Vec::new();
    for status in node.domains().map(|handle| handle.domains()).unwrap_or_default() {
        if record(node, status.domain, None)?.is_some() {
            found.push(status);
        }
    }
    Ok(found)
}

impl Realm {
    /// The domain after its newest block as of a height of the consensus chain, or of the head.
    pub(crate) fn open(node: &dyn Backend, which: Which, at: Option<BlockNumber>) -> Result<Self, ApiError> {
        Self::find(node, which, at, |record| record.head)
    }

    /// The domain after its newest block that operators vouched for on the consensus chain.
    pub(crate) fn vouched(node: &dyn Backend, which: Which) -> Result<Self, ApiError> {
        Self::find(node, which, None, |record| record.head_receipt)
    }

    fn find(
        node: &dyn Backend,
        which: Which,
        at: Option<BlockNumber>,
        height: impl Fn(&DomainRecord) -> BlockNumber,
    ) -> Result<Self, ApiError> {
        let genesis = node.genesis();
        let wanted = |domain: DomainId| match which {
            Which::First => true,
            Which::Number(number) => number == domain,
            Which::Of(did) => did.is_on(&network_of(&genesis, domain)),
        };
        let statuses = node.domains().map(|handle| handle.domains()).unwrap_or_default();
        for status in statuses.into_iter().filter(|status| wanted(status.domain)) {
            if let Some(record) = record(node, status.domain, at)? {
                return Self::at(node, &status, height(&record));
            }
        }
        let which = match which {
            Which::First => "that this node follows".to_owned(),
            Which::Number(domain) => format!("{domain} that this node follows"),
            Which::Of(did) => format!("with {did} that this node follows"),
        };
        Err(ApiError::NotFound { what: "domain of identities", which })
    }

    fn at(node: &dyn Backend, status: &DomainStatus, head: BlockNumber) -> Result<Self, ApiError> {
        // A node may have imported a block that its follower has not.
        let (domain, number) = (status.domain, head.min(status.number));
        if number < status.confirmed {
            let wanted = format!("{number} of domain {domain}");
            let (oldest, newest) = (status.confirmed, status.number);
            return Err(ApiError::HeightUnavailable { wanted, oldest, newest });
        }
        let handle = node.domains().ok_or_else(|| refused(OperatorError::NotServed(domain)))?;
        let state = handle.state_at(domain, number).map_err(refused)?;
        let point = StateView::new(&state).map_err(unread)?.point();
        Ok(Self { domain, number, network: network_of(&node.genesis(), domain), point, state })
    }

    fn view(&self) -> Result<StateView<'_>, ApiError> {
        StateView::new(&self.state).map_err(unread)
    }

    /// The identity that a text names: a DID, or the last part of one.
    pub(crate) fn id_of(&self, text: &str) -> Result<AutoId, ApiError> {
        let named = match text.parse::<Did>() {
            Ok(did) => did.on(&self.network),
            Err(_) => text.parse(),
        };
        named.map_err(|_| ApiError::BadValue(not_an_identity(text)))
    }

    /// The DID of an identity.
    pub(crate) fn did(&self, id: &AutoId) -> String {
        id.did(&self.network).to_string()
    }

    /// An identity.
    pub(crate) fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, ApiError> {
        IDENTITIES.get(&self.state, id).map_err(unread)
    }

    /// The alias that points to an identity.
    pub(crate) fn alias(&self, id: &AutoId) -> Result<Option<Alias>, ApiError> {
        let Some(look) = ALIAS_OF.get(&self.state, id).map_err(unread)? else { return Ok(None) };
        Ok(ALIASES.get(&self.state, &look).map_err(unread)?.map(|record| record.alias))
    }

    /// The identity that an alias points to.
    pub(crate) fn named(&self, alias: &Alias) -> Result<Option<AutoId>, ApiError> {
        let found = ALIASES.get(&self.state, &alias.look()).map_err(unread)?;
        Ok(found.filter(|record| record.alias == *alias).map(|record| record.id))
    }

    /// The certificate of an identity.
    pub(crate) fn certificate(&self, id: &AutoId) -> Result<Option<CertificateDer>, ApiError> {
        CERTIFICATES.get(&self.state, id).map_err(unread)
    }

    /// The way from an identity to the top of its tree, itself first.
    pub(crate) fn path(&self, id: &AutoId) -> Result<Vec<Answerer>, ApiError> {
        who_answers(&self.view()?, id).map_err(failed)
    }

    /// A grant that is stored.
    pub(crate) fn grant(&self, id: &GrantId) -> Result<Option<StoredGrant>, ApiError> {
        GRANTS.get(&self.state, id).map_err(unread)
    }

    /// The grants that one rests on, the owner's first, and itself last; fewer when one of them is not stored.
    pub(crate) fn chain(
        &self,
        id: GrantId,
        grant: &Sign1<Grant>,
    ) -> Result<Vec<(GrantId, Sign1<Grant>)>, ApiError> {
        let mut chain = vec![(id, grant.clone())];
        let mut next = grant.body().parent;
        while let Some(id) = next.filter(|_| chain.len() < CHAIN_MAX) {
            let Some(stored) = self.grant(&id)? else { break };
            next = stored.grant.body().parent;
            chain.push((id, stored.grant));
        }
        chain.reverse();
        Ok(chain)
    }

    /// A revocation list of an issuer; an empty one when nothing on it is revoked.
    pub(crate) fn revocations(&self, issuer: &AutoId, list: u32) -> Result<RevocationList, ApiError> {
        let found = autoid_interface::REVOKED.get(&self.state, &(*issuer, list)).map_err(unread)?;
        Ok(found.unwrap_or_default())
    }

    /// Why a chain of grants, the owner's first, cannot be used at this height, whatever is done under it; `None`
    /// when it can. It is the verifier that judges; what is left of budgets is not looked at.
    pub(crate) fn refusal(&self, chain: &[Sign1<Grant>]) -> Result<Option<Refusal>, ApiError> {
        let Point { block: head, time: now } = self.point;
        let trust = Trust { now, head, audience: AutoId([0; 32]), binding: None, genesis: self.network };
        match check_issue(chain, &self.view()?, &trust, &mut NoMemo) {
            Err(Failure::Refused(refusal)) => return Ok(Some(refusal)),
            Err(Failure::View(error)) => return Err(unread(error)),
            Ok(_) => {}
        }
        let ahead = (0..).zip(chain).map(|(link, one)| (link, one.body().nbf)).find(|(_, nbf)| now < *nbf);
        Ok(ahead.map(|(link, nbf)| Refusal::GrantNotYetValid { link, nbf, now }))
    }

    /// What was used of a grant.
    pub(crate) fn usage(&self, grant: &GrantId) -> Result<Usage, ApiError> {
        auto_agents::view::usage(&self.state, grant).map_err(unread)
    }

    /// The record of an agent.
    pub(crate) fn agent(&self, id: &AutoId) -> Result<Option<AgentRecord>, ApiError> {
        auto_agents::view::record(&self.state, id).map_err(unread)
    }

    /// The log of an identity.
    pub(crate) fn log(&self, id: &AutoId) -> Result<Log, ApiError> {
        auto_agents::view::log(&self.state, id).map_err(unread)
    }

    /// What is in the vault of an identity.
    pub(crate) fn vault(&self, id: &AutoId) -> Result<Amount, ApiError> {
        match auto_agents::view::balance(&self.state, id) {
            Ok(amount) => Ok(amount),
            Err(BankError::Stored(error)) => Err(unread(error)),
            Err(error) => Err(ApiError::Internal(error.to_string())),
        }
    }
}

/// Says that a text names no identity of this network.
pub(crate) fn not_an_identity(text: &str) -> String {
    let text: String = text.chars().take(100).collect();
    format!(
        "`{text}` names no identity of this network: give a did:auto, or its last part, which begins with z"
    )
}
