//! The extensions of a certificate of an identity.

use crate::{IssueError, Order};
use autoid_core::certificate::{BINDING, Binding, dns_name};
use autoid_core::{Authority, AutoId};
use x509_cert::der::asn1::{Ia5String, OctetString};
use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::der::{Encode, flagset::FlagSet};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints,
    SubjectAltName, SubjectKeyIdentifier,
};

const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// The key identifiers of the issuer and of the holder.
pub(crate) struct KeyIdentifiers {
    pub(crate) issuer: OctetString,
    pub(crate) holder: OctetString,
}

fn extension<T: AssociatedOid + Encode>(critical: bool, value: &T) -> Result<Extension, IssueError> {
    let extn_value = OctetString::new(value.to_der()?)?;
    Ok(Extension { extn_id: T::OID, critical, extn_value })
}

fn host(name: &str) -> Result<GeneralName, IssueError> {
    let text = Ia5String::new(name).map_err(|_| IssueError::Name { name: name.to_owned() })?;
    Ok(GeneralName::DnsName(text))
}

/// The extensions, in the order in which they are written.
pub(crate) fn extensions(order: &Order<'_>, keys: KeyIdentifiers) -> Result<Vec<Extension>, IssueError> {
    let line: Vec<AutoId> = order.ancestors.iter().map(|ancestor| ancestor.id).collect();
    let own_name = dns_name(&order.holder.id, &line);
    let (authority, is_root) = (&order.holder.authority, line.is_empty());
    let mut list = vec![
        extension(true, &basic(authority))?,
        extension(true, &usage(authority.is_ca))?,
        extension(false, &SubjectKeyIdentifier(keys.holder))?,
        extension(false, &names(order, &own_name)?)?,
        binding(order)?,
    ];
    if is_root {
        return with_constraints(list, authority, &own_name);
    }
    let issuer = AuthorityKeyIdentifier {
        key_identifier: Some(keys.issuer),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    list.push(extension(false, &issuer)?);
    list.push(extension(false, &ExtendedKeyUsage(vec![SERVER_AUTH, CLIENT_AUTH]))?);
    with_constraints(list, authority, &own_name)
}

const fn basic(authority: &Authority) -> BasicConstraints {
    BasicConstraints { ca: authority.is_ca, path_len_constraint: authority.path_len }
}

fn usage(is_ca: bool) -> KeyUsage {
    let own = FlagSet::from(KeyUsages::DigitalSignature);
    KeyUsage(if is_ca { own | KeyUsages::KeyCertSign | KeyUsages::CRLSign } else { own })
}

fn names(order: &Order<'_>, own_name: &str) -> Result<SubjectAltName, IssueError> {
    let did = order.holder.id.did(order.genesis).to_string();
    let mut names = vec![GeneralName::UniformResourceIdentifier(Ia5String::new(&did)?), host(own_name)?];
    for name in order.hosts {
        names.push(host(name)?);
    }
    Ok(SubjectAltName(names))
}

fn binding(order: &Order<'_>) -> Result<Extension, IssueError> {
    let binding = Binding { genesis: *order.genesis, id: order.holder.id, seq: order.holder.seq };
    Ok(Extension {
        extn_id: ObjectIdentifier::new_unwrap(BINDING),
        critical: false,
        extn_value: OctetString::new(binding.to_der())?,
    })
}

/// Name constraints for an authority over a subtree of names.
fn with_constraints(
    mut list: Vec<Extension>,
    authority: &Authority,
    own_name: &str,
) -> Result<Vec<Extension>, IssueError> {
    let Some(subtree) = authority.name_subtree.as_deref().filter(|_| authority.is_ca) else {
        return Ok(list);
    };
    let permitted = [own_name, subtree]
        .iter()
        .map(|name| Ok(GeneralSubtree { base: host(name)?, minimum: 0, maximum: None }))
        .collect::<Result<Vec<_>, IssueError>>()?;
    let constraints = NameConstraints { permitted_subtrees: Some(permitted), excluded_subtrees: None };
    list.push(extension(true, &constraints)?);
    Ok(list)
}
