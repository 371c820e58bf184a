//! Revocation by lists (RFC 5280 section 6.3.3), with delta and indirect lists.

use super::{
    certificate::Certificate,
    crl::{Crl, REMOVE_FROM_CRL, compare_numbers, names_directory},
    distribution::{ALL_REASONS, DistributionPoint, PointName},
    error::{CertRef, X509Error},
    extensions::CRL_SIGN,
    limits::REVOCATION_DEPTH_MAX,
    profile::Goal,
    search::{Path, Search},
};

/// Checks that every certificate below the anchor is known not to be revoked.
pub(crate) fn check<'p, 'a>(
    search: &mut Search<'p, 'a>,
    path: &Path<'p, 'a>,
    depth: usize,
) -> Result<(), X509Error> {
    for index in (0..path.certificates.len()).rev() {
        let asked = Asked { path, index, depth };
        status(search, &asked)?;
    }
    Ok(())
}

/// A certificate of a path whose status is asked for.
struct Asked<'c, 'p, 'a> {
    path: &'c Path<'p, 'a>,
    index: usize,
    depth: usize,
}

impl<'p, 'a> Asked<'_, 'p, 'a> {
    fn certificate(&self) -> &'p Certificate<'a> {
        // The index comes from the path's own length; the anchor stands in for a missing one.
        self.path.certificates.get(self.index).copied().unwrap_or(self.path.anchor)
    }

    fn above(&self) -> impl Iterator<Item = &'p Certificate<'a>> {
        self.path.certificates.iter().skip(self.index.saturating_add(1)).copied().chain([self.path.anchor])
    }
}

fn status<'p, 'a>(search: &mut Search<'p, 'a>, asked: &Asked<'_, 'p, 'a>) -> Result<(), X509Error> {
    let certificate = asked.certificate();
    let at = certificate.at;
    let own = DistributionPoint::of_issuer(certificate.issuer);
    let mut covered = 0;
    let mut refusal = None;
    for point in certificate.extensions.points.iter().chain([&own]) {
        for list in search.pool.crls.iter().flatten().filter(|list| list.base.is_none()) {
            if covered == ALL_REASONS {
                return Ok(());
            }
            search.spend_step()?;
            match consult(search, asked, point, list, covered) {
                Ok(reasons) => covered |= reasons,
                Err(error @ (X509Error::Revoked { .. } | X509Error::BudgetExhausted { .. })) => {
                    return Err(error);
                }
                Err(error) => {
                    refusal.get_or_insert(error);
                }
            }
        }
    }
    if covered == ALL_REASONS {
        return Ok(());
    }
    if covered != 0 {
        return Err(X509Error::RevocationUnknown { at });
    }
    let undecodable = search.pool.crls.iter().find_map(|list| list.as_ref().err().cloned());
    Err(refusal.or(undecodable).unwrap_or(X509Error::RevocationUnknown { at }))
}

/// Asks one list on behalf of one distribution point; answers with the reasons it newly covers.
fn consult<'p, 'a>(
    search: &mut Search<'p, 'a>,
    asked: &Asked<'_, 'p, 'a>,
    point: &DistributionPoint<'a>,
    list: &'p Crl<'a>,
    covered: u16,
) -> Result<u16, X509Error> {
    let certificate = asked.certificate();
    let at = certificate.at;
    if !is_from(list, point, certificate) {
        return Ok(0);
    }
    if !list.is_current(search.request.validation_time) {
        return Err(X509Error::CrlNotCurrent { crl: list.index });
    }
    if !covers(list, point, certificate) {
        return Err(X509Error::CrlScope { crl: list.index, at });
    }
    let reasons = list.point.as_ref().map_or(ALL_REASONS, |scope| scope.reasons) & point.reasons;
    if reasons & !covered == 0 {
        return Ok(0);
    }
    // A CA may leave the status of a list's signer to that list, by naming its issuer in the point.
    let delegated = !point.issuers.is_empty() && may_sign(certificate, list);
    let signer = if delegated && search.list_is_signed_by(list, certificate)? {
        certificate
    } else {
        signer(search, asked, list)?
    };
    let newer = newest_delta(search, list, signer)?;
    let listed = match newer.and_then(|delta| delta.reason(certificate.serial, &certificate.issuer)) {
        Some(REMOVE_FROM_CRL) => None,
        Some(reason) => Some(reason),
        None => list.reason(certificate.serial, &certificate.issuer),
    };
    match listed {
        Some(reason) => Err(X509Error::Revoked { at, reason }),
        None => Ok(reasons),
    }
}

