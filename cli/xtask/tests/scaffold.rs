//! Adding a module is its folder and a few lines: what `scaffold` writes is built and tested, together with a
//! registry that lists it.
//!
//! The workspace of the test has the very manifest, lock file and profile of this one, with other members; its
//! crates are those of this tree by path. It is kept beside this test's build, with a target folder of its own,
//! so that the next run builds the new module only. Nothing is downloaded.
#![allow(missing_docs, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "guest-book";
const LIST: &str = "MODULES: &[Line] = &[";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("cli/xtask").to_path_buf()
}

/// A folder beside what this test was built into.
fn place() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a file");
    own.ancestors().nth(3).expect("target/debug/deps").join("scaffold")
}

/// The manifest of this workspace, with the registry as its only member and every path made absolute.
fn manifest(root: &Path, registry: &Path) -> String {
    let text = fs::read_to_string(root.join("Cargo.toml")).expect("readable");
    let (before, rest) = text.split_once("members = [").expect("a list of members");
    let (_, after) = rest.split_once(']').expect("a list of members");
    let here = |path: &str| format!("path = \"{}/{path}", root.display());
    let after = after.replace("path = \"", &here(""));
    // The registry is the copy that lists the module.
    let after = after.replace(&here("sdk/registry\""), &format!("path = \"{}\"", registry.display()));
    format!("{before}members = [\"{}\"]{after}", registry.display())
}

/// A copy of the registry with the two lines that add the module, as `scaffold` printed them.
fn write_registry(root: &Path, registry: &Path, lines: &str) {
    let original = root.join("sdk/registry");
    fs::create_dir_all(registry.join("src")).expect("a folder");
    for entry in fs::read_dir(original.join("src")).expect("readable") {
        let entry = entry.expect("readable");
        fs::copy(entry.path(), registry.join("src").join(entry.file_name())).expect("copied");
    }
    let list = fs::read_to_string(original.join("src/list.rs")).expect("readable");
    assert!(list.contains(LIST), "the list of modules begins otherwise");
    let printed = |place: &str| {
        let line = lines.lines().find_map(|line| line.trim_start().strip_prefix(place));
        line.expect("scaffold prints a line for each place").trim()
    };
    let line = format!("{LIST}{}", printed("sdk/registry/src/list.rs, MODULES:"));
    fs::write(registry.join("src/list.rs"), list.replacen(LIST, &line, 1)).expect("written");
    let text = fs::read_to_string(original.join("Cargo.toml")).expect("readable");
    // Modules that are listed already stay where they are.
    let text = text.replace("path = \"../../", &format!("path = \"{}/", root.display()));
    let line = printed("sdk/registry/Cargo.toml, dependencies:");
    let text = text.replacen("[dependencies]\n", &format!("[dependencies]\n{line}\n"), 1);
    fs::write(registry.join("Cargo.toml"), text).expect("written");
}

fn succeed(mut command: Command) -> String {
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{command:?}\n{}\n{}", text[0], text[1]);
    text[0].clone()
}

#[test]
fn a_scaffolded_module_builds_passes_its_tests_and_is_listed() {
    let (root, place) = (root(), place());
    let tree = place.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree).expect("removable");
    }
    let (module, registry) = (tree.join(NAME), tree.join("registry"));
    let mut scaffold = Command::new(env!("CARGO_BIN_EXE_auto-xtask"));
    scaffold.arg("scaffold").arg(NAME).arg(&module);
    let lines = succeed(scaffold);
    write_registry(&root, &registry, &lines);
    fs::write(tree.join("Cargo.toml"), manifest(&root, &registry)).expect("written");
    fs::copy(root.join("Cargo.lock"), tree.join("Cargo.lock")).expect("copied");

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--offline", "--workspace", "--color=never"]).current_dir(&tree);
    cargo.env("CARGO_TARGET_DIR", place.join("target")).env_remove("RUSTFLAGS");
    let tests = succeed(cargo);
    for test in ["a_note_is_kept_under_its_author ... ok", "ids_and_names_belong_to_one_module_each ... ok"] {
        assert!(tests.contains(test), "{test}\n{tests}");
    }
}

#[test]
fn a_name_that_is_none_writes_nothing() {
    let folder = std::env::temp_dir().join(format!("auto-scaffold-none-{}", std::process::id()));
    let mut scaffold = Command::new(env!("CARGO_BIN_EXE_auto-xtask"));
    let output = scaffold.arg("scaffold").arg("No Name").arg(&folder).output().expect("it runs");
    assert_eq!((output.status.code(), folder.exists()), (Some(1), false));
}
