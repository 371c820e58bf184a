use alloc::{string::ToString as _, vec::Vec};

use super::{BINDING_OCTETS, Binding, CertificateRefusal, dns_name, lifetime_max};
use crate::inception::{Authority, is_domain_name, is_within};
use crate::x509::{AltName, CertRef, VerifiedPath};
use crate::{AutoId, Genesis, IdentityRecord, Time};

/// Whether certificates that an authority issues may carry a host name beside the hierarchical one.
#[must_use]
pub fn may_name(authority: &Authority, host: &str) -> bool {
    is_domain_name(host) && authority.name_subtree.as_deref().is_none_or(|subtree| is_within(host, subtree))
}

/// Whom a certificate is to stand for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The network.
    pub genesis: &'a Genesis,
    /// The identity.
    pub record: &'a IdentityRecord,
    /// Its ancestors, the parent first.
    pub ancestors: &'a [IdentityRecord],
    /// The moment of the path's validation.
    pub now: Time,
}

impl Holder<'_> {
    /// Refuses a certificate whose path holds, but which does not stand for the identity. The path was asked
    /// for with the ancestors' certificates: the root's as the only anchor, those between in their order from
    /// the parent up; a root identity's own certificate as its own anchor.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn admit(&self, path: &VerifiedPath<'_>) -> Result<(), CertificateRefusal> {
        let broken = |holds: bool, refusal| if holds { Ok(()) } else { Err(refusal) };
        broken(self.is_line(&path.chain), CertificateRefusal::Line)?;
        self.names(&path.names)?;
        broken(self.is_bound(path), CertificateRefusal::Binding)?;
        broken(self.has_key(path.spki), CertificateRefusal::ForeignKey)?;
        let (limit, (from, to)) = (lifetime_max(self.record.kind), path.validity);
        broken(to.saturating_sub(from) <= limit, CertificateRefusal::Lifetime { limit })?;
        broken(self.is_within_authority(path.authority), CertificateRefusal::Authority)
    }

    fn is_line(&self, chain: &[CertRef]) -> bool {
        let above = self.ancestors.len();
        let Some((CertRef::Leaf, rest)) = chain.split_first() else { return false };
        let expected = (0..above.saturating_sub(1)).map(CertRef::Intermediate).chain([CertRef::Anchor(0)]);
        rest.iter().copied().eq(expected)
    }

    fn names(&self, names: &[AltName<'_>]) -> Result<(), CertificateRefusal> {
        let did = self.record.id.did(self.genesis).to_string();
        let line: Vec<AutoId> = self.ancestors.iter().map(|ancestor| ancestor.id).collect();
        let own = dns_name(&self.record.id, &line);
        let issuer = self.ancestors.first().unwrap_or(self.record);
        let (mut dids, mut hosts) = (0u32, 0u32);
        for name in names {
            match name {
                AltName::Uri(uri) if *uri == did => dids = dids.saturating_add(1),
                AltName::Uri(_) => return Err(CertificateRefusal::Did),
                AltName::Dns(host) if *host == own => hosts = hosts.saturating_add(1),
                AltName::Dns(host) if may_name(&issuer.authority, host) => {}
                _ => return Err(CertificateRefusal::ForeignName),
            }
        }
        match (dids, hosts) {
            (1, 1) => Ok(()),
            (1, _) => Err(CertificateRefusal::HostName),
            _ => Err(CertificateRefusal::Did),
        }
    }

    fn is_bound(&self, path: &VerifiedPath<'_>) -> bool {
        let value = path.others.iter().find(|(kind, _)| *kind == BINDING_OCTETS).map(|(_, value)| *value);
        value.and_then(Binding::from_der).is_some_and(|binding| {
            binding.genesis == *self.genesis && binding.id == self.record.id && binding.seq <= self.record.seq
        })
    }

    fn has_key(&self, spki: &[u8]) -> bool {
        let current =
            self.record.keys.keys.iter().filter(|key| key.not_after.is_none_or(|last| self.now <= last));
        current.into_iter().any(|key| key.key.spki().is_ok_and(|own| own == spki))
    }

    fn is_within_authority(&self, ca: Option<Option<u32>>) -> bool {
        let authority = &self.record.authority;
        match ca {
            None => true,
            Some(_) if !authority.is_ca => false,
            Some(length) => match (length, authority.path_len) {
                (_, None) => true,
                (Some(length), Some(most)) => length <= u32::from(most),
                (None, Some(_)) => false,
            },
        }
    }
}
