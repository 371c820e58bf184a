//! Calls under grants, and approvals of calls.

use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::cbor::{Canonical, Reader, Writer};
use crate::command::Command;
use crate::grant::{Asset, Payee, Reversibility};
use crate::limits::{CHAIN_MAX, STATEMENT_BYTES_MAX};
use crate::policy::Value;
use crate::resource::Resource;
use crate::signed::{Body, Sign1};
use crate::{AutoId, CallDigest, Genesis, GrantId, Refusal, Time};

/// What a call spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Spend {
    /// Of what.
    pub asset: Asset,
    /// How much, in base units; not zero.
    pub amount: u128,
    /// To whom.
    pub payee: Payee,
}

/// One act, signed by a key of the actor that may invoke. It names the grants it rests on, whom it is for
/// and what it does, and is good for one use within [`crate::limits::CALL_SECONDS_MAX`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who acts: the holder of the last grant, or without grants the owner.
    pub iss: AutoId,
    /// Who is to carry it out.
    pub aud: AutoId,
    /// The grants it rests on, the owner's first.
    pub chain: Vec<GrantId>,
    /// What is done.
    pub cmd: Command,
    /// On what.
    pub res: Resource,
    /// How far it can be undone.
    pub class: Reversibility,
    /// The hash of the arguments: [`crate::policy::args_hash`].
    pub args_hash: [u8; 32],
    /// The arguments, which policies look at.
    pub args: Option<Value>,
    /// What is spent.
    pub spend: Option<Spend>,
    /// Tells this call from every other under the same grant; used up with it.
    pub call_id: [u8; 16],
    /// The first second in which it is not valid any more.
    pub exp: Time,
    /// The hash of the channel that it may come through.
    pub binding: Option<[u8; 32]>,
    /// The hash of the intent that was recorded before it.
    pub intent: [u8; 32],
}

impl Sign1<Call> {
    /// The hash of the call.
    #[must_use]
    pub fn digest(&self, genesis: &Genesis) -> CallDigest {
        CallDigest::of(genesis, self.payload())
    }
}

impl Body for Call {
    const TAG: &'static str = "auto/call/v1";
    const BYTES_MAX: usize = STATEMENT_BYTES_MAX;

    fn check(&self) -> Result<(), Refusal> {
        if self.iss == AutoId([0; 32]) {
            return Err(Refusal::NullIdentity);
        }
        if self.spend.is_some_and(|spend| spend.amount == 0) {
            return Err(Refusal::NothingSpent);
        }
        match &self.args {
            Some(args) if args.hash() != self.args_hash => Err(Refusal::ArgumentsDiffer),
            _ => Ok(()),
        }
    }
}

impl Canonical for Call {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.iss);
            fields.value(2, &self.aud);
            fields.list(3, &self.chain);
            fields.value(4, &self.cmd);
            fields.value(5, &self.res);
            fields.value(6, &self.class);
            fields.value(7, &self.args_hash);
            fields.option(8, self.args.as_ref());
            fields.option(9, self.spend.as_ref());
            fields.value(10, &self.call_id);
            fields.value(11, &self.exp);
            fields.option(12, self.binding.as_ref());
            fields.value(13, &self.intent);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let call = Self {
            iss: fields.need(1, AutoId::read)?,
            aud: fields.need(2, AutoId::read)?,
            chain: fields.maybe(3, |from| from.list(CHAIN_MAX, GrantId::read))?.unwrap_or_default(),
            cmd: fields.need(4, Command::read)?,
            res: fields.need(5, Resource::read)?,
            class: fields.need(6, Reversibility::read)?,
            args_hash: fields.need(7, <[u8; 32]>::read)?,
            args: fields.maybe(8, Value::read)?,
            spend: fields.maybe(9, Spend::read)?,
            call_id: fields.need(10, <[u8; 16]>::read)?,
            exp: fields.need(11, Time::read)?,
            binding: fields.maybe(12, <[u8; 32]>::read)?,
            intent: fields.need(13, <[u8; 32]>::read)?,
        };
        fields.close()?;
        Ok(call)
    }
}

impl Canonical for Spend {
    fn write(&self, to: &mut Writer) {
        to.array(3);
        self.asset.write(to);
        self.amount.write(to);
        self.payee.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.tuple(3)?;
        Ok(Self { asset: Asset::read(from)?, amount: u128::read(from)?, payee: Payee::read(from)? })
    }
}

/// Consent to one call, signed by a key of the approver that may invoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The call.
    pub call: CallDigest,
    /// Who approves.
    pub approver: AutoId,
    /// The first second in which it is not valid any more.
    pub exp: Time,
}

impl Body for Approval {
    const TAG: &'static str = "auto/approval/v1";
    const BYTES_MAX: usize = 128;

    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

impl Canonical for Approval {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.call);
            fields.value(2, &self.approver);
            fields.value(3, &self.exp);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let approval = Self {
            call: fields.need(1, CallDigest::read)?,
            approver: fields.need(2, AutoId::read)?,
            exp: fields.need(3, Time::read)?,
        };
        fields.close()?;
        Ok(approval)
    }
}
