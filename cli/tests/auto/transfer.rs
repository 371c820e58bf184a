//! Money on domains and between chains, as people send it.

use crate::binary::{DevProcess, Home};
use serde_json::json;

/// The text with what differs from run to run replaced: hashes, addresses, heights and fees.
fn settled(text: &str) -> String {
    let word = |word: &str| {
        let inner = word.trim_matches(|letter| "(),".contains(letter));
        let digits = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
        if inner.len() == 64 && inner.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            word.replace(inner, "HASH")
        } else if inner.len() > 40 {
            word.replace(inner, "ADDRESS")
        } else if inner.starts_with("0.000") {
            word.replace(inner, "FEE")
        } else if digits && inner.len() < 5 {
            word.replace(inner, "N")
        } else {
            word.to_owned()
        }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn money_moves_on_a_domain_and_between_chains() {
    let home = Home::new();
    let network = DevProcess::start(&home, &["--ephemeral", "--farm-size", "32MiB"]);
    let home = Home::at(network.url());
    let patience = ["--timeout", "300"];
    let transfer = |arguments: &[&str]| home.run(&[&["transfer"], arguments, &patience].concat());

    // On a domain.
    let sent = transfer(&["bob", "5", "--from", "alice", "--domain", "identity"]);
    assert_eq!(sent.code, 0, "{}", sent.stderr);
    assert_eq!(settled(sent.stdout.trim()), "sent N AI3 in block N of identity\ntransaction HASH");
    assert_eq!(sent.stderr, "accepted by the node\nin a block\nexecuted on the domain\n");
    let dry = transfer(&["bob", "5", "--from", "alice", "--domain", "1", "--dry-run"]);
    assert_eq!(
        settled(dry.stdout.trim()),
        "would send N AI3 from alice (ADDRESS) to bob (ADDRESS) on identity, fee FEE AI3"
    );
    let dry = transfer(&["bob", "5", "--from", "alice", "--domain", "1", "--dry-run", "--json"]).data();
    assert_eq!(
        (&dry["dry_run"], &dry["domain"], &dry["to_chain"]),
        (&json!(true), &json!(1), &json!("identity"))
    );

    // From the consensus chain to a domain, until it is there.
    let crossed =
        transfer(&["bob", "7", "--from", "alice", "--to-domain", "ai", "--wait", "arrived", "--json"]).data();
    assert_eq!((&crossed["stage"], &crossed["delivery"]), (&json!("IN_BLOCK"), &json!("DONE")));
    let message = json!({ "source": 0, "destination": 2, "channel": 0, "nonce": 0 });
    assert_eq!((&crossed["message"], &crossed["chain"]), (&message, &json!("consensus")));

    // From a domain to another one, and to the consensus chain.
    let out = transfer(&["bob", "2", "--from", "bob", "--domain", "ai", "--to-domain", "identity"]);
    assert_eq!(
        settled(out.stdout.trim()),
        "sent N AI3 in block N of ai\n\
         on its way to identity, where it arrives once block N of ai is confirmed\n\
         transaction HASH"
    );
    let back =
        transfer(&["bob", "1", "--from", "bob", "--domain", "ai", "--to-domain", "consensus", "--json"]);
    let back = back.data();
    assert_eq!((&back["outcome"], &back["delivery"]), (&json!("APPLIED"), &json!("UNDERWAY")));

    let bob = home.run(&["wallet", "show", "bob", "--json"]).data();
    let there = |at: usize| (bob["domains"][at]["domain_name"].clone(), bob["domains"][at]["nonce"].clone());
    assert_eq!((there(0), there(1)), ((json!("identity"), json!(0)), (json!("ai"), json!(2))));
    assert_eq!(bob["domains"][0]["balance"], "10005000000000000000000");
    assert!(
        home.run(&["wallet", "show", "bob"]).stdout.contains("on identity        10005 AI3 after block ")
    );

    refusals(&home);
}

/// What cannot be sent, and what to do about it.
fn refusals(home: &Home) {
    let short = home.run(&["transfer", "bob", "50000", "--from", "carol", "--domain", "ai"]);
    short.failed(4, "CLI-0021");
    let lines: Vec<&str> = short.stderr.lines().collect();
    assert!(
        lines[0].starts_with("error[CLI-0021]: carol has 10000 AI3 on ai, and this takes 50000.000"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "hint: move money there: auto transfer carol 40002 --from carol --to-domain ai");
    let nowhere = home.run(&["transfer", "bob", "5", "--from", "alice", "--domain", "nowhere", "--json"]);
    assert_eq!(nowhere.json()["errors"][0]["code"], "CLI-0020");
    nowhere.failed(5, "CLI-0020");
    assert!(nowhere.stderr.contains("there are consensus, identity (1), ai (2)"), "{}", nowhere.stderr);
    home.run(&["transfer", "bob", "5", "--from", "alice", "--to-domain", "7"]).failed(5, "CLI-0020");
    // Without money the account cannot exist.
    let least = "0.000000000000000001";
    let fresh = home.run_with(&["wallet", "new", "fresh", "--json"], "a password\n").data();
    let fresh = fresh["address"].as_str().expect("text");
    let dust = home.run(&["transfer", fresh, least, "--from", "carol", "--domain", "ai"]);
    assert_eq!(dust.code, 4, "{}", dust.stderr);
    assert!(dust.stderr.starts_with("error[BNK-"), "{}", dust.stderr);
    home.run(&["transfer", "bob", "5", "--from", "alice", "--wait", "nonsense"]).failed(2, "CLI-0001");
}
