//! Domains.

pub(super) mod account;
pub(super) mod block;
pub(super) mod message;
mod proof;
pub(super) mod quote;
mod runtime;
pub(super) mod transaction;

use self::account::DomainAccount;
use self::block::DomainBlock;
use self::proof::Proof;
use self::quote::{CallInput, Quote};
use self::runtime::{EpochView, RuntimeView};
use self::transaction::DomainTransaction;
use super::account::Account;
use super::identifier::{NodeId, node_id};
use super::operator::Operator;
use super::page::{PageArgs, window};
use super::params::Fraction;
use super::pin::Pin;
use super::receipt::{Receipt, Standing};
use super::scalar::{AddressText, AmountText, BytesText, HashText, Height, Natural};
use super::{Node, cost, fail};
use crate::backend::domains;
use crate::cursor::Cursor;
use crate::position::domain_name;
use crate::{ApiError, BackendError};
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, ID, Object, Result};
use auto_core::{BlockNumber, DomainId, OperatorId};
use auto_domains::state::{BALANCE, DOMAIN_COUNT, DOMAIN_OPERATORS, RUNTIME};
use auto_domains::view::{self, DomainView};
use auto_domains::{DomainsError, receipt};
use auto_operator::{DomainStatus, DomainsHandle, OperatorError};
use auto_state::StateRead;

/// Reads the state of the request's height.
pub(super) fn read<T>(
    ctx: &Context<'_>,
    pin: Pin,
    read: impl FnOnce(&dyn StateRead) -> std::result::Result<T, DomainsError>,
) -> Result<T> {
    domains(&**ctx.data::<Node>()?, Some(pin.block.number), read).map_err(fail)
}

/// What this node knows of a domain from following it.
pub(super) fn followed(ctx: &Context<'_>, domain: DomainId) -> Result<(DomainsHandle, DomainStatus)> {
    let handle = ctx.data::<Node>()?.domains();
    let found = handle.and_then(|handle| handle.domain(domain).map(|status| (handle, status)));
    found.ok_or_else(|| fail(BackendError::from(OperatorError::NotServed(domain))))
}

/// A domain, loaded at the height of the request.
#[derive(Debug, Clone)]
pub(crate) struct Domain {
    pub(crate) view: DomainView,
    pub(crate) pin: Pin,
}

/// The domain of a number.
pub(super) fn load(ctx: &Context<'_>, pin: Pin, number: DomainId) -> Result<Option<Domain>> {
    let view = read(ctx, pin, |state| view::domain(state, number))?;
    Ok(view.map(|view| Domain { view, pin }))
}

/// The domain of a number, which something that exists belongs to.
pub(super) fn owning(ctx: &Context<'_>, pin: Pin, number: DomainId) -> Result<Domain> {
    let missing = || fail(ApiError::NotFound { what: "domain", which: number.to_string() });
    load(ctx, pin, number)?.ok_or_else(missing)
}

/// Domains by number.
pub(super) fn list(ctx: &Context<'_>, pin: Pin, args: &PageArgs) -> Result<Connection<String, Domain>> {
    let page = args.check(ctx)?;
    let count = read(ctx, pin, |state| Ok(DOMAIN_COUNT.get(state)?.unwrap_or_default().0))?;
    let row_of = |cursor| match cursor {
        Cursor::Domain(number) => u64::from(number).checked_sub(1),
        _ => None,
    };
    let rows = window(page, u64::from(count), row_of).map_err(fail)?;
    let mut connection = Connection::new(rows.previous, rows.next);
    for row in rows.start..rows.end {
        let number = u32::try_from(row.saturating_add(1))?;
        if let Some(domain) = load(ctx, pin, DomainId(number))? {
            connection.edges.push(Edge::new(Cursor::Domain(number).text(), domain));
        }
    }
    Ok(connection)
}

