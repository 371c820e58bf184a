//! The root of all reads.

mod identities;

use self::identities::Identities;
use super::account::{Account, forward_only};
use super::block::Block;
use super::domain::message::{MessageStatus, Wanted};
use super::domain::{self, Domain};
use super::farm::Farm;
use super::global::{self, NodeInterface, visible};
use super::object::StoredObject;
use super::operator::{self, Operator};
use super::page::{Page, PageArgs, window};
use super::params::Params;
use super::pin::{self, At, Pin};
use super::position::{self, Position};
use super::receipt::{self, Receipt};
use super::scalar::{AddressText, AmountText, BytesText, HashText, Height, Natural};
use super::segment::Segment;
use super::status::{BlockRef, Meta, ServiceConfig, Status};
use super::submission::Submission;
use super::transaction::Transaction;
use super::{Limits, Node, cost, fail};
use crate::ApiError;
use crate::cursor::Cursor;
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, ID, MergedObject, Object, OneofObject, Result, SimpleObject};
use auto_core::{BlockNumber, ChannelId, DomainId, ErrorCode, Nonce, OperatorId, SegmentIndex};

/// Which block: exactly one field.
#[derive(Debug, Clone, Copy, OneofObject)]
pub(crate) enum BlockBy {
    /// The block of the best chain at a height.
    Number(Height),
    /// Any known block, also off the best chain.
    Hash(HashText),
}

/// Whether a transaction would be accepted now, and at which fee.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Simulation {
    /// Whether it would be accepted.
    accepted: bool,
    /// The fee it would pay; none when refused.
    fee: Option<AmountText>,
    /// Code of the refusal.
    code: Option<String>,
    /// The refusal in one sentence.
    message: Option<String>,
}

/// The root of all reads. Everything in one request is read at one height: that of the head when the
/// request began, or the one chosen with `at`. The response names it in `extensions.at`.
#[derive(Debug, Clone, Copy, Default, MergedObject)]
pub struct Query(Chains, Identities);

/// Reads of the chains.
#[derive(Debug, Clone, Copy, Default)]
struct Chains {
    pin: Option<Pin>,
}

impl Chains {
    fn pin(&self, ctx: &Context<'_>) -> Result<Pin> {
        self.pin.map_or_else(|| pin::head(ctx), Ok)
    }
}

