//! What holds of the money after every block.

use super::{ACCOUNTS, FEES, ISSUANCE, TRANSFERS, genesis::issuance_after};
use crate::{Contents, Invariant};
use auto_core::Amount;

/// What holds after every block.
pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant { name: "the balances add up to the issuance", check: balances_add_up },
    Invariant { name: "money enters and leaves only by what the receipt reports", check: conserved },
];

fn balances_add_up(_before: &Contents, after: &Contents) -> Result<(), String> {
    let accounts = ACCOUNTS.entries(after).map_err(|error| error.to_string())?;
    let issuance = ISSUANCE.get(after).map_err(|error| error.to_string())?.unwrap_or_default();
    let sum = accounts
        .iter()
        .try_fold(Amount::ZERO, |sum, (_, account)| sum.checked_add(account.balance))
        .ok_or("the balances overflow")?;
    if sum == issuance { Ok(()) } else { Err(format!("balances of {sum}, issuance of {issuance}")) }
}

fn conserved(before: &Contents, after: &Contents) -> Result<(), String> {
    if before.is_empty() {
        return Ok(());
    }
    let read = |contents| ISSUANCE.get(contents).map_err(|error| error.to_string());
    let (old, new) = (read(before)?.unwrap_or_default(), read(after)?.unwrap_or_default());
    let fees = FEES.get(after).map_err(|error| error.to_string())?.unwrap_or_default();
    let transfers = TRANSFERS.get(after).map_err(|error| error.to_string())?.unwrap_or_default();
    match issuance_after(old, &fees, &transfers) {
        Some(wanted) if wanted == new => Ok(()),
        wanted => Err(format!("issuance went from {old} to {new}, the receipt reports {wanted:?}")),
    }
}
