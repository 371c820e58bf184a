//! Walks the tree and applies the rules.

use crate::manifest::{Manifest, members};
use crate::rules::{determinism, layers, text};
use crate::violation::Violation;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every violation under `root`, in the order of paths.
pub(crate) fn check(root: &Path) -> io::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    let mut manifests = Vec::new();
    let mut folders = members(&fs::read_to_string(root.join("Cargo.toml"))?);
    let mut known: BTreeSet<String> = folders.iter().cloned().collect();
    while let Some(folder) = folders.pop() {
        let path = format!("{folder}/Cargo.toml");
        let manifest = Manifest::parse(&path, &fs::read_to_string(root.join(&path))?);
        folders.extend(manifest.folders.iter().filter(|folder| known.insert((*folder).clone())).cloned());
        manifests.push(manifest);
    }
    violations.extend(layers::check(&manifests));
    let mut files = Vec::new();
    sources(root, &mut files)?;
    files.sort();
    let mut deterministic = Vec::new();
    let mut tests_only = Vec::new();
    for file in &files {
        let path = relative(root, file);
        let content = fs::read_to_string(file)?;
        violations.extend(text::size(&path, &content));
        violations.extend(text::ascii(&path, &content));
        if path.ends_with("src/lib.rs") {
            violations.extend(text::docs(&path, &content));
        }
        if determinism::CRATES.iter().any(|folder| path.starts_with(&format!("{folder}/src/"))) {
            let (found, modules) = determinism::check(&path, &content);
            deterministic.extend(found);
            tests_only.extend(modules.iter().map(|module| module_path(&path, module)));
        }
    }
    let is_test = |path: &str| {
        tests_only
            .iter()
            .any(|module| path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with(['.', '/'])))
    };
    violations.extend(deterministic.into_iter().filter(|violation| !is_test(&violation.path)));
    violations.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok(violations)
}

/// The path, without its ending, of the module that the file at `path` declares.
fn module_path(path: &str, module: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file.strip_suffix(".rs").unwrap_or(file) {
        "lib" | "main" | "mod" => format!("{folder}/{module}"),
        stem => format!("{folder}/{stem}/{module}"),
    }
}

/// Rust files, but not those that a build made.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                sources(&path, files)?;
            }
        } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_beside_roots_and_below_other_files() {
        assert_eq!(module_path("chain/core/src/lib.rs", "tests"), "chain/core/src/tests");
        assert_eq!(module_path("chain/core/src/pot.rs", "tests"), "chain/core/src/pot/tests");
    }

    #[test]
    fn a_small_tree_is_checked_as_a_whole() {
        let root = std::env::temp_dir().join(format!("auto-xtask-{}", std::process::id()));
        let source = root.join("chain/core/src");
        fs::create_dir_all(source.join("pot")).expect("a folder");
        fs::create_dir_all(root.join("target")).expect("a folder");
        let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
        write("Cargo.toml", "[workspace]\nmembers = [\"chain/core\"]\n");
        write(
            "chain/core/Cargo.toml",
            "[package]\nname = \"auto-core\"\n[dependencies]\nx = { path = \"../x\" }\n",
        );
        fs::create_dir_all(root.join("chain/x")).expect("a folder");
        write("chain/x/Cargo.toml", "[package]\nname = \"auto-x\"\n");
        write("chain/core/src/lib.rs", "//! The ground.\nmod pot;\n");
        write("chain/core/src/pot.rs", "use std::time::Instant;\n#[cfg(test)]\nmod tests;\n");
        write("chain/core/src/pot/tests.rs", "use std::collections::HashMap;\n");
        write("target/made.rs", "// \u{e9}\n");
        let found = check(&root).expect("readable");
        fs::remove_dir_all(&root).expect("removable");
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            "chain/core/src/pot.rs:1: error[determinism]: `Instant`: consensus has no clock"
        );
        assert!(
            found[1].starts_with("chain/x/Cargo.toml:1: error[layers]: `auto-x` has no layer"),
            "{}",
            found[1]
        );
    }
}
