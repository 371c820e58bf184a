//! Transactions and their calls.

use super::account::Account;
use super::block::Block;
use super::identifier::{NodeId, node_id};
use super::object::StoredObject;
use super::pin::Pin;
use super::scalar::{AddressText, AmountText, HashText, Natural};
use super::submission::{Event, EventField, events};
use super::{Node, fail};
use crate::called;
use crate::described::Described;
use async_graphql::{Context, Enum, ID, Object, Result, Union};
use auto_core::{Address, Amount, Hash};
use auto_node::{CallView, TransactionStage, TransactionView};

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "TransactionStage")]
pub(crate) enum Stage {
    /// In the pool of this node.
    Accepted,
    /// In a block of the best chain, and executed.
    InBlock,
    /// In a block below the confirmation depth.
    Confirmed,
    /// Out of the pool without having been included.
    Dropped,
}

impl From<TransactionStage> for Stage {
    fn from(stage: TransactionStage) -> Self {
        match stage {
            TransactionStage::Accepted => Self::Accepted,
            TransactionStage::InBlock => Self::InBlock,
            TransactionStage::Confirmed => Self::Confirmed,
            TransactionStage::Dropped => Self::Dropped,
        }
    }
}

/// A call, decoded.
#[derive(Debug, Clone, Union)]
#[graphql(name = "Call")]
pub(crate) enum Call {
    /// Money to an account.
    Transfer(TransferCall),
    /// Bytes stored for ever.
    Store(StoreCall),
    /// Something asked of the domains.
    Domains(DomainsCall),
    /// A call of a module that this node does not decode.
    Other(OtherCall),
}

/// Money to an account.
#[derive(Debug, Clone)]
pub(crate) struct TransferCall {
    to: Address,
    amount: Amount,
    pin: Pin,
}

/// Money to an account.
#[Object]
impl TransferCall {
    /// Address of the receiver.
    async fn to(&self) -> AddressText {
        AddressText(self.to)
    }

    /// The receiver.
    async fn receiver(&self) -> Account {
        Account { address: self.to, pin: self.pin }
    }

    /// How much.
    async fn amount(&self) -> AmountText {
        self.amount.into()
    }
}

/// Bytes stored for ever.
#[derive(Debug, Clone)]
pub(crate) struct StoreCall {
    object: Hash,
    size_bytes: u64,
    pin: Pin,
}

/// Bytes stored for ever.
#[Object]
impl StoreCall {
    /// Content hash of the bytes.
    async fn hash(&self) -> HashText {
        self.object.into()
    }

    /// The object; none while its block is not on the best chain.
    async fn object(&self, ctx: &Context<'_>) -> Result<Option<StoredObject>> {
        let view = ctx.data::<Node>()?.object_info(&self.object).map_err(fail)?;
        Ok(view.map(|view| StoredObject { view, pin: self.pin }))
    }

    /// Length in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.size_bytes)
    }
}

/// Something asked of the domains: to operate one, to stake, to send money there, to prove a fraud.
#[derive(Debug, Clone, async_graphql::SimpleObject)]
pub(crate) struct DomainsCall {
    /// What is asked for, such as `TransferToDomain`.
    name: String,
    /// Number of the domain that it concerns; none when it names none.
    domain: Option<u32>,
    /// Details.
    fields: Vec<EventField>,
}

impl From<Described> for DomainsCall {
    fn from(told: Described) -> Self {
        Self { name: told.name.to_owned(), domain: told.domain(), fields: EventField::all(told) }
    }
}

/// A call of a module that this node does not decode.
#[derive(Debug, Clone, async_graphql::SimpleObject)]
pub(crate) struct OtherCall {
    /// Number of the module.
    module: u16,
    /// Length of the payload in bytes.
    size_bytes: Natural,
}

fn call(view: &CallView, pin: Pin) -> Call {
    match view {
        CallView::Transfer { to, amount } => Call::Transfer(TransferCall { to: *to, amount: *amount, pin }),
        CallView::Store { object, size_bytes } => {
            Call::Store(StoreCall { object: *object, size_bytes: *size_bytes, pin })
        }
        CallView::Other { module, payload } => match called::decoded(*module, payload) {
            Some(told) => Call::Domains(told.into()),
            None => {
                let size_bytes = Natural(u64::try_from(payload.len()).unwrap_or(u64::MAX));
                Call::Other(OtherCall { module: *module, size_bytes })
            }
        },
    }
}

/// A transaction.
#[derive(Debug, Clone)]
pub(crate) struct Transaction {
    pub(crate) view: TransactionView,
    pub(crate) pin: Pin,
}

/// A signed, atomic list of calls.
#[Object]
impl Transaction {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Transaction(self.view.hash))
    }

    /// Hash of the signed transaction.
    async fn hash(&self) -> HashText {
        self.view.hash.into()
    }

    /// Where it stands now.
    async fn stage(&self) -> Stage {
        self.view.stage.into()
    }

    /// Who signed and pays.
    async fn signer(&self) -> Account {
        Account { address: self.view.signer, pin: self.pin }
    }

    /// The signer's transaction count before this one.
    async fn nonce(&self) -> Natural {
        Natural(self.view.nonce.0)
    }

    /// The most that the signer pays.
    async fn fee_limit(&self) -> AmountText {
        self.view.fee_limit.into()
    }

    /// What was paid; none before inclusion.
    async fn fee(&self) -> Option<AmountText> {
        self.view.fee.map(AmountText)
    }

    /// The block that includes it.
    async fn block(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        let Some((id, _)) = self.view.included else { return Ok(None) };
        let view = ctx.data::<Node>()?.block_by_hash(&id.hash).map_err(fail)?;
        Ok(view.map(|view| Block { view, pin: self.pin }))
    }

    /// Position in its block, from zero.
    async fn position(&self) -> Option<u32> {
        self.view.included.map(|(_, position)| position)
    }

    /// Code of the failure when the calls failed; the fee is kept all the same.
    async fn failure(&self) -> Option<&str> {
        self.view.failure.as_deref()
    }

    /// The calls in order, at most 64.
    async fn calls(&self) -> Vec<Call> {
        self.view.calls.iter().map(|view| call(view, self.pin)).collect()
    }

    /// What it did to the domains; none before inclusion.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        let Some((block, position)) = self.view.included else { return Ok(Vec::new()) };
        let told = ctx.data::<Node>()?.block_events(&block.hash).map_err(fail)?;
        let own = told.transactions.iter().find(|(at, _)| *at == position);
        Ok(own.map(|(_, encoded)| events(encoded)).unwrap_or_default())
    }

    /// Length of the encoding in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.view.size_bytes)
    }
}
