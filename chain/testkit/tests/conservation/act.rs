//! What accounts do, on the consensus chain and on domains.

use super::setup::PEOPLE;
use super::side::Pooled;
use super::world::{Member, World};
use auto_core::{
    Amount, Blob, BlockNumber, ChannelId, DomainId, List, ModuleId, Nonce, OperatorId, Transaction,
};
use auto_domains::state::OperatorStatus;
use auto_domains::{DomainsCall, Withdraw, view};
use auto_ledger::LedgerCall;
use auto_module::bank::{self, Bank};
use auto_module::messages::{self, CHANNELS, Channel, ChannelState, Messages};
use auto_module::{Contents, Extrinsic, Module};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// Operators that one domain is given at a time.
const OPERATORS_MAX: usize = 5;
/// Channels that one chain opens to another.
const CHANNELS_MAX: usize = 12;

/// The channels of a chain to another.
pub(crate) fn channels(contents: &Contents, peer: DomainId) -> Vec<(ChannelId, Channel)> {
    let entries = CHANNELS.entries(contents).expect("sound");
    entries.into_iter().filter(|((to, _), _)| *to == peer).map(|((_, id), side)| (id, side)).collect()
}

impl World {
    /// Something on the consensus chain.
    pub(crate) fn act_on_the_chain(&mut self) {
        match self.rng.between(1, 100) {
            1..=20 => self.pay(),
            21..=25 => self.act_as_an_owner(),
            26..=56 => self.send_to_a_domain(),
            57..=60 => self.open_from_the_chain(),
            61..=63 => self.close_from_the_chain(),
            64..=72 => self.register(),
            73..=80 => self.nominate(),
            81..=86 => self.withdraw(),
            87..=92 => self.unlock(),
            93..=95 => self.end_or_rest(),
            _ => self.come_back(),
        }
    }

    fn pay(&mut self) {
        let (from, to) = (self.anyone(), self.anyone());
        let (to, amount) = (self.address(to), self.amount(0, 500));
        self.tally.count("payments on the consensus chain");
        self.send(from, LedgerCall::Transfer { to, amount }.into_call());
    }

    /// A channel of a chain to another: an open one if there is, mostly.
    fn some_channel(&mut self, list: &[(ChannelId, Channel)]) -> Option<ChannelId> {
        let open: Vec<_> = list.iter().filter(|(_, side)| side.state == ChannelState::Open).collect();
        if !open.is_empty() && !self.rng.chance(5) {
            return Some(open[self.rng.index(open.len())].0);
        }
        list.get(self.rng.index(list.len())).map(|(id, _)| *id)
    }

    fn send_to_a_domain(&mut self) {
        let (from, to, domain) = (self.anyone(), self.rng.index(PEOPLE), self.some_domain());
        let list = channels(self.chain.state(), domain);
        let Some(channel) = self.some_channel(&list) else { return };
        let (to, amount) = (self.address(to), self.amount(1, 3000));
        self.send(from, DomainsCall::TransferToDomain { domain, channel, to, amount }.into_call());
    }

    fn open_from_the_chain(&mut self) {
        let (from, domain) = (self.anyone(), self.some_domain());
        if channels(self.chain.state(), domain).len() < CHANNELS_MAX {
            self.send(from, DomainsCall::OpenChannel { domain }.into_call());
        }
    }

    fn close_from_the_chain(&mut self) {
        let domain = self.some_domain();
        let list = channels(self.chain.state(), domain);
        let Some((channel, side)) = list.get(self.rng.index(list.len())).copied() else { return };
        let from = self.owner_of(&side).unwrap_or_else(|| self.anyone());
        self.send(from, DomainsCall::CloseChannel { domain, channel }.into_call());
    }

    fn register(&mut self) {
        let owner = self.anyone();
        let mut domain = self.some_domain();
        if self.rng.chance(30) {
            // Those that came last have the fewest operators.
            domain = self.sides.last().map_or(domain, |side| side.id);
        }
        let there = view::operators(self.chain.state(), domain).expect("sound").len();
        if there >= OPERATORS_MAX || self.offered.values().any(|offer| offer.2 == domain) {
            return;
        }
        let number = u64::try_from(self.members.len() + self.offered.len()).expect("small") + 1_000;
        let pair = auto_testkit::consensus::Operator::pair_of(number);
        let possession = pair.prove_possession(&self.chain.rules().genesis, domain, &self.address(owner));
        let call = DomainsCall::RegisterOperator {
            domain,
            key: pair.key(),
            possession,
            stake: self.amount(9_900, 60_000),
            nomination_min: self.amount(1_000, 2_000),
            tax_percent: u8::try_from(self.rng.between(0, 100)).expect("small"),
        };
        self.offered.insert(pair.key(), (number, owner, domain));
        self.send(owner, call.into_call());
    }

    /// An operator, of the newest half mostly: older ones are gone.
    pub(crate) fn some_member(&mut self) -> usize {
        let count = self.members.len();
        let recent = count.saturating_sub(12);
        if self.rng.chance(70) { recent + self.rng.index(count - recent) } else { self.rng.index(count) }
    }

    /// An operator, and its owner or someone else.
    fn some_stake(&mut self) -> (OperatorId, usize) {
        let at = self.some_member();
        let Member { operator, owner, .. } = &self.members[at];
        let (id, owner) = (operator.id, *owner);
        (id, if self.rng.chance(40) { owner } else { self.anyone() })
    }

