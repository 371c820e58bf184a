//! What the chain shows after a lie, and the checks over it.

#[cfg(test)]
mod tests;

use super::network::{Dispute, Member};
use super::payments::Payments;
use super::readings::{
    balances, domain_balances, fees_of, is_slashed, money, operator, receipts_from, stake_of,
};
use super::setup::{DISPUTED, FOLLOWER, HONEST, LIAR, Party, UNDISPUTED};
use super::verdict::{Check, Outcome, Stakes};
use crate::error::{CliError, internal};
use auto_core::{Address, Amount, BlockNumber, DomainId, Hash, OperatorId};
use auto_domains::state::{BALANCE, FRAUDULENT, OperatorStatus};
use auto_module::messages::{CONFIRMED, Confirmed};
use auto_operator::Lie;
use auto_state::StateRead;
use std::collections::BTreeMap;

/// The receipt that lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bad {
    pub(super) number: BlockNumber,
    pub(super) hash: Hash,
    /// The consensus block that took it in.
    pub(super) stated_in: u64,
}

/// What was there before anybody lied.
pub(super) struct Before {
    /// What everybody held on the consensus chain.
    pub(super) balances: BTreeMap<Address, Amount>,
    /// What the liar's nominator had with it.
    pub(super) misled: Amount,
    /// What the honest operator's nominator had with it.
    pub(super) prudent: Amount,
    /// What its owner had with the honest operator.
    pub(super) honest: Amount,
}

/// A stake that was taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slash {
    pub(super) operator: OperatorId,
    pub(super) amount: Amount,
    /// The part of it that the reporter got.
    pub(super) rewarded: Amount,
    /// The consensus block in which it was taken.
    pub(super) block: u64,
}

/// What the chain says of the proof.
pub(super) struct Proven {
    /// The consensus block that holds it.
    pub(super) block: u64,
    pub(super) reporter: Address,
    /// What it shows; nothing when the block has no such proof.
    pub(super) proof: Option<String>,
    pub(super) slashes: Vec<Slash>,
}

/// All that a lie is judged by.
pub(super) struct Evidence<'a> {
    pub(super) dispute: &'a Dispute,
    /// Replayed the chain from its genesis.
    pub(super) newcomer: Member,
    pub(super) payments: Payments,
    pub(super) before: Before,
    pub(super) bad: Bad,
    /// The newest consensus block when the honest operator came.
    pub(super) came_at: u64,
    /// The receipt that stands where the wrong one stood.
    pub(super) corrected: Hash,
    pub(super) proven: Proven,
}

/// Adds amounts up.
fn sum(amounts: impl IntoIterator<Item = Amount>) -> Result<Amount, CliError> {
    let total = amounts.into_iter().try_fold(Amount::ZERO, Amount::checked_add);
    total.ok_or_else(|| internal("a sum overflows"))
}

