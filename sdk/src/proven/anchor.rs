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

/// How a receipt stands in a consensus state.
#[derive(Clone, Copy, Default)]
struct Standing {
    /// Whether the line of its domain holds it.
    stands: bool,
    /// Whether it is confirmed.
    confirmed: bool,
    /// Whether it is the newest of its domain.
    newest: bool,
}

fn standing(state: &dyn StateRead, receipt: &ExecutionReceipt) -> Result<Standing, StoredError> {
    let (domain, number) = (receipt.domain, receipt.number);
    let record = DOMAIN.get(state, &domain)?;
    let stated = RECEIPT_AT.get(state, &(domain, number))?;
    let Some(record) = record else { return Ok(Standing::default()) };
    let stands = number <= record.head_receipt && stated == Some(receipt.hash());
    Ok(Standing {
        stands,
        confirmed: stands && number <= record.confirmed,
        newest: stands && number == record.head_receipt,
    })
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
        self.standing(receipt).map(drop)
    }

    fn standing(&self, receipt: &ExecutionReceipt) -> Result<Standing, SdkError> {
        let root = self.header.state_root;
        let found = super::witness::over(&self.witness, root, |state| standing(state, receipt))?;
        if !found.stands {
            return Err(SdkError::Proof(
                "the consensus chain does not hold the receipt of this block".to_owned(),
            ));
        }
        if !is_minimal(&self.witness, root, |state| standing(state, receipt).map(drop)) {
            return Err(SdkError::Proof("the anchor shows more than the receipt".to_owned()));
        }
        Ok(found)
    }

    /// Whether the receipt can no longer be challenged in the anchor's state.
    ///
    /// # Errors
    /// As [`Anchor::check`].
    pub fn is_confirmed(&self, receipt: &ExecutionReceipt) -> Result<bool, SdkError> {
        Ok(self.standing(receipt)?.confirmed)
    }

    /// Whether no later receipt of its domain was on the chain in the anchor's state.
    ///
    /// # Errors
    /// As [`Anchor::check`].
    pub fn is_newest(&self, receipt: &ExecutionReceipt) -> Result<bool, SdkError> {
        Ok(self.standing(receipt)?.newest)
    }
}
