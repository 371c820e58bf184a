//! Genesis as people write it.

mod domain;

pub use domain::{ChannelsEntry, DomainEntry, ModuleEntry, OperatorEntry};

use crate::SdkError;
use auto_core::{Address, Amount, Blob, Genesis, GenesisAccount, List, Preset, ProtocolParams};
use serde::{Deserialize, Serialize};

/// A genesis file.
///
/// ```
/// let text = r#"{"format": 1, "preset": "dev", "entropy": "00ff", "accounts": []}"#;
/// let genesis = auto_sdk::GenesisFile::parse(text).expect("well formed").genesis().expect("valid");
/// assert_eq!(genesis.entropy.len(), 2);
/// ```
///
/// Domains and operators may be left out; a chain without them has accounts and objects only.
///
/// ```
/// let owner = auto_sdk::DevAccount::named("alice").expect("known").pair().public_key().address();
/// let text = format!(
///     r#"{{"format": 1, "preset": "dev", "entropy": "", "accounts": [], "domains": [{{
///         "name": "shop", "owner": "{owner}", "runtime": "shop",
///         "modules": [{{"name": "bank"}}, {{"name": "messages"}}], "channels": {{"established": [0]}},
///         "bundle_bytes_max": 65536, "bundle_weight_max": 200000000, "bundle_probability": [1, 1],
///         "accounts": [{{"address": "{owner}", "balance": "5 AI3"}}]
///     }}]}}"#
/// );
/// let genesis = auto_sdk::GenesisFile::parse(&text).expect("well formed").genesis().expect("valid");
/// assert_eq!(genesis.domains[0].modules.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisFile {
    /// Version of this format; 1.
    pub format: u32,
    /// Name of the parameters: `production`, `dev` or `test`.
    pub preset: String,
    /// Randomness in hex, at most 1024 bytes.
    pub entropy: String,
    /// Balances.
    pub accounts: Vec<Balance>,
    /// Domains, numbered from 1 in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<DomainEntry>,
    /// Operators of the domains, numbered from 0 in their order; their stakes come from their owners' balances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operators: Vec<OperatorEntry>,
}

/// A balance of a genesis file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// Who holds it.
    pub address: Address,
    /// How much, such as `1.5 AI3`.
    pub balance: String,
}

fn invalid(reason: impl Into<String>) -> SdkError {
    SdkError::Genesis(reason.into())
}

impl Balance {
    fn of(entry: &GenesisAccount) -> Self {
        Self { address: entry.address, balance: entry.balance.to_string() }
    }

    fn genesis(&self) -> Result<GenesisAccount, SdkError> {
        let balance: Amount = self.balance.parse().map_err(|error| invalid(format!("balance: {error}")))?;
        Ok(GenesisAccount { address: self.address, balance })
    }
}

fn accounts(entries: &[Balance]) -> Result<List<GenesisAccount, 65_536>, SdkError> {
    let accounts: Vec<_> = entries.iter().map(Balance::genesis).collect::<Result<_, _>>()?;
    List::new(accounts).map_err(|_| invalid("more than 65536 accounts"))
}

