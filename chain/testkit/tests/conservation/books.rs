//! Counting the money: in the books of the chain, and where it is.

use super::world::World;
use auto_core::{Amount, BlockNumber, BundleVerdict, DomainId, OperatorId, decode_strict};
use auto_domains::DomainsEvent;
use auto_domains::state::{
    BALANCE, BLOCK, DOMAIN, HELD, Held, IN_TRANSIT, OPERATOR, OperatorStatus, RECEIPT, RECEIPT_AT, REJECTED,
};
use auto_ledger::{ExecutedBlock, Issuance, issuance};
use auto_module::Contents;
use auto_module::messages::CHANNELS;

/// The books after a block.
pub(crate) struct Books<'a> {
    world: &'a World,
    issuance: Issuance,
}

fn sum(amounts: impl IntoIterator<Item = Amount>) -> Amount {
    amounts.into_iter().try_fold(Amount::ZERO, Amount::checked_add).expect("fits")
}

impl<'a> Books<'a> {
    pub(crate) fn open(world: &'a World) -> Self {
        Self { world, issuance: issuance(world.chain.state()).expect("sound") }
    }

    fn contents(&self) -> &'a Contents {
        self.world.chain.state()
    }

    /// What accounts of the consensus chain hold.
    fn accounts(&self) -> Amount {
        let accounts = self.contents().range(b"ledger/account/".to_vec()..b"ledger/account0".to_vec());
        sum(accounts
            .map(|(_, value)| decode_strict::<auto_ledger::Account>(value, 256).expect("an account").balance))
    }

    /// Everything adds up.
    pub(crate) fn check(&self) {
        let (contents, number) = (self.contents(), self.world.number());
        let accounts = self.accounts();
        let extension = &self.world.chain.rules().extension;
        let held = extension.held(contents).expect("sound");
        let parts = HELD.get(contents).expect("sound").unwrap_or_default();
        let all = sum([accounts, self.issuance.held, held]);
        assert_eq!(self.issuance.total, all, "the issuance after block {number}: {parts:?}");

        let there = self.on_domains();
        assert_eq!(parts.domains, there, "balances of domains after block {number}");
        let transit = sum(IN_TRANSIT.entries(contents).expect("sound").into_iter().map(|entry| entry.1));
        assert_eq!(parts.in_transit, transit, "money in transit after block {number}");
        let rejected = sum(REJECTED.entries(contents).expect("sound").into_iter().map(|entry| entry.1));
        assert_eq!(parts.rejected, rejected, "rejected money after block {number}");
        self.check_stakes(&parts);
        self.check_deposits(&parts);

        let staked = sum([parts.stakes, parts.funds, parts.withdrawals, parts.deposits]);
        let everything = sum([accounts, self.issuance.held, staked, there, transit, rejected]);
        assert_eq!(self.issuance.total, everything, "all money after block {number}");
    }

    /// The money on the domains themselves at their confirmed states, which the chain tracks.
    fn on_domains(&self) -> Amount {
        sum(self.world.sides.iter().map(|side| {
            let confirmed = self.world.record(side.id).confirmed;
            let tracked = BALANCE.get(self.contents(), &side.id).expect("sound").unwrap_or_default();
            let there = side.issuance[&confirmed.0];
            assert_eq!(tracked, there, "domain {} at its block {confirmed}", side.id);
            there
        }))
    }

    fn check_stakes(&self, parts: &Held) {
        let operators = OPERATOR.entries(self.contents()).expect("sound");
        let stakes = operators.iter().flat_map(|(_, record)| [record.stake, record.deposits_in_epoch]);
        assert_eq!(parts.stakes, sum(stakes), "stakes after block {}", self.world.number());
        let funds = operators.iter().map(|(_, record)| record.storage_fund);
        assert_eq!(parts.funds, sum(funds), "funds after block {}", self.world.number());
    }

    fn check_deposits(&self, parts: &Held) {
        let channels = CHANNELS.entries(self.contents()).expect("sound");
        let channels = channels.into_iter().map(|(_, side)| side.deposit);
        let domains = DOMAIN.entries(self.contents()).expect("sound");
        let domains = domains.into_iter().map(|(_, record)| record.deposit);
        assert_eq!(parts.deposits, sum(channels.chain(domains)), "deposits");
    }
}