    fn nominate(&mut self) {
        let (operator, from) = self.some_stake();
        let amount = self.amount(900, 20_000);
        self.send(from, DomainsCall::Nominate { operator, amount }.into_call());
    }

    /// A stake of which there is something, if one is found.
    fn some_position(&mut self) -> Option<(OperatorId, usize, view::Position)> {
        for _ in 0..8 {
            let (operator, from) = self.some_stake();
            let position = view::position(self.chain.state(), operator, &self.address(from));
            if let Some(position) = position.expect("sound") {
                return Some((operator, from, position));
            }
        }
        None
    }

    fn withdraw(&mut self) {
        let Some((operator, from, position)) = self.some_position() else { return };
        let amount = if self.rng.chance(30) {
            Withdraw::All
        } else {
            Withdraw::Shares(position.shares / 100 * u128::from(self.rng.between(1, 101)) + 1)
        };
        self.send(from, DomainsCall::Withdraw { operator, amount }.into_call());
    }

    fn unlock(&mut self) {
        let Some((operator, from, position)) = self.some_position() else { return };
        let call = match position.status {
            OperatorStatus::Deregistered(_) => DomainsCall::UnlockNominator { operator },
            _ => DomainsCall::Unlock { operator },
        };
        self.send(from, call.into_call());
    }

    fn end_or_rest(&mut self) {
        let at = self.some_member();
        let Member { operator, owner, anchor, .. } = self.members[at].clone();
        let operator = operator.id;
        let call = if self.rng.chance(50) {
            DomainsCall::DeactivateOperator { operator }
        } else if anchor {
            return;
        } else {
            DomainsCall::DeregisterOperator { operator }
        };
        self.send(owner, call.into_call());
    }

    fn come_back(&mut self) {
        // Whoever rests, if someone does.
        let domain = self.some_domain();
        let there = view::operators(self.chain.state(), domain).expect("sound");
        let resting = there
            .iter()
            .find(|operator| matches!(operator.record.status, OperatorStatus::Deactivated(_)))
            .map(|operator| operator.operator);
        let Some(operator) = resting else { return };
        let owner = self.members.iter().find(|member| member.operator.id == operator);
        let Some(owner) = owner.map(|member| member.owner) else { return };
        self.send(owner, DomainsCall::ReactivateOperator { operator }.into_call());
    }

    /// Something on a domain.
    pub(crate) fn act_on_a_domain(&mut self) {
        let (domain, from) = (self.some_domain(), self.anyone());
        let (from, module, payload) = match self.rng.between(1, 100) {
            1..=50 => (from, Bank::ID, self.payment_there()),
            51..=94 => {
                let Some(payload) = self.sending_there(domain) else { return };
                (from, Messages::ID, payload)
            }
            _ => {
                let Some((from, payload)) = self.channel_there(domain, from) else { return };
                (from, Messages::ID, payload)
            }
        };
        self.sign_there(domain, from, module, payload);
    }

    fn payment_there(&mut self) -> Vec<u8> {
        let to = self.rng.index(PEOPLE);
        // Some are more than anyone has.
        let amount = if self.rng.chance(4) { Amount::ai3(1_000_000) } else { self.amount(1, 900) };
        let transfer = bank::Transfer { to: self.address(to), amount };
        bank::Call::Transfer(transfer).encode()
    }

    /// Another chain than a domain: the consensus chain half of the time.
    fn other(&mut self, domain: DomainId) -> DomainId {
        let other = self.some_domain();
        if other == domain || self.rng.chance(35) { DomainId::CONSENSUS } else { other }
    }

    fn sending_there(&mut self, domain: DomainId) -> Option<Vec<u8>> {
        let chain = self.other(domain);
        let list = channels(&self.side(domain).contents, chain);
        let channel = self.some_channel(&list)?;
        let to = self.rng.index(PEOPLE);
        let (to, amount) = (self.address(to), self.amount(1, 2000));
        Some(messages::Call::Transfer(messages::Transfer { chain, channel, to, amount }).encode())
    }

    /// Opening a channel, or closing one by its owner.
    fn channel_there(&mut self, domain: DomainId, from: usize) -> Option<(usize, Vec<u8>)> {
        let chain = self.other(domain);
        let list = channels(&self.side(domain).contents, chain);
        if list.len() < CHANNELS_MAX && self.rng.chance(60) {
            return Some((from, messages::Call::Open(messages::Open { chain }).encode()));
        }
        let (channel, side) = *list.get(self.rng.index(list.len()))?;
        let owner = self.owner_of(&side).unwrap_or(from);
        Some((owner, messages::Call::Close(messages::Close { chain, channel }).encode()))
    }

    fn owner_of(&self, side: &Channel) -> Option<usize> {
        (0..PEOPLE).find(|person| side.owner == Some(self.address(*person)))
    }

    fn sign_there(&mut self, domain: DomainId, from: usize, module: ModuleId, payload: Vec<u8>) {
        let (pair, genesis) = (Arc::clone(&self.people[from]), self.chain.rules().genesis);
        let sender = pair.public_key().address();
        let side = self.side_mut(domain);
        let nonce = side.next_nonce(&sender);
        let call = auto_core::Call { module, payload: Blob::new(payload).expect("short") };
        let transaction = Transaction {
            domain,
            signer: pair.public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(vec![call]).expect("one"),
        };
        let signed = Extrinsic::Signed(Box::new(transaction.sign(&pair, &genesis)));
        let bytes = Blob::new(signed.encode()).expect("short");
        side.pool.push(Pooled { sender, nonce, bytes });
    }
}
