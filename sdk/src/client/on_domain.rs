//! A domain through a node: accounts, and transactions from a quote to their confirmation.

mod answer;
mod audit;
mod find;
mod follow;
mod proof;
mod stored;

pub use answer::{DomainAccountInfo, DomainFailure, DomainReceipt, DomainStage, EventInfo, Outcome, Quote};

pub use audit::Reach;
pub use find::Wanted;

pub(super) use answer::event;

use super::answer::{AccountInfo, Fields};
use super::{Client, hex_text};
use crate::domains::{self, FIRST_CHANNEL};
use crate::{SdkError, Signer};
use auto_core::{
    Address, Amount, Call, DomainId, Hash, List, SignedTransaction, Transaction, extrinsic_hash,
};
use auto_module::Extrinsic;
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use std::time::Duration;

/// A domain, asked through a node that follows it.
///
/// ```no_run
/// # async fn example() -> Result<(), auto_sdk::SdkError> {
/// use auto_core::{Amount, DomainId};
/// use auto_sdk::{Client, DevAccount, DomainStage};
/// use std::time::Duration;
///
/// let identity = Client::new("http://127.0.0.1:8700")?.domain(DomainId(1));
/// let alice = DevAccount::named("alice").expect("a development account").pair();
/// let bob = DevAccount::named("bob").expect("a development account").pair().public_key().address();
/// let prepared = identity.transfer(&alice, bob, Amount::ai3(5)).await?;
/// let minute = Duration::from_secs(60);
/// let receipt = identity.send(&prepared.signed, DomainStage::Executed, minute, &|_| {}).await?;
/// println!("in block {} of the domain, fee {}", receipt.block, receipt.fee.unwrap_or_default());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct DomainClient {
    client: Client,
    domain: DomainId,
}

/// A signed transaction of a domain and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedThere {
    /// Ready to be sent.
    pub signed: SignedTransaction,
    /// Its hash on the domain.
    pub hash: Hash,
    /// What the node quoted.
    pub quote: Quote,
}

/// The hash by which a transaction is known on its domain.
#[must_use]
pub fn hash_there(signed: &SignedTransaction) -> Hash {
    extrinsic_hash(&Extrinsic::Signed(Box::new(signed.clone())).encode())
}

const EVERYWHERE: &str = "query($address: Address!) { account(address: $address) { balance nonce nextNonce \
    domains { domain { number name } number balance nonce nextNonce } } }";

impl Client {
    /// An account on the consensus chain, and on every domain that the node follows.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn account_everywhere(
        &self,
        address: &Address,
    ) -> Result<(AccountInfo, Vec<DomainAccountInfo>), SdkError> {
        let data = self.query(EVERYWHERE, json!({ "address": address.to_string() })).await?;
        let fields = self.fields(&data).at("account")?;
        let domains = fields.list("domains")?;
        let domains =
            domains.iter().map(|there| answer::account(there, *address)).collect::<Result<_, _>>()?;
        Ok((fields.account(*address)?, domains))
    }

    /// A domain through this node; nothing is asked yet.
    #[must_use]
    pub fn domain(&self, domain: DomainId) -> DomainClient {
        DomainClient { client: self.clone(), domain }
    }
}

impl DomainClient {
    /// Its number.
    #[must_use]
    pub const fn id(&self) -> DomainId {
        self.domain
    }