/// Section 6.3.3 (b) (1): whose list it is.
fn is_from(list: &Crl<'_>, point: &DistributionPoint<'_>, certificate: &Certificate<'_>) -> bool {
    if point.issuers.is_empty() {
        return list.issuer.matches(&certificate.issuer);
    }
    list.point.as_ref().is_some_and(|scope| scope.indirect) && names_directory(&point.issuers, &list.issuer)
}

/// Section 6.3.3 (b) (2): what the list is about.
fn covers(list: &Crl<'_>, point: &DistributionPoint<'_>, certificate: &Certificate<'_>) -> bool {
    let Some(scope) = &list.point else { return true };
    let is_ca = certificate.is_ca();
    if scope.only_attributes || (scope.only_users && is_ca) || (scope.only_cas && !is_ca) {
        return false;
    }
    let Some(scoped) = &scope.name else { return true };
    // A part of an indirect list is named by certificates together with its issuer.
    if scope.indirect && point.issuers.is_empty() {
        return false;
    }
    match &point.name {
        Some(name) => scoped.meets(&list.issuer, name, &list.issuer),
        None => scoped.meets(&list.issuer, &PointName::Full(point.issuers.clone()), &list.issuer),
    }
}

/// Finds a certificate that may sign lists, made this one, and leads to the path's anchor.
fn signer<'p, 'a>(
    search: &mut Search<'p, 'a>,
    asked: &Asked<'_, 'p, 'a>,
    list: &'p Crl<'a>,
) -> Result<&'p Certificate<'a>, X509Error> {
    let refused = X509Error::CrlSigner { crl: list.index };
    for candidate in asked.above() {
        if may_sign(candidate, list) && search.list_is_signed_by(list, candidate)? {
            return Ok(candidate);
        }
    }
    let CertRef::Anchor(anchor) = asked.path.anchor.at else { return Err(refused) };
    if asked.depth >= REVOCATION_DEPTH_MAX {
        return Err(refused);
    }
    for candidate in search.pool.intermediates.iter().flatten() {
        search.spend_step()?;
        if asked.above().any(|above| above.at == candidate.at) || !may_sign(candidate, list) {
            continue;
        }
        if search.list_is_signed_by(list, candidate)? {
            match search.find(candidate, Goal::CrlSigner(anchor), asked.depth.saturating_add(1)) {
                Ok(_) => return Ok(candidate),
                Err(error @ X509Error::BudgetExhausted { .. }) => return Err(error),
                Err(_) => {}
            }
        }
    }
    Err(refused)
}

fn may_sign(candidate: &Certificate<'_>, list: &Crl<'_>) -> bool {
    candidate.extensions.key_usage.is_none_or(|bits| bits & CRL_SIGN != 0)
        && candidate.subject.matches(&list.issuer)
}

/// The newest delta list that updates this one (section 6.3.3 (c) and section 5.2.4).
fn newest_delta<'p, 'a>(
    search: &mut Search<'p, 'a>,
    list: &Crl<'a>,
    signer: &Certificate<'a>,
) -> Result<Option<&'p Crl<'a>>, X509Error> {
    let mut newest: Option<&'p Crl<'a>> = None;
    for delta in search.pool.crls.iter().flatten() {
        let Some(base) = delta.base else { continue };
        let scope = |list: &Crl<'a>| list.point.as_ref().map(|point| point.raw);
        let updates = delta.issuer.matches(&list.issuer)
            && scope(delta) == scope(list)
            && delta.is_current(search.request.validation_time)
            && compare_numbers(base, list.number).is_le()
            && compare_numbers(delta.number, list.number).is_gt();
        let newer = newest.is_none_or(|found| compare_numbers(delta.number, found.number).is_gt());
        if updates && newer && search.list_is_signed_by(delta, signer)? {
            newest = Some(delta);
        }
    }
    Ok(newest)
}
