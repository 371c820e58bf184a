//! Genesis as people write it.

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
        let account = |entry: &Balance| {
            let balance: Amount =
                entry.balance.parse().map_err(|error| invalid(format!("balance: {error}")))?;
            Ok(GenesisAccount { address: entry.address, balance })
        };
        let accounts: Vec<_> = self.accounts.iter().map(account).collect::<Result<_, SdkError>>()?;
        let accounts = List::new(accounts).map_err(|_| invalid("more than 65536 accounts"))?;
        Ok(Genesis { params: ProtocolParams::preset(preset), accounts, entropy })
    }

    /// The file of a genesis whose parameters are a preset; `None` for others.
    #[must_use]
    pub fn of(genesis: &Genesis) -> Option<Self> {
        let presets = [("production", Preset::Production), ("dev", Preset::Dev), ("test", Preset::Test)];
        let (name, _) =
            presets.iter().find(|(_, preset)| ProtocolParams::preset(*preset) == genesis.params)?;
        let balance =
            |entry: &GenesisAccount| Balance { address: entry.address, balance: entry.balance.to_string() };
        Some(Self {
            format: 1,
            preset: (*name).to_owned(),
            entropy: hex::encode(&*genesis.entropy),
            accounts: genesis.accounts.iter().map(balance).collect(),
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
            let file =
                GenesisFile { format: 1, preset: preset.into(), entropy: entropy.into(), accounts: vec![] };
            assert!(file.genesis().is_err(), "{preset} {entropy}");
        }
    }
}
