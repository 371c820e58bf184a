use alloc::vec::Vec;

use super::signers::{controls, speaks};
use super::{Rules, effect};
use crate::inception::Inception;
use crate::limits::TREE_DEPTH_MAX;
use crate::record::{IdentityRecord, Status};
use crate::signed::Sign;
use crate::tree::Tree;
use crate::view::{Point, View};
use crate::{AutoId, Failure, Genesis, Refusal, Time};

/// Judges what an inception says without any state: who signed, and whether its own keys did. Keys that have
/// an end of their use are judged as of the beginning of time.
///
/// # Errors
/// Which rule it breaks.
pub fn check_inception(inception: &Sign<Inception>, genesis: &Genesis) -> Result<AutoId, Refusal> {
    judge(inception, genesis, Time(0))
}

fn judge(inception: &Sign<Inception>, genesis: &Genesis, now: Time) -> Result<AutoId, Refusal> {
    let (id, body) = (inception.id(genesis), inception.body());
    let signers = || inception.signatures().iter().map(|one| one.by.identity);
    if let Some(id) = signers().find(|signer| *signer != id && Some(*signer) != body.parent) {
        return Err(Refusal::UnexpectedSigner { id });
    }
    if body.parent.is_some_and(|parent| !signers().any(|signer| signer == parent)) {
        return Err(Refusal::ParentConsent);
    }
    controls(inception, genesis, &id, &[&body.keys], now)?;
    Ok(id)
}

/// The record that an inception makes.
///
/// `payer` is the account that gets `deposit` back.
///
/// # Errors
/// Which rule the inception breaks, or that the state cannot be read.
pub fn incept<V: View + ?Sized>(
    inception: &Sign<Inception>,
    payer: [u8; 32],
    deposit: u128,
    view: &V,
    rules: &Rules,
) -> Result<IdentityRecord, Failure<V::Error>> {
    let Point { block, time } = view.point();
    let id = AutoId::of(&rules.genesis, inception.payload());
    if view.identity(&id).map_err(Failure::View)?.is_some() {
        return Err(Refusal::IdentityExists { id }.into());
    }
    let body = inception.body();
    let mut tree = Tree::new(view);
    let mut depth = 0;
    if let Some(parent) = body.parent {
        let parent = tree.active(&parent)?;
        depth = parent
            .depth
            .checked_add(1)
            .filter(|depth| *depth <= TREE_DEPTH_MAX)
            .ok_or(Refusal::TreeTooDeep)?;
        parent.authority.admit(body.kind, &body.authority)?;
    }
    judge(inception, &rules.genesis, time)?;
    for signature in inception.signatures().iter().filter(|one| one.by.identity != id) {
        speaks(&mut tree, inception, signature, &rules.genesis, time)?;
    }
    let waits = body.threshold > 0;
    let deadline = block.checked_add(rules.endorsement_window).ok_or(Refusal::Counter)?;
    Ok(IdentityRecord {
        id,
        kind: body.kind,
        status: if waits { Status::Pending } else { Status::Active },
        seq: 0,
        oversight: 0,
        keys: body.keys.clone(),
        next: body.next,
        recovery: body.recovery,
        recovering: None,
        parent: body.parent,
        depth,
        issuers: body.issuers.clone(),
        threshold: body.threshold,
        endorsements: 0,
        deadline: waits.then_some(deadline),
        authority: body.authority.clone(),
        grant_epoch: 0,
        certificate: None,
        services: Vec::new(),
        suspension: None,
        revocation: None,
        deposit,
        payer,
        created: block,
        updated: block,
        updated_at: time,
    })
}

/// The tombstone of a pending identity whose time for endorsements is over. Anybody may ask for it.
///
/// # Errors
/// When the identity is not pending, or still has time.
pub fn lapse(record: &IdentityRecord, point: Point) -> Result<IdentityRecord, Refusal> {
    match record.deadline {
        Some(deadline) if record.status == Status::Pending && point.block > deadline => {
            let mut lapsed = record.clone();
            effect::bury(&mut lapsed);
            lapsed.oversight = lapsed.oversight.checked_add(1).ok_or(Refusal::Counter)?;
            lapsed.updated = point.block;
            lapsed.updated_at = point.time;
            Ok(lapsed)
        }
        _ => Err(Refusal::WrongStatus { status: record.status, action: "lapse" }),
    }
}
