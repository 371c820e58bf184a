//! Help, errors and exit codes.

use crate::binary::Home;

#[test]
fn help_and_version_are_results() {
    let home = Home::new();
    let help = home.run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    for command in [
        "dev",
        "node",
        "farm",
        "timekeeper",
        "wallet",
        "transfer",
        "object",
        "id",
        "operator",
        "status",
        "doctor",
        "explain",
        "verify",
        "demo",
        "bench",
        "completions",
    ] {
        assert!(
            help.stdout.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}"
        );
        let own = home.run(&[command, "--help"]);
        assert_eq!(own.code, 0, "{command}: {}", own.stderr);
        assert!(own.stdout.contains("Examples:\n  auto "), "{command} has no examples");
        assert!(own.stdout.contains("--json"), "{command}");
    }
    for (noun, verbs) in [
        ("wallet", ["new", "list", "show", "import", "export", "remove"].as_slice()),
        ("object", &["put", "get", "info"]),
        ("id", &["did", "vc", "x509"]),
        ("farm", &["status", "scrub", "bench"]),
        (
            "operator",
            &[
                "register",
                "nominate",
                "withdraw",
                "unlock",
                "deregister",
                "deactivate",
                "reactivate",
                "status",
            ],
        ),
    ] {
        for verb in verbs {
            let own = home.run(&[noun, verb, "--help"]);
            assert_eq!(own.code, 0, "{noun} {verb}");
            assert!(
                own.stdout.contains(&format!("Examples:\n  auto {noun} {verb}")),
                "{noun} {verb} has no examples"
            );
        }
    }
    let version = home.run(&["--version"]);
    assert_eq!(
        (version.code, version.stdout.as_str()),
        (0, concat!("auto ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}

#[test]
fn a_wrong_command_line_exits_with_two_and_prints_no_result() {
    let home = Home::new();
    for arguments in [
        ["transfer", "bob", "five", "--from", "alice"].as_slice(),
        &["transfer", "bob", "-1", "--from", "alice"],
        &["transfer", "bob", "1.0000000000000000001", "--from", "alice"],
        &["transfer", "bob", "340282366920938463464", "--from", "alice"],
        &["transfer", "bob", "1"],
        &["dev", "--farm-size", "0"],
        &["dev", "--farm-size", "99999999TiB"],
        &["dev", "--farm-size", "12 parsecs"],
        &["dev", "--port", "70000"],
        &["node", "--farm", "path=/tmp/x,size=0"],
        &["node", "--farm", "size=1GiB"],
        &["farm"],
        &["object", "info", "nonsense"],
        &["operator"],
        &["operator", "nominate", "zero", "1", "--from", "alice"],
        &["operator", "nominate", "0", "--from", "alice"],
        &["operator", "withdraw", "0", "--from", "alice"],
        &["operator", "withdraw", "0", "5", "--all", "--from", "alice"],
        &["operator", "register", "--domain", "ai", "--stake", "5", "--tax", "101", "--from", "alice"],
        &["operator", "status", "0", "--account", "alice"],
        &["frobnicate"],
        &["--frobnicate", "status"],
    ] {
        let ran = home.run(arguments);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        ran.failed(2, "CLI-0001");
    }
    let ran = home.run(&["dev", "--farm-size", "0", "--json"]);
    assert_eq!(ran.json()["errors"][0]["code"], "CLI-0001");
    assert_eq!(ran.json()["success"], false);
    assert_eq!(home.run(&[]).code, 2);
}

#[test]
fn what_does_not_exist_is_named() {
    let home = Home::new();
    let missing = home.path("missing");
    home.run(&["verify", &missing]).failed(5, "CLI-0002");
    home.run(&["object", "put", &missing, "--from", "alice"]).failed(5, "CLI-0002");
    home.run(&["farm", "scrub", "--path", &missing]).failed(5, "CLI-0002");
    home.run(&["demo", "--file", &missing, "--data", &home.path("demo")]).failed(5, "CLI-0002");
    home.run(&["node", "--genesis", &missing]).failed(5, "CLI-0002");
    home.run(&["explain", "XYZ-0001"]).failed(5, "CLI-0006");
    home.run(&["bench", "nothing"]).failed(1, "CLI-0013");
    home.run(&["wallet", "show", "nobody"]).failed(5, "CLI-0007");
    home.run(&["wallet", "export", "nobody", "--secret"]).failed(5, "KEY-0001");
    assert!(home.run(&["verify", &missing]).stderr.contains(&missing));
}

#[test]
fn a_node_that_does_not_answer_is_a_network_error() {
    let home = Home::new();
    for arguments in [
        ["status"].as_slice(),
        &["farm", "status"],
        &["transfer", "bob", "1", "--from", "alice"],
        &["wallet", "show", "alice"],
        &["operator", "status"],
        &["operator", "nominate", "0", "1", "--from", "alice"],
        &["object", "info", "0000000000000000000000000000000000000000000000000000000000000000"],
    ] {
        let ran = home.run(arguments);
        assert_eq!(ran.stdout, "");
        ran.failed(3, "SDK-0001");
    }
    let ran = home.run(&["status", "--json"]);
    assert_eq!((ran.code, ran.json()["errors"][0]["code"].as_str()), (3, Some("SDK-0001")));
    home.run(&["status", "--node", "nonsense"]).failed(1, "SDK-0010");
}

#[test]
fn every_code_is_explained() {
    let home = Home::new();
    let all = home.run(&["explain", "--all", "--json"]).data();
    let codes: Vec<&str> =
        all.as_array().expect("a list").iter().map(|entry| entry["code"].as_str().expect("text")).collect();
    for prefix in [
        "KZG", "POS", "POT", "STA", "ARC", "STO", "LED", "CON", "FRM", "NOD", "KEY", "SDK", "API", "CLI",
        "MOD", "MSG", "BNK", "DOM", "REG", "STK", "BUN", "RCP", "FRP", "OPR",
    ] {
        assert!(codes.iter().any(|code| code.starts_with(prefix)), "{prefix}");
    }
    let one = home.run(&["explain", "key-0003"]);
    assert_eq!(one.code, 0);
    assert!(one.stdout.starts_with("KEY-0003: ") && one.stdout.contains("\nHint: "), "{}", one.stdout);
}

#[test]
fn proofs_that_are_none_are_refused() {
    let home = Home::new();
    let file = home.path("proof.json");
    std::fs::write(&file, "").expect("written");
    home.run(&["verify", &file]).failed(5, "CLI-0035");
    for text in ["{}", "[1]", r#"{"format": 1, "address": "x", "header": "", "proof": ""}"#] {
        std::fs::write(&file, text).expect("written");
        home.run(&["verify", &file]).failed(1, "SDK-0008");
    }
}

#[test]
fn the_demo_deletes_nothing_that_it_did_not_make() {
    let home = Home::new();
    let folder = home.path("precious");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(format!("{folder}/chain"), "mine").expect("written");
    home.run(&["demo", "--data", &folder, "--file", "/proc/self/exe"]).failed(1, "CLI-0010");
    assert_eq!(std::fs::read_to_string(format!("{folder}/chain")).expect("still there"), "mine");
}

#[test]
fn the_doctor_reports_checks_as_data() {
    let home = Home::new();
    let ran = home.run(&["doctor", "--json", "--port", "0"]);
    let envelope = ran.json();
    let checks = envelope["data"]["checks"].as_array().expect("a list").clone();
    for id in [
        "cpu_aes",
        "cpu_cores",
        "disk_free",
        "disk_sync",
        "clock",
        "open_files",
        "port",
        "keystore",
        "data_folder",
    ] {
        let check = checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no check {id}"));
        assert!(check["finding"].is_string());
        assert_eq!(check["level"] == "ok", check["fix"].is_null(), "{check}");
    }
    assert_eq!(envelope["success"] == true, ran.code == 0);
}

#[test]
fn completions_name_every_command() {
    let script = Home::new().run(&["completions", "bash"]);
    assert_eq!(script.code, 0);
    assert!(script.stdout.contains("transfer") && script.stdout.contains("completions"));
}
