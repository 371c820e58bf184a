//! Who signs a transaction.

use auto_core::{Hash, KeyPair, PublicKey, SignedTransaction, Transaction};

/// Signs transactions of one account.
///
/// ```
/// use auto_core::KeyPair;
/// use auto_sdk::Signer;
///
/// let pair = KeyPair::from_secret(&[7; 32]);
/// assert_eq!(Signer::public_key(&pair).address(), pair.public_key().address());
/// ```
pub trait Signer: Send + Sync {
    /// The account's public key.
    fn public_key(&self) -> PublicKey;

    /// Signs `transaction`, whose signer must be this account, for the chain of `genesis`.
    fn sign(&self, transaction: Transaction, genesis: &Hash) -> SignedTransaction;
}

impl Signer for KeyPair {
    fn public_key(&self) -> PublicKey {
        Self::public_key(self)
    }

    fn sign(&self, transaction: Transaction, genesis: &Hash) -> SignedTransaction {
        transaction.sign(self, genesis)
    }
}
