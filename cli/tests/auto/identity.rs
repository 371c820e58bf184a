//! The ways in to identities from the command line: services, issuers, guardians, certificates, versions.

use crate::binary::{DevProcess, Home, Ran};
use serde_json::{Value, json};

/// Commands of one home, whose keys all have one password.
struct Desk {
    home: Home,
    password: String,
}

impl Desk {
    fn run(&self, arguments: &[&str]) -> Ran {
        self.home.run(&[arguments, &["--password-file", &self.password]].concat())
    }

    /// Something that is sent and must take effect, paid by alice.
    fn sent(&self, arguments: &[&str]) -> Value {
        let more = ["--from", "alice", "--timeout", "300", "--yes", "--json"];
        let ran = self.run(&[arguments, &more].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        ran.data()
    }

    fn shown(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).data()
    }

    fn path(&self, name: &str) -> String {
        self.home.path(name)
    }
}

#[test]
fn identities_are_endorsed_guarded_certified_and_resolved() {
    let home = Home::new();
    let network = DevProcess::start(&home, &["--ephemeral", "--farm-size", "32MiB"]);
    let home = Home::at(network.url());
    let password = home.path("password");
    std::fs::write(&password, "correct horse\n").expect("written");
    let desk = Desk { home, password };
    for name in ["alice", "bob", "carol"] {
        desk.sent(&["id", "create", name, "--kind", "human"]);
    }
    desk.sent(&[
        "id",
        "create",
        "acme",
        "--kind",
        "org",
        "--under",
        "alice",
        "--hosts-under",
        "acme.example",
    ]);
    services_and_versions(&desk);
    issuers(&desk);
    guardians(&desk);
    certificates(&desk);
}

