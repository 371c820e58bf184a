//! A consensus chain, its domains, and what happens to them.

use super::books::Books;
use super::setup::{ANCHORS, DOMAINS, PEOPLE, REPORTERS, SLOTS, STATES, TwoModules, genesis, person};
use super::side::Side;
use super::tally::Tally;
use auto_core::{
    Address, Amount, BlockNumber, Call, DomainId, GenesisDomain, KeyPair, List, Nonce, OpaqueExtrinsic,
    OperatorKey, SignedTransaction, Slot, Submission, Transaction, decode_strict,
};
use auto_domains::DomainsEvent;
use auto_domains::state::{DOMAIN, DomainRecord, OPERATOR_KEY, RUNTIME};
use auto_ledger::{Event, ExecutedBlock, Outcome, account, check, check_submission};
use auto_module::Outcome as Fate;
use auto_testkit::Rng;
use auto_testkit::consensus::{ConsensusChain, Operator, Pace};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Submissions of a consensus block.
const SUBMISSIONS_MAX: usize = 9;

/// An operator of the world.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) operator: Operator,
    /// The number of the person who owns it.
    pub(crate) owner: usize,
    /// Whether it lies now and then.
    pub(crate) liar: bool,
    /// Whether it stays as long as the world.
    pub(crate) anchor: bool,
    /// The consensus block until which it is cut off.
    pub(crate) cut_until: u64,
    /// The last slot that it claimed in the next block.
    pub(crate) claimed: Slot,
}

