//! Transactions of domains, and the messages that are brought to them.

use super::block::DomainBlock;
use super::{Domain, followed};
use crate::described::Described;
use crate::graphql::fail;
use crate::graphql::pin::Pin;
use crate::graphql::scalar::{AddressText, AmountText, HashText, Height, Natural};
use crate::graphql::submission::EventField;
use crate::{BackendError, module};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use auto_core::{DomainId, EXTRINSIC_BYTES_MAX, Hash, ModuleId, decode_strict};
use auto_module::Extrinsic;
use auto_operator::{Ending, Ran, TransactionStatus};

/// Where a transaction of a domain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DomainStage")]
pub(crate) enum Stage {
    /// In the pool of this node, or in a bundle on its way.
    Accepted,
    /// A consensus block holds it.
    InBlock,
    /// It ran; the outcome says how it ended.
    Executed,
    /// The result of its block can no longer be challenged.
    Confirmed,
    /// Out of the pool without having run.
    Dropped,
}

/// How a transaction of a domain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DomainOutcome")]
pub(crate) enum Outcome {
    /// It took effect.
    Applied,
    /// A call failed: fee and nonce stay, nothing else does. A message was refused, and its sender is told.
    Failed,
    /// It changed nothing at all, and took no fee.
    Skipped,
}

/// Why a transaction of a domain had no effect.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainFailure")]
pub(crate) struct Failure {
    /// Position of the call that failed; none where no call ran.
    call: Option<u32>,
    /// Stable code of the reason.
    pub(crate) code: String,
    /// The reason in one sentence; none where only its code is kept.
    message: Option<String>,
}

/// A call of a module of a domain.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "ModuleCall")]
pub(crate) struct ModuleCall {
    /// Number of the module.
    module: u16,
    /// Name of the module; none when this node does not know it.
    module_name: Option<String>,
    /// What is asked for, such as `Transfer`.
    name: String,
    /// Details.
    fields: Vec<EventField>,
}

/// Something that happened in a module of a domain.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "ModuleEvent")]
pub(crate) struct ModuleEvent {
    /// Number of the module.
    module: u16,
    /// Name of the module; none when this node does not know it.
    module_name: Option<String>,
    /// What happened, such as `Transferred`.
    name: String,
    /// Details.
    fields: Vec<EventField>,
}

impl From<&(ModuleId, Vec<u8>)> for ModuleEvent {
    fn from((id, payload): &(ModuleId, Vec<u8>)) -> Self {
        let told = module::happened(*id, payload);
        let module_name = module::name(*id).map(str::to_owned);
        Self { module: id.0, module_name, name: told.name.to_owned(), fields: EventField::all(told) }
    }
}

fn call(call: &auto_core::Call) -> ModuleCall {
    let told = module::called(call);
    let module_name = module::name(call.module).map(str::to_owned);
    ModuleCall {
        module: call.module.0,
        module_name,
        name: told.name.to_owned(),
        fields: EventField::all(told),
    }
}

/// A message as it was brought.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "RelayedMessage")]
pub(crate) struct Relayed {
    /// Number of the chain that sent it; 0 is the consensus chain.
    source: u32,
    /// Number of the channel between the two.
    channel: Natural,
    /// Position in its direction of the channel.
    nonce: Natural,
    /// What it says.
    fields: Vec<EventField>,
}

/// A transaction of a domain, or a message that was brought to it.
#[derive(Debug, Clone)]
pub(crate) struct DomainTransaction {
    domain: DomainId,
    hash: Hash,
    status: TransactionStatus,
    /// What is known of its content.
    extrinsic: Option<Extrinsic>,
    size: Option<usize>,
    pin: Pin,
}

impl DomainTransaction {
    /// What this node knows of it now.
    pub(crate) fn load(ctx: &Context<'_>, pin: Pin, domain: DomainId, hash: Hash) -> Result<Option<Self>> {
        let (handle, _) = followed(ctx, domain)?;
        let bytes = handle.waiting(domain, &hash);
        let status = handle.transaction(domain, &hash).map_err(|error| fail(BackendError::from(error)))?;
        Ok(status.map(|status| Self::new(domain, hash, status, bytes.as_deref(), pin)))
    }

    /// `bytes` are those of one that waits; of one that ran they are part of the status.
    pub(crate) fn new(
        domain: DomainId,
        hash: Hash,
        status: TransactionStatus,
        bytes: Option<&[u8]>,
        pin: Pin,
    ) -> Self {
        let bytes = match &status {
            TransactionStatus::Executed { ran, .. } => Some(&ran.bytes[..]),
            _ => bytes,
        };
        let extrinsic = bytes.and_then(|bytes| decode_strict(bytes, EXTRINSIC_BYTES_MAX).ok());
        let size = bytes.map(<[u8]>::len);
        Self { domain, hash, status, extrinsic, size, pin }
    }

    fn ran(&self) -> Option<&Ran> {
        match &self.status {
            TransactionStatus::Executed { ran, .. } => Some(ran),
            _ => None,
        }
    }

