//! The domains as the part of the consensus chain that they are: which rule runs when.

use crate::registry::Caller;
use crate::staking::Registration;
use crate::state::DOMAIN;
use crate::{
    DomainsCall, DomainsError, DomainsEvent, MODULE, bundle, fraud, genesis, messages, receipt, registry,
    staking, transfers,
};
use auto_core::{Address, Amount, Call, Genesis, Hash, ModuleId, Submission, Transaction, decode_strict};
use auto_ledger::{BlockContext, Extension, ExtensionError, Rules};
use auto_module::Runtimes;
use auto_state::{StateRead, StateWrite};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// The domains, for runtimes that a build knows.
#[derive(Debug, Clone)]
pub struct Domains {
    runtimes: Arc<dyn Runtimes>,
}

impl Domains {
    /// The domains of a build that knows these runtimes.
    #[must_use]
    pub fn new(runtimes: Arc<dyn Runtimes>) -> Self {
        Self { runtimes }
    }

    /// The runtimes.
    #[must_use]
    pub fn runtimes(&self) -> &dyn Runtimes {
        &*self.runtimes
    }
}

fn encoded(events: &[DomainsEvent]) -> Vec<Vec<u8>> {
    events.iter().map(Encode::encode).collect()
}

fn decode(payload: &[u8]) -> Result<DomainsCall, DomainsError> {
    decode_strict(payload, Call::PAYLOAD_MAX).map_err(DomainsError::MalformedCall)
}

impl Extension for Domains {
    fn genesis(&self, genesis: &Genesis, state: &mut dyn StateWrite) -> Result<(), ExtensionError> {
        Ok(genesis::genesis(genesis, self.runtimes(), state).map_err(DomainsError::from)?)
    }

    fn module(&self) -> ModuleId {
        MODULE
    }

    fn check_call(&self, _: &Rules, _: &Transaction, payload: &[u8]) -> Result<(), ExtensionError> {
        match decode(payload)? {
            DomainsCall::Nominate { amount, .. } | DomainsCall::TransferToDomain { amount, .. }
                if amount.is_zero() =>
            {
                Err(DomainsError::ZeroAmount.into())
            }
            DomainsCall::RelayMessage(relay) => Ok(messages::check_relay(&relay)?),
            DomainsCall::SubmitFraudProof(proof) => Ok(proof.check().map_err(DomainsError::from)?),
            _ => Ok(()),
        }
    }

    fn contends_for(&self, payload: &[u8]) -> Option<Hash> {
        match decode(payload) {
            Ok(DomainsCall::SubmitFraudProof(proof)) => Some(proof.bad_receipt),
            _ => None,
        }
    }

    fn check_submission(&self, _: &Rules, submission: &Submission) -> Result<(), ExtensionError> {
        Ok(bundle::check(submission)?)
    }

    fn begin_block(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(encoded(&self.begin(rules, cx, state)?))
    }

    fn apply_submission(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        submission: &Submission,
        state: &mut dyn StateWrite,
    ) -> Result<(Amount, Vec<Vec<u8>>), ExtensionError> {
        let (fee, events) = bundle::submit(rules, cx, submission, state)?;
        Ok((fee, encoded(&events)))
    }

    fn apply_call(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        signer: &Address,
        _: &Hash,
        payload: &[u8],
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(encoded(&self.call(rules, cx, signer, decode(payload)?, state)?))
    }

    fn end_block(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(encoded(&end(rules, cx, state)?))
    }

    fn held(&self, state: &dyn StateRead) -> Result<Amount, ExtensionError> {
        let held = transfers::held(state).map_err(DomainsError::from)?;
        Ok(transfers::held_total(&held).ok_or(DomainsError::Overflow)?)
    }
}

