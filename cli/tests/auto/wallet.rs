//! Accounts in the keystore.

use crate::binary::{Home, exists};

#[test]
fn an_account_is_made_listed_exported_imported_and_removed() {
    let home = Home::new();
    let made = home.run_with(&["wallet", "new", "savings", "--json"], "a long password\n").data();
    let address = made["address"].as_str().expect("text").to_owned();
    let listed = home.run(&["wallet", "list", "--json"]).data();
    let listed = listed.as_array().expect("a list");
    assert!(
        listed.iter().any(|account| account["address"] == address.as_str() && account["dev_only"] == false)
    );
    assert!(listed.iter().any(|account| account["name"] == "alice" && account["dev_only"] == true));
    assert_eq!(home.run(&["wallet", "show", "savings", "--offline"]).stdout.trim(), address);

    let secret = home.run_with(&["wallet", "export", "savings", "--secret", "--json"], "a long password\n");
    assert!(secret.stderr.contains("warning: "), "{}", secret.stderr);
    let secret = secret.data()["secret"].as_str().expect("text").to_owned();
    let file = home.path("copy.json");
    assert_eq!(home.run(&["wallet", "export", "savings", "--out", &file]).code, 0);
    assert!(!std::fs::read_to_string(&file).expect("readable").contains(&secret));
    home.run(&["wallet", "export", "savings", "--out", &file]).failed(1, "CLI-0034");

    home.run(&["wallet", "remove", "savings"]).failed(1, "CLI-0004");
    assert_eq!(home.run(&["wallet", "remove", "savings", "--yes"]).code, 0);
    home.run(&["wallet", "remove", "savings", "--yes"]).failed(5, "KEY-0001");

    let imported = home.run(&["wallet", "import", "again", &file, "--json"]).data();
    assert_eq!(imported["address"], address.as_str());
    let digits = home.path("secret.hex");
    std::fs::write(&digits, &secret).expect("written");
    let imported =
        home.run_with(&["wallet", "import", "third", "--secret-file", &digits, "--json"], "another\n");
    assert_eq!(imported.data()["address"], address.as_str());
    std::fs::write(&digits, "not a secret").expect("written");
    home.run_with(&["wallet", "import", "fourth", "--secret-file", &digits], "pw\n").failed(1, "KEY-0011");
    assert!(!exists(&home.path("home/wallets/fourth.json")));
}

#[test]
fn a_wrong_password_and_a_malformed_file_are_different_errors() {
    let home = Home::new();
    assert_eq!(home.run_with(&["wallet", "new", "savings"], "right\n").code, 0);
    home.run_with(&["wallet", "export", "savings", "--secret"], "wrong\n").failed(1, "KEY-0003");
    home.run_with(&["wallet", "export", "savings", "--secret"], "").failed(1, "CLI-0008");
    home.run_with(&["wallet", "new", "empty"], "\n").failed(1, "KEY-0010");
    home.run_with(&["wallet", "new", "savings"], "right\n").failed(1, "KEY-0002");
    home.run_with(&["wallet", "new", "alice"], "right\n").failed(1, "KEY-0002");
    home.run_with(&["wallet", "new", "../escape"], "right\n").failed(1, "KEY-0009");
    let path = home.path("home/wallets/savings.json");
    let whole = std::fs::read_to_string(&path).expect("readable");
    std::fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    home.run_with(&["wallet", "export", "savings", "--secret"], "right\n").failed(1, "KEY-0004");
    std::fs::write(&path, whole.replace("65536", "4000000000")).expect("written");
    home.run_with(&["wallet", "export", "savings", "--secret"], "right\n").failed(1, "KEY-0006");
}

#[cfg(unix)]
#[test]
fn a_keystore_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let password = home.path("pw.txt");
    std::fs::write(&password, "right\nmore").expect("written");
    std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).expect("changed");
    assert_eq!(home.run(&["wallet", "new", "savings", "--password-file", &password]).code, 0);
    assert_eq!(home.run_with(&["wallet", "export", "savings", "--secret"], "right\n").code, 0);
    let path = home.path("home/wallets/savings.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
    home.run_with(&["wallet", "export", "savings", "--secret"], "right\n").failed(1, "KEY-0007");
    let doctor = home.run(&["doctor", "--json"]);
    let envelope = doctor.json();
    let check = envelope["data"]["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|check| check["id"] == "keystore")
        .expect("checked");
    assert_eq!((doctor.code != 0, check["level"].as_str()), (true, Some("error")));
}
