//! Arrows only point to a lower layer.

use crate::manifest::Manifest;
use crate::violation::Violation;

/// The layer of every crate, from the ground up.
const LAYERS: &[(&str, u8)] = &[
    ("auto-core", 0),
    ("auto-kzg", 1),
    ("auto-proof-of-space", 1),
    ("auto-proof-of-time", 1),
    ("auto-state", 1),
    ("auto-module", 2),
    ("auto-archiver", 2),
    ("auto-store", 2),
    ("auto-network", 2),
    ("auto-dsn", 3),
    ("auto-ledger", 3),
    ("auto-consensus", 3),
    ("autoid-core", 1),
    ("autoid", 3),
    ("autoscore", 3),
    ("auto-agents", 3),
    ("auto-data-market", 3),
    ("auto-training-domain", 3),
    ("auto-domains", 4),
    ("auto-farmer", 4),
    ("auto-registry", 4),
    ("auto-sdk", 5),
    ("auto-operator", 5),
    ("auto-node", 6),
    ("auto-api", 7),
    ("auto-cli", 8),
    ("auto-xtask", 8),
    (TESTKIT, 9),
];

/// Tests may use it, and it may use everything.
const TESTKIT: &str = "auto-testkit";

/// What a module shows to other modules.
const INTERFACE: (&str, u8) = ("-interface", 1);

fn layer(package: &str) -> Option<u8> {
    if package.ends_with(INTERFACE.0) {
        return Some(INTERFACE.1);
    }
    LAYERS.iter().find(|(name, _)| *name == package).map(|(_, layer)| *layer)
}

/// Every crate has a layer, and depends on lower ones only.
pub(crate) fn check(manifests: &[Manifest]) -> Vec<Violation> {
    let is_own = |name: &str| manifests.iter().any(|manifest| manifest.package == name);
    let mut violations = Vec::new();
    for manifest in manifests {
        let Some(own) = layer(&manifest.package) else {
            let what = format!("`{}` has no layer; give it one in rules/layers.rs", manifest.package);
            violations.push(Violation::error(&manifest.path, 1, "layers", what));
            continue;
        };
        for (name, line) in manifest.dependencies.iter().filter(|(name, _)| is_own(name)) {
            if let Some(other) = layer(name).filter(|other| *other >= own) {
                let what =
                    format!("`{}` (layer {own}) depends on `{name}` (layer {other})", manifest.package);
                violations.push(Violation::error(&manifest.path, *line, "layers", what));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(package: &str, dependencies: &[&str]) -> Manifest {
        let dependencies = (5..).zip(dependencies).map(|(line, name)| ((*name).to_owned(), line)).collect();
        Manifest { path: format!("{package}/Cargo.toml"), package: package.to_owned(), dependencies }
    }

    #[test]
    fn arrows_down_are_fine_and_arrows_up_or_sideways_are_not() {
        let tree = [
            manifest("auto-core", &["blake3"]),
            manifest("auto-kzg", &["auto-core", "blst"]),
            manifest("auto-state", &["auto-core", "auto-kzg"]),
            manifest("auto-store", &["auto-node"]),
            manifest("auto-node", &["auto-store", "auto-testkit"]),
            manifest("auto-testkit", &["auto-node"]),
            manifest("auto-agents-interface", &["auto-core"]),
        ];
        let found = check(&tree);
        let places: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.line)).collect();
        assert_eq!(
            places,
            [("auto-state/Cargo.toml", 6), ("auto-store/Cargo.toml", 5), ("auto-node/Cargo.toml", 6)]
        );
    }

    #[test]
    fn a_crate_without_a_layer_is_named() {
        let found = check(&[manifest("auto-news", &[])]);
        assert!(found.len() == 1 && found[0].what.contains("auto-news"));
    }

    #[test]
    fn no_crate_has_two_layers() {
        for (position, (name, _)) in LAYERS.iter().enumerate() {
            assert!(!LAYERS[position + 1..].iter().any(|(other, _)| other == name), "{name}");
        }
    }
}
