//! The one list of modules: what a build can run on domains.
//!
//! Everything that needs to know which modules there are takes them from [`MODULES`] or through [`registry`]:
//! nodes, operators, verifiers of fraud proofs, genesis files.
//!
//! # Adding a module
//! Its folder, one line in [`MODULES`], and one in this crate's `Cargo.toml` that names the folder by path, by
//! which it becomes a member of the workspace: `cargo run -p auto-xtask -- scaffold NAME FOLDER` writes the first
//! and prints the others. A domain then names the module in its genesis; nothing else has to know it.
//!
//! # Versions
//! A runtime is a set of modules at a version. Each line says from which version of the runtime its code is
//! in use; the first line of a module says 1. Code that decides something new gets a second line with a larger
//! version, and the first one stays as it is: blocks of older versions are judged by it for as long as they
//! can be challenged.
//!
//! # Guarantees
//! * The same modules and version give the same runtime in every build that knows them.
//! * A runtime that this build does not know is `None`, never one that is nearly the same.

mod list;

pub use list::{Line, MODULES};

use auto_core::ModuleId;
use auto_module::{Domain, DynModule, ModuleInfo, Runtime, Runtimes};
use std::sync::Arc;

/// The modules that this build knows, as the runtimes of domains.
///
/// ```
/// use auto_module::Runtimes;
/// use auto_registry::{Registry, ids};
///
/// let modules = ids(["bank", "messages"]).expect("both are known");
/// let domain = Registry::new().domain(&modules, 1).expect("version 1 is known");
/// assert_eq!(domain.modules().len(), 2);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Registry {
    lines: &'static [Line],
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl Registry {
    /// The registry of [`MODULES`].
    #[must_use]
    pub const fn new() -> Self {
        Self { lines: MODULES }
    }

    /// The newest code of every module, in the order of the list.
    #[must_use]
    pub fn modules(&self) -> Vec<ModuleInfo> {
        let mut known: Vec<ModuleInfo> = Vec::new();
        for info in self.lines.iter().map(|line| line.make().info()) {
            match known.iter_mut().find(|other| other.id == info.id) {
                Some(older) => *older = info,
                None => known.push(info),
            }
        }
        known
    }

    /// The versions from which the code of a module is in use; empty for one that is not known.
    fn since(&self, id: ModuleId) -> impl Iterator<Item = (u32, Arc<dyn DynModule>)> + '_ {
        let made = self.lines.iter().map(|line| (line.since(), line.make()));
        made.filter(move |(_, module)| module.info().id == id)
    }

    /// The code of a module at a version of the runtime.
    fn module(&self, id: ModuleId, version: u32) -> Option<Arc<dyn DynModule>> {
        let usable = self.since(id).filter(|(since, _)| *since <= version);
        usable.max_by_key(|(since, _)| *since).map(|(_, module)| module)
    }
}

impl Runtimes for Registry {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        if version > self.newest(modules)? {
            return None;
        }
        let code = modules.iter().map(|id| self.module(*id, version)).collect::<Option<_>>()?;
        Some(Arc::new(Runtime::new(version, code).ok()?))
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        let newest = |id: &ModuleId| self.since(*id).map(|(since, _)| since).max();
        modules.iter().map(newest).collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

/// What nodes and operators run.
#[must_use]
pub fn registry() -> Arc<dyn Runtimes> {
    Arc::new(Registry::new())
}

/// The id of the module of a name.
#[must_use]
pub fn id(name: &str) -> Option<ModuleId> {
    Registry::new().modules().into_iter().find(|info| info.name == name).map(|info| info.id)
}

/// The ids of modules by name; `None` when one of them is not known.
#[must_use]
pub fn ids<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Vec<ModuleId>> {
    names.into_iter().map(id).collect()
}

/// The name of the module of an id.
#[must_use]
pub fn name(id: ModuleId) -> Option<&'static str> {
    Registry::new().modules().into_iter().find(|info| info.id == id).map(|info| info.name)
}

#[cfg(test)]
mod tests;
