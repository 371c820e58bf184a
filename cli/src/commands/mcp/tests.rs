//! The protocol, line by line.

use super::server::Server;
use super::tools::TEXT_BYTES_MAX;
use super::*;
use crate::args::Global;
use crate::ui::Ui;
use auto_core::KeyPair;
use auto_sdk::identity::FreshKeys;
use autoid_core::{AutoId, Genesis};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};

/// A client that writes and reads lines.
struct Lines {
    read: BufReader<ReadHalf<DuplexStream>>,
    write: WriteHalf<DuplexStream>,
}

impl Lines {
    async fn send(&mut self, message: &Value) {
        self.write.write_all(format!("{message}\n").as_bytes()).await.expect("the server listens");
    }

    /// The answer to a request.
    async fn ask(&mut self, message: &Value) -> Value {
        self.send(message).await;
        let mut line = String::new();
        self.read.read_line(&mut line).await.expect("the server answers");
        serde_json::from_str(&line).expect("JSON")
    }

    async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let params = json!({ "name": tool, "arguments": arguments });
        self.ask(&json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params })).await
    }
}

/// A server whose node does not answer, and a client that is past the greeting.
async fn server() -> (Lines, tempfile::TempDir) {
    let home = tempfile::tempdir().expect("a folder");
    let global = Global {
        json: true,
        quiet: true,
        no_progress: true,
        node: "http://127.0.0.1:1".to_owned(),
        home: Some(home.path().to_owned()),
        password_file: None,
    };
    let context = Context::new(&global, Ui::new(true, true, true));
    let keys = FreshKeys::generate().expect("random");
    let key = keys.key(AutoId([7; 32]), Genesis([5; 32]));
    let place = Place { domain: "identity".to_owned() };
    let server = Server::new(context, place, key, KeyPair::from_secret(&[3; 32]));
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (read, write) = tokio::io::split(theirs);
    tokio::spawn(serve(server, AsyncRwTransport::<RoleServer, _, _>::new(read, write)));
    let (read, write) = tokio::io::split(ours);
    let mut lines = Lines { read: BufReader::new(read), write };
    let params = json!({
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    });
    let greeting =
        lines.ask(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })).await;
    assert_eq!(greeting["result"]["serverInfo"]["name"], "auto");
    lines.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
    (lines, home)
}

fn code(answer: &Value) -> &str {
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["structuredContent"]["code"].as_str().expect("a code")
}

#[tokio::test]
async fn five_tools_are_listed_with_strict_schemas() {
    let (mut lines, _home) = server().await;
    let answer = lines.ask(&json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" })).await;
    let tools = answer["result"]["tools"].as_array().expect("tools");
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["identity", "can", "act", "delegate", "audit"]);
    assert!(tools.iter().all(|tool| tool["inputSchema"]["additionalProperties"] == false));
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"].is_boolean()));
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_a_code() {
    let (mut lines, _home) = server().await;
    assert_eq!(code(&lines.call("secret", json!({})).await), "MCP-0001");
    assert_eq!(code(&lines.call("act", json!({})).await), "MCP-0002");
    assert_eq!(code(&lines.call("act", json!({ "what": 5 })).await), "MCP-0002");
    assert_eq!(code(&lines.call("act", json!({ "what": "pay bob 2", "as": "alice" })).await), "MCP-0002");
    assert_eq!(code(&lines.call("audit", json!({ "since": -1 })).await), "MCP-0002");
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(code(&lines.call("can", json!({ "what": long })).await), "MCP-0003");
    assert_eq!(code(&lines.call("delegate", json!({ "to": "bob", "can": long })).await), "MCP-0003");
}

#[tokio::test]
async fn without_a_node_a_tool_says_so_and_the_server_goes_on() {
    let (mut lines, _home) = server().await;
    for _ in 0..2 {
        assert_eq!(code(&lines.call("can", json!({ "what": "pay bob 2" })).await), "SDK-0001");
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_is_dropped_and_the_next_is_answered() {
    let (mut lines, _home) = server().await;
    let long = "x".repeat(MESSAGE_BYTES_MAX * 2);
    lines.send(&json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/list", "params": { "_meta": { "x": long } } })).await;
    let answer = lines.ask(&json!({ "jsonrpc": "2.0", "id": 10, "method": "tools/list" })).await;
    assert_eq!(answer["id"], 10);
}