/// `value * numerator / denominator`; the products here are far below the limit.
fn part(value: Amount, numerator: Amount, denominator: Amount) -> Amount {
    let product = value.base_units().checked_mul(numerator.base_units()).expect("small");
    Amount::from_base_units(product.checked_div(denominator.base_units()).unwrap_or(0))
}

impl Books<'_> {
    /// What the next block took out of the money that exists is what it burned, event by event.
    pub(crate) fn check_burned(&self, executed: &ExecutedBlock, events: &[DomainsEvent]) {
        let issued = sum([self.issuance.total, executed.earnings.reward]);
        let lost = issued.checked_sub(executed.issuance.total).expect("no more than was issued");
        let payout = executed.payout.filter(|payout| payout.burned).map(|payout| payout.amount);
        let mut burned = payout.unwrap_or_default();
        let mut endings = 0u32;
        for event in events {
            let more = match event {
                DomainsEvent::DomainBlockConfirmed { domain, number, storage, execution, burned, .. } => {
                    let (storage, execution) = (
                        self.refunds_burned(*domain, *number, *storage),
                        self.rewards_burned(*domain, *number, *execution),
                    );
                    sum([*burned, storage, execution])
                }
                DomainsEvent::OperatorSlashed { amount, rewarded, .. } => {
                    amount.checked_sub(*rewarded).expect("a share")
                }
                DomainsEvent::Unlocked { .. } => {
                    endings += 1;
                    Amount::ZERO
                }
                _ => Amount::ZERO,
            };
            burned = sum([burned, more]);
        }
        let unexplained = lost.checked_sub(burned).expect("no more burned than lost").base_units();
        // Rounding leaves a few units with an operator whose last nominator leaves; they are burned.
        let slack = 10_000 * u128::from(endings);
        assert!(unexplained <= slack, "{unexplained} units vanished, {burned} were burned: {events:?}");
    }

    /// Refunds for bundles of operators that were slashed since.
    fn refunds_burned(&self, domain: DomainId, number: BlockNumber, storage: Amount) -> Amount {
        let (receipt, inbox) = self.settled(domain, number);
        let valid: Vec<_> = receipt
            .receipt
            .bundles
            .iter()
            .zip(inbox.inbox.iter())
            .filter(|(bundle, _)| matches!(bundle.verdict, BundleVerdict::Valid(_)))
            .map(|(_, entry)| entry)
            .collect();
        let paid = sum(valid.iter().map(|entry| entry.storage_fee));
        let fees = receipt.receipt.fees.storage;
        let parts: Vec<_> =
            valid.iter().map(|entry| (entry.operator, part(fees, entry.storage_fee, paid))).collect();
        assert_eq!(storage, sum(parts.iter().map(|part| part.1)), "refunds of block {number}");
        let is_gone = |id: OperatorId| {
            let record = OPERATOR.get(self.contents(), &id).expect("sound").expect("known");
            record.fund_shares == 0 || record.status == OperatorStatus::Slashed
        };
        sum(parts.into_iter().filter(|(operator, _)| is_gone(*operator)).map(|part| part.1))
    }

    /// Rewards for operators that were slashed since, or are being slashed.
    fn rewards_burned(&self, domain: DomainId, number: BlockNumber, execution: Amount) -> Amount {
        let (receipt, _) = self.settled(domain, number);
        let count = u128::try_from(receipt.submitters.len()).expect("few");
        let part = receipt.receipt.fees.execution.checked_div(count).unwrap_or_default();
        assert_eq!(Some(execution), part.checked_mul(count), "rewards of block {number}");
        let is_gone = |id: &&OperatorId| {
            let record = OPERATOR.get(self.contents(), id).expect("sound").expect("known");
            let blamed = matches!(record.status, OperatorStatus::Slashed | OperatorStatus::PendingSlash);
            blamed || record.shares == 0
        };
        let gone = receipt.submitters.iter().filter(is_gone).count();
        part.checked_mul(u128::try_from(gone).expect("few")).expect("small")
    }

    fn settled(
        &self,
        domain: DomainId,
        number: BlockNumber,
    ) -> (auto_domains::state::ReceiptRecord, auto_domains::state::DomainBlock) {
        let hash = RECEIPT_AT.get(self.contents(), &(domain, number)).expect("sound").expect("in the line");
        let receipt = RECEIPT.get(self.contents(), &hash).expect("sound").expect("in the line");
        let block = BLOCK.get(self.contents(), &(domain, number)).expect("sound").expect("not confirmed");
        (receipt, block)
    }
}
