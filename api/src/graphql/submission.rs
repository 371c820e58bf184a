//! What operators put into blocks, and what blocks did to the domains.

use super::block::Block;
use super::domain::{Domain, load as load_domain};
use super::operator::{Operator, load as load_operator};
use super::pin::Pin;
use super::receipt::{Receipt, load as load_receipt};
use super::scalar::{AmountText, HashText, Height, Natural};
use super::{Node, fail};
use crate::described::Described;
use crate::happening::decoded;
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use auto_node::{BlockId, SubmissionKind, SubmissionView};

/// A detail of a call or an event.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct EventField {
    /// What it is.
    name: String,
    /// Its value; money is in base units.
    value: String,
}

impl EventField {
    pub(crate) fn all(described: Described) -> Vec<Self> {
        let field = |(name, value): (&str, String)| Self { name: name.to_owned(), value };
        described.fields.into_iter().map(field).collect()
    }
}

/// Something that happened to the domains.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainsEvent")]
pub(crate) struct Event {
    /// What happened, such as `Nominated`.
    name: String,
    /// Number of the domain that it concerns; none when it names none.
    domain: Option<u32>,
    /// Details.
    fields: Vec<EventField>,
}

impl From<Described> for Event {
    fn from(described: Described) -> Self {
        Self {
            name: described.name.to_owned(),
            domain: described.domain(),
            fields: EventField::all(described),
        }
    }
}

/// Events as GraphQL shows them.
pub(super) fn events(encoded: &[Vec<u8>]) -> Vec<Event> {
    decoded(encoded).into_iter().map(Event::from).collect()
}

/// What kind of submission it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SubmissionKind")]
pub(crate) enum Kind {
    /// Transactions of a domain with a receipt.
    Bundle,
    /// A receipt alone.
    Receipt,
}

/// A submission and its place.
#[derive(Debug, Clone)]
pub(crate) struct Submission {
    pub(crate) view: SubmissionView,
    pub(crate) block: BlockId,
    pub(crate) position: u32,
    pub(crate) pin: Pin,
}

/// What an operator put into a block: transactions of a domain, a receipt, or both.
#[Object]
impl Submission {
    /// Hash that the operator signed.
    async fn hash(&self) -> HashText {
        self.view.hash.into()
    }

    /// What kind it is.
    async fn kind(&self) -> Kind {
        match self.view.kind {
            SubmissionKind::Bundle => Kind::Bundle,
            SubmissionKind::Receipt => Kind::Receipt,
        }
    }

    /// The block that holds it.
    async fn block(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        let view = ctx.data::<Node>()?.block_by_hash(&self.block.hash).map_err(fail)?;
        Ok(view.map(|view| Block { view, pin: self.pin }))
    }

    /// Position among the submissions of its block, from zero.
    async fn position(&self) -> u32 {
        self.position
    }

    /// The domain.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Option<Domain>> {
        load_domain(ctx, self.pin, self.view.domain)
    }

    /// Number of the domain.
    async fn domain_number(&self) -> u32 {
        self.view.domain.0
    }

    /// Who submitted it.
    async fn operator(&self, ctx: &Context<'_>) -> Result<Option<Operator>> {
        load_operator(ctx, self.pin, self.view.operator)
    }

    /// Number of the operator.
    async fn operator_number(&self) -> Natural {
        Natural(self.view.operator.0)
    }

    /// The slot in which the operator was elected.
    async fn slot(&self) -> Natural {
        Natural(self.view.slot.0)
    }

    /// The block of the domain whose receipt it carries.
    async fn receipt_number(&self) -> Height {
        self.view.receipt_number.into()
    }

    /// Hash of that receipt.
    async fn receipt_hash(&self) -> HashText {
        self.view.receipt_hash.into()
    }

    /// That receipt, while it is kept.
    async fn receipt(&self, ctx: &Context<'_>) -> Result<Option<Receipt>> {
        load_receipt(ctx, self.pin, self.view.receipt_hash)
    }

    /// Extrinsics of the domain; none in a receipt alone.
    async fn extrinsics(&self) -> u32 {
        self.view.extrinsics
    }

    /// Length of the encoding in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.view.size_bytes)
    }

    /// What the operator's storage fund paid.
    async fn fee(&self) -> AmountText {
        self.view.fee.into()
    }

    /// What it did.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        let told = ctx.data::<Node>()?.block_events(&self.block.hash).map_err(fail)?;
        let at = usize::try_from(self.position)?;
        Ok(told.submissions.get(at).map(|encoded| events(encoded)).unwrap_or_default())
    }
}
