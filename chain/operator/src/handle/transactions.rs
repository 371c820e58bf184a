//! Transactions of domains: what one would do and cost, and what became of one.

use super::{DomainsHandle, Shared};
use crate::OperatorError;
use crate::records::{Ending, Place, Ran, Tip};
use crate::scene::Scene;
use auto_core::{
    Address, Amount, BlockNumber, Call, DomainId, Hash, List, Nonce, PublicKey, Signature, SignedTransaction,
    Transaction,
};
use auto_module::bank::{self, Account};
use auto_module::{CheckedExtrinsic, DomainError, Executed, Extrinsic, Weight};
use auto_state::{Overlay, Snapshot};
use auto_store::StateNodes;
use parity_scale_codec::Encode;
use std::collections::BTreeSet;

/// Consensus blocks that a transaction may wait when it is signed by a quote.
const EXPIRY_BLOCKS: u64 = 256;
/// How much the price of a byte may rise before a transaction that is signed by a quote is refused.
const PRICE_HEADROOM: u128 = 4;

/// What became of a transaction of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionStatus {
    /// It waits in the pool.
    Accepted,
    /// It is in a bundle that waits for a consensus block.
    Offered,
    /// It ran.
    Executed {
        /// Height of the domain block.
        number: BlockNumber,
        /// Position in the order of the block, the inherent not counted.
        position: u32,
        /// How it ended.
        ran: Box<Ran>,
        /// Whether the block can no longer be challenged.
        confirmed: bool,
    },
    /// It left the pool without having run.
    Dropped {
        /// Stable code of the reason.
        code: String,
        /// The reason, for people.
        reason: String,
    },
}

/// What signing a transaction of a domain takes, and what it would cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The signer after the newest block.
    pub account: Account,
    /// The nonce behind those that wait in the pool.
    pub nonce: Nonce,
    /// The last consensus block that may include it, some while from now.
    pub expiry: BlockNumber,
    /// Weight of the calls and of what every transaction takes.
    pub weight: Weight,
    /// The fee at the price of the next block.
    pub fee: Amount,
    /// The fee if the price of a byte rises as far as it may.
    pub fee_limit: Amount,
}

const fn queued(offered: bool) -> TransactionStatus {
    if offered { TransactionStatus::Offered } else { TransactionStatus::Accepted }
}

/// Encoded bytes of the extrinsic of a transaction with these calls; signature and nonce do not change it.
fn size_of(domain: DomainId, calls: &[Call]) -> Result<usize, OperatorError> {
    let transaction = Transaction {
        domain,
        signer: PublicKey([0; 32]),
        nonce: Nonce(0),
        expiry: BlockNumber(0),
        fee_limit: Amount::ZERO,
        calls: List::new(calls.to_vec()).map_err(|_| OperatorError::TooLarge(domain))?,
    };
    let signature = Signature([0; 64]);
    Ok(Extrinsic::Signed(Box::new(SignedTransaction { transaction, signature })).encoded_size())
}

impl Shared {
    fn nodes(&self) -> StateNodes<'_> {
        StateNodes(&*self.store)
    }

    /// A domain as its next block will find it, and where it stands.
    fn scene(&self, domain: DomainId) -> Result<(Scene, Tip), OperatorError> {
        let (head, tip) = {
            let live = self.live.read();
            (live.head, live.tips.iter().find(|tip| tip.domain == domain).copied())
        };
        let tip = tip.ok_or(OperatorError::NotServed(domain))?;
        let (number, hash) = head.ok_or(OperatorError::NotFollowing)?;
        let known = self.records().known(number, &hash)?;
        let known = known.ok_or_else(|| OperatorError::missing("block", &hash))?;
        let state = Snapshot::new(self.nodes(), known.state_root);
        Ok((Scene::new(&self.rules, &*self.runtimes, &state, number, &tip)?, tip))
    }

    /// Where an extrinsic ran on the branch that leads to a tip.
    fn place(&self, tip: &Tip, hash: &Hash) -> Result<Option<Place>, OperatorError> {
        let Some(place) = self.records().place(tip.domain, hash)? else { return Ok(None) };
        // It may be on a branch that was left.
        let here = self.made_in(tip, place.number)? == Some(place.made_in);
        Ok(here.then_some(place))
    }

    /// Whether an extrinsic ran on the branch that leads to a tip.
    pub(crate) fn has_run(&self, tip: &Tip, hash: &Hash) -> Result<bool, OperatorError> {
        Ok(self.place(tip, hash)?.is_some())
    }

    /// The nonces of a sender that wait in a pool.
    fn waiting(&self, domain: DomainId, sender: &Address) -> BTreeSet<Nonce> {
        let pools = self.pools.read();
        pools
            .get(&domain)
            .map(|pool| pool.of_sender(*sender).map(|(nonce, _)| nonce).collect())
            .unwrap_or_default()
    }
}

impl DomainsHandle {
    /// The nonce that a signer's next transaction needs, behind those that wait in the pool.
    ///
    /// # Errors
    /// When the domain is not followed or the state cannot be read.
    pub fn next_nonce(&self, domain: DomainId, address: &Address) -> Result<Nonce, OperatorError> {
        // The pool first: what runs in between leaves it only after the state shows it.
        let waiting = self.0.waiting(domain, address);
        Ok(behind(self.account(domain, address)?.nonce, &waiting))
    }

