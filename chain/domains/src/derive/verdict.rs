//! Whether a bundle's extrinsics run.

use super::{BlockRules, DeriveError, DigestEntry, bundle_digest, order::BundleEntries, step::Watched};
use crate::election::{in_range, operator_position, signer_position};
use auto_core::{BundleVerdict, InvalidBundle, List, OpaqueExtrinsic, VrfSignature};
use auto_module::{CheckedExtrinsic, Extrinsic};
use auto_state::StateRead;
use rayon::prelude::*;

/// What became of one bundle.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdict.
    pub verdict: BundleVerdict,
    /// What its digest is over; nothing unless it is valid.
    pub entries: BundleEntries,
    /// Its extrinsics in order; none unless it is valid.
    pub extrinsics: Vec<CheckedExtrinsic>,
}

/// Judges one extrinsic of a bundle by all rules, in order, over the state of the parent block.
///
/// Whoever makes a bundle asks this function, so that it never offers what others would call invalid. The
/// inner error is the first rule that fails. The range is measured from the draw `vrf` of the bundle.
///
/// # Errors
/// When the state cannot be read: then nothing is known of the extrinsic.
pub fn extrinsic(
    rules: &BlockRules<'_>,
    vrf: &VrfSignature,
    index: u32,
    bytes: &[u8],
    parent: &(impl StateRead + ?Sized),
) -> Result<Result<CheckedExtrinsic, InvalidBundle>, DeriveError> {
    let Ok(decoded) = rules.domain.decode(bytes) else {
        return Ok(Err(InvalidBundle::UndecodableTx(index)));
    };
    let illegal = match &decoded {
        Extrinsic::Inherent(_) => return Ok(Err(InvalidBundle::InherentExtrinsic(index))),
        // A message has no signer who could choose an operator, so any operator may relay it.
        Extrinsic::Message(_) => InvalidBundle::InvalidMessage(index),
        Extrinsic::Signed(signed) => {
            let signer = signer_position(&signed.transaction.signer.address());
            if !in_range(operator_position(vrf), signer, rules.block.range) {
                return Ok(Err(InvalidBundle::OutOfRangeTx(index)));
            }
            InvalidBundle::IllegalTx(index)
        }
    };
    let Ok(checked) = rules.domain.check(rules.environment, decoded) else { return Ok(Err(illegal)) };
    let watched = Watched::new(parent, usize::MAX);
    let legal = rules.domain.legal(rules.environment, &rules.block.inherent, &checked, &watched);
    watched.finish()?;
    match legal {
        Ok(()) => Ok(Ok(checked)),
        Err(error) if error.unreadable().is_some() => Err(error.into()),
        Err(_) => Ok(Err(illegal)),
    }
}

/// The weight of extrinsics together, to be compared with what the bundle's header states.
#[must_use]
pub fn weight(extrinsics: &[CheckedExtrinsic]) -> u64 {
    extrinsics.iter().fold(0, |sum: u64, extrinsic| sum.saturating_add(extrinsic.weight().0))
}

/// Judges all bundles of a block, in the order of its inbox, on all cores.
///
/// # Errors
/// When the state cannot be read, or `bundles` are not those of the inbox.
pub fn bundles(
    rules: &BlockRules<'_>,
    bundles: &[&[OpaqueExtrinsic]],
    parent: &(impl StateRead + Sync + ?Sized),
) -> Result<Vec<Judged>, DeriveError> {
    let inbox = &rules.block.inbox;
    if bundles.len() != inbox.len() {
        return Err(DeriveError::BundleCount { expected: inbox.len(), actual: bundles.len() });
    }
    let work: Vec<(&VrfSignature, u32, &[u8])> = inbox
        .iter()
        .zip(bundles)
        .flat_map(|(entry, extrinsics)| {
            (0..).zip(extrinsics.iter()).map(|(index, bytes)| (&entry.vrf, index, &**bytes))
        })
        .collect();
    let judge =
        |(vrf, index, bytes): (&VrfSignature, u32, &[u8])| extrinsic(rules, vrf, index, bytes, parent);
    let judged: Vec<Result<_, DeriveError>> = work.into_par_iter().map(judge).collect();
    let mut verdicts = judged.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter();
    let per_bundle = inbox.iter().zip(bundles).map(|(entry, extrinsics)| {
        let verdicts: Result<Vec<_>, InvalidBundle> = {
            let all: Vec<_> = verdicts.by_ref().take(extrinsics.len()).collect();
            all.into_iter().collect()
        };
        summarize(verdicts, extrinsics, entry.weight)
    });
    per_bundle.collect()
}

fn summarize(
    verdicts: Result<Vec<CheckedExtrinsic>, InvalidBundle>,
    bytes: &[OpaqueExtrinsic],
    stated_weight: u64,
) -> Result<Judged, DeriveError> {
    let heavy = |extrinsics: &Vec<CheckedExtrinsic>| weight(extrinsics) != stated_weight;
    let extrinsics = match verdicts {
        Ok(extrinsics) if heavy(&extrinsics) => Err(InvalidBundle::InvalidWeight),
        verdicts => verdicts,
    };
    match extrinsics {
        Ok(extrinsics) => {
            let entries = extrinsics.iter().zip(bytes);
            let entries = entries.filter_map(|(checked, bytes)| DigestEntry::of(checked.extrinsic(), bytes));
            let entries = List::new(entries.collect()).map_err(|_| DeriveError::TooLarge)?;
            Ok(Judged { verdict: BundleVerdict::Valid(bundle_digest(&entries)), entries, extrinsics })
        }
        Err(reason) => Ok(Judged {
            verdict: BundleVerdict::Invalid(reason),
            entries: List::default(),
            extrinsics: Vec::new(),
        }),
    }
}
