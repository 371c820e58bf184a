//! Account proofs that anybody checks without a node.

use crate::SdkError;
use auto_core::{Address, Amount, Hash, Header, Nonce, decode_strict};
use auto_ledger::{Account, account_key};
use auto_state::StateProof;
use serde::{Deserialize, Serialize};

/// Most bytes of an encoded header or proof.
const BYTES_MAX: usize = 1 << 20;

/// An account proof as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofFile {
    /// Version of this format; 1.
    pub format: u32,
    /// Whose account.
    pub address: Address,
    /// The encoded header in hex.
    pub header: String,
    /// The encoded proof in hex.
    pub proof: String,
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenAccount {
    /// Whose account.
    pub address: Address,
    /// Money held.
    pub balance: Amount,
    /// Transactions sent.
    pub nonce: Nonce,
    /// Height of the header.
    pub block: u64,
    /// Hash of the header: whoever trusts it can trust the rest.
    pub block_hash: Hash,
    /// Root of the state, from the header.
    pub state_root: Hash,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::Proof(reason.into())
}

impl ProofFile {
    /// A proof in the form of a file.
    #[must_use]
    pub fn new(address: Address, header: &[u8], proof: &[u8]) -> Self {
        Self { format: 1, address, header: hex::encode(header), proof: hex::encode(proof) }
    }

    /// Reads a file strictly.
    ///
    /// # Errors
    /// When it is not JSON of this form, or of another version.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        let file: Self =
            serde_json::from_str(text).map_err(|error| wrong(format!("not a proof file: {error}")))?;
        if file.format == 1 { Ok(file) } else { Err(wrong(format!("format {} is not known", file.format))) }
    }

    /// Checks the proof against its own header.
    ///
    /// # Errors
    /// When something is malformed or does not lead to the header's state root.
    pub fn verify(&self) -> Result<ProvenAccount, SdkError> {
        let bytes =
            |text: &str, what: &str| hex::decode(text).map_err(|error| wrong(format!("{what}: {error}")));
        let header: Header = decode_strict(&bytes(&self.header, "header")?, BYTES_MAX)
            .map_err(|error| wrong(format!("header: {error}")))?;
        let proof: StateProof = decode_strict(&bytes(&self.proof, "proof")?, BYTES_MAX)
            .map_err(|error| wrong(format!("proof: {error}")))?;
        let value = proof.verify(&header.state_root, &account_key(&self.address));
        let value = value.map_err(|error| wrong(error.to_string()))?;
        let account = match value {
            Some(bytes) => decode_strict::<Account>(&bytes, BYTES_MAX)
                .map_err(|error| wrong(format!("account: {error}")))?,
            None => Account::default(),
        };
        Ok(ProvenAccount {
            address: self.address,
            balance: account.balance,
            nonce: account.nonce,
            block: header.number.0,
            block_hash: header.hash(),
            state_root: header.state_root,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{BlockNumber, Digest, ShardId};
    use auto_ledger::{NoExtension, genesis_state};
    use auto_state::{EMPTY_ROOT, NodeSource, Snapshot, StateError};
    use parity_scale_codec::Encode;
    use std::collections::BTreeMap;

    struct Nodes(BTreeMap<Hash, Vec<u8>>);

    impl NodeSource for Nodes {
        fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
            Ok(self.0.get(hash).cloned())
        }
    }

    fn file(address: Address) -> ProofFile {
        let changes = genesis_state(&crate::dev_genesis(), &NoExtension).expect("a valid genesis");
        let commit = Snapshot::new(Nodes(BTreeMap::new()), EMPTY_ROOT).commit(&changes).expect("committed");
        let nodes = Nodes(commit.fresh.into_iter().collect());
        let proof = Snapshot::new(nodes, commit.root).prove(&account_key(&address)).expect("provable");
        let header = Header {
            shard: ShardId(0),
            number: BlockNumber(0),
            parent_hash: Hash::ZERO,
            transactions_root: Hash::ZERO,
            state_root: commit.root,
            mmr_root: Hash::ZERO,
            digest: Digest::default(),
        };
        ProofFile::new(address, &header.encode(), &proof.encode())
    }

    #[test]
    fn a_balance_and_an_absence_are_proven() {
        let alice = crate::DevAccount::named("alice").expect("known").pair().public_key().address();
        assert_eq!(file(alice).verify().expect("holds").balance, crate::DEV_BALANCE);
        assert_eq!(file(Address([9; 32])).verify().expect("holds").balance, Amount::ZERO);
    }

    #[test]
    fn altered_proofs_do_not_hold() {
        let alice = crate::DevAccount::named("alice").expect("known").pair().public_key().address();
        let good = file(alice);
        let other = ProofFile { address: Address([9; 32]), ..good.clone() };
        assert!(other.verify().is_err());
        for at in (0..good.proof.len()).step_by(7) {
            let mut text = good.proof.clone().into_bytes();
            text[at] = if text[at] == b'0' { b'1' } else { b'0' };
            let altered = ProofFile { proof: String::from_utf8(text).expect("ASCII"), ..good.clone() };
            let unchanged = altered.verify().is_ok_and(|proven| proven == good.verify().expect("holds"));
            assert!(!unchanged, "position {at}");
        }
        assert!(ProofFile::parse("{}").is_err());
    }
}
