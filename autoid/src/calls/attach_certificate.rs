//! Giving an identity a certificate.

use crate::registry::changes::{self, signature};
use crate::registry::grants::network;
use crate::state::{SERIALS, Serial};
use crate::{AutoidError, deposit};
use auto_core::{Blob, hash};
use auto_module::{CallContext, CheckContext, Events, Weight};
use auto_state::{StateRead, StateWrite};
use autoid_core::certificate::Holder;
use autoid_core::limits::TREE_DEPTH_MAX;
use autoid_core::x509::{PathRequest, PeerKind, verify_path};
use autoid_core::{
    Action, Algorithm, AutoId, IdentityRecord, Operation, Refusal, Sign, Status, Time, View, who_answers,
};
use autoid_interface::{CERTIFICATES, CertificateDer, Envelope, IDENTITIES, StateView};
use parity_scale_codec::{Decode, Encode};

/// The algorithms of identities' keys, and so of all signatures on a path.
const ALGORITHMS: &[&str] = &["ED25519", "ECDSA_WITH_SHA256"];

/// Gives an identity a certificate that its parent issued, or that a root issued to itself. All identities above
/// must be active.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AttachCertificate {
    /// The operation, signed by the identity, which names the certificate's hash.
    pub operation: Envelope<Sign<Operation>>,
    /// The certificate in DER.
    pub certificate: CertificateDer,
}

impl AttachCertificate {
    pub(crate) fn weight(&self) -> Weight {
        let base = changes::WEIGHT.saturating_add(changes::signatures(&self.operation));
        // The certificate, and those of all ancestors.
        let one = signature(Algorithm::Es256).saturating_add(Weight(100_000));
        (0..=TREE_DEPTH_MAX).fold(base, |sum, _| sum.saturating_add(one))
    }

    pub(crate) fn check(&self, _: &CheckContext<'_>) -> Result<(), AutoidError> {
        match self.operation.open()?.body().action {
            Action::AttachCertificate { certificate } if certificate == hash(&self.certificate).0 => Ok(()),
            Action::AttachCertificate { .. } => Err(AutoidError::OtherCertificate),
            _ => Err(AutoidError::OtherCall("carry out an operation")),
        }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let operation = self.operation.open()?;
        let id = operation.body().id;
        let view = StateView::new(state)?;
        let now = view.point().time;
        let line = line(&view, state, &id)?;
        let (record, ancestors) = line.split_first().ok_or(Refusal::UnknownIdentity { id })?;
        let above = ancestors.iter().map(|one| certificate(state, one)).collect::<Result<Vec<_>, _>>()?;
        let genesis = network(cx);
        let serial = self.judge(&above, &Holder { genesis: &genesis, record, ancestors, now })?;

        let issuer = ancestors.first().unwrap_or(record).id;
        let key = (issuer, serial);
        if SERIALS.get(state, &key)?.is_some() {
            return Err(AutoidError::SerialUsed);
        }
        deposit::burn(state, cx, &(&key, &id))?;
        SERIALS.put(state, &key, &id);
        CERTIFICATES.put(state, &id, &self.certificate);
        changes::apply(operation, cx, state, events).map(drop)
    }

    /// Judges the path over the certificates above, and gives the serial number.
    fn judge(&self, above: &[CertificateDer], holder: &Holder<'_>) -> Result<Serial, AutoidError> {
        let leaf: &[u8] = &self.certificate;
        let mut between: Vec<&[u8]> = above.iter().map(|der| &**der).collect();
        let anchor = [between.pop().unwrap_or(leaf)];
        let request = PathRequest {
            intermediates: &between,
            peer_kind: PeerKind::Client,
            signature_algorithms: ALGORITHMS,
            ..PathRequest::new(&anchor, leaf, seconds(holder.now)?)
        };
        let path = verify_path(&request)?;
        holder.admit(&path)?;
        Blob::new(path.serial.to_vec()).map_err(|_| AutoidError::Overflow)
    }
}

fn seconds(time: Time) -> Result<i64, AutoidError> {
    i64::try_from(time.0).map_err(|_| AutoidError::Overflow)
}

/// The identity and its ancestors, upwards. No ancestor may be suspended or ended: what it signs is worth nothing.
fn line(
    view: &StateView<'_>,
    state: &(impl StateRead + ?Sized),
    id: &AutoId,
) -> Result<Vec<IdentityRecord>, AutoidError> {
    let ids = who_answers(view, id)?;
    if let Some(ended) = ids.iter().skip(1).find(|one| one.status != Status::Active) {
        let (ancestor, status) = (ended.id, ended.status);
        return Err(Refusal::AncestorInactive { id: *id, ancestor, status }.into());
    }
    ids.iter()
        .map(|one| Ok(IDENTITIES.get(state, &one.id)?.ok_or(Refusal::UnknownIdentity { id: one.id })?))
        .collect()
}

fn certificate(
    state: &(impl StateRead + ?Sized),
    ancestor: &IdentityRecord,
) -> Result<CertificateDer, AutoidError> {
    CERTIFICATES.get(state, &ancestor.id)?.ok_or(AutoidError::AncestorUncertified { ancestor: ancestor.id })
}
