//! `kill -9` at any moment: nothing that the node told is lost, and nothing has to be repaired.

use crate::extension::extension;
use crate::fixture::{Found, alice, check_whole, farmer, genesis, object, store_object};
use auto_core::Hash;
use auto_farmer::{FarmSpec, Layout};
use auto_node::{FarmSetup, Node, NodeConfig, NodeEvent, NodeHandle, Retention, StoreKind};
use auto_store::{Column, RocksStore, Store};
use parity_scale_codec::Encode;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "AUTO_NODE_CRASH_FOLDER";
/// Kills of each of the chains, which share the time.
const KILLS: u64 = 18;
const SEEDS: [u64; 4] = [0x00A0_7010, 0x00A0_7011, 0x00A0_7012, 0x00A0_7013];
/// Transactions that wait at most.
const WAITING: u64 = 3;

fn start(folder: &Path) -> Node {
    let key = farmer();
    // One sector, so that plotting ends before the first block.
    let layout = Layout::new(&genesis().params).expect("the parameters are valid");
    let size = layout.file_bytes(1).expect("a small farm");
    Node::start(NodeConfig {
        genesis: genesis(),
        store: StoreKind::Folder(folder.join("node")),
        extension: extension(),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: true,
        pace_slots: true,
        farms: vec![FarmSetup {
            spec: FarmSpec { path: folder.join("farm"), size },
            reward_address: key.public_key().address(),
            key,
        }],
        transport: None,
    })
    .expect("starts after any crash")
}

/// Lets objects wait for blocks.
fn submit(node: &NodeHandle) {
    let address = alice().public_key().address();
    loop {
        let included = node.account(&address, None).expect("the store works").nonce;
        let next = node.next_nonce(&address).expect("the store works");
        if next.0.saturating_sub(included.0) >= WAITING {
            return;
        }
        let data = object(next.0, 500 + usize::try_from(next.0 % 7).expect("small") * 700);
        let transaction = store_object(&node.genesis(), next.0, &data);
        // The head may have moved in between; then the next turn has the right nonce.
        if node.submit(&transaction.encode()).is_err() {
            return;
        }
    }
}

/// Farms, stores objects and tells what became of it, until killed.
fn run_until_killed(folder: &Path) {
    let mut out = std::io::stdout();
    let mut tell = |line: &str| writeln!(out, "\ntold {line}").and_then(|()| out.flush()).is_ok();
    let node = start(folder);
    let handle = node.handle();
    let mut events = handle.events(None);
    submit(&handle);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
    while tell("alive") {
        let Some(Ok((_, event))) = runtime.block_on(events.next()) else { continue };
        match event {
            NodeEvent::BlockAdded { block } => {
                tell(&format!("block {} {}", block.number, hex::encode(block.hash)));
                submit(&handle);
            }
            NodeEvent::Confirmed { block } => {
                tell(&format!("confirmed {} {}", block.number, hex::encode(block.hash)));
            }
            NodeEvent::SegmentArchived { index } => {
                tell(&format!("segment {index} -"));
            }
            NodeEvent::BlockReverted { .. }
            | NodeEvent::OwnBlockRefused { .. }
            | NodeEvent::SubmissionAccepted { .. }
            | NodeEvent::SubmissionDropped { .. }
            | NodeEvent::FollowerFailed { .. }
            | NodeEvent::Domain { .. }
            | NodeEvent::TransactionAccepted { .. }
            | NodeEvent::TransactionDropped { .. } => {}
        }
    }
}

/// Not a test of its own: what the child process of the test below runs.
#[test]
fn child() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        run_until_killed(Path::new(&folder));
    }
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("the test's own path"))
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

/// What a child told before it was killed.
#[derive(Default)]
struct Told {
    blocks: Vec<(u64, Hash)>,
    segments: Vec<u64>,
}

impl Told {
    /// Whether the line told of a block.
    fn take(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["told", kind, number, hash] = words.as_slice() else { return false };
        // The last line may have been cut by the kill.
        let Ok(number) = number.parse() else { return false };
        if *kind == "segment" {
            self.segments.push(number);
            return false;
        }
        let bytes = hex::decode(hash).ok().and_then(|bytes| bytes.try_into().ok());
        let Some(hash) = bytes else { return false };
        self.blocks.push((number, Hash(hash)));
        *kind == "block"
    }

