//! Domains and operators as people write them.

use super::{Balance, accounts, invalid};
use crate::SdkError;
use auto_core::{
    Address, Amount, Blob, DomainConfig, DomainId, DomainName, GenesisDomain, GenesisOperator, List,
    ModuleGenesis, OperatorAllowList, OperatorKey, decode_strict,
};
use auto_module::Module;
use auto_module::messages::{Messages, MessagesGenesis};
use parity_scale_codec::Encode;
use serde::{Deserialize, Serialize};

/// A domain of a genesis file. Domains are numbered from 1 in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainEntry {
    /// Its name, at most 32 bytes.
    pub name: String,
    /// Who owns it.
    pub owner: Address,
    /// Name of its runtime. Domains that name the same runtime have the same modules.
    pub runtime: String,
    /// Its modules in order; the bank is the first.
    pub modules: Vec<ModuleEntry>,
    /// What its messages start from, when it has the module `messages`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<ChannelsEntry>,
    /// Most bytes of one bundle's extrinsics.
    pub bundle_bytes_max: u32,
    /// Most weight of one bundle, in nanoseconds on the reference machine.
    pub bundle_weight_max: u64,
    /// Probability that some operator is elected in a slot: numerator and denominator.
    pub bundle_probability: (u32, u32),
    /// Who may operate it; anyone when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operators: Option<Vec<Address>>,
    /// Balances on the domain; money beside that of the chain's own accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Balance>,
}

/// A module of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleEntry {
    /// Its name, such as `bank`.
    pub name: String,
    /// Its configuration in hex, in its own encoding; empty for its default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub genesis: String,
}

/// The chains that a domain deals with, by number; the consensus chain is 0.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelsEntry {
    /// Chains that it deals with beside the consensus chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<u32>,
    /// Chains to which a channel is open from the start; each domain among them lists this one too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub established: Vec<u32>,
}

/// An operator of a genesis file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorEntry {
    /// Number of its domain.
    pub domain: u32,
    /// Who owns it; the stake comes from this account.
    pub owner: Address,
    /// Its public key in hex.
    pub key: String,
    /// What it stakes, storage fund included, such as `1000 AI3`.
    pub stake: String,
    /// The least that others may add, such as `1 AI3`.
    pub nomination_min: String,
    /// Its share of the nominators' rewards in percent.
    pub tax_percent: u8,
}

fn name(text: &str) -> Result<DomainName, SdkError> {
    Blob::new(text.as_bytes().to_vec()).map_err(|_| invalid(format!("the name `{text}` has over 32 bytes")))
}

fn text(name: &DomainName) -> Option<String> {
    String::from_utf8(name.to_vec()).ok()
}

fn amount(field: &'static str, text: &str) -> Result<Amount, SdkError> {
    text.parse().map_err(|error| invalid(format!("{field}: {error}")))
}

impl ChannelsEntry {
    fn genesis(&self) -> Result<MessagesGenesis, SdkError> {
        let chains = |numbers: &[u32]| -> Vec<DomainId> { numbers.iter().copied().map(DomainId).collect() };
        Ok(MessagesGenesis {
            allowed: List::new(chains(&self.allowed)).map_err(|_| invalid("more than 63 chains allowed"))?,
            established: List::new(chains(&self.established))
                .map_err(|_| invalid("more than 64 channels established"))?,
        })
    }

    fn of(genesis: &MessagesGenesis) -> Self {
        let numbers = |chains: &[DomainId]| chains.iter().map(|chain| chain.0).collect();
        Self { allowed: numbers(&genesis.allowed), established: numbers(&genesis.established) }
    }
}

impl DomainEntry {
    fn module(&self, entry: &ModuleEntry) -> Result<ModuleGenesis, SdkError> {
        let module = auto_registry::id(&entry.name);
        let module = module.ok_or_else(|| invalid(format!("`{}` is no module of this build", entry.name)))?;
        let written = hex::decode(&entry.genesis);
        let mut genesis = written.map_err(|error| invalid(format!("genesis of {}: {error}", entry.name)))?;
        if let Some(channels) = self.channels.as_ref().filter(|_| module == Messages::ID) {
            if !genesis.is_empty() {
                return Err(invalid("the messages have both `channels` and a `genesis`"));
            }
            genesis = channels.genesis()?.encode();
        }
        let genesis =
            Blob::new(genesis).map_err(|_| invalid(format!("genesis of {}: too long", entry.name)))?;
        Ok(ModuleGenesis { module, genesis })
    }

