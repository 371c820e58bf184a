//! Pages of domains and operators.

pub(super) mod account;
pub(super) mod block;
pub(super) mod transaction;

use super::page::{From, render, shown};
use super::text;
use super::view::Top;
use crate::ApiError;
use crate::backend::domains as read;
use crate::cursor::Cursor;
use crate::position::{domain_name, percent, status_word};
use crate::server::App;
use askama::Template;
use auto_core::{Address, Amount, BlockNumber, DomainId, OperatorId};
use auto_domains::state::{BALANCE, DOMAIN_COUNT, DOMAIN_OPERATORS, OperatorStatus, RUNTIME, ReceiptRecord};
use auto_domains::view::{self, DomainView, OperatorView, Position};
use auto_domains::{DomainsError, receipt};
use auto_state::StateRead;
use axum::extract::{Path, Query, State};
use axum::response::Response;

/// Domains of one page.
const DOMAINS: u32 = 10;
/// Operators that the list shows of each domain.
const FEW: usize = 5;
/// Rows of a page.
const ROWS: usize = 25;
/// Receipts that a domain's page shows.
const RECEIPTS: u64 = 12;
/// Blocks that a domain's page shows.
const BLOCKS: usize = 12;
/// Receipts that may be missing before a domain counts as lagging: that of the newest block comes with the
/// next one.
const LAG: u64 = 1;

/// An operator and its part of the epoch's stake.
#[derive(Debug)]
pub(crate) struct OperatorRow {
    pub(crate) view: OperatorView,
    /// Its part of the epoch's stake in thousandths.
    pub(crate) permille: u128,
    total: Amount,
}

impl OperatorRow {
    fn new(view: OperatorView, domain: &DomainView) -> Self {
        let total = domain.epoch.total;
        let own = view.elected_stake.unwrap_or_default().base_units();
        let permille = own.saturating_mul(1000).checked_div(total.base_units()).unwrap_or(0);
        Self { view, permille, total }
    }

    fn share(&self) -> String {
        percent(self.view.elected_stake.unwrap_or_default().base_units(), self.total.base_units())
    }

    fn word(&self) -> &'static str {
        status_word(self.view.record.status)
    }

    fn class(&self) -> &'static str {
        match self.view.record.status {
            OperatorStatus::Registered => "good",
            OperatorStatus::Deactivated(_) | OperatorStatus::Deregistered(_) => "wait",
            _ => "bad",
        }
    }
}

/// A domain with some of its operators.
#[derive(Debug)]
pub(crate) struct DomainCard {
    pub(crate) view: DomainView,
    pub(crate) balance: Amount,
    pub(crate) modules: String,
    pub(crate) operators: Vec<OperatorRow>,
    /// Operators that are not listed.
    pub(crate) more: usize,
}

impl DomainCard {
    /// A domain with up to `rows` of its operators above `after`.
    fn read(
        state: &dyn StateRead,
        domain: DomainId,
        after: Option<OperatorId>,
        rows: usize,
    ) -> Result<Option<Self>, DomainsError> {
        let Some(view) = view::domain(state, domain)? else { return Ok(None) };
        let ids = DOMAIN_OPERATORS.get(state, &domain)?.unwrap_or_default();
        let start = after.map_or(0, |after| ids.partition_point(|id| *id <= after));
        let mut operators = Vec::new();
        for id in ids.iter().skip(start).take(rows) {
            operators.extend(view::operator(state, *id)?.map(|one| OperatorRow::new(one, &view)));
        }
        let more = ids.len().saturating_sub(start).saturating_sub(rows);
        let runtime = RUNTIME.get(state, &view.record.runtime)?;
        let modules = runtime.map_or_else(String::new, |runtime| {
            let named = runtime.modules.iter().map(|id| match auto_registry::name(*id) {
                Some(name) => name.to_owned(),
                None => format!("module {id}"),
            });
            format!("{}, version {}", named.collect::<Vec<_>>().join(", "), runtime.version)
        });
        let balance = BALANCE.get(state, &domain)?.unwrap_or_default();
        Ok(Some(Self { view, balance, modules, operators, more }))
    }

