//! Where money lives.

use crate::bank::{self, BankError};
use crate::{Failure, Module, StoredError, messages::Messages, module_account};
use auto_core::{Address, Amount, DomainId, ProtocolParams};
use auto_state::StateWrite;

/// Why money did not move.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TillError {
    /// A rule forbids it; nothing was written.
    #[error("{}", .0.message)]
    Refused(Failure),
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<BankError> for TillError {
    fn from(error: BankError) -> Self {
        match error {
            BankError::Stored(error) => Self::Stored(error),
            other => Self::Refused(Failure::of(&other)),
        }
    }
}

/// What a chain does with money when messages move; a domain uses its bank, the consensus chain its accounts and
/// its books of what every domain holds.
///
/// A method that fails has written nothing.
pub trait Till {
    /// Takes money from an account, to go to chain `dst`.
    ///
    /// # Errors
    /// When the account cannot pay it.
    fn send(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError>;

    /// Credits an account with what chain `src` sent.
    ///
    /// # Errors
    /// When the account cannot take it, or the chain cannot have sent it.
    fn receive(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        to: &Address,
        amount: Amount,
    ) -> Result<(), TillError>;

    /// Notes that what chain `src` sent was refused, for it to take back.
    ///
    /// # Errors
    /// When it cannot be noted; then the message has to wait.
    fn refuse(&mut self, state: &mut dyn StateWrite, src: DomainId, amount: Amount) -> Result<(), TillError>;

    /// Gives an account back what chain `dst` refused.
    ///
    /// # Errors
    /// When the account cannot take it, or the chain cannot have refused it; then the message has to wait.
    fn reclaim(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError>;

    /// Holds a deposit of an account.
    ///
    /// # Errors
    /// When the account cannot pay it.
    fn hold(&mut self, state: &mut dyn StateWrite, owner: &Address, amount: Amount) -> Result<(), TillError>;

    /// Gives a deposit back.
    ///
    /// # Errors
    /// When the account cannot take it.
    fn release(
        &mut self,
        state: &mut dyn StateWrite,
        owner: &Address,
        amount: Amount,
    ) -> Result<(), TillError>;
}

/// The account on a domain that holds the deposits of channels.
#[must_use]
pub fn deposits_account() -> Address {
    module_account(Messages::ID, b"deposits")
}

/// The till of a domain: its bank.
#[derive(Debug, Clone, Copy)]
pub struct BankTill<'a> {
    /// The protocol parameters.
    pub params: &'a ProtocolParams,
}

impl Till for BankTill<'_> {
    fn send(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        Ok(bank::send(state, self.params, dst, from, amount)?)
    }

    fn receive(
        &mut self,
        state: &mut dyn StateWrite,
        src: DomainId,
        to: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        Ok(bank::receive(state, self.params, src, to, amount)?)
    }

    fn refuse(&mut self, state: &mut dyn StateWrite, src: DomainId, amount: Amount) -> Result<(), TillError> {
        Ok(bank::refuse(state, src, amount)?)
    }

    fn reclaim(
        &mut self,
        state: &mut dyn StateWrite,
        dst: DomainId,
        from: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        Ok(bank::reclaim(state, self.params, dst, from, amount)?)
    }

    fn hold(&mut self, state: &mut dyn StateWrite, owner: &Address, amount: Amount) -> Result<(), TillError> {
        if amount.is_zero() {
            return Ok(());
        }
        Ok(bank::transfer(state, self.params, owner, &deposits_account(), amount)?)
    }

    fn release(
        &mut self,
        state: &mut dyn StateWrite,
        owner: &Address,
        amount: Amount,
    ) -> Result<(), TillError> {
        if amount.is_zero() {
            return Ok(());
        }
        Ok(bank::release(state, self.params, &deposits_account(), owner, amount)?)
    }
}
