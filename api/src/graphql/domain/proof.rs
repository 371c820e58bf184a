//! Parts of a domain's state with what proves them, to be checked without trusting this node.

use super::{Domain, followed};
use crate::ApiError;
use crate::graphql::scalar::{BytesText, HashText, Height};
use crate::graphql::{Node, fail};
use crate::proof::{Anchor as ProvenAnchor, Proven};
use async_graphql::{Context, Result, SimpleObject};
use auto_core::BlockNumber;
use auto_operator::DomainStatus;
use auto_state::KEY_BYTES_MAX;

/// Keys that one proof may be asked for.
const KEYS_MAX: usize = 256;

/// That operators vouched for the state: the receipt stands in the line of its domain at its height.
///
/// Whoever trusts the header's hash checks it by reading the keys `domains/domain/<domain>` and
/// `domains/receipt-at/<domain><number>` from the witness, as a chain does: the number is not above the record's
/// newest receipt, and the value is the hash of the receipt. The record says what is confirmed, too.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainAnchor")]
pub(crate) struct Anchor {
    /// Height of the consensus block: that of the request.
    block: Height,
    /// The encoded consensus header; its hash is what has to be trusted.
    header: BytesText,
    /// The encoded witness of the two keys under the state root of that header.
    proof: BytesText,
}

/// Values of a domain's state after one of its blocks, proven.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainProof")]
pub(crate) struct Proof {
    /// Height of the domain block.
    number: Height,
    /// Hash of the domain block.
    block_hash: HashText,
    /// Root of the domain's state after it, as the receipt says.
    state_root: HashText,
    /// The encoded witness: the nodes of the state that lead from the root to the keys, or to where they would be.
    witness: BytesText,
    /// The encoded receipt of the block.
    receipt: BytesText,
    /// That operators vouched for this receipt on the consensus chain; none while they have not.
    anchor: Option<Anchor>,
}

impl From<Proven> for Proof {
    fn from(proven: Proven) -> Self {
        let anchor = |ProvenAnchor { block, header, proof }| Anchor {
            block: block.into(),
            header: BytesText(header),
            proof: BytesText(proof),
        };
        Self {
            number: proven.number.into(),
            block_hash: proven.block_hash.into(),
            state_root: proven.state_root.into(),
            witness: BytesText(proven.witness),
            receipt: BytesText(proven.receipt),
            anchor: proven.anchor.map(anchor),
        }
    }
}

/// Which block of the domain is read: the one that was asked for, or the newest at the height of the request.
fn chosen(
    of: &Domain,
    status: &DomainStatus,
    block: Option<BlockNumber>,
    vouched: bool,
) -> Result<BlockNumber> {
    let record = &of.view.record;
    // A node may have imported a block that its follower has not.
    let newest = if vouched { record.head_receipt } else { record.head }.min(status.number);
    let (number, oldest) = (block.unwrap_or(newest), status.confirmed);
    if number < oldest || number > newest {
        let wanted = format!("{number} of domain {}", of.view.domain);
        return Err(fail(ApiError::HeightUnavailable { wanted, oldest, newest }));
    }
    Ok(number)
}

/// The keys as bytes, no more and none longer than a state takes.
fn checked(keys: Vec<BytesText>) -> Result<Vec<Vec<u8>>> {
    if !(1..=KEYS_MAX).contains(&keys.len()) {
        let text = format!("a proof has 1 to {KEYS_MAX} keys, not {}: send several requests", keys.len());
        return Err(fail(ApiError::BadValue(text)));
    }
    let keys: Vec<Vec<u8>> = keys.into_iter().map(|key| key.0).collect();
    if keys.iter().any(|key| key.len() > KEY_BYTES_MAX) {
        return Err(fail(ApiError::TooLong { what: "a key of the state", limit: KEY_BYTES_MAX }));
    }
    Ok(keys)
}

impl Proof {
    pub(super) fn load(
        ctx: &Context<'_>,
        of: &Domain,
        keys: Vec<BytesText>,
        block: Option<BlockNumber>,
        vouched: bool,
    ) -> Result<Self> {
        let (keys, domain) = (checked(keys)?, of.view.domain);
        let (_, status) = followed(ctx, domain)?;
        let number = chosen(of, &status, block, vouched)?;
        let node = ctx.data::<Node>()?;
        let proven = Proven::read(&**node, (domain, number), of.pin.block.number, &keys);
        Ok(proven.map_err(fail)?.into())
    }
}
