//! The certificates of an identity and those above it, as the chain has them, and the verdict on them.

use crate::error::CliError;
use crate::session::Session;
use auto_sdk::identity::{certificate, line};
use autoid_core::certificate::Holder;
use autoid_core::x509::{AltName, PathRequest, PeerKind, VerifiedPath, X509Error, verify_path};
use autoid_core::{AutoId, Genesis, IdentityRecord, Time};

/// The line of an identity with its certificates, the leaf first; as many as are there before one is missing.
pub(super) struct Line {
    pub(super) records: Vec<IdentityRecord>,
    pub(super) certificates: Vec<Vec<u8>>,
}

impl Line {
    pub(super) async fn of(session: &mut Session<'_>, id: &AutoId) -> Result<Self, CliError> {
        let records = line(&mut session.state, id).await?;
        let mut certificates = Vec::with_capacity(records.len());
        for record in &records {
            match certificate(&mut session.state, &record.id).await? {
                Some(der) => certificates.push(der),
                None => break,
            }
        }
        Ok(Self { records, certificates })
    }

    /// The identity above whose certificate is missing.
    pub(super) fn missing(&self) -> Option<&IdentityRecord> {
        self.records.get(self.certificates.len())
    }

    /// The certificate of the root of the tree.
    pub(super) fn root(&self) -> &[u8] {
        self.certificates.last().map_or(&[], Vec::as_slice)
    }

    /// The certificates that a peer is shown: all but the root's, or that one alone.
    pub(super) fn shown(&self) -> &[Vec<u8>] {
        match self.certificates.split_last() {
            Some((_, below)) if !below.is_empty() => below,
            _ => &self.certificates,
        }
    }

    /// Judges the path as the chain does.
    pub(super) fn judge<T>(
        &self,
        genesis: &Genesis,
        now: i64,
        then: impl FnOnce(&VerifiedPath<'_>) -> T,
    ) -> Result<T, String> {
        let leaf = self.certificates.first().map_or(&[][..], Vec::as_slice);
        let anchor = [self.root()];
        let between: Vec<&[u8]> = self.shown().iter().skip(1).map(Vec::as_slice).collect();
        let request = PathRequest {
            intermediates: &between,
            peer_kind: PeerKind::Client,
            ..PathRequest::new(&anchor, leaf, now)
        };
        let path = verify_path(&request).map_err(|error: X509Error| format!("{}: {error}", error.code()))?;
        let time = Time(u64::try_from(now).unwrap_or_default());
        if let Some((record, ancestors)) = self.records.split_first() {
            let holder = Holder { genesis, record, ancestors, now: time };
            holder.admit(&path).map_err(|refusal| format!("{}: {refusal}", refusal.code()))?;
        }
        Ok(then(&path))
    }
}

/// A name of a certificate in words.
pub(super) fn name(name: &AltName<'_>) -> Option<String> {
    match name {
        AltName::Dns(text) | AltName::Uri(text) | AltName::Rfc822(text) => Some((*text).to_owned()),
        _ => None,
    }
}
