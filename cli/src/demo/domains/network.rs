//! The nodes of a dispute: a farmer, whose chain is what is judged by, and one node for each operator.

use super::setup::{DISPUTED, Party, UNDISPUTED, genesis, params};
use crate::error::{CliError, Fault, internal};
use crate::network::{Operators, extension, follower};
use crate::wires::WiredNode;
use auto_core::{
    Amount, BlockNumber, Call, DomainId, Genesis, Hash, KeyPair, List, Nonce, SignedTransaction, Transaction,
};
use auto_farmer::FarmSpec;
use auto_node::{FarmSetup, NodeConfig, Retention, StoreKind};
use auto_operator::{DomainsHandle, Lie, Role};
use auto_state::StateRead;
use auto_store::{MemoryStore, Store};
use parity_scale_codec::Encode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What the one farm takes; it holds a few of the smallest sectors.
const FARM_BYTES: u64 = 4 << 20;
/// How often the chain is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Blocks within which everything that is waited for happens. A few dozen do where the machine is at rest. Where it
/// is not, the chain goes on while operators are late for every slot.
const BLOCKS_MAX: u64 = 6_000;
/// How long the chain may stand still.
const STILL_MAX: Duration = Duration::from_secs(600);
/// What a user pays at most for a transaction.
const FEE_LIMIT: Amount = Amount::ai3(10);

/// A node that follows the domains.
pub(super) struct Member {
    pub(super) node: WiredNode,
    pub(super) domains: DomainsHandle,
}

impl Member {
    fn start(
        number: u64,
        genesis: &Genesis,
        operators: Operators,
        farm: Option<FarmSetup>,
    ) -> Result<Self, CliError> {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let config = NodeConfig {
            genesis: genesis.clone(),
            followers: vec![follower(genesis, &store, operators)?],
            store: StoreKind::Given(store),
            extension: extension(),
            retention: Retention::default(),
            timekeeper: farm.is_some(),
            pace_slots: true,
            farms: farm.into_iter().collect(),
            transport: None,
        };
        let node = WiredNode::start(number, config)?;
        let domains = node.handle.domains().ok_or_else(|| internal("the node shows no domains"))?;
        Ok(Self { node, domains })
    }

    /// Reads the state after its head.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&dyn StateRead) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        self.node.handle.with_state(None, |_, state| read(state))
    }

    /// Hash of its own receipt of a block, as it executed it.
    pub(super) fn own_receipt(
        &self,
        domain: DomainId,
        number: BlockNumber,
    ) -> Result<Option<Hash>, CliError> {
        Ok(self.domains.receipt(domain, number).map_err(internal)?.map(|receipt| receipt.hash()))
    }
}

/// The nodes of a dispute. Operators are connected to the farmer one at a time, so that each has its say.
pub(super) struct Dispute {
    genesis: Genesis,
    /// Farms, keeps time, and watches the domains.
    pub(super) farmer: Member,
    pub(super) liar: Member,
    pub(super) follower: Member,
    pub(super) honest: Member,
    _folder: TempDir,
}

impl Dispute {
    /// Starts the nodes, none of them connected.
    pub(super) fn start(lie: Lie) -> Result<Self, CliError> {
        let folder = tempfile::tempdir().map_err(internal)?;
        let spec = FarmSpec { path: folder.path().join("farm"), size: FARM_BYTES };
        let genesis = genesis(lie, spec.check(&params(lie))?);
        let farm = FarmSetup {
            spec,
            key: Arc::new(Party::farmer().pair()),
            reward_address: Party::farmer().address(),
        };
        let one = |owner: Party, lie| Role { pair: owner.operator_pair(DISPUTED), lie };
        // Somebody has to lie for anyone to follow.
        let told = if lie == Lie::Follow { Lie::FinalizeRoot } else { lie };
        let alone = |role| Operators { roles: vec![role], account: None };
        let both = [DISPUTED, UNDISPUTED].map(|domain| Role::honest(Party::honest().operator_pair(domain)));
        let honest = Operators { roles: both.into(), account: Some(Party::reporter().pair()) };
        let start = |number, operators, farm| Member::start(number, &genesis, operators, farm);
        Ok(Self {
            farmer: start(1, Operators::default(), Some(farm))?,
            liar: start(2, alone(one(Party::liar(), Some(told))), None)?,
            follower: start(3, alone(one(Party::follower(), Some(Lie::Follow))), None)?,
            honest: start(4, honest, None)?,
            genesis,
            _folder: folder,
        })
    }

    /// A node that was never there and operates nothing; it replays the chain from its genesis.
    pub(super) fn newcomer(&self) -> Result<Member, CliError> {
        let newcomer = Member::start(5, &self.genesis, Operators::default(), None)?;
        self.farmer.node.connect(&newcomer.node);
        Ok(newcomer)
    }

    pub(super) fn join(&self, member: &Member) {
        self.farmer.node.connect(&member.node);
    }

    pub(super) fn leave(&self, member: &Member) {
        self.farmer.node.cut(&member.node);
    }

    /// Height of the farmer's head.
    pub(super) fn head(&self) -> Result<u64, CliError> {
        Ok(self.farmer.node.handle.status()?.head.number.0)
    }

    fn check_running(&self) -> Result<(), CliError> {
        let all = [&self.farmer, &self.liar, &self.follower, &self.honest];
        let failure = all.iter().find_map(|member| member.node.failure());
        failure.map_or(Ok(()), |reason| Err(Fault::NodeStopped(reason).into()))
    }

    /// Looks at the chain until `look` finds something. Blocks are counted and not seconds, so that a slow
    /// machine only takes longer.
    pub(super) fn until<T>(
        &self,
        what: &str,
        mut look: impl FnMut() -> Result<Option<T>, CliError>,
    ) -> Result<T, CliError> {
        let first = self.head()?;
        let (mut head, mut moved) = (first, Instant::now());
        loop {
            self.check_running()?;
            if let Some(found) = look()? {
                return Ok(found);
            }
            let now = self.head()?;
            if now != head {
                (head, moved) = (now, Instant::now());
            }
            if moved.elapsed() > STILL_MAX {
                let seconds = STILL_MAX.as_secs();
                return Err(Fault::Timeout { what: "a new block".to_owned(), seconds }.into());
            }
            if head > first.saturating_add(BLOCKS_MAX) {
                return Err(Fault::CheckFailed(format!("{what}: not within {BLOCKS_MAX} blocks")).into());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Signs a call for this chain.
    pub(super) fn sign(
        &self,
        pair: &KeyPair,
        domain: DomainId,
        nonce: Nonce,
        call: Call,
    ) -> SignedTransaction {
        let transaction = Transaction {
            domain,
            signer: pair.public_key(),
            nonce,
            expiry: BlockNumber(u64::MAX),
            fee_limit: FEE_LIMIT,
            calls: List::new(vec![call]).unwrap_or_default(),
        };
        transaction.sign(pair, &self.farmer.node.handle.genesis())
    }

    /// Sends a call of the consensus chain.
    pub(super) fn call(&self, from: Party, call: Call) -> Result<Hash, CliError> {
        let nonce = self.farmer.node.handle.next_nonce(&from.address())?;
        let signed = self.sign(&from.pair(), DomainId::CONSENSUS, nonce, call);
        Ok(self.farmer.node.handle.submit(&signed.encode())?)
    }

    /// Stops every node.
    pub(super) fn stop(self) {
        for member in [self.liar, self.follower, self.honest, self.farmer] {
            member.node.stop();
        }
    }
}