    fn name(&self) -> String {
        domain_name(&self.view)
    }

    fn lags(&self) -> bool {
        self.view.record.head.0.saturating_sub(self.view.record.head_receipt.0) > LAG
    }

    fn word(&self) -> &'static str {
        match (self.view.record.frozen, self.lags()) {
            (true, _) => "frozen",
            (false, true) => "receipts lag",
            (false, false) => "running",
        }
    }

    fn class(&self) -> &'static str {
        match (self.view.record.frozen, self.lags()) {
            (true, _) => "bad",
            (false, true) => "wait",
            (false, false) => "good",
        }
    }

    fn bundle_bytes(&self) -> u64 {
        u64::from(self.view.record.config.bundle_bytes_max)
    }

    fn odds(&self) -> String {
        let (wins, slots) = self.view.record.config.bundle_probability;
        if slots == 1 {
            return format!("{wins} expected in every slot");
        }
        format!("{wins} expected in {slots} slots")
    }
}

/// The list of domains.
#[derive(Debug, Template)]
#[template(path = "domains.html")]
struct Domains {
    top: Top,
    domains: Vec<DomainCard>,
    older: Option<String>,
}

/// One domain.
#[derive(Debug, Template)]
#[template(path = "domain.html")]
struct DomainPage {
    top: Top,
    shown: DomainCard,
    receipts: Vec<(ReceiptRecord, &'static str, &'static str)>,
    /// None where this node does not follow the domain.
    blocks: Option<Vec<block::BlockRow>>,
    older: Option<String>,
}

/// One operator.
#[derive(Debug, Template)]
#[template(path = "operator.html")]
struct OperatorPage {
    top: Top,
    one: OperatorRow,
    domain: String,
    nominators: Vec<(Address, Position)>,
    older: Option<String>,
}