impl Evidence<'_> {
    /// What became of the lie.
    pub(super) fn outcome(self, lie: Lie) -> Result<Outcome, CliError> {
        let (checks, stakes) = (self.checks()?, self.stakes()?);
        Ok(Outcome {
            lie,
            payments: self.payments.count(),
            stated_in: self.bad.stated_in,
            came_at: self.came_at,
            proven_in: self.proven.block,
            proof: self.proven.proof,
            slashes: self.proven.slashes,
            stakes,
            checks,
        })
    }

    /// What the two nominators had and have.
    fn stakes(&self) -> Result<Stakes, CliError> {
        self.dispute.farmer.read(|state| {
            Ok(Stakes {
                misled: (self.before.misled, stake_of(state, LIAR, Party::misled())?),
                prudent: (self.before.prudent, stake_of(state, HONEST, Party::prudent())?),
            })
        })
    }

    /// Every check, over the farmer's chain at the newest block that the newcomer replayed.
    pub(super) fn checks(&self) -> Result<Vec<Check>, CliError> {
        let (at, _) =
            self.newcomer.domains.head().ok_or_else(|| internal("the newcomer replayed nothing"))?;
        self.dispute.farmer.node.handle.with_state(Some(at), |_, state| {
            Ok(vec![
                Check { what: Check::PROVEN, held: self.is_proven()? },
                Check { what: Check::SLASHED, held: self.are_slashed(state)? },
                Check { what: Check::PAID, held: self.is_paid(state, at.0)? },
                Check { what: Check::HEAD, held: self.is_corrected(state)? },
                Check { what: Check::BALANCES, held: self.are_balances_intact(state)? },
                Check { what: Check::STAKES, held: self.are_stakes_right(state)? },
                Check { what: Check::ELSEWHERE, held: self.is_elsewhere_intact(state)? },
            ])
        })
    }

    /// The chain holds a proof against this very receipt, sent by the honest operator's account, and calls the
    /// receipt wrong from that block on; it forgets this when the height is confirmed.
    fn is_proven(&self) -> Result<bool, CliError> {
        let at = (DISPUTED, self.bad.number);
        let wrong = |block| {
            let chain = &self.dispute.farmer.node.handle;
            chain
                .with_state(Some(BlockNumber(block)), |_, state| FRAUDULENT.get(state, &at).map_err(internal))
        };
        let before = wrong(self.proven.block.saturating_sub(1))?;
        let after = wrong(self.proven.block)?;
        let by_honest = self.proven.reporter == Party::reporter().address();
        let is_new = before != Some(self.bad.hash) && after == Some(self.bad.hash);
        Ok(is_new && by_honest && self.proven.proof.is_some())
    }

    /// The liar and its follower lost all that they had, and nobody else lost anything.
    fn are_slashed(&self, state: &dyn StateRead) -> Result<bool, CliError> {
        for id in [LIAR, FOLLOWER] {
            let now = operator(state, id)?;
            let is_empty =
                now.staked.is_zero() && now.record.storage_fund.is_zero() && now.record.nominators == 0;
            if !is_slashed(state, id)? || !is_empty || !self.took_all(id)? {
                return Ok(false);
            }
        }
        Ok(self.proven.slashes.iter().all(|slash| [LIAR, FOLLOWER].contains(&slash.operator)))
    }

    /// What was taken of an operator is what it had in the block before: the stake to the unit, and the fund
    /// with what this block may have paid back to it.
    fn took_all(&self, id: OperatorId) -> Result<bool, CliError> {
        let own = self.proven.slashes.iter().filter(|slash| slash.operator == id);
        let Some(first) = own.clone().map(|slash| slash.block).min() else { return Ok(false) };
        let taken = sum(own.map(|slash| slash.amount))?;
        let before = BlockNumber(first.saturating_sub(1));
        let had = self.dispute.farmer.node.handle.with_state(Some(before), |_, state| operator(state, id))?;
        let most = sum([had.staked, had.record.storage_fund, had.record.storage_outstanding])?;
        Ok(!had.staked.is_zero() && taken >= had.staked && taken <= most)
    }

    /// The reporter has the share of both slashes that the parameters name, less the fees that it paid.
    fn is_paid(&self, state: &dyn StateRead, at: u64) -> Result<bool, CliError> {
        let (numerator, denominator) = self.dispute.farmer.node.handle.params().fraud_reporter_share;
        for slash in &self.proven.slashes {
            let share = slash.amount.checked_mul(u128::from(numerator));
            let share = share.and_then(|share| share.checked_div(u128::from(denominator)));
            if share != Some(slash.rewarded) {
                return Ok(false);
            }
        }
        let reporter = Party::reporter().address();
        let earned = sum(self.proven.slashes.iter().map(|slash| slash.rewarded))?;
        let fees = fees_of(&self.dispute.farmer.node.handle, &reporter, self.bad.stated_in..=at)?;
        let before = self.before.balances.get(&reporter).copied().unwrap_or_default();
        let now = balances(state)?.get(&reporter).copied().unwrap_or_default();
        Ok(!earned.is_zero() && sum([now, fees])? == sum([before, earned])?)
    }

    /// Every receipt that stands is the one that replaying the chain gives.
    fn is_corrected(&self, state: &dyn StateRead) -> Result<bool, CliError> {
        let replayed = self.newcomer.own_receipt(DISPUTED, self.bad.number)?;
        Ok(self.corrected != self.bad.hash
            && replayed == Some(self.corrected)
            && self.is_line_right(state, DISPUTED, self.bad.number)?)
    }

    /// Whether the newest confirmed block is at `least` that high, and it and all open receipts are as
    /// replayed.
    fn is_line_right(
        &self,
        state: &dyn StateRead,
        domain: DomainId,
        least: BlockNumber,
    ) -> Result<bool, CliError> {
        let Confirmed { number, receipt, state_root } = confirmed(state, domain)?;
        let own = self.newcomer.domains.receipt(domain, number).map_err(internal)?;
        let is_same = own.is_some_and(|own| own.hash() == receipt && own.final_state_root == state_root);
        if !is_same || number < least {
            return Ok(false);
        }
        for known in receipts_from(state, domain, number.0.saturating_add(1))? {
            if self.newcomer.own_receipt(domain, known.receipt.number)? != Some(known.receipt.hash()) {
                return Ok(false);
            }
        }
        Ok(self.newcomer.domains.domain(domain).is_some_and(|status| status.wrong.is_empty()))
    }

    /// On the domain everybody holds what the payments that ran make of the start, together what the consensus
    /// chain says the domain holds; on the consensus chain nobody else's money moved, and all of it is there.
    fn are_balances_intact(&self, state: &dyn StateRead) -> Result<bool, CliError> {
        let mut now = balances(state)?;
        let mut before = self.before.balances.clone();
        for paid in [Party::farmer(), Party::reporter()] {
            now.remove(&paid.address());
            before.remove(&paid.address());
        }
        let (exists, found) = money(state)?;
        Ok(now == before && exists == found && self.are_balances_right(state, DISPUTED)?)
    }

    fn are_balances_right(&self, state: &dyn StateRead, domain: DomainId) -> Result<bool, CliError> {
        let Confirmed { number, state_root, .. } = confirmed(state, domain)?;
        let there = self.newcomer.domains.state_at(domain, number).map_err(internal)?;
        let held = domain_balances(&there)?;
        let expected = self.payments.balances(&self.newcomer.domains, domain)?;
        let together = BALANCE.get(state, &domain).map_err(internal)?.unwrap_or_default();
        Ok(there.root() == state_root
            && Some(&held) == expected.as_ref()
            && sum(held.into_values())? == together)
    }

    /// The liar's nominator lost its stake with it; the honest operator's owner and nominator lost nothing.
    fn are_stakes_right(&self, state: &dyn StateRead) -> Result<bool, CliError> {
        let before = &self.before;
        let is_kept = operator(state, HONEST)?.record.status == OperatorStatus::Registered
            && stake_of(state, HONEST, Party::honest())? >= before.honest
            && stake_of(state, HONEST, Party::prudent())? >= before.prudent;
        let is_lost = !before.misled.is_zero() && stake_of(state, LIAR, Party::misled())?.is_zero();
        Ok(is_kept && is_lost)
    }

    /// The other domain went on: blocks confirmed as replayed, every payment there took effect.
    fn is_elsewhere_intact(&self, state: &dyn StateRead) -> Result<bool, CliError> {
        Ok(self.is_line_right(state, UNDISPUTED, BlockNumber(1))?
            && self.are_balances_right(state, UNDISPUTED)?)
    }
}

fn confirmed(state: &dyn StateRead, domain: DomainId) -> Result<Confirmed, CliError> {
    let found = CONFIRMED.get(state, &domain).map_err(internal)?;
    found.ok_or_else(|| internal("the domain has no confirmed block"))
}
