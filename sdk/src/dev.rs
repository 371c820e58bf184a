//! The development network: accounts whose secrets everybody knows, and the genesis that funds them.

use auto_core::{Amount, Blob, Genesis, GenesisAccount, KeyPair, List, Preset, ProtocolParams, hash_parts};
use zeroize::Zeroizing;

/// Tag of the hash that gives a development account its secret.
const TAG: &[u8] = b"auto/v1/sdk/dev-account\0";
/// Randomness of the development genesis; fixed, since nothing is at stake there.
const ENTROPY: &[u8] = b"auto development network 1";
const NAMES: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "farmer"];

/// What every development account holds at genesis.
pub const DEV_BALANCE: Amount = Amount::ai3(1_000_000);

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
}

/// The genesis of the development network: preset `dev`, every [`DevAccount`] with [`DEV_BALANCE`].
#[must_use]
pub fn dev_genesis() -> Genesis {
    let account = |account: DevAccount| GenesisAccount {
        address: account.pair().public_key().address(),
        balance: DEV_BALANCE,
    };
    Genesis {
        params: ProtocolParams::preset(Preset::Dev),
        accounts: List::new(DevAccount::all().into_iter().map(account).collect()).unwrap_or_default(),
        entropy: Blob::new(ENTROPY.to_vec()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
