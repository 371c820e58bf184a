//! The search for a path: depth first from the leaf, cheap checks first, every step counted.

use alloc::vec::Vec;

use super::{
    certificate::Certificate,
    constraints,
    crl::Crl,
    error::{CertRef, X509Error},
    limits::{INTERMEDIATES_MAX, NAME_CHECKS_MAX, PATHS_MAX, SIGNATURES_MAX, STEPS_MAX},
    policy,
    profile::{self, Goal},
    request::{PathRequest, ValidPolicies},
    revocation,
};

/// Everything a request brings, decoded.
pub(crate) struct Pool<'a> {
    pub(crate) anchors: Vec<Result<Certificate<'a>, X509Error>>,
    pub(crate) intermediates: Vec<Result<Certificate<'a>, X509Error>>,
    pub(crate) crls: Vec<Result<Crl<'a>, X509Error>>,
}

/// A path: certificates from the leaf up, and the anchor that ends it.
#[derive(Debug, Clone)]
pub(crate) struct Path<'p, 'a> {
    pub(crate) certificates: Vec<&'p Certificate<'a>>,
    pub(crate) anchor: &'p Certificate<'a>,
}

/// A path that passed every check, and its policies.
pub(crate) struct Found<'p, 'a> {
    pub(crate) path: Path<'p, 'a>,
    pub(crate) policies: ValidPolicies<'a>,
}

/// The state of the searches of one request.
pub(crate) struct Search<'p, 'a> {
    pub(crate) request: &'p PathRequest<'a>,
    pub(crate) pool: &'p Pool<'a>,
    /// Signature checks already made: signed, signer, result.
    verified: Vec<(CertRef, CertRef, bool)>,
    /// Signature checks of lists already made: list, signer, result.
    lists_verified: Vec<(usize, CertRef, bool)>,
    steps: usize,
    signatures: usize,
    paths: usize,
    names: usize,
}

/// The most telling refusal so far.
struct Refusal {
    /// A complete path beats a part of one, a longer part a shorter, and a refused issuer a missing one.
    rank: (bool, usize, Stage),
    error: X509Error,
}

/// How far an attempt got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    NoCandidate,
    Candidate,
    CompletePath,
}

/// One search: where it starts, what for, and what it met.
struct Climb<'p, 'a> {
    goal: Goal,
    /// Lists whose signer is being looked for, outermost first.
    depth: usize,
    path: Vec<&'p Certificate<'a>>,
    refusal: Option<Refusal>,
}

impl<'p, 'a> Climb<'p, 'a> {
    fn refuse(&mut self, stage: Stage, error: X509Error) {
        let rank = (stage == Stage::CompletePath, self.path.len(), stage);
        if self.refusal.as_ref().is_none_or(|refusal| refusal.rank < rank) {
            self.refusal = Some(Refusal { rank, error });
        }
    }

    /// Intermediates in the path so far that are not self-issued.
    fn counted(&self) -> usize {
        self.path.iter().skip(1).filter(|certificate| !certificate.self_issued).count()
    }
}

impl<'p, 'a> Search<'p, 'a> {
    pub(crate) const fn new(request: &'p PathRequest<'a>, pool: &'p Pool<'a>) -> Self {
        Self {
            request,
            pool,
            verified: Vec::new(),
            lists_verified: Vec::new(),
            steps: 0,
            signatures: 0,
            paths: 0,
            names: NAME_CHECKS_MAX.saturating_mul(4),
        }
    }

    /// Finds a path from the leaf that every rule allows, or says why there is none.
    pub(crate) fn find(
        &mut self,
        leaf: &'p Certificate<'a>,
        goal: Goal,
        depth: usize,
    ) -> Result<Found<'p, 'a>, X509Error> {
        profile::leaf(leaf, self.request, goal)?;
        let mut climb = Climb { goal, depth, path: Vec::from([leaf]), refusal: None };
        if let Some(found) = self.climb(&mut climb)? {
            return Ok(found);
        }
        let error = climb.refusal.map_or(X509Error::NoIssuer { at: leaf.at }, |refusal| refusal.error);
        Err(match error {
            // A certificate that does not decode has no name to be found by, so it may be the missing one.
            X509Error::NoIssuer { .. } => self.undecodable().unwrap_or(error),
            _ => error,
        })
    }

