//! What follows the chain inside a node.

use crate::driver::Driver;
use crate::extension::{extension, submission, taken_key};
use crate::fixture::{alice, genesis, object, store_object, transaction};
use crate::peers::{PEER, connect, exchange, second};
use auto_core::{DomainId, ErrorCode, Hash, KeyPair, PotOutput, SignedTransaction, Slot, Submission};
use auto_node::{
    BlockId, Chain, Event, FollowedBlock, FollowedHead, Follower, FollowerEffect, Message, NodeError,
    NodeEvent, PeerId, Retention, Tick,
};
use auto_store::{MemoryStore, Store};
use parity_scale_codec::Encode;
use parking_lot::Mutex;
use std::cell::Cell;
use std::sync::Arc;

const DOMAIN: DomainId = DomainId(7);

/// What a follower was told.
#[derive(Debug, Default)]
struct Told {
    /// The chain as it knows it, from the first block on.
    chain: Vec<BlockId>,
    /// Blocks that it was told of, with repetitions.
    blocks: usize,
    slots: Vec<(Slot, PotOutput, BlockId)>,
    transactions: Vec<Hash>,
    /// Blocks that it refuses before it takes one.
    stubborn: usize,
    /// Whether it submits something in each slot.
    eager: bool,
    submitted: Vec<Hash>,
}

#[derive(Debug, Clone, Default)]
struct Recorder(Arc<Mutex<Told>>);

fn failure(fatal: bool) -> NodeError {
    NodeError::Follower { code: "FLW-0001", message: "not now".to_owned(), fatal }
}

impl Follower for Recorder {
    fn wants(&self, domain: DomainId) -> bool {
        domain == DOMAIN
    }

    fn last(&self) -> Option<BlockId> {
        self.0.lock().chain.last().copied()
    }

    fn imported(&mut self, block: &FollowedBlock<'_>) -> Result<Vec<FollowerEffect>, NodeError> {
        let mut told = self.0.lock();
        if told.stubborn > 0 {
            told.stubborn -= 1;
            return Err(failure(false));
        }
        let kept = usize::try_from(block.id.number.0 - 1).expect("small");
        assert!(kept <= told.chain.len(), "there is no gap");
        told.chain.truncate(kept);
        let parent = told.chain.last().map_or(block.context.parent.hash, |parent| parent.hash);
        assert_eq!((block.parent_hash, block.context.parent.hash), (parent, parent));
        assert_eq!(block.header.hash(), block.id.hash);
        assert_eq!(block.context.number, block.id.number);
        for submission in block.submissions {
            let taken = block.state.get(&taken_key(&submission.hash())).map_err(NodeError::State)?;
            assert_eq!(taken, Some(block.id.number.encode()), "the state is that after the block");
        }
        told.chain.push(block.id);
        told.blocks += 1;
        let event = NodeEvent::Domain {
            domain: DOMAIN,
            name: "followed".to_owned(),
            detail: block.id.number.to_string(),
        };
        Ok(vec![FollowerEffect::Notify(event)])
    }

    fn slot(
        &mut self,
        slot: Slot,
        output: &PotOutput,
        head: &FollowedHead<'_>,
    ) -> Result<Vec<FollowerEffect>, NodeError> {
        let mut told = self.0.lock();
        assert_eq!(told.chain.last().copied(), Some(head.id));
        assert!(slot > head.future_slot && head.header.hash() == head.id.hash);
        told.slots.push((slot, *output, head.id));
        if !told.eager {
            return Ok(Vec::new());
        }
        let one = submission(DOMAIN.0, 1, slot, *output, slot.0);
        told.submitted.push(one.hash());
        Ok(vec![FollowerEffect::Submit(Box::new(one))])
    }

    fn transaction(&mut self, transaction: &SignedTransaction) -> Result<Hash, NodeError> {
        if transaction.transaction.nonce.0 > 9 {
            return Err(failure(false));
        }
        self.0.lock().transactions.push(transaction.hash());
        Ok(auto_core::hash(transaction.hash().as_ref()))
    }
}

