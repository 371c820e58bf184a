//! What an account has with operators, and that in sentences.

use auto_core::{Address, Amount, OperatorId};
use auto_domains::DomainsError;
use auto_domains::state::{OPERATOR_COUNT, OperatorStatus};
use auto_domains::view::{self, DomainView, OperatorView, Position, WithdrawalView};
use auto_state::StateRead;

/// Operators that one request looks through, the newest ones.
pub(crate) const SEARCHED_MAX: u64 = 4096;

/// What an account has with one operator.
#[derive(Debug, Clone)]
pub(crate) struct Holding {
    pub(crate) position: Position,
    pub(crate) operator: OperatorView,
    pub(crate) domain: DomainView,
}

/// The name of a domain for people.
pub(crate) fn domain_name(view: &DomainView) -> String {
    String::from_utf8_lossy(&view.record.config.name).into_owned()
}

/// What became of an operator, in a word.
pub(crate) fn status_word(status: OperatorStatus) -> &'static str {
    match status {
        OperatorStatus::Registered => "registered",
        OperatorStatus::Deactivated(_) => "resting",
        OperatorStatus::Deregistered(_) => "ended",
        OperatorStatus::InvalidBundle(_) => "accused",
        OperatorStatus::PendingSlash => "being slashed",
        OperatorStatus::Slashed => "slashed",
    }
}

/// What an account has with an operator; `None` when it has nothing.
pub(crate) fn holding(
    state: &dyn StateRead,
    operator: OperatorId,
    address: &Address,
) -> Result<Option<Holding>, DomainsError> {
    let Some(position) = view::position(state, operator, address)? else { return Ok(None) };
    let Some(operator) = view::operator(state, operator)? else { return Ok(None) };
    let domain = view::domain(state, operator.record.domain)?;
    Ok(domain.map(|domain| Holding { position, operator, domain }))
}

/// What an account has with operators, by operator.
pub(crate) fn holdings(state: &dyn StateRead, address: &Address) -> Result<Vec<Holding>, DomainsError> {
    let count = OPERATOR_COUNT.get(state)?.unwrap_or_default().0;
    let from = count.saturating_sub(SEARCHED_MAX);
    let found = (from..count).map(|id| holding(state, OperatorId(id), address));
    found.filter_map(Result::transpose).collect()
}

/// A quotient in percent with two decimals.
pub(crate) fn percent(part: u128, whole: u128) -> String {
    let hundredths = part.saturating_mul(10_000).checked_div(whole).unwrap_or(0);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn withdrawal(holding: &Holding, one: &WithdrawalView) -> String {
    let (amount, confirmed) = (one.amount, holding.position.confirmed);
    match one.locked_until {
        None => format!(
            "About {amount} leaves the pool when epoch {} of the domain ends, and is locked after that until the \
             height at which it left is confirmed.",
            holding.domain.epoch.number
        ),
        Some(_) if one.is_free => format!("{amount} was taken out and can be unlocked now."),
        Some(height) if height > confirmed => format!(
            "{amount} was taken out and is locked until height {height} of the domain is confirmed; confirmed is \
             {confirmed}."
        ),
        Some(_) => format!("{amount} was taken out and stays locked, since the operator is blamed."),
    }
}

fn standing(status: OperatorStatus) -> Option<String> {
    Some(match status {
        OperatorStatus::Registered => return None,
        OperatorStatus::Deactivated(epoch) => {
            format!(
                "The operator rests since epoch {epoch} of its domain: it earns nothing until it is reactivated."
            )
        }
        OperatorStatus::Deregistered(height) => format!(
            "The operator ended at height {height} of its domain: all that is left can be taken out at once, when \
             that height and everything it vouched for is confirmed."
        ),
        OperatorStatus::InvalidBundle(receipt) => format!(
            "Receipt {receipt} marks a bundle of the operator invalid: the stake is taken when the receipt is \
             confirmed, and free again when it falls."
        ),
        OperatorStatus::PendingSlash => {
            "The operator vouched for a wrong receipt: all of its stake is being taken.".to_owned()
        }
        OperatorStatus::Slashed => "The stake of the operator was taken.".to_owned(),
    })
}

/// Explains a position, one sentence a line.
pub(crate) fn explain(holding: &Holding) -> Vec<String> {
    let Holding { position, operator, domain } = holding;
    let record = &operator.record;
    let role = if position.is_owner { "Owner" } else { "Nominator" };
    let mut lines = vec![format!(
        "{role} of operator {} of domain {} ({}): {} in stake, {} of the pool.",
        position.operator,
        domain_name(domain),
        domain.domain,
        position.stake,
        percent(position.shares, record.shares),
    )];
    if !position.fund.is_zero() {
        lines.push(format!(
            "{} of the storage fund belongs to it; bundles are paid from there, and most comes back when their \
             blocks are confirmed.",
            position.fund
        ));
    }
    if !position.joining.is_zero() {
        let epoch = domain.epoch.number;
        lines.push(format!("{} becomes stake when epoch {epoch} of the domain ends.", position.joining));
    }
    lines.extend(position.withdrawals.iter().map(|one| withdrawal(holding, one)));
    if record.tax_percent > 0 && !position.is_owner {
        lines.push(format!("The operator keeps {} % of the rewards of its nominators.", record.tax_percent));
    }
    if let Some(stake) = operator.elected_stake.filter(|stake| !stake.is_zero()) {
        let part = percent(stake.base_units(), domain.epoch.total.base_units());
        lines.push(format!("The operator has {part} of the stake of this epoch, and so of the chances."));
    } else if position.status == OperatorStatus::Registered {
        lines.push("The operator takes part from the next epoch of its domain.".to_owned());
    }
    lines.extend(standing(position.status));
    lines
}

/// All that the account has there, the storage fund and what is locked included.
pub(crate) fn total(position: &Position) -> Option<Amount> {
    let withdrawn =
        position.withdrawals.iter().try_fold(Amount::ZERO, |sum, one| sum.checked_add(one.amount))?;
    position.stake.checked_add(position.fund)?.checked_add(position.joining)?.checked_add(withdrawn)
}
