//! The development network: accounts whose secrets everybody knows, and the genesis that funds them.

use auto_agents::Agents;
use auto_core::{
    Amount, Blob, DomainConfig, DomainId, Genesis, GenesisAccount, GenesisDomain, GenesisOperator, KeyPair,
    List, ModuleGenesis, OperatorAllowList, Preset, ProtocolParams, decode_strict, hash_parts,
};
use auto_domains::election::OperatorPair;
use auto_module::Module;
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use autoid::{Autoid, AutoidGenesis, Params};
use parity_scale_codec::Encode;
use zeroize::Zeroizing;

/// Tag of the hash that gives a development account its secret.
const TAG: &[u8] = b"auto/v1/sdk/dev-account\0";
/// Randomness of the development genesis; fixed, since nothing is at stake there.
const ENTROPY: &[u8] = b"auto development network 1";
const NAMES: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "farmer"];

/// Tag of the hash that gives a development account the secret of its operator in a domain.
const OPERATOR_TAG: &[u8] = b"auto/v1/sdk/dev-operator\0";
/// Names of the domains, in their order.
const DOMAINS: [&str; 2] = ["identity", "ai"];
/// Owner and domain of each operator, in their order.
const OPERATORS: [(&str, DomainId); 4] =
    [("dave", DomainId(1)), ("erin", DomainId(1)), ("erin", DomainId(2)), ("frank", DomainId(2))];
/// The domain that identities live on.
const IDENTITY: &str = DOMAINS[0];
/// Unix seconds of slot zero where nobody says otherwise: 2026-01-01T00:00:00Z.
const CLOCK: u64 = 1_767_225_600;
/// Who owns the domains.
const DOMAIN_OWNER: &str = "alice";
/// Bytes of a bundle: half of what a block of a domain may have, so that two operators fit.
const BUNDLE_BYTES: u32 = 65_536;
/// Weight of a bundle: a fifth of a second on the reference machine, where a block comes every two seconds.
const BUNDLE_WEIGHT: u64 = 200_000_000;

/// What every development account holds at genesis, beside what its operators stake.
pub const DEV_BALANCE: Amount = Amount::ai3(1_000_000);
/// What every development account holds at genesis on each domain.
pub const DEV_DOMAIN_BALANCE: Amount = Amount::ai3(10_000);
/// What each operator of the development network stakes at genesis, storage fund included.
pub const DEV_STAKE: Amount = Amount::ai3(10_000);

/// An account of the development network. Its secret is public: never send it anything of worth.
///
/// ```
/// use auto_sdk::DevAccount;
///
/// let alice = DevAccount::named("alice").expect("alice is a development account");
/// assert_ne!(alice.pair().public_key(), DevAccount::named("bob").expect("so is bob").pair().public_key());
/// assert!(DevAccount::named("mallory").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DevAccount {
    name: &'static str,
}

impl DevAccount {
    /// All of them, in a fixed order.
    #[must_use]
    pub fn all() -> Vec<Self> {
        NAMES.iter().map(|name| Self { name }).collect()
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|other| **other == name).map(|name| Self { name })
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Its key pair, derived from the name alone.
    #[must_use]
    pub fn pair(self) -> KeyPair {
        let secret = Zeroizing::new(hash_parts(TAG, &[self.name.as_bytes()]).0);
        KeyPair::from_secret(&secret)
    }

    /// The key pair of its operator in a domain, derived from name and domain alone; operators that it
    /// registers after genesis may use others.
    #[must_use]
    pub fn operator_pair(self, domain: DomainId) -> OperatorPair {
        let parts: [&[u8]; 2] = [&domain.0.to_le_bytes(), self.name.as_bytes()];
        let secret = Zeroizing::new(hash_parts(OPERATOR_TAG, &parts).0);
        OperatorPair::from_secret(&secret)
    }

