//! Name constraints (RFC 5280 sections 4.2.1.10 and 6.1.4).

use super::{
    certificate::Certificate,
    error::X509Error,
    extensions::{Constraints, Subtree},
    general_name::{Form, GeneralName, is_dns_name, is_mailbox, mailbox, uri_host, wildcard_base},
    limits::NAME_CHECKS_MAX,
};

/// Why a name and a subtree could not be compared.
struct Incomparable;

/// Checks the names of every certificate of a path, leaf first, against the constraints above it.
///
/// `budget` counts comparisons over all paths of one request.
pub(crate) fn check(
    path: &[&Certificate<'_>],
    anchor: &Certificate<'_>,
    budget: &mut usize,
) -> Result<(), X509Error> {
    for (index, certificate) in path.iter().enumerate() {
        // A CA that renews its own key keeps its names; only the last certificate is always held to them.
        if index > 0 && certificate.self_issued {
            continue;
        }
        let above = path.iter().skip(index.saturating_add(1)).copied().chain([anchor]);
        for constraining in above {
            if let Some(constraints) = &constraining.extensions.constraints {
                well_formed(constraints, constraining)?;
                spend(certificate, constraints, budget)?;
                check_names(certificate, constraints, constraining)?;
            }
        }
    }
    Ok(())
}

fn well_formed(constraints: &Constraints<'_>, at: &Certificate<'_>) -> Result<(), X509Error> {
    let mut subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    if subtrees.all(|subtree| is_well_formed(&subtree.base)) {
        Ok(())
    } else {
        Err(X509Error::MalformedConstraint { at: at.at })
    }
}

fn is_well_formed(base: &GeneralName<'_>) -> bool {
    match base {
        // The empty name is the root of all of them; a leading period is for mail and URIs only.
        GeneralName::Dns(name) => name.is_empty() || is_dns_name(name),
        GeneralName::Rfc822(name) if name.contains(&b'@') => is_mailbox(name),
        GeneralName::Rfc822(name) | GeneralName::Uri(name) => {
            is_dns_name(name.strip_prefix(b".").unwrap_or(name))
        }
        GeneralName::Ip(range) => match range.len() {
            8 => range.get(4..).is_some_and(is_mask),
            32 => range.get(16..).is_some_and(is_mask),
            _ => false,
        },
        _ => true,
    }
}

/// Whether the octets are ones followed by zeros.
fn is_mask(octets: &[u8]) -> bool {
    let ones: u32 = octets.iter().map(|octet| octet.count_ones()).sum();
    let mut leading = 0;
    for octet in octets {
        leading += octet.leading_ones();
        if *octet != 0xff {
            break;
        }
    }
    ones == leading
}

fn spend(
    certificate: &Certificate<'_>,
    constraints: &Constraints<'_>,
    budget: &mut usize,
) -> Result<(), X509Error> {
    let alternative = certificate.extensions.alt_names.as_ref().map_or(0, |names| names.list.len());
    let names = alternative.saturating_add(certificate.subject.mail_addresses().count()).saturating_add(1);
    let subtrees = constraints.permitted.len().saturating_add(constraints.excluded.len());
    let work = names.saturating_mul(subtrees);
    let left = budget.checked_sub(work).filter(|_| work <= NAME_CHECKS_MAX);
    *budget = left.ok_or(X509Error::BudgetExhausted { what: "name comparisons" })?;
    Ok(())
}

fn check_names(
    certificate: &Certificate<'_>,
    constraints: &Constraints<'_>,
    by: &Certificate<'_>,
) -> Result<(), X509Error> {
    let subject = (!certificate.subject.is_empty()).then_some(GeneralName::Directory(certificate.subject));
    // An address in the subject is held to the constraints on mail, also beside alternative names:
    // some readers still take it from there.
    let mail = certificate.subject.mail_addresses().map(GeneralName::Rfc822);
    let alternative = certificate.extensions.alt_names.iter().flat_map(|names| names.list.iter().copied());
    for name in subject.into_iter().chain(mail).chain(alternative) {
        let excluded = any_within(&name, &constraints.excluded, true);
        let permitted = any_within(&name, &constraints.permitted, false);
        let (Ok(excluded), Ok(permitted)) = (excluded, permitted) else {
            return Err(X509Error::UnsupportedConstraint { at: certificate.at, by: by.at });
        };
        if excluded == Some(true) {
            return Err(X509Error::NameExcluded { at: certificate.at, by: by.at });
        }
        if permitted == Some(false) {
            return Err(X509Error::NameNotPermitted { at: certificate.at, by: by.at });
        }
    }
    Ok(())
}

/// Whether the name lies in one of the subtrees of its form; nothing when there is none of its form.
fn any_within(
    name: &GeneralName<'_>,
    subtrees: &[Subtree<'_>],
    excluding: bool,
) -> Result<Option<bool>, Incomparable> {
    let mut result = None;
    for subtree in subtrees.iter().filter(|subtree| subtree.base.form() == name.form()) {
        if is_within(name, &subtree.base, excluding)? {
            return Ok(Some(true));
        }
        result = Some(false);
    }
    Ok(result)
}

fn is_within(name: &GeneralName<'_>, base: &GeneralName<'_>, excluding: bool) -> Result<bool, Incomparable> {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            Ok(in_domain(name, base) || (excluding && wildcard_reaches(name, base)))
        }
        (GeneralName::Directory(name), GeneralName::Directory(base)) => Ok(name.is_within(base)),
        (GeneralName::Ip(address), GeneralName::Ip(range)) => Ok(in_range(address, range)),
        (GeneralName::Rfc822(address), GeneralName::Rfc822(base)) => {
            let (local, host) = mailbox(address).ok_or(Incomparable)?;
            Ok(match mailbox(base) {
                Some((wanted, domain)) => {
                    // Case is kept before the at sign, but an exclusion must not be dodged by it.
                    let same = if excluding { local.eq_ignore_ascii_case(wanted) } else { local == wanted };
                    same && host.eq_ignore_ascii_case(domain)
                }
                None => host_within(host, base),
            })
        }
        (GeneralName::Uri(uri), GeneralName::Uri(base)) => {
            Ok(host_within(uri_host(uri).ok_or(Incomparable)?, base))
        }
        _ if matches!(name.form(), Form::Other | Form::X400 | Form::EdiParty | Form::RegisteredId) => {
            Err(Incomparable)
        }
        _ => Ok(false),
    }
}

