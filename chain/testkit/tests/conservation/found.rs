//! What owners do: runtimes, their upgrades, new domains, and domains that are stopped for a while.

use super::setup::{DOMAINS, PEOPLE, REPORTERS, found_by, name};
use super::side::Side;
use super::world::World;
use auto_core::{BlockNumber, DomainId, List, RuntimeId};
use auto_domains::state::RuntimeRecord;
use auto_domains::{DomainsCall, view};

/// Domains that are founded beside those of genesis.
const FOUNDED_MAX: u32 = 3;

impl World {
    /// Something that only owners may do, done by the owner mostly.
    pub(crate) fn act_as_an_owner(&mut self) {
        match self.rng.between(1, 10) {
            1..=2 => self.register_runtime(),
            3..=4 => self.found(),
            5..=7 => self.upgrade(),
            8..=9 => self.freeze(true),
            _ => self.freeze(false),
        }
    }

    /// A runtime that somebody owns, if there is one.
    fn some_runtime(&mut self) -> Option<(RuntimeId, RuntimeRecord)> {
        let mut all = view::runtimes(self.chain.state()).expect("sound");
        all.retain(|(_, known)| known.owner.is_some());
        let at = self.rng.index(all.len());
        (at < all.len()).then(|| all.swap_remove(at))
    }

    fn register_runtime(&mut self) {
        let count = view::runtimes(self.chain.state()).expect("sound").len();
        if count < 4 {
            let from = self.anyone();
            let modules = List::new(super::setup::modules()).expect("two");
            let (name, version) = (name(&format!("runtime-{count}")), 1);
            self.send(from, DomainsCall::RegisterRuntime { name, modules, version }.into_call());
        }
    }

    fn person_of(&self, address: auto_core::Address) -> usize {
        (0..PEOPLE).find(|person| self.address(*person) == address).unwrap_or(REPORTERS)
    }

    fn upgrade(&mut self) {
        let Some((runtime, known)) = self.some_runtime() else { return };
        let owner = known.owner.map_or(REPORTERS, |owner| self.person_of(owner));
        let from = if self.rng.chance(80) { owner } else { self.anyone() };
        let at = BlockNumber(self.number() + self.rng.between(1, 5));
        let (name, version) = (known.name, known.version + 1);
        self.send(from, DomainsCall::UpgradeRuntime { runtime, name, version, at }.into_call());
    }

    /// Founds a domain; its operators come when they want to.
    fn found(&mut self) {
        let number = u32::try_from(self.sides.len()).expect("few") + 1;
        let Some((runtime, known)) = self.some_runtime() else { return };
        if number > DOMAINS + FOUNDED_MAX || self.founding.is_some() {
            return;
        }
        let (from, most) = (self.anyone(), self.amount(1_000, 200_000));
        let genesis = found_by(self.address(from), number, known.name, most);
        let call = DomainsCall::InstantiateDomain {
            runtime,
            config: genesis.config.clone(),
            modules: genesis.modules.clone(),
            accounts: List::new(genesis.accounts.to_vec()).expect("few"),
        };
        self.founding = Some(genesis);
        self.send(from, call.into_call());
    }

    fn freeze(&mut self, stop: bool) {
        let domain = self.some_domain();
        let owner = self.person_of(self.record(domain).owner);
        let from = if self.rng.chance(80) { owner } else { self.anyone() };
        let call = match stop {
            true => DomainsCall::FreezeDomain { domain },
            false => DomainsCall::UnfreezeDomain { domain },
        };
        self.send(from, call.into_call());
    }

    /// Follows a domain that the newest block founded, from its start.
    pub(crate) fn learn_domain(&mut self) {
        let Some(genesis) = self.founding.take() else { return };
        let domain = DomainId(u32::try_from(self.sides.len()).expect("few") + 1);
        let known = view::domain(self.chain.state(), domain).expect("sound");
        if let Some(known) = known {
            assert_eq!(known.record.owner, genesis.owner);
            let version = self.runtime_version(domain);
            let created = known.record.created;
            self.sides.push(Side::new(&self.chain, &genesis, (domain, created, version)));
        }
    }
}
