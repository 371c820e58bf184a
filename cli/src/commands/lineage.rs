//! `auto lineage`: what was made from what.

use super::sign::named;
use crate::context::Context;
use crate::error::CliError;
use auto_core::Hash;
use auto_sdk::{Lineage, Made};
use autoid_core::AutoId;
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most characters of a name or hash in a line.
const SHORT: usize = 16;

/// Show what a content was made from, and what was made from it.
///
/// It is what manifests say that were stored on the chain, of each content the first one, as the node's index finds
/// them; `auto verify` says of each whether it is true.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto lineage photo.jpg
  auto lineage summary.md.manifest --json
  auto lineage 5f3a...")]
pub(crate) struct LineageOf {
    /// The content: a file, the file of its manifest, or its BLAKE3 hash.
    content: String,
}

/// The contents of a lineage by their hashes, with those that are made from each.
struct Tree<'a> {
    contents: BTreeMap<[u8; 32], &'a Made>,
    children: BTreeMap<[u8; 32], Vec<[u8; 32]>>,
}

impl<'a> Tree<'a> {
    fn of(lineage: &'a Lineage) -> Self {
        let all = lineage.ancestors.iter().chain([&lineage.of]).chain(&lineage.descendants);
        let contents: BTreeMap<_, _> = all.map(|made| (made.content, made)).collect();
        let mut children: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for made in &lineage.descendants {
            made.parents.iter().for_each(|parent| children.entry(*parent).or_default().push(made.content));
        }
        Self { contents, children }
    }

    /// One content in a line.
    fn line(&self, content: &[u8; 32]) -> String {
        let hash: String = Hash(*content).to_string().chars().take(SHORT).collect();
        let Some(stored) = self.contents.get(content).and_then(|made| made.manifest.as_ref()) else {
            return format!("{hash}  nobody signed it");
        };
        let manifest = stored.sealed.manifest();
        let short = |id: &AutoId| id.to_string().chars().take(SHORT).collect::<String>();
        let agent = manifest
            .acting
            .map_or_else(String::new, |acting| format!(", made by agent {}", short(&acting.agent)));
        let licence = manifest.licence.as_ref().map_or("all rights reserved".to_owned(), ToString::to_string);
        let (kind, author) = (&manifest.media_type, short(&manifest.author));
        format!("{hash}  {kind}, {licence}, by {author}{agent}, block {}", stored.block)
    }

    fn parents(&self, content: &[u8; 32]) -> &[[u8; 32]] {
        self.contents.get(content).map_or(&[], |made| &made.parents)
    }

    fn children(&self, content: &[u8; 32]) -> &[[u8; 32]] {
        self.children.get(content).map_or(&[], Vec::as_slice)
    }

    /// The lines from a content on, in the direction of `next`; what was shown before is not followed again.
    fn branch(&self, of: &[u8; 32], next: Next, depth: usize, branch: &mut Branch) {
        let again = !branch.shown.insert(*of) && !next(self, of).is_empty();
        let note = if again { ", as above" } else { "" };
        branch.lines.push(format!("{}{}{note}", "  ".repeat(depth), self.line(of)));
        if !again {
            next(self, of).iter().for_each(|one| self.branch(one, next, depth.saturating_add(1), branch));
        }
    }

    /// A heading and the lines below it; nothing when there is nothing.
    fn part(&self, heading: &str, of: &[u8; 32], next: Next) -> Vec<String> {
        let mut branch = Branch::default();
        next(self, of).iter().for_each(|one| self.branch(one, next, 1, &mut branch));
        if branch.lines.is_empty() {
            return vec![format!("{heading} nothing that is known")];
        }
        branch.lines.insert(0, heading.to_owned());
        branch.lines
    }
}

/// A direction to follow.
type Next = for<'a, 'b> fn(&'a Tree<'b>, &[u8; 32]) -> &'a [[u8; 32]];

/// Lines so far, and the contents that are in them.
#[derive(Default)]
struct Branch {
    lines: Vec<String>,
    shown: BTreeSet<[u8; 32]>,
}

fn data(made: &Made) -> Value {
    let manifest = made.manifest.as_ref().map(|stored| {
        let manifest = stored.sealed.manifest();
        let did = |id: &AutoId| id.did(&manifest.network).to_string();
        json!({
            "id": stored.sealed.id().to_string(), "block": stored.block, "author": did(&manifest.author),
            "agent": manifest.acting.map(|acting| did(&acting.agent)),
            "media_type": manifest.media_type.to_string(), "size_bytes": manifest.size,
            "licence": manifest.licence.as_ref().map(ToString::to_string),
        })
    });
    let parents: Vec<Hash> = made.parents.iter().map(|hash| Hash(*hash)).collect();
    json!({ "content": Hash(made.content), "parents": parents, "manifest": manifest })
}

pub(crate) async fn run(context: &Context, args: &LineageOf) -> Result<(), CliError> {
    let content = named(&args.content)?;
    let lineage = context.client()?.lineage(&content).await?;
    let list = |all: &[Made]| all.iter().map(data).collect::<Vec<_>>();
    let all = json!({
        "content": data(&lineage.of), "ancestors": list(&lineage.ancestors),
        "descendants": list(&lineage.descendants), "verified": false,
    });
    let tree = Tree::of(&lineage);
    let mut lines = vec![tree.line(&content)];
    lines.extend(tree.part("made from", &content, |tree, of| tree.parents(of)));
    lines.extend(tree.part("made into", &content, |tree, of| tree.children(of)));
    context.ui.note("Manifests say so; `auto verify` says of each whether it is true.");
    context.ui.result(&all, &lines.join("\n"));
    Ok(())
}