/// A host, or with a leading period every host below it.
fn host_within(host: &[u8], base: &[u8]) -> bool {
    if base.first() == Some(&b'.') {
        host.len() > base.len() && ends_with(host, base)
    } else {
        host.eq_ignore_ascii_case(base)
    }
}

/// The domain itself and everything below it.
fn in_domain(name: &[u8], base: &[u8]) -> bool {
    if base.is_empty() || name.eq_ignore_ascii_case(base) {
        return true;
    }
    let Some(before) = name.len().checked_sub(base.len()).and_then(|length| length.checked_sub(1)) else {
        return false;
    };
    name.get(before) == Some(&b'.') && ends_with(name, base)
}

/// Whether a wildcard could stand for a name in an excluded domain one label longer than its base.
fn wildcard_reaches(name: &[u8], base: &[u8]) -> bool {
    let Some(rest) = wildcard_base(name) else { return false };
    let Some(first) = base.iter().position(|byte| *byte == b'.') else { return false };
    base.get(first.saturating_add(1)..).is_some_and(|parent| parent.eq_ignore_ascii_case(rest))
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.len()
        .checked_sub(end.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn in_range(address: &[u8], range: &[u8]) -> bool {
    if range.len() != address.len().saturating_mul(2) {
        return false;
    }
    let (base, mask) = range.split_at(address.len());
    address.iter().zip(base).zip(mask).all(|((own, base), mask)| own & mask == base & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_hold_themselves_and_what_is_below() {
        assert!(in_domain(b"example.com", b"Example.com"));
        assert!(in_domain(b"foo.bar.example.com", b"example.com"));
        assert!(in_domain(b"*.example.com", b"example.com"));
        assert!(in_domain(b"anything", b""));
        assert!(!in_domain(b"not-example.com", b"example.com"));
        assert!(!in_domain(b"*.example.com", b"foo.example.com"));
        assert!(!in_domain(b"com", b"example.com"));
        assert!(wildcard_reaches(b"*.example.com", b"bar.example.com"));
        assert!(!wildcard_reaches(b"*.example.com", b"a.bar.example.com"));
        assert!(!wildcard_reaches(b"*.example.com", b"example.com"));
    }

    #[test]
    fn a_leading_period_means_below_only() {
        assert!(host_within(b"a.example.com", b".example.com"));
        assert!(host_within(b"a.b.example.com", b".example.com"));
        assert!(!host_within(b"example.com", b".example.com"));
        assert!(host_within(b"example.com", b"example.com"));
        assert!(!host_within(b"sub.example.com", b"example.com"));
    }

    #[test]
    fn masks_are_contiguous() {
        assert!(is_mask(&[0xff, 0xff, 0xf0, 0]));
        assert!(is_mask(&[0, 0, 0, 0]));
        assert!(is_mask(&[0xff; 16]));
        assert!(!is_mask(&[0xff, 0, 0xff, 0]));
        assert!(!is_mask(&[0xf5, 0, 0, 0]));
        assert!(in_range(&[192, 0, 2, 1], &[192, 0, 2, 0, 255, 255, 255, 0]));
        assert!(!in_range(&[192, 0, 3, 1], &[192, 0, 2, 0, 255, 255, 255, 0]));
        assert!(!in_range(&[192, 0, 2, 1], &[0; 32]));
    }
}
