//! Verifications, put together step by step.

use autoid_core::x509::{PathRequest, PeerKind, PeerName, Purpose, VerifiedPath, X509Error, verify_path};

use super::certificate::Entity;

/// 2024-01-01T00:00:00Z, the moment of most cases.
pub(crate) const NOW: i64 = 1_704_067_200;

/// One verification, put together step by step.
pub(crate) struct Trial<'t> {
    pub(crate) anchors: Vec<&'t [u8]>,
    pub(crate) intermediates: Vec<&'t [u8]>,
    pub(crate) leaf: &'t [u8],
    pub(crate) lists: Vec<&'t [u8]>,
    pub(crate) names: Vec<PeerName<'t>>,
    pub(crate) change: Vec<Change<'t>>,
}

type Change<'t> = Box<dyn Fn(&mut PathRequest<'t>) + 't>;

impl<'t> Trial<'t> {
    /// Expects the name example.com at the usual moment.
    pub(crate) fn new(anchors: &[&'t Entity], intermediates: &[&'t Entity], leaf: &'t Entity) -> Self {
        Self {
            anchors: anchors.iter().map(|entity| entity.der.as_slice()).collect(),
            intermediates: intermediates.iter().map(|entity| entity.der.as_slice()).collect(),
            leaf: &leaf.der,
            lists: Vec::new(),
            names: vec![PeerName::Dns("example.com")],
            change: Vec::new(),
        }
    }

    pub(crate) fn names(mut self, names: &[PeerName<'t>]) -> Self {
        self.names = names.to_vec();
        self
    }

    pub(crate) fn host(self, host: &'t str) -> Self {
        self.names(&[PeerName::Dns(host)])
    }

    pub(crate) fn lists(mut self, lists: &[&'t Vec<u8>]) -> Self {
        self.lists = lists.iter().map(|list| list.as_slice()).collect();
        self
    }

    pub(crate) fn client(self, purposes: &'t [Purpose<'t>]) -> Self {
        self.change(move |request| {
            request.peer_kind = PeerKind::Client;
            request.extended_key_usage = purposes;
        })
    }

    pub(crate) fn change(mut self, change: impl Fn(&mut PathRequest<'t>) + 't) -> Self {
        self.change.push(Box::new(change));
        self
    }

    /// Runs the trial and hands the answer to a closure.
    pub(crate) fn then<R>(&self, judge: impl FnOnce(Result<VerifiedPath<'_>, X509Error>) -> R) -> R {
        let mut request = PathRequest::new(&[], self.leaf, NOW);
        self.change.iter().for_each(|change| change(&mut request));
        let request = PathRequest {
            trust_anchors: &self.anchors,
            intermediates: &self.intermediates,
            crls: &self.lists,
            expected_peer_names: &self.names,
            ..request
        };
        judge(verify_path(&request))
    }

    /// The code of the refusal, or `ok`.
    pub(crate) fn code(&self) -> &'static str {
        self.then(|answer| answer.map_or_else(|error| error.code(), |_| "ok"))
    }
}
