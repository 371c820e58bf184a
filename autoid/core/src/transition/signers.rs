//! Who signed an operation, and by what right.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Authority, Rules};
use crate::keys::{KeySet, Relations};
use crate::operation::{Action, Guardians, Operation};
use crate::record::{IdentityRecord, Standing};
use crate::signed::{Body, Sign, SignatureOf};
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, Failure, Genesis, Refusal, Time};

/// The identities that signed.
pub(super) struct Signers(BTreeSet<AutoId>);

impl Signers {
    pub(super) fn of<T: Body>(envelope: &Sign<T>) -> Self {
        Self(envelope.signatures().iter().map(|one| one.by.identity).collect())
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = AutoId> + '_ {
        self.0.iter().copied()
    }

    pub(super) fn are_only(&self, id: &AutoId) -> bool {
        self.0.iter().all(|signer| signer == id)
    }

    fn others(&self, id: &AutoId) -> Option<AutoId> {
        self.identities().find(|signer| signer != id)
    }

    /// Verifies every signature, and tells by what right they act together.
    pub(super) fn verify<V: View + ?Sized>(
        &self,
        tree: &mut Tree<'_, V>,
        record: &IdentityRecord,
        operation: &Sign<Operation>,
        rules: &Rules,
        now: Time,
    ) -> Result<Standing, Failure<V::Error>> {
        let own = |keys: &[&KeySet]| {
            if let Some(id) = self.others(&record.id) {
                return Err(Refusal::UnexpectedSigner { id });
            }
            controls(operation, &rules.genesis, &record.id, keys, now).map(|()| Standing::Controller)
        };
        let action = &operation.body().action;
        let standing = match (action.authority(), action) {
            (Authority::Rotation, Action::Rotate { keys, next: _ }) => {
                rotates(record, keys)?;
                own(&[&record.keys, keys])?
            }
            (Authority::Pending, _) => {
                let recovery = record.recovering.as_ref().ok_or(Refusal::RecoveryNotStarted)?;
                own(&[&recovery.keys])?
            }
            (Authority::Guardians, Action::StartRecovery { guardians, .. })
            | (Authority::Guardians, Action::Revoke { guardians: Some(guardians), .. }) => {
                self.are_guardians(record, guardians)?;
                self.assert(tree, operation, rules, now)?;
                Standing::Issuers
            }
            (Authority::Issuers, _) => {
                self.assert(tree, operation, rules, now)?;
                Standing::Issuers
            }
            (Authority::Overseers, _) if !self.are_only(&record.id) => {
                let standing = self.oversee(tree, record)?;
                self.assert(tree, operation, rules, now)?;
                standing
            }
            _ => own(&[&record.keys])?,
        };
        Ok(standing)
    }

    /// By what right others act: as one identity above, or as enough issuers.
    fn oversee<V: View + ?Sized>(
        &self,
        tree: &mut Tree<'_, V>,
        record: &IdentityRecord,
    ) -> Result<Standing, Failure<V::Error>> {
        if self.0.contains(&record.id) {
            return Err(Refusal::UnexpectedSigner { id: record.id }.into());
        }
        let above = tree.above(&record.id)?;
        if self.0.len() == 1 {
            let found = (1_u8..).zip(&above).find(|(_, ancestor)| self.0.contains(ancestor));
            if let Some((above, _)) = found {
                return Ok(Standing::Ancestor { above });
            }
        }
        let enough = self.0.len() >= usize::from(record.threshold.max(1));
        if enough && self.identities().all(|signer| record.is_endorsed_by(&signer)) {
            Ok(Standing::Issuers)
        } else {
            Err(Refusal::NoStanding.into())
        }
    }

    fn are_guardians(&self, record: &IdentityRecord, guardians: &Guardians) -> Result<(), Refusal> {
        if record.recovery != Some(guardians.commitment()) {
            return Err(Refusal::NotGuardians);
        }
        if let Some(id) = self.identities().find(|signer| !guardians.members.contains(signer)) {
            return Err(Refusal::UnexpectedSigner { id });
        }
        let (have, need) = (self.0.len(), usize::from(guardians.threshold));
        if have < need { Err(Refusal::TooFewGuardians { have, need }) } else { Ok(()) }
    }

    /// Verifies signatures by which active identities speak about another.
    fn assert<V: View + ?Sized>(
        &self,
        tree: &mut Tree<'_, V>,
        operation: &Sign<Operation>,
        rules: &Rules,
        now: Time,
    ) -> Result<(), Failure<V::Error>> {
        if self.0.is_empty() {
            return Err(Refusal::TooFewSignatures { have: 0, need: 1 }.into());
        }
        for signature in operation.signatures() {
            speaks(tree, operation, signature, &rules.genesis, now)?;
        }
        Ok(())
    }
}

/// Refuses keys that were not committed to, and numbers that would stand for two keys.
fn rotates(record: &IdentityRecord, keys: &KeySet) -> Result<(), Refusal> {
    if keys.commitment() != record.next {
        return Err(Refusal::NextMismatch);
    }
    let reused = keys.keys.iter().find(|new| record.keys.key(new.kid).is_some_and(|old| old.key != new.key));
    reused.map_or(Ok(()), |key| Err(Refusal::KidReused { kid: key.kid }))
}

/// Verifies that the signatures of an identity reach the threshold of each of some key sets, in which a
/// number never stands for two keys.
pub(crate) fn controls<T: Body>(
    envelope: &Sign<T>,
    genesis: &Genesis,
    id: &AutoId,
    sets: &[&KeySet],
    now: Time,
) -> Result<(), Refusal> {
    let own: Vec<&SignatureOf> = envelope.signatures().iter().filter(|one| one.by.identity == *id).collect();
    // Counting is cheap and comes first.
    for set in sets {
        let have = own.iter().filter(|one| set.key(one.by.kid).is_some()).count();
        let need = usize::from(set.threshold);
        if have < need {
            return Err(Refusal::TooFewSignatures { have, need });
        }
    }
    for signature in own {
        let kid = signature.by.kid;
        let mut key = None;
        for found in sets.iter().filter_map(|set| set.key(kid)) {
            found.admit(Relations::AUTH, now)?;
            key = Some(found.key);
        }
        envelope.verify(genesis, signature, &key.ok_or(Refusal::UnknownKey { id: *id, kid })?)?;
    }
    Ok(())
}

/// Verifies one signature by which an active identity speaks about another.
pub(super) fn speaks<V: View + ?Sized, T: Body>(
    tree: &mut Tree<'_, V>,
    envelope: &Sign<T>,
    signature: &SignatureOf,
    genesis: &Genesis,
    now: Time,
) -> Result<(), Failure<V::Error>> {
    let (id, kid) = (signature.by.identity, signature.by.kid);
    let signer = tree.active(&id)?;
    let key = signer.keys.key(kid).ok_or(Refusal::UnknownKey { id, kid })?;
    key.admit(Relations::ASSERT, now)?;
    Ok(envelope.verify(genesis, signature, &key.key)?)
}
