//! Status lists: which credentials were revoked or suspended, a bit or some for each.
//!
//! [`bitstring`] is the W3C's list, a credential itself; [`token`] is the IETF's, a signed token. Both are
//! compressed, and unfold to a bounded size only.

pub mod bitstring;
pub mod token;
mod unfold;

pub use bitstring::StatusList;

use crate::credential::StatusEntry;
use crate::did::Did;
use crate::error::CredentialError;

/// Checks one entry of a credential by this issuer.
pub(crate) fn check_entry(
    entry: &StatusEntry,
    issuer: &Did,
    lists: &[StatusList],
) -> Result<(), CredentialError> {
    let list = lists.iter().find(|list| list.id() == entry.list && list.purpose() == entry.purpose);
    let Some(list) = list else {
        let same = lists.iter().find(|list| list.id() == entry.list);
        return Err(match same {
            Some(list) => {
                CredentialError::Purpose { found: list.purpose().to_owned(), wanted: entry.purpose.clone() }
            }
            None => CredentialError::StatusUnknown,
        });
    };
    if list.issuer() != issuer {
        return Err(CredentialError::ListIssuer {
            found: list.issuer().to_string(),
            wanted: issuer.to_string(),
        });
    }
    match list.is_set(entry.index)? {
        true => Err(CredentialError::Status { status: 1, purpose: entry.purpose.clone() }),
        false => Ok(()),
    }
}
