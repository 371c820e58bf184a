//! Dishonest operators, for networks that test whether honesty wins.
//!
//! Every lie passes the rules by which receipts are taken, so that only a fraud proof stops it. Nothing here
//! is of use to anyone on a network with money: whoever tells one of these lies loses the stake.

mod author;

pub(crate) use author::Authored;

use auto_core::{
    Amount, BundleVerdict, DomainHeader, DomainId, ExecutionReceipt, Hash, InvalidBundle, List, Transfers,
    merkle_root,
};
use std::fmt;
use std::str::FromStr;

/// What is wrong with a bundle, the rules of [`InvalidBundle`] without a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// An extrinsic does not decode.
    Undecodable,
    /// A signer is out of the operator's range.
    OutOfRange,
    /// An extrinsic is an inherent.
    Inherent,
    /// A message without a valid proof.
    Message,
    /// A transaction that must not run.
    Illegal,
    /// The weight is not that of the extrinsics.
    Weight,
}

impl Fault {
    /// Every fault, in the order of the rules.
    pub const ALL: [Self; 6] =
        [Self::Undecodable, Self::OutOfRange, Self::Inherent, Self::Message, Self::Illegal, Self::Weight];

    const fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::OutOfRange => "out-of-range",
            Self::Inherent => "inherent",
            Self::Message => "message",
            Self::Illegal => "illegal",
            Self::Weight => "weight",
        }
    }

    /// The rule, broken by the first extrinsic.
    const fn reason(self) -> InvalidBundle {
        match self {
            Self::Undecodable => InvalidBundle::UndecodableTx(0),
            Self::OutOfRange => InvalidBundle::OutOfRangeTx(0),
            Self::Inherent => InvalidBundle::InherentExtrinsic(0),
            Self::Message => InvalidBundle::InvalidMessage(0),
            Self::Illegal => InvalidBundle::IllegalTx(0),
            Self::Weight => InvalidBundle::InvalidWeight,
        }
    }
}

/// One way to be dishonest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lie {
    /// The root after the block began is wrong.
    InitializeRoot,
    /// The root after the first extrinsic is wrong; only where there is one.
    MiddleRoot,
    /// The last root is wrong.
    FinalizeRoot,
    /// The trace has a root more than the block has steps.
    TraceTooLong,
    /// The trace lacks a root; only where the block has an extrinsic.
    TraceTooShort,
    /// The extrinsics root is wrong.
    ExtrinsicsRoot,
    /// The block hash is not that of the header.
    BlockHash,
    /// The fees are not those that were taken.
    Fees,
    /// A transfer is stated that never was.
    Transfers,
    /// A valid bundle has another digest.
    BundleDigest,
    /// A valid bundle is called invalid for a reason, so that its author would lose the stake.
    ValidAs(Fault),
    /// The liar's own invalid bundle is called valid.
    AsValid(Fault),
    /// The liar's own bundle is called invalid for another reason than the first.
    LaterReason,
    /// Vouches for and extends whatever receipt is the newest.
    Follow,
}

impl Lie {
    /// Every lie.
    pub const ALL: [Self; 24] = [
        Self::InitializeRoot,
        Self::MiddleRoot,
        Self::FinalizeRoot,
        Self::TraceTooLong,
        Self::TraceTooShort,
        Self::ExtrinsicsRoot,
        Self::BlockHash,
        Self::Fees,
        Self::Transfers,
        Self::BundleDigest,
        Self::ValidAs(Fault::Undecodable),
        Self::ValidAs(Fault::OutOfRange),
        Self::ValidAs(Fault::Inherent),
        Self::ValidAs(Fault::Message),
        Self::ValidAs(Fault::Illegal),
        Self::ValidAs(Fault::Weight),
        Self::AsValid(Fault::Undecodable),
        Self::AsValid(Fault::OutOfRange),
        Self::AsValid(Fault::Inherent),
        Self::AsValid(Fault::Message),
        Self::AsValid(Fault::Illegal),
        Self::AsValid(Fault::Weight),
        Self::LaterReason,
        Self::Follow,
    ];

    /// Whether a verdict calls a bundle invalid.
    pub(crate) const fn is_invalid(verdict: &BundleVerdict) -> bool {
        matches!(verdict, BundleVerdict::Invalid(_))
    }

    /// What to state of a block after `newest`, where deriving it gives `own`.
    pub(crate) fn state(self, own: ExecutionReceipt, newest: &ExecutionReceipt) -> ExecutionReceipt {
        let followed = rebased(own, newest);
        self.distorted(&followed, newest).unwrap_or(followed)
    }