fn open<'a>(store: Arc<dyn Store>, farms: bool, recorder: &Recorder, now: &'a Cell<u64>) -> Driver<'a> {
    let followers: Vec<Box<dyn Follower>> = vec![Box::new(recorder.clone())];
    Driver::with(store, &genesis(), farms, followers, move || Tick(now.get())).expect("opens")
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn chain(recorder: &Recorder) -> Vec<Hash> {
    recorder.0.lock().chain.iter().map(|id| id.hash).collect()
}

fn for_domain(domain: DomainId, nonce: u64, pair: &KeyPair, genesis: &Hash) -> SignedTransaction {
    let mut draft = transaction(nonce, Vec::new());
    draft.domain = domain;
    draft.sign(pair, genesis)
}

#[test]
fn a_follower_is_told_of_every_block_once_and_of_slots_after_the_head() {
    let (now, recorder) = (Cell::new(0), Recorder::default());
    let mut node = open(memory(), true, &recorder, &now);
    node.run_to(6).expect("the store works");
    assert_eq!(chain(&recorder), node.blocks());
    let told = recorder.0.lock();
    assert_eq!(told.blocks, 6);
    let slots: Vec<u64> = told.slots.iter().map(|(slot, ..)| slot.0).collect();
    assert!(slots.windows(2).all(|pair| pair[0] < pair[1]), "{slots:?}");
    assert_eq!(slots.last().copied(), Some(node.machine.slot().0));
    let followed = |event: &&NodeEvent| matches!(event, NodeEvent::Domain { .. });
    assert_eq!(node.told.iter().filter(followed).count(), 6);
}

#[test]
fn what_a_follower_submits_in_a_slot_stands_in_the_block_of_that_slot() {
    let (now, recorder) = (Cell::new(0), Recorder::default());
    let mut node = open(memory(), true, &recorder, &now);
    node.run_to(2).expect("the store works");
    recorder.0.lock().eager = true;
    node.run_to(6).expect("the store works");
    let submitted = recorder.0.lock().submitted.clone();
    assert!(!submitted.is_empty());
    let blocks = node.machine.chain().blocks_after(&[]).expect("the store works");
    let mut included = Vec::new();
    for block in &blocks[2..] {
        let future = block.header.pre_digest().expect("a claim").slot.0 + genesis().params.authoring_delay;
        let newest = block.body.submissions.iter().map(|one| one.election().slot.0).max();
        assert_eq!(newest, Some(future));
        included.extend(block.body.submissions.iter().map(Submission::hash));
    }
    assert_eq!(included, submitted[..included.len()]);
}

#[test]
fn a_follower_is_told_of_the_branch_that_wins() {
    let (now, one, other) = (Cell::new(0), Recorder::default(), Recorder::default());
    let mut ahead = open(memory(), true, &one, &now);
    let mut behind = open(memory(), true, &other, &now);
    let transaction = store_object(&ahead.machine.chain().genesis_hash(), 0, &object(1, 100));
    behind.machine.submit(&transaction.encode()).expect("it is valid");
    behind.run_to(2).expect("the store works");
    let reverted = behind.blocks();
    assert_eq!(chain(&other), reverted);
    ahead.run_to(4).expect("the store works");
    connect(&mut ahead, &mut behind);
    for _ in 0..20 {
        second(&mut ahead, &mut behind, &now);
    }
    assert_ne!(behind.blocks()[0], reverted[0]);
    assert_eq!(chain(&other), behind.blocks());
    assert_eq!(other.0.lock().blocks, behind.blocks().len() + 2);
}