    /// Goes on from the last certificate of the path. An error ends the whole search.
    fn climb(&mut self, climb: &mut Climb<'p, 'a>) -> Result<Option<Found<'p, 'a>>, X509Error> {
        let Some(child) = climb.path.last().copied() else { return Ok(None) };
        for anchor in self.candidates(&self.pool.anchors, child)? {
            if matches!(climb.goal, Goal::CrlSigner(index) if anchor.at != CertRef::Anchor(index)) {
                continue;
            }
            if let Some(found) = self.end(climb, child, anchor)? {
                return Ok(Some(found));
            }
        }
        for issuer in self.candidates(&self.pool.intermediates, child)? {
            // The same subject with the same key cannot add anything; this also ends cycles.
            if climb.path.iter().any(|passed| passed.same_entity(issuer)) {
                continue;
            }
            if let Err(error) = self.step(climb, child, issuer) {
                match error {
                    X509Error::BudgetExhausted { .. } => return Err(error),
                    _ => climb.refuse(Stage::Candidate, error),
                }
                continue;
            }
            climb.path.push(issuer);
            let found = self.climb(climb)?;
            climb.path.pop();
            if found.is_some() {
                return Ok(found);
            }
        }
        if climb.path.len() > 1 {
            climb.refuse(Stage::NoCandidate, X509Error::NoIssuer { at: child.at });
        }
        Ok(None)
    }