impl Domains {
    fn begin(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<DomainsEvent>, DomainsError> {
        messages::begin_block(rules, cx, state)?;
        bundle::fill_hashes(cx, state)?;
        bundle::begin_slots(rules, cx, state)?;
        // A domain whose freeze ends now takes part in an upgrade that is due now.
        let mut events = registry::end_freezes(cx, state)?;
        let (due, upgraded) = registry::begin_block(cx, state)?;
        events.extend(upgraded);
        for domain in due {
            if DOMAIN.get(&*state, &domain)?.is_some_and(|record| !record.frozen) {
                events.extend(bundle::begin_block(cx, domain, state)?);
            }
        }
        Ok(events)
    }

    fn call(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        signer: &Address,
        call: DomainsCall,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<DomainsEvent>, DomainsError> {
        let caller = Caller { rules, cx, runtimes: self.runtimes(), signer };
        match call {
            DomainsCall::RegisterRuntime { name, modules, version } => {
                Ok(registry::register_runtime(&caller, name, modules, version, state)?)
            }
            DomainsCall::UpgradeRuntime { runtime, name, version, at } => {
                Ok(registry::upgrade_runtime(&caller, runtime, &name, version, at, state)?)
            }
            DomainsCall::InstantiateDomain { runtime, config, modules, accounts } => {
                Ok(registry::instantiate_domain(&caller, runtime, config, modules, accounts, state)?)
            }
            DomainsCall::UpdateAllowList { domain, operators } => {
                Ok(registry::update_allow_list(signer, domain, operators, state)?)
            }
            DomainsCall::FreezeDomain { domain } => Ok(registry::freeze(&caller, domain, state)?),
            DomainsCall::UnfreezeDomain { domain } => Ok(registry::unfreeze(&caller, domain, state)?),
            DomainsCall::SubmitFraudProof(proof) => {
                let bad = fraud::verify(rules, self.runtimes(), &*state, &proof)?;
                receipt::remove_from(state, &bad, *signer)
            }
            DomainsCall::TransferToDomain { domain, channel, to, amount } => {
                messages::transfer(rules, signer, (domain, channel), &to, amount, state)
            }
            DomainsCall::OpenChannel { domain } => messages::open(rules, signer, domain, state),
            DomainsCall::CloseChannel { domain, channel } => {
                messages::close(rules, signer, (domain, channel), state)
            }
            DomainsCall::RelayMessage(relay) => messages::relay(rules, &relay, state),
            DomainsCall::RegisterOperator { domain, key, possession, stake, nomination_min, tax_percent } => {
                let registration = Registration { domain, key, stake, nomination_min, tax_percent };
                Ok(staking::register(rules, cx, signer, &registration, &possession, state)?)
            }
            DomainsCall::Nominate { operator, amount } => {
                Ok(staking::nominate(rules, signer, operator, amount, state)?)
            }
            DomainsCall::Withdraw { operator, amount } => {
                Ok(staking::withdraw(rules, signer, operator, amount, state)?)
            }
            DomainsCall::Unlock { operator } => Ok(staking::unlock(rules, signer, operator, state)?),
            DomainsCall::DeregisterOperator { operator } => Ok(staking::deregister(signer, operator, state)?),
            DomainsCall::UnlockNominator { operator } => {
                Ok(staking::unlock_nominator(rules, signer, operator, state)?)
            }
            DomainsCall::DeactivateOperator { operator } => Ok(staking::deactivate(signer, operator, state)?),
            DomainsCall::ReactivateOperator { operator } => {
                Ok(staking::reactivate(rules, cx, signer, operator, state)?)
            }
        }
    }
}

fn end(
    rules: &Rules,
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    bundle::end_slots(state);
    let mut events = Vec::new();
    for (domain, number) in bundle::begun(&*state)? {
        if number.0.checked_rem(rules.params.staking_epoch) == Some(0) {
            events.extend(staking::end_epoch(rules, cx, state, domain)?);
        }
    }
    events.extend(staking::renew_stalled(rules, cx, state)?);
    receipt::clear_fallen(state)?;
    events.extend(staking::process_slashes(rules, state)?);
    Ok(events)
}
