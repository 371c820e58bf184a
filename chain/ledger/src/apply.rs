//! What calls do to the state.

use crate::state::put_equivocator;
use crate::{LedgerCall, LedgerError, credit, debit, is_equivocator};
use auto_core::{Address, Amount, Blob, BlockNumber, EquivocationError, Hash, ProtocolParams, PublicKey};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Bytes that one event of an extension may have.
pub const EVENT_BYTES_MAX: usize = 1 << 16;

/// Something that a block did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// Money moved.
    #[codec(index = 0)]
    Transferred {
        /// Who sent it.
        from: Address,
        /// Who received it.
        to: Address,
        /// How much.
        amount: Amount,
    },
    /// An object was stored.
    #[codec(index = 1)]
    Stored {
        /// Its content hash.
        hash: Hash,
        /// Its length in bytes.
        bytes: u32,
    },
    /// A farmer was shown to have sealed two blocks with one solution.
    #[codec(index = 2)]
    EquivocationReported {
        /// The farmer's key.
        farmer: PublicKey,
        /// Who reported it.
        reporter: Address,
    },
    /// What the extension says, in its own encoding.
    #[codec(index = 3)]
    Extension(Blob<EVENT_BYTES_MAX>),
}

/// The events of an extension as the ledger records them.
pub(crate) fn extension_events(events: Vec<Vec<u8>>) -> Result<Vec<Event>, LedgerError> {
    let event = |bytes| Blob::new(bytes).map(Event::Extension);
    events
        .into_iter()
        .map(|bytes| event(bytes).map_err(|bytes| LedgerError::EventTooLong { actual: bytes.len() }))
        .collect()
}

/// Runs one call; on an error the caller drops what it wrote.
pub(crate) fn apply(
    params: &ProtocolParams,
    state: &mut impl StateWrite,
    number: BlockNumber,
    signer: &Address,
    call: &LedgerCall,
) -> Result<Event, LedgerError> {
    match call {
        LedgerCall::Transfer { to, amount } => transfer(params, state, signer, to, *amount),
        LedgerCall::Store { data } => {
            let bytes = u32::try_from(data.len()).map_err(|_| LedgerError::Overflow)?;
            Ok(Event::Stored { hash: Hash::of_object(data), bytes })
        }
        LedgerCall::ReportEquivocation(evidence) => {
            let farmer = evidence
                .first
                .pre_digest()
                .ok_or(LedgerError::EvidenceInvalid(EquivocationError::NoClaim))?
                .solution
                .public_key;
            if is_equivocator(state, &farmer)? {
                return Err(LedgerError::AlreadyReported);
            }
            put_equivocator(state, &farmer, number);
            Ok(Event::EquivocationReported { farmer, reporter: *signer })
        }
    }
}

fn transfer(
    params: &ProtocolParams,
    state: &mut impl StateWrite,
    from: &Address,
    to: &Address,
    amount: Amount,
) -> Result<Event, LedgerError> {
    // The receiver is read after the sender is written, so that a transfer to oneself changes nothing.
    debit(state, params, from, amount)?;
    credit(state, params, to, amount)?;
    Ok(Event::Transferred { from: *from, to: *to, amount })
}
