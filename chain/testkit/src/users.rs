//! People who send transfers.

mod domains;

use crate::node::SimNode;
use crate::{Failure, Rng, World};
use auto_core::{Amount, BlockNumber, DomainId, KeyPair, List, Transaction};
use auto_ledger::LedgerCall;
use auto_node::Effect;
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// Blocks after which a transfer of the hasty expires.
const HASTY_BLOCKS: u64 = 4;
/// Blocks after which any other does.
const PATIENT_BLOCKS: u64 = 10_000;

/// The users of one simulation.
#[derive(Debug)]
pub(crate) struct Users {
    rng: Rng,
    /// Every transaction that some node took.
    sent: Vec<Vec<u8>>,
    /// What is sent on domains.
    there: domains::Sent,
}

impl Users {
    pub(crate) const fn new(rng: Rng) -> Self {
        Self { rng, sent: Vec::new(), there: BTreeMap::new() }
    }

    /// Somebody sends money by way of this node, to any of `chains`, or on the consensus chain.
    pub(crate) fn transfer(
        &mut self,
        world: &World,
        node: &mut SimNode,
        chains: &[DomainId],
    ) -> Result<Vec<Effect>, Failure> {
        let Some(pair) = world.users().get(self.rng.index(world.users().len())) else {
            return Ok(Vec::new());
        };
        let Some(bytes) = self.compose(world, node, pair, chains)? else { return Ok(Vec::new()) };
        let effects = offer(node, &bytes);
        if !effects.is_empty() {
            self.sent.push(bytes);
        }
        Ok(effects)
    }

    fn compose(
        &mut self,
        world: &World,
        node: &SimNode,
        pair: &KeyPair,
        chains: &[DomainId],
    ) -> Result<Option<Vec<u8>>, Failure> {
        let (Some(machine), Some(head)) = (node.machine.as_ref(), node.state()) else { return Ok(None) };
        let Some(state) = node.head_state()? else { return Ok(None) };
        let signer = pair.public_key().address();
        let account = auto_ledger::account(&state, &signer)
            .map_err(|error| Failure::of("reading an account", &error))?;
        let addresses = world.addresses();
        let to = addresses.get(self.rng.index(addresses.len())).copied().unwrap_or(signer);
        let amount = Amount::from_base_units(u128::from(self.rng.bits()));
        let call = if !chains.is_empty() && self.rng.chance(60) {
            domains::payment_to(chains[self.rng.index(chains.len())], to)
        } else {
            LedgerCall::Transfer { to, amount }.into_call()
        };
        let blocks = if self.rng.chance(20) { HASTY_BLOCKS } else { PATIENT_BLOCKS };
        let transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair.public_key(),
            nonce: machine.pool().next_nonce(&signer, account.nonce),
            expiry: BlockNumber(head.number().0.saturating_add(blocks)),
            fee_limit: Amount::ai3(1),
            calls: List::new(call.into_iter().collect()).unwrap_or_default(),
        };
        Ok(Some(transaction.sign(pair, &world.genesis_hash()).encode()))
    }

    /// Everybody repeats to this node what it may have missed.
    pub(crate) fn repeat(&self, node: &mut SimNode) -> Result<Vec<Effect>, Failure> {
        let mut effects: Vec<Effect> = self.sent.iter().flat_map(|bytes| offer(node, bytes)).collect();
        effects.extend(self.repeat_on_domains(node)?);
        Ok(effects)
    }
}

/// Hands a transaction to a node; no effects mean that it was refused.
fn offer(node: &mut SimNode, bytes: &[u8]) -> Vec<Effect> {
    let Some(machine) = node.machine.as_mut() else { return Vec::new() };
    // A stale nonce or a spent balance is what users of a divided network have to expect.
    let _ = machine.submit(bytes);
    machine.take_effects()
}
