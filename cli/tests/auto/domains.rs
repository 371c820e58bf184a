//! Operators that lie, and nodes that operate, as people run them.

use crate::binary::Home;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// After this long a process that waits in vain is ended, so that its test fails and does not hang.
const PATIENCE: Duration = Duration::from_secs(900);

/// A network or node in the background; it is ended when this is dropped.
struct Background {
    child: Child,
    ready: Value,
    stderr: BufReader<ChildStderr>,
    _ended: Sender<()>,
}

/// Ends a process when the test that it belongs to waits too long.
fn guard(pid: u32, ended: Receiver<()>) {
    std::thread::spawn(move || {
        if ended.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").arg(pid.to_string()).status();
        }
    });
}

impl Background {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let arguments = [arguments, &["--json", "--port", "0"]].concat();
        let mut child = home.command(&arguments).stdin(Stdio::null()).spawn().expect("the binary runs");
        let (sender, receiver) = channel();
        guard(child.id(), receiver);
        let (stdout, stderr) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
        let (mut line, mut stderr) = (String::new(), BufReader::new(stderr));
        BufReader::new(stdout).read_line(&mut line).expect("readable");
        if line.is_empty() {
            std::io::Read::read_to_string(&mut stderr, &mut line).expect("readable");
        }
        let envelope: Value = serde_json::from_str(&line).expect("the ready line is JSON");
        Self { child, ready: envelope["data"].clone(), stderr, _ended: sender }
    }

    /// Reads what it tells until a line has all of these words.
    fn until_told(&mut self, words: &[&str]) -> String {
        let mut heard = Vec::new();
        let lines = (&mut self.stderr).lines().map(|line| line.expect("readable"));
        let told = lines
            .inspect(|line| heard.push(line.clone()))
            .find(|line| words.iter().all(|word| line.contains(word)));
        assert!(told.is_some(), "it ended without telling {words:?}: {heard:#?}");
        told.unwrap_or_default()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Base units.
fn units(value: &Value) -> u128 {
    value.as_str().and_then(|text| text.parse().ok()).expect("an amount")
}

#[test]
fn lies_of_every_kind_are_proven_slashed_and_mended() {
    let home = Home::new();
    let lies = ["middle-root", "out-of-range-as-valid", "weight-as-valid", "follow"];
    let arguments: Vec<&str> = lies.iter().flat_map(|lie| ["--lie", lie]).collect();
    let ran = home.run(&[&["demo", "--only", "domains", "--json"], &arguments[..]].concat());
    let data = ran.data();
    assert_eq!(ran.code, 0);
    assert_eq!(data["journey"], "domains");
    let shown = data["lies"].as_array().expect("a list");
    let names: Vec<_> = shown.iter().filter_map(|lie| lie["lie"].as_str()).collect();
    assert_eq!(names, lies);
    let proofs: Vec<_> = shown.iter().filter_map(|lie| lie["proven_by"].as_str()).collect();
    assert_eq!(
        proofs,
        [
            "state transition: extrinsic",
            "invalid bundle: is out of range",
            "invalid bundle: is wrong weight",
            "state transition: finalize"
        ]
    );
    for lie in shown {
        let checks = lie["checks"].as_array().expect("a list");
        assert_eq!(checks.len(), 7, "{lie}");
        assert!(checks.iter().all(|check| check["held"] == true), "{lie}");
        let number = |name: &str| lie[name].as_u64().unwrap_or_else(|| panic!("{name}: {lie}"));
        assert!(number("stated_in_block") <= number("honest_operator_came_at_block"), "{lie}");
        assert_eq!(
            number("blocks_until_proven"),
            number("proven_in_block") - number("honest_operator_came_at_block")
        );
        let (liar, follower) = (units(&lie["slashed"]["liar"]), units(&lie["slashed"]["follower"]));
        let reward = units(&lie["reporter_reward"]);
        assert!(liar > 0 && follower > 0);
        // A tenth of either, each rounded down.
        assert!(reward * 10 <= liar + follower && (reward + 2) * 10 > liar + follower, "{lie}");
        let (lost, kept) = (&lie["nominator_of_liar"], &lie["nominator_of_honest"]);
        assert!(units(&lost["before"]) > 0 && units(&lost["after"]) == 0, "{lie}");
        assert!(units(&kept["before"]) > 0 && units(&kept["after"]) >= units(&kept["before"]), "{lie}");
    }
    assert!(ran.stderr.contains("lies to tell: 4, each on a network of two domains and three operators"));
}

#[test]
fn a_lie_that_nobody_knows_is_refused_with_all_that_are_known() {
    let home = Home::new();
    for command in
        [&["demo", "--only", "domains", "--lie", "honesty"][..], &["dev", "--byzantine", "honesty"]]
    {
        let ran = home.run(command);
        ran.failed(2, "CLI-0001");
        assert!(ran.stderr.contains("initialize-root") && ran.stderr.contains("follow"), "{}", ran.stderr);
    }
}

#[test]
fn a_liar_on_the_development_network_is_proven_and_slashed() {
    let home = Home::new();
    let arguments = ["dev", "--ephemeral", "--farm-size", "32MiB", "--byzantine", "fees"];
    let mut network = Background::start(&home, &arguments);
    network.until_told(&["operator 3 of domain 2 (frank) lies: fees"]);
    let proven = network.until_told(&["of domain 2 is proven wrong"]);
    assert!(proven.contains("(fees)"), "{proven}");
    network.until_told(&["operator 3 is slashed", "of which the reporter got"]);
    let home = Home::at(network.ready["url"].as_str().expect("a url"));
    assert_eq!(home.run(&["operator", "status", "3", "--json"]).data()["status"], "SLASHED");
    assert_eq!(home.run(&["operator", "status", "2", "--json"]).data()["status"], "REGISTERED");
}

#[test]
fn a_node_runs_the_operators_whose_keys_it_is_given() {
    let home = Home::new();
    let (data, farm) = (home.path("chain"), format!("path={},size=32MiB", home.path("farm")));
    let arguments = [
        "node",
        "--data",
        &data,
        "--timekeeper",
        "--farm",
        &farm,
        "--operator",
        "dave,erin",
        "--reporter",
        "grace",
    ];
    let network = Background::start(&home, &arguments);
    let own = network.ready["operators"].as_array().expect("a list");
    // A development account has a key for each of the two domains.
    assert_eq!(own.len(), 4);
    let home = Home::at(network.ready["url"].as_str().expect("a url"));
    let sent = home.run(&[
        "transfer",
        "bob",
        "1",
        "--from",
        "alice",
        "--domain",
        "identity",
        "--json",
        "--timeout",
        "600",
    ]);
    assert_eq!(sent.data()["amount"], json!("1000000000000000000"));
}

#[test]
fn a_node_without_the_key_of_its_operator_does_not_start() {
    let home = Home::new();
    let data = home.path("chain");
    home.run(&["node", "--data", &data, "--operator", "nobody"]).failed(5, "KEY-0014");
    assert!(!crate::binary::exists(&data), "nothing was opened");
    home.run(&["node", "--data", &data, "--operator", "No Name"]).failed(1, "KEY-0009");
    home.run(&["node", "--data", &data, "--reporter", "nobody"]).failed(5, "KEY-0001");
    // The secrets of development accounts are public.
    let genesis = home.path("genesis.json");
    let text = r#"{"format": 1, "preset": "dev", "entropy": "01", "accounts": []}"#;
    std::fs::write(&genesis, text).expect("written");
    let foreign = ["node", "--data", &data, "--genesis", &genesis, "--operator", "dave"];
    home.run(&foreign).failed(1, "KEY-0013");
}
