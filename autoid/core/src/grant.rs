//! Grants: what one identity lets another do in the name of a third.

mod attenuation;
mod codec;
mod meter;

pub use attenuation::attenuates;
pub use meter::{Asset, Meter, Mode, Payee, Window};

use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::command::Command;
use crate::limits::{CHAIN_MAX, STATEMENT_BYTES_MAX};
use crate::policy::Policy;
use crate::resource::ResourcePattern;
use crate::signed::{Body, Sign1};
use crate::{AutoId, Genesis, GrantId, Refusal, Time};

/// How far what is done can be undone; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Reversibility {
    /// Nothing is changed.
    Read,
    /// It can be undone.
    Reversible,
    /// It can be made good, at a cost.
    Compensable,
    /// It cannot be undone.
    Irreversible,
}

impl Reversibility {
    /// Every class, the most harmless first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Reversible, Self::Compensable, Self::Irreversible];
}

/// Bits of one revocation list.
pub const REVOCATION_LIST_BITS: u32 = 8_192;

/// The bit by which the issuer revokes a grant: a place in one of its own lists.
///
/// Two grants of one issuer with the same place are revoked together. Nobody else can set the bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct RevocationPlace {
    /// The number of the list among those of the issuer.
    pub list: u32,
    /// The bit, under [`REVOCATION_LIST_BITS`].
    pub index: u32,
}

/// Above which amount others must approve a call.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ApproveOver {
    /// What is spent.
    pub asset: Asset,
    /// The most that needs no approval.
    pub amount: u128,
    /// Who may approve, in rising order.
    pub approvers: Vec<AutoId>,
    /// How many of them must.
    pub threshold: u8,
}

/// A grant. Signed by a key of the issuer that may delegate; `version` is 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who grants: the owner, or whoever was granted the parent.
    pub iss: AutoId,
    /// Who may act.
    pub aud: AutoId,
    /// In whose name: the owner, who issues the first grant of a chain.
    pub sub: AutoId,
    /// What may be done: at least one, in rising order.
    pub cmd: Vec<Command>,
    /// On what, in rising order; on everything, when there is none and the grant is marked dangerous.
    pub res: Vec<ResourcePattern>,
    /// Conditions on the arguments.
    pub pol: Policy,
    /// Who may be paid, in rising order; anybody, when there is no list.
    pub payees: Option<Vec<Payee>>,
    /// The first second in which it is valid.
    pub nbf: Time,
    /// The first second in which it is not valid any more.
    pub exp: Time,
    /// How many grants may follow it in a chain.
    pub max_depth: u8,
    /// How many blocks old a state may be that it is verified by.
    pub max_staleness: u32,
    /// The bit by which it is revoked.
    pub rev: RevocationPlace,
    /// The issuer's grant epoch when it was signed.
    pub epoch: u32,
    /// The issuer's counter of operations when it was signed.
    pub iss_seq: u64,
    /// The grant that it rests on.
    pub parent: Option<GrantId>,
    /// What may be spent, one meter per asset in rising order; nothing of an asset without one.
    pub meters: Vec<Meter>,
    /// How many calls may be made.
    pub calls: Option<u64>,
    /// How far what is done may be irreversible.
    pub class: Reversibility,
    /// Above which amount others must approve.
    pub approve_over: Option<ApproveOver>,
    /// Marks a grant over every command or every resource, which must not be passed on more than once.
    pub dangerous: bool,
    /// Makes the id unique.
    pub nonce: [u8; 16],
}

impl Grant {
    /// The meter of an asset, and its place.
    #[must_use]
    pub fn meter(&self, asset: Asset) -> Option<(usize, &Meter)> {
        self.meters.iter().enumerate().find(|(_, meter)| meter.asset == asset)
    }

    /// Whether it covers every command or every resource.
    #[must_use]
    pub fn is_unbounded(&self) -> bool {
        self.res.is_empty() || self.cmd.iter().any(Command::is_all)
    }
}

impl Sign1<Grant> {
    /// The id of the grant.
    #[must_use]
    pub fn id(&self, genesis: &Genesis) -> GrantId {
        GrantId::of(genesis, self.payload())
    }
}

impl Body for Grant {
    const TAG: &'static str = "auto/grant/v1";
    const BYTES_MAX: usize = STATEMENT_BYTES_MAX;

    fn check(&self) -> Result<(), Refusal> {
        if [self.iss, self.aud, self.sub].contains(&AutoId([0; 32])) {
            return Err(Refusal::NullIdentity);
        }
        if self.cmd.is_empty() {
            return Err(Refusal::NoCommand);
        }
        if self.nbf >= self.exp {
            return Err(Refusal::EmptyWindow);
        }
        if usize::from(self.max_depth) >= CHAIN_MAX {
            return Err(Refusal::Depth { link: None });
        }
        if self.rev.index >= REVOCATION_LIST_BITS {
            return Err(Refusal::RevocationPlace);
        }
        if self.is_unbounded() && !(self.dangerous && self.max_depth <= 1) {
            return Err(Refusal::Dangerous);
        }
        if self.parent.is_none() && self.iss != self.sub {
            return Err(Refusal::RootNotOwner);
        }
        self.meters.iter().try_for_each(Meter::check)?;
        match &self.approve_over {
            Some(over) if over.threshold == 0 || usize::from(over.threshold) > over.approvers.len() => {
                Err(Refusal::ApprovalThreshold)
            }
            _ => Ok(()),
        }
    }
}
