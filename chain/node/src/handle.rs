//! What people and programs ask of a running node.

mod history;
mod status;

use crate::node::Shared;
use crate::records::{BlockRecord, Records};
use crate::{AccountView, BlockId, EventStream, FarmView, NodeError};
use auto_core::{Address, Amount, BlockNumber, Genesis, Hash, Header, ProtocolParams};
use auto_operator::DomainsHandle;
use auto_state::{Snapshot, StateProof, StateRead, Witness};
use auto_store::StateNodes;
use parity_scale_codec::Encode;
use std::sync::Arc;

/// Which copies of the history a retrieval must do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// None: blocks, caches and plots serve.
    Nothing,
    /// Blocks and caches: only plotted sectors serve.
    Cache,
    /// Blocks, caches and every source piece: only plotted parity pieces serve, half of each segment.
    SourcePieces,
}

/// An account with what proves it to somebody who trusts the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountProof {
    /// The account.
    pub account: AccountView,
    /// The encoded header whose state root the proof leads to.
    pub header: Vec<u8>,
    /// The encoded [`auto_state::StateProof`].
    pub proof: Vec<u8>,
}

/// Answers questions about a node; cheap to clone, usable from any thread.
#[derive(Clone)]
pub struct NodeHandle {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for NodeHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeHandle").field("genesis", &self.shared.genesis_hash).finish_non_exhaustive()
    }
}

impl NodeHandle {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The protocol parameters.
    #[must_use]
    pub fn params(&self) -> &ProtocolParams {
        &self.shared.genesis.params
    }

    /// What the chain started from.
    #[must_use]
    pub fn genesis_file(&self) -> &Genesis {
        &self.shared.genesis
    }

