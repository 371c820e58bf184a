//! As much of a Cargo manifest as the layers need.

/// A crate's name and what it depends on outside of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Path of the manifest from the root of the tree.
    pub(crate) path: String,
    pub(crate) package: String,
    /// Names of dependencies, each with its line.
    pub(crate) dependencies: Vec<(String, usize)>,
    /// Folders of the dependencies that are named by path, from the root of the tree: Cargo makes them members.
    pub(crate) folders: Vec<String>,
}

impl Manifest {
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let (mut package, mut dependencies, mut folders) = (String::new(), Vec::new(), Vec::new());
        let mut section = "";
        for (line, content) in (1..).zip(text.lines().map(str::trim)) {
            if let Some(header) = content.strip_prefix('[') {
                section = header.split(']').next().unwrap_or_default();
                if let Some((table, name)) = section.rsplit_once('.')
                    && is_dependencies(table)
                {
                    dependencies.push((unquoted(name).to_owned(), line));
                }
            } else if let Some((key, value)) = content.split_once('=') {
                let key = key.trim();
                if section == "package" && key == "name" {
                    package = unquoted(value).to_owned();
                } else if is_dependencies(section) && !key.starts_with('#') {
                    let name = key.split('.').next().unwrap_or(key);
                    dependencies.push((field(value, "package").unwrap_or(unquoted(name)).to_owned(), line));
                    folders.extend(field(value, "path").and_then(|relative| beside(path, relative)));
                }
            }
        }
        Self { path: path.to_owned(), package, dependencies, folders }
    }
}

/// The folders of a workspace's members.
pub(crate) fn members(text: &str) -> Vec<String> {
    let after = text.split_once("members").and_then(|(_, rest)| rest.split_once('['));
    let list = after.and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    let uncommented = list.lines().map(|line| line.split('#').next().unwrap_or_default());
    uncommented
        .flat_map(|line| line.split(','))
        .map(unquoted)
        .filter(|member| !member.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a table lists what a crate needs outside of its tests.
fn is_dependencies(table: &str) -> bool {
    let last = table.rsplit('.').next().unwrap_or(table);
    matches!(last, "dependencies" | "build-dependencies") && !table.starts_with("workspace")
}

/// The `name = "..."` of an inline table.
fn field<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let table = value.trim().strip_prefix('{')?;
    let entries = table.split(',').filter_map(|entry| entry.split_once('='));
    let mut named = entries.filter(|(key, _)| key.trim() == name);
    named.next().and_then(|(_, text)| text.split('"').nth(1))
}

/// The folder at a path that the manifest at `manifest` names; `None` outside of the tree.
fn beside(manifest: &str, path: &str) -> Option<String> {
    let (folder, _) = manifest.rsplit_once('/')?;
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!path.starts_with('/')).then(|| parts.join("/"))
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_every_form_are_found_and_those_of_tests_are_not() {
        let text = "[package]\nname = \"auto-x\"\n[dependencies]\nauto-core.workspace = true\n# auto-no = 1\nother = { package = \"auto-kzg\", path = \"../kzg\" }\n[dependencies.auto-state]\nworkspace = true\n[target.'cfg(unix)'.dependencies]\nauto-store = \"1\"\n[dev-dependencies]\nauto-testkit = \"1\"\n[features]\nauto-f = []\n";
        let manifest = Manifest::parse("x/Cargo.toml", text);
        assert_eq!(manifest.package, "auto-x");
        let names: Vec<_> = manifest.dependencies.iter().map(|(name, line)| (name.as_str(), *line)).collect();
        assert_eq!(names, [("auto-core", 4), ("auto-kzg", 6), ("auto-state", 7), ("auto-store", 10)]);
        assert_eq!(manifest.folders, ["kzg"]);
    }

    #[test]
    fn paths_lead_from_the_manifest_to_a_folder_of_the_tree() {
        let manifest = "sdk/registry/Cargo.toml";
        assert_eq!(beside(manifest, "../../guest-book").as_deref(), Some("guest-book"));
        assert_eq!(beside(manifest, "./../x").as_deref(), Some("sdk/x"));
        assert_eq!((beside(manifest, "../../../x"), beside(manifest, "/tmp/x")), (None, None));
    }

    #[test]
    fn members_are_listed_without_comments() {
        let text = "[workspace]\nmembers = [\n  \"a\", \"b/c\",\n  # \"d\",\n]\n";
        assert_eq!(members(text), ["a", "b/c"]);
        assert!(members("[package]\n").is_empty());
    }
}
