//! Values of a domain's state with everything that proves them to somebody who trusts a header of the consensus
//! chain.

use crate::backend::domains;
use crate::{ApiError, Backend, BackendError};
use auto_core::{BlockNumber, DomainId, Hash};
use auto_domains::receipt;
use auto_domains::state::{DOMAIN, RECEIPT_AT};
use auto_operator::OperatorError;
use auto_state::StateError;
use parity_scale_codec::Encode;
use serde_json::{Value, json};

/// That operators vouched for a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// Height of the consensus block.
    pub(crate) block: BlockNumber,
    /// The encoded header.
    pub(crate) header: Vec<u8>,
    /// The encoded witness of the domain's record and of the hash of its receipt at the height.
    pub(crate) proof: Vec<u8>,
}

/// Values that are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proven {
    /// Height of the domain block.
    pub(crate) number: BlockNumber,
    /// Hash of the domain block.
    pub(crate) block_hash: Hash,
    /// Root of the state after it.
    pub(crate) state_root: Hash,
    /// The encoded witness of the keys.
    pub(crate) witness: Vec<u8>,
    /// The encoded receipt.
    pub(crate) receipt: Vec<u8>,
    /// None while no operator vouched for it, and where it is confirmed for long.
    pub(crate) anchor: Option<Anchor>,
}

fn refused(error: OperatorError) -> ApiError {
    ApiError::Node(BackendError::from(error))
}

impl Proven {
    /// Proves keys after a block of a domain, as of a height of the consensus chain.
    pub(crate) fn read(
        node: &dyn Backend,
        (domain, number): (DomainId, BlockNumber),
        at: BlockNumber,
        keys: &[Vec<u8>],
    ) -> Result<Self, ApiError> {
        let not_served = || refused(OperatorError::NotServed(domain));
        let handle = node.domains().ok_or_else(not_served)?;
        let status = handle.domain(domain).ok_or_else(not_served)?;
        let gone = || ApiError::HeightUnavailable {
            wanted: format!("{number} of domain {domain}"),
            oldest: status.confirmed,
            newest: status.number,
        };
        let receipt = handle.receipt(domain, number).map_err(refused)?.ok_or_else(gone)?;
        let state = handle.state_at(domain, number).map_err(refused)?;
        if state.root() != receipt.final_state_root {
            // A reorganisation came between the two.
            return Err(gone());
        }
        let witness = match state.witness(keys) {
            // The state was forgotten meanwhile.
            Err(StateError::Missing(_)) => return Err(gone()),
            witness => witness.map_err(|error| refused(error.into()))?,
        };
        let stated = domains(node, Some(at), |state| Ok(receipt::hash_at(state, domain, number)?))?;
        let anchor = if stated == Some(receipt.hash()) {
            let keys = [DOMAIN.key(&domain), RECEIPT_AT.key(&(domain, number))];
            let (header, witness) = node.state_witness(&keys, at)?;
            Some(Anchor { block: header.number, header: header.encode(), proof: witness.encode() })
        } else {
            None
        };
        Ok(Self {
            number,
            block_hash: receipt.block_hash,
            state_root: receipt.final_state_root,
            witness: witness.encode(),
            receipt: receipt.encode(),
            anchor,
        })
    }

    /// The same names and forms as in GraphQL.
    pub(crate) fn to_json(&self) -> Value {
        let bytes = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
        let anchor = self.anchor.as_ref().map(|anchor| {
            json!({
                "block": anchor.block.to_string(),
                "header": bytes(&anchor.header),
                "proof": bytes(&anchor.proof),
            })
        });
        json!({
            "number": self.number.to_string(),
            "blockHash": self.block_hash.to_string(),
            "stateRoot": self.state_root.to_string(),
            "witness": bytes(&self.witness),
            "receipt": bytes(&self.receipt),
            "anchor": anchor,
        })
    }
}