    /// The node that is asked.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    fn missing(&self) -> SdkError {
        SdkError::NotFound { what: "domain", key: self.domain.to_string() }
    }

    /// What `document` finds at `field` of the domain.
    async fn ask<T>(
        &self,
        document: &str,
        mut variables: Value,
        field: &str,
        read: impl Fn(Fields<'_>) -> Result<T, SdkError>,
    ) -> Result<T, SdkError> {
        variables["domain"] = json!(self.domain.0);
        let data = self.client.query(document, variables).await?;
        let fields = self.client.fields(&data);
        read(fields.optional("domain").ok_or_else(|| self.missing())?.at(field)?)
    }

    /// An account there; one never used has nothing.
    ///
    /// # Errors
    /// When the node cannot be reached, does not follow the domain, or there is none of this number.
    pub async fn account(&self, address: &Address) -> Result<DomainAccountInfo, SdkError> {
        let variables = json!({ "address": address.to_string() });
        let read = |fields: Fields<'_>| answer::account(&fields, *address);
        self.ask(answer::ACCOUNT, variables, "account", read).await
    }

    /// What signing a transaction with these calls takes and costs, in one query.
    ///
    /// # Errors
    /// When the node cannot be reached or does not follow the domain, or a call is not one of the domain.
    pub async fn quote(&self, signer: &Address, calls: &[Call]) -> Result<Quote, SdkError> {
        let calls: Vec<_> = calls
            .iter()
            .map(|call| json!({ "module": call.module.0, "payload": hex_text(&call.payload) }))
            .collect();
        let variables = json!({ "signer": signer.to_string(), "calls": calls });
        self.ask(answer::QUOTE, variables, "quote", |fields| answer::quote(&fields)).await
    }

    /// Calls of the domain that take effect together or not at all, filled in from one query, and signed.
    ///
    /// The nonce counts what waits in the node's pool, so transactions that are sent one after the other
    /// need not wait for a block in between.
    ///
    /// # Errors
    /// As [`DomainClient::quote`]; [`SdkError::TooLarge`] for more than 64 calls.
    pub async fn prepare(&self, signer: &dyn Signer, calls: Vec<Call>) -> Result<PreparedThere, SdkError> {
        let quote = self.quote(&signer.public_key().address(), &calls).await?;
        self.fill(signer, calls, quote)
    }

    /// Calls of the domain, filled in from a quote for them, and signed.
    ///
    /// # Errors
    /// [`SdkError::TooLarge`] for more than 64 calls.
    pub fn fill(
        &self,
        signer: &dyn Signer,
        calls: Vec<Call>,
        quote: Quote,
    ) -> Result<PreparedThere, SdkError> {
        let transaction = Transaction {
            domain: self.domain,
            signer: signer.public_key(),
            nonce: quote.nonce,
            expiry: quote.expiry,
            fee_limit: quote.fee_limit,
            calls: List::new(calls).map_err(|_| SdkError::TooLarge)?,
        };
        let signed = signer.sign(transaction, &quote.genesis);
        Ok(PreparedThere { hash: hash_there(&signed), signed, quote })
    }

    /// A transfer to another account of the domain, filled in and signed.
    ///
    /// # Errors
    /// As [`DomainClient::prepare`].
    pub async fn transfer(
        &self,
        signer: &dyn Signer,
        to: Address,
        amount: Amount,
    ) -> Result<PreparedThere, SdkError> {
        self.prepare(signer, vec![domains::transfer(to, amount)]).await
    }

    /// A transfer to an account of another chain, filled in and signed; the consensus chain is
    /// [`DomainId::CONSENSUS`]. It goes over the channel that the chains have since their genesis.
    ///
    /// # Errors
    /// As [`DomainClient::prepare`].
    pub async fn transfer_out(
        &self,
        signer: &dyn Signer,
        chain: DomainId,
        to: Address,
        amount: Amount,
    ) -> Result<PreparedThere, SdkError> {
        self.prepare(signer, vec![domains::transfer_out(chain, FIRST_CHANNEL, to, amount)]).await
    }

    /// What a transaction would pay if it ran now.
    ///
    /// # Errors
    /// When it would be refused or fail, with the code of the rule.
    pub async fn simulate(&self, signed: &SignedTransaction) -> Result<Amount, SdkError> {
        self.client.simulate(signed).await
    }

    /// Sends a transaction without waiting for a block, and gives its hash on the domain.
    ///
    /// # Errors
    /// When the node cannot be reached, or refuses.
    pub async fn submit(&self, signed: &SignedTransaction) -> Result<Hash, SdkError> {
        self.client.submit(signed).await
    }

    /// Sends a transaction and follows it until it is at `until`, at most for `timeout`; `told` hears of
    /// every stage.
    ///
    /// # Errors
    /// When the node cannot be reached or refuses, the transaction is dropped, fails or is passed over, or
    /// the time is over.
    pub async fn send(
        &self,
        signed: &SignedTransaction,
        until: DomainStage,
        timeout: Duration,
        told: &(dyn Fn(DomainStage) + Send + Sync),
    ) -> Result<DomainReceipt, SdkError> {
        follow::send(self, signed, until, timeout, told).await
    }

    /// Signs calls, sends them, and waits until they ran, at most for `timeout`.
    ///
    /// # Errors
    /// As [`DomainClient::prepare`] and [`DomainClient::send`].
    pub async fn execute(
        &self,
        signer: &dyn Signer,
        calls: Vec<Call>,
        timeout: Duration,
    ) -> Result<DomainReceipt, SdkError> {
        let prepared = self.prepare(signer, calls).await?;
        self.send(&prepared.signed, DomainStage::Executed, timeout, &|_| {}).await
    }

    /// Waits until a transaction that was sent is at `until`, at most for `timeout`.
    ///
    /// # Errors
    /// As [`DomainClient::send`].
    pub async fn follow(
        &self,
        hash: Hash,
        until: DomainStage,
        timeout: Duration,
    ) -> Result<DomainReceipt, SdkError> {
        follow::watch(self, hash, until, timeout).await
    }

    /// Where a transaction stands; `None` when the node does not know it.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not follow the domain.
    pub async fn receipt(&self, hash: &Hash) -> Result<Option<DomainReceipt>, SdkError> {
        let read = |fields: Fields<'_>| {
            if fields.value.is_null() { Ok(None) } else { answer::receipt(&fields).map(Some) }
        };
        self.ask(answer::TRANSACTION, json!({ "hash": hash.to_string() }), "transaction", read).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DevAccount;
    use auto_core::{BlockNumber, Nonce};

    fn quote() -> Quote {
        Quote {
            genesis: Hash([5; 32]),
            balance: Amount::ai3(9),
            nonce: Nonce(3),
            expiry: BlockNumber(77),
            weight: 260_000,
            fee: Amount::from_base_units(40),
            fee_limit: Amount::from_base_units(60),
        }
    }

    #[test]
    fn what_is_signed_is_what_was_quoted() {
        let identity = Client::new("http://127.0.0.1:1").expect("well formed").domain(DomainId(1));
        let alice = DevAccount::named("alice").expect("known").pair();
        let to = DevAccount::named("bob").expect("known").pair().public_key().address();
        let calls = vec![domains::transfer(to, Amount::ai3(1))];
        let made = identity.fill(&alice, calls.clone(), quote()).expect("one call");
        let transaction = &made.signed.transaction;
        assert_eq!((transaction.domain, transaction.nonce), (DomainId(1), Nonce(3)));
        assert_eq!((transaction.expiry, transaction.fee_limit), (BlockNumber(77), quote().fee_limit));
        assert_eq!(transaction.calls.to_vec(), calls);
        assert!(made.signed.verify(&Hash([5; 32])).is_ok() && made.signed.verify(&Hash::ZERO).is_err());
        let many = vec![calls[0].clone(); 65];
        assert!(matches!(identity.fill(&alice, many, quote()), Err(SdkError::TooLarge)));
    }

    #[test]
    fn a_domain_knows_a_transaction_by_another_hash_than_the_consensus_chain() {
        let identity = Client::new("http://127.0.0.1:1").expect("well formed").domain(DomainId(1));
        let alice = DevAccount::named("alice").expect("known").pair();
        let call = domains::transfer(alice.public_key().address(), Amount::ai3(1));
        let made = identity.fill(&alice, vec![call], quote()).expect("one call");
        assert_eq!(made.hash, hash_there(&made.signed));
        assert_ne!(made.hash, made.signed.hash());
    }
}
