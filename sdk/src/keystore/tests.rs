use super::*;
use auto_core::ErrorCode;

const PASSWORD: &[u8] = b"correct horse battery staple";

fn keystore() -> (tempfile::TempDir, Keystore) {
    let folder = tempfile::tempdir().expect("a folder");
    let keystore = Keystore::new(folder.path().join("wallets"));
    keystore.add("savings", &Secret::new([7; 32]), PASSWORD, KdfCost::MIN).expect("added");
    (folder, keystore)
}

fn write(keystore: &Keystore, text: &[u8]) {
    std::fs::write(keystore.path("savings").expect("a name"), text).expect("written");
}

fn text(keystore: &Keystore) -> String {
    std::fs::read_to_string(keystore.path("savings").expect("a name")).expect("readable")
}

fn code(keystore: &Keystore) -> &'static str {
    keystore.unlock("savings", PASSWORD).expect_err("refused").code()
}

#[test]
fn an_account_is_found_again() {
    let (_folder, keystore) = keystore();
    assert_eq!(keystore.names().expect("readable"), ["savings"]);
    assert_eq!(*keystore.secret("savings", PASSWORD).expect("opened"), [7; 32]);
    keystore.remove("savings").expect("removed");
    assert_eq!(code(&keystore), "KEY-0001");
    assert_eq!(keystore.remove("savings").expect_err("gone").code(), "KEY-0001");
}

#[test]
fn a_wrong_password_is_told_from_a_malformed_file() {
    let (_folder, keystore) = keystore();
    let error = keystore.unlock("savings", b"wrong").expect_err("refused");
    assert_eq!(error.code(), "KEY-0003");
    write(&keystore, b"{}");
    assert_eq!(code(&keystore), "KEY-0004");
}

#[test]
fn no_truncated_file_is_taken() {
    let (_folder, keystore) = keystore();
    let whole = text(&keystore);
    for end in 0..whole.trim_end().len() {
        write(&keystore, &whole.as_bytes()[..end]);
        assert_eq!(code(&keystore), "KEY-0004", "{end} bytes");
    }
    write(&keystore, format!("{whole}x").as_bytes());
    assert_eq!(code(&keystore), "KEY-0004");
    write(&keystore, &vec![b' '; 1 << 20]);
    assert_eq!(code(&keystore), "KEY-0004");
    write(&keystore, &[0xff; 100]);
    assert_eq!(code(&keystore), "KEY-0004");
}

#[test]
fn absurd_costs_are_refused_before_any_work() {
    let (_folder, keystore) = keystore();
    let whole = text(&keystore);
    for (from, to) in [
        ("\"memory_kib\": 8192", "\"memory_kib\": 4294967295"),
        ("\"memory_kib\": 8192", "\"memory_kib\": 8"),
        ("\"passes\": 1", "\"passes\": 4000000000"),
        ("\"passes\": 1", "\"passes\": 0"),
        ("\"lanes\": 1", "\"lanes\": 100000"),
    ] {
        assert!(whole.contains(from));
        write(&keystore, whole.replace(from, to).as_bytes());
        assert_eq!(code(&keystore), "KEY-0006", "{to}");
    }
    write(&keystore, whole.replace("\"memory_kib\": 8192", "\"memory_kib\": -1").as_bytes());
    assert_eq!(code(&keystore), "KEY-0004");
    write(&keystore, whole.replace("\"memory_kib\": 8192", "\"memory_kib\": 99999999999").as_bytes());
    assert_eq!(code(&keystore), "KEY-0004");
}

#[test]
fn every_changed_field_is_noticed() {
    let (_folder, keystore) = keystore();
    let whole = text(&keystore);
    for (from, to, expected) in [
        ("\"version\": 1", "\"version\": 2", "KEY-0005"),
        ("argon2id", "argon2d", "KEY-0004"),
        ("xchacha20poly1305", "rot13", "KEY-0004"),
        ("\"memory_kib\": 8192", "\"memory_kib\": 8200", "KEY-0003"),
        ("\"cipher\"", "\"cypher\"", "KEY-0004"),
        ("\"version\": 1,", "\"version\": 1, \"more\": 1,", "KEY-0004"),
    ] {
        assert!(whole.contains(from), "{from}");
        write(&keystore, whole.replace(from, to).as_bytes());
        assert_eq!(code(&keystore), expected, "{to}");
    }
    let other = KeyFile::seal(&Secret::new([8; 32]), PASSWORD, KdfCost::MIN).expect("sealed");
    let own = KeyFile::parse(&whole).expect("well formed");
    write(&keystore, whole.replace(&own.address.to_string(), &other.address.to_string()).as_bytes());
    assert_eq!(code(&keystore), "KEY-0003");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, keystore) = keystore();
    let path = keystore.path("savings").expect("a name");
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    for mode in [0o644, 0o640, 0o604, 0o660] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("changed");
        assert_eq!(code(&keystore), "KEY-0007", "{mode:o}");
    }
}

