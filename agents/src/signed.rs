//! What identities sign for this module: orders, and statements about what came of something.
//!
//! Bodies are deterministic CBOR in the envelopes of [`autoid_core::signed`], so every signature names its type
//! and its network.

use crate::{AgentsError, Profile};
use auto_core::{Address, Amount, decode_strict};
use autoid_core::cbor::{Canonical, CborError, Reader, Writer};
use autoid_core::signed::Body;
use autoid_core::{AutoId, CallDigest, Refusal};
use parity_scale_codec::{Decode, Encode};

/// Bytes of an action in its order.
const ACTION_BYTES_MAX: usize = 8_192;

/// What those who control an identity ask for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Action {
    /// Registers the agent, or replaces what it says about itself.
    #[codec(index = 0)]
    Register(Box<Profile>),
    /// Keeps it in searches up to another block.
    #[codec(index = 1)]
    Renew {
        /// The last block in which searches find it.
        live_until: u64,
    },
    /// Ends its record.
    #[codec(index = 2)]
    Retire,
    /// Moves money out of the vault.
    #[codec(index = 3)]
    Withdraw {
        /// The identity whose vault it is: the one that orders, or one below it that can no longer act.
        from: AutoId,
        /// Who receives it.
        to: Address,
        /// How much.
        amount: Amount,
    },
}

/// An order of an identity about itself, signed by as many of its keys as control it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The identity.
    pub id: AutoId,
    /// How many orders of it took effect before.
    pub seq: u64,
    /// The last block in which it may take effect.
    pub valid_until: u64,
    /// What it asks for; its SCALE encoding is a byte string in the body.
    pub action: Action,
}

impl Canonical for Order {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.id);
            fields.value(2, &self.seq);
            fields.value(3, &self.valid_until);
            fields.put(4, |to| to.bytes(&self.action.encode()));
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let order = Self {
            id: fields.need(1, AutoId::read)?,
            seq: fields.need(2, u64::read)?,
            valid_until: fields.need(3, u64::read)?,
            action: fields.need(4, |from| {
                let bytes = from.bytes(ACTION_BYTES_MAX)?;
                decode_strict(bytes, ACTION_BYTES_MAX).map_err(|_| CborError::Type.into())
            })?,
        };
        fields.close()?;
        Ok(order)
    }
}

impl Body for Order {
    const TAG: &'static str = "auto/agents-order/v1";
    const BYTES_MAX: usize = ACTION_BYTES_MAX + 128;

    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

impl Order {
    /// Refuses what no state could make right.
    ///
    /// # Errors
    /// What is malformed.
    pub(crate) fn check_action(&self) -> Result<(), AgentsError> {
        match &self.action {
            Action::Register(profile) => profile.check(),
            Action::Withdraw { amount, .. } if amount.is_zero() => Err(AgentsError::ZeroAmount),
            Action::Renew { .. } | Action::Retire | Action::Withdraw { .. } => Ok(()),
        }
    }
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Ending {
    /// As intended.
    #[codec(index = 0)]
    Succeeded,
    /// Otherwise.
    #[codec(index = 1)]
    Failed,
    /// It was given up before anything happened.
    #[codec(index = 2)]
    Abandoned,
}

impl Canonical for Ending {
    fn write(&self, to: &mut Writer) {
        to.uint(match self {
            Self::Succeeded => 0,
            Self::Failed => 1,
            Self::Abandoned => 2,
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        match from.uint()? {
            0 => Ok(Self::Succeeded),
            1 => Ok(Self::Failed),
            2 => Ok(Self::Abandoned),
            _ => Err(CborError::Range.into()),
        }
    }
}

/// What came of an act: signed by the identity that acted, and by a counterparty that confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Who acted.
    pub agent: AutoId,
    /// The number of the act.
    pub act: u64,
    /// The call of the act.
    pub call: CallDigest,
    /// How it ended.
    pub status: Ending,
    /// Root over what came out.
    pub outputs: [u8; 32],
    /// What it cost beside what was paid on chain, in base units.
    pub cost: u128,
    /// Root over what else it changed.
    pub side_effects: [u8; 32],
}

impl Canonical for Outcome {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.agent);
            fields.value(2, &self.act);
            fields.value(3, &self.call);
            fields.value(4, &self.status);
            fields.value(5, &self.outputs);
            fields.value(6, &self.cost);
            fields.value(7, &self.side_effects);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let outcome = Self {
            agent: fields.need(1, AutoId::read)?,
            act: fields.need(2, u64::read)?,
            call: fields.need(3, CallDigest::read)?,
            status: fields.need(4, Ending::read)?,
            outputs: fields.need(5, <[u8; 32]>::read)?,
            cost: fields.need(6, u128::read)?,
            side_effects: fields.need(7, <[u8; 32]>::read)?,
        };
        fields.close()?;
        Ok(outcome)
    }
}

impl Body for Outcome {
    const TAG: &'static str = "auto/agents-outcome/v1";
    const BYTES_MAX: usize = 256;

    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// What the payee of an escrow takes of it, signed by the payee; nothing gives all of it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The call that opened the escrow.
    pub escrow: CallDigest,
    /// How much, in base units.
    pub amount: u128,
}

impl Canonical for Settlement {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.escrow);
            fields.value(2, &self.amount);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let settlement =
            Self { escrow: fields.need(1, CallDigest::read)?, amount: fields.need(2, u128::read)? };
        fields.close()?;
        Ok(settlement)
    }
}

impl Body for Settlement {
    const TAG: &'static str = "auto/agents-settlement/v1";
    const BYTES_MAX: usize = 128;

    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
}
