//! What users do on domains, and between chains.

use super::{Users, offer};
use crate::node::SimNode;
use crate::{Failure, World};
use auto_core::{Address, Amount, BlockNumber, Call, ChannelId, DomainId, List, Nonce, Transaction};
use auto_domains::DomainsCall;
use auto_module::Module;
use auto_module::bank::{self, Bank};
use auto_module::messages::{self, Messages};
use auto_node::Effect;
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// What each user sent on each domain, by nonce: a wallet sends it again until it has run.
pub(super) type Sent = BTreeMap<(DomainId, Address), Vec<Vec<u8>>>;

/// The channel that is open between all chains from the start.
const CHANNEL: ChannelId = ChannelId(0);
/// What somebody sends.
const PAYMENT: Amount = Amount::ai3(1);

/// A call by which money goes to a domain.
pub(super) fn payment_to(domain: DomainId, to: Address) -> Option<Call> {
    DomainsCall::TransferToDomain { domain, channel: CHANNEL, to, amount: PAYMENT }.into_call()
}

impl Users {
    /// Somebody pays on a domain by way of this node, or, where money is sent between chains, from a domain to
    /// another chain.
    pub(crate) fn pay_on_domain(
        &mut self,
        world: &World,
        node: &mut SimNode,
        between_chains: bool,
    ) -> Vec<Effect> {
        let domains = world.domains();
        let (Some(domain), Some(pair)) = (
            domains.get(self.rng.index(domains.len())).copied(),
            world.users().get(self.rng.index(world.users().len())),
        ) else {
            return Vec::new();
        };
        let users = world.users();
        let to = users[self.rng.index(users.len())].public_key().address();
        let chains: Vec<DomainId> =
            std::iter::once(DomainId::CONSENSUS).chain(domains).filter(|chain| *chain != domain).collect();
        let call = if !between_chains || self.rng.chance(50) {
            Bank::encode_call(&bank::Call::Transfer(bank::Transfer { to, amount: PAYMENT }))
        } else {
            let chain = chains[self.rng.index(chains.len())];
            let transfer = messages::Transfer { chain, channel: CHANNEL, to, amount: PAYMENT };
            Messages::encode_call(&messages::Call::Transfer(transfer))
        };
        let sent = self.there.entry((domain, pair.public_key().address())).or_default();
        let transaction = Transaction {
            domain,
            signer: pair.public_key(),
            nonce: Nonce(u64::try_from(sent.len()).unwrap_or(u64::MAX)),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(call.into_iter().collect()).unwrap_or_default(),
        };
        let bytes = transaction.sign(pair, &world.genesis_hash()).encode();
        let effects = offer(node, &bytes);
        sent.push(bytes);
        effects
    }

    /// Everybody repeats to this node what has not run on its domain, as far as `node` knows.
    pub(super) fn repeat_on_domains(&self, node: &mut SimNode) -> Result<Vec<Effect>, Failure> {
        let mut effects = Vec::new();
        for ((domain, user), sent) in &self.there {
            let ran = match &node.domains {
                Some(domains) => domains.account(*domain, user).map_err(unread)?.nonce,
                None => Nonce(0),
            };
            let ran = usize::try_from(ran.0).unwrap_or(usize::MAX);
            effects.extend(sent.iter().skip(ran).flat_map(|bytes| offer(node, bytes)));
        }
        Ok(effects)
    }

    /// What was sent on domains and has not run, as this node knows; one that follows none knows nothing.
    pub(crate) fn waiting(&self, node: &SimNode) -> Result<Option<String>, Failure> {
        let Some(domains) = &node.domains else { return Ok(None) };
        for ((domain, user), sent) in &self.there {
            let ran = domains.account(*domain, user).map_err(unread)?.nonce;
            if usize::try_from(ran.0) != Ok(sent.len()) {
                let (sent, pool) = (sent.len(), domains.pool(*domain).len());
                return Ok(Some(format!("{ran} of {sent} of {user} ran on {domain}, {pool} wait there")));
            }
        }
        Ok(None)
    }
}

fn unread(error: auto_operator::OperatorError) -> Failure {
    Failure::of("reading an account of a domain", &error)
}
