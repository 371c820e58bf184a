//! Accounts on domains.

use super::{Domain, followed};
use crate::graphql::pin::Pin;
use crate::graphql::scalar::{AddressText, AmountText, Height, Natural};
use crate::graphql::{Node, fail};
use crate::{ApiError, BackendError};
use async_graphql::{Context, Object, Result};
use auto_core::{Address, BlockNumber, DomainId};
use auto_module::bank::{self, Account as Held};
use auto_operator::DomainsHandle;

/// An account on a domain, read at one of its blocks.
#[derive(Debug, Clone)]
pub(crate) struct DomainAccount {
    handle: DomainsHandle,
    domain: DomainId,
    address: Address,
    number: BlockNumber,
    held: Held,
    pin: Pin,
}

impl DomainAccount {
    /// Reads the account after the newest block of the domain as of the height of the request.
    pub(crate) fn load(ctx: &Context<'_>, of: &Domain, address: Address) -> Result<Self> {
        let (domain, record) = (of.view.domain, &of.view.record);
        let (handle, status) = followed(ctx, domain)?;
        // A node may have imported a block that its follower has not.
        let number = record.head.min(status.number);
        if number < status.confirmed {
            let wanted = format!("{number} of domain {domain}");
            let (oldest, newest) = (status.confirmed, status.number);
            return Err(fail(ApiError::HeightUnavailable { wanted, oldest, newest }));
        }
        let refuse = |error| fail(BackendError::from(error));
        let state = handle.state_at(domain, number).map_err(refuse)?;
        let held = bank::ACCOUNTS.get(&state, &address).map_err(|error| refuse(error.into()))?;
        Ok(Self { handle, domain, address, number, held: held.unwrap_or_default(), pin: of.pin })
    }
}

/// Domains that one request looks through.
const DOMAINS_MAX: usize = 100;

/// An account on every domain that this node follows, by domain.
pub(crate) fn everywhere(ctx: &Context<'_>, pin: Pin, address: Address) -> Result<Vec<DomainAccount>> {
    let Some(handle) = ctx.data::<Node>()?.domains() else { return Ok(Vec::new()) };
    let mut accounts = Vec::new();
    for status in handle.domains().into_iter().take(DOMAINS_MAX) {
        if let Some(domain) = super::load(ctx, pin, status.domain)? {
            accounts.push(DomainAccount::load(ctx, &domain, address)?);
        }
    }
    Ok(accounts)
}

/// A holder of money on a domain. Every address is an account there, too.
#[Object]
impl DomainAccount {
    /// The address.
    async fn address(&self) -> AddressText {
        AddressText(self.address)
    }

    /// The domain.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Domain> {
        super::owning(ctx, self.pin, self.domain)
    }

    /// The height of the domain that it is read at: its newest block at the height of the request.
    async fn number(&self) -> Height {
        self.number.into()
    }

    /// Money held there.
    async fn balance(&self) -> AmountText {
        self.held.balance.into()
    }

    /// Transactions sent there.
    async fn nonce(&self) -> Natural {
        Natural(self.held.nonce.0)
    }

    /// The nonce that a new transaction should carry now, whatever the height of the request: behind the
    /// newest block and behind what waits in this node's pool.
    async fn next_nonce(&self) -> Result<Natural> {
        let next = self.handle.next_nonce(self.domain, &self.address);
        Ok(Natural(next.map_err(|error| fail(BackendError::from(error)))?.0))
    }
}
