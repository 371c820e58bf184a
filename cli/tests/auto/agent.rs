//! An agent from the command line: made, allowed, refused, audited, proven.

use crate::binary::{DevProcess, Home, Ran};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

/// Commands of one home, whose keys all have one password.
struct Desk {
    home: Home,
    password: String,
}

impl Desk {
    fn run(&self, arguments: &[&str]) -> Ran {
        self.home.run(&[arguments, &["--password-file", &self.password]].concat())
    }

    /// Runs something that is sent, and waits for it as long as it takes.
    fn send(&self, arguments: &[&str]) -> Ran {
        self.run(&[arguments, &["--timeout", "300"]].concat())
    }

    fn sent(&self, arguments: &[&str]) -> Value {
        let ran = self.send(&[arguments, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        ran.data()
    }
}

#[test]
fn an_agent_spends_within_its_grant_and_nothing_beyond() {
    let home = Home::new();
    let network = DevProcess::start(&home, &["--ephemeral", "--farm-size", "32MiB"]);
    let home = Home::at(network.url());
    let password = home.path("password");
    std::fs::write(&password, "correct horse\n").expect("written");
    let desk = Desk { home, password };

    desk.sent(&["id", "create", "alice", "--kind", "human"]);
    desk.send(&["id", "create", "alice", "--kind", "human"]).failed(1, "KEY-0017");
    let dry =
        desk.send(&["id", "create", "ghost", "--kind", "org", "--under", "alice", "--dry-run", "--json"]);
    assert_eq!(dry.data()["dry_run"], true);
    assert_eq!(desk.run(&["id", "list", "--json"]).data().as_array().map(Vec::len), Some(1));

    let can = "spend<=10/day per-call<=4";
    let made =
        desk.sent(&["agent", "create", "trader", "--owner", "alice", "--can", can, "--skill", "trade"]);
    let grant = made["grant"].as_str().expect("a grant").to_owned();
    desk.sent(&["agent", "deposit", "alice", "50"]);
    allowed_and_refused(&desk, &grant);

    desk.sent(&["grant", "revoke", &grant, "--as", "alice", "--yes"]);
    let shown = desk.run(&["grant", "show", &grant, "--json"]).data();
    assert_eq!((&shown["holds"], &shown["code"]), (&json!(false), &json!("AID-0114")));
    desk.send(&["agent", "act", "trader", "pay", "bob", "1", "--from", "alice"]).failed(4, "AID-0114");
}

fn allowed_and_refused(desk: &Desk, grant: &str) {
    let yes = desk.run(&["agent", "can", "trader", "spend 3 to bob", "--json"]);
    assert_eq!((yes.code, &yes.data()["grant"]), (0, &json!(grant)), "{}", yes.stderr);
    let no = desk.run(&["agent", "can", "trader", "spend 5 to bob", "--json"]);
    assert_eq!(no.code, 4, "{}", no.stderr);
    assert_eq!(no.json()["data"]["allowed"], false);

    let done = desk.sent(&["agent", "act", "trader", "pay", "bob", "2", "--from", "alice"]);
    assert_eq!(done["grant"], grant);
    let code = no.json()["data"]["code"].as_str().expect("a code").to_owned();
    desk.send(&["agent", "act", "trader", "pay", "bob", "5", "--from", "alice"]).failed(4, &code);
    let shown = desk.run(&["agent", "show", "trader", "--json"]).data();
    assert_eq!(shown["grants"][0]["meters"][0]["spent"], "2000000000000000000");
    let found = desk.run(&["agent", "find", "--skill", "trade", "--json"]).data();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    audit(desk, grant);
    tools(desk, &code);
}

/// The audit of what was done, once operators vouched for it, checked offline and spoilt.
fn audit(desk: &Desk, grant: &str) {
    let proof = desk.home.path("trader.json");
    let audited = loop {
        let ran = desk.run(&["audit", "agent", "trader", "--proof", &proof, "--json"]);
        if ran.code == 0 && ran.data()["entries"].as_array().is_some_and(|entries| !entries.is_empty()) {
            break ran.data();
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    };
    assert_eq!(audited["entries"][0]["grant"], grant);
    let block = audited["block_hash"].as_str().expect("a hash");
    let offline = Home::new();
    let verified = offline.run(&["verify", &proof, "--block-hash", block, "--json"]).data();
    assert_eq!((&verified["proven"], &verified["pinned"]), (&json!(true), &json!(true)));
    offline.run(&["verify", &proof, "--block-hash", &"0".repeat(64)]).failed(1, "SDK-0008");
    let mut bytes = std::fs::read(&proof).expect("written");
    let middle = bytes.len() / 2;
    bytes[middle] = if bytes[middle] == b'0' { b'1' } else { b'0' };
    std::fs::write(&proof, bytes).expect("written");
    assert_ne!(offline.run(&["verify", &proof]).code, 0);
    let why = desk.run(&["audit", "why", "trader", "0", "--json"]).data();
    assert_eq!(why["grants"][0]["grant"], grant);
}

/// The same limits hold for a model that has the agent's tools.
fn tools(desk: &Desk, code: &str) {
    let arguments =
        ["mcp", "serve", "--as", "trader", "--from", "alice", "--password-file", desk.password.as_str()];
    let mut child = desk.home.command(&arguments).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    let mut ask = |message: Value| {
        writeln!(stdin, "{message}").expect("it listens");
        let mut line = String::new();
        if message.get("id").is_some() {
            stdout.read_line(&mut line).expect("it answers");
        }
        serde_json::from_str::<Value>(&line).unwrap_or_default()
    };
    let client = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    ask(json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client }));
    ask(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let mut call = |tool: &str, arguments: Value| {
        let params = json!({ "name": tool, "arguments": arguments });
        ask(json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params }))["result"].clone()
    };
    let mine = call("identity", json!({}));
    assert_eq!(mine["structuredContent"]["kind"], "agent", "{mine}");
    let paid = call("act", json!({ "what": "pay bob 1" }));
    assert_eq!(paid["isError"], false, "{paid}");
    let refused = call("act", json!({ "what": "pay bob 5" }));
    assert_eq!((&refused["isError"], &refused["structuredContent"]["code"]), (&json!(true), &json!(code)));
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}
