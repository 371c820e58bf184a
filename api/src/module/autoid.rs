//! Calls and events of Auto ID. Identities are named by the last part of their DID.

use crate::described::Described;
use auto_core::Address;
use autoid::{Call, Change, Event};
use autoid_core::{Action, AutoId, Grant, Inception, Operation, Payee, Reason, Refusal};
use autoid_interface::{Cose, Envelope};

/// Adds what a signed statement says, or why it is none.
pub(super) fn signed<S: Cose>(
    told: Described,
    envelope: &Envelope<S>,
    describe: impl FnOnce(Described, &S) -> Described,
) -> Described {
    match envelope.open() {
        Ok(statement) => describe(told, statement),
        Err(refusal) => malformed(told, &refusal),
    }
}

fn malformed(told: Described, refusal: &Refusal) -> Described {
    told.with("malformed", refusal)
}

/// The text of something that may be there.
pub(super) fn or_none(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// Identities, or whatever else, one after the other.
pub(super) fn listed<T: std::fmt::Display>(values: &[T]) -> String {
    match values {
        [] => "none".to_owned(),
        values => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// Who is paid: the last part of a DID, or an address.
pub(crate) fn payee(payee: &Payee) -> String {
    match payee {
        Payee::Identity(id) => id.to_string(),
        Payee::Address(address) => Address(*address).to_string(),
    }
}

pub(crate) const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "unspecified",
        Reason::KeyCompromise => "key compromise",
        Reason::IssuerCompromise => "issuer compromise",
        Reason::AffiliationChanged => "affiliation changed",
        Reason::Superseded => "superseded",
        Reason::CessationOfOperation => "cessation of operation",
        Reason::PrivilegeWithdrawn => "privilege withdrawn",
    }
}

fn of(name: &'static str, id: &AutoId) -> Described {
    Described::new(name).with("identity", id)
}

/// A call of the module.
pub(super) fn called(call: &Call) -> Described {
    match call {
        Call::Incept(call) => signed(Described::new("Incept"), &call.inception, |told, statement| {
            incepted(told, statement.body())
        }),
        Call::Operate(call) => signed(Described::new("Operate"), &call.operation, |told, statement| {
            operated(told, statement.body())
        }),
        Call::Lapse(call) => of("Lapse", &call.id),
        Call::AttachCertificate(call) => {
            signed(Described::new("AttachCertificate"), &call.operation, |told, statement| {
                operated(told, statement.body()).with("bytes", call.certificate.len())
            })
        }
        Call::RegisterGrant(call) => {
            signed(Described::new("RegisterGrant"), &call.grant, |told, statement| {
                granted(told, statement.body())
            })
        }
        Call::RevokeGrant(call) => {
            signed(Described::new("RevokeGrant"), &call.operation, |told, statement| {
                operated(told, statement.body()).with("shown", call.unstored.len())
            })
        }
        Call::PruneGrant(call) => Described::new("PruneGrant").with("grant", call.grant),
        Call::CommitAlias(call) => Described::new("CommitAlias").with("commitment", call.commitment),
        Call::DropCommitment(call) => Described::new("DropCommitment").with("commitment", call.commitment),
        Call::FreeAlias(call) => of("FreeAlias", &call.id),
    }
}

fn incepted(told: Described, inception: &Inception) -> Described {
    told.with("kind", inception.kind.name())
        .with("parent", or_none(inception.parent))
        .with("keys", inception.keys.keys.len())
        .with("keysNeeded", inception.keys.threshold)
        .with("issuers", listed(&inception.issuers))
        .with("issuersNeeded", inception.threshold)
}

fn operated(told: Described, operation: &Operation) -> Described {
    let told = told
        .with("identity", operation.id)
        .with("action", operation.action.name())
        .with("number", operation.seq)
        .with("validUntil", operation.valid_until);
    match &operation.action {
        Action::Suspend { reason: why } | Action::Revoke { reason: why, .. } => {
            told.with("reason", reason(*why))
        }
        Action::RevokeGrant { grant } => told.with("grant", grant),
        Action::RevealAlias { alias, .. } => told.with("alias", alias),
        Action::AttachCertificate { certificate } => told.with("certificate", hex::encode(certificate)),
        Action::SetServices { services } => told.with("services", services.len()),
        Action::Rotate { keys, .. } | Action::StartRecovery { keys, .. } => {
            told.with("keys", keys.keys.len())
        }
        Action::SetRecovery { .. }
        | Action::Resume
        | Action::BumpEpoch
        | Action::Deactivate
        | Action::Endorse
        | Action::VetoRecovery
        | Action::FinishRecovery
        | Action::ReleaseAlias => told,
    }
}

fn granted(told: Described, grant: &Grant) -> Described {
    told.with("issuer", grant.iss)
        .with("holder", grant.aud)
        .with("owner", grant.sub)
        .with("parent", or_none(grant.parent))
        .with("commands", listed(&grant.cmd))
        .with("ends", grant.exp)
}

/// An event of the module.
pub(super) fn happened(event: &Event) -> Described {
    match event {
        Event::Incepted { id, kind, parent, status } => of("Incepted", id)
            .with("kind", kind.name())
            .with("parent", or_none(*parent))
            .with("status", status.name()),
        Event::Changed { id, version, status, change } => {
            changed(of("Changed", id).with("version", version).with("status", status.name()), *change)
        }
        Event::Expired { id } => of("Expired", id),
        Event::GrantRegistered { grant, issuer, holder, owner, parent } => Described::new("GrantRegistered")
            .with("grant", grant)
            .with("issuer", issuer)
            .with("holder", holder)
            .with("owner", owner)
            .with("parent", or_none(*parent)),
        Event::GrantRevoked { grant, issuer, place, by } => Described::new("GrantRevoked")
            .with("grant", grant)
            .with("issuer", issuer)
            .with("list", place.list)
            .with("place", place.index)
            .with("by", by),
        Event::GrantPruned { grant } => Described::new("GrantPruned").with("grant", grant),
        Event::AliasCommitted { commitment } => {
            Described::new("AliasCommitted").with("commitment", commitment)
        }
        Event::AliasTaken { id, alias } => of("AliasTaken", id).with("alias", alias),
        Event::AliasFreed { id, alias } => of("AliasFreed", id).with("alias", alias),
    }
}

fn changed(told: Described, change: Change) -> Described {
    let plain = |told: Described, what: &str| told.with("change", what);
    match change {
        Change::Rotated => plain(told, "rotated"),
        Change::RecoverySet => plain(told, "guardians set"),
        Change::Suspended { reason: why } => plain(told, "suspended").with("reason", reason(why)),
        Change::Resumed => plain(told, "resumed"),
        Change::Revoked { reason: why } => plain(told, "revoked").with("reason", reason(why)),
        Change::EpochBumped { epoch } => plain(told, "epoch bumped").with("epoch", epoch),
        Change::Deactivated => plain(told, "deactivated"),
        Change::ServicesSet => plain(told, "services set"),
        Change::CertificateAttached { certificate } => {
            plain(told, "certificate attached").with("certificate", hex::encode(certificate))
        }
        Change::Endorsed { endorsements } => {
            plain(told, "endorsed").with("endorsements", endorsements.count_ones())
        }
        Change::RecoveryStarted { ready } => plain(told, "recovery started").with("ready", ready),
        Change::RecoveryVetoed => plain(told, "recovery vetoed"),
        Change::RecoveryFinished => plain(told, "recovery finished"),
        Change::GrantRevoked { grant } => plain(told, "grant revoked").with("grant", grant),
        Change::AliasTaken => plain(told, "alias taken"),
        Change::AliasReleased => plain(told, "alias released"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::happened as told;
    use auto_module::Module;
    use autoid::Autoid;
    use autoid_core::{GrantId, Kind, RevocationPlace, Status};
    use parity_scale_codec::Encode;

    #[test]
    fn events_of_identities_have_names_and_fields() {
        let id = AutoId([3; 32]);
        let began = Event::Incepted { id, kind: Kind::Agent, parent: None, status: Status::Active };
        let began = told(Autoid::ID, &began.encode());
        assert_eq!((began.name, began.field("identity")), ("Incepted", Some(id.to_string().as_str())));
        assert_eq!((began.field("kind"), began.field("parent")), (Some("agent"), Some("none")));
        let revoked = Event::GrantRevoked {
            grant: GrantId([1; 32]),
            issuer: id,
            place: RevocationPlace { list: 2, index: 77 },
            by: id,
        };
        let revoked = told(Autoid::ID, &revoked.encode());
        assert_eq!((revoked.name, revoked.field("place")), ("GrantRevoked", Some("77")));
        let change = Change::Suspended { reason: Reason::KeyCompromise };
        let changed = Event::Changed { id, version: 4, status: Status::Suspended, change };
        let changed = told(Autoid::ID, &changed.encode());
        assert_eq!(
            (changed.field("change"), changed.field("reason")),
            (Some("suspended"), Some("key compromise"))
        );
    }

    #[test]
    fn bytes_that_are_no_statement_say_so() {
        let call = Call::Incept(autoid::Incept { inception: Envelope::of_bytes(vec![1, 2, 3]) });
        let told = called(&call);
        assert_eq!(told.name, "Incept");
        assert!(told.field("malformed").is_some() && told.field("kind").is_none());
    }
}