    /// The domain that it describes.
    pub(super) fn genesis(&self) -> Result<GenesisDomain, SdkError> {
        let modules: Vec<_> =
            self.modules.iter().map(|entry| self.module(entry)).collect::<Result<_, _>>()?;
        let twice = |at: usize| modules[..at].iter().any(|before| before.module == modules[at].module);
        if (0..modules.len()).any(twice) {
            return Err(invalid(format!("`{}` has a module twice", self.name)));
        }
        if self.channels.is_some() && !self.modules.iter().any(|module| module.name == Messages::NAME) {
            return Err(invalid(format!("`{}` has channels, but not the module `messages`", self.name)));
        }
        let operators = match &self.operators {
            None => OperatorAllowList::Anyone,
            Some(owners) => {
                let mut owners = owners.clone();
                owners.sort_unstable();
                OperatorAllowList::Owners(
                    List::new(owners).map_err(|_| invalid("more than 256 operators allowed"))?,
                )
            }
        };
        Ok(GenesisDomain {
            owner: self.owner,
            config: DomainConfig {
                name: name(&self.name)?,
                bundle_bytes_max: self.bundle_bytes_max,
                bundle_weight_max: self.bundle_weight_max,
                bundle_probability: self.bundle_probability,
                operators,
            },
            runtime: name(&self.runtime)?,
            modules: List::new(modules).map_err(|_| invalid("more than 32 modules"))?,
            accounts: accounts(&self.accounts)?,
        })
    }

    /// The entry of a domain; `None` when its names are not text or a module is not one of this build.
    pub(super) fn of(domain: &GenesisDomain) -> Option<Self> {
        let mut channels = None;
        let mut modules = Vec::new();
        for module in domain.modules.iter() {
            let bytes = &module.genesis;
            let readable = |bytes: &[u8]| decode_strict::<MessagesGenesis>(bytes, bytes.len()).ok();
            let known =
                (module.module == Messages::ID && !bytes.is_empty()).then(|| readable(bytes)).flatten();
            let genesis = if known.is_some() { String::new() } else { hex::encode(&**bytes) };
            channels = channels.or(known.as_ref().map(ChannelsEntry::of));
            modules.push(ModuleEntry { name: auto_registry::name(module.module)?.to_owned(), genesis });
        }
        let operators = match &domain.config.operators {
            OperatorAllowList::Anyone => None,
            OperatorAllowList::Owners(owners) => Some(owners.to_vec()),
        };
        Some(Self {
            name: text(&domain.config.name)?,
            owner: domain.owner,
            runtime: text(&domain.runtime)?,
            modules,
            channels,
            bundle_bytes_max: domain.config.bundle_bytes_max,
            bundle_weight_max: domain.config.bundle_weight_max,
            bundle_probability: domain.config.bundle_probability,
            operators,
            accounts: domain.accounts.iter().map(Balance::of).collect(),
        })
    }
}

impl OperatorEntry {
    /// The operator that it describes.
    pub(super) fn genesis(&self) -> Result<GenesisOperator, SdkError> {
        let mut key = [0; 32];
        let read = hex::decode_to_slice(&self.key, &mut key);
        read.map_err(|error| invalid(format!("key of an operator: {error}")))?;
        Ok(GenesisOperator {
            domain: DomainId(self.domain),
            owner: self.owner,
            key: OperatorKey(key),
            stake: amount("stake", &self.stake)?,
            nomination_min: amount("nomination_min", &self.nomination_min)?,
            tax_percent: self.tax_percent,
        })
    }

    /// The entry of an operator.
    pub(super) fn of(operator: &GenesisOperator) -> Self {
        Self {
            domain: operator.domain.0,
            owner: operator.owner,
            key: operator.key.to_string(),
            stake: operator.stake.to_string(),
            nomination_min: operator.nomination_min.to_string(),
            tax_percent: operator.tax_percent,
        }
    }
}
