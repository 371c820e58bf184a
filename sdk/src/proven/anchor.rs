//! What ties the state of a domain to a block of the consensus chain.

use super::is_minimal;
use crate::SdkError;
use auto_core::{BlockNumber, ExecutionReceipt, Hash, Header, decode_strict};
use auto_domains::state::{DOMAIN, RECEIPT_AT};
use auto_module::StoredError;
use auto_state::{StateRead, Witness};

/// Most bytes of an encoded header, receipt or witness.
const BYTES_MAX: usize = 8 << 20;

/// A consensus header, and a witness that a receipt stands in the line of its domain under that header's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The consensus header: whoever trusts its hash can trust the rest.
    pub header: Header,
    /// Nodes of the consensus state.
    pub witness: Witness,
}

/// Decodes something that a node or a file brings.
pub(crate) fn decoded<T: parity_scale_codec::Decode + parity_scale_codec::Encode>(
    bytes: &[u8],
    what: &str,
) -> Result<T, SdkError> {
    decode_strict(bytes, BYTES_MAX).map_err(|error| SdkError::Proof(format!("{what}: {error}")))
}

/// Whether the line of the receipt's domain holds it in a consensus state, and whether it is confirmed.
fn standing(state: &dyn StateRead, receipt: &ExecutionReceipt) -> Result<(bool, bool), StoredError> {
    let (domain, number) = (receipt.domain, receipt.number);
    let record = DOMAIN.get(state, &domain)?;
    let stated = RECEIPT_AT.get(state, &(domain, number))?;
    let Some(record) = record else { return Ok((false, false)) };
    let stands = number <= record.head_receipt && stated == Some(receipt.hash());
    Ok((stands, stands && number <= record.confirmed))
}

impl Anchor {
    /// Hash of the consensus block that has to be trusted.
    #[must_use]
    pub fn block_hash(&self) -> Hash {
        self.header.hash()
    }

    /// Height of that block.
    #[must_use]
    pub const fn block(&self) -> BlockNumber {
        self.header.number
    }

    /// Holds a receipt to the anchor.
    ///
    /// # Errors
    /// When the consensus state does not hold it in the line of its domain, or the witness shows less or more
    /// than that.
    pub fn check(&self, receipt: &ExecutionReceipt) -> Result<(), SdkError> {
        let root = self.header.state_root;
        let (stands, _) = super::witness::over(&self.witness, root, |state| standing(state, receipt))?;
        if !stands {
            return Err(SdkError::Proof(
                "the consensus chain does not hold the receipt of this block".to_owned(),
            ));
        }
        if !is_minimal(&self.witness, root, |state| standing(state, receipt).map(drop)) {
            return Err(SdkError::Proof("the anchor shows more than the receipt".to_owned()));
        }
        Ok(())
    }

    /// Whether the receipt can no longer be challenged in the anchor's state.
    ///
    /// # Errors
    /// As [`Anchor::check`].
    pub fn is_confirmed(&self, receipt: &ExecutionReceipt) -> Result<bool, SdkError> {
        self.check(receipt)?;
        let root = self.header.state_root;
        let (_, confirmed) = super::witness::over(&self.witness, root, |state| standing(state, receipt))?;
        Ok(confirmed)
    }
}
