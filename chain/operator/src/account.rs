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
    transaction: SignedTransaction,
}

impl Pending {
    fn nonce(&self) -> Nonce {
        self.transaction.transaction.nonce
    }
}

/// An account, and its transactions that are on their way, by nonce without a gap.
///
/// They are offered again with every block, so that the node's pool has them or says why not: one that is
/// refused, or no longer wanted, is forgotten with all that need its nonce, and what is still wanted is signed
/// anew.
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

    /// What is on its way, in the order in which it can be included.
    pub(crate) fn pending(&self) -> impl Iterator<Item = &SignedTransaction> {
        self.pending.iter().map(|pending| &pending.transaction)
    }

    /// Forgets a transaction that the pool refused, and those that need its nonce.
    pub(crate) fn refused(&mut self, transaction: &Hash) {
        if let Some(at) = self.pending.iter().position(|one| one.transaction.hash() == *transaction) {
            self.pending.truncate(at);
        }
    }

    /// Forgets transactions that were included; and from the first on that expired, was lost, or whose goal is
    /// no longer wanted.
    pub(crate) fn settle(
        &mut self,
        state: &dyn StateRead,
        head: BlockNumber,
        mut wanted: impl FnMut(&Goal) -> bool,
    ) -> Result<(), OperatorError> {
        let mut next = account(state, &self.address())?.nonce;
        self.pending.retain(|one| one.nonce() >= next);
        let mut kept = 0;
        for one in &self.pending {
            let expired = one.transaction.transaction.expiry <= head;
            if one.nonce() != next || expired || !wanted(&one.goal) {
                break;
            }
            next = Nonce(next.0.saturating_add(1));
            kept += 1;
        }
        self.pending.truncate(kept);
        Ok(())
    }

    /// Signs a call for the blocks after `head`, to be offered with the rest of what is pending; `false` when it
    /// does not fit into a transaction, or the account cannot pay for it.
    pub(crate) fn sign(
        &mut self,
        rules: &Rules,
        state: &dyn StateRead,
        head: BlockNumber,
        goal: Goal,
        call: DomainsCall,
    ) -> Result<bool, OperatorError> {
        let Some(call) = call.into_call() else { return Ok(false) };
        let Ok(calls) = List::new(vec![call]) else { return Ok(false) };
        let holder = account(state, &self.address())?;
        let next = self.pending.last().map(|last| Nonce(last.nonce().0.saturating_add(1)));
        let mut transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: self.pair.public_key(),
            nonce: next.unwrap_or(holder.nonce),
            expiry: BlockNumber(head.0.saturating_add(EXPIRY)),
            fee_limit: Amount::ZERO,
            calls,
        };
        let bytes = u64::try_from(transaction.encoded_size().saturating_add(64)).unwrap_or(u64::MAX);
        let cost = fee(&rules.params, bytes, 1, byte_fees(state)?.next);
        let Some(cost) = cost.filter(|cost| *cost <= holder.balance) else { return Ok(false) };
        transaction.fee_limit = cost.checked_mul(FEE_MARGIN).unwrap_or(cost);
        let transaction = transaction.sign(&self.pair, &rules.genesis);
        self.pending.push(Pending { goal, transaction });
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Preset, ProtocolParams};
    use auto_ledger::account_key;
    use auto_module::Contents;

    const NOW: BlockNumber = BlockNumber(10);

    fn goal(number: u8) -> Goal {
        Goal::Relay(Hash([number; 32]))
    }

    fn state(own: &Account, nonce: u64) -> Contents {
        let holder = auto_ledger::Account { balance: Amount::ai3(100), nonce: Nonce(nonce) };
        Contents::from([(account_key(&own.address()), holder.encode())])
    }

    fn sign(own: &mut Account, state: &Contents, number: u8) {
        let rules = Rules::plain(ProtocolParams::preset(Preset::Test), Hash::ZERO);
        let call = DomainsCall::OpenChannel { domain: DomainId(1) };
        assert!(own.sign(&rules, state, NOW, goal(number), call).expect("reads"));
    }

    fn nonces(own: &Account) -> Vec<u64> {
        own.pending().map(|signed| signed.transaction.nonce.0).collect()
    }

    fn four() -> (Account, Contents) {
        let mut own = Account::new(KeyPair::from_secret(&[1; 32]));
        let state = state(&own, 5);
        (0..4).for_each(|number| sign(&mut own, &state, number));
        assert_eq!(nonces(&own), [5, 6, 7, 8]);
        (own, state)
    }

    #[test]
    fn one_that_is_refused_takes_those_along_that_need_its_nonce() {
        let (mut own, state) = four();
        let refused = own.pending().nth(1).map(SignedTransaction::hash).expect("four are");
        own.refused(&refused);
        assert_eq!(nonces(&own), [5]);
        assert!(own.is_pending(&goal(0)) && !own.is_pending(&goal(3)));
        sign(&mut own, &state, 3);
        assert_eq!(nonces(&own), [5, 6], "the next nonce that an account can use");
    }

    #[test]
    fn one_that_nobody_wants_any_more_leaves_no_gap() {
        let (mut own, state) = four();
        own.settle(&state, NOW, |one| *one != goal(2)).expect("reads");
        assert_eq!(nonces(&own), [5, 6]);
        let later = self::state(&own, 6);
        own.settle(&later, NOW, |_| true).expect("reads");
        assert_eq!(nonces(&own), [6], "included");
        own.settle(&state, NOW, |_| true).expect("reads");
        assert_eq!(nonces(&own), [0; 0], "the one before was reverted and is not there");
    }

    #[test]
    fn what_expires_is_signed_anew() {
        let (mut own, state) = four();
        own.settle(&state, BlockNumber(NOW.0 + EXPIRY - 1), |_| true).expect("reads");
        assert_eq!(nonces(&own), [5, 6, 7, 8]);
        own.settle(&state, BlockNumber(NOW.0 + EXPIRY), |_| true).expect("reads");
        sign(&mut own, &state, 9);
        assert_eq!(nonces(&own), [5]);
    }
}