#[Object]
impl Chains {
    /// The same reads at a chosen height. A request chooses at most one.
    async fn at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The height, by exactly one of its fields.")] block: At,
    ) -> Result<Query> {
        let pin = Some(pin::choose(ctx, block)?);
        Ok(Query(Chains { pin }, Identities { pin }))
    }

    /// Anything by its global identifier.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An identifier that an `id` field gave.")] id: ID,
    ) -> Result<Option<NodeInterface>> {
        global::load(ctx, self.pin(ctx)?, &id)
    }

    /// The node as it is now.
    async fn status(&self, ctx: &Context<'_>) -> Result<Status> {
        Ok(Status { view: ctx.data::<Node>()?.status().map_err(fail)?, pin: self.pin(ctx)? })
    }

    /// What can be read from this node, and how fresh it is.
    async fn meta(&self, ctx: &Context<'_>) -> Result<Meta> {
        let node = ctx.data::<Node>()?;
        let status = node.status().map_err(fail)?;
        Ok(Meta {
            head: BlockRef::from(status.head),
            confirmed: BlockRef::from(status.confirmed),
            lag_seconds: Natural(status.head_age_s),
            oldest_state: node.oldest_state().map_err(fail)?.into(),
        })
    }

    /// One block; the block of the request's height when none is named.
    async fn block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which block, by exactly one field.")] by: Option<BlockBy>,
    ) -> Result<Option<Block>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let view = match by {
            None => node.block_by_hash(&pin.block.hash),
            Some(BlockBy::Hash(HashText(hash))) => node.block_by_hash(&hash),
            Some(BlockBy::Number(Height(number))) => node.block(number),
        };
        let view = view.map_err(fail)?.filter(|view| pin.holds(view.id.number));
        Ok(view.map(|view| Block { view, pin }))
    }

    /// Blocks of the best chain, newest first.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn blocks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the newest; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the oldest.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Block>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let newest = pin.block.number.0;
        let row_of = |cursor| match cursor {
            Cursor::Height(height) => newest.checked_sub(height),
            _ => None,
        };
        let rows = window(page, newest.saturating_add(1), row_of).map_err(fail)?;
        let mut connection = Connection::new(rows.previous, rows.next);
        for row in rows.start..rows.end {
            let number = newest.saturating_sub(row);
            if let Some(view) = node.block(BlockNumber(number)).map_err(fail)? {
                connection.edges.push(Edge::new(Cursor::Height(number).text(), Block { view, pin }));
            }
        }
        Ok(connection)
    }

    /// A transaction of the best chain or of this node's pool.
    async fn transaction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Hash of the signed transaction.")] hash: HashText,
    ) -> Result<Option<Transaction>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let view = node.transaction(&hash.0).map_err(fail)?.filter(|view| visible(view, pin));
        Ok(view.map(|view| Transaction { view, pin }))
    }

    /// An account; one never used has nothing.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] address: AddressText,
    ) -> Result<Account> {
        Ok(Account { address: address.0, pin: self.pin(ctx)? })
    }

    /// An object by its content hash.
    async fn object(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The content hash.")] hash: HashText,
    ) -> Result<Option<StoredObject>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let view = node.object_info(&hash.0).map_err(fail)?.filter(|view| pin.holds(view.block));
        Ok(view.map(|view| StoredObject { view, pin }))
    }

    /// Objects, newest first.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn objects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, StoredObject>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let page = PageArgs { first, after, ..PageArgs::default() }.check(ctx)?;
        let Page::Forward(rows, cursor) = page else { return Err(fail(forward_only())) };
        let before = match cursor {
            None => None,
            Some(Cursor::Object(hash)) => Some(hash),
            Some(other) => return Err(fail(ApiError::Cursor(other.text()))),
        };
        let found = node.objects(before, rows.saturating_add(1)).map_err(fail)?;
        let mut connection = Connection::new(cursor.is_some(), found.len() > rows);
        for view in found.into_iter().take(rows).filter(|view| pin.holds(view.block)) {
            connection.edges.push(Edge::new(Cursor::Object(view.hash).text(), StoredObject { view, pin }));
        }
        Ok(connection)
    }

    /// Segments of the archived history, newest first.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn segments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the newest; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the oldest.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Segment>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let length = match node.segments(None, 1).map_err(fail)?.first() {
            Some(newest) => newest.index.0.saturating_add(1),
            None => 0,
        };
        let row_of = |cursor| match cursor {
            Cursor::Segment(index) => length.checked_sub(1)?.checked_sub(index),
            _ => None,
        };
        let rows = window(page, length, row_of).map_err(fail)?;
        let wanted = usize::try_from(rows.end.saturating_sub(rows.start))?;
        let before = Some(SegmentIndex(length.saturating_sub(rows.start)));
        let mut connection = Connection::new(rows.previous, rows.next);
        let found = if wanted == 0 { Vec::new() } else { node.segments(before, wanted).map_err(fail)? };
        for view in found.into_iter().filter(|view| pin.holds(view.last_block)) {
            connection.edges.push(Edge::new(Cursor::Segment(view.index.0).text(), Segment { view }));
        }
        Ok(connection)
    }

    /// Domains by number.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn domains(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the first; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the last.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Domain>> {
        domain::list(ctx, self.pin(ctx)?, &PageArgs { first, after, last, before })
    }

    /// A domain.
    async fn domain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number, from 1.")] number: u32,
    ) -> Result<Option<Domain>> {
        domain::load(ctx, self.pin(ctx)?, DomainId(number))
    }

    /// What became of a message between two chains; none when there is no such channel.
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the chain that sends it; 0 is the consensus chain.")] source: u32,
        #[graphql(desc = "Number of the chain that it is for.")] destination: u32,
        #[graphql(desc = "Number of the channel between the two.")] channel: Natural,
        #[graphql(desc = "Position in its direction of the channel.")] nonce: Natural,
    ) -> Result<Option<MessageStatus>> {
        let (source, destination) = (DomainId(source), DomainId(destination));
        let wanted = Wanted { source, destination, channel: ChannelId(channel.0), nonce: Nonce(nonce.0) };
        domain::message::load(ctx, self.pin(ctx)?, wanted)
    }

    /// The operators of a domain that did not end, by number.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn operators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the domain.")] domain: u32,
        #[graphql(desc = "Rows from the first; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows up to the last.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Operator>> {
        let (pin, domain) = (self.pin(ctx)?, DomainId(domain));
        domain::owning(ctx, pin, domain)?;
        domain::operators(ctx, pin, domain, &PageArgs { first, after, last, before })
    }

    /// An operator, also one that ended.
    async fn operator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number, from 0.")] number: Natural,
    ) -> Result<Option<Operator>> {
        operator::load(ctx, self.pin(ctx)?, OperatorId(number.0))
    }

    /// What an account has with operators of domains, and why it can or cannot be taken out.
    #[graphql(complexity = "400 + 20 * child_complexity")]
    async fn positions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address of the account.")] address: AddressText,
    ) -> Result<Vec<Position>> {
        position::list(ctx, self.pin(ctx)?, address.0)
    }

    /// What an account has with one operator; none when it has nothing.
    async fn position(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address of the account.")] address: AddressText,
        #[graphql(desc = "Number of the operator.")] operator: Natural,
    ) -> Result<Option<Position>> {
        position::load(ctx, self.pin(ctx)?, OperatorId(operator.0), address.0)
    }

    /// A receipt of a domain, while it is kept.
    async fn receipt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Hash of the receipt.")] hash: HashText,
    ) -> Result<Option<Receipt>> {
        receipt::load(ctx, self.pin(ctx)?, hash.0)
    }

    /// A submission of the best chain.
    async fn submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Hash that its operator signed.")] hash: HashText,
    ) -> Result<Option<Submission>> {
        let (node, pin) = (ctx.data::<Node>()?, self.pin(ctx)?);
        let found = node.submission(&hash.0).map_err(fail)?.filter(|(block, ..)| pin.holds(block.number));
        Ok(found.map(|(block, position, view)| Submission { view, block, position, pin }))
    }

    /// Farms of this node, as they are now.
    async fn farms(&self, ctx: &Context<'_>) -> Result<Vec<Farm>> {
        let pin = self.pin(ctx)?;
        Ok(ctx.data::<Node>()?.farms().into_iter().map(|view| Farm { view, pin }).collect())
    }

    /// The protocol parameters.
    async fn params(&self, ctx: &Context<'_>) -> Result<Params> {
        Ok(ctx.data::<Node>()?.params().into())
    }

    /// Bounds on requests to this server.
    async fn service_config(&self, ctx: &Context<'_>) -> Result<ServiceConfig> {
        Ok(ServiceConfig(*ctx.data::<Limits>()?))
    }

    /// Whether a transaction would be accepted now, without sending it.
    #[graphql(complexity = "50 + child_complexity")]
    async fn simulate_tx(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signed transaction in SCALE.")] bytes: BytesText,
    ) -> Result<Simulation> {
        super::mutation::check_length(ctx, &bytes)?;
        Ok(match ctx.data::<Node>()?.simulate(&bytes.0) {
            Ok(fee) => Simulation { accepted: true, fee: Some(fee.into()), code: None, message: None },
            Err(error) => {
                let error = ApiError::from(error);
                let (code, message) = (Some(error.code().to_owned()), Some(error.public_message()));
                Simulation { accepted: false, fee: None, code, message }
            }
        })
    }
}