    /// Certificates whose subject is the issuer of the child, those with the named key first.
    fn candidates(
        &mut self,
        from: &'p [Result<Certificate<'a>, X509Error>],
        child: &Certificate<'a>,
    ) -> Result<Vec<&'p Certificate<'a>>, X509Error> {
        let mut named = Vec::new();
        for certificate in from.iter().flatten() {
            if certificate.subject.matches(&child.issuer) {
                self.spend_step()?;
                named.push(certificate);
            }
        }
        let key = child.extensions.authority.and_then(|authority| authority.key);
        named.sort_by_key(|certificate| match (key, certificate.extensions.subject_key) {
            (Some(wanted), Some(own)) if wanted == own => 0u8,
            (Some(_), Some(_)) => 2,
            _ => 1,
        });
        Ok(named)
    }

    /// Checks an intermediate as the issuer of the child.
    fn step(
        &mut self,
        climb: &Climb<'p, 'a>,
        child: &Certificate<'a>,
        issuer: &Certificate<'a>,
    ) -> Result<(), X509Error> {
        profile::intermediate(issuer, self.request, climb.goal)?;
        let counted = climb.counted();
        let limit = self.request.max_chain_depth.map_or(INTERMEDIATES_MAX, usize::from);
        let adds = usize::from(!issuer.self_issued);
        if counted.saturating_add(adds) > limit || climb.path.len() > INTERMEDIATES_MAX {
            return Err(X509Error::ChainTooLong { limit: limit.min(INTERMEDIATES_MAX) });
        }
        path_length(issuer, counted)?;
        self.check_signature(child, issuer)
    }

    /// Tries to end the path at an anchor.
    fn end(
        &mut self,
        climb: &mut Climb<'p, 'a>,
        child: &'p Certificate<'a>,
        anchor: &'p Certificate<'a>,
    ) -> Result<Option<Found<'p, 'a>>, X509Error> {
        let self_signed = self.is_self_signed(anchor)?;
        let edge = profile::anchor(anchor, self.request, climb.goal, self_signed)
            .and_then(|()| path_length(anchor, climb.counted()))
            .and_then(|()| self.check_signature(child, anchor));
        let (stage, result) = match edge {
            Err(error) => (Stage::Candidate, Err(error)),
            Ok(()) => {
                let path = Path { certificates: climb.path.clone(), anchor };
                (Stage::CompletePath, self.validate(path, climb))
            }
        };
        match result {
            Ok(found) => Ok(Some(found)),
            Err(error @ X509Error::BudgetExhausted { .. }) => Err(error),
            Err(error) => {
                climb.refuse(stage, error);
                Ok(None)
            }
        }
    }

    /// Whether an anchor that names another issuer, and no key of it, is signed with its own key.
    fn is_self_signed(&mut self, anchor: &Certificate<'a>) -> Result<bool, X509Error> {
        if anchor.self_issued || anchor.extensions.authority.is_some() {
            return Ok(anchor.self_issued);
        }
        match self.check_signature(anchor, anchor) {
            Ok(()) => Ok(true),
            Err(error @ X509Error::BudgetExhausted { .. }) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// The checks that need the whole path.
    fn validate(&mut self, path: Path<'p, 'a>, climb: &Climb<'p, 'a>) -> Result<Found<'p, 'a>, X509Error> {
        self.paths = self.paths.saturating_add(1);
        if self.paths > PATHS_MAX {
            return Err(X509Error::BudgetExhausted { what: "complete paths" });
        }
        for (index, certificate) in path.certificates.iter().enumerate() {
            let mut above = path.certificates.iter().skip(index.saturating_add(1));
            if above
                .any(|other| other.serial == certificate.serial && other.issuer.matches(&certificate.issuer))
            {
                return Err(X509Error::SerialReused { at: certificate.at });
            }
        }
        constraints::check(&path.certificates, path.anchor, &mut self.names)?;
        let policies = match climb.goal {
            Goal::Peer => policy::check(&path.certificates, path.anchor, &self.request.policies)?,
            Goal::CrlSigner(_) => ValidPolicies::Any,
        };
        if !self.pool.crls.is_empty() {
            revocation::check(self, &path, climb.depth)?;
        }
        Ok(Found { path, policies })
    }

    fn check_signature(
        &mut self,
        child: &Certificate<'a>,
        issuer: &Certificate<'a>,
    ) -> Result<(), X509Error> {
        let known =
            self.verified.iter().find(|(signed, signer, _)| *signed == child.at && *signer == issuer.at);
        let good = match known {
            Some((_, _, good)) => *good,
            None => {
                self.spend_signature()?;
                let good = child.is_signed_by(issuer, self.request.ecdsa);
                self.verified.push((child.at, issuer.at, good));
                good
            }
        };
        if good { Ok(()) } else { Err(X509Error::BadSignature { at: child.at }) }
    }

    /// Whether a list's signature verifies under a certificate's key.
    pub(crate) fn list_is_signed_by(
        &mut self,
        list: &Crl<'a>,
        signer: &Certificate<'a>,
    ) -> Result<bool, X509Error> {
        let known =
            self.lists_verified.iter().find(|(index, by, _)| *index == list.index && *by == signer.at);
        if let Some((_, _, good)) = known {
            return Ok(*good);
        }
        self.spend_signature()?;
        let good = list.algorithm.verify(signer.key, list.signed, list.signature, self.request.ecdsa);
        self.lists_verified.push((list.index, signer.at, good));
        Ok(good)
    }

    pub(crate) fn spend_step(&mut self) -> Result<(), X509Error> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > STEPS_MAX { Err(X509Error::BudgetExhausted { what: "steps" }) } else { Ok(()) }
    }

    fn spend_signature(&mut self) -> Result<(), X509Error> {
        self.signatures = self.signatures.saturating_add(1);
        if self.signatures > SIGNATURES_MAX {
            return Err(X509Error::BudgetExhausted { what: "signature checks" });
        }
        Ok(())
    }

    fn undecodable(&self) -> Option<X509Error> {
        let mut all = self.pool.intermediates.iter().chain(&self.pool.anchors);
        all.find_map(|certificate| certificate.as_ref().err().cloned())
    }
}

/// A path length constraint counts the intermediates below it that are not self-issued.
fn path_length(issuer: &Certificate<'_>, below: usize) -> Result<(), X509Error> {
    let limit = issuer.extensions.basic.and_then(|basic| basic.path_length);
    match limit.map(usize::try_from) {
        Some(Ok(limit)) if below > limit => Err(X509Error::PathLength { at: issuer.at }),
        _ => Ok(()),
    }
}
