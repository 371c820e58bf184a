//! What users send on the domains while somebody lies.

use super::network::{Dispute, Member};
use super::setup::{DISPUTED, Party, UNDISPUTED};
use crate::error::{CliError, internal};
use auto_core::{Address, Amount, DomainId, Hash, Nonce, SignedTransaction, extrinsic_hash};
use auto_module::Extrinsic;
use auto_operator::{DomainsHandle, Ending, TransactionStatus};
use auto_sdk::{DEV_DOMAIN_BALANCE, domains};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

struct Payment {
    domain: DomainId,
    from: Address,
    to: Address,
    amount: Amount,
    signed: SignedTransaction,
    /// By which operators know it.
    hash: Hash,
}

/// Everything that users sent on the domains.
#[derive(Default)]
pub(super) struct Payments {
    sent: Vec<Payment>,
    rounds: u64,
}

/// Whether the block is confirmed in which a payment had its turn; `None` when it did not have one.
fn ran(status: Option<TransactionStatus>) -> Option<bool> {
    match status {
        Some(TransactionStatus::Executed { ran, confirmed, .. }) => {
            (!matches!(ran.ending, Ending::Skipped { .. })).then_some(confirmed)
        }
        _ => None,
    }
}

impl Payments {
    /// Every user pays the next one, on both domains.
    pub(super) fn round(&mut self, dispute: &Dispute) {
        let users = Party::users();
        for domain in [DISPUTED, UNDISPUTED] {
            for (from, to) in users.iter().zip(users.iter().cycle().skip(1)) {
                let amount = Amount::ai3(1);
                let (pair, to) = (from.pair(), to.address());
                let nonce = Nonce(self.rounds);
                let signed = dispute.sign(&pair, domain, nonce, domains::transfer(to, amount));
                let hash = extrinsic_hash(&Extrinsic::Signed(Box::new(signed.clone())).encode());
                self.sent.push(Payment { domain, from: from.address(), to, amount, signed, hash });
            }
        }
        self.rounds = self.rounds.saturating_add(1);
    }

    pub(super) fn count(&self) -> usize {
        self.sent.len()
    }

    /// Offers a node whatever has not run yet, as its users would; what it refuses, it has or had already.
    pub(super) fn offer(&self, chain: &DomainsHandle, member: &Member) -> Result<(), CliError> {
        for payment in &self.sent {
            if ran(self.status(chain, payment)?).is_none() {
                let _ = member.node.handle.submit(&payment.signed.encode());
            }
        }
        Ok(())
    }

    fn status(
        &self,
        chain: &DomainsHandle,
        payment: &Payment,
    ) -> Result<Option<TransactionStatus>, CliError> {
        chain.transaction(payment.domain, &payment.hash).map_err(internal)
    }

    /// Whether all of them ran in blocks that can no longer be challenged.
    pub(super) fn are_confirmed(&self, chain: &DomainsHandle) -> Result<bool, CliError> {
        for payment in &self.sent {
            if ran(self.status(chain, payment)?) != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What every account has to hold on a domain after what ran there by a node's own execution; `None` when
    /// a payment did not take effect.
    pub(super) fn balances(
        &self,
        chain: &DomainsHandle,
        domain: DomainId,
    ) -> Result<Option<BTreeMap<Address, Amount>>, CliError> {
        let start = Party::all().into_iter().map(|party| (party.address(), DEV_DOMAIN_BALANCE));
        let mut balances: BTreeMap<Address, Amount> = start.collect();
        for payment in self.sent.iter().filter(|payment| payment.domain == domain) {
            let Some(TransactionStatus::Executed { ran, .. }) = self.status(chain, payment)? else {
                return Ok(None);
            };
            if ran.ending != Ending::Applied {
                return Ok(None);
            }
            let paid = payment.amount.checked_add(ran.fee);
            let less = |held: &Amount| paid.and_then(|paid| held.checked_sub(paid));
            let more = |held: &Amount| held.checked_add(payment.amount);
            for (account, change) in
                [(payment.from, &less as &dyn Fn(&Amount) -> Option<Amount>), (payment.to, &more)]
            {
                let held = balances.entry(account).or_default();
                *held = change(held).ok_or_else(|| internal("a payment was more than its sender held"))?;
            }
        }
        Ok(Some(balances))
    }
}