#[test]
fn no_key_is_overwritten_and_no_name_leaves_the_folder() {
    let (_folder, keystore) = keystore();
    let secret = Secret::new([8; 32]);
    let again = keystore.add("savings", &secret, PASSWORD, KdfCost::MIN);
    assert_eq!(again.expect_err("taken").code(), "KEY-0002");
    let file = KeyFile::seal(&secret, PASSWORD, KdfCost::MIN).expect("sealed");
    assert_eq!(keystore.insert("savings", &file).expect_err("taken").code(), "KEY-0002");
    for name in ["", "../x", "a/b", "A", ".hidden", "-x", &"x".repeat(33), "a b", "nul\0"] {
        let refused = keystore.add(name, &secret, PASSWORD, KdfCost::MIN).expect_err("refused");
        assert_eq!(refused.code(), "KEY-0009", "{name}");
    }
    assert_eq!(keystore.add("empty", &secret, b"", KdfCost::MIN).expect_err("refused").code(), "KEY-0010");
    assert_eq!(keystore.names().expect("readable"), ["savings"]);
}

#[test]
fn messages_and_debug_hold_no_secret() {
    let (_folder, keystore) = keystore();
    let secret = hex::encode([7; 32]);
    let pair = keystore.unlock("savings", PASSWORD).expect("opened");
    let file = keystore.read("savings").expect("readable");
    assert!(!format!("{pair:?}{file:?}{}", file.to_text()).contains(&secret));
}

const OPERATOR_SECRET: [u8; 32] = [9; 32];

fn operator_path(keystore: &Keystore) -> PathBuf {
    keystore.operator_path("savings").expect("a name")
}

#[test]
fn an_operator_key_is_found_again_beside_the_account_of_its_name() {
    let (_folder, keystore) = keystore();
    let key = keystore.add_operator("savings", &Secret::new(OPERATOR_SECRET), PASSWORD, KdfCost::MIN);
    let key = key.expect("added");
    assert_eq!(key, OperatorPair::from_secret(&OPERATOR_SECRET).key());
    assert_eq!(keystore.read_operator("savings").expect("readable").key, key);
    assert_eq!(keystore.unlock_operator("savings", PASSWORD).expect("opened").key(), key);
    assert_eq!(keystore.names().expect("readable"), ["savings"]);
    assert_eq!(keystore.operator_names().expect("readable"), ["savings"]);
    let again = keystore.add_operator("savings", &Secret::new([1; 32]), PASSWORD, KdfCost::MIN);
    assert_eq!(again.expect_err("taken").code(), "KEY-0015");
    let wrong = keystore.unlock_operator("savings", b"wrong").expect_err("refused");
    assert_eq!(wrong.code(), "KEY-0003");
    assert_eq!(keystore.read_operator("other").expect_err("none").code(), "KEY-0014");
}

#[test]
fn no_kind_of_file_passes_for_the_other() {
    let (_folder, keystore) = keystore();
    keystore.add_operator("savings", &Secret::new([7; 32]), PASSWORD, KdfCost::MIN).expect("added");
    let account = text(&keystore);
    let operator = std::fs::read_to_string(operator_path(&keystore)).expect("readable");
    write(&keystore, operator.as_bytes());
    assert_eq!(code(&keystore), "KEY-0004");
    std::fs::write(operator_path(&keystore), &account).expect("written");
    assert_eq!(keystore.read_operator("savings").expect_err("refused").code(), "KEY-0004");
    // Even with the field renamed: the kind of the file is authenticated.
    let address = keystore_address(&account);
    let forged = account.replace("\"address\"", "\"operator_key\"").replace(&address, &"11".repeat(32));
    std::fs::write(operator_path(&keystore), forged).expect("written");
    let refused = keystore.unlock_operator("savings", PASSWORD).expect_err("refused");
    assert_eq!(refused.code(), "KEY-0003");
}

fn keystore_address(text: &str) -> String {
    KeyFile::parse(text).expect("well formed").address.to_string()
}
