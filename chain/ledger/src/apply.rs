//! What calls do to the state.

use crate::state::{put_account, put_equivocator};
use crate::{LedgerCall, LedgerError, account, is_equivocator};
use auto_core::{Address, Amount, BlockNumber, Hash, ProtocolParams, PublicKey};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Something that a call did.
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
                .ok_or(LedgerError::EvidenceInvalid("a header claims no slot"))?
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
    let deposit = params.existential_deposit;
    let mut sender = account(state, from)?;
    let available = sender.balance;
    let left = available.checked_sub(amount);
    let left = left.ok_or(LedgerError::InsufficientBalance { needed: amount, available })?;
    if left < deposit {
        return Err(LedgerError::BelowExistentialDeposit { left, deposit });
    }
    sender.balance = left;
    put_account(state, from, &sender);
    // Read after the sender is written, so that a transfer to oneself changes nothing.
    let mut receiver = account(state, to)?;
    receiver.balance = receiver.balance.checked_add(amount).ok_or(LedgerError::Overflow)?;
    if receiver.balance < deposit {
        return Err(LedgerError::BelowExistentialDeposit { left: receiver.balance, deposit });
    }
    put_account(state, to, &receiver);
    Ok(Event::Transferred { from: *from, to: *to, amount })
}
