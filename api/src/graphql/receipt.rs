//! Receipts: what operators claim that the blocks of a domain gave.

use super::domain::{Domain, owning, read};
use super::operator::Operator;
use super::pin::Pin;
use super::scalar::{AmountText, HashText, Height};
use crate::happening::reason;
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use auto_core::{Amount, BlockNumber, BundleVerdict, DomainId, Hash, InboxedBundle, Transfers};
use auto_domains::receipt;
use auto_domains::state::{DomainRecord, ReceiptRecord};
use auto_domains::view;

/// Where a receipt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ReceiptStanding")]
pub(crate) enum Standing {
    /// The newest of its domain; it can be challenged.
    Head,
    /// It can be challenged.
    Challengeable,
    /// It can no longer be challenged.
    Confirmed,
}

impl Standing {
    /// The standing of the receipt of a height that is part of the line.
    pub(crate) fn of(domain: &DomainRecord, number: BlockNumber) -> Self {
        if number <= domain.confirmed {
            Self::Confirmed
        } else if number == domain.head_receipt {
            Self::Head
        } else {
            Self::Challengeable
        }
    }
}

/// What a domain block took in fees.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct BlockFees {
    /// For bytes on the consensus chain; refills the storage funds that paid for the bundles.
    storage: AmountText,
    /// For execution; earned by those that vouched for the receipt.
    execution: AmountText,
    /// Destroyed.
    burned: AmountText,
}

/// Money that a domain block moved from or to another chain.
#[derive(Debug, Clone, Copy, SimpleObject)]
#[graphql(name = "ChainTransfer")]
pub(crate) struct Flow {
    /// Number of the other chain; 0 is the consensus chain.
    chain: u32,
    /// How much.
    amount: AmountText,
}

/// What a domain block moved between its domain and other chains.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct BlockTransfers {
    /// Credited here, by the chain it came from.
    incoming: Vec<Flow>,
    /// Taken here, by the chain it goes to.
    outgoing: Vec<Flow>,
    /// Refused here, by the chain it came from.
    rejected: Vec<Flow>,
    /// Given back here, by the chain that had refused it.
    reclaimed: Vec<Flow>,
}

fn flows(list: &[(DomainId, Amount)]) -> Vec<Flow> {
    list.iter().map(|(chain, amount)| Flow { chain: chain.0, amount: (*amount).into() }).collect()
}

impl From<&auto_core::BlockFees> for BlockFees {
    fn from(fees: &auto_core::BlockFees) -> Self {
        Self { storage: fees.storage.into(), execution: fees.execution.into(), burned: fees.burned.into() }
    }
}

impl From<&Transfers> for BlockTransfers {
    fn from(transfers: &Transfers) -> Self {
        Self {
            incoming: flows(&transfers.incoming),
            outgoing: flows(&transfers.outgoing),
            rejected: flows(&transfers.rejected),
            reclaimed: flows(&transfers.reclaimed),
        }
    }
}

/// A bundle as a receipt judges it.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "JudgedBundle")]
pub(crate) struct Judged {
    /// Merkle root over the hashes of its extrinsics.
    extrinsics_root: HashText,
    /// Whether its extrinsics ran.
    valid: bool,
    /// Why they did not.
    reason: Option<String>,
}

impl From<&InboxedBundle> for Judged {
    fn from(bundle: &InboxedBundle) -> Self {
        let reason = match bundle.verdict {
            BundleVerdict::Valid(_) => None,
            BundleVerdict::Invalid(why) => Some(reason(why)),
        };
        Self { extrinsics_root: bundle.extrinsics_root.into(), valid: reason.is_none(), reason }
    }
}

/// A receipt that is part of its domain's line.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    pub(crate) record: ReceiptRecord,
    pub(crate) standing: Standing,
    pub(crate) pin: Pin,
}

/// The receipt of a hash.
pub(super) fn load(ctx: &Context<'_>, pin: Pin, hash: Hash) -> Result<Option<Receipt>> {
    read(ctx, pin, |state| {
        let Some(record) = receipt::record(state, hash)? else { return Ok(None) };
        let Some(domain) = view::domain(state, record.receipt.domain)? else { return Ok(None) };
        let standing = Standing::of(&domain.record, record.receipt.number);
        Ok(Some(Receipt { record, standing, pin }))
    })
}

/// What operators claim that executing one block of a domain gave.
#[Object]
impl Receipt {
    /// Hash of the receipt.
    async fn hash(&self) -> HashText {
        self.record.receipt.hash().into()
    }

    /// The domain.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Domain> {
        owning(ctx, self.pin, self.record.receipt.domain)
    }

    /// Height of the domain block.
    async fn number(&self) -> Height {
        self.record.receipt.number.into()
    }

    /// Where it stands.
    async fn standing(&self) -> Standing {
        self.standing
    }

    /// Hash of the domain block's header.
    async fn block_hash(&self) -> HashText {
        self.record.receipt.block_hash.into()
    }

    /// Hash of the receipt before; zero in the first.
    async fn parent_receipt(&self) -> HashText {
        self.record.receipt.parent_receipt.into()
    }

    /// Height of the consensus block that the domain block is derived from.
    async fn consensus_number(&self) -> Height {
        self.record.receipt.consensus_number.into()
    }

    /// Its hash.
    async fn consensus_hash(&self) -> HashText {
        self.record.receipt.consensus_hash.into()
    }

    /// Merkle root over the hashes of the inherent and the ordered extrinsics.
    async fn extrinsics_root(&self) -> HashText {
        self.record.receipt.extrinsics_root.into()
    }

    /// Root of the domain's state after the block.
    async fn state_root(&self) -> HashText {
        self.record.receipt.final_state_root.into()
    }

    /// Merkle root over the roots of every step.
    async fn trace_root(&self) -> HashText {
        self.record.receipt.trace_root.into()
    }

    /// Steps of the block: its beginning, every extrinsic, its end.
    async fn steps(&self) -> usize {
        self.record.receipt.trace.len()
    }

    /// The bundles of the block, in the order of the consensus block; at most 64.
    async fn bundles(&self) -> Vec<Judged> {
        self.record.receipt.bundles.iter().map(Judged::from).collect()
    }

    /// What the block took.
    async fn fees(&self) -> BlockFees {
        (&self.record.receipt.fees).into()
    }

    /// What the block moved.
    async fn transfers(&self) -> BlockTransfers {
        (&self.record.receipt.transfers).into()
    }

    /// The consensus block that first held it.
    async fn submitted(&self) -> Height {
        self.record.submitted.into()
    }

    /// Number of operators that vouched for it.
    async fn submitter_count(&self) -> usize {
        self.record.submitters.len()
    }

    /// Operators that vouched for it, in order, at most the first 16.
    #[graphql(complexity = "16 * child_complexity + 1")]
    async fn submitters(&self, ctx: &Context<'_>) -> Result<Vec<Operator>> {
        let found = read(ctx, self.pin, |state| {
            let first = self.record.submitters.iter().take(16);
            first
                .map(|id| view::operator(state, *id))
                .filter_map(Result::transpose)
                .collect::<std::result::Result<Vec<_>, _>>()
        })?;
        Ok(found.into_iter().map(|view| Operator { view, pin: self.pin }).collect())
    }
}
