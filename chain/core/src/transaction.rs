//! Transactions: an atomic list of calls, signed by the account that pays for them.

use crate::{
    Amount, Blob, BlockNumber, DomainId, Hash, KeyPair, List, ModuleId, Nonce, PublicKey, Signature,
    SignatureError, hash_parts, tag,
};
use parity_scale_codec::{Decode, Encode};

/// Calls that one transaction may hold.
pub const TRANSACTION_CALLS_MAX: usize = 64;

/// One call, addressed to a module; the bytes are the module's own encoding.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Call {
    /// The module that understands the bytes.
    pub module: ModuleId,
    /// The call in the module's encoding.
    pub payload: Blob<{ Call::PAYLOAD_MAX }>,
}

impl Call {
    /// Bytes that one call may hold: no block of any preset takes more.
    pub const PAYLOAD_MAX: usize = 4 << 20;
}

/// What an account asks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Transaction {
    /// Where the calls run.
    pub domain: DomainId,
    /// Who signs and pays.
    pub signer: PublicKey,
    /// The signer's transaction count before this one.
    pub nonce: Nonce,
    /// The last block that may include the transaction.
    pub expiry: BlockNumber,
    /// The most the signer pays for it.
    pub fee_limit: Amount,
    /// All take effect, or none.
    pub calls: List<Call, TRANSACTION_CALLS_MAX>,
}

impl Transaction {
    /// Signs the transaction for the chain of `genesis`; the signer field must be the pair's key.
    #[must_use]
    pub fn sign(self, pair: &KeyPair, genesis: &Hash) -> SignedTransaction {
        let signature = pair.sign(tag::TRANSACTION_SIGNATURE, genesis, &self.encode());
        SignedTransaction { transaction: self, signature }
    }
}

/// A transaction with its signer's signature, which covers the genesis hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedTransaction {
    /// What is asked for.
    pub transaction: Transaction,
    /// Signature over tag, genesis hash and the encoded transaction.
    pub signature: Signature,
}

impl SignedTransaction {
    /// Bytes of the encoding before the first call: domain, signer, nonce, expiry, fee limit, count.
    pub const CALLS_OFFSET: usize = 4 + 32 + 8 + 8 + 16 + 4;

    /// The identity of the transaction.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::TRANSACTION, &[&self.encode()])
    }

    /// Verifies the signature for the chain of `genesis`.
    ///
    /// # Errors
    /// When the signature does not hold.
    pub fn verify(&self, genesis: &Hash) -> Result<(), SignatureError> {
        let message = self.transaction.encode();
        let key = &self.transaction.signer;
        key.verify(tag::TRANSACTION_SIGNATURE, genesis, &message, &self.signature)
    }
}
