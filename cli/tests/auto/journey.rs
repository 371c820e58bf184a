//! A network in the background, and everything a person does with it.

use crate::binary::{DevProcess, Home};
use serde_json::json;

/// Base units of one AI3.
const AI3: u128 = 1_000_000_000_000_000_000;

#[test]
fn money_and_a_file_cross_a_development_network() {
    let home = Home::new();
    let network = DevProcess::start(&home, &["--ephemeral", "--farm-size", "32MiB"]);
    assert_eq!(network.ready["ready"], true);
    assert_eq!(network.ready["accounts"][0]["name"], "alice");
    let home = Home::at(network.url());

    let status = home.run(&["status", "--json"]).data();
    assert_eq!((status["is_dev"].as_bool(), &status["genesis"]), (Some(true), &network.ready["genesis"]));

    let dry = home.run(&["transfer", "bob", "5", "--from", "alice", "--dry-run", "--json"]).data();
    assert_eq!(dry["dry_run"], true);
    home.run(&["transfer", "bob", "2000000", "--from", "alice"]).failed(4, "LED-0014");

    let sent = home.run(&["transfer", "bob", "5", "--from", "alice", "--json", "--timeout", "300"]).data();
    assert_eq!(
        (sent["stage"].as_str(), sent["amount"].as_str()),
        (Some("IN_BLOCK"), Some("5000000000000000000"))
    );
    let proof = home.path("bob.json");
    let bob = home.run(&["wallet", "show", "bob", "--proof", &proof, "--json"]).data();
    assert_eq!(bob["balance"], "1000005000000000000000000");
    let verified = home.run(&["verify", &proof, "--json"]).data();
    assert_eq!((&verified["balance"], &verified["block_hash"]), (&bob["balance"], &bob["block_hash"]));
    let other = network.ready["genesis"].as_str().expect("text");
    home.run(&["verify", &proof, "--block-hash", other]).failed(1, "SDK-0008");
    let text = std::fs::read_to_string(&proof).expect("readable");
    std::fs::write(&proof, text.replacen("\"proof\": \"0", "\"proof\": \"1", 1)).expect("written");
    assert_ne!(home.run(&["verify", &proof]).code, 0);

    let file = home.path("notes.txt");
    let content: Vec<u8> = (0..300_000u32).map(|at| at.to_le_bytes()[at as usize % 3]).collect();
    std::fs::write(&file, &content).expect("written");
    let put = home.run(&["object", "put", &file, "--from", "carol", "--json", "--timeout", "300"]).data();
    let hash = put["hash"].as_str().expect("text").to_owned();
    assert_eq!((put["chunks"].as_u64(), put["reused_objects"].as_u64()), (Some(2), Some(0)));
    let back = home.path("back.txt");
    assert_eq!(home.run(&["object", "get", &hash, "-o", &back]).code, 0);
    assert!(std::fs::read(&back).expect("readable") == content);
    let again = home.run(&["object", "put", &file, "--from", "dave", "--json"]).data();
    assert_eq!((again["reused_objects"].as_u64(), &again["hash"]), (Some(3), &put["hash"]));
    let info = home.run(&["object", "info", &hash, "--json"]).data();
    assert_eq!(info["hash"], hash.as_str());

    operators(&home);

    let unknown = "00".repeat(32);
    home.run(&["object", "get", &unknown, "-o", &back]).failed(5, "SDK-0005");
    home.run(&["object", "info", &unknown]).failed(5, "SDK-0005");
    let farms = home.run(&["farm", "status", "--json"]).data();
    assert_eq!(farms.as_array().map(Vec::len), Some(1));
    assert!(home.run(&["farm", "status"]).stdout.contains("blocks won"));
    assert_eq!(network.interrupt(), Some(0));
}

/// What operators and nominators do, on the network of the journey.
fn operators(home: &Home) {
    let status = home.run(&["status", "--json"]).data();
    assert_eq!(
        (&status["domains"][0]["name"], &status["domains"][1]["name"]),
        (&json!("identity"), &json!("ai"))
    );
    assert!(home.run(&["status"]).stdout.contains("domain 2"));
    let listed = home.run(&["operator", "status", "--domain", "ai", "--json"]).data();
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    let amount = |whole: u64| format!("{whole}000000000000000000");

    let dry = ["operator", "nominate", "0", "50", "--from", "grace", "--dry-run", "--json"];
    assert_eq!(home.run(&dry).data()["dry_run"], true);
    let nominated = home
        .run(&["operator", "nominate", "0", "50", "--from", "grace", "--json", "--timeout", "300"])
        .data();
    assert_eq!((&nominated["stage"], &nominated["amount"]), (&json!("IN_BLOCK"), &json!(amount(50))));
    // An epoch may end meanwhile: what joined is stake then.
    let held = home.run(&["operator", "status", "--account", "grace", "--json"]).data();
    let units =
        |name: &str| held[0][name].as_str().and_then(|text| text.parse::<u128>().ok()).expect("units");
    let staked = units("joining") + units("stake");
    assert!((39 * AI3..=40 * AI3).contains(&staked), "{held}");
    assert_eq!(held[0]["is_owner"], false);
    let text = home.run(&["operator", "status", "--account", "grace"]).stdout;
    assert!(text.starts_with("Nominator of operator 0 of domain identity (1): "), "{text}");

    let registered = home.run(&[
        "operator",
        "register",
        "--domain",
        "identity",
        "--stake",
        "500",
        "--tax",
        "7",
        "--from",
        "grace",
        "--json",
        "--timeout",
        "300",
    ]);
    let registered = registered.data();
    let number = registered["operator"].as_u64().expect("it has a number").to_string();
    let own = home.run(&["operator", "status", &number, "--json"]).data();
    assert_eq!((&own["tax_percent"], &own["staked"]), (&json!(7), &json!(amount(400))));
    assert_eq!(own["key"], registered["key"]);
    home.run(&["operator", "deactivate", &number, "--from", "bob", "--timeout", "300"]).failed(4, "STK-0003");
    let rest = ["operator", "deactivate", &number, "--from", "grace", "--json", "--timeout", "300"];
    assert_eq!(home.run(&rest).data()["stage"], "IN_BLOCK");
    assert_eq!(home.run(&["operator", "status", &number, "--json"]).data()["status"], "DEACTIVATED");
    home.run(&["operator", "deregister", &number, "--from", "grace"]).failed(1, "CLI-0004");

    home.run(&["operator", "status", "999"]).failed(5, "SDK-0005");
    home.run(&["operator", "status", "--domain", "nowhere"]).failed(5, "CLI-0015");
    home.run(&["operator", "withdraw", "1", "5", "--from", "grace"]).failed(5, "CLI-0015");
}