/// `/domains`.
pub(crate) async fn domains(State(app): State<App>, Query(from): Query<From>) -> Response {
    let query = "{ domains(first: 10) { pageInfo { endCursor hasNextPage } nodes { number name frozen head headReceipt \
                 confirmed balance operatorCount epoch { number total } \
                 operators(first: 5) { nodes { number status staked epochStake taxPercent } } } } }";
    let page = || {
        let after = match from.cursor()? {
            None => 0,
            Some(Cursor::Domain(number)) => number,
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let (domains, count) = read(&*app.node, None, |state| {
            let count = DOMAIN_COUNT.get(state)?.unwrap_or_default().0;
            let last = after.saturating_add(DOMAINS).min(count);
            let numbers = after.saturating_add(1)..=last;
            let cards = numbers.map(|number| DomainCard::read(state, DomainId(number), None, FEW));
            Ok((cards.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?, count))
        })?;
        let last = domains.last().map(|card| card.view.domain.0).filter(|last| *last < count);
        let older = last.map(|last| format!("/domains?after={}", Cursor::Domain(last).text()));
        render(&Domains { top: Top::new(&app, "domains", "Domains", query)?, domains, older })
    };
    shown(&app, page())
}

/// Receipts from the newest on, with a word for each.
fn receipts(
    state: &dyn StateRead,
    view: &DomainView,
) -> Result<Vec<(ReceiptRecord, &'static str, &'static str)>, DomainsError> {
    let (newest, confirmed) = (view.record.head_receipt.0, view.record.confirmed.0);
    let oldest = newest.saturating_sub(RECEIPTS.saturating_sub(1)).max(confirmed);
    let mut found = Vec::new();
    for number in (oldest..=newest).rev() {
        if let Some(record) = receipt::at(state, view.domain, BlockNumber(number))? {
            let (word, class) =
                if number <= confirmed { ("confirmed", "good") } else { ("challengeable", "wait") };
            found.push((record, word, class));
        }
    }
    Ok(found)
}

/// The domain of a number in a path.
fn of_number(number: &str) -> Result<DomainId, ApiError> {
    let missing = |_| ApiError::NotFound { what: "domain", which: number.to_owned() };
    number.parse().map(DomainId).map_err(missing)
}

/// `/domain/{number}`.
pub(crate) async fn domain(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = || {
        let missing = || ApiError::NotFound { what: "domain", which: number.clone() };
        let id = of_number(&number)?;
        let blocks = block::newest(&app, id, BLOCKS)?;
        let own = blocks.as_ref().map_or(
            "",
            |_| "blocks(first: 12) { nodes { number hash standing consensusNumber transactionCount } } ",
        );
        let query = format!(
            "{{ domain(number: {id}) {{ name owner {{ address }} created head headReceipt confirmed balance \
             code {{ name version modules {{ number name }} }} epoch {{ number began total }} \
             operators(first: 25) {{ nodes {{ number status staked epochStake taxPercent }} }} {own}\
             receipts(first: 12) {{ nodes {{ number hash standing consensusNumber steps submitterCount }} }} }} }}"
        );
        let after = match from.cursor()? {
            None => None,
            Some(Cursor::Operator(operator)) => Some(OperatorId(operator)),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let found = read(&*app.node, None, |state| {
            let Some(card) = DomainCard::read(state, id, after, ROWS)? else { return Ok(None) };
            let receipts = receipts(state, &card.view)?;
            Ok(Some((card, receipts)))
        })?;
        let (card, receipts) = found.ok_or_else(missing)?;
        let last = card.operators.last().filter(|_| card.more > 0).map(|row| row.view.operator.0);
        let older = last.map(|last| format!("/domain/{id}?after={}", Cursor::Operator(last).text()));
        let top = Top::new(&app, "domains", format!("Domain {}", card.name()), query)?;
        render(&DomainPage { top, shown: card, receipts, blocks, older })
    };
    shown(&app, page())
}

/// `/operator/{number}`.
pub(crate) async fn operator(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = || {
        let missing = || ApiError::NotFound { what: "operator", which: number.clone() };
        let id = number.parse().map(OperatorId).map_err(|_| missing())?;
        let query = format!(
            "{{ operator(number: \"{id}\") {{ status domain {{ number name }} owner {{ address }} key staked epochStake \
             storageFund taxPercent nominationMin bundlesInEpoch lastReceipt \
             nominators(first: 25) {{ nodes {{ account {{ address }} stake fund joining }} }} }} }}"
        );
        let start = match from.cursor()? {
            None => 0,
            Some(Cursor::Position(at)) => at.saturating_add(1),
            Some(other) => return Err(ApiError::Cursor(other.text())),
        };
        let rows = u32::try_from(ROWS).unwrap_or(u32::MAX);
        let found = read(&*app.node, None, |state| {
            let Some(one) = view::operator(state, id)? else { return Ok(None) };
            let Some(domain) = view::domain(state, one.record.domain)? else { return Ok(None) };
            let mut nominators = Vec::new();
            for address in view::nominators(state, id, start, rows)? {
                let position = view::position(state, id, &address)?;
                nominators.extend(position.map(|position| (address, position)));
            }
            Ok(Some((OperatorRow::new(one, &domain), domain_name(&domain), nominators)))
        })?;
        let (one, domain, nominators) = found.ok_or_else(missing)?;
        let next = start.saturating_add(rows);
        let older = (next < one.view.record.nominators)
            .then(|| format!("/operator/{id}?after={}", Cursor::Position(next.saturating_sub(1)).text()));
        let top = Top::new(&app, "domains", format!("Operator {id}"), query)?;
        render(&OperatorPage { top, one, domain, nominators, older })
    };
    shown(&app, page())
}
