//! The account that an operator pays with on the consensus chain.

use crate::OperatorError;
use auto_core::{
    Address, Amount, BlockNumber, DomainId, Hash, KeyPair, List, Nonce, SignedTransaction, Transaction,
};
use auto_domains::DomainsCall;
use auto_ledger::{Rules, account, byte_fees, fee};
use auto_state::StateRead;
use parity_scale_codec::Encode;

/// Consensus blocks within which a transaction has to be included, before it is made anew.
const EXPIRY: u64 = 16;
/// How far the price of a byte may rise meanwhile.
const FEE_MARGIN: u128 = 4;

/// What a transaction is for; there is one at a time for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Goal {
    /// To prove this receipt wrong.
    Fraud(Hash),
    /// To deliver this message.
    Relay(Hash),
}

#[derive(Debug)]
struct Pending {
    goal: Goal,
    nonce: Nonce,
    expiry: BlockNumber,
}

/// An account, and its transactions that are on their way.
#[derive(Debug)]
pub(crate) struct Account {
    pair: KeyPair,
    pending: Vec<Pending>,
}

impl Account {
    pub(crate) const fn new(pair: KeyPair) -> Self {
        Self { pair, pending: Vec::new() }
    }

    pub(crate) fn address(&self) -> Address {
        self.pair.public_key().address()
    }

    pub(crate) fn is_pending(&self, goal: &Goal) -> bool {
        self.pending.iter().any(|pending| pending.goal == *goal)
    }

    /// Forgets transactions that were included, that expired, or whose goal is no longer wanted.
    pub(crate) fn settle(
        &mut self,
        state: &dyn StateRead,
        head: BlockNumber,
        mut wanted: impl FnMut(&Goal) -> bool,
    ) -> Result<(), OperatorError> {
        let next = account(state, &self.address())?.nonce;
        self.pending.retain(|one| one.nonce >= next && one.expiry > head && wanted(&one.goal));
        Ok(())
    }

    /// Signs a call for the blocks after `head`; `None` when it does not fit into a transaction, or the account
    /// cannot pay for it.
    pub(crate) fn sign(
        &mut self,
        rules: &Rules,
        state: &dyn StateRead,
        head: BlockNumber,
        goal: Goal,
        call: DomainsCall,
    ) -> Result<Option<SignedTransaction>, OperatorError> {
        let Some(call) = call.into_call() else { return Ok(None) };
        let Ok(calls) = List::new(vec![call]) else { return Ok(None) };
        let holder = account(state, &self.address())?;
        let mut nonce = holder.nonce;
        while self.pending.iter().any(|pending| pending.nonce == nonce) {
            nonce = Nonce(nonce.0.saturating_add(1));
        }
        let expiry = BlockNumber(head.0.saturating_add(EXPIRY));
        let mut transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: self.pair.public_key(),
            nonce,
            expiry,
            fee_limit: Amount::ZERO,
            calls,
        };
        let bytes = u64::try_from(transaction.encoded_size().saturating_add(64)).unwrap_or(u64::MAX);
        let cost = fee(&rules.params, bytes, 1, byte_fees(state)?.next);
        let Some(cost) = cost.filter(|cost| *cost <= holder.balance) else { return Ok(None) };
        transaction.fee_limit = cost.checked_mul(FEE_MARGIN).unwrap_or(cost);
        self.pending.push(Pending { goal, nonce, expiry });
        Ok(Some(transaction.sign(&self.pair, &rules.genesis)))
    }
}