    fn assert_kept(&self, store: &dyn Store) {
        for (number, hash) in &self.blocks {
            let kept = store.get(Column::Canonical, &number.to_be_bytes()).expect("reads");
            assert_eq!(kept.as_deref(), Some(hash.as_ref()), "block {number} was told of");
        }
        for index in &self.segments {
            let kept = store.get(Column::Segments, &index.to_be_bytes()).expect("reads");
            assert!(kept.is_some(), "segment {index} was told of");
        }
    }
}

/// Runs a child and kills it a while after it told of `blocks` new ones.
fn run_and_kill(folder: &Path, blocks: u64, while_: Duration) -> Told {
    let mut child = spawn(folder);
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut told = Told::default();
    let mut seen = 0;
    while seen < blocks {
        let line = lines.next().expect("the child goes on until it is killed").expect("text");
        seen += u64::from(told.take(&line));
    }
    std::thread::sleep(while_);
    child.kill().expect("kills");
    for line in lines.map_while(Result::ok) {
        told.take(&line);
    }
    let status = child.wait().expect("ends");
    assert!(status.code().is_none(), "the child ended by itself: {status}");
    told
}

#[test]
fn a_node_that_is_killed_at_any_moment_goes_on_with_nothing_lost() {
    std::thread::scope(|scope| {
        for seed in SEEDS {
            scope.spawn(move || kill_again_and_again(seed));
        }
    });
}

#[allow(clippy::print_stdout, reason = "a failing run is repeated from what it logged")]
fn kill_again_and_again(seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut before, mut segments_told, mut killed_at_start) = (None::<Found>, 0, 0);
    for round in 0..KILLS {
        // Every fifth child is killed while it starts; the others after a few blocks, at any moment
        // between two, within the import or the archiving of one.
        let (blocks, micros) = match round % 5 {
            3 => (0, random.random_range(0..400_000)),
            _ => (random.random_range(1..3), random.random_range(0..60_000)),
        };
        println!("seed {seed:#x} round {round}: killed {micros} us after {blocks} blocks");
        let told = run_and_kill(folder.path(), blocks, Duration::from_micros(micros));
        segments_told += told.segments.len();
        killed_at_start += u64::from(told.blocks.is_empty());

        let store: Arc<dyn Store> =
            Arc::new(RocksStore::open(folder.path().join("node")).expect("opens without repair"));
        let found = check_whole(&store, &genesis());
        told.assert_kept(&*store);
        let least = before.map_or(0, |before| before.head.0) + blocks;
        assert!(found.head.0 >= least, "round {round}: {found:?} after {before:?} and {blocks} blocks");
        if let Some(before) = before {
            assert!(found.segments >= before.segments && found.transactions >= before.transactions);
        }
        before = Some(found);
    }
    let found = before.expect("there were rounds");
    println!("{found:?}, {segments_told} segments told of, {killed_at_start} killed before the first block");
    // Every segment takes three blocks that are three deep, whatever the moments of the kills were.
    let params = genesis().params;
    let archived = found.head.0.saturating_sub(params.confirmation_depth);
    let least = 1 + archived / u64::from(params.segment_blocks_max);
    assert!(archived >= 8 && u64::try_from(found.segments).expect("fits") >= least, "{found:?}");
    assert!(found.transactions > 0, "objects were stored: {found:?}");

    // The last one is not killed: its plot and its chain serve as if nothing had been.
    let node = start(folder.path());
    let handle = node.handle();
    let head = || handle.status().expect("the store works").head.number;
    let grown = (0..6000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        head().0 > found.head.0
    });
    assert!(grown, "{:?} {:?}", node.failure(), handle.farms());
    let first = object(0, 500);
    let hash = Hash::of_object(&first);
    let kept = handle.object(&hash, auto_node::Withheld::Nothing).expect("the store works");
    assert_eq!(kept, Some(first));
}
