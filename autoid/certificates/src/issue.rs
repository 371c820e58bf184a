//! Making a certificate.

use crate::IssueError;
use crate::extensions::{KeyIdentifiers, extensions};
use crate::signing::{Adapter, key_identifier, sign, spki};
use autoid_core::certificate::{lifetime_max, may_name};
use autoid_core::{AutoId, Genesis, IdentityRecord, PublicKey, Signer, Time};
use std::str::FromStr as _;
use std::time::Duration;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::der::Encode as _;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoRef;
use x509_cert::time::{Time as X509Time, Validity};

/// What to issue.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The network.
    pub genesis: &'a Genesis,
    /// Whom the certificate stands for.
    pub holder: &'a IdentityRecord,
    /// The holder's ancestors, the parent first; none for the root of a tree.
    pub ancestors: &'a [IdentityRecord],
    /// The key, as [`crate::read_request`] gives it.
    pub key: &'a PublicKey,
    /// Sixteen random bytes.
    pub serial: [u8; 16],
    /// The first second of its validity.
    pub from: Time,
    /// The last second of its validity.
    pub to: Time,
    /// Host names beside the hierarchical one.
    pub hosts: &'a [&'a str],
}

impl Order<'_> {
    fn issuer(&self) -> &IdentityRecord {
        self.ancestors.first().unwrap_or(self.holder)
    }

    fn validity(&self) -> Result<Validity, IssueError> {
        let limit = lifetime_max(self.holder.kind);
        let length = self.to.0.checked_sub(self.from.0).and_then(|length| i64::try_from(length).ok());
        if length.is_none_or(|length| length > limit) {
            return Err(IssueError::Validity { limit });
        }
        let time = |time: Time| {
            let written = GeneralizedTime::from_unix_duration(Duration::from_secs(time.0));
            written.map(X509Time::GeneralTime).map_err(|_| IssueError::Validity { limit })
        };
        Ok(Validity::new(time(self.from)?, time(self.to)?))
    }

    /// The serial number: positive, and of sixteen octets.
    fn serial(&self) -> Result<SerialNumber, IssueError> {
        let mut bytes = self.serial;
        bytes[0] = bytes[0] & 0x7f | 0x40;
        Ok(SerialNumber::new(&bytes)?)
    }
}

/// The name of an identity in certificates.
fn name(id: &AutoId) -> Result<Name, IssueError> {
    Ok(Name::from_str(&format!("CN={id}"))?)
}

/// Whether a key is among an identity's, and has not ended when the certificate begins.
fn has_key(record: &IdentityRecord, key: &PublicKey, from: Time) -> bool {
    let current = |last: Option<Time>| last.is_none_or(|last| from <= last);
    record.keys.keys.iter().any(|own| own.key == *key && current(own.not_after))
}

/// A certificate in DER, signed by a key of the parent, or of a root itself.
///
/// # Errors
/// When the key or the signer is not one of theirs, a name or the validity cannot be given, or the signer
/// fails.
pub fn issue(order: &Order<'_>, signer: &impl Signer) -> Result<Vec<u8>, IssueError> {
    let (issuer, signing) = (order.issuer(), signer.public_key());
    if !has_key(order.holder, order.key, order.from) {
        return Err(IssueError::ForeignKey);
    }
    let is_root = order.ancestors.is_empty();
    if !has_key(issuer, &signing, order.from) || is_root && signing != *order.key {
        return Err(IssueError::ForeignIssuer);
    }
    if let Some(name) = order.hosts.iter().find(|name| !may_name(&issuer.authority, name)) {
        return Err(IssueError::Name { name: (*name).to_owned() });
    }
    let keys = KeyIdentifiers { issuer: key_identifier(&signing)?, holder: key_identifier(order.key)? };
    let profile = Names {
        issuer: name(&issuer.id)?,
        subject: name(&order.holder.id)?,
        extensions: extensions(order, keys)?,
    };
    let mut builder = CertificateBuilder::new(profile, order.serial()?, order.validity()?, spki(order.key)?)?;
    let adapter = Adapter(signing);
    let signature = sign(signer, &builder.finalize(&adapter)?)?;
    Ok(builder.assemble(signature, &adapter)?.to_der()?)
}

/// What is written beside key, serial number and validity.
struct Names {
    issuer: Name,
    subject: Name,
    extensions: Vec<Extension>,
}

impl BuilderProfile for Names {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}
