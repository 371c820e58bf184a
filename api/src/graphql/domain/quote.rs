//! What a transaction of a domain takes and costs.

use super::followed;
use crate::graphql::scalar::{AmountText, BytesText, HashText, Height, Natural};
use crate::graphql::{Node, fail};
use crate::{ApiError, BackendError};
use async_graphql::{Context, InputObject, Result, SimpleObject};
use auto_core::{Address, Blob, Call, DomainId, ModuleId, TRANSACTION_CALLS_MAX};

/// A call to be signed.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CallInput {
    /// Number of the module.
    module: u16,
    /// The call in the module's encoding.
    payload: BytesText,
}

/// What signing a transaction takes, and what it would cost in the next block.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "DomainQuote")]
pub(crate) struct Quote {
    /// Hash of the genesis block, which the signature covers.
    genesis: HashText,
    /// What the signer holds on the domain.
    balance: AmountText,
    /// The nonce to sign with.
    nonce: Natural,
    /// The last consensus block that may include it.
    expiry: Height,
    /// Weight of the calls and of what every transaction takes, in nanoseconds on the reference machine.
    weight: Natural,
    /// The fee at the price of the next block.
    fee: AmountText,
    /// A fee limit that leaves the price of a byte room to rise.
    fee_limit: AmountText,
}

impl Quote {
    pub(super) fn load(
        ctx: &Context<'_>,
        domain: DomainId,
        signer: Address,
        calls: Vec<CallInput>,
    ) -> Result<Self> {
        if calls.len() > TRANSACTION_CALLS_MAX {
            let limit = TRANSACTION_CALLS_MAX;
            return Err(fail(ApiError::BadValue(format!("a transaction has at most {limit} calls"))));
        }
        let call = |input: CallInput| {
            let payload = Blob::new(input.payload.0);
            payload.map(|payload| Call { module: ModuleId(input.module), payload })
        };
        let calls: std::result::Result<Vec<_>, _> = calls.into_iter().map(call).collect();
        let long = |_| fail(ApiError::TooLong { what: "a call", limit: Call::PAYLOAD_MAX });
        let calls = calls.map_err(long)?;
        let (handle, _) = followed(ctx, domain)?;
        let quote = handle.quote(domain, &signer, &calls);
        let quote = quote.map_err(|error| fail(BackendError::from(error)))?;
        Ok(Self {
            genesis: ctx.data::<Node>()?.genesis().into(),
            balance: quote.account.balance.into(),
            nonce: Natural(quote.nonce.0),
            expiry: quote.expiry.into(),
            weight: Natural(quote.weight.0),
            fee: quote.fee.into(),
            fee_limit: quote.fee_limit.into(),
        })
    }
}