/// A consensus chain, its domains, and what waits for the next block.
pub(crate) struct World {
    pub(crate) chain: ConsensusChain,
    pub(crate) sides: Vec<Side>,
    pub(crate) members: Vec<Member>,
    pub(crate) people: Vec<Arc<KeyPair>>,
    pub(crate) rng: Rng,
    pub(crate) tally: Tally,
    pub(crate) submissions: Vec<Submission>,
    /// Fraud proofs, which come before other transactions.
    urgent: Vec<SignedTransaction>,
    transactions: Vec<SignedTransaction>,
    /// Transactions of each person in the next block.
    waiting: BTreeMap<usize, u64>,
    /// Domains of which a fraud proof waits.
    pub(crate) accused: BTreeSet<DomainId>,
    /// Keys that were offered to the chain: of which operator, whose, and for which domain.
    pub(crate) offered: BTreeMap<OperatorKey, (u64, usize, DomainId)>,
    /// Messages relayed to the consensus chain in the next block.
    pub(crate) ahead: BTreeMap<(DomainId, auto_core::ChannelId), u64>,
    /// What a domain starts from that somebody founds in the next block.
    pub(crate) founding: Option<GenesisDomain>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let genesis = genesis();
        let pace = Pace { slots: SLOTS, states: STATES };
        let chain = ConsensusChain::new(&genesis, Arc::new(TwoModules), pace).expect("genesis makes a chain");
        let sides = (1..).map(DomainId).zip(genesis.domains.iter());
        let sides = sides.map(|(id, own)| Side::new(&chain, own, (id, BlockNumber(0), 1))).collect();
        let member = |number: u32| Member {
            operator: Operator::new(u64::from(number), DomainId(1 + number / ANCHORS)),
            owner: REPORTERS,
            liar: false,
            anchor: true,
            cut_until: 0,
            claimed: Slot(0),
        };
        let mut world = Self {
            chain,
            sides,
            members: (0..DOMAINS * ANCHORS).map(member).collect(),
            people: (0..PEOPLE).map(|number| Arc::new(person(number))).collect(),
            rng: Rng::new(seed),
            tally: Tally::default(),
            submissions: Vec::new(),
            urgent: Vec::new(),
            transactions: Vec::new(),
            waiting: BTreeMap::new(),
            accused: BTreeSet::new(),
            offered: BTreeMap::new(),
            ahead: BTreeMap::new(),
            founding: None,
        };
        Books::open(&world).check();
        world.rng.bits();
        world
    }

    pub(crate) fn number(&self) -> u64 {
        self.chain.number().0
    }

    pub(crate) fn record(&self, domain: DomainId) -> DomainRecord {
        DOMAIN.get(self.chain.state(), &domain).expect("sound").expect("the domain exists")
    }

    /// Version of the runtime that the domain's next block runs, unless it is upgraded before.
    pub(crate) fn runtime_version(&self, domain: DomainId) -> u32 {
        let runtime = self.record(domain).runtime;
        RUNTIME.get(self.chain.state(), &runtime).expect("sound").expect("the runtime exists").version
    }

    pub(crate) fn side(&self, domain: DomainId) -> &Side {
        &self.sides[usize::try_from(domain.0).expect("small") - 1]
    }

    pub(crate) fn side_mut(&mut self, domain: DomainId) -> &mut Side {
        &mut self.sides[usize::try_from(domain.0).expect("small") - 1]
    }

    pub(crate) fn address(&self, person: usize) -> Address {
        self.people[person].public_key().address()
    }

    /// A person who does more than to report fraud.
    pub(crate) fn anyone(&mut self) -> usize {
        REPORTERS + self.rng.index(PEOPLE - REPORTERS)
    }

    pub(crate) fn some_domain(&mut self) -> DomainId {
        // Those of genesis mostly: channels join them.
        let count = if self.rng.chance(75) { DOMAINS } else { u32::try_from(self.sides.len()).expect("few") };
        DomainId(u32::try_from(self.rng.between(1, u64::from(count))).expect("small"))
    }

    /// An amount from `low` to `high` thousandths of an AI3, and some base units.
    pub(crate) fn amount(&mut self, low: u64, high: u64) -> Amount {
        let units = u128::from(self.rng.between(low, high)) * 1_000_000_000_000_000;
        Amount::from_base_units(units + u128::from(self.rng.between(0, 999)))
    }

    fn signed(&mut self, from: usize, call: Call) -> SignedTransaction {
        let later = self.waiting.entry(from).or_insert(0);
        let pair = Arc::clone(&self.people[from]);
        let nonce = account(self.chain.state(), &pair.public_key().address()).expect("sound").nonce;
        let transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair.public_key(),
            nonce: Nonce(nonce.0 + *later),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(vec![call]).expect("one"),
        };
        *later += 1;
        transaction.sign(&pair, &self.chain.rules().genesis)
    }

    /// Has a person sign a call for the next block.
    pub(crate) fn send(&mut self, from: usize, call: Option<Call>) {
        let signed = self.signed(from, call.expect("short"));
        self.transactions.push(signed);
    }

    /// Has a reporter sign a fraud proof for the next block.
    pub(crate) fn report(&mut self, call: Option<Call>) {
        let from = self.rng.index(REPORTERS);
        let signed = self.signed(from, call.expect("short"));
        self.urgent.push(signed);
    }

    pub(crate) fn submit(&mut self, submission: Submission, body: Option<Vec<OpaqueExtrinsic>>) {
        if let Some(body) = body {
            let hash = submission.hash();
            self.side_mut(submission.election().domain).bodies.insert(hash, body);
        }
        self.submissions.push(submission);
        if self.submissions.len() >= SUBMISSIONS_MAX {
            self.make_block();
        }
    }

    /// One random action.
    pub(crate) fn step(&mut self) {
        match self.rng.between(1, 100) {
            1..=4 => self.make_block(),
            5..=28 => self.offer_somewhere(),
            29..=40 => self.act_on_a_domain(),
            41..=60 => self.act_on_the_chain(),
            61..=81 => self.relay_to_a_domain(),
            82..=96 => self.relay_to_the_chain(),
            97..=99 => self.report_some_fraud(),
            _ => self.cut_off(),
        }
    }

    /// Makes up a unit on the first domain, behind everyone's back.
    pub(crate) fn make_up_a_unit(&mut self) {
        for money in self.sides[0].issuance.values_mut() {
            *money = money.checked_add(Amount::from_base_units(1)).expect("small");
        }
    }

    /// Makes a last block; gives what happened.
    pub(crate) fn finish(mut self) -> Tally {
        self.make_block();
        self.tally
    }

    /// Makes the next consensus block out of what waits, and counts the money after it.
    pub(crate) fn make_block(&mut self) {
        self.report_what_would_be_confirmed();
        let executed = self.execute();
        let events = decoded(&executed);
        Books::open(self).check_burned(&executed, &events);
        self.chain.append(&executed).expect("the state is whole");
        self.tally_events(&events);
        self.learn_operators();
        self.learn_domain();
        for at in 0..self.sides.len() {
            self.follow(at);
        }
        Books::open(self).check();
        self.tally.count("consensus blocks");
        self.waiting.clear();
        self.accused.clear();
        self.ahead.clear();
        self.members.iter_mut().for_each(|member| member.claimed = Slot(0));
    }

    fn execute(&mut self) -> ExecutedBlock {
        let Self { chain, tally, submissions, urgent, transactions, .. } = self;
        let rules = chain.rules();
        let mut block = chain.begin().expect("the block begins");
        for submission in submissions.drain(..) {
            let taken = check_submission(rules, &submission)
                .and_then(|checked| block.push_submission(&checked).map(drop));
            match (taken, &submission) {
                (Ok(()), Submission::Bundle(_)) => tally.count("bundles"),
                (Ok(()), Submission::Receipt(_)) => tally.count("receipts alone"),
                (Err(error), _) => {
                    assert!(!error.is_fatal(), "{error}");
                    tally.count("submissions refused");
                }
            }
        }
        for signed in urgent.drain(..) {
            let checked = check(rules, &signed).expect("a fraud proof passes the check");
            let done = block.push(&checked).expect("a fraud proof has room");
            assert_eq!(done.outcome, Outcome::Applied, "a fraud proof is accepted");
        }
        for signed in transactions.drain(..) {
            let done = check(rules, &signed).and_then(|checked| block.push(&checked).cloned());
            match done {
                Ok(done) if done.outcome == Outcome::Applied => tally.count("calls applied"),
                Ok(_) => tally.count("calls failed"),
                Err(error) => {
                    assert!(!error.is_fatal(), "{error}");
                    tally.count("transactions refused");
                }
            }
        }
        block.finish().expect("the block ends")
    }

    fn learn_operators(&mut self) {
        let offered = std::mem::take(&mut self.offered);
        for (key, (number, owner, domain)) in offered {
            let Some(id) = OPERATOR_KEY.get(self.chain.state(), &key).expect("sound") else { continue };
            let operator = Operator { id, ..Operator::new(number, domain) };
            let liar = self.rng.chance(60);
            let (cut_until, claimed) = (0, Slot(0));
            self.members.push(Member { operator, owner, liar, anchor: false, cut_until, claimed });
        }
    }

    /// Has a domain's operators derive what the block made of it.
    fn follow(&mut self, at: usize) {
        let record = self.record(self.sides[at].id);
        let (chain, side, tally) = (&self.chain, &mut self.sides[at], &mut self.tally);
        if let Some(open) = side.follow(chain, record.head.0) {
            tally.count("domain blocks");
            for done in &open.derived.executed {
                match &done.outcome {
                    Fate::Applied => {}
                    Fate::Failed { .. } => tally.count("calls failed on domains"),
                    Fate::Skipped { .. } => tally.count("skipped on domains"),
                }
                done.events.iter().for_each(|event| tally.domain_event(event));
            }
        }
        side.forget(record.confirmed.0);
    }

    fn tally_events(&mut self, events: &[DomainsEvent]) {
        for event in events {
            let what = match event {
                DomainsEvent::OperatorRegistered { .. } => "operators registered",
                DomainsEvent::Nominated { .. } => "nominations",
                DomainsEvent::WithdrawalRequested { .. } => "withdrawals",
                DomainsEvent::Unlocked { .. } => "unlocked",
                DomainsEvent::OperatorDeregistered { .. } => "operators ended",
                DomainsEvent::OperatorDeactivated { .. } => "operators at rest",
                DomainsEvent::OperatorReactivated { .. } => "operators back",
                DomainsEvent::OperatorSlashed { .. } => "operators slashed",
                DomainsEvent::EpochBegan { .. } => "epochs",
                DomainsEvent::ReceiptAdded { .. } => "receipts added",
                DomainsEvent::ReceiptVouched { .. } => "receipts vouched for",
                DomainsEvent::BundleMarkedInvalid { .. } => "bundles marked invalid",
                DomainsEvent::DomainBlockConfirmed { .. } => "domain blocks confirmed",
                DomainsEvent::FraudProven { .. } => "frauds proven",
                DomainsEvent::RuntimeUpgraded { .. } => "runtimes upgraded",
                DomainsEvent::DomainInstantiated { .. } => "domains founded",
                DomainsEvent::DomainFrozen { .. } => "domains frozen",
                DomainsEvent::DomainUnfrozen { .. } => "domains unfrozen",
                DomainsEvent::Message(event) => {
                    self.tally.message(event, true);
                    continue;
                }
                _ => continue,
            };
            self.tally.count(what);
        }
    }
}

/// All that happened to the domains in a block.
fn decoded(executed: &ExecutedBlock) -> Vec<DomainsEvent> {
    let submissions = executed.submissions.iter().flat_map(|done| &done.events);
    let transactions = executed.transactions.iter().flat_map(|done| &done.events);
    let all = executed.begun.iter().chain(submissions).chain(transactions).chain(&executed.ended);
    let bytes = all.filter_map(|event| match event {
        Event::Extension(bytes) => Some(bytes),
        _ => None,
    });
    bytes.map(|bytes| decode_strict(bytes, bytes.len()).expect("an event")).collect()
}
