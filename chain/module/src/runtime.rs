//! A domain made of modules.

mod apply;
mod check;
mod deliver;

use crate::bank::{self, BankError, FEES, Fee, TRANSFERS};
use crate::messages::{Messages, record_root};
use crate::watch::{atomically, write};
use crate::{
    BlockContext, CheckedExtrinsic, Domain, DomainError, DynModule, Environment, Events, Executed, Extrinsic,
    GenesisContext, INHERENT, Inherent, Invariant, Module, ModuleEvent, ModuleInfo, RuntimeEvent, Weight,
};
use auto_core::{
    Amount, Blob, BlockFees, Call, EXTRINSIC_BYTES_MAX, GenesisDomain, ModuleId, Transfers, decode_strict,
};
use auto_state::{Changes, Overlay, StateRead, StateWrite};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Modules in order, under one version.
#[derive(Debug, Clone)]
pub struct Runtime {
    version: u32,
    modules: Vec<Arc<dyn DynModule>>,
    by_id: BTreeMap<ModuleId, Arc<dyn DynModule>>,
}

impl Runtime {
    /// The runtime of `modules`, in order; the bank is the first.
    ///
    /// # Errors
    /// [`DomainError::RuntimeInvalid`] when the bank is not the first or an id occurs twice.
    pub fn new(version: u32, modules: Vec<Arc<dyn DynModule>>) -> Result<Self, DomainError> {
        if modules.first().map(|module| module.info().id) != Some(bank::Bank::ID) {
            return Err(DomainError::RuntimeInvalid("the bank is not the first module"));
        }
        let by_id: BTreeMap<_, _> =
            modules.iter().map(|module| (module.info().id, Arc::clone(module))).collect();
        if by_id.len() != modules.len() {
            return Err(DomainError::RuntimeInvalid("a module is listed twice"));
        }
        if by_id.contains_key(&RuntimeEvent::MODULE) {
            return Err(DomainError::RuntimeInvalid("a module has the id of the runtime itself"));
        }
        Ok(Self { version, modules, by_id })
    }

    /// The module of an id.
    fn module(&self, id: ModuleId) -> Option<&dyn DynModule> {
        self.by_id.get(&id).map(AsRef::as_ref)
    }

    /// Whether messages can be relayed to the domain.
    fn takes_messages(&self) -> bool {
        self.by_id.contains_key(&Messages::ID)
    }

    /// What a signed transaction pays.
    fn charge_of(
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
    ) -> Result<Fee, BankError> {
        bank::fee(&env.params, inherent.byte_fee, extrinsic.weight, extrinsic.bytes.len())
            .ok_or(BankError::Overflow)
    }
}

impl Domain for Runtime {
    fn version(&self) -> u32 {
        self.version
    }

    fn modules(&self) -> Vec<ModuleInfo> {
        self.modules.iter().map(|module| module.info()).collect()
    }

    fn invariants(&self) -> Vec<Invariant> {
        self.modules.iter().flat_map(|module| module.invariants()).copied().collect()
    }

    fn genesis(&self, env: &Environment, genesis: &GenesisDomain) -> Result<Changes, DomainError> {
        let listed = genesis.modules.iter().map(|module| module.module);
        if !listed.eq(self.modules.iter().map(|module| module.info().id)) {
            return Err(DomainError::GenesisInvalid("its modules are not those of the runtime"));
        }
        let empty: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        let mut overlay = Overlay::new(&empty);
        let cx = GenesisContext { environment: env, genesis };
        for (module, config) in self.modules.iter().zip(genesis.modules.iter()) {
            atomically(&mut overlay, |state| module.genesis(&cx, &config.genesis, state))?
                .map_err(|failure| DomainError::Genesis { name: module.info().name, failure })?;
        }
        Ok(overlay.into_changes())
    }

    fn decode(&self, bytes: &[u8]) -> Result<Extrinsic, DomainError> {
        decode_strict(bytes, EXTRINSIC_BYTES_MAX).map_err(DomainError::Undecodable)
    }

    fn check(&self, env: &Environment, extrinsic: Extrinsic) -> Result<CheckedExtrinsic, DomainError> {
        self.check_extrinsic(env, extrinsic)
    }

    fn legal(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError> {
        self.legal_extrinsic(env, inherent, extrinsic, state)
    }

    fn ready(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &dyn StateRead,
    ) -> Result<(), DomainError> {
        self.ready_extrinsic(env, inherent, extrinsic, state)
    }

    fn weight(&self, calls: &[Call]) -> Result<Weight, DomainError> {
        self.weight_of_calls(calls)
    }

    fn fee(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
    ) -> Result<Amount, DomainError> {
        match extrinsic.extrinsic() {
            Extrinsic::Signed(_) => Ok(Self::charge_of(env, inherent, extrinsic)?.total),
            Extrinsic::Message(_) | Extrinsic::Inherent(_) => Ok(Amount::ZERO),
        }
    }

    fn initialize(
        &self,
        env: &Environment,
        inherent: &Inherent,
        state: &mut dyn StateWrite,
    ) -> Result<(), DomainError> {
        let (wanted, version) = (inherent.runtime_version, self.version);
        if wanted != version {
            return Err(DomainError::WrongVersion { wanted, version });
        }
        if self.takes_messages() {
            let sequence = inherent.number;
            record_root(state, &env.params, sequence, inherent.consensus_number, &inherent.mmr_root)?;
        }
        INHERENT.put(state, inherent);
        FEES.put(state, &BlockFees::default());
        TRANSFERS.put(state, &Transfers::default());
        Ok(())
    }

    fn apply(
        &self,
        env: &Environment,
        inherent: &Inherent,
        extrinsic: &CheckedExtrinsic,
        state: &mut dyn StateWrite,
    ) -> Result<Executed, DomainError> {
        self.apply_extrinsic(&BlockContext { environment: env, inherent }, extrinsic, state)
    }

    fn finalize(
        &self,
        env: &Environment,
        inherent: &Inherent,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<ModuleEvent>, DomainError> {
        let cx = BlockContext { environment: env, inherent };
        let mut overlay = Overlay::new(&*state);
        let mut events = Events::new();
        for module in &self.modules {
            let before = events.len();
            let result = atomically(&mut overlay, |state| module.end_block(&cx, state, &mut events))?;
            if let Err(failure) = result {
                events.truncate(before);
                let event = RuntimeEvent::EndBlockFailed {
                    module: module.info().id,
                    code: Blob::new(failure.code.as_bytes().to_vec()).unwrap_or_default(),
                };
                events.push(RuntimeEvent::MODULE, event.encode());
            }
        }
        bank::settle(&mut overlay)?;
        let changes = overlay.into_changes();
        write(changes, state);
        Ok(events.into_inner())
    }
}
