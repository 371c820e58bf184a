//! A folder that belongs to another chain, is damaged, or is in use.

use crate::extension::extension;
use crate::fixture::{alice, farmer, genesis};
use auto_core::{Amount, Blob, ErrorCode, Genesis, GenesisAccount, List};
use auto_node::{ErrorKind, Node, NodeConfig, NodeError, Retention, StoreKind};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HELD: &str = "AUTO_NODE_HELD_FOLDER";

fn start(folder: &Path, genesis: Genesis) -> Result<Node, NodeError> {
    Node::start(NodeConfig {
        genesis,
        store: StoreKind::Folder(folder.to_owned()),
        extension: extension(),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: true,
        farms: Vec::new(),
        transport: None,
    })
}

fn refusal(folder: &Path, genesis: Genesis) -> NodeError {
    start(folder, genesis).expect_err("the folder is refused")
}

#[test]
fn a_parameter_that_differs_from_genesis_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    start(folder.path(), genesis()).expect("a new folder").stop();
    type Change = fn(&mut Genesis);
    let changes: [(&str, Change); 8] = [
        ("slot_duration_ms", |genesis| genesis.params.slot_duration_ms += 1),
        ("confirmation_depth", |genesis| genesis.params.confirmation_depth += 1),
        ("pieces_in_sector", |genesis| genesis.params.pieces_in_sector += 1),
        ("pot_iterations", |genesis| genesis.params.pot_iterations += 16),
        ("era_blocks", |genesis| genesis.params.era_blocks += 1),
        ("initial_solution_range", |genesis| genesis.params.initial_solution_range.0 -= 1),
        ("signer_range_max", |genesis| genesis.params.signer_range_max -= 1),
        ("block_bytes_max", |genesis| genesis.params.block_bytes_max += 1),
    ];
    for (field, change) in changes {
        let mut other = genesis();
        change(&mut other);
        let error = refusal(folder.path(), other);
        assert_eq!((error.code(), error.kind()), ("NOD-0002", ErrorKind::User));
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
    }
    start(folder.path(), genesis()).expect("what was refused changed nothing");
}

#[test]
fn another_genesis_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    start(folder.path(), genesis()).expect("a new folder").stop();
    let account = |pair: &auto_core::KeyPair, balance| GenesisAccount {
        address: pair.public_key().address(),
        balance: Amount::ai3(balance),
    };
    let others = [
        Genesis { accounts: List::default(), ..genesis() },
        Genesis { accounts: List::new(vec![account(&alice(), 1)]).expect("fits"), ..genesis() },
        Genesis { accounts: List::new(vec![account(&farmer(), 1_000_000)]).expect("fits"), ..genesis() },
        Genesis { entropy: Blob::new(b"other".to_vec()).expect("fits"), ..genesis() },
    ];
    for other in others {
        let error = refusal(folder.path(), other);
        assert_eq!((error.code(), error.kind()), ("NOD-0003", ErrorKind::User), "{error}");
    }
    start(folder.path(), genesis()).expect("what was refused changed nothing");
}

#[test]
fn parameters_that_make_no_chain_are_refused_before_the_folder_is_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut broken = genesis();
    broken.params.pot_iterations = 7;
    let error = refusal(folder.path(), broken);
    assert_eq!((error.code(), error.kind()), ("NOD-0001", ErrorKind::User));
    assert!(error.to_string().contains("pot_iterations"), "{error}");
    start(folder.path(), genesis()).expect("the folder is still free");
}

fn file(folder: &Path, part: &str) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("lists").map(|entry| entry.expect("an entry").path());
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part));
    entries.filter(named).max().expect("the file is there")
}

#[test]
fn a_damaged_store_is_refused_with_the_file() {
    for name in ["MANIFEST", "CURRENT", "SEAL", ".log"] {
        for damage in 0..5 {
            let folder = tempfile::tempdir().expect("a folder");
            start(folder.path(), genesis()).expect("a new folder").stop();
            let damaged = file(folder.path(), name);
            let mut bytes = std::fs::read(&damaged).expect("reads");
            let length = bytes.len();
            match damage {
                0 => bytes.clear(),
                1 => bytes.truncate(length / 2),
                2 => bytes.truncate(length - 1),
                3 => bytes[length / 3] ^= 0x10,
                _ => {}
            }
            if damage == 4 {
                std::fs::remove_file(&damaged).expect("removes");
            } else {
                std::fs::write(&damaged, bytes).expect("writes");
            }
            let error = refusal(folder.path(), genesis());
            let text = error.to_string();
            assert_eq!(error.code(), "STO-0005", "{text}");
            let is_named = text.contains(name) || text.contains("MANIFEST");
            // A log that is gone leaves no name to give.
            assert!(is_named || (name == ".log" && damage == 4), "`{text}` does not name {name}");
            assert!(text.contains("move the folder away"), "{text}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "text").expect("writes");
    for path in [file.clone(), file.join("node")] {
        let error = refusal(&path, genesis());
        assert_eq!(error.code(), "STO-0007", "{error}");
        assert!(error.to_string().contains("file"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("reads"), "text");
}

/// Not a test of its own: what the child process of the test below runs.
#[test]
fn holder() {
    if let Some(folder) = std::env::var_os(HELD) {
        let _node = start(Path::new(&folder), genesis()).expect("opens");
        println!("\nholds");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).expect("the parent's end");
    }
}

#[test]
fn a_second_node_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("the test's own path"))
        .args(["--exact", "folder::holder", "--nocapture"])
        .env(HELD, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "holds"), "the child opened");
    let error = refusal(folder.path(), genesis());
    assert_eq!(error.code(), "STO-0001");
    let text = error.to_string();
    assert!(text.contains(&format!("process {}", child.id())), "{text}");
    assert!(text.contains("folder::holder"), "{text}");
    child.kill().expect("kills");
    child.wait().expect("ends");
    start(folder.path(), genesis()).expect("free again");
}