#[test]
fn a_follower_that_comes_back_is_told_of_what_it_missed() {
    let (now, recorder, store) = (Cell::new(0), Recorder::default(), memory());
    let mut node = open(Arc::clone(&store), true, &recorder, &now);
    node.run_to(3).expect("the store works");
    drop(node);
    let mut alone = Driver::open(Arc::clone(&store), &genesis(), true, Tick::default).expect("opens");
    alone.run_to(50).expect("the store works");
    drop(alone);
    let mut node = open(store, false, &recorder, &now);
    assert_eq!(chain(&recorder).len(), 3);
    // Some blocks at a time, and no slot before it knows the head.
    node.step(Event::Timer).expect("the store works");
    assert_eq!(chain(&recorder).len(), 35);
    node.step(Event::Timer).expect("the store works");
    assert_eq!(chain(&recorder), node.blocks());
    assert_eq!(recorder.0.lock().blocks, 50);
    // One that knows a block which nobody else knows goes back as far as a fork could.
    let strange = BlockId { number: auto_core::BlockNumber(50), hash: Hash([7; 32]) };
    recorder.0.lock().chain[49] = strange;
    node.step(Event::Timer).expect("the store works");
    assert_eq!(chain(&recorder), node.blocks());
    assert_eq!(recorder.0.lock().blocks, 53);
}

/// A node that keeps no state below the confirmed block.
fn open_lean<'a>(store: Arc<dyn Store>, followers: Vec<Box<dyn Follower>>) -> Driver<'a> {
    let lean = Retention { states: Some(0) };
    let chain = Chain::open(store, &genesis(), extension(), lean).expect("opens");
    Driver::over(chain, true, followers, Tick::default)
}

#[test]
fn states_are_kept_until_every_follower_was_told_of_them() {
    let (slow, quick) = (Recorder::default(), Recorder::default());
    slow.0.lock().stubborn = usize::MAX;
    let followers: Vec<Box<dyn Follower>> = vec![Box::new(slow.clone()), Box::new(quick.clone())];
    let mut node = open_lean(memory(), followers);
    node.run_to(30).expect("the store works");
    assert_eq!((chain(&slow).len(), chain(&quick).len()), (0, 30));
    slow.0.lock().stubborn = 0;
    node.step(Event::Timer).expect("the store works");
    assert_eq!(chain(&slow), node.blocks());
    // Nobody needs them any more.
    node.run_to(32).expect("the store works");
    let store = Arc::clone(node.machine.chain().store());
    drop(node);
    let late = Recorder::default();
    open_lean(store, vec![Box::new(late.clone())]).step(Event::Timer).expect("the store works");
    assert!(chain(&late).is_empty());
}

#[test]
fn a_follower_that_comes_after_the_states_went_is_refused_with_what_to_do() {
    let (store, late) = (memory(), Recorder::default());
    open_lean(Arc::clone(&store), Vec::new()).run_to(30).expect("the store works");
    let mut node = open_lean(store, vec![Box::new(late.clone())]);
    node.run_to(40).expect("the store works");
    assert!(chain(&late).is_empty());
    let told =
        |event: &&NodeEvent| matches!(event, NodeEvent::FollowerFailed { code, .. } if code == "NOD-0029");
    let trouble = node.told.iter().find(told).expect("users are told");
    assert!(format!("{trouble:?}").contains("block 1 on"), "{trouble:?}");
}

#[test]
fn a_follower_in_trouble_holds_nobody_up_and_is_told_again() {
    let (now, recorder) = (Cell::new(0), Recorder::default());
    recorder.0.lock().stubborn = 40;
    let mut node = open(memory(), true, &recorder, &now);
    node.run_to(1).expect("the store works");
    while recorder.0.lock().stubborn > 0 {
        node.step(Event::Timer).expect("the store works");
    }
    node.step(Event::Timer).expect("the store works");
    assert_eq!(chain(&recorder), node.blocks());
    let trouble = NodeEvent::FollowerFailed { code: "FLW-0001".to_owned(), reason: "not now".to_owned() };
    assert_eq!(node.told.iter().filter(|event| **event == trouble).count(), 1, "users are told once");
    assert!(failure(true).is_fatal() && !failure(false).is_fatal());
}