    /// What signing a transaction with these calls takes, and what it would cost in the next block.
    ///
    /// # Errors
    /// When the domain is not followed, does not know a call, or the state cannot be read.
    pub fn quote(&self, domain: DomainId, signer: &Address, calls: &[Call]) -> Result<Quote, OperatorError> {
        let waiting = self.0.waiting(domain, signer);
        let (scene, tip) = self.0.scene(domain)?;
        if calls.is_empty() {
            return Err(DomainError::NoCalls.into());
        }
        let weight = scene.runtime.weight(calls)?;
        let bytes = size_of(domain, calls)?;
        let account = bank::ACCOUNTS.get(&Snapshot::new(self.0.nodes(), tip.state_root), signer)?;
        let account = account.unwrap_or_default();
        let overflow = || OperatorError::Refused(bank::BankError::Overflow.into());
        let at = |price: Amount| bank::fee(&self.0.rules.params, price, weight, bytes).map(|fee| fee.total);
        let price = scene.block.inherent.byte_fee;
        let expiry = self.head().map_or(0, |(number, _)| number.0).saturating_add(EXPIRY_BLOCKS);
        Ok(Quote {
            nonce: behind(account.nonce, &waiting),
            account,
            expiry: BlockNumber(expiry),
            weight,
            fee: at(price).ok_or_else(overflow)?,
            fee_limit: at(price.checked_mul(PRICE_HEADROOM).unwrap_or(price)).ok_or_else(overflow)?,
        })
    }

    /// What a transaction would do now, behind those of its signer that wait in the pool. Nothing is changed.
    ///
    /// # Errors
    /// Why the pool would refuse it, or that a state cannot be read.
    pub fn simulate(&self, transaction: &SignedTransaction) -> Result<Executed, OperatorError> {
        let domain = transaction.transaction.domain;
        let (scene, tip) = self.0.scene(domain)?;
        let (environment, inherent) = (&scene.environment, &scene.block.inherent);
        let checked = scene.runtime.check(environment, Extrinsic::Signed(Box::new(transaction.clone())))?;
        let below = Snapshot::new(self.0.nodes(), tip.state_root);
        scene.runtime.ready(environment, inherent, &checked, &below)?;
        let mut overlay = Overlay::new(&below);
        scene.runtime.initialize(environment, inherent, &mut overlay)?;
        for earlier in self.before(domain, &checked) {
            scene.runtime.apply(environment, inherent, &earlier, &mut overlay)?;
        }
        Ok(scene.runtime.apply(environment, inherent, &checked, &mut overlay)?)
    }

    /// What waits of the same sender with a lower nonce, by nonce.
    fn before(&self, domain: DomainId, checked: &CheckedExtrinsic) -> Vec<CheckedExtrinsic> {
        let pools = self.0.pools.read();
        let Some(pool) = pools.get(&domain) else { return Vec::new() };
        let waiting = pool.of_sender(checked.sender());
        let earlier = waiting.take_while(|(nonce, _)| *nonce < checked.nonce());
        earlier.map(|(_, entry)| entry.extrinsic.clone()).collect()
    }

    /// What became of a transaction; `None` when nothing is known of it.
    ///
    /// # Errors
    /// When the domain is not followed or the store fails.
    pub fn transaction(
        &self,
        domain: DomainId,
        hash: &Hash,
    ) -> Result<Option<TransactionStatus>, OperatorError> {
        // The pool first: what runs in between leaves it only after the records show it.
        let waiting = {
            let pools = self.0.pools.read();
            pools.get(&domain).and_then(|pool| pool.get(hash)).map(|entry| entry.offered.is_some())
        };
        let tip = self.0.tip(domain)?;
        match (self.executed(&tip, hash)?, waiting) {
            // It had no effect, and is tried again.
            (Some(TransactionStatus::Executed { ran, .. }), Some(offered))
                if matches!(ran.ending, Ending::Skipped { .. }) =>
            {
                Ok(Some(queued(offered)))
            }
            (Some(executed), _) => Ok(Some(executed)),
            (None, Some(offered)) => Ok(Some(queued(offered))),
            (None, None) => {
                let dropped = self.0.dropped.read().get(hash);
                Ok(dropped.map(|(code, reason)| TransactionStatus::Dropped { code, reason }))
            }
        }
    }

    /// The bytes of an extrinsic that waits in the pool of a domain.
    #[must_use]
    pub fn waiting(&self, domain: DomainId, hash: &Hash) -> Option<Vec<u8>> {
        let pools = self.0.pools.read();
        pools.get(&domain).and_then(|pool| pool.get(hash)).map(|entry| entry.bytes.to_vec())
    }

    fn executed(&self, tip: &Tip, hash: &Hash) -> Result<Option<TransactionStatus>, OperatorError> {
        let Some(place) = self.0.place(tip, hash)? else { return Ok(None) };
        let made = self.0.records().must_have(tip.domain, &place.made_in)?;
        let at = usize::try_from(place.position).unwrap_or(usize::MAX);
        let ran = made.ran.into_iter().nth(at);
        let confirmed = place.number <= tip.confirmed;
        Ok(ran.map(|ran| TransactionStatus::Executed {
            number: place.number,
            position: place.position,
            ran: Box::new(ran),
            confirmed,
        }))
    }
}

/// The first nonce from an account's own on that does not wait.
fn behind(own: Nonce, waiting: &BTreeSet<Nonce>) -> Nonce {
    let mut next = own;
    while waiting.contains(&next) {
        next = Nonce(next.0.saturating_add(1));
    }
    next
}
