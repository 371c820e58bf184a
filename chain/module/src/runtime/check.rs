//! Checks without state, and over the state of the parent block.

use super::Runtime;
use crate::bank;
use crate::messages::{self, Relay};
use crate::{CheckContext, CheckedExtrinsic, DomainError, DynCall, Environment, Extrinsic, Inherent, Weight};
use auto_core::{Call, EXTRINSIC_BYTES_MAX, Nonce, SignedTransaction, extrinsic_hash};
use auto_state::StateRead;
use parity_scale_codec::Encode;
use std::sync::Arc;

type Calls = Vec<Arc<dyn DynCall>>;

/// Weight of a signed transaction with these calls.
fn weight_of(calls: &[Arc<dyn DynCall>]) -> Result<Weight, DomainError> {
    let weight = calls.iter().fold(Weight::SIGNED, |sum, call| sum.saturating_add(call.weight()));
    if weight > Weight::EXTRINSIC_MAX { Err(DomainError::TooHeavy { weight }) } else { Ok(weight) }
}

impl Runtime {
    pub(super) fn check_extrinsic(
        &self,
        env: &Environment,
        extrinsic: Extrinsic,
    ) -> Result<CheckedExtrinsic, DomainError> {
        let sender = extrinsic.sender().ok_or(DomainError::Inherent)?;
        let bytes = extrinsic.encode();
        if bytes.len() > EXTRINSIC_BYTES_MAX {
            return Err(DomainError::Oversized { actual: bytes.len(), limit: EXTRINSIC_BYTES_MAX });
        }
        let (nonce, weight, calls) = match &extrinsic {
            Extrinsic::Signed(signed) => self.check_signed(env, signed)?,
            Extrinsic::Message(relay) => self.check_relay(env, relay)?,
            Extrinsic::Inherent(_) => return Err(DomainError::Inherent),
        };
        let hash = extrinsic_hash(&bytes);
        Ok(CheckedExtrinsic { extrinsic, bytes, hash, weight, sender, nonce, calls })
    }

    fn check_signed(
        &self,
        env: &Environment,
        signed: &SignedTransaction,
    ) -> Result<(Nonce, Weight, Calls), DomainError> {
        let transaction = &signed.transaction;
        if transaction.domain != env.domain {
            return Err(DomainError::WrongDomain(transaction.domain));
        }
        if transaction.calls.is_empty() {
            return Err(DomainError::NoCalls);
        }
        let calls = self.decode_calls(&transaction.calls)?;
        let weight = weight_of(&calls)?;
        let cx = CheckContext { environment: env, transaction };
        for (call, decoded) in calls.iter().enumerate() {
            decoded.check(&cx).map_err(|failure| DomainError::Call { call, failure })?;
        }
        signed.verify(&env.genesis).map_err(|_| DomainError::BadSignature)?;
        Ok((transaction.nonce, weight, calls))
    }

    pub(super) fn weight_of_calls(&self, calls: &[Call]) -> Result<Weight, DomainError> {
        weight_of(&self.decode_calls(calls)?)
    }

    fn decode_calls(&self, calls: &[Call]) -> Result<Calls, DomainError> {
        let calls = calls.iter().enumerate();
        calls
            .map(|(at, call)| {
                let module = self.module(call.module).ok_or(DomainError::UnknownModule(call.module))?;
                module.decode(&call.payload).map_err(|error| DomainError::MalformedCall { call: at, error })
            })
            .collect()
    }

    fn check_relay(&self, env: &Environment, relay: &Relay) -> Result<(Nonce, Weight, Calls), DomainError> {
        if !self.takes_messages() {
            return Err(DomainError::NoMessages);
        }
        messages::check(env.domain, relay)?;
        Ok((relay.message.nonce, Weight::MESSAGE, Vec::new()))
    }

    pub(super) fn legal_extrinsic(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError> {
        match extrinsic.extrinsic() {
            Extrinsic::Signed(signed) => {
                let transaction = &signed.transaction;
                bank::in_time(inherent, transaction)?;
                let account = bank::account(state, &extrinsic.sender())?;
                bank::in_window(&account, transaction.nonce)?;
                Ok(())
            }
            Extrinsic::Message(relay) => Ok(messages::legal(env.domain, state, relay)?),
            Extrinsic::Inherent(_) => Err(DomainError::Inherent),
        }
    }

    pub(super) fn ready_extrinsic(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError> {
        self.legal_extrinsic(env, inherent, extrinsic, state)?;
        match extrinsic.extrinsic() {
            Extrinsic::Signed(signed) => {
                let account = bank::account(state, &extrinsic.sender())?;
                bank::not_used(&account, extrinsic.nonce())?;
                let fee = Self::charge_of(env, inherent, extrinsic)?;
                bank::affordable(&env.params, &account, &signed.transaction, &fee)?;
                Ok(())
            }
            Extrinsic::Message(relay) => Ok(messages::not_received(env.domain, state, &relay.message)?),
            Extrinsic::Inherent(_) => Err(DomainError::Inherent),
        }
    }
}
