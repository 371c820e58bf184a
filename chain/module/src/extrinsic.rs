//! What blocks of a domain are made of.

use crate::messages::Relay;
use crate::{DynCall, Inherent, Weight};
use auto_core::{Address, Hash, Nonce, SignedTransaction};
use parity_scale_codec::{Decode, Encode};
use std::sync::Arc;

/// An extrinsic of a domain; a bundle carries its encoding.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Extrinsic {
    /// Calls, signed by the account that pays for them.
    #[codec(index = 0)]
    Signed(Box<SignedTransaction>),
    /// A message of another chain, relayed by anyone with a proof that it was sent.
    #[codec(index = 1)]
    Message(Box<Relay>),
    /// What the block takes from the consensus chain: its first extrinsic, which no bundle may hold.
    #[codec(index = 2)]
    Inherent(Box<Inherent>),
}

impl Extrinsic {
    /// Whose extrinsics keep their order among themselves: the signer, or for a message an address that
    /// stands for its source and channel; `None` for the inherent.
    #[must_use]
    pub fn sender(&self) -> Option<Address> {
        match self {
            Self::Signed(signed) => Some(signed.transaction.signer.address()),
            Self::Message(relay) => Some(relay.message.sender()),
            Self::Inherent(_) => None,
        }
    }
}

/// An extrinsic that passed the check without state: the only kind that is executed.
#[derive(Debug, Clone)]
pub struct CheckedExtrinsic {
    pub(crate) extrinsic: Extrinsic,
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: Hash,
    pub(crate) weight: Weight,
    pub(crate) sender: Address,
    pub(crate) nonce: Nonce,
    pub(crate) calls: Vec<Arc<dyn DynCall>>,
}

impl CheckedExtrinsic {
    /// Its hash, as bundles and blocks list it.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Its encoding.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its weight, all calls together.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// Whose extrinsics keep their order among themselves: see [`Extrinsic::sender`].
    #[must_use]
    pub const fn sender(&self) -> Address {
        self.sender
    }

    /// Position among the sender's extrinsics: the transaction's nonce, or the message's.
    #[must_use]
    pub const fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// The extrinsic.
    #[must_use]
    pub const fn extrinsic(&self) -> &Extrinsic {
        &self.extrinsic
    }

    /// The extrinsic, given back.
    #[must_use]
    pub fn into_extrinsic(self) -> Extrinsic {
        self.extrinsic
    }
}
