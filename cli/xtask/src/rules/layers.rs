//! Arrows only point to a lower layer.

use crate::manifest::Manifest;
use crate::violation::Violation;
use std::fmt;

/// The layer of every crate, from the ground up; modules are not listed.
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
    ("autoid-certificates", 2),
    ("autoid-credentials", 2),
    ("autoid-provenance", 2),
    ("auto-domains", 4),
    ("auto-farmer", 4),
    ("auto-registry", 4),
    ("auto-sdk", 5),
    ("auto-operator", 5),
    ("auto-node", 6),
    ("auto-index", 6),
    ("auto-api", 7),
    ("auto-cli", 8),
    ("auto-xtask", 8),
    (TESTKIT, 9),
];

/// Tests may use it, and it may use everything.
const TESTKIT: &str = "auto-testkit";

/// What a module shows to other modules: above the seam, below every module.
const INTERFACE: (&str, Layer) = ("-interface", Layer { halves: 5 });

/// The seam that a module implements: what is not listed and depends on it is one.
const SEAM: &str = "auto-module";
const MODULE: Layer = Layer { halves: 6 };

/// A layer, counted in halves so that something fits between two whole ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Layer {
    halves: u8,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.halves / 2, if self.halves.is_multiple_of(2) { "" } else { ".5" })
    }
}

fn layer(manifest: &Manifest) -> Option<Layer> {
    if manifest.package.ends_with(INTERFACE.0) {
        return Some(INTERFACE.1);
    }
    let listed = LAYERS.iter().find(|(name, _)| *name == manifest.package);
    let is_module = manifest.dependencies.iter().any(|(name, _)| name == SEAM);
    listed.map(|(_, whole)| Layer { halves: whole * 2 }).or(is_module.then_some(MODULE))
}

/// Every crate has a layer, and depends on lower ones only.
pub(crate) fn check(manifests: &[Manifest]) -> Vec<Violation> {
    let own = |name: &str| manifests.iter().find(|manifest| manifest.package == name);
    let mut violations = Vec::new();
    for manifest in manifests {
        let Some(layer_here) = layer(manifest) else {
            let what = format!("`{}` has no layer; give it one in rules/layers.rs", manifest.package);
            violations.push(Violation::error(&manifest.path, 1, "layers", what));
            continue;
        };
        for (name, line) in &manifest.dependencies {
            if let Some(other) = own(name).and_then(layer).filter(|other| *other >= layer_here) {
                let what = format!(
                    "`{}` (layer {layer_here}) depends on `{name}` (layer {other})",
                    manifest.package
                );
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
        let (path, folders) = (format!("{package}/Cargo.toml"), Vec::new());
        Manifest { path, package: package.to_owned(), dependencies, folders }
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
            manifest("auto-agents-interface", &["auto-core", "auto-module", "autoid-core"]),
            manifest("auto-agents", &["auto-agents-interface", "auto-module"]),
            manifest("auto-news", &["auto-agents", "auto-module"]),
            manifest("auto-registry", &["auto-agents", "auto-module"]),
            manifest("auto-module", &["auto-agents-interface"]),
        ];
        let found = check(&tree);
        let places: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.line)).collect();
        assert_eq!(
            places,
            [
                ("auto-state/Cargo.toml", 6),
                ("auto-store/Cargo.toml", 5),
                ("auto-node/Cargo.toml", 6),
                ("auto-news/Cargo.toml", 5),
                ("auto-module/Cargo.toml", 5),
            ]
        );
        assert_eq!(found[4].what, "`auto-module` (layer 2) depends on `auto-agents-interface` (layer 2.5)");
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
