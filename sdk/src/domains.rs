//! Calls that concern domains: on the consensus chain, and on the domains themselves.
//!
//! Each function gives one [`Call`]; [`Client::prepare_calls`](crate::Client::prepare_calls) signs those of the
//! consensus chain, where several make one atomic transaction.

use auto_core::{Address, Amount, Blob, Call, ChannelId, DomainId, Hash, ModuleId, OperatorId};
use auto_domains::election::OperatorPair;
use auto_domains::{DomainsCall, Withdraw};
use auto_module::Module;
use auto_module::bank::{self, Bank};
use auto_module::messages::{self, Messages};
use parity_scale_codec::Encode;

/// The channel that the chains of a genesis have between them.
pub const FIRST_CHANNEL: ChannelId = ChannelId(0);

/// On which terms an operator is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorTerms {
    /// The domain.
    pub domain: DomainId,
    /// What is staked, storage fund included.
    pub stake: Amount,
    /// The least that others may add.
    pub nomination_min: Amount,
    /// The operator's share of the nominators' rewards in percent.
    pub tax_percent: u8,
}

fn consensus(call: DomainsCall) -> Call {
    call.into_call().expect("holds because these calls have a few hundred bytes")
}

fn domain(module: ModuleId, call: &impl Encode) -> Call {
    let payload = Blob::new(call.encode()).expect("holds because these calls have less than a hundred bytes");
    Call { module, payload }
}

/// Becomes an operator: `owner`, who signs the transaction, owns it; `pair` proves that it agrees.
///
/// ```
/// use auto_core::{Amount, DomainId, Hash};
/// use auto_sdk::{DevAccount, domains};
///
/// let alice = DevAccount::named("alice").expect("a development account");
/// let domain = DomainId(1);
/// let terms = domains::OperatorTerms {
///     domain, stake: Amount::ai3(500), nomination_min: Amount::ai3(1), tax_percent: 5,
/// };
/// let owner = alice.pair().public_key().address();
/// let call = domains::register_operator(&alice.operator_pair(domain), &Hash::ZERO, &owner, &terms);
/// assert_eq!(call.module, auto_domains::MODULE);
/// ```
#[must_use]
pub fn register_operator(
    pair: &OperatorPair,
    genesis: &Hash,
    owner: &Address,
    terms: &OperatorTerms,
) -> Call {
    let OperatorTerms { domain, stake, nomination_min, tax_percent } = *terms;
    let possession = pair.prove_possession(genesis, domain, owner);
    let key = pair.key();
    consensus(DomainsCall::RegisterOperator { domain, key, possession, stake, nomination_min, tax_percent })
}

/// Adds stake to an operator.
#[must_use]
pub fn nominate(operator: OperatorId, amount: Amount) -> Call {
    consensus(DomainsCall::Nominate { operator, amount })
}

/// Begins to take stake back.
#[must_use]
pub fn withdraw(operator: OperatorId, amount: Withdraw) -> Call {
    consensus(DomainsCall::Withdraw { operator, amount })
}

/// Takes back what is no longer locked.
#[must_use]
pub fn unlock(operator: OperatorId) -> Call {
    consensus(DomainsCall::Unlock { operator })
}

/// Takes back all that is left with an operator that ended.
#[must_use]
pub fn unlock_nominator(operator: OperatorId) -> Call {
    consensus(DomainsCall::UnlockNominator { operator })
}

/// Ends an operator for good.
#[must_use]
pub fn deregister(operator: OperatorId) -> Call {
    consensus(DomainsCall::DeregisterOperator { operator })
}

/// Lets an operator rest.
#[must_use]
pub fn deactivate(operator: OperatorId) -> Call {
    consensus(DomainsCall::DeactivateOperator { operator })
}

/// Ends an operator's rest.
#[must_use]
pub fn reactivate(operator: OperatorId) -> Call {
    consensus(DomainsCall::ReactivateOperator { operator })
}

/// Stops a domain of the signer's for a challenge period of consensus blocks at most.
#[must_use]
pub fn freeze(domain: DomainId) -> Call {
    consensus(DomainsCall::FreezeDomain { domain })
}

/// Lets a frozen domain of the signer's go on before its time.
#[must_use]
pub fn unfreeze(domain: DomainId) -> Call {
    consensus(DomainsCall::UnfreezeDomain { domain })
}

/// Sends money from the consensus chain to an account of a domain.
#[must_use]
pub fn transfer_to_domain(domain: DomainId, channel: ChannelId, to: Address, amount: Amount) -> Call {
    consensus(DomainsCall::TransferToDomain { domain, channel, to, amount })
}

/// Moves money to another account of the same domain; a call of the domain.
#[must_use]
pub fn transfer(to: Address, amount: Amount) -> Call {
    domain(Bank::ID, &bank::Call::Transfer(bank::Transfer { to, amount }))
}