/// The operators of a domain that did not end, by number.
pub(super) fn operators(
    ctx: &Context<'_>,
    pin: Pin,
    domain: DomainId,
    args: &PageArgs,
) -> Result<Connection<String, Operator>> {
    let page = args.check(ctx)?;
    read(ctx, pin, |state| {
        let ids = DOMAIN_OPERATORS.get(state, &domain)?.unwrap_or_default();
        let row_of = |cursor| match cursor {
            Cursor::Operator(number) => {
                let row = ids.partition_point(|id| *id <= OperatorId(number)).checked_sub(1)?;
                u64::try_from(row).ok()
            }
            _ => None,
        };
        let rows = match window(page, u64::try_from(ids.len()).unwrap_or(u64::MAX), row_of) {
            Ok(rows) => rows,
            Err(error) => return Ok(Err(error)),
        };
        let mut connection = Connection::new(rows.previous, rows.next);
        for id in (rows.start..rows.end).filter_map(|row| ids.get(usize::try_from(row).ok()?)) {
            if let Some(view) = view::operator(state, *id)? {
                connection.edges.push(Edge::new(Cursor::Operator(id.0).text(), Operator { view, pin }));
            }
        }
        Ok(Ok(connection))
    })?
    .map_err(fail)
}

/// An execution environment of its own, whose operators answer for its results with their stake.
#[Object]
impl Domain {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Domain(self.view.domain.0))
    }

    /// Its number, from 1; transactions are addressed by it.
    async fn number(&self) -> u32 {
        self.view.domain.0
    }

    /// Its name.
    async fn name(&self) -> String {
        domain_name(&self.view)
    }

    /// Who owns it.
    async fn owner(&self) -> Account {
        Account { address: self.view.record.owner, pin: self.pin }
    }

    /// Name of its runtime.
    async fn runtime(&self, ctx: &Context<'_>) -> Result<String> {
        let runtime = self.view.record.runtime;
        let record = read(ctx, self.pin, |state| Ok(RUNTIME.get(state, &runtime)?))?;
        Ok(record.map_or_else(String::new, |record| String::from_utf8_lossy(&record.name).into_owned()))
    }

    /// The code that it runs.
    #[graphql(complexity = "5 + child_complexity")]
    async fn code(&self, ctx: &Context<'_>) -> Result<Option<RuntimeView>> {
        let number = self.view.record.runtime;
        let record = read(ctx, self.pin, |state| Ok(RUNTIME.get(state, &number)?))?;
        Ok(record.map(|record| RuntimeView::new(number, &record)))
    }

    /// The consensus block that created it.
    async fn created(&self) -> Height {
        self.view.record.created.into()
    }

    /// What is held for it.
    async fn deposit(&self) -> AmountText {
        self.view.record.deposit.into()
    }

    /// Whether it takes no bundles.
    async fn frozen(&self) -> bool {
        self.view.record.frozen
    }

    /// Height of its newest block.
    async fn head(&self) -> Height {
        self.view.record.head.into()
    }

    /// Height of its newest block whose receipt is known.
    async fn head_receipt(&self) -> Height {
        self.view.record.head_receipt.into()
    }

    /// Height of its newest block whose receipt can no longer be challenged.
    async fn confirmed(&self) -> Height {
        self.view.record.confirmed.into()
    }

    /// The consensus block in which the line of receipts last grew.
    async fn receipt_at(&self) -> Height {
        self.view.record.receipt_at.into()
    }

    /// What is held on the domain, as confirmed.
    async fn balance(&self, ctx: &Context<'_>) -> Result<AmountText> {
        let domain = self.view.domain;
        Ok(read(ctx, self.pin, |state| Ok(BALANCE.get(state, &domain)?))?.unwrap_or_default().into())
    }

    /// Its epoch.
    async fn epoch(&self) -> EpochView {
        (&self.view.epoch).into()
    }

    /// Most bytes of one bundle's extrinsics.
    async fn bundle_bytes_max(&self) -> u32 {
        self.view.record.config.bundle_bytes_max
    }

    /// Most weight of one bundle, in nanoseconds on the reference machine.
    async fn bundle_weight_max(&self) -> Natural {
        Natural(self.view.record.config.bundle_weight_max)
    }

    /// Probability that some operator is elected in a slot.
    async fn bundle_probability(&self) -> Fraction {
        self.view.record.config.bundle_probability.into()
    }

    /// Width of the window of signers around an elected operator; all of them when it is the largest number.
    async fn signer_range(&self) -> Natural {
        Natural(self.view.record.range)
    }

    /// Number of operators that did not end.
    async fn operator_count(&self, ctx: &Context<'_>) -> Result<usize> {
        let domain = self.view.domain;
        Ok(read(ctx, self.pin, |state| Ok(DOMAIN_OPERATORS.get(state, &domain)?))?.map_or(0, |ids| ids.len()))
    }

    /// Operators that did not end, by number.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn operators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the first; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the last.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Operator>> {
        operators(ctx, self.pin, self.view.domain, &PageArgs { first, after, last, before })
    }

    /// The receipt of a height, while it can be challenged; of the confirmed ones only the newest is kept.
    async fn receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Height of the domain block; the newest receipt when it is left out.")]
        number: Option<Height>,
    ) -> Result<Option<Receipt>> {
        let number = number.map_or(self.view.record.head_receipt, |number| number.0);
        self.receipt_of(ctx, number)
    }

    /// The newest receipt that can no longer be challenged.
    async fn confirmed_receipt(&self, ctx: &Context<'_>) -> Result<Option<Receipt>> {
        self.receipt_of(ctx, self.view.record.confirmed)
    }

    /// Receipts that are kept, newest first: those that can be challenged, and the newest confirmed one.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn receipts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the newest; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the oldest.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Receipt>> {
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let (newest, oldest) = (self.view.record.head_receipt.0, self.view.record.confirmed.0);
        let row_of = |cursor| match cursor {
            Cursor::Receipt(height) => newest.checked_sub(height),
            _ => None,
        };
        let length = newest.saturating_sub(oldest).saturating_add(1);
        let rows = window(page, length, row_of).map_err(fail)?;
        let mut connection = Connection::new(rows.previous, rows.next);
        for row in rows.start..rows.end {
            let number = BlockNumber(newest.saturating_sub(row));
            if let Some(receipt) = self.receipt_of(ctx, number)? {
                connection.edges.push(Edge::new(Cursor::Receipt(number.0).text(), receipt));
            }
        }
        Ok(connection)
    }

    /// Hash of the newest receipt.
    async fn head_receipt_hash(&self) -> HashText {
        self.view.record.head_receipt_hash.into()
    }

    /// An account there; one never used has nothing.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] address: AddressText,
    ) -> Result<DomainAccount> {
        DomainAccount::load(ctx, self, address.0)
    }

    /// Values of the domain's state, or that there are none, with everything that somebody who trusts a header of
    /// the consensus chain needs to check them.
    #[graphql(complexity = "50 + keys.len() + child_complexity")]
    async fn proof(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Keys of the state as its modules name them, from 1 to 256.")] keys: Vec<BytesText>,
        #[graphql(desc = "Height of the domain block; the newest when it is left out.")] block: Option<
            Height,
        >,
        #[graphql(
            desc = "Whether only blocks whose receipt is on the consensus chain count, so that there is an anchor.",
            default = false
        )]
        vouched: bool,
    ) -> Result<Proof> {
        Proof::load(ctx, self, keys, block.map(|block| block.0), vouched)
    }

    /// What signing a transaction with these calls takes and costs now, whatever the height of the request.
    #[graphql(complexity = "50 + child_complexity")]
    async fn quote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address of the signer.")] signer: AddressText,
        #[graphql(desc = "The calls, from 1 to 64.")] calls: Vec<CallInput>,
    ) -> Result<Quote> {
        Quote::load(ctx, self.view.domain, signer.0, calls)
    }

    /// A transaction or message that is in the pool, ran there, or was dropped not long ago; as it is now.
    async fn transaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its hash on the domain, as sending it gave.")] hash: HashText,
    ) -> Result<Option<DomainTransaction>> {
        DomainTransaction::load(ctx, self.pin, self.view.domain, hash.0)
    }

    /// A block as this node derived it; of old blocks nothing is kept.
    async fn block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its height; the newest when it is left out.")] number: Option<Height>,
    ) -> Result<Option<DomainBlock>> {
        DomainBlock::load(ctx, self, number.map(|number| number.0))
    }

    /// Blocks as this node derived them, newest first.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn blocks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the newest; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the oldest.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, DomainBlock>> {
        block::list(ctx, self, &PageArgs { first, after, last, before })
    }
}

impl Domain {
    fn receipt_of(&self, ctx: &Context<'_>, number: BlockNumber) -> Result<Option<Receipt>> {
        let domain = self.view.domain;
        let record = read(ctx, self.pin, |state| Ok(receipt::at(state, domain, number)?))?;
        let standing = Standing::of(&self.view.record, number);
        Ok(record.map(|record| Receipt { record, standing, pin: self.pin }))
    }
}
