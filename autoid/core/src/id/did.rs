use alloc::string::ToString;
use core::fmt;
use core::str::FromStr;

use super::{AutoId, Genesis, hexadecimal};
use crate::Refusal;

/// `did:auto:<network>:<identity>`; the network is the first eight hexadecimal digits of its genesis.
///
/// Four bytes tell networks apart for people. What is signed names the whole genesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Did {
    network: [u8; 4],
    /// The identity.
    pub id: AutoId,
}

const PREFIX: &str = "did:auto:";

impl Did {
    /// The DID of an identity on a network.
    #[must_use]
    pub const fn new(genesis: &Genesis, id: AutoId) -> Self {
        let [a, b, c, d, ..] = genesis.0;
        Self { network: [a, b, c, d], id }
    }

    /// Whether the DID names this network.
    #[must_use]
    pub fn is_on(&self, genesis: &Genesis) -> bool {
        genesis.0.starts_with(&self.network)
    }

    /// The identity, when the DID is of this network.
    ///
    /// # Errors
    /// When it is of another.
    pub fn on(&self, genesis: &Genesis) -> Result<AutoId, Refusal> {
        if self.is_on(genesis) { Ok(self.id) } else { Err(Refusal::Network) }
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}:{}", hexadecimal(&self.network), self.id)
    }
}

impl FromStr for Did {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let rest = text.strip_prefix(PREFIX).ok_or(Refusal::Identifier)?;
        let (network, id) = rest.split_once(':').ok_or(Refusal::Identifier)?;
        let padded = network.to_string() + &"0".repeat(64_usize.saturating_sub(network.len()));
        let genesis: Genesis = padded.parse()?;
        let did = Self::new(&genesis, id.parse()?);
        if did.to_string() == text { Ok(did) } else { Err(Refusal::Identifier) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_did_names_its_network() {
        let genesis = Genesis([0x1a; 32]);
        let did = AutoId([9; 32]).did(&genesis);
        let text = did.to_string();
        assert!(text.starts_with("did:auto:1a1a1a1a:z"));
        assert_eq!(text.parse(), Ok(did));
        assert_eq!(did.on(&genesis), Ok(AutoId([9; 32])));
        assert_eq!(did.on(&Genesis([0; 32])), Err(Refusal::Network));
        for bad in
            ["did:auto", "did:auto:1a:z1", &text.replace("1a1a1a1a", "1A1A1A1A"), &text[..text.len() - 1]]
        {
            assert_eq!(bad.parse::<Did>(), Err(Refusal::Identifier), "{bad}");
        }
    }
}