impl GenesisFile {
    /// Reads a genesis file strictly.
    ///
    /// # Errors
    /// When it is not JSON of this form, or of another version.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        let file: Self = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        if file.format != 1 {
            return Err(invalid(format!("format {} is not known; this program reads format 1", file.format)));
        }
        Ok(file)
    }

    /// The genesis that it describes.
    ///
    /// # Errors
    /// When a value is malformed or over its bound.
    pub fn genesis(&self) -> Result<Genesis, SdkError> {
        let preset = match self.preset.as_str() {
            "production" => Preset::Production,
            "dev" => Preset::Dev,
            "test" => Preset::Test,
            other => return Err(invalid(format!("`{other}` is no preset: use production, dev or test"))),
        };
        let entropy = hex::decode(&self.entropy).map_err(|error| invalid(format!("entropy: {error}")))?;
        let entropy = Blob::new(entropy).map_err(|_| invalid("entropy has more than 1024 bytes"))?;
        let domains: Vec<_> = self.domains.iter().map(DomainEntry::genesis).collect::<Result<_, _>>()?;
        let operators: Vec<_> =
            self.operators.iter().map(OperatorEntry::genesis).collect::<Result<_, _>>()?;
        Ok(Genesis {
            entropy,
            domains: List::new(domains).map_err(|_| invalid("more than 64 domains"))?,
            operators: List::new(operators).map_err(|_| invalid("more than 256 operators"))?,
            ..Genesis::new(ProtocolParams::preset(preset), accounts(&self.accounts)?)
        })
    }

    /// The file of a genesis whose parameters are a preset, and whose modules this build knows; `None` for
    /// others.
    #[must_use]
    pub fn of(genesis: &Genesis) -> Option<Self> {
        let presets = [("production", Preset::Production), ("dev", Preset::Dev), ("test", Preset::Test)];
        let (name, _) =
            presets.iter().find(|(_, preset)| ProtocolParams::preset(*preset) == genesis.params)?;
        Some(Self {
            format: 1,
            preset: (*name).to_owned(),
            entropy: hex::encode(&*genesis.entropy),
            accounts: genesis.accounts.iter().map(Balance::of).collect(),
            domains: genesis.domains.iter().map(DomainEntry::of).collect::<Option<_>>()?,
            operators: genesis.operators.iter().map(OperatorEntry::of).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dev_genesis;

    #[test]
    fn the_file_of_a_genesis_gives_that_genesis() {
        let file = GenesisFile::of(&dev_genesis()).expect("a preset");
        let text = serde_json::to_string(&file).expect("encodable");
        let read = GenesisFile::parse(&text).expect("well formed");
        assert_eq!(read.genesis().expect("valid"), dev_genesis());
    }

    #[test]
    fn malformed_files_are_refused() {
        for text in [
            "",
            "{}",
            r#"{"format": 2, "preset": "dev", "entropy": "", "accounts": []}"#,
            r#"{"format": 1, "preset": "dev", "entropy": "", "accounts": [], "more": 1}"#,
        ] {
            assert!(GenesisFile::parse(text).is_err(), "{text}");
        }
        for (preset, entropy) in [("devv", ""), ("dev", "0"), ("dev", "zz")] {
            let file = GenesisFile {
                format: 1,
                preset: preset.into(),
                entropy: entropy.into(),
                accounts: vec![],
                domains: vec![],
                operators: vec![],
            };
            assert!(file.genesis().is_err(), "{preset} {entropy}");
        }
    }

    #[test]
    fn a_file_without_domains_stays_as_short_as_it_was() {
        let text = r#"{"format":1,"preset":"dev","entropy":"","accounts":[]}"#;
        let file = GenesisFile::parse(text).expect("well formed");
        assert_eq!(serde_json::to_string(&file).expect("encodable"), text);
        let genesis = file.genesis().expect("valid");
        assert!(genesis.domains.is_empty() && genesis.operators.is_empty());
    }

    type Change = fn(&mut DomainEntry);

    #[test]
    fn domains_that_make_no_sense_are_refused() {
        let whole = GenesisFile::of(&dev_genesis()).expect("a preset");
        let changes: [(&str, Change); 7] = [
            ("no module of this build", |domain| domain.modules[1].name = "bunk".to_owned()),
            ("a module twice", |domain| domain.modules[0] = domain.modules[1].clone()),
            ("genesis of bank", |domain| domain.modules[0].genesis = "xx".to_owned()),
            ("both `channels`", |domain| domain.modules[1].genesis = "00".to_owned()),
            ("not the module `messages`", |domain| domain.modules.truncate(1)),
            ("over 32 bytes", |domain| domain.name = "x".repeat(33)),
            ("balance", |domain| domain.accounts[0].balance = "lots".to_owned()),
        ];
        for (reason, change) in changes {
            let mut file = whole.clone();
            change(&mut file.domains[0]);
            let error = file.genesis().expect_err(reason);
            assert!(error.to_string().contains(reason), "{error}");
        }
        let mut file = whole.clone();
        file.operators[0].key.pop();
        assert!(file.genesis().is_err());
        let mut file = whole;
        file.operators[0].stake = "-1".to_owned();
        assert!(file.genesis().is_err());
    }

    #[test]
    fn owners_are_put_in_order() {
        let mut file = GenesisFile::of(&dev_genesis()).expect("a preset");
        let mut owners: Vec<_> = dev_genesis().accounts.iter().map(|account| account.address).collect();
        owners.sort_unstable_by(|a, b| b.cmp(a));
        file.domains[0].operators = Some(owners.clone());
        let genesis = file.genesis().expect("valid");
        owners.reverse();
        let auto_core::OperatorAllowList::Owners(listed) = &genesis.domains[0].config.operators else {
            unreachable!("owners were listed")
        };
        assert_eq!(**listed, owners);
        let again = GenesisFile::of(&genesis).expect("a preset");
        assert_eq!(again.genesis().expect("valid"), genesis);
    }
}
