//! What holds after every block.

use crate::deposits_account;
use crate::state::{COMMITMENTS, PLACES, SERIALS};
use auto_core::Amount;
use auto_module::{Contents, Invariant, StoredError, bank::ACCOUNTS};
use autoid_core::limits::TREE_DEPTH_MAX;
use autoid_core::{IdentityRecord, Status};
use autoid_interface::{ALIAS_OF, ALIASES, GRANTS, IDENTITIES, REVOKED};

/// What holds after every block.
pub(crate) const INVARIANTS: &[Invariant] = &[
    Invariant { name: "the deposits of all entries lie on their account", check: deposits },
    Invariant { name: "an identity is never removed, and what ended stays ended", check: identities },
    Invariant { name: "a tree is at most eight deep, and consistent", check: trees },
    Invariant { name: "a revocation is never undone", check: revocations },
    Invariant { name: "every stored grant has a place of its own, under a stored parent", check: grants },
    Invariant { name: "an alias and its identity point to each other", check: aliases },
    Invariant { name: "a serial number is never free again", check: serials },
];

fn text(error: StoredError) -> String {
    error.to_string()
}

fn deposits(_: &Contents, after: &Contents) -> Result<(), String> {
    let records = IDENTITIES.entries(after).map_err(text)?;
    let grants = GRANTS.entries(after).map_err(text)?;
    let aliases = ALIASES.entries(after).map_err(text)?;
    let commitments = COMMITMENTS.entries(after).map_err(text)?;
    let held = records
        .iter()
        .map(|(_, record)| Amount::from_base_units(record.deposit))
        .chain(grants.iter().map(|(_, grant)| grant.deposit))
        .chain(aliases.iter().map(|(_, alias)| alias.deposit))
        .chain(commitments.iter().map(|(_, commitment)| commitment.deposit))
        .try_fold(Amount::ZERO, Amount::checked_add)
        .ok_or("the deposits overflow")?;
    let account = ACCOUNTS.get(after, &deposits_account()).map_err(text)?;
    let there = account.unwrap_or_default().balance;
    // Anyone may send money to the account; it is lost to them, not to those who paid deposits.
    if there >= held { Ok(()) } else { Err(format!("deposits of {held}, {there} on their account")) }
}

/// How far along its life a status is.
const fn stage(status: Status) -> u8 {
    match status {
        Status::Pending => 0,
        Status::Active | Status::Suspended => 1,
        Status::Revoked | Status::Tombstone => 2,
    }
}

fn follows(old: &IdentityRecord, new: &IdentityRecord) -> bool {
    let ended_alike = stage(old.status) < 2 || (old.status, &old.keys) == (new.status, &new.keys);
    let unchanged = (old.kind, old.parent, old.depth, old.created);
    new.seq >= old.seq
        && new.oversight >= old.oversight
        && new.grant_epoch >= old.grant_epoch
        && stage(new.status) >= stage(old.status)
        && ended_alike
        && unchanged == (new.kind, new.parent, new.depth, new.created)
}

fn identities(before: &Contents, after: &Contents) -> Result<(), String> {
    for (id, old) in IDENTITIES.entries(before).map_err(text)? {
        match IDENTITIES.get(after, &id).map_err(text)? {
            Some(new) if follows(&old, &new) => {}
            Some(_) => return Err(format!("{id} went back")),
            None => return Err(format!("{id} is gone")),
        }
    }
    Ok(())
}

fn trees(_: &Contents, after: &Contents) -> Result<(), String> {
    for (id, record) in IDENTITIES.entries(after).map_err(text)? {
        let parent = match &record.parent {
            Some(parent) => IDENTITIES.get(after, parent).map_err(text)?,
            None => None,
        };
        let expected = match (&record.parent, parent) {
            (None, _) => Some(0),
            (Some(_), Some(parent)) => parent.depth.checked_add(1),
            (Some(_), None) => None,
        };
        if record.id != id || expected != Some(record.depth) || record.depth > TREE_DEPTH_MAX {
            return Err(format!("{id} is out of place"));
        }
    }
    Ok(())
}

fn revocations(before: &Contents, after: &Contents) -> Result<(), String> {
    for (key, old) in REVOKED.entries(before).map_err(text)? {
        if !REVOKED.get(after, &key).map_err(text)?.is_some_and(|new| new.includes(&old)) {
            return Err(format!("list {} of {} lost a revocation", key.1, key.0));
        }
    }
    Ok(())
}

fn grants(_: &Contents, after: &Contents) -> Result<(), String> {
    for (id, stored) in GRANTS.entries(after).map_err(text)? {
        let grant = stored.grant.body();
        if PLACES.get(after, &(grant.iss, grant.rev)).map_err(text)? != Some(id) {
            return Err(format!("grant {id} lost its place"));
        }
        if let Some(parent) = &grant.parent {
            GRANTS.get(after, parent).map_err(text)?.ok_or_else(|| format!("grant {id} rests on nothing"))?;
        }
    }
    Ok(())
}

fn aliases(_: &Contents, after: &Contents) -> Result<(), String> {
    let ways_back = ALIAS_OF.entries(after).map_err(text)?;
    let aliases = ALIASES.entries(after).map_err(text)?;
    for (look, record) in &aliases {
        if record.alias.look() != *look || !ways_back.contains(&(record.id, look.clone())) {
            return Err(format!("alias {} has no way back", record.alias));
        }
    }
    if aliases.len() == ways_back.len() {
        Ok(())
    } else {
        Err("an identity has an alias of another".to_owned())
    }
}

fn serials(before: &Contents, after: &Contents) -> Result<(), String> {
    let kept = SERIALS.entries(after).map_err(text)?;
    let gone = SERIALS.entries(before).map_err(text)?.into_iter().find(|old| !kept.contains(old));
    gone.map_or(Ok(()), |((issuer, _), _)| Err(format!("{issuer} may use a serial number again")))
}