    /// What its operators stake at genesis.
    fn staked(self) -> Amount {
        let operators = OPERATORS.iter().filter(|(owner, _)| *owner == self.name);
        operators.fold(Amount::ZERO, |sum, _| sum.checked_add(DEV_STAKE).unwrap_or(sum))
    }
}

/// Owner and domain of each operator of the development genesis, in the order of their numbers from zero.
#[must_use]
pub fn dev_operators() -> Vec<(DevAccount, DomainId)> {
    OPERATORS.iter().map(|(name, domain)| (DevAccount { name }, *domain)).collect()
}

fn operator((owner, domain): (DevAccount, DomainId)) -> GenesisOperator {
    GenesisOperator {
        domain,
        owner: owner.pair().public_key().address(),
        key: owner.operator_pair(domain).key(),
        stake: DEV_STAKE,
        nomination_min: Amount::ai3(1),
        tax_percent: 10,
    }
}

/// What identities start from: delays that somebody at a desk can sit out.
fn identities(clock: u64) -> AutoidGenesis {
    let params = Params {
        recovery_delay: 30,
        endorsement_window: 300,
        alias_age_min: 2,
        alias_age_max: 300,
        ..Params::default()
    };
    AutoidGenesis { clock, params }
}

/// The domain of a number from 1, with channels to the consensus chain and to the other one.
fn domain(number: u32, name: &str, clock: u64) -> GenesisDomain {
    let peers: Vec<DomainId> = (1..).zip(DOMAINS).map(|(peer, _)| DomainId(peer)).collect();
    let peers: Vec<DomainId> = peers.into_iter().filter(|peer| peer.0 != number).collect();
    let established = std::iter::once(DomainId::CONSENSUS).chain(peers.iter().copied()).collect();
    let channels = MessagesGenesis {
        allowed: List::new(peers).unwrap_or_default(),
        established: List::new(established).unwrap_or_default(),
    };
    let mut modules = vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Messages::ID, genesis: Blob::new(channels.encode()).unwrap_or_default() },
    ];
    if name == IDENTITY {
        let genesis = Blob::new(identities(clock).encode()).unwrap_or_default();
        modules.push(ModuleGenesis { module: Autoid::ID, genesis });
        modules.push(ModuleGenesis { module: Agents::ID, genesis: Blob::default() });
    }
    let account = |account: DevAccount| GenesisAccount {
        address: account.pair().public_key().address(),
        balance: DEV_DOMAIN_BALANCE,
    };
    let name = Blob::new(name.as_bytes().to_vec()).unwrap_or_default();
    GenesisDomain {
        owner: DevAccount { name: DOMAIN_OWNER }.pair().public_key().address(),
        config: DomainConfig {
            name: name.clone(),
            bundle_bytes_max: BUNDLE_BYTES,
            bundle_weight_max: BUNDLE_WEIGHT,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: name,
        modules: List::new(modules).unwrap_or_default(),
        accounts: List::new(DevAccount::all().into_iter().map(account).collect()).unwrap_or_default(),
    }
}

/// The genesis of the development network: preset `dev`, every [`DevAccount`] with [`DEV_BALANCE`].
///
/// It has the domains `identity` (1) and `ai` (2), each with bank and messages, the first with identities
/// and agents beside them; [`DEV_DOMAIN_BALANCE`] for every account, open channels to the consensus chain and to the
/// other domain, and the operators of [`dev_operators`]. It is always the same one; see [`dev_genesis_at`].
#[must_use]
pub fn dev_genesis() -> Genesis {
    dev_genesis_at(CLOCK)
}

