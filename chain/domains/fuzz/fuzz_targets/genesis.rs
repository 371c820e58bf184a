//! Genesis of a chain with domains, as a file of it says.

#![no_main]

use auto_core::{Genesis, ModuleId, decode_strict};
use auto_domains::Domains;
use auto_ledger::{Rules, genesis_state, issuance};
use auto_module::bank::Bank;
use auto_module::messages::Messages;
use auto_module::{Contents, Domain, DynModule, Runtime, Runtimes, module};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;
use std::sync::{Arc, LazyLock};

/// Any runtime of bank and messages.
#[derive(Debug)]
struct Both;

impl Runtimes for Both {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = [module::<Bank>(), module::<Messages>()];
        let find = |id: &ModuleId| known.iter().find(|module| module.info().id == *id).cloned();
        let modules = modules.iter().map(find).collect::<Option<Vec<Arc<dyn DynModule>>>>()?;
        (version == 1).then_some(Arc::new(Runtime::new(version, modules).ok()?))
    }

    fn newest(&self, _: &[ModuleId]) -> Option<u32> {
        Some(1)
    }
}

static DOMAINS: LazyLock<Arc<Domains>> = LazyLock::new(|| Arc::new(Domains::new(Arc::new(Both))));

/// What decodes is canonical, and either makes no chain or one in which all money has a place.
fn check(bytes: &[u8]) {
    let Ok(genesis) = decode_strict::<Genesis>(bytes, 1 << 20) else { return };
    assert_eq!(genesis.encode(), bytes);
    if genesis.params.validate().is_err() {
        return;
    }
    let Ok(changes) = genesis_state(&genesis, &**DOMAINS) else { return };
    let state: Contents = changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let rules = Rules::new(genesis.params.clone(), genesis.hash(), DOMAINS.clone());
    let held = rules.extension.held(&state).expect("the books of genesis add up");
    let supply = issuance(&state).expect("written").total;
    assert!(held <= supply, "{held} of {supply}");
}

fuzz_target!(|bytes: &[u8]| check(bytes));