/// Sends money from a domain to an account of another chain; a call of the domain. The consensus chain is
/// [`DomainId::CONSENSUS`].
#[must_use]
pub fn transfer_out(chain: DomainId, channel: ChannelId, to: Address, amount: Amount) -> Call {
    domain(Messages::ID, &messages::Call::Transfer(messages::Transfer { chain, channel, to, amount }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DevAccount, dev_genesis};
    use auto_core::{BlockNumber, KeyPair, List, Nonce, SignedTransaction, Transaction, decode_strict};
    use auto_domains::election::verify_possession;
    use auto_module::{DomainError, Environment, Extrinsic, Runtimes};

    fn pair(name: &str) -> KeyPair {
        DevAccount::named(name).expect("known").pair()
    }

    fn address(name: &str) -> Address {
        pair(name).public_key().address()
    }

    #[test]
    fn the_proof_of_possession_holds_for_this_chain_domain_and_owner_only() {
        let (domain, genesis, owner) = (DomainId(2), Hash([3; 32]), address("bob"));
        let terms =
            OperatorTerms { domain, stake: Amount::ai3(500), nomination_min: Amount::ai3(1), tax_percent: 5 };
        let key = DevAccount::named("bob").expect("known").operator_pair(domain);
        let call = register_operator(&key, &genesis, &owner, &terms);
        let decoded =
            decode_strict::<DomainsCall>(&call.payload, Call::PAYLOAD_MAX).expect("its own encoding");
        let DomainsCall::RegisterOperator { key, possession, .. } = decoded else {
            unreachable!("registers")
        };
        assert!(verify_possession(&key, &genesis, domain, &owner, &possession));
        assert!(!verify_possession(&key, &Hash::ZERO, domain, &owner, &possession));
        assert!(!verify_possession(&key, &genesis, DomainId(1), &owner, &possession));
        assert!(!verify_possession(&key, &genesis, domain, &address("alice"), &possession));
    }

    #[test]
    fn calls_of_the_consensus_chain_are_those_of_the_domains() {
        let operator = OperatorId(3);
        let (channel, to, amount) = (FIRST_CHANNEL, address("carol"), Amount::ai3(2));
        for (call, expected) in [
            (nominate(operator, amount), DomainsCall::Nominate { operator, amount }),
            (withdraw(operator, Withdraw::All), DomainsCall::Withdraw { operator, amount: Withdraw::All }),
            (unlock(operator), DomainsCall::Unlock { operator }),
            (unlock_nominator(operator), DomainsCall::UnlockNominator { operator }),
            (deregister(operator), DomainsCall::DeregisterOperator { operator }),
            (deactivate(operator), DomainsCall::DeactivateOperator { operator }),
            (reactivate(operator), DomainsCall::ReactivateOperator { operator }),
            (freeze(DomainId(2)), DomainsCall::FreezeDomain { domain: DomainId(2) }),
            (unfreeze(DomainId(2)), DomainsCall::UnfreezeDomain { domain: DomainId(2) }),
            (
                transfer_to_domain(DomainId(1), channel, to, amount),
                DomainsCall::TransferToDomain { domain: DomainId(1), channel, to, amount },
            ),
        ] {
            assert_eq!(call.module, auto_domains::MODULE);
            assert_eq!(decode_strict::<DomainsCall>(&call.payload, Call::PAYLOAD_MAX), Ok(expected));
        }
    }

    fn signed(domain: DomainId, calls: Vec<Call>) -> SignedTransaction {
        let transaction = Transaction {
            domain,
            signer: pair("alice").public_key(),
            nonce: Nonce(0),
            expiry: BlockNumber(100),
            fee_limit: Amount::ai3(1),
            calls: List::new(calls).expect("few"),
        };
        transaction.sign(&pair("alice"), &Hash::ZERO)
    }

    #[test]
    fn calls_of_domains_pass_the_checks_of_the_domains_of_the_development_network() {
        let genesis = dev_genesis();
        let modules: Vec<_> = genesis.domains[0].modules.iter().map(|module| module.module).collect();
        let runtime = auto_registry::Registry::new().domain(&modules, 1).expect("known");
        let env = Environment { params: genesis.params, genesis: Hash::ZERO, domain: DomainId(1) };
        let calls = vec![
            transfer(address("bob"), Amount::ai3(1)),
            transfer_out(DomainId::CONSENSUS, FIRST_CHANNEL, address("bob"), Amount::ai3(1)),
        ];
        let extrinsic = |domain, calls| Extrinsic::Signed(Box::new(signed(domain, calls)));
        let checked = runtime.check(&env, extrinsic(DomainId(1), calls.clone())).expect("valid");
        assert_eq!(checked.sender(), address("alice"));
        let elsewhere = runtime.check(&env, extrinsic(DomainId(2), calls)).expect_err("another domain");
        assert!(matches!(elsewhere, DomainError::WrongDomain(DomainId(2))));
        let nothing = vec![transfer(address("bob"), Amount::ZERO)];
        assert!(runtime.check(&env, extrinsic(DomainId(1), nothing)).is_err());
    }
}
