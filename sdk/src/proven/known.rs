//! A state of which what is needed is asked for as it is needed.

use super::{At, Evidence, PROOF_KEYS_MAX, Parts};
use crate::SdkError;
use auto_core::{BlockNumber, DomainId, ExecutionReceipt, Hash};
use auto_module::INHERENT;
use auto_state::{Recorder, Snapshot, StateError, StateRead, Witness};
use autoid_core::{Genesis, Point, View as _};
use autoid_interface::{CLOCK, StateView, network_of};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::future::Future;

/// Most times that one reading asks again: a walk to the top of a tree for every grant of the longest chain.
const ROUNDS_MAX: usize = 128;

/// Somebody who proves parts of a domain's state: a node, or a test.
pub trait Prover: Send + Sync {
    /// The domain.
    fn domain(&self) -> DomainId;

    /// Hash of the genesis block of the consensus chain.
    fn genesis(&self) -> impl Future<Output = Result<Hash, SdkError>> + Send;

    /// The values of these keys, at most [`PROOF_KEYS_MAX`]; nothing of it is trusted.
    fn prove(&self, keys: &[Vec<u8>], at: At) -> impl Future<Output = Result<Evidence, SdkError>> + Send;
}

/// The state of a domain after one of its blocks. What was read stays; what is missing is asked for, always of
/// the same block.
#[derive(Debug, Clone)]
pub struct DomainState<P> {
    prover: P,
    genesis: Hash,
    network: Genesis,
    point: Point,
    evidence: Evidence,
    parts: Vec<Witness>,
}

/// The state as far as it is shown, which remembers what it was asked for in vain.
struct Known<'a> {
    shown: Snapshot<Parts<'a>>,
    wanted: RefCell<BTreeSet<Vec<u8>>>,
}

impl StateRead for Known<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let found = self.shown.get(key);
        if let Err(StateError::Missing(_)) = &found {
            self.wanted.borrow_mut().insert(key.to_vec());
        }
        found
    }
}

fn wrong(reason: &str) -> SdkError {
    SdkError::Proof(reason.to_owned())
}

/// Holds evidence to the domain and its anchor.
pub(crate) fn check(evidence: &Evidence, domain: DomainId) -> Result<(), SdkError> {
    if evidence.receipt.domain != domain {
        return Err(wrong("the receipt is of another domain"));
    }
    evidence.anchor.as_ref().map_or(Ok(()), |anchor| anchor.check(&evidence.receipt))
}

impl<P: Prover> DomainState<P> {
    /// The state after a block.
    ///
    /// # Errors
    /// When the block cannot be read, or its proofs do not hold.
    pub async fn of(prover: P, at: At) -> Result<Self, SdkError> {
        let genesis = prover.genesis().await?;
        let evidence = prover.prove(&[INHERENT.key(), CLOCK.key()], at).await?;
        check(&evidence, prover.domain())?;
        if let At::Block(number) = at
            && evidence.receipt.number != number
        {
            return Err(wrong("the receipt is of another block"));
        }
        let root = evidence.receipt.final_state_root;
        let shown = Snapshot::new(&evidence.witness, root);
        let point = StateView::new(&shown)?.point();
        let network = network_of(&genesis, prover.domain());
        let parts = vec![evidence.witness.clone()];
        Ok(Self { prover, genesis, network, point, evidence, parts })
    }

    /// Who proves it.
    pub const fn prover(&self) -> &P {
        &self.prover
    }

    /// The domain.
    #[must_use]
    pub const fn domain(&self) -> DomainId {
        self.evidence.receipt.domain
    }

    /// Hash of the genesis block of the consensus chain, as the node states it.
    #[must_use]
    pub const fn genesis(&self) -> Hash {
        self.genesis
    }

    /// The network that identities of the domain belong to.
    #[must_use]
    pub const fn network(&self) -> Genesis {
        self.network
    }

    /// Height and time of the block.
    #[must_use]
    pub const fn point(&self) -> Point {
        self.point
    }

    /// Height of the block.
    #[must_use]
    pub const fn number(&self) -> BlockNumber {
        self.evidence.receipt.number
    }

    /// The receipt of the block.
    #[must_use]
    pub const fn receipt(&self) -> &ExecutionReceipt {
        &self.evidence.receipt
    }

    /// What ties it to the consensus chain; none while no operator vouched for the block there.
    #[must_use]
    pub const fn anchor(&self) -> Option<&super::Anchor> {
        self.evidence.anchor.as_ref()
    }

    /// What `read` finds. It is called again whenever it needed something that was not shown yet and was asked
    /// for meanwhile, so it must not do anything but read.
    ///
    /// # Errors
    /// What `read` ends in, or that the node does not prove what it needs.
    pub async fn view<T, E: Into<SdkError>>(
        &mut self,
        read: impl Fn(&dyn StateRead) -> Result<T, E> + Send + Sync,
    ) -> Result<T, SdkError> {
        for _ in 0..ROUNDS_MAX {
            let (found, wanted) = self.attempt(&read);
            if wanted.is_empty() {
                return found.map_err(Into::into);
            }
            self.show(&wanted).await?;
        }
        Err(wrong("the state leads from one key to the next without an end"))
    }

    fn attempt<T, E>(&self, read: &impl Fn(&dyn StateRead) -> Result<T, E>) -> (Result<T, E>, Vec<Vec<u8>>) {
        let shown = Snapshot::new(Parts(&self.parts), self.evidence.receipt.final_state_root);
        let known = Known { shown, wanted: RefCell::default() };
        let found = read(&known);
        (found, known.wanted.into_inner().into_iter().collect())
    }

    /// Has keys shown that a reading is going to need, in as few requests as possible.
    ///
    /// # Errors
    /// When the node does not prove them.
    pub async fn show(&mut self, keys: &[Vec<u8>]) -> Result<(), SdkError> {
        for keys in keys.chunks(PROOF_KEYS_MAX) {
            let evidence = self.prover.prove(keys, At::Block(self.number())).await?;
            if evidence.receipt != self.evidence.receipt {
                return Err(wrong("the node tells of two blocks of one height"));
            }
            self.parts.push(evidence.witness);
            let shown = Snapshot::new(Parts(&self.parts), self.evidence.receipt.final_state_root);
            if keys.iter().any(|key| shown.get(key).is_err()) {
                return Err(wrong("the node leaves out what it was asked for"));
            }
        }
        Ok(())
    }

    /// The nodes that `read` needs and no others, with what ties them to the consensus chain.
    ///
    /// # Errors
    /// As [`DomainState::view`].
    pub async fn evidence<T, E: Into<SdkError>>(
        &mut self,
        read: impl Fn(&dyn StateRead) -> Result<T, E> + Send + Sync,
    ) -> Result<Evidence, SdkError> {
        self.view(&read).await?;
        let recorder = Recorder::new(Parts(&self.parts));
        read(&Snapshot::new(&recorder, self.evidence.receipt.final_state_root)).map_err(Into::into)?;
        Ok(Evidence { witness: recorder.into_witness(), ..self.evidence.clone() })
    }
}
