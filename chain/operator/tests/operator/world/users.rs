//! What users of the network do and see.

use super::{Net, address, call_of, pair};
use auto_core::{
    Amount, BlockNumber, Call, DomainId, Hash, List, Nonce, OperatorId, Transaction, decode_strict,
};
use auto_domains::state::{DOMAIN, DomainRecord, OPERATOR, OperatorRecord};
use auto_domains::{DomainsCall, DomainsEvent};
use auto_ledger::{Event, ExecutedBlock, account, issuance};
use auto_module::bank::{self, Bank};
use auto_operator::DomainsHandle;
use auto_store::{Column, Direction, Store};

impl Net {
    /// A transaction of a domain, told to every node that is online.
    pub(crate) fn send(&mut self, domain: DomainId, from: u8, nonce: u64, call: Call) -> Hash {
        let transaction = Transaction {
            domain,
            signer: pair(from).public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(vec![call]).expect("one"),
        };
        let signed = transaction.sign(&pair(from), &self.rules.genesis);
        let mut id = Hash::ZERO;
        for node in self.nodes.iter_mut().filter(|node| node.online) {
            id = node.operator.transaction(&signed).expect("taken into the pool");
        }
        id
    }

    /// A payment on a domain.
    pub(crate) fn pay(&mut self, domain: DomainId, from: u8, nonce: u64, to: u8, amount: Amount) -> Hash {
        let transfer = bank::Transfer { to: address(to), amount };
        self.send(domain, from, nonce, call_of::<Bank>(&bank::Call::Transfer(transfer)))
    }

    /// Drops what waits for a block, as when the branch is left.
    pub(crate) fn drop_waiting(&mut self) {
        self.submissions.clear();
        self.transactions.clear();
    }

    /// Keys of a node's own records that begin with a letter.
    pub(crate) fn records(&self, at: usize, kind: u8) -> usize {
        let store = &self.nodes[at].store;
        store.scan(Column::Domains, &[kind], None, Direction::Forward, 100_000).expect("reads").len()
    }

    /// Offers a call of an account for the next block.
    pub(crate) fn call(&mut self, from: u8, call: DomainsCall) {
        let nonce = account(self.contents(), &address(from)).expect("sound").nonce;
        let transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair(from).public_key(),
            nonce,
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(vec![call.into_call().expect("fits")]).expect("one"),
        };
        let signed = transaction.sign(&pair(from), &self.rules.genesis);
        self.transactions.push(signed);
    }

    pub(crate) fn record(&self, domain: DomainId) -> DomainRecord {
        DOMAIN.get(self.contents(), &domain).expect("sound").expect("the domain exists")
    }

    pub(crate) fn operator(&self, number: u64) -> OperatorRecord {
        OPERATOR.get(self.contents(), &OperatorId(number)).expect("sound").expect("the operator exists")
    }

    pub(crate) fn balance(&self, of: u8) -> Amount {
        account(self.contents(), &address(of)).expect("sound").balance
    }

    pub(crate) fn handle(&self, at: usize) -> DomainsHandle {
        self.nodes[at].operator.handle()
    }

    /// What an account holds on a domain, as a node sees it.
    pub(crate) fn there(&self, at: usize, domain: DomainId, of: u8) -> Amount {
        self.handle(at).account(domain, &address(of)).expect("served").balance
    }

    /// The money that exists is that of accounts, of the ledger and of the domains.
    pub(super) fn check_money(&self) {
        let contents = self.contents();
        let supply = issuance(contents).expect("sound");
        let held = self.rules.extension.held(contents).expect("sound");
        let accounts = contents.range(b"ledger/account/".to_vec()..b"ledger/account0".to_vec());
        let accounts = accounts.fold(0u128, |sum, (_, value)| {
            let account: auto_ledger::Account = decode_strict(value, 256).expect("an account");
            sum + account.balance.base_units()
        });
        let all = accounts + supply.held.base_units() + held.base_units();
        assert_eq!(supply.total.base_units(), all, "money after block {}", self.number());
    }
}

/// All that happened to the domains in a block, in order.
pub(super) fn events(executed: &ExecutedBlock) -> Vec<DomainsEvent> {
    let submissions = executed.submissions.iter().flat_map(|done| &done.events);
    let transactions = executed.transactions.iter().flat_map(|done| &done.events);
    let all = executed.begun.iter().chain(submissions).chain(transactions).chain(&executed.ended);
    let bytes = all.filter_map(|event| match event {
        Event::Extension(bytes) => Some(bytes),
        _ => None,
    });
    bytes.map(|bytes| decode_strict(bytes, bytes.len()).expect("an event")).collect()
}
