//! An account on a domain.

use super::block::{Followed, followed};
use crate::explorer::page::{render, shown};
use crate::explorer::text;
use crate::explorer::view::Top;
use crate::server::App;
use crate::{ApiError, BackendError};
use askama::Template;
use auto_core::{Address, Amount, BlockNumber, DomainId, Nonce};
use auto_module::bank::Account;
use auto_operator::OperatorError;
use axum::extract::{Path, State};
use axum::response::Response;

/// What an account holds on a domain.
#[derive(Debug)]
pub(crate) struct Holding {
    pub(crate) domain: DomainId,
    pub(crate) name: String,
    pub(crate) balance: Amount,
    pub(crate) nonce: Nonce,
}

/// What an account holds on the domains that this node follows.
pub(crate) fn everywhere(app: &App, address: &Address) -> Result<Vec<Holding>, ApiError> {
    let Some(handle) = app.node.domains() else { return Ok(Vec::new()) };
    let mut holdings = Vec::new();
    for status in handle.domains() {
        let domain = status.domain;
        let name = followed(app, &domain.to_string())?.name;
        let Account { balance, nonce } = handle.account(domain, address).map_err(BackendError::from)?;
        holdings.push(Holding { domain, name, balance, nonce });
    }
    Ok(holdings)
}

/// One account.
#[derive(Debug, Template)]
#[template(path = "domain_account.html")]
struct AccountPage {
    top: Top,
    domain: DomainId,
    name: String,
    address: Address,
    number: BlockNumber,
    held: Account,
    next: Nonce,
}

impl AccountPage {
    /// Transactions that wait in the pool.
    fn waiting(&self) -> u64 {
        self.next.0.saturating_sub(self.held.nonce.0)
    }
}

/// `/domain/{number}/account/{address}`.
pub(crate) async fn account(
    State(app): State<App>,
    Path((number, address)): Path<(String, String)>,
) -> Response {
    let page = || {
        let Followed { handle, status, name } = followed(&app, &number)?;
        let domain = status.domain;
        let address: Address = address
            .parse()
            .map_err(|error: auto_core::AddressError| ApiError::BadValue(error.to_string()))?;
        let query = format!(
            "{{ domain(number: {domain}) {{ account(address: \"{address}\") {{ number balance nonce nextNonce }} }} }}"
        );
        let refuse = |error: OperatorError| ApiError::from(BackendError::from(error));
        let held = handle.account(domain, &address).map_err(refuse)?;
        let next = handle.next_nonce(domain, &address).map_err(refuse)?;
        let top = Top::new(&app, "domains", format!("Account on {name}"), query)?;
        render(&AccountPage { top, domain, name, address, number: status.number, held, next })
    };
    shown(&app, page())
}