    /// Hash of the genesis block.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        self.shared.genesis_hash
    }

    fn records(&self) -> Records<'_> {
        Records(&*self.shared.store)
    }

    fn record(&self, hash: &Hash) -> Result<BlockRecord, NodeError> {
        let record = self.records().block(hash)?;
        record.ok_or_else(|| NodeError::Missing { what: "block", key: hash.to_string() })
    }

    fn tips(&self) -> Result<crate::records::Tips, NodeError> {
        self.records().tips()?.ok_or(NodeError::Missing { what: "tips", key: String::new() })
    }

    fn state(&self, record: &BlockRecord) -> Snapshot<StateNodes<'_>> {
        Snapshot::new(StateNodes(&*self.shared.store), record.header.state_root)
    }

    /// The header of a known block.
    ///
    /// # Errors
    /// When the store fails.
    pub fn header(&self, hash: &Hash) -> Result<Option<Header>, NodeError> {
        Ok(self.records().block(hash)?.map(|record| record.header))
    }

    /// The lowest height whose state can be read.
    ///
    /// # Errors
    /// When the store fails.
    pub fn oldest_state(&self) -> Result<BlockNumber, NodeError> {
        Ok(self.tips()?.oldest_state)
    }

    /// The block of a height on the best chain, where its state can be read; the head without a height.
    fn at(&self, height: Option<BlockNumber>) -> Result<(Hash, BlockRecord), NodeError> {
        let tips = self.tips()?;
        let head = self.record(&tips.head)?;
        let Some(asked) = height.filter(|asked| *asked != head.header.number) else {
            return Ok((tips.head, head));
        };
        let unavailable =
            NodeError::HeightUnavailable { asked, oldest: tips.oldest_state, head: head.header.number };
        if asked < tips.oldest_state || asked > head.header.number {
            return Err(unavailable);
        }
        let hash = self.records().canonical(asked)?.ok_or(unavailable)?;
        Ok((hash, self.record(&hash)?))
    }

    /// An account at a height of the best chain, or at its head.
    ///
    /// # Errors
    /// When the height is not available, or the store fails.
    pub fn account(&self, address: &Address, at: Option<BlockNumber>) -> Result<AccountView, NodeError> {
        let (hash, record) = self.at(at)?;
        let account = auto_ledger::account(&self.state(&record), address).map_err(NodeError::Ledger)?;
        let at = BlockId { number: record.header.number, hash };
        Ok(AccountView { address: *address, balance: account.balance, nonce: account.nonce, at })
    }

    /// An account with its proof.
    ///
    /// # Errors
    /// When the height is not available, or the store fails.
    pub fn account_proof(
        &self,
        address: &Address,
        at: Option<BlockNumber>,
    ) -> Result<AccountProof, NodeError> {
        let (_, record) = self.at(at)?;
        let proof =
            self.state(&record).prove(&auto_ledger::account_key(address)).map_err(NodeError::State)?;
        let account = self.account(address, Some(record.header.number))?;
        Ok(AccountProof { account, header: record.header.encode(), proof: proof.encode() })
    }

    /// The nonce that a signer's next transaction needs, behind what waits in the pool.
    ///
    /// # Errors
    /// When the store fails.
    pub fn next_nonce(&self, address: &Address) -> Result<auto_core::Nonce, NodeError> {
        // Under the lock no block moves transactions from the pool into the state in between.
        let machine = self.shared.machine.lock();
        let account = self.account(address, None)?;
        Ok(machine.pool().next_nonce(address, account.nonce))
    }

    /// What a byte costs in the head block, and in the next one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn byte_fees(&self) -> Result<(Amount, Amount), NodeError> {
        let (_, record) = self.at(None)?;
        let fees = auto_ledger::byte_fees(&self.state(&record)).map_err(NodeError::Ledger)?;
        Ok((fees.current, fees.next))
    }

    /// Takes a transaction in its encoding.
    ///
    /// # Errors
    /// When it is refused, with the code of the rule it breaks; then nothing has changed.
    pub fn submit(&self, encoded: &[u8]) -> Result<Hash, NodeError> {
        self.check_running()?;
        let mut machine = self.shared.machine.lock();
        let result = machine.submit(encoded);
        let effects = machine.take_effects();
        drop(machine);
        self.shared.carry_out(effects);
        result
    }

    /// Takes a submission of an operator in its encoding.
    ///
    /// # Errors
    /// When it is refused, with the code of the rule it breaks; then nothing has changed.
    pub fn submit_submission(&self, encoded: &[u8]) -> Result<Hash, NodeError> {
        self.check_running()?;
        let mut machine = self.shared.machine.lock();
        let result = machine.submit_submission(encoded);
        let effects = machine.take_effects();
        drop(machine);
        self.shared.carry_out(effects);
        result
    }

    /// What `read` finds in the state after a block of the best chain, or after its head.
    ///
    /// # Errors
    /// When the height is not available, the store fails, or `read` does.
    pub fn with_state<T, E: From<NodeError>>(
        &self,
        at: Option<BlockNumber>,
        read: impl FnOnce(BlockId, &dyn StateRead) -> Result<T, E>,
    ) -> Result<T, E> {
        let (hash, record) = self.at(at)?;
        read(BlockId { number: record.header.number, hash }, &self.state(&record))
    }

    /// A proof of a key of the state after a block of the best chain, or after its head, with the encoded
    /// header whose state root it leads to.
    ///
    /// # Errors
    /// When the height is not available, or the store fails.
    pub fn state_proof(
        &self,
        key: &[u8],
        at: Option<BlockNumber>,
    ) -> Result<(Vec<u8>, StateProof), NodeError> {
        let (_, record) = self.at(at)?;
        let proof = self.state(&record).prove(key).map_err(NodeError::State)?;
        Ok((record.header.encode(), proof))
    }

    /// What proves the values of several keys of the state after a block of the best chain, or after its head,
    /// with the header whose state root it leads to.
    ///
    /// # Errors
    /// When the height is not available, or the store fails.
    pub fn state_witness(
        &self,
        keys: &[Vec<u8>],
        at: Option<BlockNumber>,
    ) -> Result<(Header, Witness), NodeError> {
        let (_, record) = self.at(at)?;
        let nodes = StateNodes(&*self.shared.store);
        let witness = Witness::of(nodes, record.header.state_root, keys).map_err(NodeError::State)?;
        Ok((record.header, witness))
    }

    /// The fee that a transaction would pay if it were submitted now.
    ///
    /// # Errors
    /// When it would be refused.
    pub fn simulate(&self, encoded: &[u8]) -> Result<Amount, NodeError> {
        self.shared.machine.lock().simulate(encoded)
    }

    fn check_running(&self) -> Result<(), NodeError> {
        match self.shared.failure.lock().clone() {
            Some(reason) => Err(NodeError::Stopped { reason }),
            None => Ok(()),
        }
    }

    /// What is known of the domains, where a follower of this node shows them.
    #[must_use]
    pub fn domains(&self) -> Option<DomainsHandle> {
        self.shared.domains.clone()
    }

    /// What happens from now on, after replaying what came behind event `after`.
    #[must_use]
    pub fn events(&self, after: Option<u64>) -> EventStream {
        self.shared.events.stream(after)
    }

    /// The farms of this node.
    #[must_use]
    pub fn farms(&self) -> Vec<FarmView> {
        self.shared.farms.iter().map(|farming| farming.view()).collect()
    }

    /// The bytes of an object; `None` when the best chain has none of this hash. May take seconds.
    ///
    /// # Errors
    /// When its pieces cannot be had, or the store fails.
    pub fn object(&self, hash: &Hash, without: Withheld) -> Result<Option<Vec<u8>>, NodeError> {
        self.shared.retriever.object(hash, without)
    }

    /// Metrics in the Prometheus text format.
    ///
    /// # Errors
    /// When the store fails.
    pub fn metrics(&self) -> Result<String, NodeError> {
        Ok(crate::metrics::render(&self.status()?, &self.farms()))
    }
}