    fn signed(&self) -> Option<&auto_core::Transaction> {
        match &self.extrinsic {
            Some(Extrinsic::Signed(signed)) => Some(&signed.transaction),
            _ => None,
        }
    }

    fn place(&self) -> Option<(auto_core::BlockNumber, u32)> {
        match &self.status {
            TransactionStatus::Executed { number, position, .. } => Some((*number, *position)),
            _ => None,
        }
    }

    pub(crate) fn stage_now(&self) -> Stage {
        Stage::of(&self.status)
    }
}

impl Stage {
    /// The last stage that a status stands for.
    pub(crate) const fn of(status: &TransactionStatus) -> Self {
        match status {
            TransactionStatus::Accepted | TransactionStatus::Offered => Self::Accepted,
            TransactionStatus::Executed { confirmed: false, .. } => Self::Executed,
            TransactionStatus::Executed { confirmed: true, .. } => Self::Confirmed,
            TransactionStatus::Dropped { .. } => Self::Dropped,
        }
    }
}

/// The failure that a status tells of.
pub(crate) fn failure(status: &TransactionStatus) -> Option<Failure> {
    match status {
        TransactionStatus::Executed { ran, .. } => match &ran.ending {
            Ending::Applied => None,
            Ending::Failed { call, code, message } => {
                Some(Failure { call: Some(*call), code: code.clone(), message: Some(message.clone()) })
            }
            Ending::Skipped { code } => Some(Failure { call: None, code: code.clone(), message: None }),
        },
        TransactionStatus::Dropped { code, reason } => {
            Some(Failure { call: None, code: code.clone(), message: Some(reason.clone()) })
        }
        _ => None,
    }
}

/// A transaction of a domain, or a message that was brought to it; as it is now.
#[Object]
impl DomainTransaction {
    /// Its hash on the domain.
    async fn hash(&self) -> HashText {
        self.hash.into()
    }

    /// The domain.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Domain> {
        super::owning(ctx, self.pin, self.domain)
    }

    /// Where it stands.
    async fn stage(&self) -> Stage {
        self.stage_now()
    }

    /// How it ended; none before it ran.
    async fn outcome(&self) -> Option<Outcome> {
        self.ran().map(|ran| match ran.ending {
            Ending::Applied => Outcome::Applied,
            Ending::Failed { .. } => Outcome::Failed,
            Ending::Skipped { .. } => Outcome::Skipped,
        })
    }

    /// Why it had no effect, or was dropped.
    async fn failure(&self) -> Option<Failure> {
        failure(&self.status)
    }

    /// What its signer paid; none before it ran.
    async fn fee(&self) -> Option<AmountText> {
        self.ran().map(|ran| ran.fee.into())
    }

    /// Who signed and pays; none for a message.
    async fn signer(&self) -> Option<AddressText> {
        self.signed().map(|transaction| AddressText(transaction.signer.address()))
    }

    /// The signer's transaction count on the domain before this one.
    async fn nonce(&self) -> Option<Natural> {
        self.signed().map(|transaction| Natural(transaction.nonce.0))
    }

    /// The last consensus block that may include it.
    async fn expiry(&self) -> Option<Height> {
        self.signed().map(|transaction| transaction.expiry.into())
    }

    /// The most that the signer pays.
    async fn fee_limit(&self) -> Option<AmountText> {
        self.signed().map(|transaction| transaction.fee_limit.into())
    }

    /// The calls in order, at most 64; none of a message.
    async fn calls(&self) -> Vec<ModuleCall> {
        self.signed().map(|transaction| transaction.calls.iter().map(call).collect()).unwrap_or_default()
    }

    /// The message that it brings; none for a signed transaction.
    async fn message(&self) -> Option<Relayed> {
        let Some(Extrinsic::Message(relay)) = &self.extrinsic else { return None };
        let message = &relay.message;
        let told = crate::happening::says(Described::new("Message"), &message.payload);
        Some(Relayed {
            source: message.src.0,
            channel: Natural(message.channel.0),
            nonce: Natural(message.nonce.0),
            fields: EventField::all(told),
        })
    }

    /// Height of the domain block that it ran in.
    async fn block_number(&self) -> Option<Height> {
        self.place().map(|(number, _)| number.into())
    }

    /// Position among what ran in that block, from zero.
    async fn position(&self) -> Option<u32> {
        self.place().map(|(_, position)| position)
    }

    /// The domain block that it ran in, up to the height of the request.
    async fn block(&self, ctx: &Context<'_>) -> Result<Option<DomainBlock>> {
        let Some((number, _)) = self.place() else { return Ok(None) };
        DomainBlock::load(ctx, &super::owning(ctx, self.pin, self.domain)?, Some(number))
    }

    /// What happened while it ran.
    async fn events(&self) -> Vec<ModuleEvent> {
        self.ran().map(|ran| ran.events.iter().map(ModuleEvent::from).collect()).unwrap_or_default()
    }

    /// Length of its encoding in bytes; none when the content is not known any more.
    async fn size_bytes(&self) -> Option<Natural> {
        self.size.map(|size| Natural(u64::try_from(size).unwrap_or(u64::MAX)))
    }
}