    /// The receipt with the lie in it; `None` where the block gives no occasion.
    fn distorted(self, right: &ExecutionReceipt, newest: &ExecutionReceipt) -> Option<ExecutionReceipt> {
        let mut receipt = right.clone();
        match self {
            Self::InitializeRoot => retrace(&mut receipt, |trace| flip(trace.first_mut()))?,
            Self::MiddleRoot if right.trace.len() > 2 => {
                retrace(&mut receipt, |trace| flip(trace.get_mut(1)))?;
            }
            Self::FinalizeRoot => retrace(&mut receipt, |trace| flip(trace.last_mut()))?,
            Self::TraceTooLong => retrace(&mut receipt, |trace| {
                trace.push(right.final_state_root);
                Some(())
            })?,
            Self::TraceTooShort if right.trace.len() > 2 => retrace(&mut receipt, |trace| {
                trace.remove(1);
                Some(())
            })?,
            Self::MiddleRoot | Self::TraceTooShort | Self::Follow => return None,
            Self::ExtrinsicsRoot => receipt.extrinsics_root = flipped(right.extrinsics_root),
            Self::BlockHash => {
                receipt.block_hash = flipped(right.block_hash);
                return Some(receipt);
            }
            Self::Fees => {
                receipt.fees.burned = receipt.fees.burned.checked_add(Amount::from_base_units(1))?
            }
            Self::Transfers => receipt.transfers = with_outgoing(&right.transfers)?,
            Self::BundleDigest | Self::ValidAs(_) | Self::AsValid(_) | Self::LaterReason => {
                let mut bundles = receipt.bundles.into_inner();
                let verdict = bundles.iter_mut().find_map(|one| {
                    let other = self.verdict(&one.verdict)?;
                    one.verdict = other;
                    Some(())
                });
                verdict?;
                receipt.bundles = List::new(bundles).ok()?;
            }
        }
        // One lie at a time: the block hash is that of what is stated.
        receipt.block_hash = header_hash(&receipt, newest);
        Some(receipt)
    }

    /// What to say of a bundle instead; `None` where it gives no occasion.
    fn verdict(self, right: &BundleVerdict) -> Option<BundleVerdict> {
        match (self, right) {
            (Self::BundleDigest, BundleVerdict::Valid(digest)) => {
                Some(BundleVerdict::Valid(flipped(*digest)))
            }
            (Self::ValidAs(fault), BundleVerdict::Valid(_)) => Some(BundleVerdict::Invalid(fault.reason())),
            (Self::AsValid(fault), BundleVerdict::Invalid(reason)) if *reason == fault.reason() => {
                Some(BundleVerdict::Valid(flipped(Hash::ZERO)))
            }
            (Self::LaterReason, BundleVerdict::Invalid(InvalidBundle::UndecodableTx(0))) => {
                Some(BundleVerdict::Invalid(InvalidBundle::InvalidWeight))
            }
            _ => None,
        }
    }
}

/// The receipt on top of another parent.
fn rebased(mut own: ExecutionReceipt, newest: &ExecutionReceipt) -> ExecutionReceipt {
    own.parent_receipt = newest.hash();
    own.block_hash = header_hash(&own, newest);
    own
}

fn header_hash(receipt: &ExecutionReceipt, parent: &ExecutionReceipt) -> Hash {
    let header = DomainHeader {
        domain: receipt.domain,
        number: receipt.number,
        parent_hash: parent.block_hash,
        extrinsics_root: receipt.extrinsics_root,
        state_root: receipt.final_state_root,
    };
    header.hash()
}

const fn flipped(mut hash: Hash) -> Hash {
    hash.0[0] ^= 1;
    hash
}

fn flip(root: Option<&mut Hash>) -> Option<()> {
    let root = root?;
    *root = flipped(*root);
    Some(())
}

/// Changes the trace, and with it all that the door compares it with.
fn retrace(receipt: &mut ExecutionReceipt, change: impl FnOnce(&mut Vec<Hash>) -> Option<()>) -> Option<()> {
    let mut trace = receipt.trace.to_vec();
    change(&mut trace)?;
    receipt.trace_root = merkle_root(&trace);
    receipt.final_state_root = *trace.last()?;
    receipt.trace = List::new(trace).ok()?;
    Some(())
}

/// A unit more on its way to the consensus chain.
fn with_outgoing(transfers: &Transfers) -> Option<Transfers> {
    let mut outgoing = transfers.outgoing.to_vec();
    let unit = Amount::from_base_units(1);
    match outgoing.first_mut() {
        Some((DomainId::CONSENSUS, amount)) => *amount = amount.checked_add(unit)?,
        _ => outgoing.insert(0, (DomainId::CONSENSUS, unit)),
    }
    Some(Transfers { outgoing: List::new(outgoing).ok()?, ..transfers.clone() })
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::InitializeRoot => "initialize-root",
            Self::MiddleRoot => "middle-root",
            Self::FinalizeRoot => "finalize-root",
            Self::TraceTooLong => "trace-too-long",
            Self::TraceTooShort => "trace-too-short",
            Self::ExtrinsicsRoot => "extrinsics-root",
            Self::BlockHash => "block-hash",
            Self::Fees => "fees",
            Self::Transfers => "transfers",
            Self::BundleDigest => "bundle-digest",
            Self::ValidAs(fault) => return write!(f, "valid-as-{}", fault.name()),
            Self::AsValid(fault) => return write!(f, "{}-as-valid", fault.name()),
            Self::LaterReason => "later-reason",
            Self::Follow => "follow",
        };
        f.write_str(name)
    }
}

/// A name that no lie has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no lie; see `Lie::ALL`")]
pub struct UnknownLie(pub String);

impl FromStr for Lie {
    type Err = UnknownLie;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|lie| lie.to_string() == text);
        known.ok_or_else(|| UnknownLie(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_differ() {
        let names: std::collections::BTreeSet<String> = Lie::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), Lie::ALL.len());
        for lie in Lie::ALL {
            assert_eq!(lie.to_string().parse(), Ok(lie));
        }
        assert!("honesty".parse::<Lie>().is_err());
    }
}
