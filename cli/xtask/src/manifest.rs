//! As much of a Cargo manifest as the layers need.

/// A crate's name and what it depends on outside of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Path of the manifest from the root of the tree.
    pub(crate) path: String,
    pub(crate) package: String,
    /// Names of dependencies, each with its line.
    pub(crate) dependencies: Vec<(String, usize)>,
}

impl Manifest {
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let (mut package, mut dependencies) = (String::new(), Vec::new());
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
                    dependencies.push((renamed(value).unwrap_or(unquoted(name)).to_owned(), line));
                }
            }
        }
        Self { path: path.to_owned(), package, dependencies }
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

/// The `package = "..."` of an inline table.
fn renamed(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("package")?;
    rest.trim_start().strip_prefix('=')?.split('"').nth(1)
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
    }

    #[test]
    fn members_are_listed_without_comments() {
        let text = "[workspace]\nmembers = [\n  \"a\", \"b/c\",\n  # \"d\",\n]\n";
        assert_eq!(members(text), ["a", "b/c"]);
        assert!(members("[package]\n").is_empty());
    }
}