#[test]
fn transactions_of_domains_go_to_followers_and_peers_and_not_to_the_pool() {
    let (now, recorder) = (Cell::new(0), Recorder::default());
    let mut operator = open(memory(), true, &recorder, &now);
    let mut plain = Driver::open(memory(), &genesis(), false, || Tick(now.get())).expect("opens");
    connect(&mut operator, &mut plain);
    exchange(&mut operator, &mut plain);
    let genesis_hash = operator.machine.chain().genesis_hash();

    // Submitted where nobody follows the domain, it reaches the operator all the same.
    let one = for_domain(DOMAIN, 1, &alice(), &genesis_hash);
    assert_eq!(plain.machine.submit(&one.encode()).expect("it is passed on"), one.hash());
    plain.step(Event::Timer).expect("the store works");
    exchange(&mut operator, &mut plain);
    assert_eq!(recorder.0.lock().transactions, [one.hash()]);
    let again = plain.machine.submit(&one.encode()).expect_err("it is known");
    assert_eq!(again.code(), "NOD-0016");

    // At the operator the domain's own answer counts.
    let two = for_domain(DOMAIN, 2, &alice(), &genesis_hash);
    let hash = operator.machine.submit(&two.encode()).expect("it is taken");
    assert_eq!(hash, auto_core::hash(two.hash().as_ref()));
    let bad = for_domain(DOMAIN, 10, &alice(), &genesis_hash);
    assert_eq!(operator.machine.submit(&bad.encode()).expect_err("it is refused").code(), "FLW-0001");
    let forged = for_domain(DOMAIN, 3, &KeyPair::from_secret(&[44; 32]), &genesis_hash);
    assert_eq!(operator.machine.submit(&forged.encode()).expect_err("it is forged").code(), "NOD-0026");
    let elsewhere = for_domain(DomainId(8), 1, &alice(), &genesis_hash);
    assert!(operator.machine.submit(&elsewhere.encode()).is_ok(), "it is passed on");
    assert_eq!(recorder.0.lock().transactions, [one.hash(), two.hash()]);
    assert!(operator.machine.pool().is_empty() && plain.machine.pool().is_empty());
    operator.step(Event::Timer).expect("the store works");
    let sent = |hash: Hash| {
        let is = |bytes: &[u8]| {
            matches!(Message::decode_bytes(bytes),
            Ok(Message::Transaction(transaction)) if transaction.hash() == hash)
        };
        operator.sent.iter().filter(|(_, bytes)| is(bytes)).count()
    };
    let counts = [&one, &two, &bad, &forged, &elsewhere].map(|transaction| sent(transaction.hash()));
    assert_eq!(counts, [0, 1, 0, 0, 1]);
}

#[test]
fn what_is_passed_on_for_unknown_domains_is_bounded() {
    let now = Cell::new(0);
    let mut node = Driver::open(memory(), &genesis(), true, || Tick(now.get())).expect("opens");
    node.step(Event::Connected(PEER)).expect("the store works");
    let genesis_hash = node.machine.chain().genesis_hash();
    let size = for_domain(DOMAIN, 0, &alice(), &genesis_hash).encode().len();
    let fits = usize::try_from(genesis().params.block_bytes_max).expect("small") / size;
    let mut taken = 0;
    for nonce in 0.. {
        match node.machine.submit(&for_domain(DOMAIN, nonce, &alice(), &genesis_hash).encode()) {
            Ok(_) => taken += 1,
            Err(error) => {
                assert_eq!(error.code(), "NOD-0027");
                break;
            }
        }
    }
    assert_eq!(taken, fits);
    node.slot().expect("the store works");
    let more = for_domain(DOMAIN, 1_000_000, &alice(), &genesis_hash);
    assert!(node.machine.submit(&more.encode()).is_ok(), "a slot has passed");
    let long = {
        let mut draft = transaction(0, vec![crate::extension::count_call(&vec![0; 70_000])]);
        draft.domain = DOMAIN;
        draft.sign(&alice(), &genesis_hash)
    };
    assert!(node.machine.submit(&long.encode()).is_err());
    assert_eq!(PEER, PeerId(1));
}
