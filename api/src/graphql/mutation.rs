//! Writes.

use super::scalar::{BytesText, HashText};
use super::{Limits, Node, fail};
use crate::ApiError;
use async_graphql::{Context, Object, Result};

/// Refuses a transaction over its byte limit.
pub(crate) fn check_length(ctx: &Context<'_>, bytes: &BytesText) -> Result<()> {
    let limit = ctx.data::<Limits>()?.transaction_bytes;
    if bytes.0.len() > limit {
        return Err(fail(ApiError::TooLong { what: "the transaction", limit }));
    }
    Ok(())
}

/// The root of all writes.
#[derive(Debug, Clone, Copy)]
pub struct Mutation;

/// The root of all writes. To follow a transaction to its confirmation use the subscription `submitTx`.
#[Object]
impl Mutation {
    /// Checks a signed transaction and takes it into the pool, without waiting for a block.
    ///
    /// Sending the same transaction again does nothing and gives the same hash.
    #[graphql(complexity = 50)]
    async fn submit_tx_async(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signed transaction in SCALE.")] bytes: BytesText,
    ) -> Result<HashText> {
        check_length(ctx, &bytes)?;
        let node = ctx.data::<Node>()?;
        super::follow::submit(node, &bytes.0).map(HashText).map_err(fail)
    }
}