fn services_and_versions(desk: &Desk) {
    desk.sent(&["id", "services", "add", "acme", "web", "LinkedDomains", "https://acme.example"]);
    let url = "https://acme.example/a2a";
    desk.sent(&["id", "services", "add", "acme", "chat", "A2A", url]);
    let listed = desk.shown(&["id", "services", "list", "acme"]);
    assert_eq!(listed[0], json!({ "name": "chat", "type": "A2A", "endpoint": url }));
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    desk.run(&["id", "services", "add", "acme", "chat", "A2A", "no url", "--from", "alice"])
        .failed(2, "CLI-0001");
    desk.run(&["id", "services", "remove", "acme", "none", "--from", "alice"]).failed(5, "CLI-0015");

    let did = desk.shown(&["id", "show", "acme"])["did"].as_str().expect("a DID").to_owned();
    let newest = desk.shown(&["id", "did", "resolve", &did, "--version-id", "2"]);
    assert_eq!(newest["didDocumentMetadata"]["versionId"], "2");
    assert_eq!(newest["didDocument"]["service"].as_array().map(Vec::len), Some(2));
    // How long an older one is kept depends on the blocks that went by meanwhile.
    let first = desk.run(&["id", "did", "resolve", &did, "--version-id", "1", "--json"]);
    if first.code == 0 {
        assert_eq!(first.data()["didDocument"]["service"].as_array().map(Vec::len), Some(1));
    } else {
        first.failed(5, "SDK-0032");
    }
    desk.run(&["id", "did", "resolve", &did, "--version-id", "9"]).failed(5, "SDK-0005");
    desk.run(&["id", "did", "resolve", &did, "--version-time", "yesterday"]).failed(2, "CLI-0001");
    desk.run(&["id", "did", "resolve", "did:key:z6Mk", "--version-id", "1"]).failed(2, "CLI-0001");

    let proof = desk.path("document.json");
    while desk.run(&["id", "did", "resolve", &did, "--proof", &proof, "--json"]).code != 0 {
        // No operator has vouched for a block in which it is known yet.
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    let offline = Home::new();
    let proven = offline.run(&["verify", &proof, "--json"]).data();
    assert_eq!((&proven["proven"], &proven["did"]), (&json!(true), &json!(did)));
    offline.run(&["verify", &proof, "--block-hash", &"0".repeat(64)]).failed(1, "SDK-0008");
}

fn issuers(desk: &Desk) {
    let issuers = ["--issuers", "bob,carol", "--threshold", "2"];
    desk.sent(&[["id", "create", "diploma", "--kind", "agent"].as_slice(), &issuers].concat());
    assert_eq!(desk.shown(&["id", "show", "diploma"])["status"], "pending");
    desk.run(&["id", "endorse", "diploma", "--as", "acme", "--from", "alice"]).failed(4, "AID-0056");
    assert_eq!(desk.sent(&["id", "endorse", "diploma", "--as", "bob"])["status"], "pending");
    assert_eq!(desk.sent(&["id", "endorse", "diploma", "--as", "carol"])["status"], "active");
    // Its issuers stop it together, each where its key is.
    let file = desk.path("suspend.json");
    desk.shown(&["id", "suspend", "diploma", "--as", "bob", "--to-file", &file]);
    desk.run(&["id", "submit", &file, "--from", "alice", "--yes"]).failed(4, "AID-0054");
    desk.run(&["id", "sign", &file, "--as", "carol"]).failed(1, "CLI-0004");
    desk.run(&["id", "sign", &file, "--as", "acme", "--yes"]).failed(4, "AID-0013");
    let signed = desk.shown(&["id", "sign", &file, "--as", "carol", "--yes"]);
    assert_eq!(signed["says"][0], "stops diploma, with everything under it");
    assert_eq!(signed["signed_by"].as_array().map(Vec::len), Some(2));
    desk.sent(&["id", "submit", &file]);
    assert_eq!(desk.shown(&["id", "show", "diploma"])["status"], "suspended");
    desk.run(&["id", "submit", &file, "--from", "alice", "--yes"]).failed(4, "AID-0045");
}

fn guardians(desk: &Desk) {
    desk.sent(&["id", "guardians", "set", "alice", "bob", "carol", "--threshold", "2"]);
    let file = desk.path("guardians.json");
    desk.shown(&["id", "guardians", "export", "alice", &file]);
    desk.run(&["id", "guardians", "export", "alice", &file]).failed(1, "CLI-0034");
    let operation = desk.path("recover.json");
    let start = ["id", "recover", "start", "alice", "--keep", "alice2", "--guardians", &file];
    desk.shown(&[start.as_slice(), &["--to-file", &operation]].concat());
    desk.shown(&["id", "sign", &operation, "--as", "bob,carol", "--yes"]);
    desk.sent(&["id", "submit", &operation]);
    assert_eq!(desk.shown(&["id", "recover", "status", "alice"])["recovering"], true);
    desk.sent(&["id", "recover", "veto", "alice"]);
    desk.run(&["id", "recover", "finish", "alice2", "--from", "alice"]).failed(4, "AID-0052");
}

/// A root of its own, an organisation as CA below it, a server as leaf below that.
fn certificates(desk: &Desk) {
    desk.sent(&["id", "create", "api", "--kind", "service", "--under", "acme", "--leaf"]);
    let [root, ca, leaf] = ["alice.pem", "acme.pem", "api.pem"].map(|name| desk.path(name));
    desk.run(&["id", "cert", "issue", "acme", "--out", &ca]).failed(1, "CLI-0032");
    desk.shown(&["id", "cert", "issue", "alice", "--out", &root]);
    desk.shown(&["id", "cert", "issue", "acme", "--as", "alice", "--out", &ca]);
    desk.run(&["id", "cert", "attach", "acme", &ca, "--from", "alice"]).failed(4, "AID-0504");
    desk.sent(&["id", "cert", "attach", "alice", &root]);
    desk.sent(&["id", "cert", "attach", "acme", &ca]);

    let [challenge, request] = ["challenge.json", "api.csr"].map(|name| desk.path(name));
    desk.shown(&["id", "cert", "challenge", "api", "--as", "acme", "--out", &challenge]);
    desk.shown(&["id", "cert", "request", "api", "--challenge", &challenge, "--out", &request]);
    let issue = ["id", "cert", "issue", "api", "--as", "acme", "--request", &request, "--out"];
    let foreign = [issue.as_slice(), &[leaf.as_str(), "--host", "api.other.example"]].concat();
    desk.run(&foreign).failed(4, "AID-0606");
    desk.shown(&[issue.as_slice(), &[leaf.as_str(), "--host", "api.acme.example"]].concat());
    // A request is good once.
    let again = desk.path("again.pem");
    desk.run(&[issue.as_slice(), &[again.as_str()]].concat()).failed(4, "AID-0603");
    desk.sent(&["id", "cert", "attach", "api", &leaf]);
    let shown = desk.shown(&["id", "cert", "show", "api"]);
    assert_eq!((&shown["holds"], &shown["is_ca"]), (&json!(true), &json!(false)), "{shown}");
    assert!(shown["names"].as_array().expect("names").contains(&json!("api.acme.example")), "{shown}");

    let folder = desk.path("tls");
    let written = desk.shown(&["id", "cert", "export", "api", "--dir", &folder]);
    let count = |field: &str| {
        let text = std::fs::read_to_string(written[field].as_str().expect("a path")).expect("written");
        text.matches("-----BEGIN ").count()
    };
    assert_eq!((count("chain"), count("root"), count("key")), (2, 1, 1));
    desk.run(&["id", "cert", "export", "api", "--dir", &folder]).failed(1, "CLI-0034");
    let document = desk.shown(&["id", "did", "resolve", shown_did(desk).as_str()]);
    assert!(document.to_string().contains("x5c"), "{document}");
}

fn shown_did(desk: &Desk) -> String {
    desk.shown(&["id", "show", "api"])["did"].as_str().expect("a DID").to_owned()
}

#[test]
fn every_way_in_has_examples() {
    let home = Home::new();
    for verb in [
        "create",
        "endorse",
        "suspend",
        "resume",
        "revoke",
        "rotate",
        "bump-epoch",
        "services",
        "services add",
        "services set",
        "services remove",
        "services list",
        "guardians",
        "guardians set",
        "guardians show",
        "guardians export",
        "guardians remove",
        "recover",
        "recover start",
        "recover finish",
        "recover veto",
        "recover status",
        "sign",
        "submit",
        "cert",
        "cert challenge",
        "cert request",
        "cert issue",
        "cert attach",
        "cert show",
        "cert export",
        "did resolve",
    ] {
        let words: Vec<&str> = ["id"].into_iter().chain(verb.split(' ')).chain(["--help"]).collect();
        let own = home.run(&words);
        assert_eq!(own.code, 0, "{verb}: {}", own.stderr);
        assert!(own.stdout.contains("Examples:\n  auto id"), "{verb} has no examples");
    }
}

#[test]
fn what_is_incomplete_or_unreachable_is_told_before_anything_is_done() {
    let home = Home::new();
    for arguments in [
        ["id", "create", "x", "--kind", "agent", "--threshold", "1"].as_slice(),
        &["id", "create", "x", "--kind", "org", "--leaf", "--hosts-under", "a.example"],
        &["id", "guardians", "set", "alice", "bob"],
        &["id", "guardians", "set", "alice", "bob", "--threshold", "0"],
        &["id", "recover", "start", "alice", "--keep", "alice2"],
        &["id", "services", "set", "acme", "--service", "one", "two"],
        &["id", "sign", "file"],
        &["id", "cert", "issue", "acme"],
        &["id", "did", "resolve", "did:auto:x", "--version-id", "1", "--version-time", "2"],
    ] {
        home.run(arguments).failed(2, "CLI-0001");
    }
    let missing = home.path("missing");
    home.run(&["id", "sign", &missing, "--as", "alice"]).failed(5, "CLI-0002");
    home.run(&["id", "submit", &missing, "--from", "alice"]).failed(5, "CLI-0002");
    std::fs::write(&missing, "{}").expect("written");
    home.run(&["id", "sign", &missing, "--as", "alice"]).failed(1, "SDK-0030");
    home.run(&["id", "rotate", "alice"]).failed(5, "KEY-0016");
    home.run(&["id", "cert", "attach", "alice", &missing]).failed(2, "CLI-0001");
}