/// The genesis of a development network whose slot zero is at a Unix time in seconds: [`dev_genesis`] with another
/// clock for identities, so that certificates and grants begin and end at about the time of the wall clock.
#[must_use]
pub fn dev_genesis_at(clock: u64) -> Genesis {
    let account = |account: DevAccount| GenesisAccount {
        address: account.pair().public_key().address(),
        balance: DEV_BALANCE.checked_add(account.staked()).unwrap_or(DEV_BALANCE),
    };
    let domains = (1..).zip(DOMAINS).map(|(number, name)| domain(number, name, clock)).collect();
    let operators = dev_operators().into_iter().map(operator).collect();
    Genesis {
        params: ProtocolParams::preset(Preset::Dev),
        accounts: List::new(DevAccount::all().into_iter().map(account).collect()).unwrap_or_default(),
        entropy: Blob::new(ENTROPY.to_vec()).unwrap_or_default(),
        domains: List::new(domains).unwrap_or_default(),
        operators: List::new(operators).unwrap_or_default(),
    }
}

/// Whether this is the genesis of a development network, whatever its clock: then its accounts' secrets are public.
#[must_use]
pub fn is_dev_genesis(genesis: &Genesis) -> bool {
    let modules = genesis.domains.iter().flat_map(|domain| domain.modules.iter());
    let clock = modules
        .filter(|module| module.module == Autoid::ID)
        .find_map(|module| decode_strict::<AutoidGenesis>(&module.genesis, module.genesis.len()).ok())
        .map(|identities| identities.clock);
    clock.is_some_and(|clock| *genesis == dev_genesis_at(clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_genesis_is_known_by_everything_but_its_clock() {
        let later = dev_genesis_at(CLOCK + 1);
        assert_ne!(later, dev_genesis());
        assert!(is_dev_genesis(&later) && is_dev_genesis(&dev_genesis()));
        let entropy = Blob::new(vec![1]).expect("short");
        assert!(!is_dev_genesis(&Genesis { entropy, ..dev_genesis() }));
        assert!(!is_dev_genesis(&Genesis { domains: List::default(), ..dev_genesis() }));
    }

    #[test]
    fn addresses_never_change() {
        let alice = DevAccount::named("alice").expect("known").pair().public_key().address();
        assert_eq!(
            alice.to_string(),
            alice.to_string().parse::<auto_core::Address>().expect("valid").to_string()
        );
        let genesis = dev_genesis();
        assert_eq!(genesis.accounts.len(), NAMES.len());
        assert!(genesis.accounts.iter().any(|account| account.address == alice));
        assert_eq!(genesis.params.validate(), Ok(()));
    }

    #[test]
    fn operator_keys_differ_by_account_and_domain_and_never_change() {
        let keys: Vec<_> =
            dev_operators().iter().map(|(owner, domain)| owner.operator_pair(*domain).key()).collect();
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(key));
        }
        assert_eq!(keys[0].to_string(), "04c25da17f0588e2d5d0d4ffdd99d1638ad99a33fb7bf11461a7ed5d2716cd24");
        for domain in [DomainId(1), DomainId(2)] {
            assert!(dev_operators().iter().filter(|(_, of)| *of == domain).count() >= 2);
        }
    }

    #[test]
    fn the_chain_starts_with_the_domains_and_their_operators() {
        let (genesis, domains) = (dev_genesis(), auto_domains::Domains::new(auto_registry::registry()));
        let changes = auto_ledger::genesis_state(&genesis, &domains).expect("a working genesis");
        let state: std::collections::BTreeMap<Vec<u8>, Vec<u8>> =
            changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let found = auto_domains::view::domains(&state).expect("readable");
        let names: Vec<_> = found.iter().map(|view| view.record.config.name.to_vec()).collect();
        assert_eq!(names, DOMAINS.map(|name| name.as_bytes().to_vec()));
        for view in &found {
            assert_eq!(view.epoch.stakes.len(), 2, "both operators take part at once");
            let channel = auto_module::messages::channel(&state, view.domain, auto_core::ChannelId(0));
            assert_eq!(channel.expect("open").state, auto_module::messages::ChannelState::Open);
        }
        for account in DevAccount::all() {
            let address = account.pair().public_key().address();
            assert_eq!(auto_ledger::account(&state, &address).expect("readable").balance, DEV_BALANCE);
        }
    }
}
